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
from workflow.errors import LabelsDoNotFit
from workflow.evaluating_outcomes import ALL, measure_outcomes

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
    measures = measure_outcomes(file, LABELS)
    assert {"digits", "quantities"} < measures.keys()
    scores = measures[ALL]
    assert scores.precision_sure is not None
    assert scores.precision_sure >= 0.95
    assert scores.recall_sure is not None
    assert scores.recall_sure >= 0.5
    assert scores.recall_found is not None
    assert scores.recall_found >= 0.15
    everything = [o for case in read_cases(file).cases for o in case.outcomes if o.sure]
    assert len(everything) >= 15


def test_labels_of_other_cases_say_so(tmp_path):
    (tmp_path / "other.md").write_text(
        "---\nid: other\nlanguage: en\n---\n\n## Results\n\nCosts fell by 20%.\n", encoding="utf-8"
    )
    with pytest.raises(LabelsDoNotFit, match="not in these cases"):
        measure_outcomes(tmp_path, LABELS)


def test_a_passage_whose_words_have_changed_is_not_measured(tmp_path):
    text = "Downtime fell by 20%."
    (tmp_path / "own.md").write_text(
        f"---\nid: own\nlanguage: en\n---\n\n## Results\n\n{text}\n", encoding="utf-8"
    )
    (case,) = read_cases(tmp_path).cases
    start = case.text.index(text)
    labels = tmp_path / "labels.yaml"

    def label(words):
        digest = hashlib.sha256(words.encode("utf-8")).hexdigest()
        labels.write_text(
            f"""
version: "1"
source: test
passages:
  - sample: own
    case: own
    language: en
    span: [{start}, {start + len(text)}]
    sha256: {digest}
    results:
      - {{metric: downtime, direction: down, change: "20", unit: percent, claimable: true}}
""",
            encoding="utf-8",
        )
        return measure_outcomes(tmp_path / "own.md", labels)

    scores = label(text)["own"]
    assert (scores.sure, scores.right, scores.precision_sure) == (1, 1, 1)
    with pytest.raises(LabelsDoNotFit):
        label("Downtime fell by 30%.")
