"""A module's text cut where claims begin and end, so that each can be marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.case import Span

__all__ = ["MarkedSpan", "Piece", "pieces"]

_MERGE_FIELD = re.compile(r"\[\[[a-z_]+\]\]")


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A claim's place in a text, and the number of the source it rests on."""

    span: Span
    number: int
    anchor: str  # id that the source links back to
    source: str  # id of the source


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same claims. `begins` and `ends` hold the claims that
    start with its first character or stop after its last one."""

    text: str
    inside: tuple[MarkedSpan, ...]  # the narrowest first
    begins: tuple[MarkedSpan, ...]
    ends: tuple[MarkedSpan, ...]
    merge_field: bool

    @property
    def narrowest(self) -> MarkedSpan | None:
        return self.inside[0] if self.inside else None


def pieces(text: str, claims: Sequence[MarkedSpan]) -> tuple[Piece, ...]:
    """`text` in pieces that put together are `text` again; claims may overlap.

    A claim that reaches past the text is cut off there; every claim ends in exactly one
    piece, an empty one in a piece without characters.
    """
    size = len(text)
    own = [
        replace(claim, span=Span(min(claim.span.start, size), min(claim.span.end, size)))
        for claim in claims
    ]
    fields = [match.span() for match in _MERGE_FIELD.finditer(text)]
    cuts = sorted(
        {0, size}
        | {place for claim in own for place in (claim.span.start, claim.span.end)}
        | {place for field in fields for place in field}
    )
    made: list[Piece] = [_empty(text, 0, own)] if _points(own, 0) else []
    for start, end in pairwise(cuts):
        here = Span(start, end)
        inside = sorted(
            (claim for claim in own if claim.span.covers(here)),
            key=lambda claim: claim.span.end - claim.span.start,
        )
        made.append(
            Piece(
                text=here.of(text),
                inside=tuple(inside),
                begins=tuple(claim for claim in inside if claim.span.start == start),
                ends=tuple(claim for claim in inside if claim.span.end == end),
                merge_field=any(first <= start and end <= last for first, last in fields),
            )
        )
        if _points(own, end):
            made.append(_empty(text, end, own))
    return tuple(made)


def _points(claims: Sequence[MarkedSpan], place: int) -> tuple[MarkedSpan, ...]:
    """Claims without any characters at this place."""
    return tuple(claim for claim in claims if claim.span == Span(place, place))


def _empty(text: str, place: int, claims: Sequence[MarkedSpan]) -> Piece:
    found = _points(claims, place)
    return Piece(text[place:place], found, found, found, merge_field=False)
