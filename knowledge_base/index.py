"""The index of passages: put cases in, take them out, find passages by meaning and by words.

It holds nothing that the records do not: vectors in ChromaDB (`vectors.py`) and, made from
these, the words index (`wordindex.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from contracts.case import Case, Passage
from contracts.seams import NoProgress, Progress
from knowledge_base.chromaserver import ChromaServer, ServerVectors
from knowledge_base.embedding import reopen_embeddings
from knowledge_base.entries import Entry, IndexFilter, IndexHit
from knowledge_base.errors import (
    IndexBusy,
    IndexUnreadable,
    LanguagesUnknown,
    ModelNotFound,
    ShelfGone,
)
from knowledge_base.ingest import (
    case_ids_on,
    expected,
    groups,
    parts,
    rows_on,
    stamp_of,
    stamps_on,
    write_group,
)
from knowledge_base.passages import split_passages
from knowledge_base.rows import entry_of, hit_of, where_of
from knowledge_base.shelves import Shelf, Shelves
from knowledge_base.vectors import LOCK_WAIT_S, Vectors, open_embedded
from knowledge_base.wordindex import Snapshot, WordIndex

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["CaseIndex", "PutReport"]

_TRIES = 3  # of a search while new models take over


@dataclass(frozen=True, slots=True)
class PutReport:
    """How many cases a put added, changed and found as they were, and the passages written."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passages: int = 0


