"""Numbers in running text, read with their units and written as a language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict

from contracts.case import Span
from language.datafile import DataFile, load_data
from language.taxonomy import load_taxonomy
from language.text import END, LETTER, WORD, any_phrase, same_width

__all__ = ["Number", "find_numbers", "format_number", "format_quantity", "same_value"]

_SPACES = "\u00a0\u202f\u2009 "
_DIGITS = re.compile(
    rf"\d+(?:[.,'’]\d+|(?<!\d\d\d\d)[{_SPACES}](?=\d{{3}}(?!\d))\d{{3}})*", re.ASCII
)
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN_BLOCKS = {"万": 10_000, "亿": 100_000_000}
_HAN = re.compile("[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*")
_YEARS = range(1900, 2101)  # bare 年 after such a number is the calendar year
_SHORTEST_WAN = 10_000
_BLOCK_PLACES = 2  # digits after the point that "16.4万" may have


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as it stands in a text. `unit` is "percent", "times", a unit id of the
    taxonomy, or "" where none stands at the number."""

    value: Decimal
    unit: str
    span: Span  # of number and unit together
    raw: str


class _Pack(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    decimal: str
    group: str
    multipliers: Mapping[str, Decimal]
    words: Mapping[str, Decimal]
    halves: tuple[str, ...]
    fifty_percent: tuple[str, ...]
    ratios: Mapping[str, Decimal]
    range: tuple[str, ...]
    and_a_half: tuple[str, ...] = ()
    half_after_unit: tuple[str, ...] = ()
    half_before_unit: tuple[str, ...] = ()
    percent_before: tuple[str, ...] = ()
    ordinal: tuple[str, ...] = ()
    tenths: tuple[str, ...] = ()


class _NumbersFile(DataFile):
    languages: Mapping[str, _Pack]


def find_numbers(text: str, language: str) -> tuple[Number, ...]:
    """The quantities in `text`, in their order, none overlapping another.

    Digits with the separators of the language, multipliers ("3.2万", "5 Mio."), currency
    signs, percent signs, number words and Chinese numerals where a unit follows them,
    "half" and its like (50 percent; with a unit half of it), "threefold" (3 times). Of a
    range the first number takes the unit of the second. Digits inside an identifier
    ("CO2", "3D", "COVID-19") are no numbers; a sign in front of a number is not read.
    A language without a data pack is read by the rules of English.
    """
    return _reader(_resolve(language)).read(text)


def same_value(a: Number, b: Number) -> bool:
    """Whether two numbers say the same: equal value and unit; no unit equals a count."""
    return a.value == b.value and (a.unit or "count") == (b.unit or "count")


def format_number(value: Decimal, language: str) -> str:
    """`value` (not negative) as the language writes it: "1,250.5", "1.250,5", "16.4万".

    Raises:
        ValueError: `value` is negative or not finite.
    """
    if not value.is_finite() or value < 0:
        raise ValueError("only finite numbers from 0 on can be written")
    resolved = _resolve(language)
    if resolved == "zh-Hans" and value >= _SHORTEST_WAN:
        # From 10 000 on in 亿 or 万, where that is exact and no harder to read.
        for sign, block in reversed(_HAN_BLOCKS.items()):
            scaled = (value / block).normalize()
            if scaled >= 1 and -int(scaled.as_tuple().exponent) <= _BLOCK_PLACES:
                return format(scaled, "f") + sign
    pack = _packs()[resolved]
    whole, _, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0")
    if resolved not in {"zh-Hans", "ja"}:
        whole = f"{int(whole):,}".replace(",", pack.group)
    return whole + (pack.decimal + fraction if fraction else "")


def format_quantity(value: Decimal, unit: str, language: str, form: str = "") -> str:
    """`value` with its unit in the language's typography: "18%", "18 %" (U+00A0), "14小时".

    `unit` "" gives the number alone; `form` names a form of the unit where the sentence
    needs another than one/other ("dat_other").

    Raises:
        UnknownTerm: no such unit.
        MissingForm: the unit has no form in `language`.
        ValueError: `value` is negative or not finite.
    """
    number = format_number(value, language)
    if not unit:
        return number
    entry = load_taxonomy().unit(unit)
    name = form or ("one" if value == 1 else "other")
    word = entry.form(language, name)
    return entry.quantity[language].format(n=number, unit=word)


@cache
def _packs() -> Mapping[str, _Pack]:
    return load_data("language", "numbers.yaml", _NumbersFile).languages


def _resolve(language: str) -> str:
    packs = _packs()
    if language in packs:
        return language
    base = language.split("-")[0]
    return base if base in packs else "zh-Hans" if base == "zh" else "en"


@cache
def _reader(language: str) -> _Reader:
    return _Reader(language, _packs()[language])


@dataclass(frozen=True, slots=True)
class _UnitAt:
    unit: str
    end: int


class _Reader:
    """The compiled rules of one language."""

    def __init__(self, language: str, pack: _Pack) -> None:
        self._language, self._pack = language, pack
        suffixes: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        units = load_taxonomy().units()
        for unit in units:
            for lang in ("", language):
                suffixes.update(dict.fromkeys(unit.suffix.get(lang, ()), unit.id))
                prefixes.update(dict.fromkeys(unit.prefix.get(lang, ()), unit.id))
        self._counts = {unit.id for unit in units if unit.kind == "count"}
        self._suffix = _Lexicon(suffixes, gap=r"\s?")
        self._attributive = _Lexicon(suffixes, gap="-")
        self._prefix = _Prefixes(prefixes)
        self._times = _Lexicon(pack.multipliers, gap=r"\s?")
        words = dict(pack.words)
        for word, value in pack.words.items():
            for suffix in pack.and_a_half:
                words[word + suffix] = value + Decimal("0.5")
        self._words = _words(words)
        self._word_values = {_key(word): value for word, value in words.items()}
        self._halves = _words(pack.halves)
        self._fifty = _words(pack.fifty_percent)
        self._ratios = _words(pack.ratios)
        self._ratio_values = {_key(word): value for word, value in pack.ratios.items()}
        marks = "|".join(re.escape(mark) for mark in pack.range)
        self._range = re.compile(rf"\s*(?:{marks})\s*", re.IGNORECASE)

    def read(self, text: str) -> tuple[Number, ...]:
        folded = same_width(text)
        found = [*self._digits(folded), *self._named(folded)]
        if CJK_NUMERALS.get(self._language):
            found += self._han(folded)
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
            value *= self._pack.multipliers[scale.unit]
            end = scale.end
            unit = self._unit_at(text, end)
        prefix = self._prefix.ending_at(text, start)
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
        yield Number(value, name, Span(first, last), "")

    def _half_before(self, text: str, end: int) -> _UnitAt | None:
        """The unit in "两个半小时" and "三个半月", None where none stands so."""
        plain = self._unit_at(text, end)
        for mark in self._pack.half_before_unit:
            rest = end + len(mark)
            if not text.startswith(mark, end) or (plain and plain.end >= rest):
                continue  # "两个半年度": a unit of its own
            if found := self._unit_at(text, rest):
                return found
            if found := self._unit_at(mark[:1] + text[rest : rest + 8], 0):
                return _UnitAt(found.unit, found.end + rest - 1)
        return None

    def _unit_at(self, text: str, place: int) -> _UnitAt | None:
        return self._suffix.at(text, place) or self._attributive.at(text, place)

    def _is_calendar(self, text: str, value: Decimal, unit: _UnitAt, plain: bool) -> bool:
        return plain and value in _YEARS and text[unit.end - 1] == "年"

    def _half_after(self, text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
        for mark in self._pack.half_after_unit:
            if text.startswith(mark, end):
                return value + Decimal("0.5"), end + len(mark)
        return value, end

    def _named(self, text: str) -> Iterator[Number]:
        for match in self._words.finditer(text) if self._word_values else ():
            unit = self._unit_at(text, match.end())
            if unit and unit.unit not in self._counts:
                value = self._word_values[_key(match.group())]
                yield Number(value, unit.unit, Span(match.start(), unit.end), "")
        for match in self._halves.finditer(text):
            unit = self._unit_at(text, match.end())
            if unit and unit.unit not in self._counts and unit.unit != "percent":
                yield Number(Decimal("0.5"), unit.unit, Span(match.start(), unit.end), "")
        for match in self._fifty.finditer(text):
            yield Number(Decimal(50), "percent", Span(*match.span()), "")
        for match in self._ratios.finditer(text):
            yield Number(self._ratio_values[_key(match.group())], "times", Span(*match.span()), "")

    def _han(self, text: str) -> Iterator[Number]:
        for match in _HAN.finditer(text):
            value = _han_value(match.group())
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


CJK_NUMERALS: Mapping[str, bool] = {"zh-Hans": True, "ja": True}


class _Lexicon:
    """Finds which of a set of words stands at a place, the longest first."""

    def __init__(self, words: Mapping[str, object], gap: str) -> None:
        self._values = {
            _key(word): str(value) if isinstance(value, str) else word
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

    def at(self, text: str, start: int) -> _UnitAt | None:
        if self._pattern is None or (match := self._pattern.match(text, start)) is None:
            return None
        return _UnitAt(self._values[_key(match.group(1))], match.end())


class _Prefixes:
    """Finds which currency sign stands in front of a place; `end` is where it begins."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = sorted(words.items(), key=lambda item: -len(item[0]))

    def ending_at(self, text: str, end: int) -> _UnitAt | None:
        head = text[max(0, end - 12) : end]
        bare = head.rstrip("\u00a0\u202f ")
        if len(head) - len(bare) > 1:
            return None
        for word, unit in self._words:
            if bare.endswith(word):
                start = end - (len(head) - len(bare)) - len(word)
                lettered = re.match(LETTER, word)
                if not (lettered and start and re.match(WORD, text[start - 1])):
                    return _UnitAt(unit, start)
        return None


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(any_phrase(words), re.IGNORECASE)


def _key(word: str) -> str:
    return re.sub(r"[\s-]+", " ", word.casefold()).strip()


def _han_value(text: str) -> Decimal | None:
    """The value of a Chinese numeral ("二十", "两千三百", "三万五千"), None if malformed."""
    total = block = digit = 0
    last: str = ""
    for char in text:
        if char in _HAN_DIGITS:
            if last in _HAN_DIGITS and last not in "零〇" and last:
                return None  # "三四": an estimate, or digits read one by one
            digit = _HAN_DIGITS[char]
        elif char in _HAN_SCALES:
            block += (digit if last in _HAN_DIGITS and last else 1) * _HAN_SCALES[char]
            digit = 0
        else:
            total = (total + block + digit) * _HAN_BLOCKS[char]
            block = digit = 0
        last = char
    return Decimal(total + block + digit)
