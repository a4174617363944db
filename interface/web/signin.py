"""The way in: a token, kept for this session only."""

from __future__ import annotations

import streamlit as st

from interface.web.session import Studio, sign_in, was_ended
from interface.web.texts import text
from workflow.errors import NotSignedIn
from workflow.people import list_users

__all__ = ["show_sign_in"]


def show_sign_in(studio: Studio) -> None:
    """The form; where the workspace has no users, how to add the first one instead."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        st.title(text("app.title"), anchor=False)
        if not list_users(studio.house):
            st.info(text("app.nobody_yet"), icon=":material/person_add:")
            folder = studio.house.workspace.folder
            st.code(text("app.add_operator", folder=folder), language="bash", wrap_lines=True)
            return
        st.markdown(text("sign_in.lead"))
        if was_ended():
            st.warning(text("sign_in.ended"))
        _form(studio)
        st.caption(text("sign_in.note"))


def _form(studio: Studio) -> None:
    with st.form("sign-in", border=True):
        token = st.text_input(
            text("sign_in.token"), type="password", autocomplete="current-password", key="typed"
        )
        sent = st.form_submit_button(text("sign_in.button"), type="primary", key="sign-in-button")
    if not sent:
        return
    if not token:
        st.error(text("sign_in.empty"))
        return
    try:
        sign_in(studio, token)
    except NotSignedIn:
        st.error(text("sign_in.wrong"))
    else:
        st.rerun()
