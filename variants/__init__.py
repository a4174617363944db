"""Drafts become variants; recipients are shared among them."""

from variants.assign import HOLDOUT, assign
from variants.design import Design, design, recipients_per_arm
from variants.errors import BadExperiment
from variants.generate import MAX_VARIANTS, generate
from variants.tactics import Tactic, tactics

__all__ = [
    "HOLDOUT",
    "MAX_VARIANTS",
    "BadExperiment",
    "Design",
    "Tactic",
    "assign",
    "design",
    "generate",
    "recipients_per_arm",
    "tactics",
]
