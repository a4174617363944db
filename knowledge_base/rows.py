"""A passage as Chroma keeps it, and as our words index and its hits have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.case import SectionKind, Span
from knowledge_base.entries import Entry, IndexFilter, IndexHit, as_number
from knowledge_base.terms import passage_terms

__all__ = ["entry_of", "hit_of", "where_of"]


def hit_of(passage_id: str, metadata: Mapping[str, Any], score: float) -> IndexHit:
    """A hit out of a row of the collection."""
    return IndexHit(
        passage_id=passage_id,
        case_id=str(metadata["case_id"]),
        kind=SectionKind(metadata["kind"]),
        language=str(metadata["language"]),
        text_hash=str(metadata["text_hash"]),
        ordinal=int(metadata["ordinal"]),
        span=Span(int(metadata["start"]), int(metadata["end"])),
        score=score,
    )


def entry_of(passage_id: str, metadata: Mapping[str, Any], document: str) -> Entry:
    """What the words index keeps, worked out from a row of the collection."""
    hit = hit_of(passage_id, metadata, 0.0)
    tags = str(metadata["tags"]).split()
    terms = passage_terms(f"{metadata['title']}\n{document}", hit.language, tags)
    return Entry(
        hit=hit,
        stamp=str(metadata["stamp"]),
        industry=str(metadata["industry"]),
        region=str(metadata["region"]),
        named=bool(metadata["name_public"]),
        until=int(metadata["valid_until"]),
        words=terms.words,
        concepts=terms.concepts,
    )


def where_of(filters: IndexFilter) -> dict[str, Any] | None:
    """The filters in Chroma's terms, None where they ask nothing."""
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
        wanted.append({"valid_until": {"$gte": as_number(filters.usable_on)}})
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 else {"$and": wanted}
