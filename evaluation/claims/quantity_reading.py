"""Reads what a text counts and measures, without dates, times of day and years: half is 50 %,
12万 is 120,000."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from contracts.case import Span
from evaluation.claims.quantities import Quantity
from evaluation.claims.sources import numbers_in
from evaluation.claims.wording import Wording
from language.number_packs import number_pack, pack_language
from language.numbers import Number
from language.tags import data_language
from language.taxonomy import load_taxonomy
from language.text import LETTER, same_width

__all__ = ["quantities_in"]

_LONG = frozenset({"week", "month", "quarter", "half_year", "year"})  # in which results come about
_YEARS = range(1900, 2101)
_CLOCK = re.compile(
    r"\b\d{1,2}[:：h]\d{2}\b|\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?(?!\d)|\d{4}-\d{2}-\d{2}"
    r"|\d{4}\s?[年년](?:\s?\d{1,2}\s?[月월])?(?:\s?\d{1,2}\s?[日号號일])?"
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日号號일]?|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
)
_MORE_THAN = re.compile(r"(?<=\d)(\s?)([多余餘])([万亿萬億千百])")  # "50 多万": half a million
_TENTHS = re.compile("([一二两兩三四五六七八九])成([一二三四五六七八九半])")
_TENTHS_RANGE = re.compile("([一二两兩三四五六七八])[到至]?([二三四五六七八九])成")  # 两三成
_DIGIT = {char: Decimal(i) for i, char in enumerate("一二三四五六七八九", 1)}
_DIGIT |= {"两": Decimal(2), "半": Decimal(5)}
_LEAD = 24  # characters in front of a figure in which a word tells what it is
_COUNTS = re.compile(r"\d|[一二三四五六七八九十百千万亿萬億两兩半]")
_RATE = re.compile(r"\s?(?:あたり|当たり|の|に?\d)")


def quantities_in(text: str, language: str, wording: Wording | None) -> tuple[Quantity, ...]:
    """What `text` counts and measures, in order; without dates, times of day and years."""
    if not _may_count(text, language, wording):
        return ()
    flat = _readable(text, wording)
    found = _by_words(flat, wording)
    taken = [item.span for item in found]
    dates = [Span(*match.span()) for match in _CLOCK.finditer(flat)]
    dates += [Span(*match.span()) for match in _months(language).finditer(flat)]
    for number in numbers_in(flat, language):
        if any(number.span.overlaps(span) for span in (*taken, *dates)):
            continue
        if not number.unit and number.value in _YEARS and number.raw.strip().isdigit():
            continue
        if _only_a_rate(flat, number):
            continue
        found.append(Quantity(number.value, (number.unit,), number.span, number.raw.strip()))
    found.sort(key=lambda item: item.span.start)
    return tuple(_complete(flat, found, wording))


def _may_count(text: str, language: str, wording: Wording | None) -> bool:
    """Whether there is anything in a text that can be a number. Most sentences have nothing,
    which is told in a tenth of the time that reading takes."""
    if _COUNTS.search(text) or _number_words(pack_language(language)).search(text):
        return True
    return wording is not None and any(words.search(text) for words, _, _ in wording.values)


@cache
def _number_words(language: str) -> re.Pattern[str]:
    """The longest word of every phrase that is a number, as a beginning of a word."""
    pack = number_pack(language)
    phrases = (
        *pack.words, *pack.ratios, *pack.fractions, *pack.fractions_in_context, *pack.quantities,
        *pack.halves, *pack.fifty_percent, *pack.fraction_marks, *pack.tenths,
    )  # fmt: skip
    words = sorted({max(phrase.split(), key=len) for phrase in phrases})
    listed = "|".join((r"\b" if re.match(LETTER, word) else "") + re.escape(word) for word in words)
    return re.compile(listed or "(?!)", re.IGNORECASE)


def _readable(text: str, wording: Wording | None) -> str:
    """The text with what misleads the reading of numbers put aside, places unmoved."""
    flat = _MORE_THAN.sub(lambda m: m[1] + m[3] + " ", text)
    if wording is not None:
        flat = wording.blank.sub(_put_aside, flat)
    return flat


def _put_aside(match: re.Match[str]) -> str:
    """Spaces, but for what the group "keep" holds, which is moved to the end."""
    kept = match.groupdict().get("keep") or ""
    return kept.rjust(len(match.group()))


def _by_words(text: str, wording: Wording | None) -> list[Quantity]:
    found: list[Quantity] = []
    if wording is None:
        return found
    folded = same_width(text)
    for match in _TENTHS.finditer(folded):
        value = _DIGIT[match[1]] * 10 + _DIGIT[match[2]]
        found.append(Quantity(value, ("percent",), Span(*match.span()), match.group()))
    for match in _TENTHS_RANGE.finditer(folded):
        for group, first, last in (
            (1, match.start(), match.start(2)),
            (2, match.start(2), match.end()),
        ):
            span = Span(first, last)
            found.append(Quantity(_DIGIT[match[group]] * 10, ("percent",), span, span.of(text)))
    for pattern, value, unit in wording.values:
        for match in pattern.finditer(folded):
            span = Span(*match.span())
            if not any(span.overlaps(other.span) for other in found):
                found.append(Quantity(value, (unit,), span, match.group()))
    return found


def _only_a_rate(text: str, number: Number) -> bool:
    """ "1日" in "1日10回": ten times a day, not one day."""
    return (
        number.value == 1
        and number.unit != ""
        and load_taxonomy().unit(number.unit).kind == "time"
        and _RATE.match(text, number.span.end) is not None
    )


def _complete(text: str, found: Sequence[Quantity], wording: Wording | None) -> Iterator[Quantity]:
    """Each with the unit of its neighbour where it has none, whether it is told as rough, and
    whether it is a span of time in which something happened."""
    marked = []
    for item in found:
        if wording is not None:
            lead = text[max(0, item.span.start - _LEAD) : item.span.start].rstrip()
            item = replace(
                item,
                about=wording.about.search(lead) is not None,
                frame=item.unit in _LONG and wording.frames.search(lead) is not None,
            )
        marked.append(item)
    money = [item.unit for item in marked if item.unit in _money()]
    for index, item in enumerate(marked):
        if item.unit in ("", "count"):
            others = (
                _unit_beside(marked[index + 1 :], item),
                _unit_beside(marked[:index][::-1], item),
            )
            units = (item.unit, *filter(None, (*others, *money)))
            item = replace(item, units=tuple(dict.fromkeys(units)))
        yield item


def _unit_beside(others: Sequence[Quantity], item: Quantity) -> str:
    """The unit of the nearest that has one, over others that have none either, each near to the
    one before: "from 50 minutes to 2 or 5"."""
    last = item.span
    for other in others:
        if other.frame or _gap(last, other.span) > _LEAD * 2:
            return ""
        if other.unit not in ("", "count"):
            return other.unit
        last = other.span
    return ""


@cache
def _money() -> frozenset[str]:
    return frozenset(unit.id for unit in load_taxonomy().units() if unit.kind == "money")


def _gap(one: Span, other: Span) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


@cache
def _months(language: str) -> re.Pattern[str]:
    """Days with the name of their month, in either order."""
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(data_language(language) or "en", sep="-").months["format"]
    except (UnknownLocaleError, ValueError, KeyError):
        return re.compile(r"(?!)")
    words = {name for width in ("wide", "abbreviated") for name in names[width].values()}
    plain = [word.rstrip(".") for word in words if re.match(LETTER, word)]
    if not plain:
        return re.compile(r"(?!)")
    month = "|".join(re.escape(word) for word in sorted(plain, key=len, reverse=True))
    day = r"\d{1,2}(?:\.|st|nd|rd|th|er|º)?"
    return re.compile(
        rf"\b{day}\s(?:de\s)?(?:{month})\b(?:\.?,?\s(?:de\s)?\d{{4}})?|\b(?:{month})\.?\s{day}\b(?!\s?%)",
        re.IGNORECASE,
    )
