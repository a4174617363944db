"""What a phrase book lacks against the others, and that its patterns render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.audience import ConsentKind
from language.taxonomy import load_taxonomy
from personalize import NoText, languages, phrase_book
from personalize.writing.phrases import PhraseBook

LISTS = (
    "angles",
    "subjects",
    "preheaders",
    "openers",
    "problems",
    "proofs",
    "offers",
    "calls",
    "sign_offs",
)


def test_the_three_languages_of_this_release_are_there() -> None:
    assert {"en", "de", "zh-Hans"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_book_has_the_same_keys(language: str) -> None:
    book, reference = phrase_book(language), phrase_book("en")
    assert set(book.greetings) == set(reference.greetings)
    assert set(book.footer.blocks) == set(reference.footer.blocks)
    assert set(book.footer.reasons) == set(reference.footer.reasons)
    assert set(book.view) == set(reference.view)
    assert {angle.id for angle in book.angles} == {angle.id for angle in reference.angles}
    for name in LISTS:
        have: Any = getattr(book, name)
        assert have, f"{language} has no {name}"


@pytest.mark.parametrize("language", languages())
def test_every_need_that_one_book_serves_is_served_by_all(language: str) -> None:
    """Whatever evidence there is, a language must find a pattern for it."""
    for name in ("problems", "proofs", "offers"):
        mine = {frozenset(pattern.needs) for pattern in getattr(phrase_book(language), name)}
        theirs = {frozenset(pattern.needs) for pattern in getattr(phrase_book("en"), name)}
        assert mine == theirs, name


@pytest.mark.parametrize("language", languages())
def test_every_tactic_is_offered_in_every_language(language: str) -> None:
    for name in ("subjects", "openers"):
        mine = {pattern.tactic for pattern in getattr(phrase_book(language), name)}
        theirs = {pattern.tactic for pattern in getattr(phrase_book("en"), name)}
        assert mine == theirs


@pytest.mark.parametrize("language", languages())
def test_ids_are_unique_and_angles_name_known_metrics(language: str) -> None:
    book = phrase_book(language)
    known = set(load_taxonomy().ids("metric"))
    for name in LISTS:
        ids = [item.id for item in getattr(book, name)]
        assert len(ids) == len(set(ids)), name
    named = [metric for angle in book.angles for metric in angle.metrics]
    assert len(named) == len(set(named))
    assert set(named) <= known


@pytest.mark.parametrize("language", languages())
def test_every_consent_that_may_be_written_to_has_its_reason(language: str) -> None:
    reasons: Mapping[str, str] = phrase_book(language).footer.reasons
    assert set(reasons) == {kind.value for kind in ConsentKind} - {"refused"}


@pytest.mark.parametrize("language", languages())
def test_subject_questions_fit_a_phone(language: str) -> None:
    book: PhraseBook = phrase_book(language)
    for angle in book.angles:
        assert len(angle.subject) <= book.limits.subject, angle.id
    for pattern in book.preheaders:
        assert len(pattern.text) <= book.limits.preheader, pattern.id


def test_a_language_without_a_book_is_named() -> None:
    with pytest.raises(NoText, match=r"phrases/xx\.yaml"):
        phrase_book("xx")
