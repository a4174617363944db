"""The role that a job title tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from language.text import CJK

__all__ = ["JobTitles"]

_SHORT = 3  # Latin words up to this length must be whole words: "it", "qs"
_LETTER = re.compile(rf"[^\W_{CJK}]")
_ARABIC = re.compile("[\u0620-\u064a]")
# The article, and words of one letter that are written to the next: "للمبيعات".
_ARABIC_PREFIX = re.compile(r"(?<!\w)[وف]?(?:[بك]?ال|لل?|ب)$")
_LONGEST_PREFIX = 4


class JobTitles:
    """Parts of job titles, each telling of one role. Made once; does not change."""

    def __init__(self, parts: Iterable[tuple[str, str]]) -> None:
        """`parts` are folded phrases with the role that each tells of; the first of two that
        are the same counts."""
        import ahocorasick

        self._parts: Any = ahocorasick.Automaton()
        for phrase, role in parts:
            if not self._parts.exists(phrase):
                self._parts.add_word(phrase, (phrase, role))
        self._parts.make_automaton()

    def role_in(self, title: str) -> str:
        """The role of a folded title, "" if none: the phrases of several words count before
        single ones, then the earlier before the later, then the longer before the shorter."""
        best: tuple[int, int, int] | None = None
        role = ""
        for last, (phrase, candidate) in self._parts.iter(title):
            start = last + 1 - len(phrase)
            if not _stands(title, start, phrase):
                continue
            rank = (-len(phrase.split()), start, -len(phrase))
            if best is None or rank < best:
                best, role = rank, candidate
        return role


def _stands(title: str, start: int, phrase: str) -> bool:
    """Whether a phrase found in a title is a word there, or begins one. Scripts without
    spaces have no such places: what is found counts."""
    if not _LETTER.match(phrase):
        return True
    if start and _LETTER.match(title, start - 1):
        before = title[max(0, start - _LONGEST_PREFIX) : start]
        if not (_ARABIC.match(phrase) and _ARABIC_PREFIX.search(before)):
            return False
    end = start + len(phrase)
    return len(phrase) > _SHORT or end == len(title) or not _LETTER.match(title, end)
