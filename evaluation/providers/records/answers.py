"""What a question to DNS may be answered with. That nobody answered is not "there is none"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["Answer", "Asked", "Kind", "Resolver"]


class Kind(StrEnum):
    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    TXT = "TXT"


class Asked(StrEnum):
    FOUND = "found"
    EMPTY = "empty"  # the name is there, without a record of this kind
    NO_NAME = "no_name"  # there is no such name
    UNKNOWN = "unknown"  # it could not be asked


@dataclass(frozen=True, slots=True)
class Answer:
    """`records` as text: addresses, "10 mx.example.com" for MX, of TXT all strings in one.
    `canonical` is the name that an alias (CNAME) led to, "" where there was none."""

    state: Asked
    records: tuple[str, ...] = ()
    canonical: str = ""
    why: str = ""  # of UNKNOWN

    @property
    def absent(self) -> bool:
        return self.state in (Asked.EMPTY, Asked.NO_NAME)


class Resolver(Protocol):
    """Implemented over the network in `network.py`; a test gives records of its own."""

    def ask(self, name: str, kind: Kind) -> Answer:
        """The records of a name in ASCII. Never raises: what goes wrong is UNKNOWN."""
