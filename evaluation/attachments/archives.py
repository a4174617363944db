"""What is inside an archive, opened within bounds that a whole mail shares.

Sizes are counted, not believed; nothing is written anywhere. Members that cannot be of interest
are read no further than their first octets.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from evaluation.attachments import kinds
from evaluation.attachments.kinds import Family, Kind, sniff

__all__ = ["Budget", "Entry", "Opened", "Trouble", "open_archive"]

_HEAD = 4_096  # octets of a member by which its kind is told
_MEMBER = 20_000_000  # octets of a member that is looked into
_RATIO = 200  # unpacked to packed; text packs 3 to 20 times, sheets up to 100
_RATIO_FROM = 50_000_000  # octets unpacked; a small file of zeros is no bomb
_TOTAL = 2_000_000_000  # octets that an archive says it unpacks to; no mail needs more
_DIRECTORY = 20_000  # records of a zip's directory; building the list takes memory
_MEMORY = 100_000_000  # octets that xz may ask for
_STREAMS = 100  # gzip streams behind one another
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_WHOLE = re.compile(r"\.rels$|/embeddings/|manifest\.xml$", re.IGNORECASE)


class Trouble(StrEnum):
    """Why an archive is not seen as a whole."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"  # at least one member
    BOMB = "bomb"
    LIMIT = "limit"  # more members or octets than are looked at
    METHOD = "method"  # packed in a way that is not opened here


@dataclass(slots=True)
class Budget:
    """What the archives of one mail may take together."""

    entries: int = 2_000
    octets: int = 60_000_000

    def take(self, octets: int) -> None:
        self.octets = max(0, self.octets - octets)


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    data: bytes = b""  # its head; all of it where `whole`
    whole: bool = False
    size: int = 0  # as the archive says
    encrypted: bool = False
    link: bool = False


@dataclass(slots=True)
class Opened:
    entries: list[Entry] = field(default_factory=list)
    troubles: set[Trouble] = field(default_factory=set)


def open_archive(data: bytes, kind: Kind, name: str, budget: Budget) -> Opened:
    """The members of an archive. Never raises; what goes wrong stands in `troubles`."""
    opened = Opened()
    opener = _OPENERS.get(kind.name)
    if opener is None:
        opened.troubles.add(Trouble.METHOD)
        return opened
    try:
        opener(data, name, budget, opened)
    except Exception:  # every decompressor has errors of its own, and some of any kind
        opened.troubles.add(Trouble.DAMAGED)
    return opened