class CaseIndex:
    """Passages of cases by meaning and by words, in a folder that several processes may use.

    The index can always be rebuilt from the cases; it is no record. Close it, or use it
    in a `with`.

    Args:
        folder: of this machine; vectors lie in it too unless a server keeps them.
        embeddings: of the model that is wanted (`open_embeddings`).
        server: where the vectors are kept instead.
        open_model: opens the model of vectors that are still of another one, by its name and
            the languages that it serves.
    """

    def __init__(
        self,
        folder: Path,
        embeddings: Embeddings,
        wait_s: float = LOCK_WAIT_S,
        server: ChromaServer | None = None,
        open_model: Callable[[str, tuple[str, ...]], Embeddings] = reopen_embeddings,
    ) -> None:
        self._embeddings = embeddings
        self._open_model = open_model
        self._wait_s = wait_s
        self._vectors: Vectors = (
            open_embedded(folder) if server is None else ServerVectors(server, folder)
        )
        self._words = WordIndex(folder / "words")
        self._closed = False

    # --- writing ---------------------------------------------------------------------------

    def put(self, case: Case, passages: Sequence[Passage]) -> PutReport:
        """Put a case in or replace what was there of it; nothing is written where nothing
        changed.

        Raises:
            IndexBusy: another process is writing.
            IndexUnreadable: the index is damaged.
        """
        return self._put([(case, tuple(passages))], NoProgress())

    def put_many(self, cases: Iterable[Case], progress: Progress | None = None) -> PutReport:
        """Put many cases in, split into passages; progress counts passages embedded.

        What was written before an interruption stays, and is not embedded again by the next
        call. Where the index is of another model than the one wanted, the cases go to that
        index; `complete` fills one for the wanted model. Raises as `put` does.
        """
        entries = [(case, split_passages(case)) for case in cases]
        return self._put(entries, progress or NoProgress())

    def complete(self, cases: Iterable[Case], progress: Progress | None = None) -> PutReport:
        """Make the index one of the wanted model that holds just these cases.

        A new model's vectors are made beside the old ones, which are searched until all are
        there. An interrupted call is gone on with by the next.

        Raises:
            IndexBusy: another process is writing.
            IndexUnreadable: the index is damaged; see `rebuild`.
        """
        entries = [(case, split_passages(case)) for case in cases]
        with self._vectors.writing(self._wait_s) as shelves:
            shelf = shelves.of_model(_name(self._embeddings)) or shelves.create(
                _name(self._embeddings), _languages(self._embeddings), shelves.active is None
            )
            report = self._fill(shelves, shelf, entries, self._embeddings, progress)
            gone = case_ids_on(shelf) - {case.id for case, _ in entries}
            for part in parts(sorted(gone)):
                shelf.collection.delete(where={"case_id": {"$in": part}})
            shelf = shelves.finish(shelf)
            self._sync(shelf)
        return report

    def rebuild(self, cases: Iterable[Case], progress: Progress | None = None) -> PutReport:
        """Throw the index away and put the cases in anew, with the wanted model.

        Raises:
            IndexBusy: another process is writing.
        """
        try:
            with self._vectors.writing(self._wait_s):
                self._vectors.clear()
        except IndexUnreadable:  # it does not even open: that is what this is for
            self._vectors.clear()
        self._words.clear()
        return self.complete(cases, progress)

    def remove(self, case_id: str) -> int:
        """Take a case out; the number of passages that were there.

        Raises:
            IndexBusy: another process is writing.
        """
        with self._vectors.writing(self._wait_s) as shelves:
            shelf = shelves.active
            if shelf is None:
                return 0
            ids = shelf.collection.get(where={"case_id": case_id}, include=[])["ids"]
            if ids:
                shelf = shelves.stamp(shelf)
                shelf.collection.delete(ids=ids)
                self._sync(shelf)
            return len(ids)

    # --- reading ---------------------------------------------------------------------------

    @property
    def model(self) -> str:
        """The model that searches use, "" while the index is empty."""
        with self._vectors.reading() as shelves:
            return shelves.active.model if shelves.active else ""

    @property
    def outdated(self) -> bool:
        """Whether the index is of another model than the one wanted; `complete` mends it."""
        return self.model not in ("", _name(self._embeddings))

    def languages(self) -> frozenset[str]:
        """The languages that the vectors serve, as base tags; {"*"} for any."""
        return _languages(self._searching())

    def count(self) -> int:
        """How many passages the index holds."""
        with self._vectors.reading() as shelves:
            return int(shelves.active.collection.count()) if shelves.active else 0

    def case_ids(self) -> frozenset[str]:
        """The cases that have passages in the index."""
        with self._vectors.reading() as shelves:
            return frozenset(case_ids_on(shelves.active)) if shelves.active else frozenset()

    def has(self, case_id: str, text_hash: str) -> bool:
        """Whether the index holds passages of this text of the case."""
        with self._vectors.reading() as shelves:
            if shelves.active is None:
                return False
            where = {"$and": [{"case_id": case_id}, {"text_hash": text_hash}]}
            return bool(shelves.active.collection.get(where=where, limit=1, include=[])["ids"])

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed questions that are about to be asked, where the model can do so together."""
        prepare = getattr(self._searching(), "prepare_queries", None)
        if prepare is not None:
            prepare(texts)

    def search(self, text: str, filters: IndexFilter, k: int) -> tuple[IndexHit, ...]:
        """The `k` passages nearest in meaning to `text` among those that the filters let
        through, the nearest first, equals by id; the score is their cosine similarity. Empty
        for an empty index, empty text or k below 1.

        Raises:
            IndexUnreadable: the index is damaged, or its model is not there any more.
        """
        found = self._asked(text, filters, k, ["metadatas", "distances"])
        if not found:
            return ()
        hits = [
            hit_of(passage_id, metadata, 1.0 - float(distance))
            for passage_id, metadata, distance in zip(
                found["ids"][0], found["metadatas"][0], found["distances"][0], strict=True
            )
        ]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id)))

    def near(self, text: str, filters: IndexFilter, k: int) -> tuple[tuple[str, float], ...]:
        """As `search`, but only the passages' ids and similarities, which ChromaDB gives in a
        fifth of the time."""
        found = self._asked(text, filters, k, ["distances"])
        if not found:
            return ()
        pairs = [
            (str(passage_id), 1.0 - float(distance))
            for passage_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]
        return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def _asked(self, text: str, filters: IndexFilter, k: int, include: list[str]) -> Any:
        """What ChromaDB answers, None where there is nothing to ask."""
        if k < 1 or not text.strip():
            return None
        for attempt in range(_TRIES):
            try:
                return self._query(text, filters, k, include)
            except ShelfGone:  # another model took over in the meantime
                if attempt == _TRIES - 1:
                    raise
        return None

    def _query(self, text: str, filters: IndexFilter, k: int, include: list[str]) -> Any:
        embeddings = self._searching()
        vector = embeddings.embed_query(text)
        with self._vectors.reading() as shelves:
            shelf = shelves.active
            if shelf is None:
                return None
            if shelf.model != _name(embeddings):
                raise ShelfGone
            return shelf.collection.query(
                query_embeddings=[vector],
                n_results=k,
                where=where_of(filters),
                include=include,
            )

    def words(self) -> Snapshot | None:
        """The words index in step with the vectors, None while there is nothing in it.

        Where another process wrote, it is brought up to date first, unless somebody is still
        writing: then the last state is given, which the check against the records guards.

        Raises:
            IndexUnreadable: the index is damaged.
        """
        with self._vectors.reading() as shelves:
            shelf = shelves.active
        snapshot = self._words.snapshot()
        if shelf is None or (snapshot is not None and snapshot.version == shelf.version):
            return snapshot if shelf is not None else None
        try:
            with self._vectors.writing(0.0) as shelves:
                return self._sync(shelves.active) if shelves.active else None
        except IndexBusy:
            return snapshot

    def close(self) -> None:
        """Let go of the folder. May be called twice."""
        if not self._closed:
            self._closed = True
            self._vectors.close()

    def __enter__(self) -> CaseIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # --- parts -----------------------------------------------------------------------------

    def _searching(self) -> Embeddings:
        """The model that the vectors are of."""
        with self._vectors.reading() as shelves:
            shelf = shelves.active
        if shelf is None or shelf.model == _name(self._embeddings):
            return self._embeddings
        used = shelf.model
        try:
            found = self._open_model(used, shelf.languages)
        except (ModelNotFound, LanguagesUnknown) as error:
            raise _of_another_model(used) from error
        if _name(found) != used:
            raise _of_another_model(used)
        return found

    def _put(
        self, entries: Sequence[tuple[Case, tuple[Passage, ...]]], progress: Progress
    ) -> PutReport:
        with self._vectors.writing(self._wait_s) as shelves:
            shelf = shelves.active or shelves.create(
                _name(self._embeddings), _languages(self._embeddings), True
            )
            report = self._fill(shelves, shelf, entries, None, progress)
            if report.added or report.changed:
                shelf = shelves.active or shelf
                self._sync(shelf)
        return report

    def _fill(
        self,
        shelves: Shelves,
        shelf: Shelf,
        entries: Sequence[tuple[Case, tuple[Passage, ...]]],
        embeddings: Embeddings | None,
        progress: Progress | None,
    ) -> PutReport:
        """Bring the entries onto a shelf. The writer's lock is held throughout: two who embed
        the same cases at once would only do the work twice."""
        progress = progress or NoProgress()
        there = stamps_on(shelf.collection, [case.id for case, _ in entries])
        fresh = [
            (case, passages, stamp)
            for case, passages in entries
            if there.get(case.id, {}) != expected(stamp := stamp_of(case, passages), passages)
        ]
        total = sum(len(passages) for _, passages, _ in fresh)
        progress.start("embed", total)
        if fresh:
            shelf = shelves.stamp(shelf)
            model = embeddings or self._searching()
            for group in groups(fresh):
                write_group(shelf, group, model, shelves.batch_limit(), progress)
        progress.done()
        changed = sum(case.id in there for case, _, _ in fresh)
        return PutReport(len(fresh) - changed, changed, len(entries) - len(fresh), passages=total)

    def _sync(self, shelf: Shelf) -> Snapshot:
        """The words index for what lies on the shelf: passages it has are kept, others read."""
        before = self._words.snapshot()
        stamps = {passage_id: str(row["stamp"]) for passage_id, row in rows_on(shelf)}
        ids = list(stamps)
        known = {before.passage_id(row): row for row in range(len(before))} if before else {}
        kept: list[Entry] = []
        lacking: list[str] = []
        for passage_id in ids:
            row = known.get(passage_id)
            if before is None or row is None or before.stamp(row) != stamps[passage_id]:
                lacking.append(passage_id)
        gone = set(lacking)
        if before is not None:
            kept = [before.entry(known[i]) for i in ids if i not in gone]
        for part in parts(lacking, 1000):
            found = shelf.collection.get(ids=part, include=["metadatas", "documents"])
            kept.extend(
                entry_of(i, metadata, document)
                for i, metadata, document in zip(
                    found["ids"], found["metadatas"], found["documents"], strict=True
                )
            )
        return self._words.make(shelf.version, kept)


def _of_another_model(used: str) -> IndexUnreadable:
    return IndexUnreadable(
        f"the index was made with the model {used}, which is not there any more; run "
        "`mailwright kb check --rebuild`"
    )


def _languages(embeddings: Embeddings) -> frozenset[str]:
    found: frozenset[str] = getattr(embeddings, "languages", frozenset())
    return found


def _name(embeddings: Embeddings) -> str:
    return str(getattr(embeddings, "name", type(embeddings).__name__))
