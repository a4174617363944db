"""Signs of spam in the headers that a mail's author writes: who, to whom, about what.

Where a mail has no headers, or they are still to be made, these tests say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from contracts.case import Span
from contracts.verdict import Place
from evaluation.providers.domains import organisational_domain
from evaluation.rulefiles import Signal
from evaluation.spam.reading import Hit, Reading, strength_of
from evaluation.view.mailview import mailboxes

__all__ = ["HEADER_TESTS"]

_SINGLE = ("from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id")
_PADDED = re.compile(r"\S[ \t]{5,200}(\S{2,40})\s*$")
_SHOWN_ADDRESS = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}\w{2,24})")
_LONGEST_BRAND = 2  # words: "PayPal Service"; longer names are mostly somebody else's


def _no_recipient(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    view = reading.view
    if reading.travelled and not (view.header("To").strip() or view.header("Cc").strip()):
        return Hit(Place("header:To"))
    return None


def _unnamed_recipients(reading: Reading, signal: Signal) -> Hit | None:
    """A To header that holds words and no address: "Undisclosed recipients:;"."""
    del signal
    to = reading.view.header("To").strip()
    if reading.travelled and to and not any(mailboxes(v) for v in reading.view.header_values("To")):
        return Hit(Place("header:To"), f"({to[:40]})")
    return None


def _many_recipients(reading: Reading, signal: Signal) -> Hit | None:
    """A row of strangers in To and Cc."""
    if not reading.travelled:
        return None
    people = [
        box
        for name in ("To", "Cc")
        for value in reading.view.header_values(name)
        for box in mailboxes(value)
    ]
    owners = {organisational_domain(box.domain) for box in people}
    if len(people) > signal.threshold and len(owners) > 1:
        strength = strength_of(len(people), signal.threshold, signal.full)
        return Hit(Place("header:To"), f"({len(people)})", strength)
    return None


def _sender_is_recipient(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    if not (reading.travelled and reading.sender):
        return None
    to = {box.address.lower() for v in reading.view.header_values("To") for box in mailboxes(v)}
    if to == {reading.sender.address.lower()}:
        return Hit(Place("header:To"))
    return None


def _forged_sender(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    if not reading.has_headers:
        return None
    place = Place("header:From")
    values = reading.view.header_values("From")
    people = [box for value in values for box in mailboxes(value)]
    if not people:
        return Hit(place, "(there is no From address)")
    if len(values) > 1 and len({box.address.lower() for box in people}) > 1:
        return Hit(place, "(several From headers)")
    first = people[0]
    shown = _SHOWN_ADDRESS.search(first.name)
    if shown and organisational_domain(shown.group(1)) != organisational_domain(first.domain):
        return Hit(place, "(the display name shows an address of another domain)")
    context = reading.look.context
    sender = context.sender
    if context.in_campaign and sender and first.address.lower() != sender.from_address.lower():
        return Hit(place, "(it is not the sender's address on record)")
    return None


def _borrowed_name(reading: Reading, signal: Signal) -> Hit | None:
    """A display name that is a well-known company's, before an address that is not."""
    del signal
    sender = reading.sender
    if not (reading.has_headers and sender and sender.name):
        return None
    words = sender.name.lower().split()
    if not 0 < len(words) <= _LONGEST_BRAND or words[0] not in reading.known.brands:
        return None
    if words[0] in sender.domain:  # a brand has many domains of its own
        return None
    return Hit(Place("header:From"), f"({sender.name[:40]} / {sender.domain})")


