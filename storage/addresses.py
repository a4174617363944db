"""One form for every way to write an address, and the keyed hash of it."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

import idna

from storage.errors import UnusableAddress, UnusableUrl

__all__ = ["AddressKeys", "normal_address", "normal_domain"]

_SECRET_BYTES = 16  # fewer could be tried out: addresses are easy to guess


def normal_domain(domain: str) -> str:
    """A domain in lower case and as A-labels (UTS #46, not transitional: "ß" stays itself).

    What is no valid domain comes back trimmed and in lower case: an odd name must be found
    again, not refused.
    """
    domain = unicodedata.normalize("NFC", domain).strip().lower().rstrip(".")
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower() if domain else ""
    except (idna.IDNAError, UnicodeError):
        return domain


def normal_address(address: str) -> str:
    """An address trimmed and without difference of case, its domain as A-labels.

    The part before the @ is casefolded too: the standard lets a server tell `A@` from `a@`,
    but a person who asked not to be written to means both.
    """
    local, at, domain = unicodedata.normalize("NFC", address).strip().rpartition("@")
    return local.casefold() + at + normal_domain(domain)


class AddressKeys:
    """Keyed hashes (HMAC-SHA256) by which suppressed addresses are found again.

    A plain hash of an address can be undone by trying addresses; without `secret` this
    one cannot. Changing the secret makes every stored suppression unfindable.

    Raises:
        UnusableUrl: `secret` is shorter than 16 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _SECRET_BYTES:
            raise UnusableUrl(
                "the secret of the records is too short; give at least 16 random bytes "
                "(Workspace.secret makes them)"
            )
        self._secret = secret

    def address(self, address: str) -> str:
        """Raises UnusableAddress where there is no name or no domain."""
        normal = normal_address(address)
        local, _, domain = normal.rpartition("@")
        if not local or not domain:
            raise UnusableAddress
        return self._key("address", normal)

    def domain(self, domain: str) -> str:
        """Raises UnusableAddress where it is not a domain of two labels or more."""
        normal = normal_domain(domain.strip().removeprefix("@"))
        if "." not in normal or "@" in normal:
            raise UnusableAddress
        return self._key("domain", normal)

    def of(self, address: str) -> tuple[str, ...]:
        """The keys that would suppress this address: its own, its domain's, and those of
        the domains above it; the first is the address."""
        normal = normal_address(address)
        labels = normal.rpartition("@")[2].split(".")
        domains = [".".join(labels[i:]) for i in range(len(labels) - 1)]
        return (
            self._key("address", normal),
            *(self._key("domain", domain) for domain in domains),
        )

    def _key(self, scope: str, text: str) -> str:
        message = f"{scope}:{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()
