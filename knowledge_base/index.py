"""The index of passages: put cases in, take them out, find what is near a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from contracts.canonical import content_hash
from contracts.case import Case, Passage, SectionKind, Span
from contracts.seams import NoProgress, Progress
from knowledge_base.embedding import Worked
from knowledge_base.errors import IndexUnreadable
from knowledge_base.passages import split_passages
from knowledge_base.store import LOCK_WAIT_S, open_store

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["CaseIndex", "IndexFilter", "IndexHit", "PutReport"]

NO_END = 99991231  # valid_until of a case with no last day
_STEP = 256  # passages embedded between two reports of progress


@dataclass(frozen=True, slots=True)
class IndexFilter:
    """What a hit must be; an empty field asks nothing."""

    languages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[SectionKind, ...] = ()
    case_ids: tuple[str, ...] = ()
    named_only: bool = False
    usable_on: date | None = None


@dataclass(frozen=True, slots=True)
class IndexHit:
    """A passage that was found, as the index knows it: check it against the records."""

    passage_id: str
    case_id: str
    kind: SectionKind
    language: str
    text_hash: str
    ordinal: int
    span: Span
    score: float  # cosine similarity, -1 to 1


@dataclass(frozen=True, slots=True)
class PutReport:
    """How many cases a put added, changed and found as they were, and the passages written."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passages: int = 0


