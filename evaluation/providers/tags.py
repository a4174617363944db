"""Lists of `tag=value`, the form of DKIM signatures and keys, DMARC, TLS reporting and BIMI."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from contracts.case import Span

__all__ = ["Tag", "TagList", "read_tags"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}\Z")
_MOST = 100  # tags of one list that are read
_LONGEST = 65_536  # characters; what DNS can carry


@dataclass(frozen=True, slots=True)
class Tag:
    name: str  # lower case
    value: str
    span: Span  # of the whole `tag=value` in the text that was read


@dataclass(frozen=True, slots=True)
class TagList:
    """The tags in order; of one that stands twice the first. `broken` is what is none."""

    tags: tuple[Tag, ...] = ()
    twice: tuple[str, ...] = ()
    broken: tuple[str, ...] = field(default=())

    def get(self, name: str, default: str = "") -> str:
        tag = self.tag(name)
        return default if tag is None else tag.value

    def tag(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.name == name), None)

    def __contains__(self, name: str) -> bool:
        return self.tag(name) is not None


def read_tags(text: str) -> TagList:
    """The tag list of RFC 6376 §3.2, which RFC 9989 §4.8 and RFC 8460 §3 use too. Names count
    without case: who wrote `P=reject` meant it, and is told so by nobody."""
    found: dict[str, Tag] = {}
    twice: list[str] = []
    broken: list[str] = []
    start = 0
    for piece in text[:_LONGEST].split(";")[:_MOST]:
        end = start + len(piece)
        name, equals, value = piece.partition("=")
        key = name.strip().lower()
        if piece.strip():
            if not equals or not _NAME.match(key):
                broken.append(piece.strip()[:80])
            elif key in found:
                twice.append(key)
            else:
                lead = len(piece) - len(piece.lstrip())
                span = Span(start + lead, start + len(piece.rstrip()))
                found[key] = Tag(key, value.strip(), span)
        start = end + 1
    return TagList(tuple(found.values()), tuple(twice), tuple(broken))
