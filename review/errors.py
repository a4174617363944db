"""What review refuses.

MailwrightError
└── BadInput
    ├── NotAllowed
    │   ├── RoleMissing     the user has no role that may do this
    │   └── OwnWork         the user had a hand in what is to be decided
    ├── IllegalStep         a draft cannot go from its state to the other
    ├── UnknownAction       no such action in data/roles.yaml
    ├── AddressInAudit      a mail address was about to be written into the audit
    ├── UnreadableLine      a line of an exported audit is not as it was written
    └── NotComparable       a variant and an edition were to be compared
"""

from __future__ import annotations

from contracts.errors import BadInput, NotAllowed

__all__ = [
    "AddressInAudit",
    "IllegalStep",
    "NotComparable",
    "OwnWork",
    "RoleMissing",
    "UnknownAction",
    "UnreadableLine",
]


class RoleMissing(NotAllowed):
    """You have no role that may do this; ask an operator for it or a colleague to do it."""


class OwnWork(NotAllowed):
    """You had a hand in this draft; ask another reviewer to decide on it."""


class IllegalStep(BadInput):
    """The draft cannot go to that state now."""


class UnknownAction(BadInput):
    """There is no such action; see review/data/roles.yaml for those there are."""


class AddressInAudit(BadInput):
    """The audit holds no mail addresses; write the contact's id, or leave the address out."""


class UnreadableLine(BadInput):
    """A line of the audit is not as it was written; export it again and keep it unchanged."""


class NotComparable(BadInput):
    """Only two variants or two editions can be compared; give two of a kind."""
