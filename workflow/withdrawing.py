"""A customer takes its story back: what rests on a case, and nothing of it is sent any more."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.case import Case
from contracts.decision import Approval, DecisionKind, DraftState, User
from contracts.delivery import EnvelopeState
from contracts.errors import BadInput
from review import require
from storage import CaseStop, EditionUse, Transaction, UnusableCase
from workflow.house import House

__all__ = [
    "Resting",
    "RestingDraft",
    "RestingEnvelopes",
    "Restoration",
    "Withdrawal",
    "resting_on",
    "restore",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class RestingDraft:
    id: str
    campaign: str
    segment: str
    language: str
    state: DraftState


@dataclass(frozen=True, slots=True)
class RestingEnvelopes:
    """The envelopes of one campaign that rest on a case, by what became of them."""

    campaign: str
    due: int
    sending: int  # with a worker at this moment: may be on their way already
    held: int
    sent: int


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a case. Editions and approvals of older texts are among them, because
    their envelopes may still be on the queue."""

    case: Case
    drafts: tuple[RestingDraft, ...]
    editions: tuple[EditionUse, ...]
    approvals: tuple[Approval, ...]  # that cover one of the editions, the oldest first
    envelopes: tuple[RestingEnvelopes, ...]  # by campaign

    @property
    def variants(self) -> tuple[str, ...]:
        """The ids of the variants that the editions were made of."""
        return tuple(dict.fromkeys(edition.variant_id for edition in self.editions))

    @property
    def due(self) -> int:
        return sum(item.due for item in self.envelopes)

    @property
    def sending(self) -> int:
        return sum(item.sending for item in self.envelopes)

    @property
    def held(self) -> int:
        return sum(item.held for item in self.envelopes)

    @property
    def sent(self) -> int:
        return sum(item.sent for item in self.envelopes)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    changed: bool  # False: it was withdrawn before
    held: int  # envelopes that were due and are held now
    resting: Resting  # as it stands after that


@dataclass(frozen=True, slots=True)
class Restoration:
    """Nothing is released: `resting.held` envelopes wait for a person."""

    changed: bool  # False: it was not withdrawn
    resting: Resting


def resting_on(house: House, case_id: str) -> Resting:
    """What rests on a case, withdrawn or not; changes nothing.

    Raises:
        BadInput: there is no such case.
    """
    with house.store.read() as tx:
        return _resting(tx, _known(tx.cases.get(case_id), case_id))


def withdraw(house: House, case_id: str, why: str, actor: User) -> Withdrawal:
    """The case may not be used any more, and no mail that rests on it is sent.

    In one commit the case is marked and every due envelope that rests on it is held. What a
    worker claims at the same moment is either claimed before the commit, and then counted as
    being sent, or not at all. Approvals stay on record, but nothing that rests on the case
    is queued under them. Withdrawing again holds what has come to be due since.

    Raises:
        NotAllowed: the actor may not withdraw cases.
        BadInput: no reason is given, or there is no such case.
    """
    require(actor, "withdraw_case")
    why = _said(why)
    with house.store.begin() as tx:
        case = _known(tx.cases.locked(case_id), case_id)
        tx.cases.withdraw(case_id)
        editions = [use.id for use in tx.citations.editions(case_id)]
        reason = UnusableCase(case_id, CaseStop.WITHDRAWN).reason
        held = tx.envelopes.hold_for_editions(editions, reason)
        resting = _resting(tx, _known(tx.cases.get(case_id), case_id))
        if held or not case.withdrawn:
            payload = {"why": why, "held": str(held), **_numbers(resting)}
            tx.audit.append(actor.id, "case.withdrawn", case_id, payload, house.clock())
    return Withdrawal(not case.withdrawn, held, resting)


def restore(house: House, case_id: str, why: str, actor: User) -> Restoration:
    """The case may be used again. Envelopes that are held stay so until somebody with the
    right to do it releases each.

    Raises:
        NotAllowed: the actor may not restore cases.
        BadInput: no reason is given, or there is no such case.
    """
    require(actor, "restore_case")
    why = _said(why)
    with house.store.begin() as tx:
        case = _known(tx.cases.locked(case_id), case_id)
        tx.cases.restore(case_id)
        resting = _resting(tx, _known(tx.cases.get(case_id), case_id))
        if case.withdrawn:
            payload = {"why": why, **_numbers(resting)}
            tx.audit.append(actor.id, "case.restored", case_id, payload, house.clock())
    return Restoration(case.withdrawn, resting)


def _said(why: str) -> str:
    if not why.strip():
        raise BadInput("say why: whoever finds the mails held has to know it (--why)")
    return why.strip()


def _known(case: Case | None, case_id: str) -> Case:
    if case is None:
        raise BadInput(f"there is no case «{case_id}»: see `mailwright kb list`")
    return case


def _resting(tx: Transaction, case: Case) -> Resting:
    editions = tx.citations.editions(case.id)
    named = (tx.drafts.get(draft_id) for draft_id in tx.citations.drafts(case.id))
    drafts = [
        RestingDraft(
            id=record.draft.id,
            campaign=record.draft.campaign,
            segment=record.draft.segment,
            language=record.draft.language,
            state=record.state,
        )
        for record in named
        if record is not None
    ]
    counts = tx.envelopes.counts_for_editions([use.id for use in editions])
    return Resting(
        case=case,
        drafts=tuple(sorted(drafts, key=lambda item: (item.campaign, item.segment, item.language))),
        editions=tuple(editions),
        approvals=_approvals(tx, editions),
        envelopes=tuple(
            RestingEnvelopes(
                campaign=campaign,
                due=states.get(EnvelopeState.DUE, 0),
                sending=states.get(EnvelopeState.SENDING, 0),
                held=states.get(EnvelopeState.HELD, 0),
                sent=states.get(EnvelopeState.SENT, 0),
            )
            for campaign, states in counts.items()
        ),
    )


def _approvals(tx: Transaction, editions: list[EditionUse]) -> tuple[Approval, ...]:
    ids = {use.id for use in editions}
    found = [
        decision
        for campaign in dict.fromkeys(use.campaign for use in editions)
        for decision in tx.reviews.decisions(campaign)
        if decision.kind is DecisionKind.APPROVE and not ids.isdisjoint(decision.seals)
    ]
    return tuple(sorted(found, key=lambda item: item.at))


def _numbers(resting: Resting) -> dict[str, str]:
    """What the audit log keeps: ids of drafts and editions, counts of envelopes."""
    return {
        "drafts": " ".join(item.id for item in resting.drafts),
        "editions": " ".join(item.id for item in resting.editions),
        "approvals": str(len(resting.approvals)),
        "sending": str(resting.sending),
        "held_in_all": str(resting.held),
        "sent": str(resting.sent),
    }
