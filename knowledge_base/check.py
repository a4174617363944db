"""What a person should look at before cases are used: `mailwright kb check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict

from contracts.case import Case, SectionKind, Span
from contracts.verdict import Severity
from knowledge_base.readers import HiddenText
from language import DataFile, load_data

__all__ = ["CaseNote", "check_cases"]

_WANTED = (SectionKind.CHALLENGE, SectionKind.SOLUTION, SectionKind.OUTCOME)


class _Pattern(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    pattern: str


class _PlantedFile(DataFile):
    patterns: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One thing to look at. `rule` is stable; BLOCK is for what a person must clear first."""

    case_id: str
    rule: str  # "missing-field", "no-section", "expired", "outcome-unsure" …
    severity: Severity
    message: str
    span: Span | None = None  # in the case's text


def check_cases(
    cases: Iterable[Case], today: date, hidden: Iterable[HiddenText] = ()
) -> tuple[CaseNote, ...]:
    """Notes on the cases, in their order; empty if there is nothing to say.

    Fields nobody stated, sections that are not there, cases past their last day or
    withdrawn, outcomes that were not read with certainty, and text that speaks to a
    machine. `hidden` is text that the reader left out because nobody would have seen it.
    """
    notes: list[CaseNote] = []
    by_case: dict[str, list[HiddenText]] = {}
    for item in hidden:
        by_case.setdefault(item.case_id, []).append(item)
    for case in cases:
        notes.extend(_on_fields(case, today))
        notes.extend(_on_outcomes(case))
        notes.extend(_planted(case))
        notes.extend(_hidden(item) for item in by_case.get(case.id, ()))
    return tuple(notes)


def _on_fields(case: Case, today: date) -> Iterator[CaseNote]:
    for name in case.missing:
        yield CaseNote(case.id, "missing-field", Severity.NOTE, f"{name} is not stated; add it")
    if case.withdrawn:
        yield CaseNote(case.id, "withdrawn", Severity.NOTE, "withdrawn; it is not used")
    elif not case.usable(today):
        yield CaseNote(
            case.id,
            "expired",
            Severity.WARN,
            f"its last day was {case.valid_until}; renew valid_until or withdraw the case",
        )
    there = {section.kind for section in case.sections}
    for kind in _WANTED:
        if kind not in there:
            yield CaseNote(
                case.id,
                "no-section",
                Severity.NOTE,
                f"no section {kind.value} was recognised; give it its own heading",
            )


def _on_outcomes(case: Case) -> Iterator[CaseNote]:
    for outcome in case.outcomes:
        if not outcome.sure:
            yield CaseNote(
                case.id,
                "outcome-unsure",
                Severity.NOTE,
                "not used as a claim; state one metric, one direction and exact numbers",
                outcome.span,
            )
    if not any(outcome.sure for outcome in case.outcomes):
        yield CaseNote(
            case.id, "no-outcome", Severity.WARN, "no measured result that a mail could claim"
        )


def _planted(case: Case) -> Iterator[CaseNote]:
    for name, pattern in _patterns():
        for match in pattern.finditer(case.text):
            yield CaseNote(
                case.id,
                f"planted:{name}",
                Severity.BLOCK,
                "the text speaks to a machine, not to a reader; take it out or withdraw the case",
                Span(*match.span()),
            )


def _hidden(item: HiddenText) -> CaseNote:
    speaks = any(pattern.search(item.text) for _, pattern in _patterns())
    return CaseNote(
        item.case_id,
        "hidden-text",
        Severity.WARN if speaks else Severity.NOTE,
        "text that no reader would see was left out; take it out of the file",
    )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = load_data("knowledge_base", "planted.yaml", _PlantedFile).patterns
    return tuple((r.name, re.compile(r.pattern, re.IGNORECASE | re.MULTILINE)) for r in rows)
