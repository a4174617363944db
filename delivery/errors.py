"""What can go wrong between an approved edition and a transport.

MailwrightError
├── BadInput
│   ├── PlanRefused                the envelopes of a campaign cannot be planned
│   ├── PublicAddressMissing       mail would leave with an unsubscribe link nobody answers
│   └── TransportSettingsRefused   a transport cannot be used as it is set up
├── Blocked
│   └── MessageRefused             no mail can be made of this edition for this recipient
│       ├── MergeRefused           a place of the edition and a value do not fit
│       └── AddressRefused         an address cannot be written to without SMTPUTF8
└── CouldNotFinish
    ├── TransportUnusable          nothing was handed over, and trying again changes nothing
    └── WorkStopped                the worker met what it does not know and stopped

Messages name places, fields and headers, never the values that go there.
"""

from __future__ import annotations

from contracts.errors import BadInput, Blocked, CouldNotFinish

__all__ = [
    "AddressRefused",
    "MergeRefused",
    "MessageRefused",
    "PlanRefused",
    "PublicAddressMissing",
    "TransportSettingsRefused",
    "TransportUnusable",
    "WorkStopped",
]


class PlanRefused(BadInput):
    """The envelopes of a campaign cannot be planned."""


class PublicAddressMissing(BadInput):
    """No public address answers unsubscribe links: set public_url before sending by SMTP."""


class TransportSettingsRefused(BadInput):
    """A transport cannot be used as it is set up."""


class MessageRefused(Blocked):
    """No mail can be made of this edition for this recipient."""


class MergeRefused(MessageRefused):
    """A place of the edition and a value do not fit."""


class AddressRefused(MessageRefused):
    """An address cannot be written to: only ASCII addresses with a plain local part can."""


class TransportUnusable(CouldNotFinish):
    """Nothing was handed over, and trying again changes nothing until settings change."""


class WorkStopped(CouldNotFinish):
    """The worker met what it does not know and stopped."""
