"""Law of the Americas: a lawful mail of each place passes, and each thing left out or added is
found by its own rule. Names and addresses are invented."""

from __future__ import annotations

import re

import pytest
from law_samples import AMERICAS, rules_of

from contracts.verdict import Severity
from evaluation import load_packs

PACKS = load_packs()


@pytest.mark.parametrize("code", AMERICAS)
def test_a_lawful_mail_is_not_blocked(code: str) -> None:
    assert not rules_of(AMERICAS[code], code, Severity.BLOCK)


def _without(code: str) -> list[tuple[str, str, str]]:
    sample = AMERICAS[code]
    return [(code, line, rule) for rule, line in sample.needed.items()]


@pytest.mark.parametrize(
    ("code", "line", "rule"), [row for code in AMERICAS for row in _without(code)]
)
def test_what_is_left_out_is_found(code: str, line: str, rule: str) -> None:
    broken = AMERICAS[code].without(line)
    assert rule in rules_of(broken, code)


ADDED = [
    ("US", "To unsubscribe, log in to your account first.", "us.unsubscribe_terms"),
    ("US", "Unsubscribing costs a fee of $5.", "us.unsubscribe_terms"),
    ("US", "We act on every unsubscribe request within 30 days.", "us.unsubscribe_time"),
    ("US", "Unsubscribe here. This link is valid for 7 days.", "us.unsubscribe_time"),
    ("US", "This email is not an advertisement.", "us.pretence"),
    ("CA", "Your removal takes up to 6 weeks.", "ca.unsubscribe_terms"),
    ("CA", "The unsubscribe link works for 30 days.", "ca.unsubscribe_terms"),
    ("BR", "O descadastro é feito em até 15 dias úteis.", "br.unsubscribe_terms"),
    ("BR", "Para se descadastrar, faça login com sua senha.", "br.unsubscribe_terms"),
]


@pytest.mark.parametrize(("code", "line", "rule"), ADDED)
def test_what_makes_refusing_hard_is_found(code: str, line: str, rule: str) -> None:
    assert rule in rules_of(AMERICAS[code].with_line(line), code, Severity.BLOCK)


def test_the_law_s_own_times_are_allowed() -> None:
    mail = AMERICAS["US"].with_line(
        "The unsubscribe link works for 60 days. Unsubscribe requests take effect within "
        "10 business days."
    )
    assert not rules_of(mail, "US", Severity.BLOCK)


SUBJECTS = [
    ("US", "Re: your bearings", "us.fake_reply"),
    ("US-CA", "Fwd: your bearings", "us_ca.fake_reply"),
    ("US-WA", "Re: your bearings", "us_wa.fake_reply"),
    ("CA", "Re: your bearings", "ca.fake_reply"),
    ("US", "Invoice #20231", "us.pretence"),
    ("US-WA", "Your account has been suspended", "us_wa.pretence"),
    ("US-CA", "Final notice", "us_ca.pretence"),
    ("CA", "Your parcel is waiting", "ca.pretence"),
    ("BR", "Boleto vencido", "br.pretence"),
    ("US", "Last chance: ends today", "us.urgent_subject"),
    ("US-WA", "Hurry, today only", "us_wa.urgent_subject"),
]


@pytest.mark.parametrize(("code", "subject", "rule"), SUBJECTS)
def test_a_subject_that_deceives_is_found(code: str, subject: str, rule: str) -> None:
    assert rule in rules_of(AMERICAS[code].titled(subject), code)


def test_consent_takes_the_advertising_notice_away_and_nothing_else() -> None:
    bare = AMERICAS["US"].without("us.advert_notice")
    assert "us.advert_notice" in rules_of(bare, "US", Severity.BLOCK)
    agreed = bare.with_line("You agreed to receive our letters on 3 May 2026.")
    assert not rules_of(agreed, "US", Severity.BLOCK)


def test_quebec_wants_french() -> None:
    assert "ca_qc.language" in rules_of(AMERICAS["CA"], "CA-QC", Severity.BLOCK)
    assert "ca_qc.language" not in rules_of(AMERICAS["CA-QC"], "CA-QC")


def _found(name: str, text: str) -> bool:
    patterns = getattr(PACKS.identity["americas"], name)
    return any(re.search(pattern, text) for pattern in patterns)


@pytest.mark.parametrize(
    "text",
    [
        "Suite 200\n410 Canal Street\nPortland, ME 04101-1234",
        "One Market Plaza, Floor 12, San Francisco, California 94105",
        "1600 Avenue of the Americas, New York, NY 10019",
        "2001 W Highway 61, Winona, MN 55987",
        "P.O. Box 5, 12 Main St, Salem, OR 97301",
        "1250, boul. René-Lévesque Ouest, bureau 2200, Montréal (Québec) H3B 4W8",
        "200 King Street West, Suite 400, Toronto, ON M5H 3T4",
        "Rodovia BR-101, km 12, Serra/ES, 29160-000",
        "SCS Quadra 2, Bloco C, nº 22, Brasília - DF, 70302-000",
        "Av. Paseo de la Reforma 222, Col. Juárez, C.P. 06600, Ciudad de México",
        "Insurgentes Sur 1602, Col. Crédito Constructor, 03940 CDMX",
    ],
)
def test_a_street_with_its_town_is_an_address(text: str) -> None:
    assert _found("address", text)


@pytest.mark.parametrize(
    "text",
    [
        "Portland, ME 04101",
        "© 2026 Harbor Gauge Inc., Portland, ME 04101",
        "P.O. Box 12, Portland, ME 04101",
        "Suite 200, Portland",
        "410 Canal Street",
        "Toronto, ON M5H 3T4",
        "São Paulo - SP, 01310-100",
        "Caixa Postal 120, Joinville 89201-000",
        "Col. Juárez, 06600 CDMX",
        "In 2025 the plant on Wharf Road saved 41 hours.",
    ],
)
def test_a_town_a_code_or_a_box_is_no_street_address(text: str) -> None:
    assert not _found("address", text)


@pytest.mark.parametrize("text", ["P.O. Box 12, Portland, ME 04101", "Apartado Postal 12"])
def test_a_box_is_known_as_one(text: str) -> None:
    assert _found("po_box", text)
