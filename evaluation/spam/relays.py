"""The way of a mail as its Received headers tell it.

Every mail server writes the header in a form of its own (RFC 5321 §4.4 fixes little); read are
those of Postfix, Sendmail, Exim, qmail and Exchange. What is not told stays unknown.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluation.spam.dates import parsed_date

__all__ = ["Relay", "handover", "read_relays"]

_MOST = 12  # headers that are read
_LONGEST = 1000  # characters of one
_FROM = re.compile(r"from\s+(\S{1,255})(.{0,400}?)\sby\s+(\S{1,255})", re.IGNORECASE | re.DOTALL)
_IP = re.compile(
    r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3}|(?:IPv6:)?[0-9a-f]{1,4}:[0-9a-f:]{2,35})(?![\w.:])",
    re.IGNORECASE,
)
_HELO = re.compile(r"\bhelo[= ]+\[?([^\s)\]]{1,255})", re.IGNORECASE)
_NAMED = re.compile(r"\(\s*(?:[\w.-]+@)?([A-Za-z0-9_-][\w.-]{0,253})\s+\[")
_FETCHED = re.compile(r"\bwith\s+(?:IMAP|POP3?|LMTP)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relay:
    """One step. `helo` is what the sending host called itself, `name` what its address is
    called in the DNS: "" it has no name, None the header does not tell."""

    helo: str
    name: str | None
    ip: str
    by: str
    text: str

    @property
    def at(self) -> datetime | None:
        """When it took the mail."""
        return parsed_date(self.text.rpartition(";")[2])


def read_relays(values: Sequence[str]) -> tuple[Relay, ...]:
    """The steps that could be read, the last one (the recipient's) first."""
    found = []
    for value in values[:_MOST]:
        text = " ".join(value[:_LONGEST].split())
        match = _FROM.match(text)
        if match:
            found.append(_relay(match, text))
    return tuple(found)


def handover(relays: Sequence[Relay]) -> Relay | None:
    """The step by which the mail came in from the outside: the first whose sending address is
    public. What lies below it was written by hosts that may lie."""
    for relay in relays:
        if relay.ip and not _FETCHED.search(relay.text) and _public(relay.ip):
            return relay
    return None


def _relay(match: re.Match[str], text: str) -> Relay:
    first, inside, by = match.groups()
    ip = _IP.search(inside) or _IP.search(first.strip("[]"))
    helo = _HELO.search(inside)
    named = _NAMED.search(inside)
    name: str | None
    if helo:  # qmail and Exim: the name comes first
        greeting, name = helo.group(1), _name(first)
    elif named:
        greeting, name = first, _name(named.group(1))
    else:
        greeting, name = first, "" if re.search(r"\(\s*\[", inside) else None
    return Relay(
        helo=greeting.strip("[]").lower(),
        name=name,
        ip=ip.group(1).removeprefix("IPv6:") if ip else "",
        by=by.lower().strip("();"),
        text=text,
    )


def _name(text: str) -> str:
    name = text.strip("[]()").lower()
    return "" if name == "unknown" or not re.search("[a-z]", name) or "." not in name else name


def _public(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip).is_global
    except ValueError:
        return False
