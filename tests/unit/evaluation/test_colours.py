"""Colours as CSS writes them, and their contrast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.fitness.colours import BLACK, WHITE, Colour, contrast, read_colour, shines_through


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#fff", "#ffffff"),
        ("#0B5CAD", "#0b5cad"),
        ("0b5cad", "#0b5cad"),
        ("#0b5cadff", "#0b5cad"),
        ("#0b5c", None),
        ("RebeccaPurple", "#663399"),
        ("rgb(11, 92, 173)", "#0b5cad"),
        ("rgb(11 92 173 / 100%)", "#0b5cad"),
        ("rgb(0%, 50%, 100%)", "#0080ff"),
        ("rgba(0,0,0,.5)", None),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("url(a.png) #abc no-repeat", "#aabbcc"),
        ("center bad fee", None),
        ("transparent", None),
        ("var(--x)", None),
        ("rgb(.)", None),
        ("", None),
    ],
)
def test_what_css_writes_is_read(value: str, colour: str | None) -> None:
    found = read_colour(value)
    assert (str(found) if found else None) == colour


@pytest.mark.parametrize(
    ("value", "shines"),
    [
        ("rgba(0,0,0,.5)", True), ("rgb(0 0 0 / 50%)", True), ("#0b5c", True), ("#0b5cad80", True),
        ("var(--x)", True), ("rgba(0,0,0,0)", False), ("transparent", False), ("#fff", False),
        ("", False),
    ],
)  # fmt: skip
def test_what_lets_the_ground_shine_through(value: str, shines: bool) -> None:
    assert shines_through(value) is shines


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    # #767676 on white is the palest grey that passes 4.5 to 1.
    assert contrast(Colour(0x76, 0x76, 0x76), WHITE) >= 4.5
    assert contrast(Colour(0x77, 0x77, 0x77), WHITE) < 4.5


@given(st.tuples(*[st.integers(0, 255)] * 6))
def test_contrast_is_the_same_both_ways(parts: tuple[int, ...]) -> None:
    one, other = Colour(*parts[:3]), Colour(*parts[3:])
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.001


@given(st.text(max_size=60))
def test_any_text_is_a_colour_or_none(value: str) -> None:
    found = read_colour(value)
    assert found is None or all(0 <= part <= 255 for part in found)
