"""What the law wants said is recognised in each language, and not in the letter above it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from evaluation_samples import NOW, page

from evaluation import MailView, ScreeningContext, load_packs, screen

FOOTERS: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "footer_languages.yaml").read_text(encoding="utf-8")
)
LETTERS = yaml.safe_load(
    (Path(__file__).parent / "grounding_languages.yaml").read_text(encoding="utf-8")
)
PACKS = load_packs()
WORDING = ("advert_notice", "reason", "privacy", "objection", "unsubscribe", "representative")
WORDING += ("registration", "vat")
FACTS = ("legal_forms", "address", "po_box")


def _says(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _letter(language: str) -> str:
    return "\n".join(LETTERS[language]["plain"])


@pytest.mark.parametrize("language", FOOTERS)
@pytest.mark.parametrize("sign", WORDING)
def test_a_line_of_the_footer_says_what_it_says(language: str, sign: str) -> None:
    signs = PACKS.signs[language]
    assert signs.found(sign, FOOTERS[language][sign])
    assert not signs.found(sign, _letter(language))


@pytest.mark.parametrize("language", FOOTERS)
@pytest.mark.parametrize("fact", FACTS)
def test_names_and_addresses_are_recognised(language: str, fact: str) -> None:
    patterns = getattr(PACKS.signs[language], fact)
    assert _says(patterns, FOOTERS[language][fact])
    assert not _says(patterns, _letter(language))
    if fact == "po_box":
        assert not _says(patterns, FOOTERS[language]["address"])


@pytest.mark.parametrize("language", FOOTERS)
def test_urgency_is_in_the_urgent_subject_alone(language: str) -> None:
    urgency = PACKS.signs[language].urgency
    assert _says(urgency, FOOTERS[language]["urgent"])
    assert not _says(urgency, FOOTERS[language]["calm"])


def _screened(language: str, leave_out: str = "") -> set[str]:
    footer = [
        line
        for sign, line in FOOTERS[language].items()
        if sign not in ("po_box", "urgent", "calm", "spam", leave_out)
    ]
    body = _letter(language) + "\n\n" + "\n".join([*footer, "info@pegel.example"])
    view = MailView.from_parts(
        subject=FOOTERS[language]["calm"], text=body, html=page(body, language)
    )
    context = ScreeningContext(("DE",), language=language, now=NOW)
    return {item.rule for item in screen(view, context, PACKS, "x").findings}


@pytest.mark.parametrize("language", FOOTERS)
def test_a_lone_mail_is_read_by_its_language(language: str) -> None:
    whole = _screened(language)
    assert not {rule for rule in whole if rule.startswith("fidelity.")}
    for sign in ("objection", "address", "privacy"):
        assert _screened(language, sign) - whole, sign


@pytest.mark.parametrize("language", FOOTERS)
def test_phrases_of_junk_mail_score_and_a_letter_does_not(language: str) -> None:
    def score(subject: str) -> int:
        view = MailView.from_parts(subject=subject, text=_letter(language))
        return screen(view, ScreeningContext(language=language, now=NOW), PACKS, "x").spam_score

    assert score(FOOTERS[language]["spam"]) > score(FOOTERS[language]["calm"])
