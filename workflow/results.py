"""What became of a campaign, collected from the records: counts, and everything to show.

Neither holds contact data: mails are shown with sample names, contacts only as numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.brief import Brief, Sender
from contracts.case import Case
from contracts.decision import DecisionKind, DraftState
from contracts.delivery import Envelope
from contracts.mail import CaseCitation, Draft, Edition, ModuleKind, Variant
from contracts.verdict import Finding, Screening, Verdict
from evaluation import MailView, load_packs
from storage import DraftRecord, Transaction
from variants import Design, tactics
from workflow.audience import Group
from workflow.campaign import arms_of, campaign_record, planned
from workflow.house import House
from workflow.screening import sample_message
from workflow.summary import Summary, summary

__all__ = [
    "CampaignView",
    "Decided",
    "DraftView",
    "EditionView",
    "FindingSeen",
    "MailSeen",
    "TacticUsed",
    "VariantView",
    "campaign_view",
]


@dataclass(frozen=True, slots=True)
class MailSeen:
    """An edition as a sample recipient gets it."""

    from_line: str  # as the header gives it: name and address
    from_name: str
    reply_to: str
    subject: str  # with the label that the law asks for
    preheader: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingSeen:
    finding: Finding
    excerpt: str  # the characters that the finding points at, "" where it means a whole part


@dataclass(frozen=True, slots=True)
class EditionView:
    edition: Edition
    mail: MailSeen
    screening: Screening | None  # None: not screened yet
    findings: tuple[FindingSeen, ...]
    countries: tuple[str, ...]  # ISO 3166-1 that the profile is for; empty: the strictest
    submitted_seal: str  # "" where it was not put before a reviewer
    approved_seal: str  # "" where it may not be sent
    queued: int  # envelopes

    @property
    def blocked(self) -> bool:
        return self.screening is not None and self.screening.verdict is Verdict.BLOCK


@dataclass(frozen=True, slots=True)
class TacticUsed:
    slot: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class VariantView:
    variant: Variant
    tactics: tuple[TacticUsed, ...]
    editions: tuple[EditionView, ...]  # one for each legal profile, that of most readers first
    queued: int  # envelopes of this arm; 0: it is none


@dataclass(frozen=True, slots=True)
class Decided:
    kind: DecisionKind
    by: str  # name of the reviewer
    at: datetime
    why: str
    seals: Mapping[str, str]  # edition id -> seal


@dataclass(frozen=True, slots=True)
class DraftView:
    """One segment in one language."""

    draft: Draft
    state: DraftState
    updated_at: datetime
    authors: tuple[str, ...]  # names of users
    recipients: int  # contacts who would be written to as the records stand
    profiles: Mapping[str, int]  # legal profile -> contacts
    design: Design
    variants: tuple[VariantView, ...]  # the control first
    submitted_by: str  # "" where it was not submitted
    submitted_at: datetime | None
    decision: Decided | None


@dataclass(frozen=True, slots=True)
class CampaignView:
    """Everything that the report of a campaign shows."""

    name: str
    brief: Brief
    sender: Sender
    drafted_at: datetime
    collected_at: datetime
    summary: Summary
    drafts: tuple[DraftView, ...]  # segments in the brief's order, then by language
    cases: Mapping[tuple[str, str], Case]  # (case id, text hash) -> the text citations point into


def campaign_view(house: House, name: str, counts: Summary | None = None) -> CampaignView:
    """Everything there is to show of a campaign, as the records stand.

    Args:
        counts: the summary, where the caller has one with an import's rows and times.

    Raises:
        UnknownCampaign: it was never drafted.
    """
    record = campaign_record(house, name)
    counts = counts or summary(house, name)
    groups = {
        (group.segment, group.language): group
        for group in planned(house, record.brief, record.sender).groups
    }
    rank = {rule.name: place for place, rule in enumerate(record.brief.segments)}
    with house.store.read() as tx:
        users = {user.id: user.name for user in tx.users.all()}
        queued = _queued(tx.envelopes.list(name, limit=None))
        entries = sorted(
            tx.drafts.for_campaign(name),
            key=lambda entry: (rank.get(entry.draft.segment, len(rank)), entry.draft.language),
        )
        drafts = tuple(
            _draft_view(
                house,
                tx,
                record.brief,
                entry,
                groups.get((entry.draft.segment, entry.draft.language)),
                users,
                queued,
            )
            for entry in entries
        )
        cases = _cited_cases(tx, drafts)
    return CampaignView(
        name=name,
        brief=record.brief,
        sender=record.sender,
        drafted_at=record.created_at,
        collected_at=house.clock(),
        summary=counts,
        drafts=drafts,
        cases=cases,
    )


@dataclass(frozen=True, slots=True)
class _QueuedCounts:
    by_edition: Mapping[str, int]
    by_arm: Mapping[str, int]


def _queued(envelopes: Iterable[Envelope]) -> _QueuedCounts:
    by_edition: Counter[str] = Counter()
    by_arm: Counter[str] = Counter()
    for envelope in envelopes:
        by_edition[envelope.edition_id] += 1
        by_arm[envelope.arm] += 1
    return _QueuedCounts(by_edition, by_arm)


def _draft_view(
    house: House,
    tx: Transaction,
    brief: Brief,
    entry: DraftRecord,
    group: Group | None,
    users: Mapping[str, str],
    queued: _QueuedCounts,
) -> DraftView:
    draft = entry.draft
    variants = tx.editions.variants(draft.id)
    editions = tx.editions.for_draft(draft.id)
    submission = tx.reviews.submission(draft.id)
    seals = submission.seals if submission is not None else {}
    recipients = len(group.contacts) if group else 0
    profiles = {code: len(ids) for code, ids in group.profiles.items()} if group else {}
    editions.sort(key=lambda edition: (-profiles.get(edition.profile, 0), edition.profile))
    return DraftView(
        draft=draft,
        state=entry.state,
        updated_at=entry.updated_at,
        authors=tuple(sorted(users.get(user, user) for user in entry.authors)),
        recipients=recipients,
        profiles=profiles,
        design=arms_of(brief, recipients, max(1, len(variants))),
        variants=tuple(
            VariantView(
                variant=variant,
                tactics=_tactics(variant),
                editions=tuple(
                    _edition_view(house, tx, variant, edition, seals, queued)
                    for edition in editions
                    if edition.variant_id == variant.id
                ),
                queued=queued.by_arm.get(variant.id, 0),
            )
            for variant in variants
        ),
        submitted_by=users.get(submission.submitted_by, submission.submitted_by)
        if submission
        else "",
        submitted_at=submission.at if submission else None,
        decision=_decided(tx, draft.id, users),
    )


def _decided(tx: Transaction, draft_id: str, users: Mapping[str, str]) -> Decided | None:
    decision = tx.reviews.decision(draft_id)
    if decision is None:
        return None
    return Decided(
        kind=decision.kind,
        by=users.get(decision.reviewer, decision.reviewer),
        at=decision.at,
        why=decision.why,
        seals=dict(decision.seals),
    )


def _tactics(variant: Variant) -> tuple[TacticUsed, ...]:
    known = tactics()
    used = []
    for slot, name in variant.tactics.items():
        tactic = known.get(name)
        used.append(TacticUsed(slot, tactic.name if tactic else name, tactic.why if tactic else ""))
    return tuple(used)


def _edition_view(
    house: House,
    tx: Transaction,
    variant: Variant,
    edition: Edition,
    seals: Mapping[str, str],
    queued: _QueuedCounts,
) -> EditionView:
    screening = tx.editions.screening(edition.id)
    view = MailView.from_bytes(sample_message(house, edition))
    packs = load_packs().law
    return EditionView(
        edition=edition,
        mail=MailSeen(
            from_line=view.header("From"),
            from_name=edition.from_name,
            reply_to=edition.reply_to,
            subject=view.subject,
            preheader=variant.module(ModuleKind.PREHEADER).text,
            html=view.html,
            text=view.text,
        ),
        screening=screening,
        findings=tuple(
            FindingSeen(finding, _excerpt(finding, view, variant))
            for finding in (screening.findings if screening else ())
        ),
        countries=packs[edition.profile].countries if edition.profile in packs else (),
        submitted_seal=seals.get(edition.id, ""),
        approved_seal=tx.reviews.approved_seal(edition.id) or "",
        queued=queued.by_edition.get(edition.id, 0),
    )


def _excerpt(finding: Finding, view: MailView, variant: Variant) -> str:
    """What stands at the finding's place; "" for a whole part."""
    span, part = finding.place.span, finding.place.part
    if span is None:
        return ""
    kind, _, name = part.partition(":")
    if kind == "module":
        texts = [module.text for module in variant.modules if module.kind.value == name]
        return span.of(texts[0]) if texts else ""
    if kind == "header":
        return span.of(view.header(name))
    return span.of({"subject": view.subject, "html": view.visible, "text": view.text}.get(part, ""))


def _cited_cases(tx: Transaction, drafts: Sequence[DraftView]) -> Mapping[tuple[str, str], Case]:
    wanted = {
        (claim.citation.case_id, claim.citation.text_hash)
        for draft in drafts
        for view in draft.variants
        for module in view.variant.modules
        for claim in module.claims
        if isinstance(claim.citation, CaseCitation)
    }
    found = {key: tx.cases.version(*key) for key in sorted(wanted)}
    return {key: case for key, case in found.items() if case is not None}
