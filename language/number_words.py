"""The words and signs beside numbers, as patterns that tell which of them stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from language.cjk_numerals import han_value
from language.text import END, LETTER, WORD, any_phrase

__all__ = [
    "Lexicon",
    "Prefixes",
    "WordAt",
    "context_patterns",
    "fraction_pattern",
    "numeral_value",
    "word_key",
    "word_pattern",
]

_SINO_KOREAN = str.maketrans("일이삼사오육칠팔구십", "一二三四五六七八九十")


@dataclass(frozen=True, slots=True)
class WordAt:
    unit: str
    end: int


class Lexicon:
    """Finds which of a set of words stands at a place, the longest first."""

    def __init__(self, words: Mapping[str, object], gap: str) -> None:
        self._values = {
            word_key(word): str(value) if isinstance(value, str) else word
            for word, value in words.items()
        }
        ordered = sorted(words, key=lambda word: (-len(word), word))
        lettered = [w for w in ordered if re.search(rf"{LETTER}$", w)]
        signs = [w for w in ordered if w not in lettered]
        parts = []
        for group, tail in ((signs, ""), (lettered, END)):  # "Mio." before "Mio"
            if group:
                joined = "|".join(r"\s+".join(map(re.escape, w.split())) for w in group)
                parts.append(f"(?:{joined}){tail}")
        self._pattern = re.compile(rf"{gap}({'|'.join(parts)})", re.IGNORECASE) if parts else None

    def at(self, text: str, start: int) -> WordAt | None:
        if self._pattern is None or (match := self._pattern.match(text, start)) is None:
            return None
        return WordAt(self._values[word_key(match.group(1))], match.end())


class Prefixes:
    """Finds which currency sign stands in front of a place; `end` is where it begins."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = sorted(words.items(), key=lambda item: -len(item[0]))

    def ending_at(self, text: str, end: int) -> WordAt | None:
        head = text[max(0, end - 12) : end]
        bare = head.rstrip("\u00a0\u202f ")
        if len(head) - len(bare) > 1:
            return None
        for word, unit in self._words:
            if bare.endswith(word):
                start = end - (len(head) - len(bare)) - len(word)
                lettered = re.match(LETTER, word)
                if not (lettered and start and re.match(WORD, text[start - 1])):
                    return WordAt(unit, start)
        return None


def word_pattern(words: Iterable[str], edge: str = "") -> re.Pattern[str]:
    return re.compile(edge + any_phrase(words), re.IGNORECASE)


def context_patterns(
    words: Iterable[str], before: Iterable[str], after: Iterable[str]
) -> Iterator[re.Pattern[str]]:
    """Patterns for words that mean a fraction only beside certain others: "by a quarter", but
    not "12 hours a quarter"."""
    listed = any_phrase(words)
    for lead in before:
        yield re.compile(rf"(?<=\b{re.escape(lead)}){listed}", re.IGNORECASE)
    if rest := any_phrase(after):
        yield re.compile(rf"{listed}(?=\s+{rest})", re.IGNORECASE)


def fraction_pattern(marks: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(re.escape(mark) for mark in marks)
    if not joined:
        return None
    numeral = "[一二两兩三四五六七八九十이삼사오육칠팔구십일]{1,2}|\\d{1,3}"
    return re.compile(rf"(?P<whole>{numeral})\s?(?:{joined})\s?(?P<part>{numeral})(?![\d.,]\d|\d)")


def numeral_value(text: str) -> Decimal | None:
    if text.isdecimal():
        return Decimal(text)
    return han_value(text.translate(_SINO_KOREAN))


def word_key(word: str) -> str:
    return re.sub(r"[\s-]+", " ", word.casefold()).strip()
