"""Envelopes on the outbox, the events that come back, and whom not to write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Envelope", "EnvelopeState", "Event", "EventKind", "MergeValues", "Suppression"]


class EnvelopeState(StrEnum):
    DUE = "due"  # waits for its time
    SENDING = "sending"  # claimed by a worker; handed over or not
    SENT = "sent"  # the transport took it
    HELD = "held"  # a person must look: outcome unknown, seal broken, or stopped by hand
    DROPPED = "dropped"  # will not be sent: suppressed, no consent, released as lost
    FAILED = "failed"  # the transport refused it for good


class EventKind(StrEnum):
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class MergeValues:
    """What one recipient puts into the named places of an edition."""

    choices: Mapping[str, str] = field(default_factory=dict)  # field -> key of a sealed choice
    values: Mapping[str, str] = field(default_factory=dict)  # field -> text of an open field


@dataclass(frozen=True, slots=True)
class Envelope:
    """One recipient's message of an approved edition. `key` makes it unique:
    a contact gets one envelope of a campaign, whatever is run again."""

    id: str
    key: str  # campaign and contact, hashed; also the base of the Message-ID
    campaign: str
    contact_id: str
    edition_id: str
    arm: str
    address: str
    merge: MergeValues
    seal: str
    due_at: datetime
    state: EnvelopeState = EnvelopeState.DUE
    reason: str = ""
    worker: str = ""
    claim: str = ""  # random, new with each claim: who may record the outcome
    lease_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    contact_id: str
    at: datetime
    campaign: str = ""
    envelope_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """`key` is a keyed hash of an address or a domain, never the address itself."""

    key: str
    scope: str  # "address" or "domain"
    reason: str
    at: datetime
