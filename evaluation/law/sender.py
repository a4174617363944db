"""Who sends the mail and how to reach them: name, address, contact, entries in registers."""

from __future__ import annotations

import re
import unicodedata

from contracts.brief import Sender
from contracts.verdict import Place, Severity
from evaluation.facts import matches
from evaluation.law.answers import Answers, Met, Missed, Unseen
from evaluation.law.packfile import (
    Contact,
    LegalName,
    PostalAddress,
    Record,
    RefusalAddress,
    Replyable,
)
from evaluation.look import Look
from evaluation.view.mailview import mailboxes

__all__ = [
    "contact",
    "legal_name",
    "postal_address",
    "record",
    "refusal_address",
    "replyable",
]

_FIELDS = {"representative": "representative", "registration": "registration", "vat": "vat_id"}


def legal_name(check: LegalName, look: Look) -> Answers:
    """The name on record, or of an unknown sender something with a company's legal form."""
    del check
    sender = look.context.sender
    for part, text in look.bodies:
        if sender is not None:
            yield Met(Place(part)) if holds(text, sender.legal_name) else Missed(Place(part))
            continue
        span = look.facts.of_identity("legal_forms", part)
        yield Met(Place(part, span)) if span else Missed(Place(part))


def postal_address(check: PostalAddress, look: Look) -> Answers:
    sender = look.context.sender
    for part, text in look.bodies:
        if sender is not None:
            lines = [line for line in sender.postal_address if line.strip()]
            shown = "\n".join(lines)
            if not lines or not all(holds(text, line) for line in lines):
                yield Missed(Place(part))
                continue
            boxed = look.facts.in_text("po_box", shown) is not None
            span = None
        else:
            span = look.facts.of_identity("address", part)
            box = look.facts.of_identity("po_box", part)
            if span is None and box is None:
                yield Missed(Place(part))
                continue
            # An address around a box is the box's; a street elsewhere stands by itself.
            inside = span is not None and look.facts.in_text("po_box", span.of(text)) is not None
            boxed = span is None or inside
            span = span or box
        if boxed and not check.po_box_allowed:
            yield Missed(Place(part, span), "po_box")
        else:
            yield Met(Place(part, span))


def contact(check: Contact, look: Look) -> Answers:
    sender = look.context.sender
    for part, text in look.bodies:
        if sender is not None:
            met = _shown_ways(sender, _with_addresses(look, part, text), text) & set(check.any_of)
            place = Place(part)
        else:
            spans = {way: look.facts.way(way, part) for way in check.any_of}
            met = {way for way, span in spans.items() if span is not None}
            place = Place(part, next((spans[way] for way in check.any_of if way in met), None))
        found = {"ways": ", ".join(check.any_of)}
        yield Met(place) if met else Missed(Place(part), found=found)


def _shown_ways(sender: Sender, reach: str, text: str) -> set[str]:
    boxes = (sender.email, sender.reply_to, sender.from_address, sender.refusal_mailbox)
    ways = {
        "email": any(item and holds(reach, item) for item in boxes),
        "phone": bool(sender.phone) and _digits(sender.phone) in _digits(text),
        "website": bool(sender.website) and holds(text, sender.website),
    }
    return {name for name, shown in ways.items() if shown}


def record(check: Record, look: Look) -> Answers:
    """An entry of the sender's record that the mail must show, or its sign in a lone mail."""
    sender = look.context.sender
    if sender is None:
        for part, _ in look.bodies:
            yield _sign_of(check, look, part)
        return
    value: str = getattr(sender, _FIELDS[check.kind])
    if not value:
        # Whoever is established elsewhere may have no such entry; a person has to say.
        severity = None if sender.country.upper() in check.home else Severity.WARN
        yield Missed(Place("html"), "not_on_record", severity)
        return
    for part, text in look.bodies:
        yield Met(Place(part)) if holds(text, value) else Missed(Place(part))


def _sign_of(check: Record, look: Look, part: str) -> Met | Missed:
    facts = look.facts
    said = facts.said(check.kind, part) or facts.said(check.kind, part, elsewhere=True)
    span = said.span if said else None
    if span is None and check.kind != "representative":
        span = facts.of_identity(check.kind, part)
    if span is not None:
        return Met(Place(part, span))
    return Missed(Place(part), severity=None if look.speaks_known_language else Severity.WARN)


def refusal_address(check: RefusalAddress, look: Look) -> Answers:
    del check
    sender = look.context.sender
    for part, text in look.bodies:
        if sender is not None:
            met = holds(text, sender.refusal_mailbox)
            yield Met(Place(part)) if met else Missed(Place(part))
            continue
        span = look.facts.way("email", part)
        yield Met(Place(part, span)) if span else Missed(Place(part))


def replyable(check: Replyable, look: Look) -> Answers:
    del check
    if not look.view.has_headers:
        yield Unseen("the file has no mail headers")
        return
    name = "Reply-To" if look.view.header("Reply-To") else "From"
    boxes = mailboxes(look.view.header(name))
    unattended = look.packs.everywhere.unattended_mailboxes
    place = Place(f"header:{name}")
    if boxes and matches(unattended, boxes[0].address):
        yield Missed(place)
    else:
        yield Met(place)


def _with_addresses(look: Look, part: str, text: str) -> str:
    boxes = [
        link.href[7:].partition("?")[0]
        for link in look.facts.links(part)
        if link.href.lower().startswith("mailto:")
    ]
    return "\n".join([text, *boxes])


def holds(text: str, fact: str) -> bool:
    """Whether `text` shows `fact`, however it is broken into lines."""
    return bool(fact.strip()) and _squeezed(fact) in _squeezed(text)


def _squeezed(text: str) -> str:
    """Without spaces and line breaks, which mean nothing in an address."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
