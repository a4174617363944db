import html
import re

import pytest
from delivery_samples import edition, values
from hypothesis import given
from hypothesis import strategies as st

from contracts.delivery import MergeValues
from delivery import MergeRefused, fill, merge

LINK = {"unsubscribe_url": "https://mail.example.com/u/abc"}
plain = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])).filter(
    lambda text: "[[" not in text
)


@given(plain)
def test_a_value_arrives_as_it_is(value):
    assert merge("a [[x]] b", {"x": value}, html=False) == f"a {value} b"


@given(plain)
def test_no_value_can_become_markup(value):
    merged = merge('<p title="[[x]]">[[x]]</p>', {"x": value}, html=True)

    title, body = re.fullmatch(r'<p title="([^"<>]*)">([^<>]*)</p>', merged).groups()
    assert html.unescape(title) == html.unescape(body) == value


@given(st.text(st.characters(exclude_characters="[%&"), max_size=60))
def test_text_without_places_stays_as_it_is(text):
    assert merge(text, {"x": "1"}, html=False) == text


@pytest.mark.parametrize(
    "value",
    ["a\nb", "a\rb", "a\tb", "\x00", "\x85", "\u2028", "\u2029", "\u202eevil", "[[y]]", "a[[b"],
)
def test_a_value_that_breaks_lines_or_opens_a_place_is_refused(value):
    with pytest.raises(MergeRefused) as refused:
        merge("[[x]]", {"x": value, "y": "2"}, html=False)
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    "template",
    [
        "[[unknown]]",
        "[[X]]",
        "[[x ]]",
        "[[x",
        "[[[[x]]",
        '<a href="%5B%5Bx%5D%5D">',
        "&#91;&#91;x&#93;&#93;",
    ],
)
def test_a_place_that_no_value_would_reach_is_refused(template):
    with pytest.raises(MergeRefused):
        merge(template, {"x": "1"}, html=True)


def test_a_chosen_wording_takes_its_own_fields_and_is_escaped_once():
    filled = fill(edition(), values(last_name="O'Neil & <Söhne>"), LINK)

    assert filled.text == (
        "Sehr geehrte Frau O'Neil & <Söhne>,\n\nAbmelden: https://mail.example.com/u/abc\n"
    )
    assert "Frau O&#x27;Neil &amp; &lt;Söhne&gt;," in filled.html
    assert filled.subject == "Brauhaus: 12 % weniger Wärme"


def test_a_wording_without_fields_needs_no_values_for_them():
    given_values = MergeValues(choices={"greeting": "unknown"}, values={"company": "Brauhaus"})

    assert fill(edition(), given_values, LINK).text.startswith("Guten Tag,\n")


@pytest.mark.parametrize(
    "given_values",
    [
        MergeValues(values={"company": "B"}),
        MergeValues(choices={"greeting": "ms"}, values={"company": "B"}),
        MergeValues(choices={"greeting": "mx"}, values={"company": "B", "last_name": "W"}),
        MergeValues(choices={"greeting": "ms", "tone": "x"}, values={"company": "B"}),
        MergeValues({"greeting": "ms"}, {"company": "B", "last_name": "W", "phone": "1"}),
        MergeValues({"greeting": "ms"}, {"company": "B", "unsubscribe_url": "https://evil"}),
        MergeValues({"greeting": "ms"}, {"company": "B", "greeting": "Hi"}),
    ],
    ids=[
        "no choice made",
        "field of the wording missing",
        "unknown key",
        "unknown choice",
        "undeclared field",
        "a system place",
        "free text for a choice",
    ],
)
def test_values_that_do_not_fit_the_edition_are_refused(given_values):
    with pytest.raises(MergeRefused):
        fill(edition(), given_values, LINK)


def test_a_record_cannot_set_a_system_place_even_where_the_edition_declares_it():
    declared = edition(fields=("company", "last_name", "unsubscribe_url"))
    given_values = MergeValues(
        {"greeting": "unknown"}, {"company": "B", "unsubscribe_url": "https://evil"}
    )

    with pytest.raises(MergeRefused):
        fill(declared, given_values, LINK)


def test_a_fallback_stands_where_a_recipient_has_no_value():
    mail = edition(fallbacks={"company": "Ihr Betrieb"})
    bare = MergeValues({"greeting": "unknown"})

    assert fill(mail, bare, LINK).subject == "Ihr Betrieb: 12 % weniger Wärme"
    empty = MergeValues({"greeting": "unknown"}, {"company": " "})
    assert fill(mail, empty, LINK).subject == "Ihr Betrieb: 12 % weniger Wärme"
    assert fill(mail, values(), LINK).subject == "Brauhaus: 12 % weniger Wärme"


def test_a_wording_that_was_chosen_takes_fallbacks_too():
    mail = edition(fallbacks={"last_name": "Kundin", "company": "x"})
    filled = fill(mail, MergeValues({"greeting": "ms"}), LINK)

    assert filled.text.startswith("Sehr geehrte Frau Kundin,\n")


@pytest.mark.parametrize("name", ["phone", "unsubscribe_url"])
def test_a_fallback_for_what_is_no_open_field_is_refused(name):
    with pytest.raises(MergeRefused):
        fill(edition(fallbacks={name: "x"}), values(), LINK)


@pytest.mark.parametrize("hostile", ["[[unsubscribe_url]]", "a\nb", "\u202eevil"])
def test_not_even_a_fallback_may_open_a_place_or_break_a_line(hostile):
    with pytest.raises(MergeRefused):
        fill(edition(fallbacks={"company": hostile}), MergeValues({"greeting": "unknown"}), LINK)


def test_no_message_repeats_a_value():
    with pytest.raises(MergeRefused) as refused:
        fill(edition(), values(last_name="Geheim\nBcc: x"), LINK)
    assert "Geheim" not in str(refused.value)
