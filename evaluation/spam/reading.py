"""A mail read once for all tests of spam: its words, where its links lead, and its way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from contracts.verdict import Place
from evaluation.look import Look
from evaluation.providers.domains import organisational_domain
from evaluation.spam.dates import parsed_date
from evaluation.spam.known import Known, known_of
from evaluation.spam.relays import Relay, handover, read_relays
from evaluation.view.mailview import Link, Mailbox, MailView, mailboxes

__all__ = ["LONGEST_BODY", "MOST_LINKS", "Hit", "Reading", "Target", "strength_of"]

LONGEST_BODY = 30_000  # characters of a body that are read: a mail of spam shows itself before
MOST_LINKS = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_TEMPLATE = re.compile(r"[{}\[\]%|]{2}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A test saw its sign: where, in what (as the message adds it), and how strongly, 0 to 1."""

    place: Place
    detail: str = ""
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads on the web."""

    link: Link
    url: SplitResult
    host: str

    @property
    def owner(self) -> str:
        return organisational_domain(self.host)


class Reading:
    """One mail as the tests of spam read it. Everything is worked out when first asked for."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.view: MailView = look.view
        self.known: Known = known_of(look.packs)
        self.has_headers = self.view.has_headers
        # Whether the headers are those of a message, not of one that is still to be made.
        self.travelled = self.has_headers and not look.context.in_campaign

    @cached_property
    def body(self) -> str:
        """What the recipient reads, of a very long mail its beginning."""
        return self.view.body[:LONGEST_BODY]

    @cached_property
    def part(self) -> str:
        """The part that `body` stands in."""
        return "html" if self.view.visible.strip() else "text"

    @cached_property
    def bodies(self) -> tuple[tuple[str, str], ...]:
        return tuple((part, text[:LONGEST_BODY]) for part, text in self.view.bodies)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the body as they are written; of Chinese, runs of characters."""
        return tuple(_WORD.findall(self.body))

    @cached_property
    def letters(self) -> int:
        """How many letters the body shows."""
        return sum(map(len, self.words))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The links to the web, without those whose address a template will fill in."""
        found = []
        for link in self.view.links[:MOST_LINKS]:
            url = _split(link.href)
            if url is not None and url.hostname:
                found.append(Target(link, url, url.hostname.rstrip(".")))
        return tuple(found)

    @cached_property
    def sender(self) -> Mailbox | None:
        """The first mailbox of the From header."""
        people = mailboxes(self.view.header("From"))
        return people[0] if people else None

    @cached_property
    def relays(self) -> tuple[Relay, ...]:
        """The way of a message that has travelled, the recipient's own server first."""
        return read_relays(self.view.header_values("Received")) if self.travelled else ()

    @cached_property
    def entered(self) -> Relay | None:
        """The step by which the mail came in from the outside."""
        return handover(self.relays)

    @cached_property
    def stated(self) -> datetime | None:
        """The moment in the Date header."""
        return parsed_date(self.view.header("Date"))

    @cached_property
    def message_id(self) -> str:
        return self.view.header("Message-ID")[:1000]


def _split(href: str) -> SplitResult | None:
    if not _WEB.match(href) or _TEMPLATE.search(href):
        return None
    try:
        parts = urlsplit(href)
        return parts if parts.hostname else None
    except ValueError:
        return None


def strength_of(value: float, start: float, full: float) -> float:
    """How strongly a measured value speaks: 0 up to `start`, 1 from `full` on."""
    if full <= start:
        return 1.0 if value > start else 0.0
    return min(1.0, max(0.0, (value - start) / (full - start)))
