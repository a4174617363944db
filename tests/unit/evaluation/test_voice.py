"""A brand's voice, checked as findings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from contracts.mail import Module, ModuleKind
from contracts.verdict import Severity
from contracts.voice import AddressWords, Voice
from evaluation.voice import judge_voice

VOICE = Voice.model_validate(
    {
        "name": "korvane",
        "languages": {
            "de": {
                "forbid": ["innovativ"],
                "prefer": {"Stillstand": ["Downtime"]},
                "sentence_max": 12,
                "address": "formal",
            },
            "zh-Hans": {"forbid": ["赋能"], "sentence_max": 20},
        },
    }
)
WORDS = AddressWords(formal=(r"\bIhnen\b", r"\bSie\b"), familiar=(r"\b[Dd]u\b", r"\b[Dd]ein\w*\b"))


def rules(text: str, language: str = "de", kind: ModuleKind = ModuleKind.OPENER) -> list[str]:
    found = judge_voice([Module(kind, text)], VOICE, language, WORDS)
    assert all(item.severity is Severity.WARN for item in found)
    return [item.rule for item in found]


@pytest.mark.parametrize(
    "text, rule",
    [
        ("Das ist innovativ.", "voice.forbidden_word"),
        ("Weniger Downtime im Werk.", "voice.preferred_word"),
        ("Was kostet dein Stillstand?", "voice.form_of_address"),
        ("Sehen Sie selbst 🚀", "voice.emoji"),
        ("Sehen Sie selbst!", "voice.exclamation_marks"),
        (
            "Wenn ein Lager nachts ausfällt, steht am Morgen die Linie, und keiner weiß warum.",
            "voice.long_sentence",
        ),
    ],
)
def test_each_rule_is_found_where_it_is_broken(text: str, rule: str) -> None:
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    ["Ein Stillstand kostet Zeit.", "Was kostet Sie ein Stillstand?", "Innovationen gibt es."],
)
def test_what_keeps_to_the_voice_gives_nothing(text: str) -> None:
    assert rules(text) == []


def test_the_place_is_the_word() -> None:
    (found,) = judge_voice([Module(ModuleKind.PROBLEM, "Sehr innovativ.")], VOICE, "de")
    assert found.place.part == "module:problem"
    assert found.place.span is not None
    assert found.place.span.of("Sehr innovativ.") == "innovativ"


def test_a_region_keeps_to_its_language_and_another_language_is_free() -> None:
    assert rules("Das ist innovativ.", "de-AT") == ["voice.forbidden_word"]
    assert rules("C’est innovativ.", "fr") == []


def test_chinese_is_counted_in_characters() -> None:
    assert rules("数字化平台赋能企业。", "zh-Hans") == ["voice.forbidden_word"]
    assert rules(
        "设备一停，整条生产线都得停下来等，谁也说不清究竟是哪个零件先坏的。", "zh-Hans"
    ) == ["voice.long_sentence"]


def test_greeting_and_signature_are_not_read() -> None:
    assert rules("Innovativ Grüße!", kind=ModuleKind.SIGN_OFF) == []


def test_a_word_without_letters_is_refused() -> None:
    with pytest.raises(ValidationError, match="no word"):
        Voice.model_validate({"name": "x", "languages": {"de": {"forbid": ["!"]}}})
