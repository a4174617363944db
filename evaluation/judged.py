"""What a group of checks found, and openly what it could not see."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.verdict import Finding

__all__ = ["Judged"]


@dataclass(frozen=True, slots=True)
class Judged:
    """`not_judged` are pairs of a code and a text that says why; a code stands once."""

    findings: tuple[Finding, ...] = ()
    not_judged: tuple[tuple[str, str], ...] = ()
