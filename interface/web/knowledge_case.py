"""One case on the knowledge page: its text, its fields, what rests on it; taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import streamlit as st

from contracts.case import Case, Outcome
from contracts.decision import User
from interface.web.names import draft_name, sentence, user_names
from interface.web.parts import Markup, badge, escape, plain, table
from interface.web.parts.markup import facts
from interface.web.session import Studio, shown_errors
from interface.web.texts import term, text
from language.taxonomy import load_taxonomy
from workflow.people import why_not
from workflow.withdrawing import Resting, resting_on, restore, withdraw

__all__ = ["marked_text", "show_case"]

SHOWN = 40_000  # characters of a text; a browser is slow on more
_DONE = "case-done"  # what was done, said on the run after it


def show_case(studio: Studio, user: User, cases: Sequence[Case]) -> None:
    """A choice of one case; the one chosen, opened."""
    st.subheader(text("knowledge.open"), anchor=False)
    by_id = {case.id: case for case in cases}
    chosen = st.selectbox(
        text("knowledge.choose_case"),
        list(by_id),
        index=None,
        format_func=lambda case_id: f"{by_id[case_id].title} \N{MIDDLE DOT} {case_id}",
        placeholder=text("knowledge.choose_case_hint"),
        key="open-case",
    )
    for message in st.session_state.pop(_DONE, []):
        st.success(plain(message), icon=":material/check:")
    if chosen is None:
        return
    case = by_id[chosen]
    st.html(facts(_fields(case)))
    with st.expander(text("knowledge.text", count=len(case.outcomes)), expanded=False):
        st.html(
            f'<section class="mw-card"><div class="mw-wording" lang="{escape(case.language)}">'
            f"{marked_text(case.text[:SHOWN], case.outcomes)}</div></section>"
        )
        if len(case.text) > SHOWN:
            st.caption(text("knowledge.text_cut", count=f"{SHOWN:,}"))
    resting = resting_on(studio.house, case.id)
    _rests(studio, resting)
    _decide(studio, user, resting)


def marked_text(wording: str, outcomes: Sequence[Outcome]) -> Markup:
    """The text with every measured result marked; one that was not read with certainty, and
    so is never used in a claim, says so."""
    cuts = {0, len(wording)}
    for outcome in outcomes:
        cuts |= {min(outcome.span.start, len(wording)), min(outcome.span.end, len(wording))}
    shown: list[str] = []
    for start, end in pairwise(sorted(cuts)):
        here = [item for item in outcomes if item.span.start <= start and end <= item.span.end]
        words = escape(wording[start:end])
        if not here:
            shown.append(words)
        elif any(item.sure for item in here):
            shown.append(f"<mark>{words}</mark>")
        else:
            note = escape(text("knowledge.unsure"))
            shown.append(f'<mark title="{note}">{words}</mark><sup>?</sup>')
    return Markup("".join(shown))


def _fields(case: Case) -> list[tuple[str, object]]:
    taxonomy = load_taxonomy()
    unknown = text("app.unknown")

    def label(kind: Literal["industry", "region", "role"], value: str) -> str:
        return taxonomy.label(kind, value, "en") if value else unknown

    return [
        (text("knowledge.customer"), ", ".join(dict.fromkeys(case.customer.values())) or unknown),
        (text("knowledge.named"), text("app.yes" if case.name_public else "app.no")),
        (text("knowledge.industry"), label("industry", case.industry)),
        (text("knowledge.region"), label("region", case.region)),
        (text("knowledge.language"), term("language", case.language)),
        (text("knowledge.roles"), ", ".join(label("role", item) for item in case.roles) or unknown),
        (text("knowledge.products"), ", ".join(case.products) or unknown),
        (
            text("knowledge.valid"),
            text("knowledge.withdrawn")
            if case.withdrawn
            else case.valid_until or text("knowledge.no_end"),
        ),
        (text("knowledge.source"), case.source or unknown),
    ]


def _rests(studio: Studio, resting: Resting) -> None:
    st.markdown(f"#### {plain(text('knowledge.rests'))}")
    if not (resting.drafts or resting.editions):
        st.html(f'<p class="mw-quiet">{escape(text("knowledge.rests_nothing"))}</p>')
        return
    st.caption(
        text(
            "knowledge.rests_counts",
            drafts=len(resting.drafts),
            variants=len(resting.variants),
            editions=len(resting.editions),
        )
    )
    if resting.drafts:
        head = [text(f"knowledge.{name}") for name in ("campaign", "draft", "state")]
        rows: list[tuple[object, ...]] = [
            (item.campaign, draft_name(item.segment, item.language), badge(item.state.value))
            for item in resting.drafts
        ]
        st.html(table(head, rows, (34, 46, 20)))
    if resting.approvals:
        names = user_names(studio.house)
        drafts = {item.draft_id: item for item in resting.editions}
        head = [text(f"knowledge.{name}") for name in ("approval_of", "decided_by", "decided_at")]
        rows = [
            (
                draft_name(drafts[item.draft_id].segment, drafts[item.draft_id].language)
                if item.draft_id in drafts
                else item.draft_id,
                names.get(item.reviewer, item.reviewer),
                f"{item.at:%Y-%m-%d %H:%M} UTC",
            )
            for item in resting.approvals
        ]
        st.html(table(head, rows, (46, 30, 24)))
    if resting.envelopes:
        states = ("due", "sending", "held", "sent")
        head = [text("knowledge.envelopes_of"), *(term("state", name) for name in states)]
        rows = [
            (item.campaign, item.due, item.sending, item.held, item.sent)
            for item in resting.envelopes
        ]
        st.html(table(head, rows, (40, 15, 15, 15, 15)))


def _decide(studio: Studio, user: User, resting: Resting) -> None:
    """Withdraw it, or restore it where it is withdrawn; what that comes to stands above."""
    case = resting.case
    name = "restore" if case.withdrawn else "withdraw"
    refusal = why_not(user, f"{name}_case")
    outlook = (
        text("knowledge.restore_outlook", held=resting.held)
        if case.withdrawn
        else text("knowledge.withdraw_outlook", due=resting.due, sent=resting.sent)
    )
    st.warning(plain(outlook), icon=":material/front_hand:")
    with st.form(f"{name}-{case.id}", border=False):
        why = st.text_input(
            text("knowledge.withdraw_why"), key=f"{name}-why", disabled=bool(refusal)
        )
        asked = st.form_submit_button(
            text(f"knowledge.{name}_button"), key=f"{name}-button", disabled=bool(refusal)
        )
    if refusal:
        st.caption(plain(sentence(refusal)))
    if not asked:
        return
    with shown_errors():
        if case.withdrawn:
            back = restore(studio.house, case.id, why or "", user)
            _say(text("knowledge.restored", title=case.title, held=back.resting.held))
        else:
            done = withdraw(studio.house, case.id, why or "", user)
            _say(text("knowledge.withdrew", title=case.title, held=done.held))
            if done.resting.sending:
                _say(text("knowledge.withdrew_sending", count=done.resting.sending))
            if done.resting.sent:
                _say(text("knowledge.withdrew_sent", count=done.resting.sent))
        st.rerun()


def _say(message: str) -> None:
    st.session_state.setdefault(_DONE, []).append(message)
