"""Numbers in running text, read with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from contracts.case import Span
from language.cjk_numerals import HAN_NUMERAL, han_value
from language.number_format import format_number
from language.number_packs import NumberPack, number_pack, pack_language
from language.number_words import (
    Lexicon,
    Prefixes,
    WordAt,
    context_patterns,
    fraction_pattern,
    numeral_value,
    word_key,
    word_pattern,
)
from language.taxonomy import load_taxonomy
from language.text import CJK, LETTER, same_width

__all__ = [
    "Number",
    "find_numbers",
    "format_number",
    "is_ambiguous",
    "same_value",
]

_SPACES = "\u00a0\u202f\u2009 "
_DIGITS = re.compile(
    rf"\d+(?:[.,'’]\d+|(?<!\d\d\d\d)[{_SPACES}](?=\d{{3}}(?!\d))\d{{3}})*", re.ASCII
)
_YEARS = range(1900, 2101)  # bare 年 after such a number is the calendar year
_CENT = Decimal("0.01")
_PIECE = re.compile(r" ?(\d{1,3}(?:,\d{3})+|\d+)(?![.,]?\d)")
_SHORTEST_PIECE = 3  # digits without a scale of their own: "1万2000", not the 5 of "3万、5"


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as it stands in a text. `unit` is "percent", "times", a unit id of the
    taxonomy, or "" where none stands at the number."""

    value: Decimal
    unit: str
    span: Span  # of number and unit together
    raw: str


def find_numbers(text: str, language: str) -> tuple[Number, ...]:
    """The quantities in `text`, in their order, none overlapping another.

    Digits with the separators of the language, multipliers ("3.2万", "5 Mio.", "2만 5천"),
    currency signs, percent signs, number words and Chinese numerals where a unit follows
    them, "half" and its like (50 percent; with a unit half of it), "a third" (33.33 percent,
    as it is rounded to two digits), "threefold" (3 times). Of a range the first number takes
    the unit of the second. Digits inside an identifier ("CO2", "3D", "COVID-19") are no
    numbers; a sign in front of a number is not read. Any language tag is taken; a language
    without a data pack is read by the rules of English.
    """
    return _reader(pack_language(language)).read(text)


def same_value(a: Number, b: Number) -> bool:
    """Whether two numbers say the same: equal value and unit; no unit equals a count."""
    return a.value == b.value and (a.unit or "count") == (b.unit or "count")


def is_ambiguous(number: Number, language: str) -> bool:
    """Whether the digits could be meant the other way: "1,250" in a language whose decimal
    separator is the comma is 1.25, unless its author groups thousands as English does."""
    mark = re.escape(number_pack(language).decimal)
    digits = same_width(number.raw)
    return bool(re.search(rf"(?<![\d.,])[1-9]\d{{0,2}}{mark}\d{{3}}(?![\d.,]\d|\d)", digits))


@cache
def _reader(language: str) -> _Reader:
    return _Reader(language, number_pack(language))


