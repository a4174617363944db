"""What the headers of a mail that was sent tell of who signed it and who received it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.providers.domains import ascii_domain, same_organisation
from evaluation.providers.tags import TagList, read_tags
from evaluation.view.mailview import MailView, mailboxes

__all__ = [
    "Authentication",
    "Received",
    "Signature",
    "read_authentication",
]

_MOST = 20  # signatures of a mail that are read
_LONGEST = 20_000  # characters of a header that are read
_LIST_HEADERS = ("list-post", "mailing-list", "x-beenthere", "x-mailman-version")
_METHOD = re.compile(r"([a-z0-9-]{1,40})(?:/\d{1,3})?\s*=\s*([a-z]{1,20})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature (RFC 6376)."""

    domain: str  # d=, in ASCII
    algorithm: str
    signed: frozenset[str]  # h=, lower case
    tags: TagList


@dataclass(frozen=True, slots=True)
class Received:
    """What the last receiver found (Authentication-Results, RFC 8601); methods in lower case."""

    server: str
    results: Mapping[str, str]  # "dmarc" -> "pass"; of several the best


@dataclass(frozen=True, slots=True)
class Authentication:
    """`return_path` is the domain of the envelope sender, "" where none is shown."""

    author: str  # domain of From
    return_path: str
    signatures: tuple[Signature, ...]
    received: Received | None
    delivered: bool  # a mailbox's server took it: it shows Return-Path and Received
    discussion: bool  # a list for discussions passed it on, which breaks what was signed

    @property
    def sent(self) -> bool:
        """Whether anything of it shows at all."""
        return bool(self.return_path or self.signatures or self.received)

    def aligned_signatures(self) -> tuple[Signature, ...]:
        """Those of the author's organisation (relaxed alignment, RFC 9989 §4.4.1)."""
        return tuple(
            item for item in self.signatures if same_organisation(item.domain, self.author)
        )

    @property
    def aligned_return_path(self) -> bool:
        return same_organisation(self.return_path, self.author)


def read_authentication(view: MailView) -> Authentication:
    """Read it off the headers. Signatures are not verified: their keys stand in DNS."""
    people = [box for value in view.header_values("From") for box in mailboxes(value[:_LONGEST])]
    path = mailboxes(view.header("Return-Path")[:_LONGEST])
    results = view.header("Authentication-Results")[:_LONGEST]
    return Authentication(
        author=ascii_domain(people[0].domain) if people else "",
        return_path=ascii_domain(path[0].domain) if path else "",
        signatures=tuple(
            _signature(value[:_LONGEST]) for value in view.header_values("DKIM-Signature")[:_MOST]
        ),
        received=_received(results) if results else None,
        delivered=bool(view.header("Received") and view.header_values("Return-Path")),
        discussion=any(view.header(name) for name in _LIST_HEADERS)
        or view.header("Precedence").strip().lower() == "list",
    )


def _signature(value: str) -> Signature:
    tags = read_tags(value)
    names = re.sub(r"\s+", "", tags.get("h")).lower().split(":")
    return Signature(
        domain=ascii_domain(re.sub(r"\s+", "", tags.get("d"))),
        algorithm=tags.get("a").lower(),
        signed=frozenset(name for name in names if name),
        tags=tags,
    )


def _received(value: str) -> Received:
    """The results by method. A method that stands several times, once for each signature, is
    passed if any of them is (RFC 8601 §2.2, RFC 9989 §4.4.1)."""
    server, _, rest = _without_comments(value).partition(";")
    results: dict[str, str] = {}
    for piece in rest.split(";")[:100]:
        match = _METHOD.match(piece.strip())
        if match:
            method, result = match.group(1).lower(), match.group(2).lower()
            if results.get(method) != "pass":
                results[method] = result
    return Received(server.strip().split(" ")[0][:100], results)


def _without_comments(value: str) -> str:
    """Without what stands in brackets, which may stand inside one another (RFC 5322 §3.2.2)."""
    kept: list[str] = []
    depth = 0
    quoted = False
    for char in value:
        if char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and depth and not quoted:
            depth -= 1
            continue
        if not depth:
            kept.append(" " if quoted and char == ";" else char)
    return "".join(kept)
