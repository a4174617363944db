"""What an index keeps of a passage, what it is asked for, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.case import SectionKind, Span

__all__ = ["NO_END", "Entry", "IndexFilter", "IndexHit", "as_number"]

NO_END = 99991231  # valid_until of a case with no last day


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
    score: float  # of the search that found it


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the words index keeps it."""

    hit: IndexHit
    stamp: str  # changes with anything that the index keeps of the case
    industry: str
    region: str
    named: bool
    until: int  # last day as a number, `NO_END` where none is stated
    words: tuple[str, ...]
    concepts: tuple[str, ...]  # each begins with "#"


def as_number(day: date) -> int:
    """A day as a number that compares: 20281231."""
    return day.year * 10_000 + day.month * 100 + day.day
