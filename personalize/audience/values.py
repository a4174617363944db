"""What the cells of a list mean: consent, status, salutation, dates, placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from contracts.audience import ConsentKind, ContactStatus, Salutation
from contracts.errors import BadInput
from language.datafile import DataFile, load_data

__all__ = [
    "DateReading",
    "fields_by_name",
    "is_placeholder",
    "read_consent",
    "read_date",
    "read_flag",
    "read_salutation",
    "read_status",
    "required_fields",
    "squeeze",
]

_PACKAGE = "personalize.audience"
_Key = TypeVar("_Key")


class _Headers(DataFile):
    required: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]


class _Values(DataFile):
    empty: tuple[str, ...]
    consent: Mapping[ConsentKind, tuple[str, ...]]
    status: Mapping[ContactStatus, tuple[str, ...]]
    unsubscribed: Mapping[str, tuple[str, ...]]
    salutation: Mapping[Salutation, tuple[str, ...]]
    months: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DateReading:
    date: date | None
    problem: str = ""  # why there is none, or what was assumed


def squeeze(text: str) -> str:
    """`text` as names of columns and values are compared: NFKC, case folded, letters and
    digits only. "E-Mail " and "email" are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


@cache
def fields_by_name() -> Mapping[str, str]:
    """Squeezed header name -> field."""
    return _inverted("headers.yaml", load_data(_PACKAGE, "headers.yaml", _Headers).fields)


@cache
def required_fields() -> Mapping[str, tuple[str, ...]]:
    """Field that a list must have -> some of its names, for the message."""
    headers = load_data(_PACKAGE, "headers.yaml", _Headers)
    return {field: headers.fields[field][:3] for field in headers.required}


def is_placeholder(text: str) -> bool:
    """Whether a cell says in some way that it is empty: "-", "n/a", "k. A.", "无"."""
    return not text or text.casefold() in _placeholders()


def read_consent(text: str) -> ConsentKind | None:
    """What the word says of the consent; None where it is not known."""
    return _consent().get(squeeze(text))


def read_status(text: str) -> ContactStatus | None:
    """What the word says of the status; None where it is not known."""
    return _status().get(squeeze(text))


def read_flag(text: str) -> bool | None:
    """Whether a column that asks "unsubscribed?" says yes; None where it is not known."""
    found = _flags().get(squeeze(text))
    return None if found is None else found == "yes"


def read_salutation(text: str) -> Salutation | None:
    """The form of address; None where the word is not known. Nothing is read from names."""
    return _salutations().get(squeeze(text))


_ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?")
_GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(?:\s.*)?")
_SLASHED = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{4})(?:\s.*)?")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([^\W\d_]+)\.?,?[\s-]+(\d{4})(?:\s.*)?")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:\s.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_date(text: str) -> DateReading:
    """A day as people write it: ISO, 12.03.2026, 2026年3月12日, 12 March 2026, 12. März 2026.

    3/12/2026 is day and month to some and month and day to others: it is read only where
    one of the two cannot be a month or both are the same, else left empty and said so. A
    time of day is not kept.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return DateReading(None)
    for pattern in (_ISO, _COMPACT):
        if match := pattern.fullmatch(plain):
            return _day(match[1], match[2], match[3])
    if match := _GERMAN.fullmatch(plain):
        return _day(match[3], match[2], match[1])
    if match := _SLASHED.fullmatch(plain):
        first, second = int(match[1]), int(match[2])
        if first == second or first > 12 >= second:
            return _day(match[3], match[2], match[1])
        if second > 12 >= first:
            return _day(match[3], match[1], match[2])
        if first <= 12 and second <= 12:
            return DateReading(
                None, "could be two dates (day or month first), left empty: write 2026-03-12"
            )
    if match := _DAY_NAME.fullmatch(plain):
        return _named(match[3], match[2], match[1])
    if match := _NAME_DAY.fullmatch(plain):
        return _named(match[3], match[1], match[2])
    return DateReading(None, "is not a date that can be read, left empty: write 2026-03-12")


def _named(year: str, month: str, day: str) -> DateReading:
    number = _months().get(month.casefold())
    if number is None:
        return DateReading(None, "names a month that is not known, left empty: write 2026-03-12")
    return _day(year, str(number), day)


def _day(year: str, month: str, day: str) -> DateReading:
    try:
        return DateReading(date(int(year), int(month), int(day)))
    except ValueError:
        return DateReading(None, "is no day of the calendar, left empty: write 2026-03-12")


# --- data, loaded once ---------------------------------------------------------------------


@cache
def _values() -> _Values:
    return load_data(_PACKAGE, "values.yaml", _Values)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(word.casefold() for word in _values().empty)


@cache
def _consent() -> Mapping[str, ConsentKind]:
    return _inverted("consent", _values().consent)


@cache
def _status() -> Mapping[str, ContactStatus]:
    return _inverted("status", _values().status)


@cache
def _flags() -> Mapping[str, str]:
    return _inverted("unsubscribed", _values().unsubscribed)


@cache
def _salutations() -> Mapping[str, Salutation]:
    return _inverted("salutation", _values().salutation)


@cache
def _months() -> Mapping[str, int]:
    return {name.casefold(): number for number, names in _values().months.items() for name in names}


def _inverted(where: str, lists: Mapping[_Key, tuple[str, ...]]) -> Mapping[str, _Key]:
    """Squeezed word -> key.

    Raises:
        BadInput: a word stands for two keys, which would make the order of the file decide.
    """
    index: dict[str, _Key] = {}
    for key, words in lists.items():
        for word in (str(key), *words):
            if index.setdefault(squeeze(word), key) != key:
                raise BadInput(f'{where}: "{word}" stands in two lists; take it out of one')
    return index
