"""The queue as the worker needs it. Storage keeps it; two databases satisfy it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from contracts.audience import Contact
from contracts.delivery import Envelope, EnvelopeState

__all__ = ["Claimed", "MayWrite", "Outbox"]

MayWrite = Callable[[Contact], str]
"""Why a contact must not be written to ("no_consent", …); "" where it may be."""


class Claimed(Protocol):
    """What one claim came to: an envelope to send, and how many were dropped or held on
    the way."""

    @property
    def envelope(self) -> Envelope | None: ...

    @property
    def dropped(self) -> int: ...

    @property
    def held(self) -> int: ...


class Outbox(Protocol):
    """Every method is one commit. A method that takes a claim does nothing and returns False
    where another claim holds the envelope by now, or none."""

    def claim(
        self, now: datetime, worker: str, lease: timedelta, may_write: MayWrite
    ) -> Claimed | None:
        """The envelope that is due longest, now being sent by `worker` until `now + lease`.

        Suppression and consent are read in the same commit; whoever must not be written to
        is dropped, and a mail whose case may not be used any more is held. Its `attempts`
        count this one. None: nothing is due.
        """

    def record_sent(self, envelope_id: str, claim: str, at: datetime) -> bool:
        """The transport took it."""

    def record_failed(self, envelope_id: str, claim: str, reason: str) -> bool:
        """The transport refused it for good."""

    def record_deferred(self, envelope_id: str, claim: str, due_at: datetime, reason: str) -> bool:
        """It was certainly not taken; due again at `due_at`."""

    def hold(self, envelope_id: str, reason: str, claim: str | None = None) -> bool:
        """A person must look before anything more happens to it."""

    def expired(self, now: datetime) -> Sequence[Envelope]:
        """Envelopes being sent whose lease is over: their worker died or stalls."""

    def resolve_expired(
        self, envelope_id: str, claim: str, outcome: EnvelopeState, reason: str, at: datetime
    ) -> bool:
        """Sets an expired envelope to SENT, DUE or HELD, if it is still under `claim`."""
