"""What can go wrong between a draft and its variants.

MailwrightError
└── BadInput
    └── BadExperiment   the brief asks for an experiment that cannot be made
"""

from __future__ import annotations

from contracts.errors import BadInput

__all__ = ["BadExperiment"]


class BadExperiment(BadInput):
    """The experiment cannot be made."""
