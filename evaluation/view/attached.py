"""The files of a mail, decoded when somebody looks at them."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import cached_property

__all__ = ["PLAIN", "AttachedFile", "transferred"]

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU = ("x-uuencode", "uuencode", "uue", "x-uue")
PLAIN = ("", "7bit", "8bit", "binary")
"""The transfer encodings that change nothing."""


@dataclass(frozen=True)
class AttachedFile:
    """One file of a mail: an attachment, an embedded image, a mail inside of the mail."""

    name: str  # decoded; "" where the mail gives none
    media_type: str  # as declared, in lower case, without its parameters
    disposition: str = ""  # "attachment", "inline" or ""
    content_id: str = ""  # without angle brackets
    encoding: str = ""  # of the transfer, in lower case
    # A view into the message, which is so kept without a copy of it.
    encoded: memoryview | bytes = field(default=b"", repr=False, compare=False)

    @cached_property
    def data(self) -> bytes:
        """The file itself; of what is wrongly encoded as much as can be read."""
        return transferred(bytes(self.encoded), self.encoding)[0]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)

    @property
    def encoded_size(self) -> int:
        """Bytes that it takes in the message."""
        return len(self.encoded)


def transferred(payload: bytes, encoding: str) -> tuple[bytes, bool]:
    """A body as it was before it was encoded for its transfer (RFC 2045, §6), and whether the
    encoding is known and right. Linear in its length."""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(payload), True
    if encoding == "base64":
        try:
            return binascii.a2b_base64(payload), True
        except binascii.Error:
            letters = _NOT_BASE64.sub(b"", payload)
            letters = letters[: len(letters) - (len(letters) % 4 == 1)]
            return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), False
    if encoding in _UU:
        return _uudecoded(payload)
    return payload, encoding in PLAIN


def _uudecoded(payload: bytes) -> tuple[bytes, bool]:
    out: list[bytes] = []
    right = True
    begun = False
    for line in payload.splitlines():
        if not begun:
            begun = line.startswith(b"begin ")
            continue
        if line in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            right = False
            length = ((line[0] - 32) & 63) * 4 // 3 + 5 if line else 0
            try:  # of a line with a tail, as some programs write it
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(out), right and begun
