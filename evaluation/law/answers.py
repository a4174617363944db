"""What a check answers: met, missed, not to be seen, or not asked of this mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contracts.verdict import Place, Severity

__all__ = ["Answer", "Answers", "Idle", "Met", "Missed", "Unseen"]


@dataclass(frozen=True, slots=True)
class Met:
    place: Place | None = None  # where the mail shows it


@dataclass(frozen=True, slots=True)
class Missed:
    """`detail` names one of the kind's details in kinds.yaml; `found` fills its words."""

    place: Place
    detail: str = ""
    severity: Severity | None = None  # None: as the check says
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unseen:
    """The mail alone does not show it."""

    why: str


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is asked of this mail."""

    why: str


Answer = Met | Missed | Unseen | Idle
Answers = Iterator[Answer]
