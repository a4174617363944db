from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from writing_samples import BRIEF, LABELLED, PROFILE, SENDER, make_case, make_task

from contracts.mail import Edition, LegalProfile, ModuleKind, Variant
from personalize import MERGE_FIELDS, Composer, build_edition, language_book
from variants import generate

LANGUAGES = ("en", "de", "zh-Hans")
BASE = "https://mail.probe.example/u/"


def variant(language: str) -> Variant:
    return generate(Composer().write(make_task(language, make_case(language))))[0]


def edition(language: str) -> Edition:
    return build_edition(variant(language), PROFILE, SENDER, BASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_and_text_say_the_same_words(language: str) -> None:
    made = edition(language)
    soup = BeautifulSoup(made.html, "html.parser")
    for hidden in soup.select("title, style, [style*='display:none']"):
        hidden.decompose()
    visible = "".join(soup.get_text().split())
    for module in variant(language).modules:
        if module.kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER):
            continue
        for line in module.text.split("\n"):
            assert "".join(line.split()) in visible
            assert line.strip() in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_declared_and_nothing_is_loaded_from_elsewhere(language: str) -> None:
    made = edition(language)
    soup = BeautifulSoup(made.html, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == language
    assert not soup.select("link, script, img, iframe")
    assert "url(" not in made.html
    assert "@import" not in made.html
    assert len(made.html.encode()) < 102_000


def test_the_label_stands_in_front_of_the_subject() -> None:
    made = build_edition(variant("zh-Hans"), LABELLED, SENDER, BASE)
    assert made.subject.startswith("广告 ")
    assert len(made.subject) <= 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_places_are_known_and_choices_are_closed(language: str) -> None:
    made = edition(language)
    places = set(re.findall(r"\[\[([a-z_]+)\]\]", made.html + made.text))
    assert places <= MERGE_FIELDS
    assert places == {"greeting", "reason", "unsubscribe_url"}
    assert set(made.choices["greeting"]) == set(language_book(language).greetings("expert"))


def test_any_change_is_another_edition() -> None:
    one = variant("en")
    made = build_edition(one, PROFILE, SENDER, BASE)
    other = build_edition(
        one, PROFILE, SENDER.model_copy(update={"phone": "+49 40 66969 101"}), BASE
    )
    assert made.id == build_edition(one, PROFILE, SENDER, BASE).id
    assert made.id != other.id
    assert made.id != build_edition(one, PROFILE, SENDER, "https://other.example/u/").id


def test_html_in_a_brief_is_text() -> None:
    brief = BRIEF.model_copy(
        update={"offer": {**BRIEF.offer, "en": "<script>alert(1)</script> & more"}}
    )
    draft = Composer().write(make_task("en", make_case("en"), brief=brief))
    made = build_edition(generate(draft)[0], PROFILE, SENDER, BASE)
    assert "<script>" not in made.html
    assert "&lt;script&gt;" in made.html


def test_a_sender_without_a_register_entry_gets_no_empty_line() -> None:
    sender = SENDER.model_copy(update={"registration": "", "vat_id": ""})
    profile = LegalProfile("X", (), {}, ("identity", "registration", "vat"), ())
    made = build_edition(variant("de"), profile, sender, BASE)
    assert "Handelsregister" not in made.text
    assert "USt-IdNr" not in made.text
