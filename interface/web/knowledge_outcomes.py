"""The measured results of a case: sure ones marked where they stand, unsure ones apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from contracts.case import Case, Outcome, Passage, Span
from interface.web.knowledge_names import label
from interface.web.parts import Markup, escape, table
from interface.web.texts import text

__all__ = ["marked_passage", "marked_text", "show_outcomes"]

_NOT_SURE = "knowledge.unsure_mark"


def marked_text(wording: str, outcomes: Sequence[Outcome]) -> Markup:
    """The text with every result marked that was read with certainty; what was not, and so is
    never used in a claim, stands there unmarked."""
    return _marked(wording, [outcome.span for outcome in outcomes if outcome.sure], [])


def marked_passage(passage: Passage, case: Case) -> Markup:
    """The words of a passage of this text of the case, sure results marked in it and unsure
    ones followed by what they are."""
    sure: list[Span] = []
    unsure: list[Span] = []
    for outcome in case.outcomes:
        start = max(outcome.span.start, passage.span.start)
        end = min(outcome.span.end, passage.span.end)
        if start < end:
            shift = passage.span.start
            (sure if outcome.sure else unsure).append(Span(start - shift, end - shift))
    return _marked(passage.text, sure, unsure)


def show_outcomes(case: Case) -> None:
    """Both lists, each sentence as it stands in the case."""
    sure = [outcome for outcome in case.outcomes if outcome.sure]
    unsure = [outcome for outcome in case.outcomes if not outcome.sure]
    st.markdown(f"#### {text('knowledge.results', count=len(sure))}")
    if sure:
        head = [text(f"knowledge.{name}") for name in ("measure", "change", "wording")]
        st.html(table(head, [_row(outcome, case) for outcome in sure], (24, 26, 50)))
    else:
        st.html(f'<p class="mw-quiet">{escape(text("knowledge.results_none"))}</p>')
    if unsure:
        st.markdown(f"#### {text('knowledge.unsure', count=len(unsure))}")
        st.caption(text("knowledge.unsure_lead"))
        head = [text(f"knowledge.{name}") for name in ("measure", "wording")]
        rows = [
            (
                label("metric", outcome.metric)
                if outcome.metric
                else text("knowledge.unsure_measure"),
                _sentence(outcome, case),
            )
            for outcome in unsure
        ]
        st.html(table(head, rows, (24, 76)))


def _row(outcome: Outcome, case: Case) -> tuple[object, ...]:
    way = text(f"knowledge.direction_{outcome.direction.value}") if outcome.direction else ""
    value = outcome.value_span.of(case.text) if outcome.value_span else ""
    change = Markup(
        f'{escape(way)}<div lang="{escape(case.language)}" dir="auto">{escape(value)}</div>'
    )
    return label("metric", outcome.metric), change, _sentence(outcome, case)


def _sentence(outcome: Outcome, case: Case) -> Markup:
    place = case.place_of(outcome.span)
    below = f'<div class="mw-quiet">{escape(place)}</div>' if place else ""
    return Markup(
        f'<div lang="{escape(case.language)}" dir="auto">{escape(outcome.text)}</div>{below}'
    )


def _marked(wording: str, sure: Sequence[Span], unsure: Sequence[Span]) -> Markup:
    end_of_all = len(wording)
    cuts = {0, end_of_all}
    for span in (*sure, *unsure):
        cuts |= {min(span.start, end_of_all), min(span.end, end_of_all)}
    ends = {min(span.end, end_of_all) for span in unsure}
    shown: list[str] = []
    for start, end in pairwise(sorted(cuts)):
        words = escape(wording[start:end])
        marked = any(span.start <= start and end <= span.end for span in sure)
        shown.append(f"<mark>{words}</mark>" if marked else words)
        if end in ends and not marked:
            note = escape(text(_NOT_SURE))
            shown.append(f' <span class="mw-badge mw-calm">{note}</span>')
    return Markup("".join(shown))