def _freemail_reply(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    people = mailboxes(reading.view.header("Reply-To"))
    reply = people[0].domain if people else ""
    shown = reading.sender.domain if reading.sender else ""
    if reply in reading.known.common.freemail and shown != reply:
        return Hit(Place("header:Reply-To"), f"({reply})")
    return None


def _freemail_sender(reading: Reading, signal: Signal) -> Hit | None:
    """Advertising sent from a free mailbox. Gmail and Yahoo ask their own mail to come from
    their own servers (DMARC), so bulk mail in their name is refused or junk."""
    del signal
    sender = reading.sender
    if reading.travelled and sender and sender.domain in reading.known.common.freemail:
        return Hit(Place("header:From"), f"({sender.domain})")
    return None


def _random_sender(reading: Reading, signal: Signal) -> Hit | None:
    """An address whose name ends in a long number, or is hardly to be spoken."""
    sender = reading.sender
    if not (reading.travelled and sender):
        return None
    local = sender.address.rpartition("@")[0]
    digits = len(local) - len(local.rstrip("0123456789"))
    letters = re.sub(r"[^a-z]", "", local.lower())
    mute = len(letters) >= 7 and not re.search("[aeiouy]", letters)
    if mute or (digits > signal.threshold and digits < len(local)):
        return Hit(Place("header:From"))
    return None


def _padded_subject(reading: Reading, signal: Signal) -> Hit | None:
    """A subject with a tail of blanks and a code, by which each copy differs from the next."""
    del signal
    match = _PADDED.search(reading.view.subject[:1000])
    if match:
        return Hit(Place("subject", Span(*match.span(1))))
    return None


def _coded_subject(reading: Reading, signal: Signal) -> Hit | None:
    """A subject whose last word is a code: letters in both cases and digits mixed up."""
    subject = reading.view.subject[:1000].rstrip()
    last = subject.rpartition(" ")[2]
    turns = sum(_sort(one) != _sort(other) for one, other in pairwise(last))
    if last.isascii() and last.isalnum() and turns >= signal.threshold:
        return Hit(Place("subject", Span(len(subject) - len(last), len(subject))), f"({last[:30]})")
    return None


def _sort(char: str) -> str:
    return "0" if char.isdigit() else "A" if char.isupper() else "a"


def _no_subject(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    view = reading.view
    return Hit(Place("subject")) if view.has_subject and not view.subject.strip() else None


def _long_subject(reading: Reading, signal: Signal) -> Hit | None:
    length = len(reading.view.subject)
    return Hit(Place("subject"), f"({length})") if length > signal.threshold else None


def _fake_reply(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    view, prefix = reading.view, reading.known.reply_prefix
    if not view.has_headers or view.header("In-Reply-To") or view.header("References"):
        return None
    match = prefix.match(view.subject) if prefix else None
    return Hit(Place("subject", Span(*match.span()))) if match else None


def _duplicate_headers(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    for name in _SINGLE:
        if len(reading.view.header_values(name)) > 1:
            return Hit(Place(f"header:{name.title()}"))
    return None


def _raw_subject(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    raw = reading.view.raw_subject
    return Hit(Place("header:Subject")) if raw and not raw.isascii() else None


def _urgent_priority(reading: Reading, signal: Signal) -> Hit | None:
    """A mail to many that calls itself urgent to the mail program."""
    del signal
    view = reading.view
    if not view.has_headers:
        return None
    if re.match(r"\s*[12]\b", view.header("X-Priority")):
        return Hit(Place("header:X-Priority"))
    for name in ("Importance", "Priority", "X-MSMail-Priority"):
        if view.header(name).strip().lower() in ("high", "urgent"):
            return Hit(Place(f"header:{name}"))
    return None


HEADER_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "borrowed_name": _borrowed_name,
    "coded_subject": _coded_subject,
    "duplicate_headers": _duplicate_headers,
    "fake_reply": _fake_reply,
    "forged_sender": _forged_sender,
    "freemail_reply": _freemail_reply,
    "freemail_sender": _freemail_sender,
    "long_subject": _long_subject,
    "many_recipients": _many_recipients,
    "no_recipient": _no_recipient,
    "no_subject": _no_subject,
    "padded_subject": _padded_subject,
    "random_sender": _random_sender,
    "raw_subject": _raw_subject,
    "sender_is_recipient": _sender_is_recipient,
    "unnamed_recipients": _unnamed_recipients,
    "urgent_priority": _urgent_priority,
}
