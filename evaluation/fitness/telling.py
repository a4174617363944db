"""How a finding names what it is about: briefly, and by its place."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.case import Span
from contracts.verdict import Place
from evaluation.look import Look

__all__ = ["examples", "place_of", "shortened"]

_LONGEST = 60  # characters of one thing that is named
_UNPRINTED = dict.fromkeys((*range(32), 127, *range(8234, 8239), *range(8294, 8298)), " ")


def shortened(text: str, most: int = _LONGEST) -> str:
    """`text` on one line, cut where it is long, without signs that reorder what is around it."""
    line = " ".join(text[: most * 4].translate(_UNPRINTED).split())
    return line if len(line) <= most and len(text) <= most * 4 else f"{line[: most - 1]}…"


def examples(found: Sequence[str], most: int) -> str:
    """The first of what was found, and how many more there are: "a, b, c (+4)"."""
    named = ", ".join(found[:most])
    return f"{named} (+{len(found) - most})" if len(found) > most else named


def place_of(look: Look, words: str) -> Place:
    """Where words of the HTML part stand in what is visible of it."""
    start = look.view.visible.find(words) if words else -1
    return Place("html", Span(start, start + len(words)) if start >= 0 else None)
