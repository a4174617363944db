"""Who is signed in, in which workspace; and how a page tells what went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import streamlit as st

from contracts.decision import User
from contracts.errors import MailwrightError
from interface.web.parts import plain
from workflow.errors import NotSignedIn
from workflow.house import House
from workflow.settings import load_settings

__all__ = [
    "Studio",
    "brief_folder",
    "close_studios",
    "current_user",
    "just_arrived",
    "open_studio",
    "say",
    "show_messages",
    "shown_errors",
    "sign_in",
    "sign_out",
    "was_ended",
]

_TOKEN = "token"  # noqa: S105  the name of a place in the session
_ARRIVED = "arrived"
_ENDED = "ended"
_MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Studio:
    """One open workspace for all sessions of this process. `busy` is held by work on the
    vector index, which takes one at a time."""

    house: House
    busy: Lock = field(default_factory=Lock)


def _release(studio: Studio) -> None:
    studio.house.close()


def _still_there(studio: Studio) -> bool:
    """Whether it may be used on: not where the workspace was removed, nor where Streamlit
    loaded the code anew after an edit, since types of then and now do not match."""
    same_code = isinstance(studio, Studio) and isinstance(studio.house, House)
    return same_code and studio.house.workspace.secret_file.exists()


@st.cache_resource(show_spinner=False, on_release=_release, validate=_still_there)
def _open(folder: str) -> Studio:
    return Studio(House(load_settings(Path(folder))))


def open_studio() -> Studio:
    """The workspace of `MAILWRIGHT_WORKSPACE`, ./workspace without it; opened once.

    Raises:
        BadInput: its settings or its records cannot be read.
    """
    return _open(os.environ.get("MAILWRIGHT_WORKSPACE", "") or "workspace")


def close_studios() -> None:
    """Close every workspace that this process opened."""
    _open.clear()


def brief_folder(studio: Studio) -> Path:
    """Where briefs lie: in the workspace, or in ./examples where it has no such folder."""
    own = studio.house.workspace.folder / "briefs"
    return own if own.is_dir() else Path("examples") / "briefs"


def sign_in(studio: Studio, token: str) -> User:
    """From now on this session acts as the user of `token`.

    Raises:
        NotSignedIn: the token is empty or nobody's.
    """
    token = token.strip()
    if not token:  # the house would go on to ask the environment, which is not this person
        raise NotSignedIn
    user = studio.house.user(token)
    st.session_state[_TOKEN] = token
    st.session_state[_ARRIVED] = True
    return user


def just_arrived() -> bool:
    """Whether this is the first run after signing in."""
    return bool(st.session_state.pop(_ARRIVED, False))


def sign_out() -> None:
    """Forget who was signed in and everything this session looked at."""
    st.session_state.clear()


def current_user(studio: Studio) -> User | None:
    """Who is signed in. Asked anew on every run, so that a token that was renewed or a user
    who was removed ends every session at once."""
    token = st.session_state.get(_TOKEN, "")
    if not token:
        return None
    try:
        return studio.house.user(token)
    except NotSignedIn:
        sign_out()
        st.session_state[_ENDED] = True
        return None


def was_ended() -> bool:
    """Whether the session ended by itself, because its token is no longer valid."""
    return bool(st.session_state.pop(_ENDED, False))


def say(message: str) -> None:
    """Show a message of success on the next run, after the page has read its records anew."""
    st.session_state.setdefault(_MESSAGES, []).append(message)


def show_messages() -> None:
    for message in st.session_state.pop(_MESSAGES, []):
        st.success(plain(message), icon=":material/check:")


@contextmanager
def shown_errors() -> Iterator[None]:
    """What Mailwright itself refuses is shown as its one line. Anything else is a mistake of
    the program and goes on."""
    try:
        yield
    except MailwrightError as error:
        st.error(plain(error), icon=":material/error:")
