"""Findings on claims, and how their places in a text are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.case import Span
from contracts.verdict import Finding, Place, Severity

__all__ = ["MERGE", "any_of", "at", "blanked", "finding"]

MERGE = re.compile(r"\[\[[^\]\n]{1,60}\]\]")
_SOURCE = "Design, invariant 1: no claim without a source"


def finding(rule: str, place: Place, message: str, remedy: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.BLOCK,
        jurisdiction="",
        place=place,
        message=message,
        source=_SOURCE,
        verified=True,
        remedy=remedy,
    )


def at(place: Place, inner: Span) -> Place:
    base = place.span.start if place.span else 0
    return replace(place, span=Span(base + inner.start, base + inner.end))


def blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def any_of(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
