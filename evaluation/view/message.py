"""A message taken apart into its headers and parts (RFC 5322, RFC 2045, RFC 2046).

Written on its own because the standard library's parser recurses into nested parts, looks at each
line once for every part that is open, and holds a message several times over: docs/decisions/0015.
One pass over the lines that may be a boundary; nothing is copied but the headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from evaluation.view.attached import PLAIN
from evaluation.view.decoding import decoded_words, guessed, parameters

__all__ = ["Field", "Leaf", "Message", "MimePart", "read_message"]

MOST_PARTS = 1_000
MOST_DEPTH = 50
_MOST_FIELDS = 2_000
_LONGEST_FIELD = 200_000  # bytes that are kept of one header
_LONGEST_HEAD = 2_000_000  # bytes that are kept of all headers of a part
_LONGEST_BOUNDARY = 1_000  # bytes; RFC 2046, §5.1.1 allows 70

_FIELD = re.compile(
    rb"([!-9;-~]++)[ \t]*+:([^\r\n]*+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*+)*+)(?:\r\n|\r|\n|\Z)"
)
_BLANK = re.compile(rb"\r\n|\r|\n|\Z")
_ENVELOPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\r\n]*+(?:\r\n|\r|\n))?")
_LINE = re.compile(rb"[^\r\n]*+")


@dataclass(frozen=True, slots=True)
class Field:
    """One header as it stands."""

    name: str  # as written
    value: str  # decoded, in one line
    raw: str  # as it travelled, folds included


@dataclass(frozen=True, slots=True)
class MimePart:
    """One node of the tree of parts; `depth` 0 is the message."""

    depth: int
    media_type: str
    charset: str = ""  # as declared
    encoding: str = ""
    disposition: str = ""

    def __str__(self) -> str:
        return " " * self.depth + self.media_type


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds content, between two places of the message."""

    part: MimePart
    start: int
    end: int
    name: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Message:
    fields: tuple[Field, ...] = ()
    head_end: int = 0  # where the headers are over
    structure: list[MimePart] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Multipart:
    boundary: bytes
    part: MimePart
    body: int  # where its body begins
    met: bool = False  # its boundary


