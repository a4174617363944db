"""An approved draft said in the campaign's other languages, where a chat model is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from contracts.decision import User
from interface.web.parts import ProgressBar, plain
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import term, text
from workflow.people import why_not
from workflow.translating import may_translate, translate

if TYPE_CHECKING:
    from storage import DraftRecord

__all__ = ["show_translation"]


def show_translation(studio: Studio, user: User, entry: DraftRecord) -> None:
    """The languages to choose from; nothing where the draft cannot be translated."""
    possible = may_translate(studio.house, entry)
    if not possible:
        return
    reason = why_not(user, "draft")
    draft = entry.draft
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
            f"{term('language', item.draft.language)}, {note}"
            for item in made
            for note in item.notes
        ]
        if notes:
            say(text("campaign.notes", notes="; ".join(notes)))
        st.rerun()
