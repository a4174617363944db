"""Puts typed values into the named places of a sealed mail, and does nothing else.

No template engine runs at send time: what was approved must not change its meaning with
the upgrade of a library, and a value must never be read as a template.
"""

from __future__ import annotations

import html as markup
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.delivery import MergeValues
from contracts.mail import Edition
from delivery.errors import MergeRefused

__all__ = ["Filled", "fill", "merge", "printable"]

_PLACE = re.compile(r"\[\[([a-z_]+)\]\]")
# What a compiler may have made of a place in a link: no value would ever reach it.
_SPOILT_PLACE = re.compile(r"\[\[|%5B%5B(?=[a-z_]+%5D%5D)|&#91;&#91;(?=[a-z_]+&#93;)", re.I)
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control, lone surrogate, line, paragraph
# Bidirectional overrides and isolates reorder the text around them (Unicode TR 36, 2.4).
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Filled:
    """What one recipient reads. No place is left open."""

    subject: str
    html: str
    text: str


def merge(template: str, values: Mapping[str, str], html: bool) -> str:
    """`template` with each `[[name]]` replaced by its value, in one pass.

    In HTML, values are escaped for text and for quoted attributes alike. Values that have
    no place are not used.

    Raises:
        MergeRefused: a place has no value, something looks like a place and is none, or a
            value that is used holds a control character, a line break or `[[`.
    """
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(template):
        parts.append(_fixed(template[end : place.start()]))
        value = _value(place[1], values)
        parts.append(markup.escape(value, quote=True) if html else value)
        end = place.end()
    parts.append(_fixed(template[end:]))
    return "".join(parts)


def fill(edition: Edition, merge_values: MergeValues, system_values: Mapping[str, str]) -> Filled:
    """The edition with one recipient's values in it.

    A chosen text may hold open fields of its own ("Dear Ms [[last_name]]"); an open field
    holds none. `system_values` are what the worker knows and no recipient record may set,
    the unsubscribe link above all. Where a recipient has no value for an open field, or an
    empty one, the edition's fallback stands, if it has one.

    Raises:
        MergeRefused: a place stays open, a chosen key does not exist, or a value is given
            for something that the edition does not declare.
    """
    for name in merge_values.values:
        if name not in edition.fields or name in system_values or name in edition.choices:
            raise MergeRefused(f"the edition has no open field {name!r}: approve one that has it")
    for name in edition.fallbacks:
        if name not in edition.fields or name in system_values:
            raise MergeRefused(f"the edition's fallback {name!r} is for no open field: draft again")
    given = {**edition.fallbacks, **{k: v for k, v in merge_values.values.items() if v.strip()}}
    for name, value in merge_values.values.items():
        given.setdefault(name, value)
    values = {**given, **system_values}
    for name, key in merge_values.choices.items():
        wordings = edition.choices.get(name)
        if wordings is None or name in system_values:
            raise MergeRefused(f"the edition has no choice {name!r}: approve one that has it")
        if key not in wordings:
            raise MergeRefused(f"the choice {name!r} has no wording of that key: plan again")
        # Once in plain text; where it goes into HTML the whole wording is escaped there.
        values[name] = merge(wordings[key], {**given, **system_values}, html=False)
    subject = merge(edition.subject, values, html=False)
    if _unprintable(subject):
        raise MergeRefused("the subject holds a line break or a control character: approve again")
    return Filled(
        subject=subject,
        html=merge(edition.html, values, html=True),
        text=merge(edition.text, values, html=False),
    )


def _fixed(text: str) -> str:
    if spoilt := _SPOILT_PLACE.search(text):
        raise MergeRefused(
            f"the edition holds {spoilt[0]!r} that starts no place [[name]]: draft it again"
        )
    return text


def _value(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name)
    if value is None:
        raise MergeRefused(f"the place [[{name}]] has no value: plan again with it")
    if _unprintable(value):
        raise MergeRefused(f"the value of {name!r} holds a control character: mend the contact")
    if not printable(value):
        raise MergeRefused(f"the value of {name!r} holds '[[': mend the contact")
    return value


def printable(value: str) -> bool:
    """Whether a value may stand in a mail: one line, nothing that reorders or opens a place."""
    return not _unprintable(value) and "[[" not in value


def _unprintable(text: str) -> bool:
    return any(char in _REORDERING or unicodedata.category(char) in _CONTROLS for char in text)
