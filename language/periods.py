"""Rates: "12 hours a quarter", "12 Stunden je Quartal", "每季度12小时"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from contracts.case import Span
from language.taxonomy import load_taxonomy
from language.text import END, START, same_width

__all__ = ["Period", "period_after", "period_before"]

_GAP = r"\s*"


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
    return Period(
        found.units[_key(match["noun"])], Span(match.start("period"), match.end("period"))
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    after: re.Pattern[str]
    before: re.Pattern[str]
    units: Mapping[str, str]


@cache
def _patterns(language: str) -> _Patterns | None:
    taxonomy = load_taxonomy()
    units = {
        _key(noun): unit.id
        for unit in taxonomy.units()
        for noun in unit.period_nouns.get(language, ())
    }
    words = taxonomy.period_words.get(language, ())
    if not units or not words:
        return None
    ordered = sorted(words, key=len, reverse=True)
    starts = "|".join(_word(word) for word in ordered)
    nouns = "|".join(re.escape(noun) for noun in sorted(units, key=len, reverse=True))
    ends = END if re.match("[a-z]", next(iter(units))) else ""
    period = rf"(?P<period>(?:{starts}){_GAP}(?P<noun>{nouns}){ends})"
    return _Patterns(
        re.compile(_GAP + period, re.IGNORECASE),
        re.compile(period + _GAP + "$", re.IGNORECASE),
        units,
    )


def _word(word: str) -> str:
    escaped = re.escape(word)
    return f"{START}{escaped}{END}" if re.fullmatch("[a-z ]+", word) else escaped


def _key(noun: str) -> str:
    return " ".join(noun.casefold().split())
