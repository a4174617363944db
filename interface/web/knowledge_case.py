"""One case on the knowledge page: its text, its fields, what rests on it; taking it back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from contracts.case import Case
from contracts.decision import User
from interface.web.knowledge_fields import fields_missing, lacks_fields, show_missing
from interface.web.knowledge_names import CHOSEN, label, language_name
from interface.web.knowledge_outcomes import marked_text, show_outcomes
from interface.web.names import draft_name, sentence, user_names
from interface.web.parts import badge, escape, plain, table
from interface.web.parts.markup import facts
from interface.web.session import Studio, shown_errors
from interface.web.texts import term, text
from language import country_name
from workflow.people import why_not
from workflow.withdrawing import Resting, resting_on, restore, withdraw

__all__ = ["show_case"]

SHOWN = 40_000  # characters of a text; a browser is slow on more
_DONE = "case-done"  # what was done, said on the run after it


def show_case(studio: Studio, user: User, cases: Sequence[Case]) -> None:
    """A choice of one case; the one chosen, opened."""
    by_id = {case.id: case for case in cases}
    chosen = st.selectbox(
        text("knowledge.choose_case"),
        list(by_id),
        index=None,
        format_func=lambda case_id: f"{by_id[case_id].title} \N{MIDDLE DOT} {case_id}",
        placeholder=text("knowledge.choose_case_hint"),
        key=CHOSEN,
    )
    for message in st.session_state.pop(_DONE, []):
        st.success(plain(message), icon=":material/check:")
    if chosen is None:
        return
    case = by_id[chosen]
    st.html(facts(_fields(case)))
    if lacks_fields(case):
        told = f"{text('knowledge.missing')} \N{MIDDLE DOT} {fields_missing(case)}"
        with st.expander(told, expanded=True, icon=":material/edit_note:"):
            show_missing(studio, user, case, "case")
    show_outcomes(case)
    with st.expander(
        text("knowledge.text", count=sum(item.sure for item in case.outcomes)), expanded=False
    ):
        st.html(
            f'<section class="mw-card"><div class="mw-wording" lang="{escape(case.language)}" '
            'dir="auto">'
            f"{marked_text(case.text[:SHOWN], case.outcomes)}</div></section>"
        )
        if len(case.text) > SHOWN:
            st.caption(text("knowledge.text_cut", count=f"{SHOWN:,}"))
    resting = resting_on(studio.house, case.id)
    _rests(studio, resting)
    _decide(studio, user, resting)


def _fields(case: Case) -> list[tuple[str, object]]:
    """What is known of the case. Where nobody stated it, that is said of what would otherwise
    look like an answer."""
    unknown = text("app.unknown")
    named = text("app.yes" if case.name_public else "app.no")
    end = case.valid_until.isoformat() if case.valid_until else text("knowledge.no_end")
    if "name_public" in case.missing:
        named = text("knowledge.not_stated", value=named)
    if "valid_until" in case.missing:
        end = text("knowledge.not_stated", value=end)
    fields = [
        ("customer", ", ".join(dict.fromkeys(case.customer.values())) or unknown),
        ("other_names", ", ".join(case.extra_names)),
        ("named", named),
        ("industry", label("industry", case.industry)),
        ("region", label("region", case.region)),
        ("field_country", country_name(case.country, "en")),
        ("language", language_name(case.language)),
        ("roles", ", ".join(label("role", item) for item in case.roles) or unknown),
        ("products", ", ".join(case.products) or unknown),
        ("valid", text("knowledge.withdrawn") if case.withdrawn else end),
        ("source", case.source or unknown),
    ]
    return [(text(f"knowledge.{name}"), value) for name, value in fields if value]


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
