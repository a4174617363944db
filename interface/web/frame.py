"""What stands around every page: look, heading, and who is signed in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import streamlit as st

from contracts.decision import User
from contracts.errors import MailwrightError
from interface.web.parts import escape, plain
from interface.web.session import Studio, open_studio, sign_out
from interface.web.texts import term, text

__all__ = ["heading", "prepare", "show_who", "studio_or_stop"]


@cache
def _style() -> str:
    return files("interface.web").joinpath("style.css.txt").read_text(encoding="utf-8")


def prepare() -> None:
    """Title, width and style sheet; unexpected errors show their kind and nothing else,
    since a trace could hold what belongs to a person."""
    st.set_page_config(page_title=text("app.title"), page_icon=":material/mail:", layout="wide")
    st.set_option("client.showErrorDetails", "type")
    st.html(f"<style>{_style()}</style>")


def studio_or_stop() -> Studio:
    """The workspace; where it cannot be opened, the page ends with the reason."""
    try:
        return open_studio()
    except MailwrightError as error:
        st.error(text("app.no_house", why=plain(error)), icon=":material/error:")
        st.stop()


def heading(name: str) -> None:
    """A page's title and its one sentence."""
    st.title(text(f"{name}.title"), anchor=False)
    st.html(f'<p class="mw-lead">{escape(text(f"{name}.lead"))}</p>')


def show_who(studio: Studio, user: User) -> None:
    """Who is signed in, in which roles and workspace; and the way out."""
    roles = ", ".join(sorted(term("role", role.value) for role in user.roles))
    place = text("app.workspace", folder=studio.house.workspace.folder.name)
    with st.sidebar:
        st.html(
            f'<div class="mw-who"><span class="mw-quiet">{escape(text("sign_in.signed_in_as"))}'
            f"</span><b>{escape(user.name)}</b>{escape(roles)}<br>"
            f'<span class="mw-quiet">{escape(place)}</span></div>'
        )
        st.button(text("sign_in.out"), on_click=sign_out, key="sign-out", icon=":material/logout:")
