"""The blocks of one draft: edit, lock, move, swap or write anew one while the others stay."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from contracts.decision import User
from contracts.mail import Draft, ModuleKind
from interface.web.parts import plain
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import term, text
from workflow import editing
from workflow.campaign import tactic_names
from workflow.people import why_not

__all__ = ["show_blocks"]

_FIXED = frozenset({ModuleKind.GREETING})


def show_blocks(studio: Studio, user: User, name: str, draft: Draft) -> None:
    """Every block with what can be done to it; a person who may not write sees why not."""
    reason = why_not(user, "draft")
    st.markdown(text("blocks.lead"))
    if reason:
        st.caption(plain(reason))
    lines = editing.modules_of(draft)
    for line in lines:
        with st.container(border=True, key=f"block-{draft.id}-{line.kind}"):
            _head(line)
            if line.kind in _FIXED:
                st.text(line.text)
                st.caption(text("blocks.greeting"))
                continue
            words = st.text_area(
                text("blocks.words", module=term("module", line.kind.value)),
                line.text,
                key=f"words-{draft.id}-{draft.hash}-{line.kind}",
                label_visibility="collapsed",
                height="content",
                disabled=bool(reason),
            )
            _buttons(studio, user, name, draft, line, words, reason, len(lines) - 2)


def _head(line: editing.ModuleLine) -> None:
    about = [term("module", line.kind.value)]
    if line.locked:
        about.append(text("blocks.locked"))
    if line.origin.startswith("model:"):
        about.append(text("blocks.by_model"))
    elif line.origin == "edited":
        about.append(text("blocks.by_person"))
    st.markdown(f"**{plain(about[0])}** " + plain(" · ".join(about[1:])))
    if line.note:
        st.caption(plain(line.note))


def _buttons(
    studio: Studio,
    user: User,
    name: str,
    draft: Draft,
    line: editing.ModuleLine,
    words: str,
    reason: str,
    places: int,
) -> None:
    kind, house, key = line.kind, studio.house, f"{draft.id}-{line.kind}"

    def act(label: str, button: str, change: Callable[[], Draft], *, off: bool = False) -> None:
        if st.button(text(f"blocks.{label}"), key=f"{button}-{key}", disabled=off or bool(reason)):
            with shown_errors():
                change()
                say(text("blocks.changed"))
                st.rerun()

    with st.container(horizontal=True):
        act(
            "save", "save", lambda: editing.edit(house, name, draft.id, kind, words, user),
            off=words.strip() == line.text.strip(),
        )  # fmt: skip
        act(
            "unlock" if line.locked else "lock", "lock",
            lambda: editing.keep(house, name, draft.id, kind, user, locked=not line.locked),
        )  # fmt: skip
        act(
            "anew", "anew", lambda: editing.regenerate(house, name, draft.id, kind, user),
            off=line.locked,
        )  # fmt: skip
        if line.place:
            act(
                "up", "up",
                lambda: editing.move(house, name, draft.id, kind, line.place - 1, user),
                off=line.place == 1,
            )  # fmt: skip
            act(
                "down", "down",
                lambda: editing.move(house, name, draft.id, kind, line.place + 1, user),
                off=line.place == places,
            )  # fmt: skip
    if len(line.tactics) > 1:
        _swap(studio, user, name, draft, line, reason)


def _swap(
    studio: Studio, user: User, name: str, draft: Draft, line: editing.ModuleLine, reason: str
) -> None:
    known = tactic_names()
    chosen = st.selectbox(
        text("blocks.tactic"),
        line.tactics,
        format_func=lambda item: known[item].name if item in known else item,
        key=f"tactic-{draft.id}-{draft.hash}-{line.kind}",
        disabled=bool(reason),
    )
    if chosen != line.tactics[0]:
        with shown_errors():
            editing.swap(studio.house, name, draft.id, line.kind, chosen, user)
            say(text("blocks.changed"))
            st.rerun()
