"""A case, its outcomes, and the passages that are retrieved from it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

__all__ = ["Case", "Direction", "Outcome", "Passage", "Place", "Section", "SectionKind", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in code points of a stored text, as stored (before any NFKC)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) runs backwards")

    def of(self, text: str) -> str:
        """The characters of `text` that the span names."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether they have a character in common."""
        return self.start < other.end and other.start < self.end


class SectionKind(StrEnum):
    TITLE = "title"
    CHALLENGE = "challenge"
    SOLUTION = "solution"
    OUTCOME = "outcome"
    QUOTE = "quote"
    OTHER = "other"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Section:
    kind: SectionKind
    heading: str
    span: Span  # of the body below the heading


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measured result. `sure` is False where the reader of the text should be asked;
    such an outcome is never used in a claim."""

    metric: str  # id in the taxonomy, "" where none was recognised
    direction: Direction | None
    unit: str  # "percent", "times", or a unit id of the taxonomy: "hour", "eur", "count" …
    change: Decimal | None  # size of the change in `unit`, always positive
    before: Decimal | None
    after: Decimal | None
    value_unit: str  # unit of before and after; "" where neither is stated
    period: str  # "quarter" in "hours a quarter", "" where none is stated
    span: Span  # the sentence that states it
    text: str  # that sentence
    sure: bool
    frame: Decimal | None = None  # "within nine months": 9; None where none is stated exactly
    frame_unit: str = ""  # time unit of `frame`
    value_span: Span | None = None  # the words that state value and change; None not recorded


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its document the text from `start` on stands, until the next place."""

    start: int  # in code points of Case.text
    label: str  # "page 3", "slide 2", "sheet Results"


@dataclass(frozen=True, slots=True)
class Case:
    """One customer story, with the extracted text that all spans point into."""

    id: str
    title: str
    customer: Mapping[str, str]  # by language; "" for the form used where no other is given
    name_public: bool
    industry: str  # taxonomy id, "" unknown
    region: str  # taxonomy id, "" unknown
    country: str  # ISO 3166-1 alpha-2, "" unknown
    language: str  # BCP 47
    roles: tuple[str, ...]
    products: tuple[str, ...]
    valid_until: date | None  # last day of use; None: no end stated
    source: str
    path: str  # the file it came from, for the citation
    text: str
    text_hash: str  # SHA-256 of `text`
    sections: tuple[Section, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    sample: bool = False
    missing: tuple[str, ...] = ()  # fields nobody stated; `kb check` asks for them
    withdrawn: bool = False
    extra_names: tuple[str, ...] = field(default=())  # other words that give the customer away
    places: tuple[Place, ...] = ()  # by start; none where the format has no pages
    hidden: tuple[str, ...] = ()  # left out by the reader: nobody would have seen it
    # Fields with a value as it was stated that is none we know; the fields count as missing.
    unrecognised: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Every word by which the customer could be recognised."""
        return tuple(dict.fromkeys([*self.customer.values(), *self.extra_names]))

    def place_of(self, span: Span) -> str:
        """Where in its document `span` begins ("page 3"); "" where that is not known."""
        at = bisect_right(self.places, span.start, key=lambda place: place.start)
        return self.places[at - 1].label if at else ""

    def usable(self, today: date) -> bool:
        """Not withdrawn and not past its last day."""
        return not self.withdrawn and (self.valid_until is None or today <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a case as retrieved: what it says, where it stands, how well it fits."""

    id: str
    case_id: str
    title: str
    kind: SectionKind
    text: str
    language: str
    span: Span
    text_hash: str  # of the case's stored text that `span` points into
    source: str
    # How well it fits the question that found it, 0 to 1 and only comparable within one answer;
    # a ranking by meaning alone gives cosine similarity, -1 to 1. 0 where it was not asked for.
    score: float = 0.0
    path: str = ""  # the file that the case came from
    place: str = ""  # where in that file: "page 3", "" where it has no pages
