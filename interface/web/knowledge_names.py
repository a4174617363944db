"""What the parts of the knowledge page share: its tabs, the way to a case, names of values."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

import streamlit as st

from contracts.case import Case
from interface.web.texts import term, text
from language.taxonomy import load_taxonomy

__all__ = ["CHOSEN", "TAB", "field_name", "file_of", "label", "language_name", "open_case"]
__all__ += ["tab_names"]

TAB = "knowledge-tab"  # where the session keeps which tab is open
CHOSEN = "open-case"  # and which case is


def tab_names() -> list[str]:
    return [text(f"knowledge.tab_{name}") for name in ("cases", "search", "case", "notes", "add")]


def open_case(case_id: str) -> None:
    """Lead to a case; for a button's `on_click`, which runs before the page is made anew."""
    st.session_state[CHOSEN] = case_id
    st.session_state[TAB] = text("knowledge.tab_case")


def label(kind: Literal["industry", "region", "role", "metric"], value: str) -> str:
    """What the taxonomy calls a value in English; "unknown" for none."""
    return load_taxonomy().label(kind, value, "en") if value else text("app.unknown")


def language_name(code: str) -> str:
    return term("language", code)


def field_name(name: str) -> str:
    """What the page calls a field of a case."""
    return term("knowledge", f"field_{name}")


def file_of(case: Case) -> str:
    """The file that a case cites, or where it says that it comes from."""
    return PurePath(case.path).name or case.source
