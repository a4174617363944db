"""Links that stop mail: they name whom they stop, and nobody else can make one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from contracts.errors import BadInput

__all__ = ["UnsubscribeTicket", "Unsubscriber"]

_VERSION = "u1"
_MAC_BYTES = 20  # 160 bits
_LONGEST_TOKEN = 600
_SHORTEST_SECRET = 16  # bytes


@dataclass(frozen=True, slots=True)
class UnsubscribeTicket:
    contact_id: str
    campaign: str


class Unsubscriber:
    """Makes and reads unsubscribe tokens.

    A token is `u1.<contact and campaign>.<mark>`, base64url. It holds no address, needs no
    table to be read, and works as long as the secret stays the same. The mark is HMAC-SHA256
    (RFC 2104) cut to 160 bits; RFC 2104, section 5 asks for at least half the hash.

    Raises:
        BadInput: the secret has fewer than 16 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise BadInput(f"an unsubscribe secret has at least {_SHORTEST_SECRET} bytes")
        # Derived, so that the same workspace secret can serve other purposes unharmed.
        self._key = hmac.digest(secret, b"mailwright/unsubscribe/1", "sha256")

    def token(self, contact_id: str, campaign: str) -> str:
        """The token of a contact of a campaign: letters, digits, `-`, `_` and `.` only.

        Raises:
            BadInput: an id is empty or holds a line break.
        """
        if not contact_id or "\n" in contact_id or "\n" in campaign:
            raise BadInput("an unsubscribe token needs a contact id and a campaign on one line")
        names = f"{contact_id}\n{campaign}"
        signed = f"{_VERSION}.{_encode(names.encode())}"
        return f"{signed}.{_encode(self._mark(signed))}"

    def url(self, base: str, contact_id: str, campaign: str) -> str:
        """`base` with the token appended; `base` is what an edition was sealed with."""
        return base + self.token(contact_id, campaign)

    def read(self, token: str) -> UnsubscribeTicket | None:
        """Whom the token stops; None for what this secret did not make.

        The comparison takes the same time wherever a mark differs.
        """
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        signed, _, mark = token.rpartition(".")
        if not hmac.compare_digest(_encode(self._mark(signed)), mark):
            return None
        version, _, body = signed.partition(".")
        if version != _VERSION:
            return None
        try:
            contact_id, _, campaign = _decode(body).decode().partition("\n")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return UnsubscribeTicket(contact_id, campaign)

    def _mark(self, signed: str) -> bytes:
        return hmac.new(self._key, signed.encode(), hashlib.sha256).digest()[:_MAC_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
