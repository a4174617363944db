"""A brand's voice, held against a mail of which nothing else is known."""

from __future__ import annotations

from fitness_samples import HEAD, look, rules

from contracts.mail import Module, ModuleKind
from contracts.voice import AddressWords, Voice
from evaluation.voice import judge_mail_voice

VOICE = Voice.model_validate(
    {
        "name": "korvane",
        "emoji": "subject",
        "exclamation_marks": 1,
        "languages": {
            "en": {
                "forbid": ["synergy"],
                "prefer": {"standstill": ["downtime"]},
                "sentence_max": 10,
                "address": "formal",
            }
        },
    }
)
WORDS = AddressWords(familiar=(r"\bhey\b",))
LONG = "When a bearing fails at night the line stands still until morning comes."


def test_the_subject_and_what_is_shown_are_read() -> None:
    html = f"{HEAD}<p>hey Dana, synergy!</p><p>Less downtime! 🚀</p><p>{LONG}</p>"
    one = look(html, "synergy", subject="Synergy 🚀", voice=VOICE, address=WORDS)
    found = list(judge_mail_voice(one))
    assert [(item.place.part, item.rule) for item in found] == [
        ("subject", "voice.forbidden_word"),
        ("html", "voice.forbidden_word"),
        ("html", "voice.preferred_word"),
        ("html", "voice.emoji"),
        ("html", "voice.exclamation_marks"),
        ("html", "voice.long_sentence"),
        ("html", "voice.form_of_address"),
    ]
    assert {item.source for item in found} == {"Voice of the brand: korvane"}
    spans = [item.place.span.of(one.view.visible) for item in found[1:4] if item.place.span]
    assert spans == ["synergy", "downtime", "🚀"]


def test_lines_that_are_no_sentences_are_not_counted() -> None:
    address = "Harbor Gauge Inc., 410 Canal Street, Portland, ME 04101, United States of America"
    assert list(judge_mail_voice(look(text=f"Words.\n\n{address}", voice=VOICE))) == []


def test_a_text_part_is_read_where_there_is_no_page() -> None:
    assert rules(judge_mail_voice(look(text="Pure synergy.", voice=VOICE))) == ["forbidden_word"]


def test_modules_are_read_where_a_mail_has_them() -> None:
    modules = (Module(ModuleKind.PROOF, "Less downtime."), Module(ModuleKind.FOOTER, "synergy"))
    one = look(f"{HEAD}<p>synergy", voice=VOICE, modules=modules)
    (finding,) = judge_mail_voice(one)
    assert finding.place.part == "module:proof"


def test_without_a_voice_nothing_is_said_and_another_language_is_free() -> None:
    assert list(judge_mail_voice(look(text="synergy"))) == []
    assert list(judge_mail_voice(look(text="synergy", language="fr", voice=VOICE))) == []


def test_findings_are_worded_in_the_language_that_is_asked_for() -> None:
    (finding,) = judge_mail_voice(look(text="Pure synergy.", voice=VOICE, say="zh-Hans"))
    assert finding.message == "不应使用“synergy”。"
