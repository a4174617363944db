"""One screened mail: findings by severity, certificates, what was not judged, spam score."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from contracts.verdict import Finding, Ruled, Ruling, Screening, Severity, Verdict
from interface.web.parts import Markup, badge, escape, table
from interface.web.screening_files import ScreenedMail
from interface.web.screening_places import law_of, part_name
from interface.web.texts import term, text

__all__ = ["certificate_rows", "quoted_rows", "show_mail", "verdict_badges"]

_FINDING_WIDTHS = (17, 25, 22, 20, 16)
_RULING_WIDTHS = (17, 12, 28, 23, 20)
_QUOTE = "margin:.2rem 0 0;padding-inline-start:.6rem;border-inline-start:3px solid #d9dfe7"
_TONES = {Ruled.MET: "good", Ruled.BLOCK: "bad", Ruled.WARN: "warn"}


def show_mail(mail: ScreenedMail, places: Sequence[str]) -> None:
    """Everything that was found of a mail."""
    item = mail.screening
    st.html(
        f'<h4 class="mw-mail"><bdi>{escape(mail.name)}</bdi> '
        f"{badge(item.verdict.value, 'severity')}</h4>{verdict_badges(item, places)}"
    )
    found, certified, unseen = st.tabs(
        [text(f"screening.tab_{name}") for name in ("findings", "certificate", "limits")]
    )
    with found:
        _findings(mail, places)
    with certified:
        _certificates(item, places)
    with unseen:
        _spam(item)
        _not_judged(item)


def verdict_badges(item: Screening, places: Sequence[str]) -> Markup:
    """The verdict of each law, one beside the other."""
    each = "".join(
        f"<span>{escape(law_of(code, places))}&nbsp;{badge(verdict.value, 'severity')}</span> "
        for code, verdict in item.jurisdictions.items()
    )
    return Markup(f'<div class="mw-title" style="font-size:.9rem">{each}</div>' if each else "")


def _findings(mail: ScreenedMail, places: Sequence[str]) -> None:
    if not mail.screening.findings:
        st.html(f'<p class="mw-quiet">{escape(text("findings.none"))}</p>')
        return
    head = [text(f"screening.{name}") for name in ("rule", "place", "message")]
    head += [text("findings.remedy"), text("findings.source")]
    for severity in Severity:
        rows = quoted_rows(
            [(found, words) for found, words in mail.quoted if found.severity is severity], places
        )
        if rows:
            name = text(f"screening.found_{severity.value}", count=len(rows))
            with st.expander(name, expanded=severity is not Severity.NOTE):
                st.html(table(head, rows, _FINDING_WIDTHS))


def quoted_rows(
    quoted: Sequence[tuple[Finding, str]], places: Sequence[str]
) -> list[tuple[object, ...]]:
    """A row for each finding: rule with law, place with the words there, what, remedy, source."""
    return [
        (
            _rule(finding.rule, law_of(finding.jurisdiction, places)),
            Markup(f"{escape(part_name(finding.place))}{_quotation(words)}"),
            finding.message,
            finding.remedy,
            _source(finding.source, finding.verified),
        )
        for finding, words in quoted
    ]


def _certificates(item: Screening, places: Sequence[str]) -> None:
    st.caption(text("screening.certificate_lead"))
    laws = list(dict.fromkeys(ruling.jurisdiction for ruling in item.certificate))
    if not laws:
        st.html(f'<p class="mw-quiet">{escape(text("screening.no_certificate"))}</p>')
    head = [text(f"screening.{name}") for name in ("rule", "verdict", "evidence", "why")]
    head.append(text("findings.source"))
    for law in laws:
        rulings = [ruling for ruling in item.certificate if ruling.jurisdiction == law]
        met = sum(ruling.verdict is Ruled.MET for ruling in rulings)
        verdict = item.jurisdictions.get(law, Verdict.PASS).value
        name = text(
            "screening.certificate_of",
            law=law_of(law, places),
            verdict=term("severity", verdict),
            met=met,
            count=len(rulings),
        )
        with st.expander(name):
            st.html(table(head, certificate_rows(rulings), _RULING_WIDTHS))


def certificate_rows(rulings: Sequence[Ruling]) -> list[tuple[object, ...]]:
    """A row for each rule of a place: its verdict, the words it rests on, why, its source."""
    return [
        (
            _rule(ruling.rule),
            _ruled(ruling.verdict),
            Markup(
                (escape(part_name(ruling.place)) if ruling.place else "")
                + _quotation(ruling.evidence)
            ),
            ruling.why,
            _source(ruling.source, ruling.verified),
        )
        for ruling in rulings
    ]


def _spam(item: Screening) -> None:
    score = text("findings.spam", score=f"{item.spam_score / 1000:.2f}")
    messages = {finding.rule: finding.message for finding in item.findings}
    reasons = "".join(
        f"<li>{escape(messages.get(why, ''))} {_rule(why)}</li>" for why in item.spam_reasons
    )
    because = text("screening.spam_because" if reasons else "screening.spam_no_reason")
    st.html(f"<b>{escape(score)}</b><p>{escape(because)}</p><ul>{reasons}</ul>")


def _not_judged(item: Screening) -> None:
    if item.not_judged:
        lines = "".join(
            f"<li>{escape(line.partition(': ')[2] or line)}</li>" for line in item.not_judged
        )
        st.html(f"<b>{escape(text('screening.not_judged'))}</b><ul>{lines}</ul>")
    packs = ", ".join(f"{name} {version}" for name, version in item.packs.items())
    with st.expander(text("screening.packs")):
        st.html(f'<p class="mw-quiet">{escape(packs)}</p>')


def _rule(rule: str, law: str = "") -> Markup:
    below = f'<div class="mw-quiet">{escape(law)}</div>' if law else ""
    name = escape(rule).replace("_", "_<wbr>").replace(".", ".<wbr>")  # where it may break
    return Markup(f'<code class="mw-rule">{name}</code>{below}')


def _source(source: str, verified: bool) -> Markup:
    checked = text("findings.verified_yes" if verified else "findings.verified_no")
    return Markup(f'{escape(source)}<div class="mw-quiet">{escape(checked)}</div>')


def _quotation(words: str) -> Markup:
    """Words of a mail. Their direction is their own and ends with them."""
    return Markup(
        f'<blockquote dir="auto" style="{_QUOTE}">{escape(words)}</blockquote>' if words else ""
    )


def _ruled(verdict: Ruled) -> Markup:
    tone = _TONES.get(verdict, "calm")
    return Markup(f'<span class="mw-badge mw-{tone}">{escape(term("ruled", verdict.value))}</span>')