def read_message(raw: bytes) -> Message:
    """Take a message apart. Never fails; what is wrong or was left out stands in `defects`."""
    return _Reader(raw).read()


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._message = Message()
        self._open: list[_Multipart] = []
        self._known: dict[bytes, int] = {}  # boundary -> which of the open parts has it
        self._leaf: tuple[Leaf, int] | None = None  # the one being read

    def read(self) -> Message:
        raw, message = self._raw, self._message
        envelope = _ENVELOPE.match(raw)
        head, body = self._head(envelope.end() if envelope else 0)
        message.fields = tuple(
            Field(name, decoded_words(value), value.strip(" \t")) for name, value in head
        )
        message.head_end = body
        self._begin(head, body)
        if self._open:
            self._split(body)
        else:
            self._end_leaf(len(raw))
        return message

    def _defect(self, text: str) -> None:
        if text not in self._message.defects:
            self._message.defects.append(text)

    def _head(self, start: int) -> tuple[list[tuple[str, str]], int]:
        """The headers that begin there, and where what follows them begins."""
        raw = self._raw
        fields: list[tuple[str, str]] = []
        position, kept = start, 0
        while match := _FIELD.match(raw, position):
            begin, end = match.span(2)
            position = match.end()
            if len(fields) >= _MOST_FIELDS or kept > _LONGEST_HEAD:
                self._defect("more headers than are read; the rest was left out")
                continue
            if end - begin > _LONGEST_FIELD:
                self._defect(f"a header of more than {_LONGEST_FIELD:,} bytes was cut off")
                end = begin + _LONGEST_FIELD
            kept += end - begin
            fields.append((match[1].decode("ascii"), _header_text(raw[begin:end])))
        blank = _BLANK.match(raw, position)
        if blank is None:
            self._defect("headers that end without an empty line")
            return fields, position
        return fields, blank.end()

    def _begin(self, head: list[tuple[str, str]], body: int) -> None:
        """Begin a part whose headers were just read."""
        content = _content_headers(head)
        kind = parameters(content.get("content-type", ""))
        default = "message/rfc822" if self._in_digest() else "text/plain"
        named = kind.value if kind.value.count("/") == 1 else default
        disposition = parameters(content.get("content-disposition", ""))
        part = MimePart(
            depth=len(self._open),
            media_type=named[:200],
            charset=kind.get("charset").strip()[:80],
            encoding=content.get("content-transfer-encoding", "").strip().lower()[:80],
            disposition=disposition.value[:80],
        )
        self._message.structure.append(part)
        if named.startswith("multipart/"):
            if part.encoding not in PLAIN:  # RFC 2045, §6.4
                self._defect("a multipart that is encoded itself")
            boundary = kind.get("boundary").rstrip().encode("utf-8", "replace")
            if not boundary or len(boundary) > _LONGEST_BOUNDARY:
                self._defect("a multipart without a boundary")
            elif part.depth >= MOST_DEPTH:
                self._defect(f"parts nested more than {MOST_DEPTH} deep; those were not read")
            elif boundary in self._known:
                self._defect("a multipart with the boundary of another that it stands in")
            else:
                self._known[boundary] = len(self._open)
                self._open.append(_Multipart(boundary, part, body))
                return
        name = disposition.get("filename") or kind.get("name")
        identity = content.get("content-id", "").strip().removeprefix("<").removesuffix(">")
        self._leaf = Leaf(part, body, body, name[:1_000], identity[:500]), body

    def _in_digest(self) -> bool:
        return bool(self._open) and self._open[-1].part.media_type == "multipart/digest"

    def _split(self, position: int) -> None:
        """Read the parts, up to the last boundary or the end."""
        raw = self._raw
        for start, end, line in _boundary_lines(raw, position):
            level = self._known.get(line)
            closes = False
            if level is None and line.endswith(b"--"):
                level = self._known.get(line[:-2])
                closes = True
            if level is None or start < position:
                continue
            self._open[level].met = True
            self._end_leaf(_before_break(raw, start))
            self._close(level + (not closes), start, complete=closes)
            if not self._open:
                return
            if closes:
                continue
            if len(self._message.structure) >= MOST_PARTS:
                self._defect(f"more than {MOST_PARTS:,} parts; the rest was not read")
                self._open.clear()
                return
            after = _BLANK.match(raw, end)
            head, position = self._head(after.end() if after else end)
            self._begin(head, position)
        self._end_leaf(len(raw))
        self._defect("a multipart that is never closed")
        self._close(0, len(raw), complete=False)

    def _close(self, level: int, end: int, *, complete: bool) -> None:
        """Close the multiparts from a level on. What never had its boundary is shown as text, as
        mail programs do."""
        while len(self._open) > level:
            inner = self._open.pop()
            del self._known[inner.boundary]
            if not inner.met:
                self._defect("a multipart without its boundary in it")
                plain = MimePart(inner.part.depth + 1, "text/plain")
                self._add(Leaf(plain, inner.body, max(inner.body, end)))
            elif len(self._open) > level or not complete:
                self._defect("a multipart that is never closed")

    def _end_leaf(self, end: int) -> None:
        if self._leaf is not None:
            leaf, start = self._leaf
            self._leaf = None
            self._add(replace(leaf, end=max(start, end)))

    def _add(self, leaf: Leaf) -> None:
        self._message.leaves.append(leaf)


def _content_headers(head: list[tuple[str, str]]) -> dict[str, str]:
    """The headers that speak of the content, the first of each name."""
    found: dict[str, str] = {}
    for name, value in head:
        low = name.lower()
        if low.startswith("content-"):
            found.setdefault(low, value)
    return found


def _header_text(value: bytes) -> str:
    """A header is ASCII; what is not is UTF-8 (RFC 6532) or some Western charset."""
    if value.isascii():
        return value.decode("ascii")
    return guessed(value)


def _boundary_lines(raw: bytes, position: int) -> Iterator[tuple[int, int, bytes]]:
    """Every line from a place on that begins with two dashes: where it begins and ends, and what
    stands behind the dashes."""
    while (start := raw.find(b"--", position)) >= 0:
        if start and raw[start - 1] not in b"\r\n":
            position = _line_end(raw, start)  # a ruler of dashes is passed over at once
            continue
        position = end = _line_end(raw, start)
        if end - start <= _LONGEST_BOUNDARY + 10:
            yield start, end, raw[start + 2 : end].rstrip(b" \t")


def _line_end(raw: bytes, start: int) -> int:
    match = _LINE.match(raw, start)
    return match.end() if match else len(raw)


def _before_break(raw: bytes, start: int) -> int:
    """Where the line before that one ends: its break belongs to the boundary."""
    if start and raw[start - 1] == 10:
        start -= 1
    if start and raw[start - 1] == 13:
        start -= 1
    return start
