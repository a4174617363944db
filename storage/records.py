"""What the repositories return beyond the shared types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.brief import Brief, Sender
from contracts.decision import AuditEntry, DraftState
from contracts.delivery import Envelope
from contracts.mail import Draft

__all__ = [
    "OUTCOME_UNKNOWN",
    "CampaignRecord",
    "Claimed",
    "DraftRecord",
    "DropReason",
    "Link",
    "PutResult",
]

OUTCOME_UNKNOWN = "outcome unknown"
"""A held envelope whose reason begins so was perhaps sent: only a person may say what it is."""

Link = Callable[[AuditEntry | None, datetime, str, str, str, Mapping[str, str]], AuditEntry]
"""`link(previous, at, actor, action, subject, payload)`: the next entry of the chain."""


class PutResult(StrEnum):
    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


class DropReason(StrEnum):
    """Why a claim dropped an envelope, where it was not `may_write` that said so."""

    SUPPRESSED = "suppressed"
    CONTACT_GONE = "contact_gone"
    CONTACT_UNSUBSCRIBED = "contact_unsubscribed"
    CONTACT_UNDELIVERABLE = "contact_undeliverable"
    ADDRESS_CHANGED = "address_changed"


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    name: str
    brief: Brief
    sender: Sender
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DraftRecord:
    draft: Draft
    authors: frozenset[str]  # user ids of all who changed what is sealed
    state: DraftState
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """An envelope that this worker alone may hand to the transport, or none where all that
    was due had to be dropped."""

    envelope: Envelope | None
    dropped: int  # envelopes dropped on the way to this one