class CaseIndex:
    """Passages of cases by meaning, in a folder that several processes may use.

    The index can always be rebuilt from the cases; it is no record. Close it, or use it
    in a `with`.
    """

    def __init__(self, folder: Path, embeddings: Embeddings, wait_s: float = LOCK_WAIT_S) -> None:
        self._embeddings = embeddings
        self._model = str(getattr(embeddings, "name", type(embeddings).__name__))
        self._wait_s = wait_s
        self._stack = ExitStack()
        self._store = self._stack.enter_context(open_store(folder))

    def put(self, case: Case, passages: Sequence[Passage]) -> PutReport:
        """Put a case in or replace what was there of it; nothing is written where nothing
        changed.

        Raises:
            IndexBusy: another process is writing.
            IndexUnreadable: the index is damaged or of another embedding model.
        """
        return self._put([(case, tuple(passages))], NoProgress())

    def put_many(self, cases: Iterable[Case], progress: Progress | None = None) -> PutReport:
        """Put many cases in, split into passages; progress counts passages embedded.

        Raises as `put` does. What was written before an error stays.
        """
        entries = [(case, split_passages(case)) for case in cases]
        return self._put(entries, progress or NoProgress())

    def rebuild(self, cases: Iterable[Case], progress: Progress | None = None) -> PutReport:
        """Empty the index and put the cases in, with the model of today.

        Raises:
            IndexBusy: another process is writing.
        """
        with self._store.writing(self._wait_s):
            self._store.clear()
        return self.put_many(cases, progress)

    def remove(self, case_id: str) -> int:
        """Take a case out; the number of passages that were there.

        Raises:
            IndexBusy: another process is writing.
        """
        with self._store.writing(self._wait_s) as collection:
            ids = collection.get(where={"case_id": case_id}, include=[])["ids"]
            if ids:
                collection.delete(ids=ids)
            return len(ids)

    def count(self) -> int:
        """How many passages the index holds."""
        with self._store.reading() as collection:
            return int(collection.count())

    def case_ids(self) -> frozenset[str]:
        """The cases that have passages in the index."""
        with self._store.reading() as collection:
            rows = collection.get(include=["metadatas"])["metadatas"]
            return frozenset(str(row["case_id"]) for row in rows)

    def has(self, case_id: str, text_hash: str) -> bool:
        """Whether the index holds passages of this text of the case."""
        with self._store.reading() as collection:
            where = {"$and": [{"case_id": case_id}, {"text_hash": text_hash}]}
            return bool(collection.get(where=where, limit=1, include=[])["ids"])

    def search(self, text: str, filters: IndexFilter, k: int) -> tuple[IndexHit, ...]:
        """The `k` passages nearest to `text` among those that the filters let through, the
        nearest first, equals by id. Empty for an empty index, empty text or k below 1.

        Raises:
            IndexUnreadable: the index is damaged or of another embedding model.
        """
        if k < 1 or not text.strip():
            return ()
        self._check_model()
        vector = self._embeddings.embed_query(text)
        with self._store.reading() as collection:
            total = int(collection.count())
            if not total:
                return ()
            found = self._store.vector_store(
                self._embeddings
            ).similarity_search_by_vector_with_relevance_scores(
                vector, k=min(k, total), filter=_where(filters)
            )
        hits = [_hit(document.id, document.metadata, distance) for document, distance in found]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage_id)))

    def close(self) -> None:
        """Let go of the folder. May be called twice."""
        self._stack.close()

    def __enter__(self) -> CaseIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _check_model(self) -> None:
        used = self._store.model()
        if used and used != self._model:
            raise IndexUnreadable(
                f"the index was made with the model {used}, not {self._model}; "
                "run `mailwright kb check --rebuild`"
            )

    def _put(
        self, entries: Sequence[tuple[Case, tuple[Passage, ...]]], progress: Progress
    ) -> PutReport:
        self._check_model()
        with self._store.reading() as collection:
            stamps = _stamps(collection, [case.id for case, _ in entries])
        fresh = [
            (case, passages, stamp)
            for case, passages in entries
            if stamps.get(case.id) != {stamp := _stamp(case, passages)}
            and (passages or case.id in stamps)
        ]
        rows = [
            _Row(passage, _metadata(case, passage, stamp), f"{case.title}\n{passage.text}")
            for case, passages, stamp in fresh
            for passage in passages
        ]
        vectors = self._embed([row.context for row in rows], progress)
        if fresh:
            self._write([case.id for case, _, _ in fresh], rows, vectors)
        changed = sum(case.id in stamps for case, _, _ in fresh)
        return PutReport(
            len(fresh) - changed, changed, len(entries) - len(fresh), passages=len(rows)
        )

    def _embed(self, texts: Sequence[str], progress: Progress) -> list[list[float]]:
        """Vectors in the order of `texts`, worked out by length: equal lengths need no
        padding, which is most of the time that a batch takes."""
        vectors: list[list[float]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        progress.start("embed", len(texts))
        for start in range(0, len(order), _STEP):
            part = order[start : start + _STEP]
            found = self._embeddings.embed_documents([texts[i] for i in part])
            for place, vector in zip(part, found, strict=True):
                vectors[place] = vector
            progress.advance(len(part))
        progress.done()
        return vectors

    def _write(
        self, case_ids: Sequence[str], rows: Sequence[_Row], vectors: Sequence[list[float]]
    ) -> None:
        """The new passages in first, then the old out: a crash between the two leaves
        passages that the check against the records drops, and none is lacking."""
        with self._store.writing(self._wait_s) as collection:
            self._check_model()
            self._store.set_model(self._model)
            limit = min(self._store.batch_limit(), 2000)
            for start in range(0, len(rows), limit):
                part = rows[start : start + limit]
                self._store.vector_store(Worked(vectors[start : start + limit])).add_texts(
                    [row.passage.text for row in part],
                    metadatas=[dict(row.metadata) for row in part],
                    ids=[row.passage.id for row in part],
                )
            new = {row.passage.id for row in rows}
            old = [i for i in _ids_of(collection, case_ids) if i not in new]
            for start in range(0, len(old), limit):
                collection.delete(ids=old[start : start + limit])


@dataclass(frozen=True, slots=True)
class _Row:
    passage: Passage
    metadata: Mapping[str, str | int | bool]
    context: str  # what is embedded: the passage under its case's title


def _metadata(case: Case, passage: Passage, stamp: str) -> Mapping[str, str | int | bool]:
    return {
        "case_id": case.id,
        "kind": passage.kind.value,
        "language": case.language,
        "industry": case.industry,
        "region": case.region,
        "name_public": case.name_public,
        "valid_until": _as_number(case.valid_until) if case.valid_until else NO_END,
        "text_hash": case.text_hash,
        "ordinal": int(passage.id.rsplit(":", 2)[1]),
        "start": passage.span.start,
        "end": passage.span.end,
        "stamp": stamp,
    }


def _stamp(case: Case, passages: Sequence[Passage]) -> str:
    """Changes with anything that the index keeps of a case."""
    plain = [[p.id, dict(_metadata(case, p, ""))] for p in passages]
    return content_hash([case.title, plain])[:16]


def _stamps(collection: Any, case_ids: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in _parts(case_ids):
        rows = collection.get(where={"case_id": {"$in": part}}, include=["metadatas"])
        for row in rows["metadatas"]:
            found.setdefault(str(row["case_id"]), set()).add(str(row.get("stamp", "")))
    return found


def _ids_of(collection: Any, case_ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for part in _parts(case_ids):
        found.extend(collection.get(where={"case_id": {"$in": part}}, include=[])["ids"])
    return found


def _parts(items: Sequence[str], size: int = 200) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _where(filters: IndexFilter) -> dict[str, Any] | None:
    wanted: list[dict[str, Any]] = []
    for key, values in (
        ("language", filters.languages),
        ("industry", filters.industries),
        ("region", filters.regions),
        ("kind", tuple(kind.value for kind in filters.kinds)),
        ("case_id", filters.case_ids),
    ):
        if values:
            wanted.append({key: {"$in": list(values)}})
    if filters.named_only:
        wanted.append({"name_public": True})
    if filters.usable_on is not None:
        wanted.append({"valid_until": {"$gte": _as_number(filters.usable_on)}})
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 else {"$and": wanted}


def _as_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _hit(passage_id: str | None, metadata: Mapping[str, Any], distance: float) -> IndexHit:
    return IndexHit(
        passage_id=passage_id or "",
        case_id=str(metadata["case_id"]),
        kind=SectionKind(metadata["kind"]),
        language=str(metadata["language"]),
        text_hash=str(metadata["text_hash"]),
        ordinal=int(metadata["ordinal"]),
        span=Span(int(metadata["start"]), int(metadata["end"])),
        score=1.0 - float(distance),
    )
