from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluation.spam.areas import area, calibration_error, difference_of_areas, interval_of_area

scores = arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9).map(float))


@given(scores, scores)
def test_the_area_is_the_share_of_pairs_in_order(above: np.ndarray, below: np.ndarray) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in above for b in below]
    assert area(above, below) == pytest.approx(sum(pairs) / len(pairs))
    assert area(above, below) + area(below, above) == pytest.approx(1.0)


def test_an_interval_holds_its_area_and_widens_with_families() -> None:
    dice = np.random.default_rng(1)
    truth = np.arange(200) % 2 == 0
    values = dice.normal(size=200) + truth
    apart = np.arange(200)
    together = np.arange(200) // 20 * 2 + truth  # ten to a family
    values = values + dice.normal(size=41)[together]
    narrow = interval_of_area(values, truth, ~truth, apart)
    wide = interval_of_area(values, truth, ~truth, together)
    for found in (narrow, wide):
        assert found.low <= found.value <= found.high
        assert found.value == pytest.approx(area(values[truth], values[~truth]))
    assert wide.high - wide.low > narrow.high - narrow.low
    assert interval_of_area(values, truth, ~truth, apart) == narrow


def test_two_scores_of_the_same_mails_are_compared_in_pairs() -> None:
    dice = np.random.default_rng(2)
    truth = np.arange(120) % 2 == 0
    better = truth + dice.normal(size=120) * 0.5
    worse = better + dice.normal(size=120)
    family = np.arange(120)
    found = difference_of_areas(better, worse, truth, ~truth, family)
    assert found.value > 0
    assert found.low > 0
    none = difference_of_areas(better, better, truth, ~truth, family)
    assert (none.value, none.low, none.high) == (0.0, 0.0, 0.0)


def test_chances_are_held_against_shares() -> None:
    truth = np.arange(1000) % 4 == 0
    amounts = np.ones(1000)
    assert calibration_error(np.full(1000, 0.25), truth, amounts) == pytest.approx(0.0)
    assert calibration_error(np.full(1000, 0.95), truth, amounts) == pytest.approx(0.7)
    assert calibration_error(truth.astype(float), truth, amounts) == pytest.approx(0.0)
