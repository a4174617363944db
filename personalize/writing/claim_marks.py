"""Marks around what a text claims, so that the places survive being said in other words.

`Unplanned downtime fell` with a claim becomes `⟦1⟧Unplanned downtime fell⟦/1⟧`. Marks may
enclose each other or overlap; each is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.case import Span

__all__ = ["MARKS", "marked", "unmarked"]

MARKS = re.compile("[⟦⟧]")
_MARK = re.compile(r"⟦(/?)(\d{1,3})⟧")


def marked(text: str, spans: Sequence[Span]) -> str:
    """`text` with a pair of marks around each span, numbered from 1 in their order."""
    # At one place what ends comes before what begins; of those that begin, the longest first.
    inserts: list[tuple[tuple[int, int, int], str]] = []
    for number, span in enumerate(spans, start=1):
        inserts.append(((span.start, 1, -span.end), f"⟦{number}⟧"))
        inserts.append(((span.end, 0, -span.start), f"⟦/{number}⟧"))
    pieces: list[str] = []
    position = 0
    for (place, _, _), mark in sorted(inserts, key=lambda item: item[0]):
        pieces += [text[position:place], mark]
        position = place
    return "".join([*pieces, text[position:]])


def unmarked(text: str, count: int) -> tuple[str, tuple[Span, ...]] | None:
    """The text without its marks, and where each of `count` pairs stood; None where a pair is
    missing, doubled, the wrong way round or around nothing. White space at the inner side of a
    mark is not part of what it encloses."""
    text = re.sub(r"[ \t]+(⟦/\d+⟧)(?=\w)", r"\1 ", text)
    text = re.sub(r"[ \t]+(⟦/\d+⟧)", r"\1", text)
    text = re.sub(r"(?<=\w)(⟦\d+⟧)[ \t]+", r" \1", text)
    text = re.sub(r"(⟦\d+⟧)[ \t]+", r"\1", text)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    pieces: list[str] = []
    position = length = 0
    for match in _MARK.finditer(text):
        pieces.append(text[position : match.start()])
        length += len(pieces[-1])
        position = match.end()
        places, number = (ends if match.group(1) else starts), int(match.group(2))
        if number in places:
            return None
        places[number] = length
    plain = "".join([*pieces, text[position:]])
    numbers = set(range(1, count + 1))
    if MARKS.search(plain) or set(starts) != numbers or set(ends) != numbers:
        return None
    if any(starts[number] >= ends[number] for number in numbers):
        return None
    return plain, tuple(Span(starts[n], ends[n]) for n in sorted(numbers))
