"""A mail's file as it lies on the disk, and the same file with another subject or other texts.

An .eml file is not parsed and written again: only the ranges of bytes that change are replaced,
so that structure, attachments and all other headers keep every byte (RFC 5322, 2045, 2046).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import email
import email.errors
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import Header
from email.message import Message

from contracts.errors import BadInput

__all__ = ["MailSource", "Place", "TextPart", "open_source"]

_DEEP = 20  # multiparts inside multiparts that are followed
_MANY = 500  # parts that are looked at
_LONGEST = 998  # bytes of a line (RFC 5322, 2.1.1)
_HEADER_END = re.compile(rb"\r?\n(?=\r?\n)")
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*", re.MULTILINE)
_CHARSET = re.compile(rb"""(;\s*charset\s*=\s*)("[^"\r\n]*"|[^;\s]+)""", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part that is read: its source as text, and what must be kept to write it again."""

    text: str
    charset: str
    faithful: bool  # the bytes fit the charset; else each stands for itself, as in Latin-1
    body: Place
    headers: Place | None = None  # None: the file is this part
    encoding: str = ""
    mark: bytes = b""  # a byte order mark in front


@dataclass(frozen=True, slots=True)
class MailSource:
    raw: bytes
    kind: str  # "eml", "html" or "txt"
    html: TextPart | None
    text: TextPart | None

    @property
    def newline(self) -> bytes:
        return b"\r\n" if b"\r\n" in self.raw[:65536] else b"\n"

    def rebuilt(
        self,
        *,
        subject: str | None = None,
        html: str | None = None,
        text: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> bytes:
        """The file with these in place of what it has; None leaves a thing as it is.

        Args:
            fields: header fields to add to an .eml file; plain ASCII.

        Raises:
            BadInput: a text does not fit the file's charset and cannot be made to.
        """
        edits: list[tuple[int, int, bytes]] = []
        if self.html is not None and html is not None:
            edits += self._part_edits(self.html, html, markup=True)
        if self.text is not None and text is not None:
            edits += self._part_edits(self.text, text, markup=False)
        if self.kind == "eml":
            edits += self._header_edits(subject, fields or {})
        out = self.raw
        for start, end, data in sorted(edits, key=lambda edit: edit[0], reverse=True):
            out = out[:start] + data + out[end:]
        return out

    def _header_edits(
        self, subject: str | None, fields: Mapping[str, str]
    ) -> Iterator[tuple[int, int, bytes]]:
        top = _top(self.raw, 0, len(self.raw))
        if subject is not None:
            line = b"Subject: " + _header_value(subject, self.newline) + self.newline
            yield _replaced(self.raw, top, b"subject", line)
        lines = [f"{name}: {value}".encode("ascii") for name, value in fields.items()]
        if lines:
            yield top.end, top.end, self.newline.join([*lines, b""])

    def _field(raw: bytes, head: Place, name: bytes) -> Place | None:
    for match in _FIELD.finditer(raw, head.start, head.end):
        if match.group(1).lower() == name:
            return Place(*match.span())
    return None


def _replaced(raw: bytes, head: Place, name: bytes, line: bytes) -> tuple[int, int, bytes]:
    """`line` in place of the field `name`, or below the others where there is none."""
    old = _field(raw, head, name)
    return (old.start, old.end, line) if old else (head.end, head.end, line)


def _typed(raw: bytes, head: Place, kind: str, charset: str) -> bytes:
    """The part's Content-Type with another charset, its other parameters kept."""
    old = _field(raw, head, b"content-type")
    if old is None:
        return f'Content-Type: {kind}; charset="{charset}"'.encode("ascii")
    value = raw[old.start : old.end].rstrip(b"\r\n")
    said = f'"{charset}"'.encode("ascii")
    changed, count = _CHARSET.subn(lambda match: match.group(1) + said, value, count=1)
    return changed if count else value.rstrip(b"; \t") + b"; charset=" + said


def _wire(data: bytes, encoding: str, newline: bytes) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data).rstrip(b"\n").replace(b"\n", newline)
    if encoding == "quoted-printable":
        return re.sub(rb"\r?\n", lambda _: newline, binascii.b2a_qp(data, istext=True))
    return data


def _needs_wrapping(data: bytes, encoding: str) -> bool:
    eight = encoding != "8bit" and not data.isascii()
    return eight or any(len(line) > _LONGEST for line in data.split(b"\n"))


def _encoded(part: TextPart, text: str, markup: bool) -> tuple[bytes, str]:
    """The text in the part's charset, characters that it lacks as references in markup; else
    in UTF-8."""
    try:
        return text.encode(part.charset, "xmlcharrefreplace" if markup else "strict"), part.charset
    except UnicodeEncodeError:
        if not part.faithful:
            raise BadInput(
                "the text part does not fit its charset and cannot be added to; save it as UTF-8"
            ) from None
        return text.encode("utf-8"), "utf-8"
