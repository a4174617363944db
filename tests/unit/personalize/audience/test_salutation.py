"""How people are greeted, by what their record says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from audience_samples import a_contact

from contracts.audience import Salutation
from personalize import language_book, languages
from personalize.audience import greeting_values

MS, MR = Salutation.MS, Salutation.MR


def greeted(language: str, style: str = "expert", **known: Any) -> str:
    """The sentence of the language's folder with its places filled."""
    found = greeting_values(a_contact(**known), language)
    sentence = str(language_book(language).greetings(style)[found.choices["greeting"]])
    places = re.findall(r"\[\[(\w+)\]\]", sentence)
    assert set(places) <= set(found.values), sentence
    for name, value in found.values.items():
        sentence = sentence.replace(f"[[{name}]]", value)
    return sentence


@pytest.mark.parametrize(
    "known, sentence",
    [
        ({"salutation": MS, "last_name": "Huber", "first_name": "Anna"}, "Guten Tag Frau Huber,"),
        (
            {"salutation": MS, "last_name": "Huber", "title": "Dr. rer. nat."},
            "Guten Tag Frau Dr. Huber,",
        ),
        (
            {"salutation": MR, "last_name": "von der Heide", "title": "Prof. Dr.-Ing."},
            "Guten Tag Herr Professor von der Heide,",
        ),
        (
            {"salutation": MS, "last_name": "Schöttle", "title": "Dipl.-Ing."},
            "Guten Tag Frau Schöttle,",
        ),
        ({"first_name": "Robin", "last_name": "Tarrow"}, "Guten Tag Robin Tarrow,"),
        (
            {"first_name": "Robin", "last_name": "Tarrow", "title": "Dr."},
            "Guten Tag Dr. Robin Tarrow,",
        ),
        ({"last_name": "Tarrow"}, "Guten Tag,"),
        ({"first_name": "Robin"}, "Guten Tag,"),
        ({}, "Guten Tag,"),
    ],
)
def test_german(known: dict[str, Any], sentence: str) -> None:
    assert greeted("de", "friendly", **known) == sentence


def test_a_formal_letter_greets_formally() -> None:
    assert greeted("de", "formal", salutation=MS, last_name="Huber") == "Sehr geehrte Frau Huber,"
    assert greeted("de", "formal") == "Sehr geehrte Damen und Herren,"


@pytest.mark.parametrize(
    "known, key, values",
    [
        (
            {"salutation": MS, "first_name": "Ann", "last_name": "Lee"},
            "first_name",
            {"first_name": "Ann"},
        ),
        ({"salutation": MS, "last_name": "Lee"}, "ms", {"last_name": "Lee"}),
        ({"salutation": MR, "last_name": "Lee"}, "mr", {"last_name": "Lee"}),
        (
            {"salutation": MR, "last_name": "Lee", "title": "Dr."},
            "mr_title",
            {"academic_title": "Dr.", "last_name": "Lee"},
        ),
        ({"last_name": "Lee"}, "none", {}),
        ({"first_name": "敏", "last_name": "周"}, "first_name", {"first_name": "周敏"}),
    ],
)
def test_english(known: dict[str, Any], key: str, values: dict[str, str]) -> None:
    found = greeting_values(a_contact(**known), "en")
    assert (found.choices, found.values) == ({"greeting": key}, values)


@pytest.mark.parametrize(
    "known, sentence",
    [
        ({"salutation": MR, "last_name": "王", "first_name": "建国", "title": "经理"}, "王经理："),
        ({"salutation": MR, "last_name": "欧阳", "job_title": "生产总监"}, "欧阳总监："),
        ({"salutation": MS, "last_name": "周", "job_title": "质量部经理"}, "周经理："),
        ({"last_name": "陈", "title": "Dr."}, "陈博士："),
        ({"salutation": MS, "last_name": "马", "first_name": "婷"}, "马女士："),
        ({"salutation": MR, "last_name": "Lin", "first_name": "Jianhua"}, "Lin先生："),
        ({"last_name": "张", "first_name": "伟"}, "尊敬的张伟："),
        ({"last_name": "Zhang", "first_name": "Wei"}, "尊敬的Zhang Wei："),
        ({}, "尊敬的先生/女士："),
    ],
)
def test_chinese(known: dict[str, Any], sentence: str) -> None:
    assert greeted("zh-Hans", **known) == sentence


@pytest.mark.parametrize("language", [*languages(), "xx"])
def test_every_record_has_a_key_of_the_closed_set_and_no_empty_value(language: str) -> None:
    known = language_book(language).greetings("expert") if language != "xx" else {"none": ""}
    for salutation in Salutation:
        for first in ("", "Anna", "敏"):
            for last in ("", "Huber", "周"):
                for title in ("", "Dr.", "经理", "Dipl.-Ing.", "部長", "과장"):
                    contact = a_contact(
                        salutation=salutation, first_name=first, last_name=last, title=title
                    )
                    found = greeting_values(contact, language)
                    assert found.choices["greeting"] in known
                    assert all(value.strip() for value in found.values.values())
                    if salutation is Salutation.UNKNOWN:
                        assert found.choices["greeting"][:2] not in ("ms", "mr")


@pytest.mark.parametrize("language", languages())
def test_every_place_of_a_greeting_is_filled_by_its_rule(language: str) -> None:
    rules = language_book(language).greeting_rules
    for style in ("expert", "formal", "friendly", "direct"):
        sentences = language_book(language).greetings(style)
        for rule in rules.rules:
            places = set(re.findall(r"\[\[(\w+)\]\]", sentences[rule.key]))
            assert places <= set(rule.values), (style, rule.key)


@pytest.mark.parametrize(
    "known, sentence",
    [
        ({"last_name": "김", "first_name": "민수"}, "김민수님, 안녕하십니까."),
        ({"last_name": "김", "first_name": "민수", "job_title": "구매부장"}, "김 부장님"),
        ({"last_name": "Kim", "first_name": "Minsu"}, "Kim Minsu님, 안녕하십니까."),
        ({"company": "한빛기계"}, "한빛기계 담당자님, 안녕하십니까."),
    ],
)
def test_korean(known: dict[str, Any], sentence: str) -> None:
    assert greeted("ko", "formal", **known).startswith(sentence)


def test_a_latin_name_has_the_order_that_is_usual_where_it_is_read() -> None:
    """In Taiwan an English name is said as such; on the mainland Latin names are mostly pinyin."""
    known = {"first_name": "Kevin", "last_name": "Chen"}
    assert "Kevin Chen" in greeted("zh-Hant", "formal", **known)
    assert "Chen Kevin" in greeted("zh-Hans", "formal", **known)
