"""The queue: counts, what is held and why, and the people who may let it go.

Contacts are shown by id and domain, to everybody: an address is nothing that a decision
about an envelope needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from contracts.decision import User
from contracts.delivery import Envelope, EnvelopeState
from interface.web.frame import heading
from interface.web.names import sentence
from interface.web.parts import ProgressBar, escape, plain, show_figures, table
from interface.web.session import Studio, say, show_messages, shown_errors
from interface.web.texts import term, text
from workflow.campaign import campaign_names
from workflow.people import why_not
from workflow.sending import (
    hold,
    queue_campaign,
    queue_counts,
    queue_list,
    release,
    resolve,
    work_queue,
)

__all__ = ["domain_of", "show_queue"]

SHOWN = 50  # envelopes of a list


def show_queue(studio: Studio, user: User) -> None:
    heading("queue")
    names = campaign_names(studio.house)
    if not names:
        st.info(text("queue.nothing_drafted"), icon=":material/inbox:")
        return
    everything = text("queue.all")
    choice = st.selectbox(
        text("queue.campaign"),
        [*names, everything] if len(names) == 1 else [everything, *names],
        key="queue-campaign",
    )
    name = None if choice == everything else choice
    _counts(studio, name)
    _work(studio, user, name)
    _held(studio, user, name)
    _due(studio, user, name)


def _counts(studio: Studio, name: str | None) -> None:
    counts = queue_counts(studio.house, name)
    show_figures({term("state", state.value): counts.get(state, 0) for state in EnvelopeState})


def _work(studio: Studio, user: User, name: str | None) -> None:
    no_queue = why_not(user, "enqueue") or ("" if name else text("queue.choose_one"))
    no_work = why_not(user, "work_queue")
    due = queue_counts(studio.house, name).get(EnvelopeState.DUE, 0) > 0
    with st.container(horizontal=True):
        queueing = _button("queue", no_queue, main=not due)
        working = _button("work", no_work, main=due)
    reasons = dict.fromkeys(why for why in (no_queue, no_work) if why)
    st.caption(" ".join(plain(sentence(why)) for why in reasons) if reasons else _where(studio))
    show_messages()
    if queueing and name is not None:
        with shown_errors():
            done = queue_campaign(studio.house, name, user)
            say(text("queue.queued", queued=done.queued, already=done.already))
            if done.left_out:
                counts = ", ".join(
                    f"{term('reason', reason)} {count}" for reason, count in done.left_out.items()
                )
                say(text("queue.left_out", counts=counts))
            st.rerun()
    if working:
        with shown_errors(), ProgressBar(text("queue.working")):
            report = work_queue(studio.house, actor=user)
            say(
                text(
                    "queue.worked",
                    sent=report.sent,
                    held=report.held,
                    dropped=report.dropped,
                    deferred=report.deferred,
                    failed=report.failed,
                )
            )
            if report.stopped:
                say(text("queue.stopped", why=report.stopped))
            st.rerun()


def _button(name: str, why: str, *, main: bool = False) -> bool:
    return st.button(
        text(f"queue.{name}_button"),
        key=f"{name}-button",
        type="primary" if main and not why else "secondary",
        disabled=bool(why),
        help=plain(why) or None,
    )


def _where(studio: Studio) -> str:
    if studio.house.settings.transport == "maildir":
        return plain(text("queue.maildir", folder=studio.house.workspace.maildir))
    return plain(text("queue.smtp", host=studio.house.settings.smtp_host))


def domain_of(envelope: Envelope) -> str:
    """The part of the address that names no person."""
    return envelope.address.rpartition("@")[2]


def _held(studio: Studio, user: User, name: str | None) -> None:
    st.subheader(text("queue.held"), anchor=False)
    held = queue_list(studio.house, name, EnvelopeState.HELD, SHOWN)
    if not held:
        st.html(f'<p class="mw-quiet">{escape(text("queue.nothing_held"))}</p>')
        return
    _list(held)
    chosen = _choose(held, "held-envelope")
    no_release, no_resolve = why_not(user, "release_queue"), why_not(user, "resolve_queue")
    outcomes = [EnvelopeState.SENT, EnvelopeState.DUE, EnvelopeState.DROPPED]
    outcome = st.radio(
        text("queue.outcome"),
        outcomes,
        format_func=lambda state: text(f"queue.outcome_{state.value}"),
        horizontal=True,
        key="outcome",
        disabled=bool(no_resolve),
    )
    with st.container(horizontal=True):
        releasing = _button("release", no_release)
        resolving = _button("resolve", no_resolve)
    reasons = dict.fromkeys(why for why in (no_release, no_resolve) if why)
    if reasons:
        st.caption(" ".join(plain(sentence(why)) for why in reasons))
    if releasing:
        with shown_errors():
            _tell(release(studio.house, chosen.id, user), "queue.released")
    if resolving:
        with shown_errors():
            _tell(resolve(studio.house, chosen.id, user, outcome), "queue.resolved")


def _due(studio: Studio, user: User, name: str | None) -> None:
    st.subheader(text("queue.due"), anchor=False)
    due = queue_list(studio.house, name, EnvelopeState.DUE, SHOWN)
    if not due:
        st.html(f'<p class="mw-quiet">{escape(text("queue.nothing_due"))}</p>')
        return
    _list(due)
    chosen = _choose(due, "due-envelope")
    no_hold = why_not(user, "hold_queue")
    why = st.text_input(text("queue.hold_why"), key="hold-why", disabled=bool(no_hold))
    if _button("hold", no_hold):
        with shown_errors():
            _tell(hold(studio.house, chosen.id, user, why or ""), "queue.held_done")


def _tell(done: bool, message: str) -> None:
    """Say what became of it, on the page as it stands after that."""
    if done:
        say(text(message))
        st.rerun()
    st.warning(text("queue.not_done"))


def _list(envelopes: Sequence[Envelope]) -> None:
    head = [text(f"queue.{name}") for name in ("envelope", "contact", "domain", "due_at", "reason")]
    rows = [
        (
            item.id,
            item.contact_id,
            domain_of(item),
            f"{item.due_at:%Y-%m-%d %H:%M} UTC",
            item.reason,
        )
        for item in envelopes
    ]
    st.html(table(head, rows, (22, 28, 18, 14, 18)))
    if len(envelopes) == SHOWN:
        st.caption(text("queue.first", count=SHOWN))


def _choose(envelopes: Sequence[Envelope], key: str) -> Envelope:
    by_id = {item.id: item for item in envelopes}
    chosen = st.selectbox(
        text("queue.choose"),
        list(by_id),
        format_func=lambda item: f"{item} \N{MIDDLE DOT} {domain_of(by_id[item])}",
        key=key,
    )
    return by_id[chosen]
