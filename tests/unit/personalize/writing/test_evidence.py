"""Evidence from sentences that state more than one result, and from fractions in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from writing_samples import TODAY, make_case, make_task

from contracts.case import Case, Direction, Outcome, Span
from personalize.writing.evidence import Proof, choose_proofs, retellable


def with_second(**changes: object) -> Case:
    """The sample case, whose one sentence states another result too."""
    case = make_case("en")
    (first,) = case.outcomes
    second = replace(
        first,
        metric="oee",
        direction=Direction.UP,
        unit="percent",
        change=Decimal(18),
        before=None,
        after=None,
        value_unit="",
        period="",
    )
    return replace(case, outcomes=(first, replace(second, **changes)))  # type: ignore[arg-type]


def proof(case: Case, language: str) -> Proof:
    (found,) = choose_proofs(make_task(language, case).passages, {case.id: case}, language, TODAY)
    return found


def test_a_sentence_with_two_results_is_told_once() -> None:
    assert [o.metric for o in proof(with_second(), "en").outcomes] == ["unplanned_downtime"]


def test_its_results_are_retold_each_by_itself() -> None:
    retold = proof(with_second(), "de").outcomes
    assert [o.metric for o in retold] == ["unplanned_downtime", "oee"]


@pytest.mark.parametrize("change", [{"sure": False}, {"direction": Direction.DOWN}])
def test_a_sentence_is_not_told_where_one_of_its_results_may_not_be(change) -> None:
    assert proof(with_second(**change), "en").outcomes == ()


@pytest.mark.parametrize(
    ("language", "text", "words", "change", "expected"),
    [
        ("en", "Downtime fell by a third.", "by a third", "33.33", False),
        ("en", "Downtime fell by 33.33%.", "by 33.33%", "33.33", True),
        ("en", "Downtime was halved.", "halved", "50", True),
        ("zh-Hans", "停机时间减少了三分之一。", "减少了三分之一", "33.33", False),
        ("ja", "ダウンタイムが3分の1減少した。", "3分の1減少", "33.33", False),
    ],
)
def test_a_fraction_in_words_is_not_retold_as_a_rounded_figure(
    language, text, words, change, expected
) -> None:
    start = text.index(words)
    outcome = Outcome(
        metric="downtime",
        direction=Direction.DOWN,
        unit="percent",
        change=Decimal(change),
        before=None,
        after=None,
        value_unit="",
        period="",
        span=Span(100, 100 + len(text)),
        text=text,
        sure=True,
        value_span=Span(100 + start, 100 + start + len(words)),
    )
    assert retellable(outcome, "de") == expected
