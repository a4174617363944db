"""Rates: "12 hours a quarter", "12 Stunden je Quartal", "每季度12小时"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from contracts.case import Span
from language.number_packs import pack_language
from language.taxonomy import load_taxonomy
from language.text import END, LETTER, START, same_width

__all__ = ["Period", "period_after", "period_before"]

_GAP = r"\s*"
_TAIL = "…"  # in front of a word that follows the noun: "1日あたり"
_NOT_A_CERTAIN_ONE = r"(?!\s+ال)"  # "في السنة الأولى", in the first year, is no rate


@dataclass(frozen=True, slots=True)
class Period:
    """`unit` is the id of a time unit: "quarter" in "hours a quarter"."""

    unit: str
    span: Span


def period_after(text: str, place: int, language: str) -> Period | None:
    """The period stated right after `place` (an index into `text`), None if none is."""
    found = _patterns(language)
    if found is None or (match := found.after.match(same_width(text), place)) is None:
        return None
    return Period(found.units[_key(match["noun"])], Span(match.start("period"), match.end()))


def period_before(text: str, place: int, language: str) -> Period | None:
    """The period stated right before `place`, None if none is."""
    found = _patterns(language)
    if found is None or (match := found.before.search(same_width(text[:place]))) is None:
        return None
    noun = match["noun"] or match["first"]
    return Period(found.units[_key(noun)], Span(match.start("period"), match.end("period")))


@dataclass(frozen=True, slots=True)
class _Patterns:
    after: re.Pattern[str]
    before: re.Pattern[str]
    units: Mapping[str, str]


@cache
def _patterns(language: str) -> _Patterns | None:
    taxonomy = load_taxonomy()
    key = pack_language(language)
    units = {
        _key(noun): unit.id for unit in taxonomy.units() for noun in unit.period_nouns.get(key, ())
    }
    words = taxonomy.period_words.get(key, ())
    if not units or not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    starts = "|".join(_edged(word) for word in ordered if not word.startswith(_TAIL))
    tails = "|".join(re.escape(word[1:]) for word in ordered if word.startswith(_TAIL))
    nouns = "|".join(re.escape(noun) for noun in sorted(units, key=len, reverse=True))
    end = END if re.match(LETTER, next(iter(units))) else ""
    period = rf"(?P<period>(?:{starts}){_GAP}(?P<noun>{nouns}){end}{_NOT_A_CERTAIN_ONE})"
    after = before = period
    if tails:
        before = rf"(?P<period>(?:{starts}){_GAP}(?P<noun>{nouns})|1?(?P<first>{nouns})(?:{tails}))"
    return _Patterns(
        re.compile(_GAP + after, re.IGNORECASE),
        re.compile(before + _GAP + "$", re.IGNORECASE),
        units,
    )


def _edged(word: str) -> str:
    """A word as it stands in front of a noun; an Arabic article is written to the noun."""
    start = START if re.match(LETTER, word) else ""
    joined = word.endswith("ال") or not re.search(f"{LETTER}$", word)
    return start + r"\s+".join(map(re.escape, word.split())) + ("" if joined else END)


def _key(noun: str) -> str:
    return " ".join(noun.casefold().split())
