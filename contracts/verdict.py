"""What screening says of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.case import Span

__all__ = ["Finding", "Place", "Screening", "Severity", "Verdict"]


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Place:
    part: str  # "subject", "html", "text", "header:From", "module:proof" …
    span: Span | None = None  # in the visible text of the part; None: the part as a whole


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    jurisdiction: str  # "DE"; "" for rules that hold everywhere
    place: Place
    message: str
    source: str
    verified: bool  # False: the rule rests on knowledge, not on a text that was read
    remedy: str


@dataclass(frozen=True, slots=True)
class Screening:
    """All findings on one mail. `jurisdictions` gives the worst verdict of each."""

    subject_id: str  # edition id, or the file's name
    findings: tuple[Finding, ...]
    jurisdictions: Mapping[str, Verdict]
    not_judged: tuple[str, ...]
    spam_score: int  # per mille, 0 to 1000; the interfaces print 0 to 1
    packs: Mapping[str, str]  # rule pack -> version
    at: datetime
    spam_reasons: tuple[str, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        severities = {finding.severity for finding in self.findings}
        if Severity.BLOCK in severities:
            return Verdict.BLOCK
        return Verdict.WARN if Severity.WARN in severities else Verdict.PASS
