"""What documents carry besides their text: macros, packed files, templates from elsewhere."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from enum import StrEnum

from evaluation.attachments.archives import Entry
from evaluation.attachments.compound import (
    entry_names,
    holds_macros,
    holds_package,
    is_encrypted,
    is_installer,
)

__all__ = ["Carried", "in_compound", "in_package", "in_pdf", "in_rtf", "is_package"]


class Carried(StrEnum):
    MACRO = "macro"
    PACKAGE = "package"  # a file of any kind, to be opened with a double click
    TEMPLATE = "remote_template"  # fetched from elsewhere when the document is opened
    SCRIPT = "script"  # in a PDF
    LAUNCH = "launch"  # a PDF that starts a program
    FILES = "files"  # inside a PDF
    ENCRYPTED = "encrypted"
    GUARDED = "guarded"  # a PDF with a password for some uses, or for all
    PROGRAM = "program"  # an installer


_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\b[^>]{0,4000}>", re.IGNORECASE)
_FETCHED = re.compile(rb"/(?:attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)
_ELSEWHERE = re.compile(rb"""Target\s*=\s*["'](?:https?:|ftp:|file:|\\\\|mhtml:)""", re.IGNORECASE)
_RELATIONS = 200_000  # octets of a part of relations
_ODF = b"application/vnd.oasis.opendocument"
_RTF_TEMPLATE = re.compile(
    rb"\\\*\s?\\template\s{0,9}(?:\{[^{}]{0,200}\}\s{0,9})?(?:https?:|\\\\|file:)"
)
_STREAM = re.compile(rb"stream\r?\n")
_NAMED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_NAMES = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|Encrypt)(?=[\s/<(\[\]>{}%]|$)")
_UNPACKED = 10_000_000  # octets of a PDF's packed objects that are looked at
_BEFORE = 600  # octets in front of a stream in which its dictionary stands


def is_package(entries: Sequence[Entry]) -> bool:
    """Whether a zip is one document (OPC or ODF), not an archive of files."""
    names = {entry.name.lower() for entry in entries}
    return "[content_types].xml" in names or any(
        entry.name == "mimetype" and entry.data.startswith((_ODF, b"application/epub"))
        for entry in entries
    )


def in_package(entries: Sequence[Entry]) -> Iterator[Carried]:
    """Of an OOXML or ODF document, by the names of its parts (ISO/IEC 29500-2; ODF 1.3 part 2).
    Excel 4 macro sheets count as macros."""
    for entry in entries:
        name = entry.name.lower().lstrip("/")
        if _is_macro(name):
            yield Carried.MACRO
        elif "/embeddings/" in name and name.endswith(".bin"):
            if holds_package(entry_names(entry.data)):
                yield Carried.PACKAGE
        elif name.endswith(".rels"):
            for relation in _RELATION.findall(entry.data[:_RELATIONS]):
                if _FETCHED.search(relation) and _ELSEWHERE.search(relation):
                    yield Carried.TEMPLATE
        elif name == "meta-inf/manifest.xml" and b"encryption-data" in entry.data:
            yield Carried.ENCRYPTED


def _is_macro(name: str) -> bool:
    if name.startswith(("basic/", "scripts/")):
        return not name.endswith(("-lc.xml", "-lb.xml"))  # lists of libraries, which may be empty
    return name.endswith("vbaproject.bin") or "/macrosheets/" in name


def in_compound(data: bytes) -> Iterator[Carried]:
    """Of a document of Office 97 to 2003, or one with a password."""
    names = entry_names(data)
    if holds_macros(names):
        yield Carried.MACRO
    if holds_package(names):
        yield Carried.PACKAGE
    if is_encrypted(names):
        yield Carried.ENCRYPTED
    if is_installer(data):
        yield Carried.PROGRAM


def in_rtf(data: bytes) -> Iterator[Carried]:
    low = data.lower()
    if b"\\objdata" in low or b"\\objautlink" in low:
        yield Carried.PACKAGE
    if _RTF_TEMPLATE.search(low):
        yield Carried.TEMPLATE


def in_pdf(data: bytes) -> Iterator[Carried]:
    """By the names in its dictionaries, packed objects included (ISO 32000-1, 7.5.7, 12.6.4)."""
    names: set[bytes] = set()
    for text in _dictionaries(data):
        if b"#" in text:  # /J#61vaScript is the same name (7.3.5)
            text = _NAMED.sub(lambda match: bytes([int(match.group(1), 16)]), text)
        names.update(_PDF_NAMES.findall(text))
    if names & {b"JavaScript", b"JS"}:
        yield Carried.SCRIPT
    if b"Launch" in names:
        yield Carried.LAUNCH
    if names & {b"EmbeddedFile", b"EmbeddedFiles"}:
        yield Carried.FILES
    if b"Encrypt" in names:
        yield Carried.GUARDED


def _dictionaries(data: bytes) -> Iterator[bytes]:
    """What stands outside of streams, and what streams of objects unpack to."""
    left = _UNPACKED
    at = 0
    while match := _STREAM.search(data, at):
        yield data[at : match.start()]
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        if b"/ObjStm" in data[max(at, match.start() - _BEFORE) : match.start()] and left > 0:
            unpacked = _inflated(data[match.end() : end], left)
            left -= len(unpacked)
            yield unpacked
        at = end + len(b"endstream")
    yield data[at:]


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""
