"""Rules that are set aside for a time: which, by whom and why; setting aside and restoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from contracts.decision import User
from contracts.verdict import Suppression
from interface.web.names import sentence, user_names
from interface.web.parts import Markup, escape, plain, table
from interface.web.session import Studio, say, shown_errors
from interface.web.texts import text
from workflow.house_rules import restore_rule, set_aside, set_aside_rules
from workflow.people import why_not
from workflow.screening_choices import known_rules

__all__ = ["set_aside_rows", "show_set_aside"]

_WIDTHS = (24, 34, 14, 14, 14)
_DAYS = 90  # suggested; a year at most


def show_set_aside(studio: Studio, user: User) -> None:
    st.html(f'<p class="mw-quiet">{escape(text("screening.aside_lead"))}</p>')
    entries = set_aside_rules(studio.house)
    if entries:
        head = [text(f"screening.{name}") for name in ("rule", "reason", "by", "until", "mail")]
        rows = set_aside_rows(entries, user_names(studio.house), studio.house.today)
        st.html(table(head, rows, _WIDTHS))
    else:
        st.html(f"<p>{escape(text('screening.aside_none'))}</p>")
    refusal = why_not(user, "set_aside_rule")
    if refusal:
        st.caption(plain(sentence(refusal)))
        return
    _setting(studio, user)
    if entries:
        _restoring(studio, user, entries)


def set_aside_rows(
    entries: Sequence[Suppression], names: Mapping[str, str], today: date
) -> list[tuple[object, ...]]:
    return [
        (
            Markup(f'<code class="mw-rule">{escape(entry.rule)}</code>'),
            entry.reason,
            names.get(entry.by, entry.by),
            entry.until.isoformat()
            if entry.until >= today
            else text("screening.aside_past", date=entry.until.isoformat()),
            entry.mail or text("screening.every_mail"),
        )
        for entry in entries
    ]


def _setting(studio: Studio, user: User) -> None:
    today = studio.house.today
    with st.form("set-aside", border=True):
        st.markdown(f"#### {text('screening.aside_head')}")
        rule = st.selectbox(
            text("screening.rule"),
            known_rules(),
            index=None,
            placeholder=text("screening.choose_rule"),
            help=text("screening.rule_help"),
            key="aside-rule",
        )
        reason = st.text_input(text("screening.reason"), max_chars=300, key="aside-reason")
        until = st.date_input(
            text("screening.until"),
            today + timedelta(days=_DAYS),
            min_value=today,
            max_value=today + timedelta(days=366),
            format="YYYY-MM-DD",
            key="aside-until",
        )
        mail = st.text_input(
            text("screening.only_campaign"), help=text("screening.campaign_help"), key="aside-mail"
        )
        sent = st.form_submit_button(text("screening.aside_button"), key="aside-button")
    if not sent:
        return
    if not rule or not (reason or "").strip() or not isinstance(until, date):
        st.error(text("screening.aside_incomplete"))
        return
    with shown_errors():
        set_aside(studio.house, user, rule, reason=reason, until=until, mail=(mail or "").strip())
        say(text("screening.aside_done", rule=rule, until=until.isoformat()))
        st.rerun()


def _restoring(studio: Studio, user: User, entries: Sequence[Suppression]) -> None:
    with st.form("restore-rule", border=True):
        st.markdown(f"#### {text('screening.restore_head')}")
        entry = st.selectbox(
            text("screening.rule"),
            list(entries),
            format_func=lambda item: f"{item.rule} \N{MIDDLE DOT} {item.mail}".rstrip(
                " \N{MIDDLE DOT}"
            ),
            key="restore-rule-choice",
        )
        sent = st.form_submit_button(text("screening.restore_button"), key="restore-rule-button")
    if sent and entry is not None:
        with shown_errors():
            restore_rule(studio.house, user, entry.rule, entry.mail)
            say(text("screening.restored", rule=entry.rule))
            st.rerun()
