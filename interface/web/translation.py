"""An approved draft said in the campaign's other languages, where a chat model is set."""

from __future__ import annotations

import streamlit as st

from contracts.decision import User
from interface.web.parts import ProgressBar, plain
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import term, text
from workflow.approval import ReviewItem
from workflow.people import why_not
from workflow.translating import may_translate, translate

__all__ = ["show_translation"]


def show_translation(studio: Studio, user: User, item: ReviewItem) -> None:
    """The languages to choose from; nothing where the draft cannot be translated."""
    possible = may_translate(studio.house, item.record)
    if not possible:
        return
    reason = why_not(user, "draft")
    draft = item.record.draft
    with st.expander(text("translation.head")):
        st.markdown(text("translation.lead"))
        chosen = st.multiselect(
            text("translation.languages"),
            possible,
            format_func=lambda tag: term("language", tag),
            key=f"translate-to-{draft.id}",
            disabled=bool(reason),
        )
        pressed = st.button(
            text("translation.button"),
            key=f"translate-{draft.id}",
            disabled=bool(reason) or not chosen,
            help=plain(reason) or None,
        )
    if not pressed:
        return
    with shown_errors(), ProgressBar(text("translation.working")) as progress:
        made = translate(studio.house, draft.campaign, draft.id, chosen, user, progress=progress)
        say(text("translation.done", count=len(made)))
        notes = [
            f"{term('language', one.draft.language)}, {note}" for one in made for note in one.notes
        ]
        if notes:
            say(text("campaign.notes", notes="; ".join(notes)))
        st.rerun()
