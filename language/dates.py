"""Days and times as a mail in a language writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict

from contracts.errors import BadInput
from language.datafile import DataFile, load_data
from language.tags import data_language

__all__ = ["event_when", "long_date"]


class _Style(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    day: str
    time: str
    begin_time: str = ""  # of the begin, where both times lie in one half of the day
    begin_same: bool = False  # the end leaves out the half of the day that the begin has named
    until: str
    zone: str
    zone_vowel: str = ""  # for a city that begins with a vowel, where that differs
    when: str
    when_open: str = ""  # without an end, where that is put in another way
    first: str = ""  # stands for the d of date and day on the first of a month


class _DatesFile(DataFile):
    languages: Mapping[str, _Style]


def long_date(day: date, language: str) -> str:
    """`day` in full without its weekday: "January 29, 2027", "29. Januar 2027", "2027年1月29日".

    Raises:
        BadInput: the product does not write dates in `language`.
    """
    style = _style(language)
    return _formatted(day, _of_day(style, style.date, day), language)


def event_when(start: datetime, end: datetime | None, zone: str, language: str) -> str:
    """When an event takes place, on the clocks of `zone`: weekday, date, time from and to, and
    the city whose time it is.

    Args:
        start, end: with a zone; an end on another day is written with its date.
        zone: IANA name such as "Europe/Berlin"; "" leaves the zone of `start` and names its
            distance from UTC.

    Raises:
        BadInput: `zone` is not known, a time has no zone, or the language is not written.
    """
    style = _style(language)
    if start.tzinfo is None or (end is not None and end.tzinfo is None):
        raise BadInput("an event's time needs a zone: write it as 2027-02-16T14:00:00+01:00")
    clock = _zone(zone)
    begin = start.astimezone(clock) if clock else start
    finish = None if end is None else end.astimezone(clock or start.tzinfo)
    day = _formatted(begin, _of_day(style, style.day, begin), language)
    if finish is None:
        time = _formatted(begin, style.time, language)
    elif finish.date() != begin.date():
        time = _formatted(begin, style.time, language) + style.until
        time += f"{_formatted(finish, _of_day(style, style.day, finish), language)}, "
        time += _formatted(finish, style.time, language)
    else:
        time = _span(begin, finish, style, language)
    shape = style.when_open if finish is None and style.when_open else style.when
    return shape.format(day=day, time=time, zone=_place(begin, zone, style, language))


def _span(begin: datetime, finish: datetime, style: _Style, language: str) -> str:
    """From and to; what is the same of both ("PM", 下午) is said once."""
    half = (begin.hour < 12) == (finish.hour < 12)
    first, last = style.time, style.time
    if half and style.begin_time:
        first = style.begin_time
    if half and style.begin_same:
        last = style.time.replace("a", "").strip()
    return _formatted(begin, first, language) + style.until + _formatted(finish, last, language)


def _place(begin: datetime, zone: str, style: _Style, language: str) -> str:
    if not zone:
        offset = begin.strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:]}"
    from babel.dates import get_timezone_location

    city = get_timezone_location(zone, locale=_locale(language), return_city=True)
    vowel = style.zone_vowel and unicodedata.normalize("NFD", city)[:1] in "AEIOUY"
    return (style.zone_vowel if vowel else style.zone).format(city=city)


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"«{name}» is no time zone: write a name such as Europe/Berlin") from error


def _of_day(style: _Style, pattern: str, day: date) -> str:
    """The pattern for `day`: "1er mars", but "2 mars"."""
    if day.day != 1 or not style.first:
        return pattern
    return re.sub(r"\bd\b", style.first, pattern, count=1)


def _formatted(value: date | datetime, pattern: str, language: str) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(value, datetime):
        return str(format_datetime(value, pattern, tzinfo=value.tzinfo, locale=_locale(language)))
    return str(format_date(value, pattern, locale=_locale(language)))


def _style(language: str) -> _Style:
    styles = _file().languages
    for key in (language, language.rsplit("-", 1)[0], data_language(language)):
        if key in styles:
            return styles[key]
    found = next((item for key, item in styles.items() if key.split("-")[0] == language), None)
    if found is None:
        raise BadInput(f"dates are not written in «{language}»: add it to language/data/dates.yaml")
    return found


@cache
def _locale(language: str) -> Any:
    from babel import Locale

    # Western digits everywhere: what the mail states is compared with the brief.
    return Locale.parse(language, sep="-")


@cache
def _file() -> _DatesFile:
    return load_data("language", "dates.yaml", _DatesFile)
