"""The send queue's rows, inside a transaction that somebody else holds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.engine import Connection

from contracts.audience import Contact, ContactStatus
from contracts.delivery import Envelope, EnvelopeState
from storage.addresses import normal_address
from storage.database import insert_missing
from storage.documents import CONTACT, MERGE
from storage.errors import NotAStep
from storage.records import OUTCOME_UNKNOWN, Claimed, DropReason
from storage.repositories.citations import Citations
from storage.repositories.suppressions import Suppressions
from storage.tables import contacts, envelopes

__all__ = ["EnvelopeList", "Envelopes", "MayWrite"]

EnvelopeList = list[Envelope]  # inside the class, `list` is the method
MayWrite = Callable[[Contact], str]
"""Why the contact must not be written to by law, or "" where it may. Must not touch the
network or the store: a claim waits for it with the queue locked."""

_STATUS_REASON = {
    ContactStatus.UNSUBSCRIBED: DropReason.CONTACT_UNSUBSCRIBED,
    ContactStatus.UNDELIVERABLE: DropReason.CONTACT_UNDELIVERABLE,
}
_UNCLAIMED = {"worker": "", "claim": "", "lease_until": None}

_unknown = envelopes.c.reason.startswith(OUTCOME_UNKNOWN, autoescape=True)


def _in(state: EnvelopeState) -> ColumnElement[bool]:
    return envelopes.c.state == state.value


class Envelopes:
    def __init__(
        self, connection: Connection, suppressions: Suppressions, citations: Citations
    ) -> None:
        self._connection = connection
        self._suppressions = suppressions
        self._citations = citations

    def enqueue(self, new: Iterable[Envelope]) -> int:
        """Put envelopes on the queue; those whose key or id is there already are ignored.

        Returns:
            How many were new.
        """
        return insert_missing(self._connection, envelopes, [_row(envelope) for envelope in new])

    def take(
        self, now: datetime, worker: str, lease: timedelta, may_write: MayWrite, most: int
    ) -> Claimed:
        """Claim the oldest due envelope that may be sent. Those before it that may not are
        dropped for what is so of the contact, and held for what is so of a case: a person
        may still decide what becomes of the mail, never whether the contact wants it.

        Args:
            most: how many are dropped and held before others have their turn.
        """
        passed: list[int] = []  # contact being changed by another transaction at this moment
        waiting: set[str] = set()  # editions of which a case is being changed
        dropped = held = 0
        while dropped + held < most:
            row = self._oldest(now, passed, waiting)
            if row is None:
                break
            contact, busy = self._contact(row.contact_id)
            if busy:
                passed.append(row.seq)
                continue
            reason = self._why_not(row.address, contact, may_write)
            if reason:
                self._change(
                    envelopes.c.seq == row.seq, state=EnvelopeState.DROPPED.value, reason=reason
                )
                dropped += 1
                continue
            cases = self._citations.standing(row.edition_id, now.date())
            if cases.busy:
                waiting.add(row.edition_id)
                continue
            if cases.unusable is not None:
                self._change(
                    envelopes.c.seq == row.seq,
                    state=EnvelopeState.HELD.value,
                    reason=cases.unusable.reason,
                )
                held += 1
                continue
            self._change(
                envelopes.c.seq == row.seq,
                state=EnvelopeState.SENDING.value,
                reason="",
                worker=worker,
                claim=secrets.token_hex(16),
                lease_until=now + lease,
                attempts=row.attempts + 1,
            )
            return Claimed(self.get(row.id), dropped, held)
        return Claimed(None, dropped, held, busy=bool(waiting))

    def record_sent(self, envelope_id: str, claim: str, at: datetime) -> bool:
        """The transport took it; False where the claim is not the one that holds it."""
        return self._finish(
            _claimed_or_unknown(envelope_id, claim), EnvelopeState.SENT, "", sent_at=at
        )

    def record_failed(self, envelope_id: str, claim: str, reason: str) -> bool:
        """The transport refused it for good; False where the claim does not hold it."""
        return self._finish(_claimed_or_unknown(envelope_id, claim), EnvelopeState.FAILED, reason)

    def record_deferred(self, envelope_id: str, claim: str, due_at: datetime, reason: str) -> bool:
        """The transport surely did not take it, try again later; False as above."""
        own = _claimed(envelope_id, claim)
        return self._finish(own, EnvelopeState.DUE, reason, due_at=due_at)

    def hold(self, envelope_id: str, reason: str, claim: str | None = None) -> bool:
        """Stop it until a person has looked. Without a claim: one that is due. With the
        claim: one that this worker is sending; it keeps the claim, so that an outcome which
        becomes known after all may still be recorded."""
        own: ColumnElement[bool]
        if claim is None:
            own = and_(envelopes.c.id == envelope_id, _in(EnvelopeState.DUE))
        else:
            own = _claimed(envelope_id, claim)
        return self._change(own, state=EnvelopeState.HELD.value, reason=reason, lease_until=None)

    def expired(self, now: datetime) -> list[Envelope]:
        """Claimed, and the worker did not say in time what became of it; the oldest first."""
        query = select(envelopes).where(_in(EnvelopeState.SENDING), envelopes.c.lease_until < now)
        return self._all(query.order_by(envelopes.c.lease_until, envelopes.c.seq))

    def resolve_expired(
        self, envelope_id: str, claim: str, outcome: EnvelopeState, reason: str, at: datetime
    ) -> bool:
        """Say what became of an envelope whose lease ran out before `at`, or of one that is
        held as unknown; False where that is not so or another claim holds it.

        Raises:
            NotAStep: `outcome` is SENDING.
        """
        late = and_(_in(EnvelopeState.SENDING), envelopes.c.lease_until < at)
        unknown = and_(_in(EnvelopeState.HELD), _unknown)
        own = and_(envelopes.c.id == envelope_id, envelopes.c.claim == claim, or_(late, unknown))
        return self._settle(own, outcome, reason, at)

    def resolve(self, envelope_id: str, outcome: EnvelopeState, reason: str, at: datetime) -> bool:
        """A person says what became of an envelope that is held as unknown: SENT, FAILED,
        DROPPED (lost, not to be sent again) or DUE (surely not sent; send it). False where
        it is not held as unknown.

        Raises:
            NotAStep: `outcome` is SENDING or HELD.
        """
        if outcome is EnvelopeState.HELD:
            raise NotAStep
        own = and_(envelopes.c.id == envelope_id, _in(EnvelopeState.HELD), _unknown)
        return self._settle(own, outcome, reason, at)

    def release(self, envelope_id: str, at: datetime) -> bool:
        """A held envelope becomes due, at `at` or when it was due, whichever is later.

        False where it is not held, or is held as unknown: it may have been sent, and only
        `resolve` may decide that.
        """
        own = and_(envelopes.c.id == envelope_id, _in(EnvelopeState.HELD), ~_unknown)
        due_at = self._connection.scalar(select(envelopes.c.due_at).where(own).with_for_update())
        if due_at is None:
            return False
        return self._finish(own, EnvelopeState.DUE, "", due_at=max(due_at, at))

    def hold_for_editions(self, edition_ids: Collection[str], reason: str) -> int:
        """Hold every due envelope of these editions; how many."""
        own = and_(envelopes.c.edition_id.in_(list(edition_ids)), _in(EnvelopeState.DUE))
        # In one order, so that two who hold the same rows do not wait for each other.
        rows = select(envelopes.c.seq).where(own).order_by(envelopes.c.seq).with_for_update()
        held = EnvelopeState.HELD.value
        return self._count(envelopes.c.seq.in_(rows), state=held, reason=reason)

    def counts_for_editions(
        self, edition_ids: Collection[str]
    ) -> dict[str, dict[EnvelopeState, int]]:
        """How many envelopes of these editions there are, by campaign and state; campaigns
        without any are left out."""
        query = (
            select(envelopes.c.campaign, envelopes.c.state, func.count())
            .where(envelopes.c.edition_id.in_(list(edition_ids)))
            .group_by(envelopes.c.campaign, envelopes.c.state)
        )
        found: dict[str, dict[EnvelopeState, int]] = {}
        for campaign, state, count in self._connection.execute(query):
            found.setdefault(str(campaign), {})[EnvelopeState(state)] = int(count)
        return dict(sorted(found.items()))

    def drop_for_contact(self, contact_id: str, reason: str) -> int:
        """Drop every envelope of the contact that was not handed over yet; how many.

        One that is held as unknown stays: it may have been sent.
        """
        open_ = or_(_in(EnvelopeState.DUE), and_(_in(EnvelopeState.HELD), ~_unknown))
        own = and_(envelopes.c.contact_id == contact_id, open_)
        return self._count(own, state=EnvelopeState.DROPPED.value, reason=reason)

    def get(self, envelope_id: str) -> Envelope | None:
        found = self._all(select(envelopes).where(envelopes.c.id == envelope_id))
        return found[0] if found else None

    def counts(self, campaign: str | None = None) -> dict[EnvelopeState, int]:
        """How many there are in each state; every state is named."""
        query = select(envelopes.c.state, func.count()).group_by(envelopes.c.state)
        if campaign is not None:
            query = query.where(envelopes.c.campaign == campaign)
        found = {str(state): int(count) for state, count in self._connection.execute(query).all()}
        return {state: found.get(state.value, 0) for state in EnvelopeState}

    def list(
        self,
        campaign: str | None = None,
        state: EnvelopeState | None = None,
        limit: int | None = 100,
    ) -> EnvelopeList:
        """The envelopes in the order in which they are due; `limit` None: all of them."""
        query = select(envelopes).order_by(envelopes.c.due_at, envelopes.c.seq).limit(limit)
        if campaign is not None:
            query = query.where(envelopes.c.campaign == campaign)
        if state is not None:
            query = query.where(_in(state))
        return self._all(query)

    def _oldest(
        self, now: datetime, passed: Collection[int], waiting: Collection[str]
    ) -> Row[Any] | None:
        query = (
            select(envelopes)
            .where(_in(EnvelopeState.DUE), envelopes.c.due_at <= now)
            .order_by(envelopes.c.due_at, envelopes.c.seq)
            .limit(1)
            .with_for_update(skip_locked=True)  # SQLite leaves this out: it has one writer
        )
        if passed:
            query = query.where(envelopes.c.seq.not_in(list(passed)))
        if waiting:
            query = query.where(envelopes.c.edition_id.not_in(sorted(waiting)))
        return self._connection.execute(query).first()

    def _contact(self, contact_id: str) -> tuple[Contact | None, bool]:
        """The contact, locked against change until the claim is committed; and whether
        another transaction is changing it right now (then the envelope is left for later:
        to wait here while that one waits for the envelope would be a deadlock)."""
        query = select(contacts.c.body).where(contacts.c.id == contact_id)
        locked = query.with_for_update(read=True, skip_locked=True)
        body = self._connection.scalar(locked)
        if body is not None:
            return CONTACT.load(body), False
        return None, self._connection.scalar(query) is not None

    def _why_not(self, address: str, contact: Contact | None, may_write: MayWrite) -> str:
        # After the contact is locked: whoever unsubscribes writes both, and is seen whole.
        if self._suppressions.reason_for(address) is not None:
            return DropReason.SUPPRESSED.value
        if contact is None:
            return DropReason.CONTACT_GONE.value
        if contact.status is not ContactStatus.ACTIVE:
            return _STATUS_REASON[contact.status].value
        if normal_address(contact.email) != normal_address(address):
            return DropReason.ADDRESS_CHANGED.value
        return may_write(contact)

    def _settle(
        self, own: ColumnElement[bool], outcome: EnvelopeState, reason: str, at: datetime
    ) -> bool:
        if outcome is EnvelopeState.SENDING:
            raise NotAStep
        if outcome is EnvelopeState.HELD:  # keeps its claim, see `hold`
            return self._change(own, state=outcome.value, reason=reason, lease_until=None)
        values = {"sent_at": at} if outcome is EnvelopeState.SENT else {}
        return self._finish(own, outcome, reason, **values)

    def _finish(
        self, own: ColumnElement[bool], state: EnvelopeState, reason: str, **values: Any
    ) -> bool:
        kept = _UNCLAIMED if state is EnvelopeState.DUE else {"lease_until": None}
        return self._change(own, **{"state": state.value, "reason": reason, **kept, **values})

    def _change(self, own: ColumnElement[bool], **values: Any) -> bool:
        return self._count(own, **values) > 0

    def _count(self, own: ColumnElement[bool], **values: Any) -> int:
        return self._connection.execute(update(envelopes).where(own).values(**values)).rowcount

    def _all(self, query: Any) -> EnvelopeList:
        return [_envelope(row) for row in self._connection.execute(query)]


def _claimed(envelope_id: str, claim: str) -> ColumnElement[bool]:
    return and_(
        envelopes.c.id == envelope_id, envelopes.c.claim == claim, _in(EnvelopeState.SENDING)
    )


def _claimed_or_unknown(envelope_id: str, claim: str) -> ColumnElement[bool]:
    return and_(
        envelopes.c.id == envelope_id,
        envelopes.c.claim == claim,
        envelopes.c.claim != "",
        or_(_in(EnvelopeState.SENDING), and_(_in(EnvelopeState.HELD), _unknown)),
    )


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "key": envelope.key,
        "campaign": envelope.campaign,
        "contact_id": envelope.contact_id,
        "edition_id": envelope.edition_id,
        "arm": envelope.arm,
        "address": envelope.address,
        "merge": MERGE.dump(envelope.merge),
        "seal": envelope.seal,
        "due_at": envelope.due_at,
        "state": envelope.state.value,
        "reason": envelope.reason,
        "worker": envelope.worker,
        "claim": envelope.claim,
        "lease_until": envelope.lease_until,
        "attempts": envelope.attempts,
        "sent_at": envelope.sent_at,
    }


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(
        id=row.id,
        key=row.key,
        campaign=row.campaign,
        contact_id=row.contact_id,
        edition_id=row.edition_id,
        arm=row.arm,
        address=row.address,
        merge=MERGE.load(row.merge),
        seal=row.seal,
        due_at=row.due_at,
        state=EnvelopeState(row.state),
        reason=row.reason,
        worker=row.worker,
        claim=row.claim,
        lease_until=row.lease_until,
        attempts=row.attempts,
        sent_at=row.sent_at,
    )