class _Reading(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _zip(data: bytes, name: str, budget: Budget, opened: Opened) -> None:
    del name
    if data.count(b"PK\x01\x02") > _DIRECTORY:
        opened.troubles.add(Trouble.LIMIT)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if _is_bomb(sum(info.file_size for info in infos), sum(i.compress_size for i in infos)):
            opened.troubles.add(Trouble.BOMB)
        for info in infos:
            if not _room(budget, opened):
                return
            member = _zip_name(info)
            link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if info.flag_bits & _ENCRYPTED:
                opened.troubles.add(Trouble.ENCRYPTED)
                opened.entries.append(Entry(member, size=info.file_size, encrypted=True, link=link))
            elif info.compress_type not in _PLAIN_METHODS:
                opened.troubles.add(Trouble.METHOD)
                opened.entries.append(Entry(member, size=info.file_size, link=link))
            else:
                try:
                    with archive.open(info) as source:
                        head, whole = _read(source, member, budget, opened)
                except Exception:  # this one is damaged; the others may not be
                    opened.troubles.add(Trouble.DAMAGED)
                    head, whole = b"", False
                opened.entries.append(Entry(member, head, whole, info.file_size, link=link))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name. Without the mark for UTF-8 it may still be UTF-8."""
    name = info.orig_filename  # `filename` ends at a NUL, which hides the true ending
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return name
    return name


def _tar(data: bytes, name: str, budget: Budget, opened: Opened) -> None:
    del name
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in _members(archive, opened):
            if member.isdir():
                continue
            if not _room(budget, opened):
                return
            link = not member.isfile()
            head, whole = b"", False
            source = archive.extractfile(member) if member.isfile() else None
            if source is not None:
                head, whole = _read(source, member.name, budget, opened)
            opened.entries.append(Entry(member.name, head, whole, member.size, link=link))


def _members(archive: tarfile.TarFile, opened: Opened) -> Iterator[tarfile.TarInfo]:
    """What comes before a damaged header still counts."""
    while True:
        try:
            member = archive.next()
        except (tarfile.TarError, ValueError, OverflowError):
            opened.troubles.add(Trouble.DAMAGED)
            return
        if member is None:
            return
        yield member


def _read(source: _Reading, name: str, budget: Budget, opened: Opened) -> tuple[bytes, bool]:
    """The head of a member, or all of it where its kind has to be looked into."""
    head = source.read(_HEAD)
    kind = sniff(head)
    wanted = _WHOLE.search(name) or (
        kind is not None and kind.family in (Family.ARCHIVE, Family.DOCUMENT)
    )
    if not wanted or len(head) < _HEAD:
        budget.take(len(head))
        return head, len(head) < _HEAD
    most = min(_MEMBER, budget.octets)
    rest = source.read(most + 1)
    budget.take(len(head) + len(rest))
    if len(rest) > most:
        opened.troubles.add(Trouble.LIMIT)
        return head + rest[:most], False
    return head + rest, True


def _one(stream: Callable[[bytes, int], tuple[bytes, bytes]], ending: str) -> _Opener:
    """An opener of what packs one file."""

    def opener(data: bytes, name: str, budget: Budget, opened: Opened) -> None:
        if not _room(budget, opened):
            return
        most = min(_MEMBER, budget.octets)
        pieces: list[bytes] = []
        total, rest = 0, data
        for _ in range(_STREAMS):
            try:
                piece, rest = stream(rest, most + 1 - total)
            except Exception:
                if not pieces:
                    raise
                opened.troubles.add(Trouble.DAMAGED)  # what came before still counts
                break
            pieces.append(piece)
            total += len(piece)
            if total > most or not rest.strip(b"\0"):
                break
        budget.take(total)
        if total > most:
            opened.troubles.add(Trouble.LIMIT)
            if total > _RATIO * max(1, len(data)):
                opened.troubles.add(Trouble.BOMB)
        inner = name[: -len(ending) - 1] if name.lower().endswith("." + ending) else name
        if re.search(r"\.t(?:gz|bz2?|xz)$", name, re.IGNORECASE):
            inner = name.rpartition(".")[0] + ".tar"
        whole = b"".join(pieces)[:most]
        opened.entries.append(Entry(inner, whole, total <= most, total))

    return opener


def _gunzip(data: bytes, most: int) -> tuple[bytes, bytes]:
    unpacker = zlib.decompressobj(wbits=31)  # a gzip header (zlib manual, inflateInit2)
    return unpacker.decompress(data, most), unpacker.unused_data


def _bunzip(data: bytes, most: int) -> tuple[bytes, bytes]:
    unpacker = bz2.BZ2Decompressor()
    return unpacker.decompress(data, most), unpacker.unused_data


def _unxz(data: bytes, most: int) -> tuple[bytes, bytes]:
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)
    return unpacker.decompress(data, most), unpacker.unused_data


def _room(budget: Budget, opened: Opened) -> bool:
    if budget.entries <= 0 or budget.octets <= 0:
        opened.troubles.add(Trouble.LIMIT)
        return False
    budget.entries -= 1
    return True


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _TOTAL or (unpacked > _RATIO_FROM and unpacked > _RATIO * max(1, packed))


_Opener = Callable[[bytes, str, Budget, Opened], None]
_OPENERS: dict[str, _Opener] = {
    kinds.ZIP.name: _zip,
    kinds.TAR.name: _tar,
    kinds.GZIP.name: _one(_gunzip, "gz"),
    kinds.BZIP2.name: _one(_bunzip, "bz2"),
    kinds.XZ.name: _one(_unxz, "xz"),
}
