"""Merge fields: what stands in for a missing value, and what values nobody thought of do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fitness_samples import look, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.mail import Edition
from contracts.verdict import Finding, Severity
from evaluation import load_packs
from evaluation.fitness.fields import template_fields
from evaluation.fitness.personalisation import judge_personalisation
from evaluation.fitness.samples import judge_samples


@pytest.mark.parametrize(
    ("text", "provided"),
    [
        ("Hi {{first_name}},", False),
        ("Hi {{{ first_name }}},", False),
        ("Hi {{ contact.firstname }},", False),
        ("Hi {{ first_name | capitalize }},", False),
        ("Hi {{ first_name | default: 'there' }},", True),
        ('Hi {{ first_name|default("there") }},', True),
        ("Hi {{lead.First Name:default=friend}},", True),
        ("Hi {{ first_name or 'there' }},", True),
        ('Hi {{default first_name "there"}},', True),
        ("{{#if first_name}}Hi {{first_name}},{{else}}Hi,{{/if}}", True),
        ("{% if person.first_name %}Hi {{ person.first_name }}{% endif %}", True),
        ("Hi *|FNAME|*,", False),
        ("Hi *|FNAME:friend|*,", True),
        ("*|IF:FNAME|*Hi *|FNAME|*,*|ELSE:|*Hi,*|END:IF|*", True),
        ("Hi %%FirstName%%,", False),
        ("Hi ${first_name},", False),
        ('Hi ${first_name!"there"},', True),
        ("Hi ${first_name:-there},", True),
        ("Hi [[first_name]],", False),
        ("Hi {!Contact.FirstName},", False),
        ("Hi {$name|default:'there'},", True),
        ("Hi %FIRSTNAME%,", False),
        ("Hallo {vorname},", False),
        ("您好 {{姓名}}，", False),
    ],
)
def test_every_way_of_writing_a_field_is_read(text: str, provided: bool) -> None:
    (finding,) = judge_personalisation(look(text=text))
    assert finding.rule == f"personalisation.{'fields' if provided else 'no_fallback'}"
    assert finding.severity is (Severity.NOTE if provided else Severity.WARN)
    assert finding.place.span is not None


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{product_name}}",
        "{{unsubscribe_url}} *|UNSUB|* *|LIST:COMPANY|*",
        "{{ invoice_id }} {{ attachment_name }} ${order.total}",
        "Prices from 20% to 30% and {curly} words, f(x) = {x}",
        "https://h.io/%E4%BD%A0%E5%A5%BD",
        "100%% sure, 50%% done",
    ],
)
def test_what_is_not_of_a_person_needs_nothing(text: str) -> None:
    assert list(judge_personalisation(look(text=text))) == []


def test_a_message_and_a_campaign_are_no_templates() -> None:
    assert list(judge_personalisation(look(text="Hi {{name}}", headers={"From": "a@b.io"}))) == []
    assert list(judge_personalisation(look(text="Hi {{name}}", in_campaign=True))) == []


def test_fields_are_told_once_and_at_their_first_place() -> None:
    one = look("<p>Hi {{name}}, {{name}} of {{company}}</p>", "Hi {{name}}", subject="{{name}}, hi")
    (finding,) = judge_personalisation(one)
    assert finding.place.part == "subject"
    assert "{{name}}, {{company}}." in finding.message
    assert 'default: "…"' in finding.remedy


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="{}[]%$|*<>=!#/ named:'\"\n", max_size=200))
def test_any_text_has_fields_or_none(text: str) -> None:
    for field in template_fields(text):
        assert field.span.of(text) == field.raw


def test_hostile_text_is_read_in_time() -> None:
    for text in ("{{" * 50_000, "*|" * 50_000, "%%a" * 50_000, "{{" + "a|" * 50_000, "${" * 50_000):
        assert list(template_fields(text)) is not None


PACK = load_packs().topics["personalisation"]


def edition(
    subject: str = "Worn bearings",
    text: str = "Hello,\nwords",
    html: str = "<p>Hello</p>",
    *,
    fields: tuple[str, ...] = ("first_name", "last_name", "company", "unsubscribe_url"),
    fallbacks: Mapping[str, str] | None = None,
    **changes: Any,
) -> Edition:
    given: dict[str, Any] = {
        "variant_id": "v", "campaign": "c", "segment": "s", "language": "en", "profile": "US",
        "from_name": "Jo", "from_address": "jo@h.io", "reply_to": "", "refusal_mailbox": "u@h.io",
        "unsubscribe_base": "https://h.io/u/", "choices": {},
    }  # fmt: skip
    return Edition(
        subject=subject,
        text=text,
        html=html,
        fields=fields,
        fallbacks=fallbacks if fallbacks is not None else dict.fromkeys(fields, "you"),
        **given | changes,
    )


def samples(**parts: Any) -> list[Finding]:
    return list(judge_samples(edition(**parts), PACK))


def test_an_edition_that_takes_every_value_gives_nothing() -> None:
    greeting = {"ms": "Dear Ms [[last_name]],", "none": "Hello,"}
    html = (
        '<p>[[greeting]]</p><p>For [[company]] and you.</p><a href="[[unsubscribe_url]]">Stop</a>'
    )
    text = "[[greeting]]\n\nFor [[company]] and you.\nStop: [[unsubscribe_url]]"
    assert samples(text=text, html=html, choices={"greeting": greeting}) == []


@pytest.mark.parametrize(
    ("text", "fallbacks", "found"),
    [
        ("Hi [[first_name]], words", {}, ["no_fallback", "empty_value"]),
        ("Words for  [[company]] here", {}, ["no_fallback", "empty_value"]),
        ("Words ([[company]]) here", {}, ["no_fallback", "empty_value"]),
        ("[[company]], words", {}, ["no_fallback", "empty_value"]),
        ("Words for [[company]]\nhere", {}, ["no_fallback"]),
        ("Words for [[company]].", {"company": "you"}, ["doubled"]),
        ("Words for [[company]] here.", {"company": "you"}, []),
        ("Stop: [[unsubscribe_url]]", {}, []),
    ],
)
def test_missing_values_and_those_with_signs_of_their_own(
    text: str, fallbacks: dict[str, str], found: list[str]
) -> None:
    assert rules(samples(text=text, fallbacks=fallbacks)) == found


def test_a_wording_is_taken_only_where_its_value_is_there() -> None:
    choices = {"greeting": {"ms": "Dear Ms [[last_name]],", "none": "Hello,"}}
    assert samples(text="[[greeting]]\nwords", choices=choices, fallbacks={}) == []
    ends = {"greeting": {"team": "Hello [[company]] team at [[company]]."}}
    (finding,) = samples(text="[[greeting]]", choices=ends, fallbacks={})
    assert finding.rule == "personalisation.doubled"


def test_the_subject_is_measured_as_phones_show_it() -> None:
    words = "[[company]]: what a worn bearing costs you and when"
    (long, *rest) = samples(subject=f"So, {words}")
    assert long.rule == "personalisation.subject_long"
    assert "50" in long.message
    assert rules(rest) == ["subject_cut"]
    assert samples(subject="For [[first_name]]: bearings") == []
    (wide,) = samples(
        subject="致[[last_name]]经理：轴承磨损为什么总在异响之后才被发现，又该怎样提前"
    )
    assert wide.rule == "personalisation.subject_long"


def test_a_long_value_that_phones_cut_is_told() -> None:
    found = samples(subject="What bearings cost at [[company]]")
    assert rules(found) == ["subject_cut"]
    assert found[0].message.endswith("…».")


def test_a_subject_that_begins_with_a_name_turns_around() -> None:
    assert "direction" in rules(samples(subject="[[first_name]], bearings"))
    assert "direction" not in rules(samples(subject="[[first_name]]، المحامل", language="ar"))


@pytest.mark.parametrize(
    "style",
    ["white-space:nowrap", "overflow:hidden;height:20px", "overflow: hidden; max-height: 40px"],
)
def test_a_box_that_cuts_off_names_is_told(style: str) -> None:
    html = f'<table><tr><td style="{style}"><b>Hi [[greeting]]</b></td></tr></table>'
    (finding,) = samples(html=html, choices={"greeting": {"none": "Hello,"}})
    assert finding.rule == "personalisation.cut_off"
    assert "«greeting»" in finding.message


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none;max-height:0;overflow:hidden">[[greeting]]</div>',
        '<div style="line-height:20px;max-width:600px">[[greeting]]</div>',
        '<p style="white-space:nowrap">12 kHz</p> [[greeting]]',
        '<a style="white-space:nowrap" href="[[unsubscribe_url]]">Stop</a>',
    ],
)
def test_a_box_that_grows_is_left_alone(html: str) -> None:
    assert samples(html=html, choices={"greeting": {"none": "Hello,"}}) == []


def test_a_field_in_the_address_of_a_link_is_told() -> None:
    (finding,) = samples(html='<a href="https://h.io/?c=[[company]]">Trial</a>')
    assert finding.rule == "personalisation.in_link"


def test_every_field_has_a_value_for_every_kind() -> None:
    kinds = PACK.lists["kinds"]
    for name in ("first_name", "last_name", "company", "job_title", "academic_title", "other"):
        values = PACK.lists[name]
        assert len(values) == len(kinds)
        assert values[kinds.index("empty")] == ""
    assert len(PACK.lists["company"][kinds.index("long")]) >= 60
