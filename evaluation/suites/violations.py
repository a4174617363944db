"""Whether planted violations of each jurisdiction are found, and lawful mails are left alone.

The mails and what is wrong with them were written from the facts of the law alone, by somebody
who knew neither the rules nor their code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from contracts.seams import NoProgress, Progress
from contracts.verdict import Finding, Screening, Severity
from evaluation.context import ScreeningContext
from evaluation.packs import RulePacks
from evaluation.screen import screen
from evaluation.suites.mailmaking import Change, Original, message_of
from evaluation.view.mailview import MailView

__all__ = ["Planted", "Tried", "evaluate_violations", "planted_sets", "try_violations"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Violation(_Strict):
    id: str
    of: str
    duty: str
    source: str
    expect: Literal["block", "warn"]
    way: str
    change: tuple[Change, ...]


class Planted(_Strict):
    """One jurisdiction: lawful mails, and each violation as changes to one of them."""

    version: str
    source: str
    jurisdiction: str
    originals: tuple[Original, ...]
    violations: tuple[Violation, ...]

    def original(self, name: str) -> Original:
        return next(item for item in self.originals if item.id == name)


@dataclass(frozen=True, slots=True)
class Tried:
    """`added` are the findings that the lawful mail does not have."""

    jurisdiction: str
    violation: Violation | None  # None: the lawful mail itself
    mail: str
    screening: Screening
    added: tuple[Finding, ...]

    @property
    def found(self) -> bool:
        """A new finding that warns or blocks; of a violation that must block, one that blocks."""
        wanted = {Severity.BLOCK, Severity.WARN}
        if self.violation is not None and self.violation.expect == "block":
            wanted = {Severity.BLOCK}
        return any(finding.severity in wanted for finding in self.added)


@cache
def planted_sets() -> tuple[Planted, ...]:
    folder = resources.files("evaluation.suites") / "data" / "violations"
    files = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    found: list[Planted] = []
    for file in files:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        found.append(Planted.model_validate(raw))
    return tuple(found)


def try_violations(
    packs: RulePacks,
    now: datetime,
    jurisdictions: Sequence[str] = (),
    progress: Progress | None = None,
) -> Iterator[Tried]:
    """Each lawful mail, then each of its violations, screened for its jurisdiction alone."""
    progress = progress or NoProgress()
    sets = [
        item for item in planted_sets() if item.jurisdiction in jurisdictions or not jurisdictions
    ]
    progress.start("planted violations", sum(len(item.violations) for item in sets))
    for item in sets:
        context = ScreeningContext((_place(item.jurisdiction),), now=now)
        lawful: dict[str, Screening] = {}
        for mail in item.originals:
            lawful[mail.id] = screen(MailView.from_bytes(message_of(mail)), context, packs, mail.id)
            yield Tried(item.jurisdiction, None, mail.id, lawful[mail.id], ())
        for violation in item.violations:
            raw = message_of(item.original(violation.of), violation.change)
            screening = screen(MailView.from_bytes(raw), context, packs, violation.id)
            added = _added(lawful[violation.of], screening)
            yield Tried(item.jurisdiction, violation, violation.of, screening, added)
            progress.advance()
    progress.done()


def _place(jurisdiction: str) -> str:
    """The EU's base is judged for a member state without a pack of its own."""
    return "SE" if jurisdiction == "EU" else jurisdiction


def _added(lawful: Screening, broken: Screening) -> tuple[Finding, ...]:
    """What is said of the broken mail and not, or less gravely, of the lawful one."""
    known = {(item.rule, item.severity) for item in lawful.findings}
    return tuple(item for item in broken.findings if (item.rule, item.severity) not in known)


def evaluate_violations(
    packs: RulePacks, now: datetime, progress: Progress | None = None
) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """{"violations": {jurisdiction: measures}}: how many of those that must block are blocked,
    how many of the others are told, and blocks of lawful mails. "all" is all together."""
    rows: dict[str, dict[str, float]] = {}
    for tried in try_violations(packs, now, progress=progress):
        for name in (tried.jurisdiction, "all"):
            row = rows.setdefault(name, dict.fromkeys(_COUNTS, 0.0))
            if tried.violation is None:
                row["originals"] += 1
                blocked = any(f.severity is Severity.BLOCK for f in tried.screening.findings)
                row["lawful_blocked"] += blocked
            else:
                kind = tried.violation.expect
                row[f"must_{kind}"] += 1
                row[f"{kind}_found"] += tried.found
    for row in rows.values():
        for kind in ("block", "warn"):
            asked = row[f"must_{kind}"]
            row[f"{kind}_recall"] = round(row[f"{kind}_found"] / asked, 4) if asked else 1.0
    return {"violations": rows}


_COUNTS = ("originals", "lawful_blocked", "must_block", "block_found", "must_warn", "warn_found")
