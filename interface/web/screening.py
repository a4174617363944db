"""The page for mails from anyone: upload, choose where they go, see what is wrong and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from contracts.decision import User
from contracts.verdict import Severity
from interface.web.frame import heading
from interface.web.names import sentence
from interface.web.parts import Markup, badge, escape, plain, table
from interface.web.screening_files import (
    KINDS,
    MOST_FILES,
    MOST_MB,
    Results,
    ScreenedMail,
    UploadedMail,
    screen_uploads,
)
from interface.web.screening_places import place_name
from interface.web.screening_result import show_mail, verdict_badges
from interface.web.screening_rules import show_set_aside
from interface.web.session import Studio, show_messages, shown_errors
from interface.web.texts import term, text
from workflow.people import why_not
from workflow.screening_choices import screened_places

__all__ = ["show_screening"]

_RESULTS = "screened-mails"  # of the last upload, until the next
_SAY = ("en", "zh-Hans")


def show_screening(studio: Studio, user: User) -> None:
    heading("screening")
    show_messages()
    mails, rules = st.tabs([text("screening.tab_mails"), text("screening.tab_rules")])
    with mails:
        _mails(studio, user)
    with rules:
        show_set_aside(studio, user)


def _mails(studio: Studio, user: User) -> None:
    refusal = why_not(user, "screen")
    _form(studio, refusal)
    if refusal:
        st.caption(plain(sentence(refusal)))
        return
    results: Results | None = st.session_state.get(_RESULTS)
    if results is not None:
        _show(results)


def _form(studio: Studio, refusal: str) -> None:
    """Files and places; what was sent is screened at once."""
    disabled = bool(refusal)
    largest = min(MOST_MB, int(st.get_option("server.maxUploadSize")))
    with st.form("screen-mails", border=True):
        files: Sequence[UploadedMail] | None = st.file_uploader(
            text("screening.upload"),
            type=[kind.lstrip(".") for kind in KINDS],
            accept_multiple_files=True,
            max_upload_size=largest,
            key="mail-files",
            disabled=disabled,
        )
        st.caption(text("screening.upload_help", most=largest, count=MOST_FILES))
        places = st.multiselect(
            text("screening.places"),
            screened_places(),
            format_func=place_name,
            placeholder=text("screening.places_hint"),
            help=text("screening.places_help"),
            key="mail-places",
            disabled=disabled,
        )
        language = st.selectbox(
            text("screening.say"),
            _SAY,
            format_func=lambda code: term("language", code),
            key="mail-say",
            disabled=disabled,
        )
        sent = st.form_submit_button(
            text("screening.button"), key="screen-mails-button", type="primary", disabled=disabled
        )
    if not sent or disabled:
        return
    st.session_state.pop(_RESULTS, None)
    if not files:
        st.error(text("screening.choose_file"))
        return
    with shown_errors(), st.spinner(text("screening.working")):
        say = "" if language == "en" else str(language)
        st.session_state[_RESULTS] = screen_uploads(studio.house, files, places, say)


def _show(results: Results) -> None:
    if results.refused:
        st.warning(text("screening.refused", count=len(results.refused)), icon=":material/block:")
        head = [text("screening.file"), text("screening.why")]
        refused = [(item.name, item.why) for item in results.refused]
        st.html(table(head, refused, (35, 65)))
    if not results.mails:
        return
    if not results.places:
        st.info(text("screening.no_places"), icon=":material/public:")
    if len(results.mails) > 1:
        names = ("file", "verdict", "by_law", "counts", "spam")
        head = [text(f"screening.{name}") for name in names]
        rows = [_row(mail, results.places) for mail in results.mails]
        st.html(table(head, rows, (24, 10, 38, 18, 10)))
    _downloads(results)
    chosen = 0
    if len(results.mails) > 1:
        chosen = st.selectbox(
            text("screening.choose_mail"),
            range(len(results.mails)),
            format_func=lambda index: results.mails[index].name,
            key="mail-shown",
        )
    show_mail(results.mails[chosen or 0], results.places)


def _row(mail: ScreenedMail, places: Sequence[str]) -> tuple[object, ...]:
    found = [finding.severity for finding in mail.screening.findings]
    counts = " \N{MIDDLE DOT} ".join(
        text(f"screening.count_{severity.value}", count=found.count(severity))
        for severity in Severity
        if severity in found
    )
    return (
        Markup(f"<bdi>{escape(mail.name)}</bdi>"),
        badge(mail.screening.verdict.value, "severity"),
        verdict_badges(mail.screening, places),
        counts,
        f"{mail.screening.spam_score / 1000:.2f}",
    )


def _downloads(results: Results) -> None:
    with st.container(horizontal=True, gap="small"):
        for kind, item in results.downloads.items():
            st.download_button(
                text(f"screening.download_{kind}"),
                item.data,
                item.name,
                item.mime,
                key=f"download-{kind}",
                icon=":material/download:",
                on_click="ignore",
            )
