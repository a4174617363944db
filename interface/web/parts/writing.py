"""Letters while a model writes them: what has come so far, gone when they are checked."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from interface.web.parts.markup import escape
from interface.web.texts import term, text

__all__ = ["LettersComing", "coming_text"]


class LettersComing:
    """Satisfies `workflow.campaign.Coming`; shows every letter that is being written.

    Example:
        with LettersComing() as coming:
            draft_campaign(house, brief, sender, user, coming=coming)
    """

    def __init__(self) -> None:
        self._place = st.empty()
        self._letters: dict[str, Mapping[str, str]] = {}

    def __enter__(self) -> LettersComing:
        return self

    def __exit__(self, *_: object) -> None:
        self._place.empty()

    def __call__(self, segment: str, language: str, texts: Mapping[str, str]) -> None:
        name = f"{segment} \N{MIDDLE DOT} {term('language', language)}"
        self._letters.pop(name, None)  # the one that moved last comes first
        self._letters = {name: texts, **self._letters}
        self._place.html(coming_text(self._letters))


def coming_text(letters: Mapping[str, Mapping[str, str]]) -> str:
    """The parts of each letter as far as they have come; nothing of them is checked yet."""
    cards = "".join(
        f'<section class="mw-card"><header><span class="mw-kind">{escape(name)}</span></header>'
        + "".join(
            f'<p><span class="mw-quiet">{escape(term("module", part))}</span><br>'
            f"{escape(words)}</p>"
            for part, words in texts.items()
            if words
        )
        + "</section>"
        for name, texts in letters.items()
    )
    return f'<p class="mw-quiet">{escape(text("campaign.coming"))}</p>{cards}'
