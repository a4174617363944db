"""What a PDF carries besides its pages, by the names in its dictionaries (ISO 32000-1)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from evaluation.attachments.documents import Carried

__all__ = ["in_pdf"]

_STREAM = re.compile(rb"stream\r?\n")
_NAMES = {
    name: re.compile(rb"/" + name.encode() + rb"(?=[\s/<(\[\]>{}%]|$)")
    for name in ("JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "Encrypt")
}
_DISGUISED = re.compile(rb"/[^\s/<(\[\]>{}%#]{0,20}#[^\s/<(\[\]>{}%]{0,100}")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNPACKED = 10_000_000  # octets of packed objects that are looked at
_BEFORE = 600  # octets in front of a stream in which its dictionary stands
_MOST_STREAMS = 50_000  # a catalogue of a thousand pages has fewer
_MOST_DISGUISED = 5_000  # names with escaped letters


def in_pdf(data: bytes) -> Iterator[Carried]:
    """Packed objects are looked into (7.5.7); what streams hold otherwise is pages and images."""
    names: set[str] = set()
    disguised = 0
    for number, text in enumerate(_dictionaries(data)):
        if number >= 2 * _MOST_STREAMS:
            yield Carried.UNREAD
            break
        names.update(_named(text, names))
        for match in _DISGUISED.finditer(text):
            disguised += 1
            if disguised > _MOST_DISGUISED:
                break
            names.update(_named(_plain(match.group()), names))
    if disguised > _MOST_DISGUISED:
        yield Carried.UNREAD
    if names & {"JavaScript", "JS"}:  # 12.6.4.16
        yield Carried.SCRIPT
    if "Launch" in names:  # 12.6.4.5
        yield Carried.LAUNCH
    if names & {"EmbeddedFile", "EmbeddedFiles"}:
        yield Carried.FILES
    if "Encrypt" in names:
        yield Carried.GUARDED


def _named(text: bytes, known: set[str]) -> list[str]:
    """The names that stand in `text` and are not known yet."""
    return [name for name, form in _NAMES.items() if name not in known and form.search(text)]


def _plain(name: bytes) -> bytes:
    """/J#61vaScript is the same name as /JavaScript (7.3.5)."""
    return _ESCAPED.sub(lambda match: bytes([int(match.group(1), 16)]), name)


def _dictionaries(data: bytes) -> Iterator[bytes]:
    """What stands outside of streams, and what streams of objects unpack to."""
    left = _UNPACKED
    at = 0
    while match := _STREAM.search(data, at):
        yield data[at : match.start()]
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        if left > 0 and b"/ObjStm" in data[max(at, match.start() - _BEFORE) : match.start()]:
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
