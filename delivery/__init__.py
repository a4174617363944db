"""Plans envelopes, composes what was approved, and hands each over at most once."""

from delivery.errors import (
    AddressRefused,
    MergeRefused,
    MessageRefused,
    PlanRefused,
    PublicAddressMissing,
    TransportSettingsRefused,
    TransportUnusable,
    WorkStopped,
)
from delivery.maildir import MaildirTransport
from delivery.merge import Filled, fill, merge
from delivery.message import SYSTEM_FIELDS, compose
from delivery.outbox import Claimed, MayWrite, Outbox
from delivery.plan import PlannedRecipient, envelope_key, open_values, plan_envelopes
from delivery.smtp import SmtpSecurity, SmtpSettings, SmtpTransport
from delivery.transports import Fault, Handover, HandoverStatus, Transport
from delivery.unsubscribe import Unsubscriber, UnsubscribeTicket
from delivery.worker import HoldReason, Worker, WorkerSettings, WorkReport, backoff

__all__ = [
    "SYSTEM_FIELDS",
    "AddressRefused",
    "Claimed",
    "Fault",
    "Filled",
    "Handover",
    "HandoverStatus",
    "HoldReason",
    "MaildirTransport",
    "MayWrite",
    "MergeRefused",
    "MessageRefused",
    "Outbox",
    "PlanRefused",
    "PlannedRecipient",
    "PublicAddressMissing",
    "SmtpSecurity",
    "SmtpSettings",
    "SmtpTransport",
    "Transport",
    "TransportSettingsRefused",
    "TransportUnusable",
    "UnsubscribeTicket",
    "Unsubscriber",
    "WorkReport",
    "WorkStopped",
    "Worker",
    "WorkerSettings",
    "backoff",
    "compose",
    "envelope_key",
    "fill",
    "merge",
    "open_values",
    "plan_envelopes",
]
