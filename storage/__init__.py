"""The records: SQLite or PostgreSQL, one code path, one transaction at a time."""

from storage.errors import (
    AlreadyTaken,
    DatabaseUnavailable,
    NoAuditLink,
    NotAStep,
    OpenTransaction,
    SchemaBehind,
    UnknownRecord,
    Unreadable,
    UnusableAddress,
    UnusableUrl,
    WorkspaceBusy,
)
from storage.outbox import Outbox
from storage.records import (
    OUTCOME_UNKNOWN,
    CampaignRecord,
    CaseStop,
    Claimed,
    DraftRecord,
    DropReason,
    EditionUse,
    Link,
    ModelCall,
    PutResult,
    Standing,
    UnusableCase,
)
from storage.store import Store, Transaction, open_store
from storage.workspace import Workspace

__all__ = [
    "OUTCOME_UNKNOWN",
    "AlreadyTaken",
    "CampaignRecord",
    "CaseStop",
    "Claimed",
    "DatabaseUnavailable",
    "DraftRecord",
    "DropReason",
    "EditionUse",
    "Link",
    "ModelCall",
    "NoAuditLink",
    "NotAStep",
    "OpenTransaction",
    "Outbox",
    "PutResult",
    "SchemaBehind",
    "Standing",
    "Store",
    "Transaction",
    "UnknownRecord",
    "Unreadable",
    "UnusableAddress",
    "UnusableCase",
    "UnusableUrl",
    "Workspace",
    "WorkspaceBusy",
    "open_store",
]
