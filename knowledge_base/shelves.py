"""Vectors of one embedding model lie on one shelf, a Chroma collection.

Searches go to the complete shelf of the highest generation; a new model fills a shelf of its
own beside it and takes over in one step, when that shelf is marked complete.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from knowledge_base.errors import IndexUnreadable

__all__ = ["PREFIX", "Shelf", "Shelves"]

PREFIX = "mailwright"
_FIRST_RELEASE = "passages"  # the collection of 0.1, which kept no words


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of one model."""

    model: str
    languages: tuple[str, ...]  # that the model serves; the model's folder may not say it
    generation: int  # 1 or more; the highest complete one is searched
    complete: bool
    version: str  # changes with every write
    collection: Any

    @property
    def name(self) -> str:
        return str(self.collection.name)


class Shelves:
    """The shelves that a client sees under a prefix, as they were when this was made.

    Args:
        own: whether all that the client sees is ours: then what the first release left is
            looked for. On a server a collection of that name is somebody else's.
    """

    def __init__(self, client: Any, prefix: str, own: bool = False) -> None:
        self._client, self._prefix = client, prefix
        found = client.list_collections()
        self._all = sorted(
            (shelf for item in found if (shelf := self._shelf(item))),
            key=lambda shelf: shelf.generation,
        )
        if own and not self._all and any(item.name == _FIRST_RELEASE for item in found):
            raise IndexUnreadable(
                "the index was made by an earlier release; run `mailwright kb check --rebuild`"
            )

    @property
    def active(self) -> Shelf | None:
        """The one that searches go to, None while there is none."""
        return next((shelf for shelf in reversed(self._all) if shelf.complete), None)

    def of_model(self, model: str) -> Shelf | None:
        """The newest shelf of a model, complete or being filled."""
        return next((shelf for shelf in reversed(self._all) if shelf.model == model), None)

    def create(self, model: str, languages: Collection[str], complete: bool) -> Shelf:
        """A new, empty shelf of the next generation."""
        generation = self._all[-1].generation + 1 if self._all else 1
        collection = self._client.create_collection(
            f"{self._prefix}-{generation}-{uuid.uuid4().hex[:6]}",
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
            metadata={
                "model": model,
                "languages": " ".join(sorted(languages)),
                "generation": generation,
                "complete": complete,
                "version": uuid.uuid4().hex,
            },
        )
        shelf = _shelf_of(collection)
        self._all.append(shelf)
        return shelf

    def stamp(self, shelf: Shelf) -> Shelf:
        """Say that the shelf is being written: whoever kept something of it looks again."""
        return self._mark(shelf, shelf.complete)

    def finish(self, shelf: Shelf) -> Shelf:
        """Searches go to this shelf from now on; the others are taken away."""
        done = self._mark(shelf, True)
        for other in self._all:
            if other.name != done.name:
                with suppress(Exception):  # it only takes room
                    self._client.delete_collection(other.name)
        self._all = [done]
        return done

    def batch_limit(self) -> int:
        """How many rows one write may have."""
        return min(int(self._client.get_max_batch_size()), 2000)

    def _mark(self, shelf: Shelf, complete: bool) -> Shelf:
        marked = replace(shelf, complete=complete, version=uuid.uuid4().hex)
        about = {**shelf.collection.metadata, "complete": complete, "version": marked.version}
        shelf.collection.modify(metadata=about)
        self._all = [marked if s.name == shelf.name else s for s in self._all]
        return marked

    def _shelf(self, collection: Any) -> Shelf | None:
        about = collection.metadata or {}
        if not str(collection.name).startswith(f"{self._prefix}-") or "model" not in about:
            return None
        return _shelf_of(collection)


def _shelf_of(collection: Any) -> Shelf:
    about = collection.metadata
    return Shelf(
        str(about["model"]),
        tuple(str(about["languages"]).split()),
        int(about["generation"]),
        bool(about["complete"]),
        str(about["version"]),
        collection,
    )
