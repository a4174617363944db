"""Mailboxes of address headers, read more leniently than the standard's grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Mailbox", "mailboxes"]

_BRACKETED = re.compile(r"<\s*+([^<>\s]++)\s*+>")
_BARE = re.compile(r"[^\s<>,;:\"()]++")


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str  # the display name, "" where there is none
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes of a decoded address header, empty where it holds none.

    More lenient than the standard's grammar: an encoded display name may have held commas
    and at-signs that are not quoted any more once it is decoded.
    """
    found: list[Mailbox] = []
    position = 0
    for match in _BRACKETED.finditer(value):
        if "@" not in match.group(1)[1:-1]:
            continue
        name = value[position : match.start()].strip(' ,;\t"').replace('\\"', '"')
        found.append(Mailbox(name, match.group(1)))
        position = match.end()
    if not found:
        words = (match.group() for match in _BARE.finditer(value))
        found = [Mailbox("", word) for word in words if "@" in word[1:-1]]
    return tuple(found)
