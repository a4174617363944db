"""What can go wrong with the people of a campaign.

MailwrightError
└── BadInput
    ├── BadContacts   the file of contacts is no table that can be read
    └── BadSegment    a segment's rule names what no contact has
"""

from __future__ import annotations

from contracts.errors import BadInput

__all__ = ["BadContacts", "BadSegment"]


class BadContacts(BadInput):
    """The file of contacts cannot be read."""


class BadSegment(BadInput):
    """A segment's rule cannot be used."""
