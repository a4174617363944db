"""In which language a contact is written to, and why."""

from __future__ import annotations

import pytest
from audience_samples import a_contact

from personalize.audience import campaign_language, decide_language

OFFERED = ("en", "de", "zh-Hans")
MESSAGE = "Danke für das Gespräch am Stand. Bitte melden Sie sich nach unserer Revision."


@pytest.mark.parametrize(
    "field, wrote, country, fallback, language, reason",
    [
        ("deutsch", "Please send me the price list today", "CN", "en", "de", "own field: deutsch"),
        ("Klingon", MESSAGE, "CN", "en", "de", "text they wrote (0.99)"),
        ("", "ok", "DE", "en", "de", "country DE"),
        ("", "", "CN", "en", "zh-Hans", "country CN"),
        ("", "", "CH", "de", "de", "country CH, of its languages the fallback"),
        ("", "", "CH", "en", "en", "fallback"),
        ("", "", "CH", "", "", ""),
        ("", "", "", "en", "en", "fallback"),
        ("", "", "", "", "", ""),
    ],
)
def test_the_first_that_tells_decides(
    field: str, wrote: str, country: str, fallback: str, language: str, reason: str
) -> None:
    decision = decide_language(field, wrote, country, OFFERED, fallback)
    assert (decision.language, decision.reason) == (language, reason)
    assert (decision.confidence == 0.0) == (language == "")


def test_a_short_message_does_not_decide() -> None:
    assert decide_language("", "Merci", "DE", OFFERED, "en").reason == "country DE"


def test_a_language_without_text_is_kept_not_switched() -> None:
    decision = decide_language("français", "", "FR", OFFERED, "en")
    assert (decision.language, decision.offered) == ("fr", False)
    assert decide_language("de", "", "", OFFERED, "en").offered


def test_a_campaign_uses_what_is_on_record_and_the_fallback_only_for_the_rest() -> None:
    known = a_contact(language="fr", language_reason="own field: fr", country="DE")
    assert campaign_language(known, OFFERED, "en").language == "fr"
    assert not campaign_language(known, OFFERED, "en").offered
    assert campaign_language(known, OFFERED, "en").reason == "own field: fr"
    unknown = campaign_language(a_contact(), OFFERED, "en")
    assert (unknown.language, unknown.reason) == ("en", "fallback")
    assert campaign_language(a_contact(), OFFERED, "").language == ""
    assert campaign_language(a_contact(country="SG"), OFFERED, "en").reason.startswith("country SG")