class _Reader:
    """The compiled rules of one language."""

    def __init__(self, language: str, pack: NumberPack) -> None:
        self._language, self._pack = language, pack
        suffixes: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        units = load_taxonomy().units()
        for unit in units:
            for lang in ("", language):
                suffixes.update(dict.fromkeys(unit.suffix.get(lang, ()), unit.id))
                prefixes.update(dict.fromkeys(unit.prefix.get(lang, ()), unit.id))
        self._counts = {unit.id for unit in units if unit.kind == "count"}
        self._money = {unit.id for unit in units if unit.kind == "money"}
        self._suffix = Lexicon(suffixes, gap=r"\s?")
        self._attributive = Lexicon(suffixes, gap="-")
        self._prefix = Prefixes(prefixes)
        self._times = Lexicon(pack.multipliers, gap=r"\s?")
        words = dict(pack.words)
        for word, value in pack.words.items():
            for suffix in pack.and_a_half:
                words[word + suffix] = value + Decimal("0.5")
        # In Hangul, which has no edges, "제한 시간" would hold "한 시간": one hour.
        self._words = word_pattern(words, edge=rf"(?<![{CJK}])")
        self._word_values = {word_key(word): value for word, value in words.items()}
        self._halves = word_pattern(pack.halves, edge="(?<![\uac00-\ud7af])")
        self._fifty = word_pattern(pack.fifty_percent)
        self._ratios = word_pattern(pack.ratios)
        self._ratio_values = {word_key(word): value for word, value in pack.ratios.items()}
        self._quantities = word_pattern(pack.quantities)
        self._quantity_values = {
            word_key(word): (Decimal(stated.split()[0]), stated.split()[1])
            for word, stated in pack.quantities.items()
        }
        self._fraction_values = {
            word_key(word): value
            for word, value in (*pack.fractions.items(), *pack.fractions_in_context.items())
        }
        self._fraction_words = (
            word_pattern(pack.fractions),
            *context_patterns(pack.fractions_in_context, pack.fraction_before, pack.fraction_after),
        )
        # Not after a figure: "2四半期" is two quarters.
        words_without = "|".join(map(re.escape, pack.no_numbers))
        self._seeming = re.compile(rf"(?<!\d)(?:{words_without})" if words_without else r"(?!)")
        self._fraction_marks = fraction_pattern(pack.fraction_marks)
        scales = "|".join(map(re.escape, sorted(pack.money_multipliers, key=len, reverse=True)))
        self._money_scale = re.compile(rf"\s?({scales})(?!\w)") if scales else None
        marks = "|".join(re.escape(mark) for mark in pack.range)
        self._range = re.compile(rf"\s*(?:{marks})\s*", re.IGNORECASE)

    def read(self, text: str) -> tuple[Number, ...]:
        folded = same_width(text)
        found = [*self._digits(folded), *self._named(folded)]
        found += self._fractions(folded)
        if self._pack.han:
            found += self._han(folded)
        seeming = [match.span() for match in self._seeming.finditer(folded)]
        found = [n for n in found if not any(a <= n.span.start < b for a, b in seeming)]
        found.sort(key=lambda n: (n.span.start, -n.span.end))
        kept: list[Number] = []
        for number in found:
            if not kept or kept[-1].span.end <= number.span.start:
                kept.append(replace(number, raw=number.span.of(text)))
        return tuple(self._share_units(folded, kept))

    def _digits(self, text: str) -> Iterator[Number]:
        for match in _DIGITS.finditer(text):
            value = self._parse(match.group())
            if value is not None:
                yield from self._quantity(text, match.start(), match.end(), value)
                continue
            for piece in re.finditer(r"\d+", match.group()):  # a date, a version, a list
                start = match.start() + piece.start()
                end = match.start() + piece.end()
                yield from self._quantity(text, start, end, Decimal(piece.group()))

    def _quantity(self, text: str, start: int, end: int, value: Decimal) -> Iterator[Number]:
        if re.search(rf"{LETTER}$", text[:start][-1:]):
            before = self._prefix.ending_at(text, start)
            if before is None:
                return  # "CO2", "B2B"
        number_end = end
        if (halved := self._half_before(text, end)) is not None:
            yield Number(value + Decimal("0.5"), halved.unit, Span(start, halved.end), "")
            return
        unit = self._unit_at(text, end)  # "千瓦时" before "千"
        if unit is None and (scale := self._times.at(text, end)):
            size = self._pack.multipliers[scale.unit]
            value, end = self._compound(text, value * size, scale.end, size)
            unit = self._unit_at(text, end)
        prefix = self._prefix.ending_at(text, start)
        if unit is None and self._money_scale and (scaled := self._money_scale.match(text, end)):
            unit = self._unit_at(text, scaled.end())  # "5 M€", "$5M"
            if prefix or (unit and unit.unit in self._money):
                value *= self._pack.money_multipliers[scaled[1]]
                end = scaled.end()
            else:
                unit = None
        if unit is None and prefix is None:
            if end == number_end and re.match(LETTER, text[end : end + 1]):
                return  # "3D", "2nd"
            if re.search(rf"{LETTER}-$", text[:start][-2:]):
                return  # "COVID-19"
        name = unit.unit if unit else prefix.unit if prefix else ""
        if prefix and name in self._counts:
            name, unit = prefix.unit, None
        if unit and name == "year" and self._is_calendar(text, value, unit, end == number_end):
            name, unit = "", None
        if any(text.endswith(mark, 0, start) for mark in self._pack.ordinal):
            name, unit = "", None
        last = unit.end if unit else end
        if unit and not prefix:
            value, last = self._half_after(text, value, last)
        first = prefix.end if prefix else start  # a prefix's `end` is where it begins
        for mark in self._pack.percent_before:
            if not name and text.endswith(mark, 0, first):
                name, first = "percent", first - len(mark)
        for mark in self._pack.tenths:
            if not name and text.startswith(mark, last):
                name, value, last = "percent", value * 10, last + len(mark)
                value, last = self._tenths_rest(text, value, last)
        yield Number(value, name, Span(first, last), "")

    def _compound(self, text: str, value: Decimal, end: int, size: Decimal) -> tuple[Decimal, int]:
        """The rest of "2만 5천", "1万2000" and "2億3000万": smaller pieces up to the unit."""
        while self._pack.compound and (match := _PIECE.match(text, end)):
            piece = self._parse(match[1])
            scale = self._times.at(text, match.end())
            if piece is None or (scale is None and len(match[1]) < _SHORTEST_PIECE):
                break
            smaller = self._pack.multipliers[scale.unit] if scale else Decimal(1)
            if piece * smaller >= size or (scale and smaller == 1):
                break
            value += piece * smaller
            end, size = (scale.end if scale else match.end()), smaller
            if scale is None:
                break
        return value, end

    def _tenths_rest(self, text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
        """The second figure of "2割5分": 25 percent."""
        for mark in self._pack.hundredths:
            if match := re.compile(rf"(\d){re.escape(mark)}").match(text, end):
                return value + int(match[1]), match.end()
        return value, end

    def _half_before(self, text: str, end: int) -> WordAt | None:
        """The unit in "两个半小时" and "三个半月", None where none stands so."""
        plain = self._unit_at(text, end)
        for mark in self._pack.half_before_unit:
            rest = end + len(mark)
            if not text.startswith(mark, end) or (plain and plain.end >= rest):
                continue  # "两个半年度": a unit of its own
            if found := self._unit_at(text, rest):
                return found
            if found := self._unit_at(mark[:1] + text[rest : rest + 8], 0):
                return WordAt(found.unit, found.end + rest - 1)
        return None

    def _unit_at(self, text: str, place: int) -> WordAt | None:
        return self._suffix.at(text, place) or self._attributive.at(text, place)

    def _is_calendar(self, text: str, value: Decimal, unit: WordAt, plain: bool) -> bool:
        return plain and value in _YEARS and text[unit.end - 1] in "年년"

    def _half_after(self, text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
        for mark in self._pack.half_after_unit:
            if text.startswith(mark, end):
                return value + Decimal("0.5"), end + len(mark)
        return value, end

    def _named(self, text: str) -> Iterator[Number]:
        for match in self._words.finditer(text) if self._word_values else ():
            unit = self._unit_at(text, match.end())
            if unit and unit.unit not in self._counts:
                value = self._word_values[word_key(match.group())]
                value, end = self._half_after(text, value, unit.end)
                yield Number(value, unit.unit, Span(match.start(), end), "")
        for match in self._fifty.finditer(text):  # "半分" is a half, not half a minute
            yield Number(Decimal(50), "percent", Span(*match.span()), "")
        for match in self._halves.finditer(text):
            unit = self._unit_at(text, match.end())
            if unit and unit.unit not in self._counts and unit.unit != "percent":
                yield Number(Decimal("0.5"), unit.unit, Span(match.start(), unit.end), "")
        for match in self._ratios.finditer(text):
            yield Number(
                self._ratio_values[word_key(match.group())], "times", Span(*match.span()), ""
            )
        for match in self._quantities.finditer(text) if self._quantity_values else ():
            value, unit_id = self._quantity_values[word_key(match.group())]
            yield Number(value, unit_id, Span(*match.span()), "")

    def _fractions(self, text: str) -> Iterator[Number]:
        """Parts of a whole as percentages: "a third", "三分之一", "3分の1"."""
        for pattern in self._fraction_words if self._fraction_values else ():
            for match in pattern.finditer(text):
                value = self._fraction_values[word_key(match.group())]
                yield Number(value, "percent", Span(*match.span()), "")
        for match in self._fraction_marks.finditer(text) if self._fraction_marks else ():
            whole, part = (numeral_value(match[name]) for name in ("whole", "part"))
            if whole and part and part < whole and whole != 100:
                percent = (part * 100 / whole).quantize(_CENT)
                yield Number(percent, "percent", Span(*match.span()), "")

    def _han(self, text: str) -> Iterator[Number]:
        for match in HAN_NUMERAL.finditer(text):
            value = han_value(match.group())
            if value is None:
                continue
            for number in self._quantity(text, match.start(), match.end(), value):
                if number.unit and number.unit not in self._counts:
                    yield number

    def _share_units(self, text: str, numbers: list[Number]) -> Iterator[Number]:
        for index, number in enumerate(numbers):
            if not number.unit and index + 1 < len(numbers):
                following = numbers[index + 1]
                gap = text[number.span.end : following.span.start]
                if following.unit and self._range.fullmatch(gap):
                    yield replace(number, unit=following.unit)
                    continue
            yield number

    def _parse(self, raw: str) -> Decimal | None:
        """The value of digits and separators, None where they make no one number."""
        plain = re.sub(rf"[{_SPACES}'’]", "", raw)
        if re.search(r"['’]", raw) and not re.fullmatch(r"\d{1,3}(['’]\d{3})+([.,]\d+)?", raw):
            return None
        marks = re.findall("[.,]", plain)
        if not marks:
            return Decimal(plain)
        if len(set(marks)) == 2:  # both: the last is the decimal
            group, decimal = marks[0], marks[-1]
            if marks.count(decimal) > 1 or not re.fullmatch(
                rf"\d{{1,3}}(\{group}\d{{3}})+\{decimal}\d+", plain
            ):
                return None
            return Decimal(plain.replace(group, "").replace(decimal, "."))
        mark = marks[0]
        grouped = re.fullmatch(rf"[1-9]\d{{0,2}}(\{mark}\d{{3}})+", plain)
        if len(marks) > 1:
            return Decimal(plain.replace(mark, "")) if grouped else None
        if mark == self._pack.group and grouped:
            return Decimal(plain.replace(mark, ""))
        return Decimal(plain.replace(mark, "."))
