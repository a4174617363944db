"""What screening found, as a table a person can act on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from contracts.verdict import Finding, Screening
from interface.web.parts.markup import Markup, badge, escape, table
from interface.web.texts import term, text

__all__ = ["finding_rows", "show_findings", "show_limits", "show_verdict"]

_WIDTHS = (8, 15, 11, 25, 23, 18)


def finding_rows(findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    """Rows for the table, what blocks first."""
    return [_row(finding) for finding in sorted(findings, key=lambda item: item.severity.rank)]


def show_findings(screening: Screening, heading: str) -> None:
    """One mail's findings below its heading, verdict and spam score."""
    spam = text("findings.spam", score=f"{screening.spam_score / 1000:.2f}")
    st.html(
        f'<h4 class="mw-mail">{escape(heading)} {badge(screening.verdict.value, "severity")} '
        f'<span class="mw-quiet">{escape(spam)}</span></h4>'
    )
    if screening.findings:
        head = [
            text(f"findings.{name}")
            for name in ("severity", "rule", "place", "message", "remedy", "source")
        ]
        st.html(table(head, finding_rows(screening.findings), _WIDTHS))
    else:
        st.html(f'<p class="mw-quiet">{escape(text("findings.none"))}</p>')


def show_limits(screenings: Sequence[Screening]) -> None:
    """What no screening of these mails could judge, and by which rules they were judged."""
    not_judged = dict.fromkeys(item for one in screenings for item in one.not_judged)
    packs = sorted({pack for one in screenings for pack in one.packs.items()})
    lines = []
    if not_judged:
        lines.append(text("findings.not_judged", items="; ".join(not_judged)))
    if packs:
        named = ", ".join(f"{name} {version}" for name, version in packs)
        lines.append(text("findings.packs", packs=named))
    st.html(f'<p class="mw-quiet">{"<br>".join(escape(line) for line in lines)}</p>')


def show_verdict(screenings: Sequence[Screening]) -> Markup:
    """The worst of several verdicts as a label."""
    order = ("block", "warn", "pass")
    found = {screening.verdict.value for screening in screenings}
    return badge(next(name for name in order if name in found), "severity")


def _row(finding: Finding) -> tuple[object, ...]:
    law = term("country", finding.jurisdiction) if finding.jurisdiction else ""
    rule = Markup(
        f'<code class="mw-rule">{escape(finding.rule)}</code>'
        f'<div class="mw-quiet">{escape(law or text("findings.everywhere"))}</div>'
    )
    checked = text("findings.verified_yes" if finding.verified else "findings.verified_no")
    source = Markup(f'{escape(finding.source)}<div class="mw-quiet">{escape(checked)}</div>')
    place = finding.place.part
    if finding.place.span is not None:
        place += f" {finding.place.span.start}\N{EN DASH}{finding.place.span.end}"
    return (
        badge(finding.severity.value, "severity"),
        rule,
        place,
        finding.message,
        finding.remedy,
        source,
    )
