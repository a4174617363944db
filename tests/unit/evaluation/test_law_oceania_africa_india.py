"""Law of Australia, New Zealand, South Africa and India: a lawful mail of each passes, and each
thing left out or added is found by its own rule. Names and addresses are invented."""

from __future__ import annotations

import re

import pytest
from law_samples import SOUTH, rules_of

from contracts.verdict import Severity
from evaluation import load_packs

PACKS = load_packs()
LINES = [(code, rule) for code, sample in SOUTH.items() for rule in sample.needed]


@pytest.mark.parametrize("code", SOUTH)
def test_a_lawful_mail_is_not_blocked(code: str) -> None:
    assert not rules_of(SOUTH[code], code, Severity.BLOCK)


@pytest.mark.parametrize(("code", "rule"), LINES)
def test_what_is_left_out_is_found(code: str, rule: str) -> None:
    assert rule in rules_of(SOUTH[code].without(rule), code)


ADDED = [
    ("AU", "To unsubscribe, sign in with your password.", "au.unsubscribe_terms"),
    ("AU", "The unsubscribe link is valid for 14 days.", "au.unsubscribe_terms"),
    ("AU", "Your removal takes up to 21 days.", "au.unsubscribe_time"),
    ("NZ", "A fee of $10 applies to unsubscribe.", "nz.unsubscribe_terms"),
    ("NZ", "Unsubscribe requests take effect after 3 weeks.", "nz.unsubscribe_time"),
    ("ZA", "To opt out, please pay R50.", "za.unsubscribe_terms"),
    ("ZA", "We act on opt-outs within 10 working days.", "za.unsubscribe_time"),
    ("ZA", "This is not an advertisement.", "za.pretence"),
]


@pytest.mark.parametrize(("code", "line", "rule"), ADDED)
def test_what_makes_refusing_hard_is_found(code: str, line: str, rule: str) -> None:
    assert rule in rules_of(SOUTH[code].with_line(line), code, Severity.BLOCK)


@pytest.mark.parametrize(
    ("code", "subject", "rule"),
    [
        ("AU", "Re: your bearings", "au.fake_reply"),
        ("AU", "ATO: notice of assessment", "au.pretence"),
        ("NZ", "Inland Revenue notice", "nz.pretence"),
        ("ZA", "SARS refund pending", "za.pretence"),
        ("IN", "Fwd: your bearings", "in.fake_reply"),
        ("NZ", "Only 3 left", "nz.urgent_subject"),
    ],
)
def test_a_subject_that_deceives_is_found(code: str, subject: str, rule: str) -> None:
    assert rule in rules_of(SOUTH[code].titled(subject), code)


def test_south_africa_wants_a_street() -> None:
    boxed = SOUTH["ZA"].without("za.postal_address").with_line("PO Box 1234, Cape Town, 8001")
    assert "za.postal_address" in rules_of(boxed, "ZA", Severity.BLOCK)


def test_what_is_not_yet_due_in_india_only_warns() -> None:
    bare = SOUTH["IN"].without("in.unsubscribe").without("in.privacy")
    assert not rules_of(bare, "IN", Severity.BLOCK)


def _found(name: str, text: str) -> bool:
    patterns = getattr(PACKS.identity["oceania_africa_india"], name)
    return any(re.search(pattern, text) for pattern in patterns)


@pytest.mark.parametrize(
    "text",
    [
        "Level 5, 120 Collins Street, Melbourne VIC 3000",
        "7 Wharf Rd\nNewcastle, New South Wales, 2300",
        "Level 2, 45 Lambton Quay\nWellington 6011\nNew Zealand",
        "2nd Floor, 90 Rivonia Road, Sandton, Johannesburg, 2196",
        "Langstraat 14, Stellenbosch, 7600",
        "Plot No. 12, Sector 44, Gurugram, Haryana - 122003",
        "#45/2, 2nd Main, Indiranagar, Bengaluru – 560038, India",
        "14, एम.जी. रोड, बेंगलुरु 560001",
    ],
)
def test_a_street_with_its_town_is_an_address(text: str) -> None:
    assert _found("address", text)


@pytest.mark.parametrize(
    "text",
    [
        "© 2026 Gauge Works Pty Ltd, Melbourne VIC 3000",
        "GPO Box 44, Sydney NSW 2001",
        "Auckland 1010, New Zealand",
        "Posbus 14, Stellenbosch 7599",
        "Cape Town, 8001",
        "Pegel India Pvt. Ltd., Mumbai - 400051",
        "We read 12 machines on Main Street. Join us in March 2026",
        "the trial in Bengaluru, call +91 98450 12345",
    ],
)
def test_a_town_a_code_or_a_box_is_no_street_address(text: str) -> None:
    assert not _found("address", text)
