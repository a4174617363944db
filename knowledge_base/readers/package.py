"""The zip inside a .docx, .pptx or .xlsx, looked over before a library opens it."""

from __future__ import annotations

import io
import re
import zipfile

from knowledge_base.readers.limits import OFFICE_BYTES, OFFICE_ENTRIES
from knowledge_base.readers.reading import Refused

__all__ = ["check_package"]

_HEAD = 65_536  # bytes of a part in which a document type would have to stand
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DAMAGED = "damaged; open it in its program and save it anew"
# Parts that are read as a whole tree: what they may unpack to is less than what is streamed.
_TREE = re.compile(r"(?:word|ppt)/.*\.xml$|xl/(?:styles|workbook)\.xml$")
_TREE_BYTES = 100_000_000


def check_package(data: bytes) -> zipfile.ZipFile:
    """The package, opened, if it keeps the limits.

    Raises:
        Refused: damaged, encrypted, too many or too large parts, or XML that declares a
            document type: Office never writes one, entity bombs need one.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        # NotImplementedError: zipfile's word for a later version of the format
        raise Refused(0, _DAMAGED) from error
    entries = package.infolist()
    if len(entries) > OFFICE_ENTRIES:
        raise Refused(0, f"has {len(entries):,} parts, {OFFICE_ENTRIES:,} at most; save it anew")
    total = 0
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Refused(0, "protected by a password; save it without one")
        total += entry.file_size
        if total > OFFICE_BYTES or (_TREE.match(entry.filename) and entry.file_size > _TREE_BYTES):
            raise Refused(
                0,
                f"unpacks to more than {OFFICE_BYTES // 1_000_000} MB or has a part that is "
                "too large; split the document",
            )
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            _check_xml(package, entry)
    return package


def _check_xml(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    try:
        with package.open(entry) as part:
            head = part.read(_HEAD)
    except Exception as error:  # zipfile and the decompressors each have errors of their own
        raise Refused(0, _DAMAGED) from error
    # UTF-16 is ASCII with zeros between.
    if _DOCTYPE.search(head) or _DOCTYPE.search(head.replace(b"\0", b"")):
        raise Refused(0, "declares XML entities, as no Office program does; save it anew")
