"""Files as attackers and colleagues make them, all built here."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

from evaluation import load_packs
from evaluation.attachments.judging import inspect_files
from evaluation.judged import Judged
from evaluation.view.mailview import AttachedFile

PACK = load_packs().topics["attachments"]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PROGRAM = b"MZ" + b"\0" * 58 + struct.pack("<L", 64) + b"PE\0\0" + b"\0" * 200
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def attached(
    name: str,
    data: bytes,
    media_type: str = "application/octet-stream",
    disposition: str = "attachment",
    content_id: str = "",
) -> AttachedFile:
    return AttachedFile(name, media_type, disposition, content_id, encoded=data)


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    """A zip whose members say that they need a password."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            flags = data[at + offset] | 1
            data = data[: at + offset] + bytes([flags]) + data[at + offset + 1 :]
            at = data.find(mark, at + 4)
    return data


def tarred(members: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return out.getvalue()


def office(extra: Mapping[str, bytes] | None = None) -> bytes:
    """A document of Office 2007 or later."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
    return zipped({**parts, **(extra or {})})


def compound(*names: str) -> bytes:
    """A document of Office 97 to 2003 with a directory of these entries."""
    entries = b""
    for number, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le")
        kind = 5 if number == 0 else 2
        entry = raw + b"\0" * (64 - len(raw)) + struct.pack("<HBB", len(raw) + 2, kind, 1)
        entries += entry + b"\0" * (128 - len(entry))
    entries += b"\0" * (-len(entries) % 512)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + entries


def pdf(body: bytes) -> bytes:
    return PDF.replace(b"endobj", b"endobj\n" + body, 1)


def packed_objects(body: bytes) -> bytes:
    """A PDF that keeps its objects in a packed stream, as most programs write them."""
    stream = zlib.compress(body)
    head = b"2 0 obj\n<</Type/ObjStm/Filter/FlateDecode/Length %d>>\nstream\n" % len(stream)
    return pdf(head + stream + b"\nendstream\nendobj")


def inspected(*files: AttachedFile, say: str = "") -> Judged:
    return inspect_files(files, PACK, say)


def rules(*files: AttachedFile) -> set[str]:
    return {item.rule.removeprefix("attachment.") for item in inspected(*files).findings}


def of(name: str, data: bytes) -> set[str]:
    return rules(attached(name, data))
