"""What can go wrong in this room.

BadInput
├── BadRulePack      a rule file cannot be used
├── NoSuchData       there is no data to measure with
└── UnreadableMail   a file holds no mail that could be looked at
"""

from __future__ import annotations

from contracts.errors import BadInput

__all__ = ["BadRulePack", "NoSuchData", "UnreadableMail"]


class BadRulePack(BadInput):
    """A rule file cannot be used: correct the key that is named."""


class UnreadableMail(BadInput):
    """The file holds no mail: give an .eml, .html or .txt file."""


class NoSuchData(BadInput):
    """There is no data to measure with; name a folder that holds it."""
