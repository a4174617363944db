"""The bytes of a file: of which kind they are by name and by content, and read once."""

from __future__ import annotations

import os
from pathlib import Path

from knowledge_base.readers.limits import DOCUMENT_BYTES, HTML_BYTES, TEXT_BYTES
from knowledge_base.readers.reading import Refused

__all__ = ["KINDS", "SUFFIXES", "UNREAD", "kind_of", "read_bytes"]

KINDS = {
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".zip": "zip",
}
SUFFIXES = tuple(KINDS)
# Documents that are not read, and what to save them as.
UNREAD = {
    ".doc": ".docx",
    ".dot": ".docx",
    ".docm": ".docx",
    ".rtf": ".docx",
    ".odt": ".docx",
    ".pages": ".docx",
    ".ppt": ".pptx",
    ".pptm": ".pptx",
    ".odp": ".pptx",
    ".key": ".pptx",
    ".xls": ".xlsx",
    ".xlsb": ".xlsx",
    ".ods": ".xlsx",
    ".numbers": ".xlsx",
}
_LIMITS = {"md": TEXT_BYTES, "txt": TEXT_BYTES, "json": TEXT_BYTES, "jsonl": TEXT_BYTES}
_NAMES = {
    "pdf": "a PDF",
    "zip": "a zip archive",
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook",
    "html": "a web page",
    "rtf": "a document in Rich Text Format",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_SUFFIX = {"docx": ".docx", "pptx": ".pptx", "xlsx": ".xlsx"}
_TEXTS = ("md", "txt", "csv", "json", "jsonl")


def kind_of(path: Path) -> str:
    """The kind that the file's name tells, "" for one that is not read."""
    return KINDS.get(path.suffix.lower(), "")


def read_bytes(path: Path, kind: str) -> bytes:
    """All bytes of a file of `kind`.

    Raises:
        Refused: it cannot be read, is larger than files of its kind may be, changed while
            it was read, is empty, or its content is of another kind.
    """
    limit = _LIMITS.get(kind, HTML_BYTES if kind == "html" else DOCUMENT_BYTES)
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > limit:
                raise Refused(0, f"larger than {limit // 1_000_000} MB; split the file")
            data = file.read(limit + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise Refused(0, f"cannot be read ({error.strerror}); check its permissions") from error
    if len(data) != after.st_size or (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ):
        raise Refused(0, "changed while it was read; add it again when it is finished")
    _check_content(data, kind)
    return data


def _check_content(data: bytes, kind: str) -> None:
    if kind in ("md", "json", "jsonl") and not data:
        return  # says that there is no text, or has no records
    if not data.strip(b"\x00 \t\r\n"):
        raise Refused(0, "empty; give a file with the text of the case")
    found = _content(data)
    if found == "ole":
        if kind in _OFFICE_SUFFIX:
            suffix = _OFFICE_SUFFIX[kind]
            raise Refused(
                0, f"protected by a password or in the old Office format; save it as {suffix}"
            )
        raise Refused(0, "an old or protected Office file; save it as .docx, .pptx or .xlsx")
    expected = ("", "html") if kind in (*_TEXTS, "html") else (kind,)
    if found in expected:
        return
    if not found:
        raise Refused(0, f"not {_NAMES[kind]}, though its name says so; give it its own ending")
    hint = "save it as .docx" if found == "rtf" else f"rename it to .{found}"
    raise Refused(0, f"its content is {_NAMES[found]}; {hint}")


def _content(data: bytes) -> str:
    """What the first bytes say: a kind, "ole", "rtf", or "" for text and what is unknown."""
    if data.startswith(_OLE):
        return "ole"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_content(data)
    if b"%PDF-" in data[:1024] and not data[:64].lstrip().lower().startswith((b"<", b"---", b"#")):
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return ""


def _zip_content(data: bytes) -> str:
    """Which Office format a zip holds, by its main part; "zip" for any other."""
    # The directory stands at the end, and names are not packed.
    names = data[-1_000_000:] if len(data) > 1_000_000 else data
    if b"[Content_Types].xml" not in names and b"[Content_Types].xml" not in data[:4096]:
        return "zip"
    for kind, part in (
        ("docx", b"word/document"),
        ("pptx", b"ppt/presentation"),
        ("xlsx", b"xl/workbook"),
    ):
        if part in names:
            return kind
    return "zip"
