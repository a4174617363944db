"""Quantities of two texts compared by what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import load_packs
from evaluation.claims.quantities import Quantity, change_of, derived, same_quantity
from evaluation.claims.quantity_reading import quantities_in
from evaluation.claims.wording import wording_for

PACKS = load_packs()


def read(text: str, language: str = "en") -> tuple[Quantity, ...]:
    return quantities_in(text, language, wording_for(PACKS, language))


def one(text: str, language: str = "en") -> Quantity:
    (quantity,) = read(text, language)
    return quantity


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("30 minutes", "en"), ("half an hour", "en")),
        (("done in half an hour", "en"), ("半小时", "zh-Hans")),
        (("500,000 records", "en"), ("50 多万条", "zh-Hans")),
        (("50 %", "de"), ("reduced by half", "en")),
        (("a third of the cost", "en"), ("33%", "en")),
        (("two thirds", "en"), ("66,7 %", "de")),
        (("九成五", "zh-Hans"), ("95%", "en")),
        (("achtmal so schnell", "de"), ("8x", "en")),
        (("il dixième", "fr"), ("10%", "en")),
        (("one week", "en"), ("7 Tage", "de")),
        (("one year", "en"), ("12か月", "ja")),
        (("1.5 million euros", "en"), ("150万欧元", "zh-Hans")),
        (("by three quarters", "en"), ("75%", "en")),
        (("einen ganzen Tag", "de"), ("24 hours", "en")),
    ],
)
def test_what_is_told_otherwise_is_the_same(first, second):
    assert same_quantity(one(*first), one(*second))
    assert same_quantity(one(*second), one(*first))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("30 minutes", "30 hours"),
        ("85%", "85 days"),
        ("50%", "50 dollars"),
        ("40%", "41%"),
        ("3 months", "90 days"),  # a month has no fixed number of days
        ("5%", "5 percentage points"),
    ],
)
def test_another_unit_or_value_is_another_quantity(first, second):
    assert not same_quantity(one(first), one(second))


def test_a_figure_without_a_unit_has_that_of_its_neighbour():
    before, after = read("from 41 to 12 hours")
    assert "hour" in before.units
    assert after.unit == "hour"
    low, high = read("两三成", "zh-Hans")
    assert (low.value, high.value, high.unit) == (20, 30, "percent")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("on 14 May 2027 at 10:00", "en"),
        ("am 14. Mai 2027", "de"),
        ("le 14 mai", "fr"),
        ("2027年5月14日", "ja"),
        ("since 2019", "en"),
        ("2027-05-14", "en"),
        ("in the first half of the year", "en"),
        ("", "en"),
        ("nothing to count", "en"),
    ],
)
def test_dates_and_years_are_no_quantities(text, language):
    assert read(text, language) == ()


def test_a_span_of_time_is_told_from_a_value():
    value, frame = read("fell by 20% within nine months")
    assert (value.frame, frame.frame) == (False, True)
    assert not one("it takes 9 months").frame


def test_multiples_and_percentages_of_one_change():
    assert derived(one("5x"), one("80%"))
    assert derived(one("2x"), one("100%"), rose=True)
    assert not derived(one("2x"), one("50%"), rose=True)
    assert not derived(one("5x"), one("50%"))


def test_a_change_is_worked_out_from_two_values():
    before, after = one("40 hours"), one("12 hours")
    assert change_of(one("70%"), before, after)
    assert not change_of(one("60%"), before, after)
    assert change_of(one("20x"), one("600 ms"), one("30 ms"))
    assert not change_of(one("70%"), one("40 hours"), one("12 euros"))
    assert not change_of(one("70%"), one("0 hours"), one("12 hours"))


@given(st.text(max_size=80), st.sampled_from(["en", "de", "zh-Hans", "ja", "ar", "pl"]))
def test_quantities_stand_in_order_and_equal_themselves(text, language):
    found = read(text, language)
    for quantity in found:
        assert 0 <= quantity.span.start < quantity.span.end <= len(text)
        assert same_quantity(quantity, quantity)
    assert [q.span.start for q in found] == sorted(q.span.start for q in found)
