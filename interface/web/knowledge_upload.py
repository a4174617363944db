"""Adding cases on the knowledge page: files and addresses, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from contracts.decision import User
from interface.web.knowledge_adding import (
    SIDECAR,
    Upload,
    WhatCame,
    add_address,
    add_files,
    safe_name,
)
from interface.web.knowledge_fields import lacks_fields, show_missing
from interface.web.knowledge_search import forget_hits
from interface.web.names import sentence
from interface.web.parts import escape, plain, table
from interface.web.session import Studio
from interface.web.texts import text
from workflow.intake import read_suffixes, reading_limits
from workflow.knowledge import list_cases
from workflow.people import why_not

if TYPE_CHECKING:
    from workflow.intake import Refusal

__all__ = ["SizeLimits", "safe_name", "show_adding", "size_limits"]

_CAME = "what-came"  # of the last files or address, until the next
_MEGABYTE = 1_000_000


def show_adding(studio: Studio, user: User) -> None:
    """Files, an address, what came of the last of them, and what those cases still lack."""
    refusal = why_not(user, "manage_cases")
    st.html(f'<p class="mw-quiet">{text("knowledge.add_lead")}</p>')
    files = _files(bool(refusal))
    address = _address(bool(refusal))
    if refusal:
        st.caption(plain(sentence(refusal)))
    if files and not refusal:
        _keep(add_files(studio, user, files))
    if address and not refusal:
        _keep(add_address(studio, user, address))
    came: WhatCame | None = st.session_state.get(_CAME)
    if came is not None:
        _show(came)
        if came.done is not None:
            _missing(studio, user, came.done.case_ids)


def _files(disabled: bool) -> Sequence[Upload]:
    """The files that were sent in this run."""
    limits = size_limits()
    with st.form("upload", clear_on_submit=True, border=True):
        files = st.file_uploader(
            text("knowledge.upload"),
            type=[suffix.lstrip(".") for suffix in (*read_suffixes(), SIDECAR)],
            accept_multiple_files=True,
            max_upload_size=limits.all_mb,
            key="case-files",
            disabled=disabled,
        )
        kinds = ", ".join(suffix.lstrip(".") for suffix in read_suffixes())
        st.caption(f"{text('knowledge.upload_help', kinds=kinds)} {limits.words}")
        sent = st.form_submit_button(
            text("knowledge.upload_button"), key="upload-button", disabled=disabled
        )
    if sent and not files and not disabled:
        st.error(text("knowledge.choose_file"))
    return files if sent else ()


def _address(disabled: bool) -> str:
    """The address that was sent in this run."""
    with st.form("address", clear_on_submit=True, border=True):
        address = st.text_input(
            text("knowledge.address"),
            placeholder=text("knowledge.address_hint"),
            key="case-address",
            disabled=disabled,
        )
        st.caption(text("knowledge.address_help"))
        sent = st.form_submit_button(
            text("knowledge.address_button"), key="address-button", disabled=disabled
        )
    address = (address or "").strip()
    if sent and not address and not disabled:
        st.error(text("knowledge.give_address"))
    return address if sent else ""


def _keep(came: WhatCame) -> None:
    """The page is made anew with the cases that came."""
    st.session_state[_CAME] = came
    forget_hits()
    st.rerun()


def _show(came: WhatCame) -> None:
    st.markdown(f"#### {text('knowledge.last_added')}")
    if came.error:
        st.error(text("knowledge.nothing_added"), icon=":material/error:")
        st.html(f"<p>{escape(sentence(came.error))}</p>")  # Markdown would make links in it
    if came.done is not None:
        counts = text(
            "knowledge.added",
            added=came.done.added,
            replaced=came.done.replaced,
            unchanged=came.done.unchanged,
            passages=came.done.passages,
        )
        st.success(plain(counts), icon=":material/check:")
    if came.refusals:
        st.warning(text("knowledge.refused", count=len(came.refusals)), icon=":material/block:")
        head = [text(f"knowledge.refused_{name}") for name in ("file", "line", "why")]
        st.html(table(head, _refused(came.refusals), (32, 13, 55)))


def _refused(refusals: Sequence[Refusal]) -> list[tuple[object, ...]]:
    return [
        (item.path, item.line or text("knowledge.whole_file"), item.reason) for item in refusals
    ]


def _missing(studio: Studio, user: User, case_ids: Sequence[str]) -> None:
    """One after the other: the next stands there once the first is complete."""
    there = {case.id: case for case in list_cases(studio.house)}
    lacking = {i: there[i] for i in case_ids if i in there and lacks_fields(there[i])}
    if not lacking:
        return
    st.markdown(f"#### {text('knowledge.missing')}")
    chosen = st.selectbox(
        text("knowledge.missing_case"),
        list(lacking),
        format_func=lambda case_id: f"{lacking[case_id].title} \N{MIDDLE DOT} {case_id}",
        key="missing-case",
    )
    if chosen is not None:
        show_missing(studio, user, lacking[chosen], "added")


class SizeLimits:
    """How large an uploaded file may be, in megabytes: what its kind is read up to, and no
    more than the studio was started to take."""

    def __init__(self, server_mb: int) -> None:
        limits = reading_limits()
        self.all_mb = min(server_mb, limits.document // _MEGABYTE)
        self.html_mb = min(server_mb, limits.html // _MEGABYTE)
        self.text_mb = min(server_mb, limits.text // _MEGABYTE)

    @property
    def words(self) -> str:
        if self.text_mb == self.all_mb:
            return text("knowledge.upload_limit", all=self.all_mb)
        return text(
            "knowledge.upload_limits", all=self.all_mb, html=self.html_mb, text=self.text_mb
        )


def size_limits() -> SizeLimits:
    return SizeLimits(int(st.get_option("server.maxUploadSize")))
