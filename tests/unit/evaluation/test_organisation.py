"""What an organisation decides of rules, and that a certificate never says more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from evaluation_samples import NOW, message

from contracts.verdict import Ruled, Screening, Severity, Suppression, Verdict
from evaluation import MailView, ScreeningContext, load_packs, screen

PACKS = load_packs()
_UNLABELLED = message("CN", subject="更早发现轴承磨损")


def screened(**decided: object) -> Screening:
    context = replace(ScreeningContext(("CN",), now=NOW), **decided)
    return screen(MailView.from_bytes(_UNLABELLED), context, PACKS, "launch.eml")


def severity_of(screening: Screening, rule: str) -> Severity:
    return next(item.severity for item in screening.findings if item.rule == rule)


def test_a_severity_of_the_organisations_own_holds() -> None:
    screening = screened(severities={"cn.subject_label": Severity.WARN})
    assert severity_of(screening, "cn.subject_label") is Severity.WARN
    assert screening.jurisdictions["CN"] is not Verdict.BLOCK


def test_what_is_set_aside_stays_as_a_note_that_names_who_why_and_until_when() -> None:
    entry = Suppression("cn.subject_label", "answer to a request", "u_mei", date(2026, 12, 31))
    screening = screened(suppressions=(entry,))
    found = next(item for item in screening.findings if item.rule == "cn.subject_label")
    assert found.severity is Severity.NOTE
    assert {"u_mei", "2026-12-31", "answer to a request"} <= set_of_words(found.message)
    ruling = next(item for item in screening.certificate if item.rule == "cn.subject_label")
    assert ruling.verdict is Ruled.NOTE
    assert "u_mei" in ruling.why


def set_of_words(text: str) -> set[str]:
    return {part for part in ("u_mei", "2026-12-31", "answer to a request") if part in text}


def test_a_day_that_is_past_and_another_mail_set_nothing_aside() -> None:
    past = Suppression("cn.subject_label", "…", "u_mei", date(2026, 11, 21))
    other = Suppression("cn.subject_label", "…", "u_mei", date(2026, 12, 31), mail="autumn")
    family = Suppression("cn.*", "…", "u_mei", date(2026, 12, 31))
    assert severity_of(screened(suppressions=(past,)), "cn.subject_label") is Severity.BLOCK
    assert severity_of(screened(suppressions=(other,)), "cn.subject_label") is Severity.BLOCK
    assert severity_of(screened(suppressions=(family,)), "cn.subject_label") is Severity.NOTE


def test_a_certificate_has_a_line_for_every_rule_and_the_words_it_rests_on() -> None:
    raw = message("DE")
    context = ScreeningContext(("DE",), now=NOW)
    screening = screen(MailView.from_bytes(raw), context, PACKS, "x")
    rules = {item.rule for item in screening.certificate if item.jurisdiction == "DE"}
    assert rules == {"de.consent", *(check.id for check in PACKS.checks_for("DE"))}
    consent = next(item for item in screening.certificate if item.rule == "de.consent")
    assert consent.verdict is Ruled.NOT_JUDGED
    address = next(item for item in screening.certificate if item.rule == "de.postal_address")
    assert address.verdict is Ruled.MET
    assert "22113 H" in address.evidence
    again = screen(MailView.from_bytes(raw), context, PACKS, "x")
    assert again.certificate == screening.certificate


def test_findings_are_worded_in_the_language_asked_for() -> None:
    screening = screened(say="zh-Hans")
    found = next(item for item in screening.findings if item.rule == "cn.subject_label")
    assert any("\u4e00" <= char <= "\u9fff" for char in found.remedy + found.message)
