"""Sentence patterns: Jinja2 text in which tags mark what is claimed.

A pattern reads like `<result>{{ metric.np }} fell by {{ change }}</result>.` Rendering
gives the plain text and the span of every tag, so that a claim's place is known to the
character without searching for it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contracts.case import Span
from personalize.errors import BadPhrases

__all__ = ["Marked", "Tag", "render_pattern"]

TAGS = ("result", "customer", "situation", "quotation", "brief")
_TAG = re.compile(rf"<(/?)({'|'.join(TAGS)})(?::([a-z_0-9.\-A-Z]+))?>")
# A value that holds "<result>" or "[[name]]" must stay a value: its brackets travel as
# private-use characters through the pattern and come back afterwards.
_HIDE = str.maketrans({"<": "\ue000", "[": "\ue001", "]": "\ue002"})
_SHOW = str.maketrans({"\ue000": "<", "\ue001": "[", "\ue002": "]"})
# Where a value begins and ends, so that rules of setting leave it alone.
_OPEN, _CLOSE = "\ue003", "\ue004"
_VALUE = re.compile(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})")
_BARE = {ord(_OPEN): None, ord(_CLOSE): None}


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    detail: str  # "offer" in <brief:offer>
    span: Span


@dataclass(frozen=True, slots=True)
class Marked:
    text: str
    tags: tuple[Tag, ...]


def _hide(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return f"{_OPEN}{value.translate(_HIDE).translate(_BARE)}{_CLOSE}"


def _capitalise(value: str) -> str:
    """First letter in upper case, the rest as it is: "CAPA audits" stays."""
    return value[:1].upper() + value[1:]


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_hide, autoescape=False
    )
    environment.filters["cap"] = _capitalise
    return environment


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    return _environment().from_string(pattern)


def render_pattern(
    pattern: str, values: Mapping[str, Any], typeset: Callable[[str], str] | None = None
) -> Marked:
    """The pattern's text with its values in place, and where each tag ended up.

    Args:
        typeset: a language's rules of setting, for the pattern's own words; what a case or a
            brief says stays as it is said.

    Raises:
        BadPhrases: an undefined value, a broken template, or tags that do not nest.
    """
    from jinja2 import TemplateError

    try:
        raw = str(_compiled(pattern).render(values))
    except TemplateError as error:
        raise BadPhrases(f"pattern «{pattern[:60]}»: {error}") from error
    if typeset is not None:
        raw = "".join(
            piece if piece.startswith(_OPEN) else typeset(piece) for piece in _VALUE.split(raw)
        )
    raw = raw.translate(_BARE)
    raw = re.sub(r"[ \t]+", " ", raw).strip(" ")
    text: list[str] = []
    length = position = 0
    stack: list[tuple[str, str, int]] = []
    tags: list[Tag] = []
    for match in _TAG.finditer(raw):
        piece = raw[position : match.start()]
        text.append(piece)
        length += len(piece)
        position = match.end()
        closing, name, detail = match.groups()
        if not closing:
            stack.append((name, detail or "", length))
            continue
        if not stack or stack[-1][0] != name:
            raise BadPhrases(f"pattern «{pattern[:60]}»: </{name}> closes nothing")
        opened, detail, start = stack.pop()
        tags.append(Tag(opened, detail, Span(start, length)))
    if stack:
        raise BadPhrases(f"pattern «{pattern[:60]}»: <{stack[-1][0]}> is not closed")
    text.append(raw[position:])
    tags.sort(key=lambda tag: (tag.span.start, -tag.span.end))
    return Marked("".join(text).translate(_SHOW), tuple(tags))
