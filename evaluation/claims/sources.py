"""What sources say: fields of a brief, figures of an outcome, names of a customer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from pydantic import BaseModel

from contracts.brief import Brief, Sender, local_text
from contracts.case import Outcome, Span
from contracts.errors import BadInput
from language.dates import event_when, long_date
from language.numbers import Number, find_numbers
from language.text import phrase_pattern

__all__ = [
    "agrees",
    "field_text",
    "figures_of",
    "name_pattern",
    "names_it",
    "numbers_in",
    "squeezed",
]


@lru_cache(maxsize=4096)
def numbers_in(text: str, language: str) -> tuple[Number, ...]:
    """`find_numbers`, remembered: the same modules stand in many editions."""
    return find_numbers(text, language)


def field_text(brief: Brief, sender: Sender, path: str) -> str | None:
    """The text of "offer.de", "product.name", "sender.phone"; None if there is no such field.
    Where a text is the same in every language, a language after the point finds it too."""
    names = path.split(".")
    if said := _said_otherwise(brief, names):
        return said
    value: object = brief
    if names[0] == "sender":
        value, names = sender, names[1:]
    for name in names:
        if isinstance(value, Mapping):
            value = local_text(value, name)
        elif isinstance(value, tuple | list):
            value = value[int(name)] if name.isdigit() and int(name) < len(value) else None
        elif isinstance(value, BaseModel) and name in type(value).model_fields:
            value = getattr(value, name)
        else:
            return None
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return None


def _said_otherwise(brief: Brief, names: Sequence[str]) -> str:
    """Fields that a mail puts into words of its language: dates, and when an event is. Nothing
    in a language without dates: what is cited so was not taken from the brief."""
    try:
        return _in_words(brief, names)
    except BadInput:
        return ""


def _in_words(brief: Brief, names: Sequence[str]) -> str:
    match names:
        case ["event", "when", language] if brief.event is not None:
            event = brief.event
            return event_when(event.start, event.end, event.zone, language)
        case ["deadline", language] if brief.deadline is not None:
            return long_date(brief.deadline, language)
        case ["minutes"] if brief.minutes is not None:
            return str(brief.minutes)
    return ""


def figures_of(outcome: Outcome) -> Iterator[Number]:
    for value, unit in (
        (outcome.before, outcome.value_unit),
        (outcome.after, outcome.value_unit),
        (outcome.change, outcome.unit),
    ):
        if value is not None:
            yield Number(value, unit, Span(0, 0), str(value))


def agrees(said: Number, source: Number) -> bool:
    """Equal values in equal units. A figure whose unit stands with its neighbour, as in
    "41 to 12 hours", takes any unit."""
    if said.value != source.value:
        return False
    return (
        said.unit == source.unit
        or not {said.unit, source.unit} - {"", "count"}
        or ("" in (said.unit, source.unit))
    )


@lru_cache(maxsize=1024)
def name_pattern(name: str) -> re.Pattern[str]:
    return re.compile(phrase_pattern(name), re.IGNORECASE)


def names_it(said: str, name: str) -> bool:
    """Whether `said` holds the name, or its first words as people shorten it."""
    text = squeezed(said)
    words = name.replace(",", " ").split()
    for length in range(len(words), 0, -1):
        short = squeezed(" ".join(words[:length]))
        if len(short) >= (2 if length == len(words) else 5) and short in text:
            return True
    shorter = (
        (name[:length] for length in range(len(name) - 1, 3, -1)) if not name.isascii() else ()
    )
    return any(squeezed(part) in text for part in shorter)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
