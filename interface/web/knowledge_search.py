"""Searching the cases: what was found, word for word, with all that its citation says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from contracts.case import Case, Passage
from interface.web.knowledge_names import file_of, language_name, open_case
from interface.web.knowledge_outcomes import marked_passage
from interface.web.parts import Markup, escape
from interface.web.session import Studio, shown_errors
from interface.web.texts import text
from workflow.knowledge import search

__all__ = ["forget_hits", "hit_card", "show_search"]

_HITS = "hits"
_BAR = "height:.4rem;border-radius:.2rem;background:"


def show_search(studio: Studio, cases: Mapping[str, Case]) -> None:
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
    if hits is None:
        return
    if not hits:
        st.info(text("knowledge.no_hits"))
        return
    _show(studio, hits, cases)


def forget_hits() -> None:
    """What was found is of cases as they were; call it where cases were added."""
    st.session_state.pop(_HITS, None)


def _show(studio: Studio, hits: Sequence[Passage], cases: Mapping[str, Case]) -> None:
    today = studio.house.today
    there = [
        (hit, case)
        for hit in hits
        if (case := cases.get(hit.case_id)) is not None
        and case.text_hash == hit.text_hash
        and case.usable(today)
    ]
    if len(there) < len(hits):
        st.warning(text("knowledge.hits_changed", count=len(hits) - len(there)))
    if there:
        st.caption(text("knowledge.hits_lead"))
    best = max((hit.score for hit in hits), default=0.0)
    for number, (hit, case) in enumerate(there):
        with st.container(border=True, gap=None):
            st.html(hit_card(hit, case, best))
            st.button(
                text("knowledge.open_button"),
                key=f"hit-{number}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=open_case,
                args=(hit.case_id,),
            )


def hit_card(hit: Passage, case: Case, best: float) -> Markup:
    """One passage: how well it fits beside the best of its answer, its words with what was
    measured marked, and where they stand.

    Args:
        best: the highest score of the answer.
    """
    share = round(100 * min(1.0, max(0.0, hit.score / best))) if best > 0 else 0
    fits = text("knowledge.best") if hit.score == best else text("knowledge.share", share=share)
    where = [
        file_of(case),
        hit.place,
        text("knowledge.characters", start=hit.span.start, end=hit.span.end),
        language_name(hit.language),
    ]
    dot = " \N{MIDDLE DOT} "
    return Markup(
        '<div class="mw-hit" style="margin:0"><div style="display:flex;flex-wrap:wrap;'
        'align-items:center;gap:.2rem .7rem;margin-bottom:.35rem">'
        '<div style="flex:0 1 9rem;background:#e8edf3;border-radius:.2rem" aria-hidden="true">'
        f'<div style="{_BAR}#1d5f8a;width:{share}%"></div></div>'
        f'<span class="mw-quiet">{escape(fits)}</span>'
        f'<span class="mw-kind">{escape(text(f"knowledge.section_{hit.kind.value}"))}</span></div>'
        f'<div class="mw-wording" lang="{escape(hit.language)}" dir="auto">'
        f"{marked_passage(hit, case)}</div>"
        f"<div><b>{escape(hit.title)}</b> {_named(case)}</div>"
        f'<div class="mw-quiet">{escape(dot.join(item for item in where if item))}</div></div>'
    )


def _named(case: Case) -> Markup:
    name = "may_be_named" if case.name_public else "may_not_be_named"
    tone = "good" if case.name_public else "warn"
    return Markup(f'<span class="mw-badge mw-{tone}">{escape(text(f"knowledge.{name}"))}</span>')
