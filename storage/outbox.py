"""The outbox: the send queue for workers, each step a transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from contracts.delivery import Envelope, EnvelopeState
from storage.records import Claimed
from storage.repositories.envelopes import EnvelopeList, Envelopes, MayWrite

__all__ = ["Outbox"]

_AT_ONCE = 200  # envelopes dropped or held, then let others write, too
_PATIENCE_S = 10.0  # with cases that somebody is changing; an import of many takes seconds
_LOOK_AGAIN_S = 0.05

Opened = Callable[[], AbstractContextManager[Envelopes]]


class Outbox:
    """A worker claims (committed here), then calls its transport, then records the outcome.

    Every method commits before it returns, so none may be called inside `Store.begin()`:
    `tx.envelopes` has the same methods there. The booleans say whether the envelope was
    in the state, and under the claim, that the step needs.
    """

    def __init__(self, write: Opened, read: Opened) -> None:
        self._write = write
        self._read = read

    def enqueue(self, new: Iterable[Envelope]) -> int:
        """Put envelopes on the queue, ignoring keys that are there already; how many are new."""
        with self._write() as rows:
            return rows.enqueue(new)

    def claim(
        self, now: datetime, worker: str, lease: timedelta, may_write: MayWrite
    ) -> Claimed | None:
        """Claim the oldest envelope that is due and may be sent; None where nothing is due.

        In the same commit, suppression, contact and consent are read, and what may not be
        sent is dropped with the reason; so are the cases that the mail rests on, and where
        one is withdrawn or past its last day, the envelope is held. After the call nobody
        else gets this envelope: until the lease ends it is this worker's, after that a
        person's.
        """
        dropped = held = 0
        until = time.monotonic() + _PATIENCE_S
        while True:
            with self._write() as rows:
                took = rows.take(now, worker, lease, may_write, _AT_ONCE)
            dropped += took.dropped
            held += took.held
            if took.envelope is not None:
                return Claimed(took.envelope, dropped, held)
            if took.dropped + took.held >= _AT_ONCE:
                continue
            if took.busy and time.monotonic() < until:
                # What is left rests on a case that is being changed: not to be taken for
                # an empty queue, or a worker would stop and leave it all behind.
                time.sleep(_LOOK_AGAIN_S)
                continue
            return Claimed(None, dropped, held) if dropped or held else None

    def record_sent(self, envelope_id: str, claim: str, at: datetime) -> bool:
        """The transport took it. Also where it was held as unknown meanwhile."""
        with self._write() as rows:
            return rows.record_sent(envelope_id, claim, at)

    def record_failed(self, envelope_id: str, claim: str, reason: str) -> bool:
        """The transport refused it for good. Also where it was held as unknown meanwhile."""
        with self._write() as rows:
            return rows.record_failed(envelope_id, claim, reason)

    def record_deferred(self, envelope_id: str, claim: str, due_at: datetime, reason: str) -> bool:
        """The transport surely did not take it; it is due again at `due_at`."""
        with self._write() as rows:
            return rows.record_deferred(envelope_id, claim, due_at, reason)

    def hold(self, envelope_id: str, reason: str, claim: str | None = None) -> bool:
        """Stop a due envelope or, with the claim, one that this worker is sending. A reason
        that begins with OUTCOME_UNKNOWN says that it may have been sent."""
        with self._write() as rows:
            return rows.hold(envelope_id, reason, claim)

    def expired(self, now: datetime) -> list[Envelope]:
        """Claimed, and nothing was recorded before the lease ended."""
        with self._read() as rows:
            return rows.expired(now)

    def resolve_expired(
        self, envelope_id: str, claim: str, outcome: EnvelopeState, reason: str, at: datetime
    ) -> bool:
        """Say what became of an expired envelope; to hold it, with OUTCOME_UNKNOWN, is right
        wherever the transport cannot tell."""
        with self._write() as rows:
            return rows.resolve_expired(envelope_id, claim, outcome, reason, at)

    def resolve(self, envelope_id: str, outcome: EnvelopeState, reason: str, at: datetime) -> bool:
        """A person says what became of an envelope that is held as unknown."""
        with self._write() as rows:
            return rows.resolve(envelope_id, outcome, reason, at)

    def release(self, envelope_id: str, at: datetime) -> bool:
        """A held envelope becomes due; never one that is held as unknown."""
        with self._write() as rows:
            return rows.release(envelope_id, at)

    def hold_for_editions(self, edition_ids: Collection[str], reason: str) -> int:
        """Hold every due envelope of these editions; how many."""
        with self._write() as rows:
            return rows.hold_for_editions(edition_ids, reason)

    def drop_for_contact(self, contact_id: str, reason: str) -> int:
        """Drop what was not handed over of a contact; how many."""
        with self._write() as rows:
            return rows.drop_for_contact(contact_id, reason)

    def get(self, envelope_id: str) -> Envelope | None:
        with self._read() as rows:
            return rows.get(envelope_id)

    def counts(self, campaign: str | None = None) -> dict[EnvelopeState, int]:
        """How many there are in each state; every state is named."""
        with self._read() as rows:
            return rows.counts(campaign)

    def list(
        self,
        campaign: str | None = None,
        state: EnvelopeState | None = None,
        limit: int | None = 100,
    ) -> EnvelopeList:
        """The envelopes in the order in which they are due; `limit` None: all of them."""
        with self._read() as rows:
            return rows.list(campaign, state, limit)
