"""The reviewer's page: what waits, all that a decision needs, and the decision."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from contracts.decision import Submission, User
from interface.web.frame import heading
from interface.web.mailbody import choose_variant, show_editions, show_screenings, show_text
from interface.web.names import draft_name, people, user_names
from interface.web.parts import badge, escape, plain, show_changes, show_verdict, table
from interface.web.session import Studio, say, show_messages, shown_errors
from interface.web.texts import term, text
from workflow.approval import (
    ReviewItem,
    approve,
    reject,
    review_item,
    waiting,
    why_not_decide,
)
from workflow.campaign import tactic_names

__all__ = ["show_review"]


def show_review(studio: Studio, user: User) -> None:
    heading("review")
    show_messages()
    queue = waiting(studio.house)
    if not queue:
        st.info(text("review.nothing"), icon=":material/inbox:")
        return
    names = user_names(studio.house)
    st.subheader(text("review.waiting"), anchor=False)
    head = [
        text("campaign.segment"),
        text("campaign.language"),
        text("queue.campaign"),
        text("campaign.authors_head"),
        text("review.since"),
    ]
    st.html(table(head, [_row(entry, names) for entry in queue], compact=True))
    by_id = {entry.draft_id: entry for entry in queue}
    chosen = st.selectbox(
        text("review.choose"),
        list(by_id),
        format_func=lambda key: draft_name(by_id[key].segment, by_id[key].language),
        key="to-review",
    )
    item = review_item(studio.house, chosen)
    _head(item, by_id[chosen], names)
    _decision(studio, user, item)
    _contents(studio, item)


def _row(entry: Submission, names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        entry.segment,
        term("language", entry.language),
        entry.campaign,
        people(entry.authors, names),
        f"{entry.at:%Y-%m-%d %H:%M}",
    )


def _head(item: ReviewItem, entry: Submission, names: Mapping[str, str]) -> None:
    draft = item.record.draft
    at = f"{entry.at:%Y-%m-%d %H:%M} UTC"
    submitted = text("review.submitted", name=people([entry.submitted_by], names), at=at)
    verdict = show_verdict(item.screenings) if item.screenings else ""
    st.html(
        f'<p class="mw-title">{escape(draft_name(draft.segment, draft.language))} '
        f"{badge(item.record.state.value)} {verdict}</p>"
        f'<p class="mw-quiet">{escape(submitted)}<br>'
        f"{escape(text('review.authors', names=people(item.record.authors, names)))}</p>"
    )


def _decision(studio: Studio, user: User, item: ReviewItem) -> None:
    """Approve or reject. Workflow refuses by itself whoever may not; the buttons only say
    so beforehand."""
    draft = item.record.draft
    refusal = why_not_decide(user, item.record.authors)
    if refusal:
        st.warning(plain(text("review.may_not", why=refusal)), icon=":material/block:")
    with st.form(f"decide-{draft.id}", border=True):
        why = st.text_area(
            text("review.why"),
            help=text("review.why_help"),
            height=68,
            key=f"why-{draft.id}",
            disabled=bool(refusal),
        )
        with st.container(horizontal=True):
            yes = st.form_submit_button(
                text("review.approve"), type="primary", key="approve", disabled=bool(refusal)
            )
            no = st.form_submit_button(text("review.reject"), key="reject", disabled=bool(refusal))
    name = draft_name(draft.segment, draft.language)
    if yes:
        with shown_errors():
            approve(studio.house, draft.id, user, why or "")
            say(text("review.approved", draft=name))
            st.rerun()
    if no:
        if not (why or "").strip() and not refusal:
            st.error(text("review.say_why"))
            return
        with shown_errors():
            reject(studio.house, draft.id, user, why or "")
            say(text("review.rejected", draft=name))
            st.rerun()


def _contents(studio: Studio, item: ReviewItem) -> None:
    draft = item.record.draft
    if not item.variants:
        st.info(text("campaign.no_variants"))
        return
    variant = choose_variant(item.variants, tactic_names(), draft.id)
    mail, words, findings, changes = st.tabs(
        [text(f"review.tab_{name}") for name in ("preview", "text", "findings", "changes")]
    )
    with mail, shown_errors():
        submitted = item.submission.seals if item.submission else {}
        show_editions(
            studio,
            [
                edition
                for edition in item.editions
                if edition.variant_id == variant.id and edition.id in submitted
            ],
            draft.id,
        )
    with words:
        show_text(studio, variant)
    with findings:
        show_screenings(item.variants, item.editions, item.screenings)
    with changes:
        _changes(studio, item)


def _changes(studio: Studio, item: ReviewItem) -> None:
    if item.changes:
        show_changes(item.changes)
    elif item.approved_before:
        st.info(text("review.no_changes"))
    else:
        st.info(text("review.never_approved"))
