"""Scores of outcomes against labels, and how well the published cases are read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.case import Direction, Outcome, Span
from contracts.errors import BadInput
from evaluation.suites.outcomes import (
    LabelledResult,
    OutcomeScores,
    load_outcome_labels,
    score_outcomes,
)
from knowledge_base.readers import read_cases

ROOT = Path(__file__).resolve().parents[3]
LABELS = ROOT / "tests" / "data" / "outcome_labels.yaml"

FELL = Outcome(
    metric="downtime",
    direction=Direction.DOWN,
    unit="percent",
    change=Decimal(20),
    before=None,
    after=None,
    value_unit="",
    period="",
    span=Span(0, 21),
    text="Downtime fell by 20%.",
    sure=True,
)
LABEL = LabelledResult(
    metric="downtime", direction=Direction.DOWN, change=Decimal(20), unit="percent", claimable=True
)


def test_nothing_read_and_nothing_labelled_gives_no_rates():
    scores = score_outcomes([])
    assert scores == OutcomeScores(0, 0, 0, 0, 0)
    assert (scores.precision_sure, scores.recall_sure, scores.recall_found) == (None, None, None)
    assert set(scores.as_measures()) == {"labelled", "claimable", "sure"}


def test_a_right_outcome_counts_everywhere():
    scores = score_outcomes([([FELL], [LABEL])])
    assert (scores.precision_sure, scores.recall_sure, scores.recall_found) == (1, 1, 1)


def test_a_result_read_twice_is_right_once():
    assert score_outcomes([([FELL, FELL], [LABEL])]).precision_sure == 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"metric": "build_time"},
        {"direction": Direction.UP},
        {"change": Decimal(30)},
        {"unit": "times"},
        {"period": "quarter"},
        {"frame": Decimal(9), "frame_unit": "month"},
    ],
)
def test_an_outcome_that_differs_in_one_field_is_wrong(change):
    scores = score_outcomes([([replace(FELL, **change)], [LABEL])])
    assert (scores.sure, scores.right) == (1, 0)


def test_a_sure_outcome_of_what_may_not_be_claimed_is_wrong():
    label = LABEL.model_copy(update={"claimable": False})
    scores = score_outcomes([([FELL], [label])])
    assert (scores.precision_sure, scores.recall_sure, scores.recall_found) == (0, None, 1)


def test_an_unsure_outcome_is_found_and_no_more():
    scores = score_outcomes([([replace(FELL, sure=False)], [LABEL])])
    assert (scores.precision_sure, scores.recall_sure, scores.recall_found) == (None, 0, 1)


def test_a_file_that_holds_no_labels_says_so(tmp_path):
    file = tmp_path / "labels.yaml"
    file.write_text("passages: 3", encoding="utf-8")
    with pytest.raises(BadInput, match=r"labels\.yaml"):
        load_outcome_labels(file)


def test_published_cases_are_read_with_the_precision_that_claims_need():
    folder = Path(os.environ.get("MAILWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    file = folder / "cases" / "cases.jsonl"
    if not file.exists():
        pytest.skip("needs the shared cases (MAILWRIGHT_DATA)")
    cases = {case.id: case for case in read_cases(file).cases}
    passages = []
    for label in load_outcome_labels(LABELS):
        case = cases[label.case]
        words = label.span.of(case.text)
        assert hashlib.sha256(words.encode("utf-8")).hexdigest() == label.sha256, label.case
        assert case.language == label.language
        found = [o for o in case.outcomes if label.span.covers(o.span)]
        passages.append((found, label.results))
    assert len(passages) == 100
    scores = score_outcomes(passages)
    assert scores.precision_sure is not None
    assert scores.precision_sure >= 0.95
    assert scores.recall_sure is not None
    assert scores.recall_sure >= 0.5
    assert scores.recall_found is not None
    assert scores.recall_found >= 0.15
    everything = [o for case in cases.values() for o in case.outcomes if o.sure]
    assert len(everything) >= 15
