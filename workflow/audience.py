"""Contacts in, and who of them a campaign may write to."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.audience import (
    Contact,
    ContactStatus,
    ImportReport,
    LeftOut,
)
from contracts.brief import Brief, Sender
from contracts.decision import User
from contracts.seams import NoProgress, Progress
from evaluation import RulePacks, judge_consent
from personalize import languages, missing_notice, missing_text, regional_language
from personalize.audience import campaign_language, read_contacts, split
from review import require
from storage import Transaction
from workflow.house import House

# What the audit takes of a file's name: it may hold an address, or bytes that are no text.
_NOT_IN_A_NAME = re.compile(r"[^\w. -]")

__all__ = ["Audience", "Group", "import_contacts", "list_contacts", "plan_audience"]


def import_contacts(
    house: House, path: Path, actor: User | None = None, progress: Progress | None = None
) -> ImportReport:
    """Take a file of contacts; the report says of each row what was done.

    Reading comes first and whole: a file that cannot be read leaves nothing behind.
    People marked as unsubscribed are suppressed, and no import brings anybody back.

    Raises:
        NotAllowed: the actor may not keep contacts.
        BadInput: the file is missing, no table, or has no column of email addresses.
    """
    from language.taxonomy import load_taxonomy

    if actor is not None:
        require(actor, "manage_contacts")
    progress = progress or NoProgress()
    with house.store.read() as tx:
        known = {contact.email.casefold(): contact for contact in tx.contacts.all()}
    progress.start("read contacts", None)
    reading = read_contacts(
        path,
        known=lambda email: known.get(email.casefold()),
        new_id=lambda: f"c_{uuid.uuid4().hex}",
        taxonomy=load_taxonomy(),
    )
    progress.done()
    progress.start("store contacts", len(reading.contacts))
    with house.store.begin() as tx:
        for contact in reading.contacts:
            tx.contacts.put(contact)
            if contact.status is ContactStatus.UNSUBSCRIBED:
                tx.suppressions.add(contact.email, "unsubscribed", house.clock())
            progress.advance()
        tx.audit.append(
            actor.id if actor else "system",
            "contacts.imported",
            _NOT_IN_A_NAME.sub("_", path.name),
            {"contacts": str(len(reading.contacts)), "rows": str(len(reading.report.rows))},
            house.clock(),
        )
    progress.done()
    return reading.report


def list_contacts(house: House) -> list[Contact]:
    with house.store.read() as tx:
        return tx.contacts.all()


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one segment who read one language: one draft is written for them."""

    segment: str
    language: str
    contacts: tuple[Contact, ...]
    profiles: Mapping[str, tuple[str, ...]]  # legal profile -> contact ids


@dataclass(frozen=True, slots=True)
class Audience:
    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]

    def left_out_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for entry in self.left_out:
            counts[entry.reason] = counts.get(entry.reason, 0) + 1
        return dict(sorted(counts.items()))


def plan_audience(
    tx: Transaction, brief: Brief, packs: RulePacks, sender: Sender | None = None
) -> Audience:
    """Every contact on record is in exactly one group, or left out for one reason.

    Reasons, in the order in which they are looked at: unsubscribed, undeliverable,
    suppressed, no_segment, no_language, no_text (of the brief, the product or the
    sender), then what `judge_consent` says: refused,
    bought_list, no_consent, not_provable.
    """
    members: dict[tuple[str, str], list[Contact]] = {}
    left_out: list[LeftOut] = []
    fallback = brief.languages.fallback
    offered = set(languages())
    contacts = tx.contacts.all()
    segments = {
        contact.id: name
        for name, found in split(contacts, brief.segments).by_segment.items()
        for contact in found
    }
    for contact in contacts:
        segment = segments.get(contact.id, "")
        language = campaign_language(contact, fallback=fallback).language
        language = regional_language(language, contact.country, brief.languages.regional)
        reason, detail = "", ""
        if contact.status is not ContactStatus.ACTIVE:
            reason = contact.status.value
        elif tx.suppressions.reason_for(contact.email):
            reason = "suppressed"
        elif not segment:
            reason = "no_segment"
        elif not language:
            reason, detail = "no_language", "no language known and the brief has no fallback"
        elif language not in offered:
            reason, detail = "no_text", f"the product does not write {language}"
        elif missing := missing_text(brief, language):
            reason, detail = "no_text", f"the brief lacks {', '.join(missing)}"
        elif missing_notice(sender, packs.profile_for(contact.country), language):
            reason, detail = "no_text", f"the sender lacks privacy_policy.{language}"
        else:
            verdict = judge_consent(contact, packs, brief.legal_basis)
            if not verdict.lawful:
                reason, detail = verdict.reason, f"{verdict.jurisdiction}: {verdict.detail}"
        if reason:
            left_out.append(LeftOut(contact.id, reason, detail))
        else:
            members.setdefault((segment, language), []).append(contact)
    order = {rule.name: rank for rank, rule in enumerate(brief.segments)}
    groups = [
        Group(segment, language, tuple(people), _profiles(people, packs))
        for (segment, language), people in sorted(
            members.items(), key=lambda item: (order[item[0][0]], item[0][1])
        )
    ]
    return Audience(tuple(groups), tuple(left_out))


def _profiles(contacts: list[Contact], packs: RulePacks) -> dict[str, tuple[str, ...]]:
    profiles: dict[str, list[str]] = {}
    for contact in contacts:
        profiles.setdefault(packs.profile_for(contact.country).code, []).append(contact.id)
    return {code: tuple(ids) for code, ids in sorted(profiles.items())}
