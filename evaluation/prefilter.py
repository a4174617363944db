"""Patterns that look for a word they need before they look for themselves.

Screening asks some thousand patterns of a mail, and most of them are about words that it does not
have. Finding that out by the pattern takes fifty times as long as by the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["Sought", "sought"]

_SHORTEST = 2  # letters of a word worth looking for


@dataclass(frozen=True, slots=True)
class Sought:
    """A pattern and words of which every hit holds one; none where unknown."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]  # in lower case

    def may_hit(self, lowered: str) -> bool:
        """Whether a text, given in lower case, can hold a hit."""
        return not self.words or any(word in lowered for word in self.words)

    def finditer(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        if self.may_hit(lowered):
            yield from self.pattern.finditer(text)


@lru_cache(maxsize=8192)
def sought(pattern: str, flags: int = re.IGNORECASE) -> Sought:
    compiled = re.compile(pattern, flags)
    try:
        import re._parser as parser  # type: ignore[import-not-found]

        words = _needed(parser.parse(pattern, flags))
    except (ImportError, AttributeError, TypeError, ValueError):
        words = None  # another Python: without the short cut
    return Sought(compiled, tuple(sorted(words)) if words else ())


def _needed(items: Sequence[Any]) -> frozenset[str] | None:
    """Words of which a hit of the sequence holds at least one, the longest there are."""
    best: frozenset[str] | None = None
    run = ""
    for name, value in items:
        kind = str(name)
        if kind == "LITERAL":
            run += chr(value)
            continue
        best, run = _better(best, _word(run)), ""
        best = _better(best, _of(kind, value))
    return _better(best, _word(run))


def _of(kind: str, value: Any) -> frozenset[str] | None:
    if kind == "SUBPATTERN":
        return _needed(value[3])
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _needed(value[2]) if value[0] > 0 else None
    if kind == "ATOMIC_GROUP":
        return _needed(value)
    if kind == "BRANCH":
        found = [_needed(branch) for branch in value[1]]
        if all(words for words in found):
            return frozenset(word for words in found if words for word in words)
    return None


def _word(run: str) -> frozenset[str] | None:
    word = run.lower()
    # What changes its length in lower case, or has several, is not looked for.
    if (len(run) < _SHORTEST and not run >= "\u2e80") or len(word) != len(run) or not run:
        return None
    return frozenset([word])


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The words that are rarer: longer, and fewer of them."""
    if not one or not other:
        return one or other

    def rank(words: frozenset[str]) -> tuple[int, int]:
        return (min(map(len, words)), -len(words))

    return max(one, other, key=rank)
