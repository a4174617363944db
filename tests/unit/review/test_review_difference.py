"""What a reviewer is shown of a mail that comes back changed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_review_seal import EDITION

from contracts.case import Span
from contracts.mail import (
    Attachment,
    CaseCitation,
    Claim,
    ClaimKind,
    EmbeddedImage,
    Module,
    ModuleKind,
    Variant,
)
from review import NotComparable, Run, RunKind, difference, word_runs

KEPT, ADDED, REMOVED = RunKind.KEPT, RunKind.ADDED, RunKind.REMOVED


def claim(quote: str) -> Claim:
    citation = CaseCitation("wuxi", "0" * 64, Span(0, len(quote)), quote)
    return Claim(Span(0, 3), ClaimKind.RESULT, citation)


BEFORE = Variant(
    draft_id="d_1",
    campaign="spring",
    segment="quality",
    language="de",
    modules=(
        Module(ModuleKind.SUBJECT, "Weniger Ausschuss"),
        Module(ModuleKind.PROOF, "22 % weniger Ausschuss.", (claim("22 %"),)),
        Module(ModuleKind.PROOF, "不良率下降22%。"),
        Module(ModuleKind.CALL_TO_ACTION, "Testen?", label="Ja", url="https://a.example"),
    ),
    tactics={"subject": "question"},
)


def with_module(index: int, **changes: object) -> Variant:
    modules = list(BEFORE.modules)
    modules[index] = replace(modules[index], **changes)  # type: ignore[arg-type]
    return replace(BEFORE, modules=tuple(modules))


def test_nothing_changed() -> None:
    assert difference(BEFORE, BEFORE) == ()
    assert difference(EDITION, EDITION) == ()


def test_a_changed_word() -> None:
    (change,) = difference(BEFORE, with_module(1, text="32 % weniger Ausschuss."))
    assert change.place == "proof"
    assert (change.before, change.after) == ("22 % weniger Ausschuss.", "32 % weniger Ausschuss.")
    assert change.words == (
        Run(REMOVED, "22"),
        Run(ADDED, "32"),
        Run(KEPT, " % weniger Ausschuss."),
    )


def test_chinese_is_compared_sign_by_sign() -> None:
    (change,) = difference(BEFORE, with_module(2, text="不良率降低22%。"))
    assert change.place == "proof 2"
    assert change.words == (
        Run(KEPT, "不良率"),
        Run(REMOVED, "下"),
        Run(KEPT, "降"),
        Run(ADDED, "低"),
        Run(KEPT, "22%。"),
    )


@pytest.mark.parametrize("changes", [{"label": "Gern"}, {"url": "https://b.example"}])
def test_a_button_that_leads_elsewhere(changes: dict[str, str]) -> None:
    (change,) = difference(BEFORE, with_module(3, **changes))
    assert change.place == "call_to_action"
    assert next(iter(changes.values())) in change.after


def test_the_same_words_on_another_source() -> None:
    (change,) = difference(BEFORE, with_module(1, claims=(claim("bis zu 22 %"),)))
    assert change.place == "proof sources"
    assert change.before == "wuxi: 22 %"


def test_modules_that_are_new_or_gone() -> None:
    opener = Module(ModuleKind.OPENER, "Guten Tag")
    after = replace(BEFORE, modules=(*BEFORE.modules[1:], opener))
    changes = difference(BEFORE, after)
    assert [(c.place, c.before, c.after) for c in changes] == [
        ("opener", "", "Guten Tag"),
        ("subject", "Weniger Ausschuss", ""),
    ]
    assert changes[0].words == (Run(ADDED, "Guten Tag"),)


@pytest.mark.parametrize(
    "changes, place",
    [
        ({"from_address": "other@acme.example"}, "from_address"),
        ({"html": "<p>[[greeting]]!</p>"}, "html"),
        ({"headers": {"X-A": "1", "X-B": "3"}}, "header X-B"),
        ({"choices": {"greeting": {"ms": "Hallo"}}}, "choice greeting"),
        ({"rule_packs": {"DE": "4"}}, "rules DE"),
        ({"images": (EmbeddedImage("a@b.example", "image/png", b"other"),)}, "image 1"),
        ({"attachments": (Attachment("fair.ics", "text/calendar", b"x"),)}, "attachment fair.ics"),
        ({"fallbacks": {"last_name": "all"}}, "fallback last_name"),
        ({"fields": ()}, "fields"),
    ],
)
def test_every_field_of_an_edition_that_a_reader_meets(changes, place: str) -> None:
    (change,) = difference(EDITION, replace(EDITION, **changes))
    assert change.place == place


def test_a_variant_is_not_compared_with_an_edition() -> None:
    with pytest.raises(NotComparable):
        difference(BEFORE, EDITION)


def test_very_long_texts_are_compared_in_bounded_time() -> None:
    before, after = "a " * 20_000, "b " * 20_000
    assert word_runs("x " + before, "x " + after)[0] == Run(KEPT, "x ")


TEXT = st.text(alphabet="ab \n<>不良率", max_size=40)


@given(TEXT, TEXT)
def test_the_runs_spell_both_texts(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.kind is not ADDED) == before
    assert "".join(run.text for run in runs if run.kind is not REMOVED) == after
    assert all(run.text for run in runs)
    assert all(a.kind is not b.kind for a, b in itertools.pairwise(runs))
