"""Review: what was screened goes before a reviewer, who decides on a draft at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contracts.decision import (
    Approval,
    DecisionKind,
    DraftState,
    Submission,
    User,
)
from contracts.errors import BadInput, NotAllowed
from contracts.mail import Edition, Variant
from contracts.verdict import Screening, Verdict
from review import Change, difference, require, require_decider, seal, step
from storage import DraftRecord, Transaction
from workflow.campaign import campaign_record
from workflow.errors import ChangedSince
from workflow.house import House

__all__ = [
    "ReviewItem",
    "Submitted",
    "approve",
    "reject",
    "review_item",
    "submit_campaign",
    "waiting",
    "why_not_decide",
]


@dataclass(frozen=True, slots=True)
class Submitted:
    submitted: tuple[Submission, ...]
    unchanged: int  # drafts that wait or were decided on already
    blocked: int  # drafts of which screening lets no edition pass


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """What a reviewer sees of one draft."""

    record: DraftRecord
    submission: Submission | None
    variants: tuple[Variant, ...]
    editions: tuple[Edition, ...]
    screenings: tuple[Screening, ...]
    decision: Approval | None
    changes: tuple[Change, ...]  # against what was approved last, of the control variant
    approved_before: bool  # whether some version of it was approved once


def submit_campaign(house: House, name: str, actor: User) -> Submitted:
    """Put every screened draft of a campaign before the reviewers.

    A draft is submitted with the seals of its editions that screening lets pass. Drafts
    that wait or were decided on and have not changed since are left as they are.

    Raises:
        NotAllowed: the actor may not submit.
        UnknownCampaign: the campaign was never drafted.
        BadInput: nothing was screened yet.
    """
    require(actor, "submit")
    campaign_record(house, name)
    made: list[Submission] = []
    unchanged = blocked = 0
    now = house.clock()
    with house.store.begin() as tx:
        for entry in tx.drafts.for_campaign(name):
            if entry.state is DraftState.BLOCKED:
                blocked += 1
                continue
            if entry.state is not DraftState.DRAFTED:
                unchanged += 1
                continue
            seals = _seals(tx, entry, now.date())
            if not seals:
                blocked += 1
                continue
            step(entry.state, DraftState.SUBMITTED)
            tx.drafts.add_author(entry.draft.id, actor.id)
            submission = Submission(
                draft_id=entry.draft.id,
                campaign=name,
                segment=entry.draft.segment,
                language=entry.draft.language,
                seals=seals,
                authors=entry.authors | {actor.id},
                submitted_by=actor.id,
                at=now,
            )
            tx.reviews.submit(submission)
            tx.drafts.set_state(entry.draft.id, DraftState.SUBMITTED)
            tx.audit.append(actor.id, "draft.submitted", entry.draft.id, dict(seals), now)
            made.append(submission)
        if blocked and not made and not unchanged and not _screened(tx, name):
            raise BadInput(
                f"nothing of «{name}» is screened yet: run `mailwright campaign screen BRIEF`"
            )
    return Submitted(tuple(made), unchanged, blocked)


def _seals(tx: Transaction, entry: DraftRecord, day: date) -> dict[str, str]:
    """The seal of every current edition that screening lets pass and whose cases may be
    used on `day`; empty if there is none."""
    seals: dict[str, str] = {}
    for edition in tx.editions.for_draft(entry.draft.id):
        screening = tx.editions.screening(edition.id)
        if screening is None:
            continue
        if tx.citations.unusable(edition.id, day) is not None:
            continue  # withdrawn or past its last day since it was screened
        if screening.verdict is not Verdict.BLOCK:
            seals[edition.id] = seal(edition)
    return seals


def _screened(tx: Transaction, name: str) -> bool:
    return any(
        tx.editions.screening(edition.id) is not None
        for entry in tx.drafts.for_campaign(name)
        for edition in tx.editions.for_draft(entry.draft.id)
    )


def waiting(house: House) -> list[Submission]:
    """What waits for a decision, the oldest first."""
    with house.store.read() as tx:
        return tx.reviews.waiting()


def review_item(house: House, draft_id: str) -> ReviewItem:
    """One draft as a reviewer sees it.

    Raises:
        BadInput: there is no such draft.
    """
    with house.store.read() as tx:
        entry = _entry(tx, draft_id)
        editions = tuple(tx.editions.for_draft(draft_id))
        variants = tuple(tx.editions.variants(draft_id))
        found = [tx.editions.screening(edition.id) for edition in editions]
        before = tx.reviews.last_approved(draft_id)
        return ReviewItem(
            record=entry,
            submission=tx.reviews.submission(draft_id),
            variants=variants,
            editions=editions,
            screenings=tuple(screening for screening in found if screening is not None),
            decision=tx.reviews.decision(draft_id),
            changes=_changes(tx, before, editions),
            approved_before=before is not None,
        )


def _changes(
    tx: Transaction, before: Approval | None, editions: tuple[Edition, ...]
) -> tuple[Change, ...]:
    """What differs in the control variant from the mail that was approved last.

    It is held against the approved variant of the same tactics, or else against the one
    that differs least: two arms of one test differ anyway, and that is no change.
    """
    if before is None or not editions or set(before.seals) <= {item.id for item in editions}:
        return ()
    control = editions[0]
    after = tx.editions.variant(control.variant_id)
    found = [tx.editions.get(edition_id) for edition_id in sorted(before.seals)]
    old = [item for item in found if item is not None]
    old = [item for item in old if item.profile == control.profile] or old
    compared: list[tuple[bool, int, tuple[Change, ...]]] = []
    for edition in old:
        variant = tx.editions.variant(edition.variant_id)
        if variant is None or after is None:
            continue
        changes = difference(variant, after) or difference(edition, control)
        compared.append((variant.tactics != after.tactics, len(changes), changes))
    return min(compared, key=lambda item: item[:2])[2] if compared else ()


def _entry(tx: Transaction, draft_id: str) -> DraftRecord:
    entry = tx.drafts.get(draft_id)
    if entry is None:
        raise BadInput(f"there is no draft «{draft_id}»: see `mailwright review list`")
    return entry


def why_not_decide(user: User, authors: Collection[str]) -> str:
    """Why a user may not decide on what these authors made, "" where they may."""
    try:
        require_decider(user, authors)
    except NotAllowed as error:
        return str(error)
    return ""


def approve(house: House, draft_id: str, reviewer: User, why: str = "") -> Approval:
    """Approve the editions of a draft as they were submitted, and seal them.

    Raises:
        OwnWork: the reviewer wrote or changed what is to be sealed.
        NotAllowed: the user is no reviewer.
        BadInput: the draft does not wait for a decision, or rests on a case that may not
            be used any more.
        ChangedSince: an edition is not the one that was submitted.
    """
    return _decide(house, draft_id, reviewer, DecisionKind.APPROVE, why)


def reject(house: House, draft_id: str, reviewer: User, why: str) -> Approval:
    """Send a draft back to its author, with the reason.

    Raises:
        BadInput: no reason is given, or the draft does not wait for a decision.
        NotAllowed: the user is no reviewer, or wrote it.
    """
    if not why.strip():
        raise BadInput("say why: the author has to know what to change (--why)")
    return _decide(house, draft_id, reviewer, DecisionKind.REJECT, why)


def _usable(tx: Transaction, submission: Submission, day: date) -> None:
    for edition_id in submission.seals:
        stop = tx.citations.unusable(edition_id, day)
        if stop is not None:
            raise BadInput(
                f"it rests on a case that may not be used ({stop.reason}): reject it, and let "
                "the campaign be drafted again"
            )


def _decide(house: House, draft_id: str, reviewer: User, kind: DecisionKind, why: str) -> Approval:
    now = house.clock()
    with house.store.begin() as tx:
        entry = _entry(tx, draft_id)
        require_decider(reviewer, entry.authors, kind.value)
        submission = tx.reviews.submission(draft_id)
        to = DraftState.APPROVED if kind is DecisionKind.APPROVE else DraftState.REJECTED
        step(entry.state, to)
        if submission is None or entry.state is not DraftState.SUBMITTED:
            raise BadInput(f"draft {draft_id} is {entry.state.value}: it waits for no decision")
        if kind is DecisionKind.APPROVE:
            _usable(tx, submission, now.date())
            if _seals(tx, entry, now.date()) != dict(submission.seals):
                raise ChangedSince
        decision = Approval(draft_id, kind, dict(submission.seals), reviewer.id, now, why.strip())
        tx.reviews.decide(decision)
        tx.drafts.set_state(draft_id, to)
        tx.audit.append(
            reviewer.id,
            f"draft.{to.value}",
            draft_id,
            {**submission.seals, "why": why.strip()},
            now,
        )
    return decision
