"""Text as it is looked through, with the way back to the characters that are stored."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from contracts.case import Span

__all__ = ["Folded", "bounded", "folded"]

# Nobody sees these: they only keep a word from being found.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
# A letter with the marks that are written on it.
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f\u3099\u309a]*")
# Cyrillic and Greek letters, and some of phonetic writing, that look like Latin ones.
_ALIKE = str.maketrans(
    "аеоорсухіјѕһԁԛԝгкмтвнАВЕКМНОРСТУХІЈЅԌαοινρτυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡıⅼ",
    "aeoopcyxijshdqwrkmtbhABEKMHOPCTYXIJSGaoivptukABEZHIKMNOPTYXagil",
)


_ENDLESS = re.compile(r"(\\[wsS])([+*])")
_LONGEST = 40  # characters of one word or gap


def bounded(pattern: str) -> str:
    """A regular expression that takes no word or gap of more than 40 characters: looking for
    it in text that somebody made to be slow takes no longer than in any other."""
    return _ENDLESS.sub(
        lambda m: f"{m.group(1)}{{{1 if m.group(2) == '+' else 0},{_LONGEST}}}", pattern
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is compared; `places[i]` tells where the characters begin and end, in what was
    given, that its i-th character comes from."""

    text: str
    places: tuple[tuple[int, int], ...] | None  # None: character for character

    def back(self, start: int, end: int) -> Span:
        """The characters of the given text that `[start, end)` of `text` come from; there is
        at least one."""
        if self.places is None:
            return Span(start, end)
        return Span(self.places[start][0], self.places[end - 1][1])


@lru_cache(maxsize=64)
def folded(text: str, alike: bool = False) -> Folded:
    """`text` after NFKC and without the characters that nobody sees; case is as it was.

    Args:
        alike: letters of other alphabets that look like Latin ones become these. Only for
            text in which they hide something: Greek and Russian words are unreadable after.
    """
    if text.isascii():
        return Folded(text, None)
    if not _UNSEEN.search(text) and unicodedata.is_normalized("NFKC", text):
        return Folded(text.translate(_ALIKE) if alike else text, None)
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        seen = _UNSEEN.sub("", match.group())
        plain = seen if seen.isascii() else unicodedata.normalize("NFKC", seen)
        parts.append(plain)
        places += [match.span()] * len(plain)
    made = "".join(parts)
    return Folded(made.translate(_ALIKE) if alike else made, tuple(places))
