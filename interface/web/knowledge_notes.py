"""What `kb check` says of the cases, by case, what blocks first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from contracts.case import Case
from contracts.verdict import Severity
from interface.web.knowledge_names import field_name, open_case
from interface.web.parts import Markup, badge, escape, plain, table
from interface.web.texts import term, text

if TYPE_CHECKING:
    from workflow.intake import CaseNote

__all__ = ["by_case", "show_notes"]

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 2, Severity.NOTE: 3}
_GIVEN_AWAY = 1  # a name that must not be told comes next to what blocks
_FIELDS = ("missing-field", "unknown-value")  # told together: the form asks for them
_COLOURS = {Severity.BLOCK: "red", Severity.WARN: "orange", Severity.NOTE: "gray"}
QUOTED = 300  # characters of the words that a note is about


def by_case(notes: Sequence[CaseNote]) -> Mapping[str, Sequence[CaseNote]]:
    """The notes of each case: instructions planted in it first, then names given away, then by
    severity; the cases in the order of the worst that is said of them."""
    groups: dict[str, list[CaseNote]] = {}
    for note in notes:
        groups.setdefault(note.case_id, []).append(note)
    for group in groups.values():
        group.sort(key=_rank)
    return dict(sorted(groups.items(), key=lambda item: _rank(item[1][0])))


def show_notes(notes: Sequence[CaseNote], cases: Mapping[str, Case]) -> None:
    if not notes:
        st.html(f'<p class="mw-quiet">{escape(text("knowledge.check_none"))}</p>')
        return
    st.caption(text("knowledge.check_lead"))
    for case_id, group in by_case(notes).items():
        case = cases[case_id]
        first = group[0].severity is Severity.BLOCK
        with st.expander(_summary(case, group), expanded=first, key=f"notes-{case_id}"):
            head = [text("findings.severity"), text("findings.rule"), text("knowledge.note")]
            rows = [
                (badge(item.severity.value, "severity"), item.rule, item.message)
                for item in _said(case, group)
            ]
            st.html(table(head, rows, (12, 20, 68)))
            st.button(
                text("knowledge.open_button"),
                key=f"noted-{case_id}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=open_case,
                args=(case_id,),
            )


def _rank(note: CaseNote) -> int:
    return _GIVEN_AWAY if note.rule == "gives-away" else _ORDER[note.severity]


def _summary(case: Case, group: Sequence[CaseNote]) -> str:
    """The case's title, how much of each severity is said of it, and whether it gives a name
    away, as Markdown."""
    counts = Counter(item.severity for item in _said(case, group))
    labels = [
        f":{colour}-badge[{plain(term('severity', severity.value))} {counts[severity]}]"
        for severity, colour in _COLOURS.items()
        if counts[severity]
    ]
    if any(note.rule == "gives-away" for note in group):
        labels.append(f":orange-badge[{text('knowledge.given_away')}]")
    return f"{plain(case.title)} {' '.join(labels)}"


@dataclass(frozen=True, slots=True)
class _Said:
    severity: Severity
    rule: str
    message: Markup


def _said(case: Case, group: Sequence[CaseNote]) -> list[_Said]:
    """The notes, those on fields in one each for what is unknown and what is missing."""
    said = [
        _Said(note.severity, note.rule.replace("-", " ").replace(":", ": "), _told(note, case))
        for note in group
        if note.rule not in _FIELDS
    ]
    unknown = [f"{field_name(key)} “{value}”" for key, value in case.unrecognised.items()]
    missing = [field_name(key) for key in case.missing if key not in case.unrecognised]
    for key, fields in (("note_unknown", unknown), ("note_missing", missing)):
        if fields:
            told = escape(text(f"knowledge.{key}", fields=", ".join(fields)))
            said.append(_Said(Severity.NOTE, text("knowledge.rule_fields"), told))
    return said


def _told(note: CaseNote, case: Case) -> Markup:
    """What is said, and the words that it is said of."""
    if note.span is None:
        return escape(note.message)
    words = " ".join(note.span.of(case.text).split())
    if words in note.message:
        return escape(note.message)
    if len(words) > QUOTED:
        words = f"{words[: QUOTED - 1]}\N{HORIZONTAL ELLIPSIS}"
    return Markup(
        f'{escape(note.message)}<blockquote lang="{escape(case.language)}" dir="auto" '
        'style="margin:.3rem 0 0;padding-left:.7rem;border-left:3px solid #d9dfe7">'
        f"{escape(words)}</blockquote>"
    )
