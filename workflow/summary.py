"""The counts of a campaign: for the table at the end of a run, its JSON form and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.audience import ImportReport, RowOutcome
from contracts.decision import DraftState
from contracts.delivery import EnvelopeState
from contracts.verdict import Screening, Severity, Verdict
from workflow.campaign import campaign_record
from workflow.house import House

__all__ = ["BlockReason", "ContactCounts", "Summary", "summary"]


@dataclass(frozen=True, slots=True)
class ContactCounts:
    """Rows of the import that the caller speaks of, all 0 without one; and who is on record."""

    on_record: int
    taken: int = 0
    mended: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class BlockReason:
    rule: str
    message: str
    editions: int  # that it blocks; an edition may be blocked by several rules


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of one campaign, as the records stand."""

    campaign: str
    cases: int
    passages: int
    contacts: ContactCounts
    segments: int  # that have a draft
    drafts: int
    variants: int
    editions: int
    blocked: int  # editions
    waiting: int  # drafts before a reviewer
    approved: int  # drafts
    sendable: int  # editions that are approved and may be sent now
    envelopes: Mapping[EnvelopeState, int]  # every state is named
    left_out: Mapping[str, int]  # reason -> contacts
    blocked_by: tuple[BlockReason, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)  # step -> seconds
    outputs: Mapping[str, str] = field(default_factory=dict)  # name -> path

    @property
    def queued(self) -> int:
        """Envelopes that were ever put on the queue."""
        return sum(self.envelopes.values())

    @property
    def sent(self) -> int:
        return self.envelopes.get(EnvelopeState.SENT, 0)

    @property
    def held(self) -> int:
        return self.envelopes.get(EnvelopeState.HELD, 0)

    def to_json(self) -> dict[str, Any]:
        """The object that `campaign run` and `demo` print; keys are added, never renamed."""
        return {
            "campaign": self.campaign,
            "cases": self.cases,
            "passages": self.passages,
            "contacts": {
                "taken": self.contacts.taken,
                "mended": self.contacts.mended,
                "refused": self.contacts.refused,
                "on_record": self.contacts.on_record,
            },
            "segments": self.segments,
            "drafts": self.drafts,
            "variants": self.variants,
            "editions": self.editions,
            "blocked": self.blocked,
            "blocked_by": {reason.rule: reason.editions for reason in self.blocked_by},
            "waiting": self.waiting,
            "approved": self.approved,
            "sendable": self.sendable,
            "queued": self.queued,
            "sent": self.sent,
            "held": self.held,
            "envelopes": {state.value: count for state, count in self.envelopes.items()},
            "left_out": dict(self.left_out),
            "seconds": {step: round(value, 3) for step, value in self.seconds.items()},
            "outputs": dict(self.outputs),
        }


def summary(
    house: House,
    name: str,
    *,
    contacts: ImportReport | None = None,
    seconds: Mapping[str, float] | None = None,
    outputs: Mapping[str, str] | None = None,
) -> Summary:
    """The counts of a campaign.

    Args:
        contacts: what an import said, where there was one in this run.
        seconds: how long each step took.
        outputs: files and folders that were written, by name.

    Raises:
        UnknownCampaign: it was never drafted.
    """
    from knowledge_base import split_passages

    campaign_record(house, name)
    with house.store.read() as tx:
        cases = tx.cases.all()
        drafts = tx.drafts.for_campaign(name)
        editions = [
            edition for entry in drafts for edition in tx.editions.for_draft(entry.draft.id)
        ]
        screenings = [tx.editions.screening(edition.id) for edition in editions]
        blocking = [
            screening
            for screening in screenings
            if screening is not None and screening.verdict is Verdict.BLOCK
        ]
        return Summary(
            campaign=name,
            cases=len(cases),
            passages=sum(len(split_passages(case)) for case in cases),
            contacts=_contact_counts(tx.contacts.count(), contacts),
            segments=len({entry.draft.segment for entry in drafts}),
            drafts=len(drafts),
            variants=sum(len(tx.editions.variants(entry.draft.id)) for entry in drafts),
            editions=len(editions),
            blocked=len(blocking),
            waiting=sum(entry.state is DraftState.SUBMITTED for entry in drafts),
            approved=sum(entry.state is DraftState.APPROVED for entry in drafts),
            sendable=sum(tx.reviews.approved_seal(edition.id) is not None for edition in editions),
            envelopes=tx.envelopes.counts(name),
            left_out=tx.left_out.counts(name),
            blocked_by=_reasons(blocking),
            seconds=dict(seconds or {}),
            outputs=dict(outputs or {}),
        )


def _contact_counts(on_record: int, report: ImportReport | None) -> ContactCounts:
    if report is None:
        return ContactCounts(on_record)
    return ContactCounts(
        on_record,
        taken=report.count(RowOutcome.TAKEN),
        mended=report.count(RowOutcome.MENDED),
        refused=report.count(RowOutcome.REFUSED),
    )


def _reasons(blocking: Iterable[Screening]) -> tuple[BlockReason, ...]:
    """The rules that block, the most frequent first; an edition counts once for a rule."""
    counts: Counter[str] = Counter()
    messages: dict[str, str] = {}
    for screening in blocking:
        found = [item for item in screening.findings if item.severity is Severity.BLOCK]
        counts.update({item.rule for item in found})
        messages |= {item.rule: item.message for item in reversed(found)}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(BlockReason(rule, messages[rule], count) for rule, count in ordered)
