"""Who a campaign writes to, and who it leaves out for what reason: counts, never persons."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from contracts.audience import LeftOut
from contracts.brief import Brief
from interface.web.names import law_name
from interface.web.parts import plain, show_figures, table
from interface.web.texts import term, text
from workflow.audience import Audience, Group
from workflow.campaign import arms_of, left_out_counts
from workflow.house import House

__all__ = ["left_out_rows", "show_audience"]


def show_audience(house: House, brief: Brief, audience: Audience, *, drafted: bool) -> None:
    """Recipients by segment, language and law, with the arms a group can bear; folded away
    once there are drafts to look at."""
    st.subheader(text("campaign.audience"), anchor=False)
    recipients = sum(len(group.contacts) for group in audience.groups)
    show_figures(
        {
            text("campaign.recipients"): recipients,
            text("campaign.left_out"): len(audience.left_out),
            text("campaign.groups"): len(audience.groups),
        }
    )
    if not recipients and not audience.left_out:
        st.info(plain(text("campaign.no_contacts")))
        return
    if audience.groups:
        heading = text("campaign.groups_heading", count=len(audience.groups))
        with st.expander(heading, expanded=not drafted):
            head = [
                text(f"campaign.{name}")
                for name in ("segment", "language", "recipients", "profiles", "arms")
            ]
            st.html(table(head, [_row(brief, group) for group in audience.groups]))
    else:
        st.warning(text("campaign.nobody"))
    if audience.left_out:
        heading = text("campaign.left_out_heading", count=len(audience.left_out))
        with st.expander(heading, expanded=not audience.groups):
            head = [text(f"campaign.{name}") for name in ("reason", "detail", "contacts")]
            st.html(table(head, left_out_rows(audience.left_out), (35, 50, 15)))
    _without_evidence(house, brief)


def _row(brief: Brief, group: Group) -> tuple[object, ...]:
    laws = ", ".join(f"{law_name(code)} {len(ids)}" for code, ids in group.profiles.items())
    arms = arms_of(brief, len(group.contacts), brief.experiment.max_variants).arms
    return (group.segment, term("language", group.language), len(group.contacts), laws, arms)


def left_out_rows(left_out: tuple[LeftOut, ...]) -> list[tuple[object, ...]]:
    """Reason, detail and count, the most frequent first."""
    counts = Counter((entry.reason, entry.detail) for entry in left_out)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(term("reason", reason), detail, count) for (reason, detail), count in ordered]


def _without_evidence(house: House, brief: Brief) -> None:
    """Whom only drafting could tell: no case fits their segment."""
    count = left_out_counts(house, brief.name).get("no_passage", 0)
    if count:
        st.warning(plain(text("campaign.no_evidence", count=count)))
