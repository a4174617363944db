"""One thing that cannot be used in a file that people write, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Mistake", "Place"]

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    place: Place
    why: str
