"""Whether the index is the one that the settings want; making it anew."""

from __future__ import annotations

import streamlit as st

from contracts.decision import User
from contracts.errors import MailwrightError
from interface.web.parts import ProgressBar, plain
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import text
from workflow.intake import index_state
from workflow.knowledge import rebuild_index
from workflow.people import why_not

__all__ = ["show_index_state"]


def show_index_state(studio: Studio, user: User) -> None:
    """Nothing where the index is as it should be; else what is wrong with it and what to do:
    it is of another model or of an earlier release, it is damaged, the model or the server
    is not there."""
    try:
        state = index_state(studio.house)
    except MailwrightError as error:
        st.error(plain(error), icon=":material/error:")
        return  # made anew, it would meet the same
    if state.damage:
        st.error(plain(state.damage), icon=":material/error:")
    elif not state.other_model:
        return
    else:
        used = state.other_model
        wanted = studio.house.settings.embedding_model or text("knowledge.index_bundled")
        st.warning(
            plain(text("knowledge.index_other", used=used, wanted=wanted)),
            icon=":material/model_training:",
        )
    _offer(studio, user)


def _offer(studio: Studio, user: User) -> None:
    refusal = why_not(user, "manage_cases")
    asked = st.button(text("knowledge.index_button"), key="index-button", disabled=bool(refusal))
    if refusal:
        st.caption(plain(refusal))
    if not asked or refusal:
        return
    with (
        shown_errors(),
        studio.busy,
        ProgressBar(text("knowledge.index_making")) as progress,
    ):
        passages = rebuild_index(studio.house, user, progress)
        say(text("knowledge.index_made", passages=passages))
        st.rerun()
