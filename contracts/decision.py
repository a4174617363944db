"""Who acts, what was decided, and the chain that remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Approval", "AuditEntry", "DecisionKind", "DraftState", "Role", "Submission", "User"]


class Role(StrEnum):
    MARKETER = "marketer"  # writes, screens, submits
    REVIEWER = "reviewer"  # approves and rejects what others wrote
    OPERATOR = "operator"  # users, queue, settings


class DraftState(StrEnum):
    DRAFTED = "drafted"
    BLOCKED = "blocked"  # every edition was blocked by screening
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class DecisionKind(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    roles: frozenset[Role]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Submission:
    """A draft's editions as they were put before the reviewers."""

    draft_id: str
    campaign: str
    segment: str
    language: str
    seals: Mapping[str, str]  # edition id -> seal
    authors: frozenset[str]  # user ids of all who changed anything that is sealed
    submitted_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A reviewer's decision on all editions of a draft at once."""

    draft_id: str
    kind: DecisionKind
    seals: Mapping[str, str]
    reviewer: str  # user id
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain. `hash` covers every other field and `previous`."""

    seq: int  # from 1, without gaps
    at: datetime
    actor: str  # user id, or "system"
    action: str
    subject: str
    payload: Mapping[str, str]
    previous: str  # hash of the entry before; 64 zeros for the first
    hash: str
