"""What the repositories return beyond the shared types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from contracts.brief import Brief, Sender
from contracts.decision import AuditEntry, DraftState
from contracts.delivery import Envelope
from contracts.look import Look
from contracts.mail import Draft

__all__ = [
    "OUTCOME_UNKNOWN",
    "CampaignRecord",
    "CaseStop",
    "Claimed",
    "DraftRecord",
    "DropReason",
    "EditionUse",
    "Link",
    "ModelCall",
    "PutResult",
    "Standing",
    "UnusableCase",
]

OUTCOME_UNKNOWN = "outcome unknown"
"""A held envelope whose reason begins so was perhaps sent: only a person may say what it is."""

Link = Callable[[AuditEntry | None, datetime, str, str, str, Mapping[str, str]], AuditEntry]
"""`link(previous, at, actor, action, subject, payload)`: the next entry of the chain."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One request to a chat model. None where a number or a price is not known."""

    campaign: str
    model: str
    tokens_in: int | None
    tokens_out: int | None
    most_in: int  # tokens that it can have been where they are not known
    most_out: int
    cached: bool  # answered from what was kept: nothing was asked
    cost: Decimal | None
    most_cost: Decimal | None  # with the most that an unknown number of tokens can have been
    currency: str
    at: datetime


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


class CaseStop(StrEnum):
    """Why a mail that rests on a case is held; the case's id follows after a colon."""

    WITHDRAWN = "case withdrawn"
    EXPIRED = "case expired"
    MISSING = "case missing"
    UNNAMED = "case not to be named"  # and the mail names the customer


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    name: str
    brief: Brief
    sender: Sender
    created_at: datetime
    look: Look = field(default_factory=Look)


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
    held: int = 0  # envelopes held on the way, since a case of theirs may not be used
    busy: bool = False  # whether others were passed over, whose cases are being changed


@dataclass(frozen=True, slots=True)
class UnusableCase:
    """A case that a mail rests on and that may not be used."""

    case_id: str
    why: CaseStop

    @property
    def reason(self) -> str:
        """As an envelope keeps it: "case withdrawn: ID"."""
        return f"{self.why.value}: {self.case_id}"

    @property
    def code(self) -> str:
        """As a contact that is left out keeps it: "case_withdrawn"."""
        return self.why.value.replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the cases of an edition may be used, as a claim finds it."""

    unusable: UnusableCase | None = None
    busy: bool = False  # a case is being changed at this moment: ask again


@dataclass(frozen=True, slots=True)
class EditionUse:
    """An edition that rests on a case."""

    id: str
    variant_id: str
    draft_id: str
    campaign: str
    segment: str
    language: str
    profile: str
    current: bool  # no: a newer text took its place, but it may be on the queue
