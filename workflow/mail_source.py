"""A mail's file as it lies on the disk, and the same file with another subject or other texts.

An .eml file is not parsed and written again: only the ranges of bytes that change are replaced,
so that structure, attachments and all other headers keep every byte (RFC 5322, 2045, 2046).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import Header

from workflow.mail_ranges import Place, header_block, leaves

__all__ = ["MailSource", "TextPart", "open_source"]

_LONGEST = 998  # bytes of a line (RFC 5322, 2.1.1)
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*", re.MULTILINE)
_CHARSET = re.compile(rb"""(;\s*charset\s*=\s*)("[^"\r\n]*"|[^;\s]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part that is read: its source as text, and what must be kept to write it again."""

    text: str
    charset: str  # that its bytes are in; "" none fits, each byte is taken as a character
    declared: str  # that it says it is in
    body: Place
    headers: Place | None = None  # None: the file is this part
    encoding: str = ""


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
        top = header_block(self.raw, 0, len(self.raw))
        if subject is not None:
            line = b"Subject: " + _header_value(subject, self.newline) + self.newline
            yield _replaced(self.raw, top, b"subject", line)
        lines = [f"{name}: {value}".encode("ascii") for name, value in fields.items()]
        if lines:
            yield top.end, top.end, self.newline.join([*lines, b""])

    def _part_edits(
        self, part: TextPart, text: str, *, markup: bool
    ) -> Iterator[tuple[int, int, bytes]]:
        data, charset = _encoded(part, text, markup)
        if part.headers is None:
            yield part.body.start, part.body.end, data
            return
        encoding = part.encoding
        if encoding in ("", "7bit", "8bit") and _needs_wrapping(data, encoding):
            encoding = "quoted-printable"
        yield part.body.start, part.body.end, _wire(data, encoding, self.newline)
        if charset.lower() != part.declared.lower():
            kind = "text/html" if markup else "text/plain"
            line = _typed(self.raw, part.headers, kind, charset) + self.newline
            yield _replaced(self.raw, part.headers, b"content-type", line)
        if encoding != part.encoding:
            line = b"Content-Transfer-Encoding: " + encoding.encode("ascii") + self.newline
            yield _replaced(self.raw, part.headers, b"content-transfer-encoding", line)


def open_source(raw: bytes, kind: str) -> MailSource:
    """The source of a file's bytes; `kind` is "eml", "html" or "txt"."""
    if kind == "eml":
        html, text = _eml_parts(raw)
        return MailSource(raw, kind, html, text)
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    part = _decoded(raw[len(mark) :], _declared(raw), Place(len(mark), len(raw)))
    return (
        MailSource(raw, kind, part, None) if kind == "html" else MailSource(raw, kind, None, part)
    )


def _declared(raw: bytes) -> str:
    """UTF-8 where the bytes are that, else what a page declares."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        found = re.search(rb"charset=[\"']?([\w-]{2,20})", raw[:4096])
        return found.group(1).decode("ascii", "replace") if found else "utf-8"
    return "utf-8"


def _decoded(
    data: bytes, declared: str, body: Place, headers: Place | None = None, encoding: str = ""
) -> TextPart:
    for charset in (declared, "utf-8"):
        try:
            text = data.decode(charset)
            if text.encode(charset) == data:
                return TextPart(text, charset, declared, body, headers, encoding)
        except (LookupError, ValueError):
            continue
    return TextPart(data.decode("latin-1"), "", declared, body, headers, encoding)


def _eml_parts(raw: bytes) -> tuple[TextPart | None, TextPart | None]:
    """The HTML part and the text part that a reader sees last: those of an alternative, if
    there is one, else the lowest."""
    found: dict[str, tuple[bool, TextPart]] = {}
    for head, fields, body, alternative in leaves(raw):
        kind = fields.get_content_type()
        if kind not in ("text/html", "text/plain"):
            continue
        if fields.get_content_disposition() == "attachment":
            continue
        if kind in found and found[kind][0]:
            continue
        encoding = str(fields.get("Content-Transfer-Encoding") or "").strip().lower()
        data = _payload(raw[body.start : body.end], encoding)
        if data is None:
            continue
        charset = fields.get_content_charset() or ("us-ascii" if data.isascii() else "utf-8")
        found[kind] = (alternative, _decoded(data, charset, body, head, encoding))
    html, text = found.get("text/html"), found.get("text/plain")
    return html[1] if html else None, text[1] if text else None


def _payload(data: bytes, encoding: str) -> bytes | None:
    if encoding in ("", "7bit", "8bit", "binary"):
        return data
    try:
        if encoding == "quoted-printable":
            return binascii.a2b_qp(data)
        if encoding == "base64":
            return binascii.a2b_base64(data)
    except (binascii.Error, ValueError):
        return None
    return None


def _header_value(text: str, newline: bytes) -> bytes:
    plain = re.sub(r"[\x00-\x1f\x7f]+", " ", text)
    charset = "us-ascii" if plain.isascii() else "utf-8"
    value = Header(plain, charset, maxlinelen=76, header_name="Subject").encode()
    return value.encode("ascii", "replace").replace(b"\n", newline)


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
    if not part.charset:
        return text.encode("latin-1"), part.declared
    errors = "xmlcharrefreplace" if markup else "strict"
    try:
        return text.encode(part.charset, errors), part.charset
    except UnicodeEncodeError:
        return text.encode("utf-8"), "utf-8"
