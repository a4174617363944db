"""Signs of spam in what a mail's way tells: dates, message numbers, relays, mail programs.

All of them need the headers of a mail that has travelled; of any other they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from contracts.verdict import Place
from evaluation.providers.domains import organisational_domain
from evaluation.rulefiles import Signal
from evaluation.spam.reading import Hit, Reading, strength_of

__all__ = ["TRANSIT_TESTS"]

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}@([^<>\s]{1,255})>")
_ZONE = re.compile(r"([+-])(\d{2})(\d{2})\s*(?:\(|$)")
_WIDEST_ZONE = 14  # hours from UTC: Kiribati
_NUMBERED_HOST = re.compile(
    r"\d{1,3}[.-]\d{1,3}[.-]\d{1,3}[.-]\d{1,3}"
    r"|\b(?:a?dsl|cable|dial(?:in|up)?|dyn(?:amic)?|pool|ppp)[-.\d]"
)


def _no_date(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    if reading.travelled and reading.stated is None:
        return Hit(Place("header:Date"))
    return None


def _absurd_zone(reading: Reading, signal: Signal) -> Hit | None:
    """A time zone that no place has."""
    del signal
    match = _ZONE.search(reading.view.header("Date")[:200]) if reading.travelled else None
    if match and (int(match.group(2)) > _WIDEST_ZONE or int(match.group(3)) % 15):
        return Hit(Place("header:Date"), f"({''.join(match.groups())})")
    return None


def _late_date(reading: Reading, signal: Signal) -> Hit | None:
    """A date after the mail was received. `threshold` and `full` in hours."""
    hours = _hours_ahead(reading)
    if hours is not None and hours > signal.threshold:
        return Hit(
            Place("header:Date"),
            f"({hours:.0f} h)",
            strength_of(hours, signal.threshold, signal.full),
        )
    return None


def _early_date(reading: Reading, signal: Signal) -> Hit | None:
    """A date long before the mail was received. `threshold` and `full` in hours."""
    hours = _hours_ahead(reading)
    if hours is not None and -hours > signal.threshold:
        strength = strength_of(-hours, signal.threshold, signal.full)
        return Hit(Place("header:Date"), f"({-hours:.0f} h)", strength)
    return None


def _hours_ahead(reading: Reading) -> float | None:
    stated = reading.stated if reading.relays else None
    entered = reading.entered
    if stated is None or entered is None or entered.at is None:
        return None
    return (stated - entered.at) / timedelta(hours=1)


def _no_message_id(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    if reading.travelled and not _MESSAGE_ID.search(reading.message_id):
        return Hit(Place("header:Message-ID"))
    return None


def _odd_message_id(reading: Reading, signal: Signal) -> Hit | None:
    """A message number whose right side is no host."""
    del signal
    match = _MESSAGE_ID.search(reading.message_id)
    if not (reading.travelled and match):
        return None
    host = match.group(1)
    if "." not in host and host.lower() != "localhost":
        return Hit(Place("header:Message-ID"), f"({host[:60]})")
    return None


def _borrowed_message_id(reading: Reading, signal: Signal) -> Hit | None:
    """A message number that a relay had to add: the program that wrote the mail gave none."""
    del signal
    match = _MESSAGE_ID.search(reading.message_id)
    if not (reading.travelled and match):
        return None
    host = match.group(1).lower()
    number = reading.message_id.partition("@")[0].strip(" <").rpartition(".")[2]
    for relay in reading.relays:
        if relay.by == host and f" id {number}" in relay.text:
            return Hit(Place("header:Message-ID"))
    return None


def _freemail_forged(reading: Reading, signal: Signal) -> Hit | None:
    """A free mailbox as sender of a mail that never passed its provider's servers."""
    del signal
    sender = reading.sender
    if not sender or not reading.relays:
        return None
    domains = reading.known.common.freemail.get(sender.domain)
    if domains is None:
        return None
    hosts = [host for relay in reading.relays for host in (relay.name, relay.by) if host]
    own = {organisational_domain(sender.domain), *domains}
    if own.isdisjoint(map(organisational_domain, hosts)):
        return Hit(Place("header:From"), f"({sender.domain})")
    return None


def _nameless_relay(reading: Reading, signal: Signal) -> Hit | None:
    """The sending host's address has no name in the DNS, which mail servers have."""
    del signal
    entered = reading.entered
    return Hit(Place("header:Received")) if entered and entered.name == "" else None


def _numbered_relay(reading: Reading, signal: Signal) -> Hit | None:
    """The sending host is a dial-up or home connection by its name."""
    del signal
    entered = reading.entered
    if entered and entered.name and _NUMBERED_HOST.search(entered.name):
        return Hit(Place("header:Received"), f"({entered.name[:60]})")
    return None


def _false_greeting(reading: Reading, signal: Signal) -> Hit | None:
    """The sending host called itself what it is not: a number, one word, or a host of a
    provider that its address does not belong to."""
    del signal
    entered = reading.entered
    if not entered or not entered.helo:
        return None
    helo, name = entered.helo, entered.name
    claimed = organisational_domain(helo)
    relays = reading.known.common.freemail.get(claimed)
    borrowed = (
        relays is not None
        and name is not None
        and organisational_domain(name) not in (claimed, *relays)
    )
    if borrowed or helo == entered.ip or "." not in helo:
        return Hit(Place("header:Received"), f"({helo[:60]})")
    return None


def _false_program(reading: Reading, signal: Signal) -> Hit | None:
    """Headers of a mail program without the ones that it always writes beside them."""
    del signal
    view = reading.view
    if not reading.travelled:
        return None
    program = view.header("X-Mailer")
    if "Microsoft Outlook" in program and not (
        view.header("X-MimeOLE") or view.header("Thread-Index") or "$" in view.header("Message-ID")
    ):
        return Hit(Place("header:X-Mailer"), f"({program[:60]})")
    if view.header("X-MSMail-Priority") and not (
        view.header("X-MimeOLE") or view.header("Thread-Index")
    ):
        return Hit(Place("header:X-MSMail-Priority"))
    return None


def _no_mime_version(reading: Reading, signal: Signal) -> Hit | None:
    """MIME headers without the one that says so (RFC 2045 §4)."""
    del signal
    view = reading.view
    if reading.travelled and view.header("Content-Type") and not view.header("MIME-Version"):
        return Hit(Place("header:MIME-Version"))
    return None


TRANSIT_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "absurd_zone": _absurd_zone,
    "borrowed_message_id": _borrowed_message_id,
    "early_date": _early_date,
    "false_greeting": _false_greeting,
    "false_program": _false_program,
    "freemail_forged": _freemail_forged,
    "late_date": _late_date,
    "nameless_relay": _nameless_relay,
    "no_date": _no_date,
    "no_message_id": _no_message_id,
    "no_mime_version": _no_mime_version,
    "numbered_relay": _numbered_relay,
    "odd_message_id": _odd_message_id,
}
