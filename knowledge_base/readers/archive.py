"""Zip archives, unpacked by the parsing process into a folder of ours.

Members get names that we choose, so that no name of theirs reaches the file system.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from knowledge_base.readers.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_ENTRIES,
    ARCHIVE_RATIO,
    DOCUMENT_BYTES,
)
from knowledge_base.readers.reading import Refused
from knowledge_base.readers.source import KINDS, UNREAD

__all__ = ["unpack"]

_CHUNK = 1_000_000
_RATIO_FROM = 1_000_000  # bytes; a small file of spaces is no bomb
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def unpack(path: Path, into: Path) -> Mapping[str, Any]:
    """`{"members": [[name, file], …], "notes": [[name, reason], …]}`: the documents (and
    the .yaml files beside them) by name, each with its file in `into`, and what was refused.

    Raises:
        Refused: damaged, or beyond the limits on entries, size or ratio as a whole.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        # NotImplementedError: zipfile's word for a later version of the format
        raise Refused(0, "damaged or no zip archive; pack the files anew") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > ARCHIVE_ENTRIES:
            raise Refused(
                0, f"holds {len(entries):,} files, {ARCHIVE_ENTRIES:,} at most; split the archive"
            )
        members: list[tuple[str, str]] = []
        notes: list[tuple[str, str]] = []
        left = ARCHIVE_BYTES
        for number, entry in enumerate(entries):
            name = _name(entry)
            suffix = PurePosixPath(name).suffix.lower()
            if _is_furniture(name) or suffix not in (*KINDS, *UNREAD, ".yaml"):
                continue
            if reason := _refused(entry, name, suffix, {known for known, _ in members}):
                notes.append((name, reason))
                continue
            file = f"{number:05}{suffix}"
            try:
                left -= _write(archive, entry, into / file, left)
            except Refused as refused:
                if not refused.path:
                    raise
                (into / file).unlink(missing_ok=True)
                notes.append((name, refused.reason))
                continue
            members.append((name, file))
    return {"members": sorted(members), "notes": notes}


def _name(entry: zipfile.ZipInfo) -> str:
    """The member's name. Without the mark for UTF-8 it may still be UTF-8."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        try:
            name = entry.orig_filename.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    return name.replace("\\", "/")


def _is_furniture(name: str) -> bool:
    """What operating systems pack beside the files."""
    parts = PurePosixPath(name).parts
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)


def _refused(entry: zipfile.ZipInfo, name: str, suffix: str, known: set[str]) -> str:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and ":" in parts[0]) or "\0" in name:
        return "its name leads out of the archive; pack the files anew"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link, not a file; pack the file itself"
    if entry.flag_bits & _ENCRYPTED:
        return "protected by a password; pack it without one"
    if suffix == ".zip":
        return "an archive inside an archive; unpack it and add its files"
    if name in known:
        return "a file of this name was in the archive before; pack it once"
    if entry.file_size > DOCUMENT_BYTES:
        return f"larger than {DOCUMENT_BYTES // 1_000_000} MB; split the file"
    return ""


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path, left: int) -> int:
    """Unpack one member. Sizes are counted, not believed.

    Raises:
        Refused: with a path, of this member; without one, of the archive as a whole.
    """
    size = 0
    try:
        with archive.open(entry) as source, file.open("wb") as target:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > left:
                    raise Refused(
                        0,
                        f"unpacks to more than {ARCHIVE_BYTES // 1_000_000} MB; split the archive",
                    )
                if size > _RATIO_FROM and size > ARCHIVE_RATIO * max(entry.compress_size, 1):
                    raise Refused(
                        0,
                        f"a member unpacks to more than {ARCHIVE_RATIO} times its size, as only "
                        "archives made to do harm do; pack the files anew",
                    )
                target.write(chunk)
    except Refused:
        raise
    except Exception as error:  # zlib, lzma and zipfile each have errors of their own
        reason = "damaged in the archive; pack the file anew"
        raise Refused(0, reason, path=entry.filename or "?") from error
    return size
