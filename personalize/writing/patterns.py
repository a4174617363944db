"""Sentence patterns: Jinja2 text in which tags mark what is claimed.

A pattern reads like `<result>{{ metric.np }} fell by {{ change }}</result>.` Rendering
gives the plain text and the span of every tag, so that a claim's place is known to the
character without searching for it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    return value.translate(_HIDE) if isinstance(value, str) else value


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


def render_pattern(pattern: str, values: Mapping[str, Any]) -> Marked:
    """The pattern's text with its values in place, and where each tag ended up.

    Raises:
        BadPhrases: an undefined value, a broken template, or tags that do not nest.
    """
    from jinja2 import TemplateError

    try:
        raw = str(_compiled(pattern).render(values))
    except TemplateError as error:
        raise BadPhrases(f"pattern «{pattern[:60]}»: {error}") from error
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
