"""What documents carry besides their text: macros, packed files, templates from elsewhere."""

from __future__ import annotations

import re
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

__all__ = ["Carried", "in_compound", "in_package", "in_rtf", "is_package"]


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
    UNREAD = "unread"  # more than is looked at


_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\b[^>]{0,4000}>", re.IGNORECASE)
_FETCHED = re.compile(rb"/(?:attachedTemplate|oleObject|frame|subDocument)[\"']", re.IGNORECASE)
_ELSEWHERE = re.compile(rb"""Target\s*=\s*["'](?:https?:|ftp:|file:|\\\\|mhtml:)""", re.IGNORECASE)
_RELATIONS = 200_000  # octets of a part of relations
_ODF = b"application/vnd.oasis.opendocument"
_RTF_TEMPLATE = re.compile(
    rb"\\\*\s?\\template\s{0,9}(?:\{[^{}]{0,200}\}\s{0,9})?(?:https?:|\\\\|file:)"
)


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
