"""The pages and who begins where."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from contracts.decision import Role, User
from interface.web.campaign import show_campaign
from interface.web.knowledge import show_knowledge
from interface.web.queue import show_queue
from interface.web.review import show_review
from interface.web.screening import show_screening
from interface.web.session import Studio, just_arrived
from interface.web.texts import text

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

__all__ = ["arrive", "pages_for", "show_page"]

_PAGES: dict[str, tuple[Callable[[Studio, User], None], str]] = {
    "campaign": (show_campaign, ":material/edit_document:"),
    "review": (show_review, ":material/fact_check:"),
    "queue": (show_queue, ":material/outbox:"),
    "knowledge": (show_knowledge, ":material/library_books:"),
    "screening": (show_screening, ":material/policy:"),
}


def pages_for(studio: Studio, user: User | None) -> list[Page]:
    """Every page, for whoever is signed in; what a person may not do is said where it would
    be done. All addresses are known before sign-in, too, so that a link leads on after it."""
    first = _first(user)
    return [
        st.Page(
            partial(show_page, name, studio, user) if user else _nothing,
            title=text(f"nav.{name}"),
            icon=icon,
            url_path=name,
            default=name == first,
        )
        for name, (_, icon) in _PAGES.items()
    ]


def arrive(page: Page, pages: list[Page], user: User) -> None:
    """After signing in at the front door, begin where the person works; a link to a certain
    page leads there."""
    if just_arrived() and page.url_path in ("", "campaign") and _first(user) != "campaign":
        st.switch_page(next(item for item in pages if item.title == text(f"nav.{_first(user)}")))


def show_page(name: str, studio: Studio, user: User) -> None:
    show, _ = _PAGES[name]
    show(studio, user)


def _first(user: User | None) -> str:
    if user is None or Role.MARKETER in user.roles:
        return "campaign"
    return "review" if Role.REVIEWER in user.roles else "queue"


def _nothing() -> None:
    """The body of a page nobody is signed in for; app.py shows the way in."""
