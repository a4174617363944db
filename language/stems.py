"""Words reduced to their stems, so that inflected forms of one word compare equal."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.case import Span
from language.text import CJK

__all__ = ["Stem", "fold_word", "stem_words", "stems_in"]

# Snowball algorithms by language (https://snowballstem.org/algorithms/). A language that is
# not here keeps its words as they are.
_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Marks belong to the letter before them (Arabic vowels, Devanagari and Thai signs).
_WORD = re.compile(
    rf"[^\W_{CJK}](?:[^\W_{CJK}]|[\u0300-\u036f\u064b-\u065f\u0900-\u0dff]|\u0e31|[\u0e34-\u0e3a\u0e47-\u0e4e])*"
)
_PLAIN = {0x0640: None} | dict.fromkeys(range(0x064B, 0x0660))  # tatweel, Arabic vowel marks


@dataclass(frozen=True, slots=True)
class Stem:
    """A word of a text: its stem, its casefolded form, and where it stands."""

    text: str
    word: str
    span: Span


def stem_words(text: str, language: str) -> tuple[Stem, ...]:
    """The words of `text` in scripts that put spaces between words, with their stems by the
    Snowball algorithm of `language`; characters of Chinese, Japanese and Korean are passed
    over. Words are compared after NFKC and case folding; spans point into `text` as given.
    Empty text has none."""
    found = [
        (word, Span(*match.span()))
        for match in _WORD.finditer(text)
        if (word := fold_word(match.group()))  # nothing is left of a lone tatweel
    ]
    stems = stems_in([word for word, _ in found], language)
    return tuple(Stem(stem, word, span) for stem, (word, span) in zip(stems, found, strict=True))


def fold_word(word: str) -> str:
    """A word as it is compared: NFKC, case folded, Arabic without vowel marks."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold().translate(_PLAIN)


def stems_in(words: list[str], language: str) -> list[str]:
    """The stems of casefolded words by the rules of `language`, one for each word."""
    algorithm = _ALGORITHMS.get(language.split("-")[0])
    if algorithm is None:
        return words
    stemmer, lock = _stemmer(algorithm)
    with lock:  # a stemmer keeps state and is not safe for threads
        return list(stemmer.stemWords(words))


@cache
def _stemmer(algorithm: str) -> tuple[Any, threading.Lock]:
    import Stemmer

    return Stemmer.Stemmer(algorithm), threading.Lock()
