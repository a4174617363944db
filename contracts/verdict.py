"""What screening says of a mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from contracts.case import Span

__all__ = [
    "Finding",
    "Place",
    "Ruled",
    "Ruling",
    "Screening",
    "Severity",
    "Suppression",
    "Verdict",
    "verdict_of",
]


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """For sorting: 0 is the gravest."""
        return tuple(Severity).index(self)


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
class Suppression:
    """A rule that an organisation has set aside for a time: findings of it become notes that
    say so."""

    rule: str  # id, or its beginning followed by ".*"
    reason: str
    by: str  # id of the user who answers for it
    until: date  # last day
    mail: str = ""  # campaign or file that it is for; "" every mail

    def covers(self, rule: str, mail: str, today: date) -> bool:
        family = self.rule.endswith(".*") and rule.startswith(self.rule[:-1])
        return (family or rule == self.rule) and today <= self.until and self.mail in ("", mail)


class Ruled(StrEnum):
    """What one rule of one jurisdiction says of a mail."""

    MET = "met"
    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"
    NOT_JUDGED = "not_judged"  # the mail alone does not show it
    DOES_NOT_APPLY = "does_not_apply"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One line of a certificate: a rule, its verdict, and the words of the mail it rests on."""

    jurisdiction: str
    rule: str
    verdict: Ruled
    place: Place | None  # where the mail shows it, or should
    evidence: str  # the words at that place, "" none
    why: str
    source: str
    verified: bool


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
    certificate: tuple[Ruling, ...] = field(default=())  # every rule of every jurisdiction

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.findings)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The worst that findings come to."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Verdict.BLOCK
    return Verdict.WARN if Severity.WARN in severities else Verdict.PASS
