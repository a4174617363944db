"""Where the parts of a message lie in its bytes (RFC 2045, 2046)."""

from __future__ import annotations

import email
import email.errors
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

__all__ = ["Place", "header_block", "leaves"]

_DEEP = 20  # multiparts inside multiparts that are followed
_MANY = 500  # parts that are looked at
_HEADER_END = re.compile(rb"\r?\n(?=\r?\n)")
_FAULTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    email.errors.MessageError,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A range of bytes."""

    start: int
    end: int


def leaves(raw: bytes) -> Iterator[tuple[Place, Message, Place, bool]]:
    """(headers, their fields, body, whether in an alternative) of each part without parts."""
    waiting = [(0, len(raw), False, 0)]
    seen = 0
    while waiting and seen < _MANY:
        start, end, alternative, depth = waiting.pop()
        seen += 1
        head = header_block(raw, start, end)
        body = Place(_after_blank(raw, head.end, end), end)
        try:
            fields = email.message_from_bytes(raw[head.start : head.end])
            kind = fields.get_content_type()
            boundary = fields.get_boundary() or ""
            fields.get_content_charset(), fields.get_content_disposition()
        except _FAULTS:
            continue
        if not kind.startswith("multipart/"):
            if not kind.startswith("message/"):
                yield head, fields, body, alternative
            continue
        if not boundary or depth >= _DEEP:
            continue
        inside = [
            (item.start, item.end, alternative or kind == "multipart/alternative", depth + 1)
            for item in _between(raw, body, boundary)
        ]
        waiting.extend(reversed(inside))


def _between(raw: bytes, body: Place, boundary: str) -> list[Place]:
    """The parts between the delimiter lines (RFC 2046, 5.1.1). The line break before a
    delimiter belongs to the delimiter."""
    name = re.escape(boundary.encode("utf-8", "surrogateescape"))
    line = re.compile(rb"(?:(?<=\n)|\A)--" + name + rb"(--)?[ \t]{0,80}(?:\r?\n|\Z)")
    parts: list[Place] = []
    start = -1
    for match in line.finditer(raw, body.start, body.end):
        if start >= 0:
            end = match.start()
            end -= 2 if raw[end - 2 : end] == b"\r\n" else 1
            parts.append(Place(start, max(start, end)))
            start = -1
        if match.group(1):
            break
        start = match.end()
        if len(parts) >= _MANY:
            break
    if 0 <= start <= body.end:
        parts.append(Place(start, body.end))
    return parts


def header_block(raw: bytes, start: int, end: int) -> Place:
    """The header block, the line break of its last line included."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return Place(start, start)
    match = _HEADER_END.search(raw, start, end)
    return Place(start, match.end() if match else end)


def _after_blank(raw: bytes, position: int, end: int) -> int:
    for blank in (b"\r\n", b"\n"):
        if raw.startswith(blank, position):
            return min(position + len(blank), end)
    return min(position, end)
