"""Names of companies in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.claims.namebook import NameBook, spoken_forms

BOOK = NameBook(
    {
        "larch": ["Larch Mill Paper, Inc."],
        "tarn": ["Tarnfield Robotics B.V."],
        "gen": ["General Software"],
        "lan": ["澄岚饮品（常州）有限公司", "Chenglan Beverage (Changzhou) Co., Ltd."],
        "small": ["flotsam.io"],
        "nav": ["Navo"],
        "none": ["A leading provider of leak detection", "Global investment firm"],
    },
    {
        "tarn": "The robots of Tarnfield are fast. When Tarnfield began, they were not.",
        "gen": "General Software makes software. General Software is ours, as is General Software.",
    },
)


def names(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(span.of(text), keys) for span, keys in BOOK.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At Larch Mill Paper, all is well.", ["Larch Mill Paper"]),
        ("LARCH MILL PAPER tells", ["LARCH MILL PAPER"]),
        ("Tarnfield’s robots", ["Tarnfield"]),
        ("据客户澄岚饮品介绍", ["澄岚饮品"]),
        ("用flotsam.io做的", ["flotsam.io"]),
        ("NavoのCPU", ["Navo"]),
        ("navo is no name in small letters, nor is Navodent", []),
        ("In general, General things", []),
        ("Navo, NAVO", ["Navo", "NAVO"]),
        ("a leading provider of leak detection; a global investment firm", []),
        ("", []),
    ],
)
def test_names_are_found_as_people_write_them(text, found):
    assert [name for name, _ in names(text)] == found


def test_customers_with_one_name_are_found_together():
    book = NameBook({"one": ["Navo"], "two": ["Navo GmbH"]})
    ((_, keys),) = book.find("Navo")
    assert keys == ("one", "two")


def test_a_short_form_that_is_a_place_or_a_word_is_none():
    assert "China" not in list(spoken_forms("China Telephony", "We are in China and from China."))
    assert "General" not in list(spoken_forms("General Software"))
    assert list(spoken_forms("")) == []


@given(st.text(max_size=120))
def test_what_is_found_lies_apart_and_in_order(text):
    end = 0
    for span, keys in BOOK.find(text):
        assert span.start >= end
        assert keys
        end = span.end
    assert end <= len(text)
