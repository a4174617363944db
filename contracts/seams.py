"""Seams that every room may need: the time, and a place to say how far the work is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "NoProgress", "Progress", "system_clock"]


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with a zone."""


def system_clock() -> datetime:
    return datetime.now(UTC)


class Progress(Protocol):
    """A long step tells how far it is. Calls come from one thread."""

    def start(self, step: str, total: int | None) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def done(self) -> None: ...


class NoProgress:
    """Says nothing; for callers that do not watch."""

    def start(self, step: str, total: int | None) -> None:
        del step, total

    def advance(self, count: int = 1) -> None:
        del count

    def done(self) -> None:
        return None
