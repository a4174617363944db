"""How easily a text is read: length of sentences, and a formula where the language has one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.errors import CouldNotFinish
from language.datafile import DataFile, load_data
from language.sentences import sentences
from language.tags import data_language

__all__ = ["Reading", "read_text"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CHARACTER_LANGUAGES = ("zh", "ja")


class _Formula(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["ease", "gulpease"]
    a: float
    sentence: float
    syllable: float


class _File(DataFile):
    languages: Mapping[str, _Formula]


@dataclass(frozen=True, slots=True)
class Reading:
    size: int  # words; characters in Chinese and Japanese
    longest_sentence: int  # in the same unit
    mean_sentence: float
    ease: float | None  # higher is easier, about 0 to 100; None where there is no formula


def read_text(paragraphs: Sequence[str], language: str) -> Reading:
    """Measures of a letter's paragraphs. An empty text has size 0 and no ease.

    Raises:
        CouldNotFinish: the package that counts syllables is not installed.
    """
    wide = language.split("-")[0] in _CHARACTER_LANGUAGES
    lengths: list[int] = []
    words: list[str] = []
    for paragraph in paragraphs:
        for span in sentences(paragraph, language):
            sentence = span.of(paragraph)
            own = _WORD.findall(sentence)
            units = sum(1 for char in sentence if char.isalnum()) if wide else len(sentence.split())
            if own:
                lengths.append(units)
                words += own
    if not lengths:
        return Reading(0, 0, 0.0, None)
    return Reading(
        size=sum(lengths),
        longest_sentence=max(lengths),
        mean_sentence=sum(lengths) / len(lengths),
        ease=_ease(words, len(lengths), language),
    )


def _ease(words: Sequence[str], count: int, language: str) -> float | None:
    formula = _formulas().get(data_language(language))
    if formula is None:
        return None
    if formula.kind == "gulpease":
        letters = sum(len(word) for word in words)
        return (
            formula.a
            + formula.sentence * count / len(words)
            - formula.syllable * letters / len(words)
        )
    syllables = sum(_syllables(word, data_language(language)) for word in words)
    return (
        formula.a
        - formula.sentence * len(words) / count
        - (formula.syllable * syllables / len(words))
    )


def _syllables(word: str, language: str) -> int:
    return len(_dictionary(language).positions(word)) + 1


@cache
def _dictionary(language: str):  # type: ignore[no-untyped-def]
    try:
        import pyphen
    except ImportError as error:
        raise CouldNotFinish(
            "reading ease needs the package pyphen: pip install 'mailwright[eval]'"
        ) from error
    return pyphen.Pyphen(lang=pyphen.language_fallback(language) or language)


@cache
def _formulas() -> Mapping[str, _Formula]:
    return load_data("evaluation.suites", "readability.yaml", _File).languages
