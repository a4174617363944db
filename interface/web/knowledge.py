"""The knowledge page: the cases, what is in them, what a person should look at, new ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from contracts.case import Case, Passage
from contracts.decision import User
from contracts.errors import BadInput
from interface.web.frame import heading
from interface.web.knowledge_case import show_case
from interface.web.parts import Markup, ProgressBar, badge, escape, plain, show_figures, table
from interface.web.session import Studio, say, show_messages, shown_errors
from interface.web.texts import term, text
from language.taxonomy import load_taxonomy
from workflow.knowledge import (
    add_cases,
    check_cases,
    list_cases,
    passage_counts,
    search,
)
from workflow.people import why_not

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = ["case_rows", "safe_name", "show_knowledge"]

_HITS = "hits"
SUFFIXES = (".md", ".jsonl")


def show_knowledge(studio: Studio, user: User) -> None:
    heading("knowledge")
    cases = list_cases(studio.house)
    if not cases:
        st.info(plain(text("knowledge.empty")), icon=":material/library_books:")
    else:
        _figures(studio, cases)
        _search(studio, {case.id: case for case in cases})
        st.subheader(text("knowledge.cases"), anchor=False)
        head = [
            text(f"knowledge.{name}")
            for name in ("case", "industry", "language", "named", "valid", "passages")
        ]
        rows = case_rows(cases, passage_counts(studio.house), studio.house.today)
        st.html(table(head, rows))
        show_case(studio, user, cases)
        _notes(studio)
    _upload(studio, user)


def _figures(studio: Studio, cases: Sequence[Case]) -> None:
    usable = sum(case.usable(studio.house.today) for case in cases)
    show_figures(
        {
            text("knowledge.cases"): len(cases),
            text("knowledge.usable"): usable,
            text("knowledge.passages"): sum(passage_counts(studio.house).values()),
        }
    )


def case_rows(
    cases: Sequence[Case], passages: Mapping[str, int], today: date
) -> list[tuple[object, ...]]:
    """A row for each case: title with file, industry, language, named, end of use, passages."""
    taxonomy = load_taxonomy()
    return [
        (
            Markup(
                f"{escape(case.title)}"
                f'<div class="mw-quiet">{escape(PurePath(case.path).name or case.source)}</div>'
            ),
            taxonomy.label("industry", case.industry, "en")
            if case.industry
            else text("app.unknown"),
            term("language", case.language),
            text("app.yes" if case.name_public else "app.no"),
            _end(case, today),
            passages.get(case.id, 0),
        )
        for case in cases
    ]


def _end(case: Case, today: date) -> str:
    if case.withdrawn:
        return text("knowledge.withdrawn")
    if case.valid_until is None:
        return text("knowledge.no_end")
    if case.usable(today):
        return case.valid_until.isoformat()
    return text("knowledge.expired", date=case.valid_until.isoformat())


def _search(studio: Studio, cases: Mapping[str, Case]) -> None:
    st.subheader(text("knowledge.search"), anchor=False)
    with (
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        words = st.text_input(
            text("knowledge.search_label"),
            placeholder=text("knowledge.search_hint"),
            key="search-words",
        )
        asked = st.form_submit_button(text("knowledge.search_button"), key="search-button")
    if asked and words and words.strip():
        with shown_errors(), st.spinner(text("knowledge.searching")), studio.busy:
            st.session_state[_HITS] = search(studio.house, words.strip())
    hits: Sequence[Passage] | None = st.session_state.get(_HITS)
    if hits is not None and not hits:
        st.info(text("knowledge.no_hits"))
    if hits:
        st.html("".join(_hit(hit, cases.get(hit.case_id)) for hit in hits))


def _hit(hit: Passage, case: Case | None) -> str:
    where = text(
        "knowledge.hit_source",
        title=hit.title,
        file=(PurePath(case.path).name if case else "") or hit.source,
        start=hit.span.start,
        end=hit.span.end,
    )
    score = text("knowledge.score", score=f"{hit.score:.2f}")
    return (
        f'<div class="mw-hit"><p lang="{escape(hit.language)}">{escape(hit.text)}</p>'
        f'<span class="mw-quiet">{escape(where)} \N{MIDDLE DOT} {escape(score)}</span></div>'
    )


def _notes(studio: Studio) -> None:
    st.subheader(text("knowledge.check"), anchor=False)
    notes = check_cases(studio.house)
    if not notes:
        st.html(f'<p class="mw-quiet">{escape(text("knowledge.check_none"))}</p>')
        return
    head = [
        text("knowledge.case"),
        text("findings.severity"),
        text("findings.rule"),
        text("knowledge.note"),
    ]
    with st.expander(text("knowledge.notes_count", count=len(notes)), expanded=False):
        rows = [
            (
                note.case_id,
                badge(note.severity.value, "severity"),
                note.rule.replace("-", " "),
                note.message,
            )
            for note in notes
        ]
        st.html(table(head, rows, (24, 10, 18, 48)))


def _upload(studio: Studio, user: User) -> None:
    st.subheader(text("knowledge.add"), anchor=False)
    refusal = why_not(user, "manage_cases")
    with st.form("upload", clear_on_submit=True, border=True):
        files = st.file_uploader(
            text("knowledge.upload"),
            type=[suffix.lstrip(".") for suffix in SUFFIXES],
            accept_multiple_files=True,
            key="case-files",
            disabled=bool(refusal),
        )
        sent = st.form_submit_button(
            text("knowledge.upload_button"), key="upload-button", disabled=bool(refusal)
        )
    if refusal:
        st.caption(plain(refusal))
    show_messages()
    if not sent:
        return
    if not files and not refusal:
        st.error(text("knowledge.choose_file"))
        return
    with shown_errors(), ProgressBar(text("knowledge.adding")) as progress:
        _take(studio, user, files or [], progress)
        st.session_state.pop(_HITS, None)
        st.rerun()


def _take(studio: Studio, user: User, files: Sequence[UploadedFile], progress: ProgressBar) -> None:
    """The files go through a folder of their own: a case cites its file by name only."""
    with TemporaryDirectory(prefix="mailwright-") as folder:
        for file in files:
            (Path(folder) / safe_name(file.name)).write_bytes(file.getvalue())
        with studio.busy:
            done = add_cases(studio.house, [Path(folder)], user, progress)
    say(
        text(
            "knowledge.added",
            added=done.added,
            replaced=done.replaced,
            unchanged=done.unchanged,
            passages=done.passages,
        )
    )
    for refusal in done.refusals:
        where = refusal.path + (f" line {refusal.line}" if refusal.line else "")
        say(text("knowledge.refused", where=where, why=refusal.reason))


def safe_name(name: str) -> str:
    """The name under which an uploaded file is read: no folders, nothing hidden.

    Raises:
        BadInput: it is no file that cases are read from.
    """
    base = re.sub(r"[^\w.\- ]", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(". ")
    if not base.lower().endswith(SUFFIXES) or base.lower() in SUFFIXES:
        raise BadInput(text("knowledge.file_name", name=base or "?"))
    return base
