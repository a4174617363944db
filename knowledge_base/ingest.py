"""Passages onto a shelf: embedded, written in groups, and marked so that what is there already
is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from contracts.canonical import content_hash
from contracts.case import Case, Passage
from contracts.seams import Progress
from knowledge_base.entries import NO_END, as_number
from knowledge_base.shelves import Shelf
from knowledge_base.terms import case_tags

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = [
    "Fresh",
    "case_ids_on",
    "expected",
    "groups",
    "parts",
    "rows_on",
    "stamp_of",
    "stamps_on",
    "write_group",
]

GROUP = 1024  # passages embedded and written at a time: what an interruption costs at most
PAGE = 5000  # rows read at a time
_STEP = 128  # passages embedded between two reports of progress


Fresh = tuple[Case, tuple[Passage, ...], str]


def groups(fresh: Sequence[Fresh]) -> Iterable[list[Fresh]]:
    """Whole cases together, up to `GROUP` passages."""
    group: list[Fresh] = []
    size = 0
    for item in fresh:
        if group and size + len(item[1]) > GROUP:
            yield group
            group, size = [], 0
        group.append(item)
        size += len(item[1])
    if group:
        yield group


def write_group(
    shelf: Shelf, group: Sequence[Fresh], model: Embeddings, limit: int, progress: Progress
) -> None:
    """The new passages in first, then the old out: a crash between the two leaves passages
    that the check against the records drops, and none is lacking."""
    rows = [(case, passage, stamp) for case, passages, stamp in group for passage in passages]
    vectors = _embedded([f"{case.title}\n{p.text}" for case, p, _ in rows], model, progress)
    for start in range(0, len(rows), limit):
        part = rows[start : start + limit]
        shelf.collection.upsert(
            ids=[passage.id for _, passage, _ in part],
            embeddings=vectors[start : start + limit],
            documents=[passage.text for _, passage, _ in part],
            metadatas=[dict(_metadata(case, passage, stamp)) for case, passage, stamp in part],
        )
    new = {passage.id for _, passage, _ in rows}
    for ids in parts([case.id for case, _, _ in group]):
        there = shelf.collection.get(where={"case_id": {"$in": ids}}, include=[])["ids"]
        old = [i for i in there if i not in new]
        for gone in parts(old, limit):
            shelf.collection.delete(ids=gone)


def _embedded(texts: Sequence[str], model: Embeddings, progress: Progress) -> list[list[float]]:
    """Vectors in the order of `texts`, worked out by length: equal lengths need no padding,
    which is most of the time that a batch takes."""
    vectors: list[list[float]] = [[] for _ in texts]
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    for start in range(0, len(order), _STEP):
        part = order[start : start + _STEP]
        found = model.embed_documents([texts[i] for i in part])
        for place, vector in zip(part, found, strict=True):
            vectors[place] = vector
        progress.advance(len(part))
    return vectors


def _metadata(case: Case, passage: Passage, stamp: str) -> Mapping[str, str | int | bool]:
    return {
        "case_id": case.id,
        "title": case.title,
        "kind": passage.kind.value,
        "language": case.language,
        "industry": case.industry,
        "region": case.region,
        "name_public": case.name_public,
        "valid_until": as_number(case.valid_until) if case.valid_until else NO_END,
        "text_hash": case.text_hash,
        "ordinal": int(passage.id.rsplit(":", 2)[1]),
        "start": passage.span.start,
        "end": passage.span.end,
        "tags": " ".join(case_tags(case)),
        "stamp": stamp,
    }


def stamp_of(case: Case, passages: Sequence[Passage]) -> str:
    """Changes with anything that the index keeps of a case."""
    plain = [[p.id, dict(_metadata(case, p, ""))] for p in passages]
    return content_hash([case.title, plain])[:16]


def expected(stamp: str, passages: Collection[Passage]) -> dict[str, int]:
    return {stamp: len({p.id for p in passages})} if passages else {}


def stamps_on(collection: Any, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many passages of which stamp are there, by case."""
    found: dict[str, dict[str, int]] = {}
    for part in parts(case_ids):
        rows = collection.get(where={"case_id": {"$in": part}}, include=["metadatas"])
        for row in rows["metadatas"]:
            stamps = found.setdefault(str(row["case_id"]), {})
            stamp = str(row.get("stamp", ""))
            stamps[stamp] = stamps.get(stamp, 0) + 1
    return found


def case_ids_on(shelf: Shelf) -> set[str]:
    return {str(metadata["case_id"]) for _, metadata in rows_on(shelf)}


def rows_on(shelf: Shelf) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The id and metadata of every passage, a page at a time: asked for all of 100,000 at once,
    ChromaDB 1.5.9 fails with "too many SQL variables"."""
    offset = 0
    while True:
        page = shelf.collection.get(include=["metadatas"], limit=PAGE, offset=offset)
        yield from zip(page["ids"], page["metadatas"], strict=True)
        if len(page["ids"]) < PAGE:
            return
        offset += PAGE


def parts(items: Sequence[str], size: int = 200) -> Iterable[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
