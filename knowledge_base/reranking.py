"""A second look at the best passages by a cross-encoder, where the user names one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.embedding import may_download, quiet, without_hub
from knowledge_base.errors import ModelNotFound
from knowledge_base.models import model_languages, serves

__all__ = ["POOL", "Reranker", "open_reranker", "reranked", "serves_both"]

POOL = 32  # passages looked at again; each costs about as much as embedding it


class Reranker(Protocol):
    """Says how well a passage answers a question, reading both together."""

    languages: frozenset[str]  # base tags; {"*"} for any

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One for each text, in their order; the higher, the better."""


@cache
def open_reranker(model: str, languages: tuple[str, ...] = ()) -> Reranker:
    """A sentence-transformers cross-encoder by name or folder, loaded when it is first asked.

    Raises:
        ModelNotFound: the folder is not there. A name that cannot be loaded raises it when
            it is first asked.
        LanguagesUnknown: nobody says which languages it serves; see `model_languages`.
    """
    folder = Path(model).expanduser()
    if model[:1] in "./~" and not folder.is_dir():
        raise ModelNotFound(f"no cross-encoder at {model}; name a folder that holds one")
    return _CrossEncoder(model, model_languages(model, languages, "rerank_languages"))


def reranked(order: Sequence[Any], scores: Sequence[float | None]) -> list[Any]:
    """`order` with those that have a score sorted by it among the places that they hold; the
    others stay where they are, as nothing is known of them. Equals keep their order."""
    places = [i for i, score in enumerate(scores) if score is not None]
    best = sorted(places, key=lambda i: -(scores[i] or 0.0))
    result = list(order)
    for place, source in zip(places, best, strict=True):
        result[place] = order[source]
    return result


class _CrossEncoder:
    def __init__(self, model: str, languages: frozenset[str]) -> None:
        self.languages = languages
        self._name = model
        self._model: Any = None
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        with self._lock, quiet():
            found = self._loaded().predict(
                [(question, text) for text in texts], show_progress_bar=False
            )
        return [float(score) for score in found]

    def _loaded(self) -> Any:
        if self._model is None:
            without_hub()
            from sentence_transformers import CrossEncoder

            place = str(Path(self._name).expanduser())
            try:
                self._model = CrossEncoder(
                    place, device="cpu", num_labels=1, local_files_only=not may_download()
                )
            except Exception as error:  # the libraries have no common base
                raise ModelNotFound(
                    f"the cross-encoder {self._name} cannot be loaded; name a folder that holds "
                    "it, or set HF_HUB_OFFLINE=0 once to download it"
                ) from error
        return self._model


def serves_both(reranker: Reranker, question_language: str, language: str) -> bool:
    """Whether it can judge a passage in `language` for a question."""
    return serves(reranker.languages, question_language) and serves(reranker.languages, language)
