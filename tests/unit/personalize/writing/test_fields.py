from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import brief, edition, variant

from contracts.brief import local_text
from contracts.delivery import MergeValues
from contracts.errors import BadInput
from contracts.mail import Edition, Module, ModuleKind
from delivery import MergeRefused, fill, open_values
from personalize.writing.fields import FIELDS, joined_fallbacks, open_fields

LINK = {"unsubscribe_url": "https://mail.example.com/u/abc"}
ASK = 'What would {{ company | fallback("your company") }} gain?'


def opened_mail(text: str = ASK) -> Edition:
    return edition(variant("en", Module(ModuleKind.OPENER, text)))


def read(mail: Edition, **values: str) -> str:
    key = next(key for key, said in mail.choices["greeting"].items() if "[[" not in said)
    choices = {"greeting": key, "reason": "express"}
    return fill(mail, MergeValues(choices, values), LINK).text


def test_a_field_becomes_a_place_and_keeps_its_fallback() -> None:
    opened = open_fields(ASK, "en")
    assert opened.text == "What would [[company]] gain?"
    assert opened.fallbacks == {"company": "your company"}


def test_a_text_without_fields_stays_as_it_is() -> None:
    for text in ("", "100 % of it, {really}", "[[greeting]]\n\nx", "a | b"):
        assert open_fields(text, "en").text == text


@pytest.mark.parametrize(
    "text, says",
    [
        ("{{ phone | fallback('x') }}", "phone"),
        ("{{ company }}", "company"),
        ("{{ company | upper | fallback('x') }}", "fallback"),
        ("{{ company | fallback('x') | upper }}", "fallback"),
        ("{{ company | default('x') }}", "fallback"),
        ("{{ company.name | fallback('x') }}", "fallback"),
        ("{{ company() | fallback('x') }}", "fallback"),
        ("{{ company | fallback(first_name) }}", "company"),
        ("{{ company | fallback('') }}", "company"),
        ("{{ company | fallback('  ') }}", "company"),
        ("{{ company | fallback(3) }}", "company"),
        ("{{ company | fallback('a', 'b') }}", "company"),
        ("{{ company | fallback(otherwise='a') }}", "company"),
        ("{{ company | fallback('[[last_name]]') }}", "company"),
        ("{{ company | fallback('a\\nb') }}", "company"),
        ("{{ company | fallback('\u202eevil') }}", "company"),
        ("{{ company ~ 'x' }}", "fallback"),
        ("{{ ''.__class__ }}", "fallback"),
        ("{% for x in y %}{{ x }}{% endfor %}", "instructions"),
        ("{% set company = 1 %}", "instructions"),
        ("{# hidden #}", "comments"),
        ("{{ company | fallback('x')", "properly"),
        ("{{", "properly"),
        ("left over }}", ""),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str, says: str) -> None:
    if not says:  # nothing opens here: the marks are text, and stay text
        assert open_fields(text, "en").text == text
        return
    with pytest.raises(BadInput) as refused:
        open_fields(text, "en")
    assert says in str(refused.value)


def test_two_fallbacks_for_one_field_are_refused() -> None:
    twice = "{{ company | fallback('a') }} and {{ company | fallback('b') }}"
    with pytest.raises(BadInput, match="two fallbacks"):
        open_fields(twice, "en")
    texts = [open_fields(f"{{{{ company | fallback('{word}') }}}}", "en") for word in "ab"]
    with pytest.raises(BadInput, match="two fallbacks"):
        joined_fallbacks(texts)
    assert joined_fallbacks([texts[0], texts[0]]) == {"company": "a"}


def test_a_mail_with_two_fallbacks_for_one_field_is_not_built() -> None:
    other = Module(ModuleKind.PS, "P.S. {{ company | fallback('you') }}")
    with pytest.raises(BadInput, match="two fallbacks"):
        edition(variant("en", Module(ModuleKind.OPENER, ASK), other))


def test_the_fallback_travels_with_the_mail_and_stands_where_nothing_is_known() -> None:
    mail = opened_mail()
    assert mail.fallbacks == {"company": "your company"}
    assert "company" in mail.fields
    assert "What would your company gain?" in read(mail)
    assert "What would your company gain?" in read(mail, company="  ")
    assert "What would Brauhaus gain?" in read(mail, company="Brauhaus")


def test_a_place_that_a_writer_opened_already_takes_the_fallback_of_the_brief() -> None:
    given_brief = brief(offer={"en": ASK})
    mail = edition(
        variant("en", Module(ModuleKind.OPENER, "What would [[company]] gain?")),
        brief=given_brief,
    )
    assert local_text(given_brief.offer, "en") == ASK
    assert mail.fallbacks == {"company": "your company"}
    assert "your company" in read(mail)


def test_another_fallback_is_another_mail() -> None:
    assert opened_mail().id != opened_mail(ASK.replace("your company", "you")).id


def test_only_what_the_mail_asks_for_is_taken_from_a_record() -> None:
    known = {"company": " Brauhaus ", "last_name": "Weiß", "job_title": ""}
    assert open_values(opened_mail(), known) == {"company": "Brauhaus"}
    assert open_values(edition(), known) == {}
    assert open_values(opened_mail(), {"company": ""}) == {}


@pytest.mark.parametrize("value", ["[[x]]", "a\nb", "\u202ea", "a\x00"])
def test_what_no_mail_may_carry_gives_way_to_the_fallback(value: str) -> None:
    mail = opened_mail()
    assert "your company" in read(mail, **open_values(mail, {"company": value}))
    with pytest.raises(MergeRefused):
        read(mail, company=value)


@given(st.text(max_size=40), st.sampled_from(FIELDS))
def test_whatever_a_record_holds_is_text_and_nothing_else(value: str, name: str) -> None:
    mail = opened_mail(f"Before {{{{ {name} | fallback('you') }}}} after.")
    values = open_values(mail, {name: value})
    key = next(key for key, said in mail.choices["greeting"].items() if "[[" not in said)
    filled = fill(mail, MergeValues({"greeting": key, "reason": "express"}, values), LINK)

    shown = values.get(name, "you")
    assert f"Before {shown} after." in filled.text
    assert "[[" not in filled.html + filled.text
    found = re.search(r"Before ([^<>]*?) after\.", filled.html)
    assert found is not None
    assert html.unescape(found[1]) == shown


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_text_of_an_author_is_ever_run(text: str) -> None:
    try:
        opened = open_fields(text, "en")
    except BadInput:
        return
    assert set(re.findall(r"\[\[(\w+)\]\]", opened.text)) <= {
        *FIELDS,
        *re.findall(r"\[\[(\w+)\]\]", text),
    }
