"""A message taken apart into its headers and parts (RFC 5322, RFC 2045, RFC 2046).

Written on its own because the standard library's parser recurses into nested parts, looks at each
line once for every part that is open, and holds a message several times over: docs/decisions/0015.
One pass over the lines that may be a boundary; nothing is copied but the headers.
"""

from __future__ import annotations

import re
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
    cut: list[str] = field(default_factory=list)  # those of them that say what was left out


class _Multipart:
    """A multipart whose parts are being read."""

    def __init__(self, boundary: bytes, part: MimePart, body: int) -> None:
        self.boundary = boundary
        self.part = part
        self.body = body  # where its body begins
        self.met = False  # its boundary
        self._line = b"--" + boundary
        line = re.escape(self._line)
        # Once as it is looked for, once more to see that a line begins with it.
        self._pattern = re.compile(line + rb"(?<![^\r\n]" + line + rb")(--)?+[ \t]*+(?=[\r\n]|\Z)")
        self._next: re.Match[bytes] | None = None
        self._looked = -1  # how far it was looked for in vain

    def next(self, raw: bytes, start: int, end: int) -> re.Match[bytes] | None:
        """Its first boundary line between two places, which never move backwards."""
        if self._next is not None and self._next.start() >= start:
            return self._next if self._next.start() < end else None
        if self._looked >= end:
            return None
        self._next = None
        if raw.find(self._line, start, end) >= 0:  # far quicker than a pattern
            self._next = self._pattern.search(raw, start, end)
        if self._next is None:
            self._looked = end
        return self._next


def read_message(raw: bytes) -> Message:
    """Take a message apart. Never fails; what is wrong or was left out stands in `defects`."""
    return _Reader(raw).read()


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._message = Message()
        self._open: list[_Multipart] = []
        self._known: set[bytes] = set()  # the boundaries of the open parts
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

    def _defect(self, text: str, *, cut: bool = False) -> None:
        if text not in self._message.defects:
            self._message.defects.append(text)
            if cut:
                self._message.cut.append(text)

    def _head(self, start: int) -> tuple[list[tuple[str, str]], int]:
        """The headers that begin there, and where what follows them begins."""
        raw = self._raw
        fields: list[tuple[str, str]] = []
        position, kept = start, 0
        while match := _FIELD.match(raw, position):
            begin, end = match.span(2)
            position = match.end()
            if len(fields) >= _MOST_FIELDS or kept > _LONGEST_HEAD:
                self._defect("more headers than are read; the rest was left out", cut=True)
                continue
            if end - begin > _LONGEST_FIELD:
                what = f"a header of more than {_LONGEST_FIELD:,} bytes was cut off"
                self._defect(what, cut=True)
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
            media_type=named,
            charset=kind.get("charset").strip(),
            encoding=content.get("content-transfer-encoding", "").strip().lower(),
            disposition=disposition.value,
        )
        self._message.structure.append(part)
        if named.startswith("multipart/"):
            if part.encoding not in PLAIN:  # RFC 2045, §6.4
                self._defect("a multipart that is encoded itself")
            boundary = kind.get("boundary").rstrip().encode("utf-8", "replace")
            if not boundary or len(boundary) > _LONGEST_BOUNDARY:
                self._defect("a multipart without a boundary")
            elif part.depth >= MOST_DEPTH:
                what = f"parts nested more than {MOST_DEPTH} deep; those were not read"
                self._defect(what, cut=True)
            elif boundary in self._known:
                self._defect("a multipart with the boundary of another that it stands in")
            else:
                self._known.add(boundary)
                self._open.append(_Multipart(boundary, part, body))
                return
            if part.depth < MOST_DEPTH:  # shown as text, as mail programs do
                part = replace(part, depth=part.depth + 1, media_type="text/plain")
        name = disposition.get("filename") or kind.get("name")
        identity = content.get("content-id", "").strip().removeprefix("<").removesuffix(">")
        self._leaf = Leaf(part, body, body, name, identity), body

    def _in_digest(self) -> bool:
        return bool(self._open) and self._open[-1].part.media_type == "multipart/digest"

    def _split(self, position: int) -> None:
        """Read the parts, up to the last boundary or the end."""
        raw = self._raw
        while found := self._boundary(position):
            level, line = found
            closes = line[1] is not None
            self._open[level].met = True
            self._end_leaf(_before_break(raw, line.start()))
            self._close(level + (not closes), line.start(), complete=closes)
            position = line.end()
            if not self._open:
                return
            if closes:
                continue
            if len(self._message.structure) >= MOST_PARTS:
                self._defect(f"more than {MOST_PARTS:,} parts; the rest was not read", cut=True)
                return
            after = _BLANK.match(raw, position)
            head, position = self._head(after.end() if after else position)
            self._begin(head, position)
        self._end_leaf(len(raw))
        self._defect("a multipart that is never closed")
        self._close(0, len(raw), complete=False)

    def _boundary(self, position: int) -> tuple[int, re.Match[bytes]] | None:
        """The next boundary line of any open multipart, and whose it is. What stands inside of
        another ends with it at the latest."""
        found: tuple[int, re.Match[bytes]] | None = None
        end = len(self._raw)
        for level, multipart in enumerate(self._open):
            line = multipart.next(self._raw, position, end)
            if line is not None:
                found, end = (level, line), line.start()
        return found

    def _close(self, level: int, end: int, *, complete: bool) -> None:
        """Close the multiparts from a level on. What never had its boundary is shown as text, as
        mail programs do."""
        while len(self._open) > level:
            inner = self._open.pop()
            self._known.discard(inner.boundary)
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


def _before_break(raw: bytes, start: int) -> int:
    """Where the line before that one ends: its break belongs to the boundary."""
    if start and raw[start - 1] == 10:
        start -= 1
    if start and raw[start - 1] == 13:
        start -= 1
    return start
