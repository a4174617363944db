"""What a person should look at before cases are used: `mailwright kb check`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from contracts.case import Case, SectionKind, Span
from contracts.verdict import Severity
from knowledge_base.planted import find_planted, planted_in
from knowledge_base.readers import HiddenText
from language import find_names, name_forms, without_legal_form
from language.identity import gives_away

__all__ = ["CaseNote", "check_cases"]

_WANTED = (SectionKind.CHALLENGE, SectionKind.SOLUTION, SectionKind.OUTCOME)
_SOON = timedelta(days=30)
_QUOTED = 160  # characters of a sentence in a message
_HEADINGS = 5  # of those not recognised, in a message
_RECORDS = {".json", ".jsonl", ".csv", ".xlsx"}  # that hold a case's fields with its text
# How `mailwright kb set` takes a field, and how front matter writes it.
_SUPPLIED = {
    "customer": ("--customer NAME", "customer: NAME"),
    "name_public": ("--name-public or --not-public", "name_public: true or false"),
    "industry": ("--industry INDUSTRY", "industry: INDUSTRY"),
    "region": ("--region REGION or --country CODE", "region: REGION"),
    "country": ("--country CODE", "country: CODE"),
    "language": ("--language CODE", "language: CODE"),
    "roles": ("--role ROLE", "roles: [ROLE]"),
    "products": ("--product PRODUCT", "products: [PRODUCT]"),
    "valid_until": ("--valid-until YYYY-MM-DD", "valid_until: YYYY-MM-DD"),
    "source": ('--source "WHERE IT IS FROM"', "source: WHERE IT IS FROM"),
    "also_known_as": ("--also-known-as WORD", "also_known_as: [WORD]"),
}


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

    Fields nobody stated and values that are not known, each with what supplies them; sections
    that are not there; cases withdrawn, past their last day or within 30 days of it; outcomes
    that were not read with certainty; text that speaks to a machine, and text that the reader
    left out because nobody would have seen it (that of the case, and `hidden` beside it);
    names that a case may show and does not, or shows and may not.
    """
    notes: list[CaseNote] = []
    by_case: dict[str, list[str]] = {}
    for item in hidden:
        by_case.setdefault(item.case_id, []).append(item.text)
    for case in cases:
        notes.extend(_on_fields(case))
        notes.extend(_on_use(case, today))
        notes.extend(_on_sections(case))
        notes.extend(_on_outcomes(case))
        notes.extend(_on_names(case))
        notes.extend(_on_planted(case))
        left_out = dict.fromkeys([*case.hidden, *by_case.get(case.id, ())])
        notes.extend(_on_hidden(case, text) for text in left_out)
    return tuple(notes)


def _on_fields(case: Case) -> Iterator[CaseNote]:
    for name, value in case.unrecognised.items():
        yield CaseNote(
            case.id,
            "unknown-value",
            Severity.NOTE,
            f"{name} is stated as “{_short(value)}”, which is not known; set it: "
            + _supplied(case, name),
        )
    for name in case.missing:
        if name not in case.unrecognised:
            yield CaseNote(
                case.id,
                "missing-field",
                Severity.NOTE,
                f"{name} is not stated; supply it: {_supplied(case, name)}",
            )


def _supplied(case: Case, name: str) -> str:
    option, line = _SUPPLIED[name]
    command = f"`mailwright kb set {shlex.quote(case.id)} {option}`"
    file = PurePosixPath(case.path)
    suffix = file.suffix.lower()
    if "://" in case.path or not suffix:
        return command
    if suffix == ".md":
        place = "its front matter"
    elif suffix in _RECORDS:
        place = "its record"
    else:
        place = f"{file.name}.yaml beside it"
    return f"{command}, or `{line}` in {place}"


def _on_use(case: Case, today: date) -> Iterator[CaseNote]:
    if case.withdrawn:
        yield CaseNote(case.id, "withdrawn", Severity.NOTE, "withdrawn; it is not used")
    elif not case.usable(today):
        yield CaseNote(
            case.id,
            "expired",
            Severity.WARN,
            f"its last day was {case.valid_until}; renew valid_until or withdraw the case",
        )
    elif case.valid_until is not None and case.valid_until - today <= _SOON:
        yield CaseNote(
            case.id,
            "expiring",
            Severity.NOTE,
            f"its last day is {case.valid_until}; ask the customer and renew valid_until",
        )


def _on_sections(case: Case) -> Iterator[CaseNote]:
    there = {section.kind for section in case.sections}
    others = [s.heading for s in case.sections if s.kind is SectionKind.OTHER and s.heading]
    among = ", ".join(f"“{_short(heading)}”" for heading in others[:_HEADINGS])
    for kind in _WANTED:
        if kind not in there:
            seen = f" under {among}" if among else ""
            yield CaseNote(
                case.id,
                "no-section",
                Severity.NOTE,
                f"no section {kind.value} was recognised{seen}; give it its own heading",
            )


def _on_outcomes(case: Case) -> Iterator[CaseNote]:
    for outcome in case.outcomes:
        if not outcome.sure:
            yield CaseNote(
                case.id,
                "outcome-unsure",
                Severity.NOTE,
                f"“{_short(outcome.text)}” is not used as a claim; state one metric, one "
                "direction and exact numbers",
                outcome.span,
            )
    if not any(outcome.sure for outcome in case.outcomes):
        yield CaseNote(
            case.id, "no-outcome", Severity.WARN, "no measured result that a mail could claim"
        )


def _on_names(case: Case) -> Iterator[CaseNote]:
    if case.name_public:
        names = [n for name in case.customer.values() for n in (name, without_legal_form(name))]
        forms = [form for name in names for form in name_forms(name)]
        if names and not find_names(case.text, forms):
            yield CaseNote(
                case.id,
                "name-not-in-text",
                Severity.NOTE,
                f"“{names[0]}” may be named, but its text never does, so that no mail can cite "
                "it; name the customer in the text",
            )
        return
    if gives_away(case, case.title):
        yield CaseNote(
            case.id,
            "gives-away",
            Severity.WARN,
            "the customer may not be named, but its title tells who it is; change the title",
        )
    if told := gives_away(case, case.text):
        times = "once" if len(told) == 1 else f"{len(told)} times"
        yield CaseNote(
            case.id,
            "gives-away",
            Severity.NOTE,
            f"the customer may not be named, but its text tells who it is {times}, first "
            f"“{_short(told[0].of(case.text))}”; no mail uses these sentences",
            told[0],
        )


def _on_planted(case: Case) -> Iterator[CaseNote]:
    for hit in find_planted(case.text):
        yield CaseNote(
            case.id,
            f"planted:{hit.name}",
            Severity.BLOCK,
            "the text speaks to a machine, not to a reader; take it out or withdraw the case",
            hit.span,
        )


def _on_hidden(case: Case, text: str) -> CaseNote:
    return CaseNote(
        case.id,
        "hidden-text",
        Severity.WARN if planted_in(text) else Severity.NOTE,
        f"text that no reader would see was left out (“{_short(text)}”); take it out of the file",
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTED else f"{flat[: _QUOTED - 1]}…"
