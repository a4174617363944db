"""Image files that a mail may carry: their type and size by their own bytes, never by name."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from contracts.errors import BadInput
from contracts.mail import EmbeddedImage

__all__ = ["MAX_EACH", "MAX_TOGETHER", "MAX_WIDTH", "ImageFile", "embedded", "read_image"]

MAX_EACH = 200 * 1024  # bytes
MAX_TOGETHER = 600 * 1024  # bytes of all images of one mail
MAX_WIDTH = 2000  # pixels; a mail is 600 wide, and screens show at most three for one

_PNG = b"\x89PNG\r\n\x1a\n"
# Start-of-frame markers of JPEG (ITU-T T.81, table B.1): all of C0 to CF but DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image that passed `read_image`. Sizes are in pixels."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes


def read_image(name: str, data: bytes) -> ImageFile:
    """`data` as an image that may go into a mail.

    Only headers are read: nothing is decoded, so a file made to burst a decoder does nothing.

    Raises:
        BadInput: it is neither PNG, JPEG nor GIF, has no size, or is larger than a mail
            may carry; says what to do.
    """
    kind, width, height = _measured(data)
    if not kind:
        head = data[:600].lstrip().lower()
        if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head):
            raise BadInput(f"{name}: mail programs do not show SVG; save it as PNG")
        raise BadInput(f"{name}: neither PNG, JPEG nor GIF; save it as one of them")
    if not width or not height:
        raise BadInput(f"{name}: the image has no size; save it again")
    if len(data) > MAX_EACH:
        size = f"{len(data) / 1024:.0f} KB, at most {MAX_EACH // 1024} KB go into a mail"
        if kind == "image/gif" and data.count(b"\x21\xf9\x04") > 1:
            raise BadInput(f"{name}: an animated GIF of {size}; show one still picture instead")
        raise BadInput(f"{name}: {size}; make it smaller, or give the url of a hosted image")
    if width > MAX_WIDTH:
        raise BadInput(
            f"{name}: {width} pixels wide, at most {MAX_WIDTH} go into a mail; scale it down"
        )
    return ImageFile(name, kind, width, height, data)


def embedded(file: ImageFile, domain: str) -> EmbeddedImage:
    """The part of a mail that carries `file`; the same bytes always have the same name."""
    digest = hashlib.sha256(file.data).hexdigest()[:32]
    return EmbeddedImage(f"{digest}@{domain}", file.media_type, file.data)


def _measured(data: bytes) -> tuple[str, int, int]:
    """Media type, width and height; ("", 0, 0) where the bytes are of no kind known here."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return "image/png", width, height
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return "image/gif", width, height
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", *_of_jpeg(data)
    return "", 0, 0


def _of_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers without a segment
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0
