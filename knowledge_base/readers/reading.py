"""What reading comes to: cases, what was refused and why, and text that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.case import Case

__all__ = ["CaseReading", "HiddenText", "Refusal", "Refused"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken. `line` is 1 or more, 0 where the file as a whole."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text of a taken record that no reader would have seen; it was left out."""

    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseReading:
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    hidden: tuple[HiddenText, ...] = ()


class Refused(ValueError):
    """A file or record cannot be taken; becomes a `Refusal` where its path is known.

    `path` is set where the reason lies in another file than the one read (a sidecar).
    """

    def __init__(self, line: int, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.line, self.reason, self.path = line, reason, path
