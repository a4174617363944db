"""The word that a pattern needs stands in everything that the pattern hits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import load_packs
from evaluation.prefilter import sought

EVERY = sorted(
    {
        pattern
        for signs in load_packs().signs.values()
        for patterns in signs.wording.values()
        for pattern in patterns
    }
)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bunsubscrib\w*", ("unsubscrib",)),
        (r"\bopt[- ]?out\b", ("opt",)),
        (r"\b(?:privacy|data protection)\b", ("data protection", "privacy")),
        (r"(?:a|b)?\d+", ()),
        (r"退订", ("退订",)),
        (r"(?:Werbung|\w+)", ()),
    ],
)
def test_the_word_that_a_pattern_needs(pattern: str, words: tuple[str, ...]) -> None:
    assert sought(pattern).words == words


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_hit_is_missed_for_want_of_its_word(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(EVERY))
    ascii_only = st.from_regex(re.compile(pattern))
    text = data.draw(ascii_only)
    if re.search(pattern, text, re.IGNORECASE) and len(text.lower()) == len(text):
        assert sought(pattern).may_hit(text.lower())
