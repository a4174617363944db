"""The knowledge page: the cases, what is in them, what a person should look at, new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from contracts.case import Case
from contracts.decision import User
from contracts.verdict import Severity
from interface.web.frame import heading
from interface.web.knowledge_case import show_case
from interface.web.knowledge_fields import fields_missing
from interface.web.knowledge_index import show_index_state
from interface.web.knowledge_names import TAB, language_name, tab_names
from interface.web.knowledge_notes import show_notes
from interface.web.knowledge_search import show_search
from interface.web.knowledge_upload import safe_name, show_adding
from interface.web.parts import Markup, escape, plain, show_figures, table
from interface.web.session import Studio, show_messages
from interface.web.texts import text
from language.taxonomy import load_taxonomy
from workflow.knowledge import check_cases, list_cases, passage_counts

if TYPE_CHECKING:
    from workflow.intake import CaseNote

__all__ = ["case_rows", "safe_name", "show_knowledge"]


def show_knowledge(studio: Studio, user: User) -> None:
    heading("knowledge")
    show_messages()
    show_index_state(studio, user)
    cases = list_cases(studio.house)
    if not cases:
        st.info(plain(text("knowledge.empty")), icon=":material/library_books:")
        show_adding(studio, user)
        return
    passages = passage_counts(studio.house)
    notes = check_cases(studio.house)
    _figures(cases, passages, notes, studio.house.today)
    listed, found, opened, noted, added = st.tabs(tab_names(), key=TAB, on_change="rerun")
    with listed:
        head = [
            text(f"knowledge.{name}")
            for name in ("case", "industry", "language", "named", "valid", "passages")
        ]
        rows = case_rows(cases, passages, studio.house.today)
        st.html(table(head, rows))
    with found:
        show_search(studio, {case.id: case for case in cases})
    with opened:
        show_case(studio, user, cases)
    with noted:
        show_notes(notes, {case.id: case for case in cases})
    with added:
        show_adding(studio, user)


def _figures(
    cases: Sequence[Case],
    passages: Mapping[str, int],
    notes: Sequence[CaseNote],
    today: date,
) -> None:
    show_figures(
        {
            text("knowledge.cases"): len(cases),
            text("knowledge.usable"): sum(case.usable(today) for case in cases),
            text("knowledge.passages"): sum(passages.values()),
            text("knowledge.to_look_at"): len({note.case_id for note in notes}),
        }
    )
    blocked = {note.case_id for note in notes if note.severity is Severity.BLOCK}
    if blocked:
        st.error(text("knowledge.check_block", count=len(blocked)), icon=":material/gpp_maybe:")


def case_rows(
    cases: Sequence[Case], passages: Mapping[str, int], today: date
) -> list[tuple[object, ...]]:
    """A row for each case: title with file and what it lacks, industry, language, named, end
    of use, passages."""
    taxonomy = load_taxonomy()
    return [
        (
            _titled(case),
            taxonomy.label("industry", case.industry, "en")
            if case.industry
            else text("app.unknown"),
            language_name(case.language),
            text("app.yes" if case.name_public else "app.no"),
            _end(case, today),
            passages.get(case.id, 0),
        )
        for case in cases
    ]


def _titled(case: Case) -> Markup:
    file = PurePath(case.path).name or case.source
    lacks = fields_missing(case)
    below = f"{file} \N{MIDDLE DOT} {lacks}" if lacks else file
    return Markup(f'{escape(case.title)}<div class="mw-quiet">{escape(below)}</div>')


def _end(case: Case, today: date) -> str:
    if case.withdrawn:
        return text("knowledge.withdrawn")
    if case.valid_until is None:
        return text("knowledge.no_end")
    if case.usable(today):
        return case.valid_until.isoformat()
    return text("knowledge.expired", date=case.valid_until.isoformat())
