"""Whether the consent on record lets a contact be written to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from contracts.audience import Consent, ConsentKind, Contact, ContactStatus
from evaluation.packs import RulePacks

__all__ = ["ConsentVerdict", "judge_consent"]

_EXPRESS = frozenset({ConsentKind.EXPRESS, ConsentKind.DOUBLE_OPT_IN})


@dataclass(frozen=True, slots=True)
class ConsentVerdict:
    """`reason` is a code: lawful ones are "express", "soft_opt_in" and "opt_out"; the others
    "refused", "unsubscribed", "bought_list", "no_consent" and "not_provable"."""

    lawful: bool
    reason: str
    detail: str
    jurisdiction: str
    source: str


def judge_consent(
    contact: Contact,
    packs: RulePacks,
    legal_basis: Literal["consent", "customer", "legitimate_interest"],
) -> ConsentVerdict:
    """Judge one contact by the law of its country; an unknown country by the strictest.

    A refusal and a bought list are never overruled. `legal_basis` is what the brief claims; it
    cannot replace a record, and is named where the record does not bear it out.
    """
    pack = packs.pack_for(contact.country)
    rule = pack.consent
    consent = contact.consent

    def verdict(
        lawful: bool, reason: str, detail: str, source: str = rule.source
    ) -> ConsentVerdict:
        return ConsentVerdict(lawful, reason, detail, pack.code, source)

    if consent.kind is ConsentKind.REFUSED:
        return verdict(False, "refused", "The contact has said that it wants no mail.")
    if contact.status is ContactStatus.UNSUBSCRIBED:
        return verdict(False, "unsubscribed", "The contact has unsubscribed.")
    if _bought(contact, packs):
        detail = "The address comes from a bought or collected list; no provider accepts that."
        return verdict(False, "bought_list", detail, packs.everywhere.bought_list_source)
    if consent.kind not in rule.sufficient:
        detail = f"{pack.code} asks for {_wanted(rule.sufficient)}; on record: {consent.kind}."
        if legal_basis != "consent":
            detail += f" The brief's basis, {legal_basis.replace('_', ' ')}, does not replace it."
        return verdict(False, "no_consent", detail)
    unclaimed = rule.needs_interest and legal_basis != "legitimate_interest"
    if consent.kind is ConsentKind.NONE and unclaimed:
        detail = f"{pack.code} lets companies be written to without consent only where the "
        detail += "brief rests on legitimate_interest."
        return verdict(False, "no_consent", detail)
    if consent.kind in _EXPRESS:
        if rule.evidence and not _provable(consent):
            detail = "The consent cannot be shown: record its date and its wording or source."
            return verdict(False, "not_provable", detail)
        return verdict(True, "express", "Consent is on record.")
    if consent.kind is ConsentKind.CUSTOMER:
        return verdict(True, "soft_opt_in", "A customer, for similar goods, with a way to object.")
    return verdict(True, "opt_out", "Mail is allowed until the contact objects.")


def _provable(consent: Consent) -> bool:
    return consent.at is not None and bool(consent.source.strip() or consent.wording.strip())


def _bought(contact: Contact, packs: RulePacks) -> bool:
    told = (contact.source, contact.consent.source)
    patterns = packs.everywhere.bought_lists
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns for text in told)


def _wanted(kinds: tuple[ConsentKind, ...]) -> str:
    return " or ".join(kind.value.replace("_", " ") for kind in kinds)
