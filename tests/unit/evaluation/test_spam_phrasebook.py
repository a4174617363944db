from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import load_packs
from evaluation.spam.phrasebook import PhraseBook, expand, flatten, pattern_of

PHRASES = [
    (phrase, pack.language)
    for pack in load_packs().spam.values()
    for signal in pack.signals
    for phrase in signal.phrases
]


def found(phrase: str, text: str) -> bool:
    return bool(PhraseBook({"x": [phrase]}).find(flatten(text)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("money back guarantee", "Our Money\n  Back GUARANTEE."),
        ("act (now|fast|at once)", "Please act at once!"),
        ("act (now|fast|at once)", "act now"),
        ("earn (up to |)$#", "Earn up to $1,000.50 a day"),
        ("earn (up to |)$#", "earn $5"),
        ("guarant*", "It is guaranteed"),
        ("guarant* income", "guaranteed income"),
        ("in compliance … act", "sent in compliance with the new federal Act"),
        ("don't wait", "Don\u2019t wait"),
        ("月入#万", "轻松月入 10 万"),
        ("代开…发票", "代开各类正规\n发票"),
        ("ربحتم", "لقد ربحتم جائزة"),
        ("당첨", "축하합니다 당첨되셨습니다"),
    ],
)
def test_what_a_phrase_stands_for_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("free", "freedom, carefree"),
        ("act now", "react now"),
        ("act now", "act. Now"),
        ("in compliance … act", "in compliance. An act"),
        ("in compliance … act", "in compliance " + "with " * 20 + "act"),
        ("guarant* income", "guaranteed a fine income"),
        ("guarant* income", "guarantee, income"),
        ("earn $#", "earn $"),
    ],
)
def test_what_it_does_not_stand_for_is_not(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "a (b",
        "a b)",
        "(a|)",
        "*",
        "a … ",
        "… a",
        r"\bfree\b",
        "f[ra]ee",
        "a?",
        "(a|b|c|d|e)" * 5,
    ],
)
def test_what_is_not_well_formed_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError):
        expand(phrase)


def test_wordings_are_counted_by_key() -> None:
    book = PhraseBook({"a": ["free", "(no|low) cost"], "b": ["free"]})
    counts = book.find(flatten("Free, free and at no cost."))
    totals = {key: sum(found.count for found in item.values()) for key, item in counts.items()}
    assert totals == {"a": 3, "b": 2}
    assert len(counts["a"]) == 2


def test_an_empty_book_finds_nothing() -> None:
    assert PhraseBook({}).find("anything") == {}
    assert PhraseBook({"x": ["free"]}).find("") == {}


@pytest.mark.parametrize(("phrase", "language"), PHRASES)
def test_every_phrase_of_the_packs_is_found_and_shown(phrase: str, language: str) -> None:
    """In each of its wordings, with its place in the text as it was written."""
    del language
    for flat in expand(phrase):
        text = ""
        for piece, is_open in zip(flat.pieces, flat.open_ends, strict=True):
            between = "" if not text else " " if text.endswith("xx") else " z "
            text += between + piece.replace("#", "12,000") + ("xx" if is_open else "")
        assert found(phrase, f"({text})"), text
        assert pattern_of(flat).search(text), text


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.sampled_from([phrase for phrase, _ in PHRASES]))
def test_any_text_can_be_looked_through(text: str, phrase: str) -> None:
    for counts in PhraseBook({"x": [phrase]}).find(flatten(text)).values():
        assert all(found.count > 0 and found.start >= 0 for found in counts.values())


def test_a_long_text_takes_little_time() -> None:
    book = PhraseBook({phrase: [phrase] for phrase, _ in PHRASES})
    for piece in (
        "in compliance with ",
        "free ",
        "代开",
        "earn $1 ",
        "a" * 20 + " ",
        "guaranteed ",
    ):
        text = flatten(piece * (200_000 // len(piece)))
        began = time.process_time()
        book.find(text)
        assert time.process_time() - began < 3.0
