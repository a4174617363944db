"""What changed since the last approval, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from interface.web.parts.markup import Markup, escape, table
from interface.web.texts import term, text

__all__ = ["ChangedPlace", "WordRun", "changed_words", "show_changes"]

_TAGS = {"kept": "span", "removed": "del", "added": "ins"}


class WordRun(Protocol):
    """Consecutive text that was kept, removed or added."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


class ChangedPlace(Protocol):
    """One place of a mail that differs from what was approved."""

    @property
    def place(self) -> str: ...
    @property
    def words(self) -> Sequence[WordRun]: ...


def changed_words(runs: Sequence[WordRun]) -> Markup:
    """The runs as one text, removed words struck out, added ones underlined."""
    marked = "".join(f"<{_TAGS[run.kind]}>{escape(run.text)}</{_TAGS[run.kind]}>" for run in runs)
    return Markup(f'<div class="mw-diff">{marked}</div>')


def show_changes(changes: Sequence[ChangedPlace]) -> None:
    rows = [(term("module", change.place), changed_words(change.words)) for change in changes]
    st.html(table([text("review.place"), text("review.change")], rows, (18, 82)))
