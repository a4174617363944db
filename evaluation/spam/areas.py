"""Areas under the curve of true over false alarms, with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = [
    "Flags",
    "Floats",
    "Interval",
    "Numbers",
    "area",
    "calibration_error",
    "difference_of_areas",
    "interval_of_area",
]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

_DRAWS = 2000
_SEED = 19790101
_OUTSIDE = (2.5, 97.5)  # percent: what lies between is the interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with the bounds between which it lies at 95 %."""

    value: float
    low: float
    high: float


def area(above: Floats, below: Floats) -> float:
    """The chance that a number of `above` is greater than one of `below`, ties as half: the
    area under the curve (J. Hanley, B. McNeil, The meaning and use of the area under a ROC
    curve, 1982). Both must hold some."""
    return _weighted_area(above, below, np.ones(len(above)), np.ones(len(below)))


def interval_of_area(scores: Floats, positive: Flags, negative: Flags, family: Numbers) -> Interval:
    """The area with its interval by drawing whole families with replacement, so that near
    copies do not pass for independent mails (a cluster bootstrap: A. Davison, D. Hinkley,
    Bootstrap Methods, 1997, §3.8). The draws are the same every time."""

    def measure(amounts: Floats) -> float:
        return _weighted_area(
            scores[positive], scores[negative], amounts[positive], amounts[negative]
        )

    return _drawn(measure, positive | negative, family)


def difference_of_areas(
    one: Floats, other: Floats, positive: Flags, negative: Flags, family: Numbers
) -> Interval:
    """How much greater the area of `one` is, both measured on the same draws."""

    def measure(amounts: Floats) -> float:
        above, below = amounts[positive], amounts[negative]
        return _weighted_area(one[positive], one[negative], above, below) - _weighted_area(
            other[positive], other[negative], above, below
        )

    return _drawn(measure, positive | negative, family)


def calibration_error(chances: Floats, truth: Flags, amounts: Floats) -> float:
    """How far chances are from shares on the mean: the difference of the mean chance and the
    share of true ones in each tenth of the scale, weighted by what lies there (M. Naeini and
    others, Obtaining well calibrated probabilities using Bayesian binning, 2015, §4)."""
    tenth = np.minimum((chances * 10).astype(np.int64), 9)
    gaps = 0.0
    for number in range(10):
        here = tenth == number
        gaps += abs(float((amounts[here] * (chances[here] - truth[here])).sum()))
    return gaps / float(amounts.sum())


def _drawn(measure: Callable[[Floats], float], used: Flags, family: Numbers) -> Interval:
    """`measure` takes how often each mail was drawn."""
    known, place = np.unique(family[used], return_inverse=True)
    generator = np.random.default_rng(_SEED)
    amounts = np.zeros(len(family))
    found = []
    for _ in range(_DRAWS):
        times = np.bincount(generator.integers(0, len(known), len(known)), minlength=len(known))
        amounts[used] = times[place]
        drawn = measure(amounts)
        if not np.isnan(drawn):
            found.append(drawn)
    amounts[used] = 1.0
    low, high = np.percentile(found, _OUTSIDE) if found else (np.nan, np.nan)
    return Interval(measure(amounts), float(low), float(high))


def _weighted_area(above: Floats, below: Floats, many: Floats, others: Floats) -> float:
    """The area where each number stands `many` times. NaN where a side holds none."""
    total = many.sum() * others.sum()
    if total == 0:
        return float("nan")
    order = np.argsort(below, kind="stable")
    ranked, running = below[order], np.concatenate([[0.0], np.cumsum(others[order])])
    under = running[np.searchsorted(ranked, above, "left")]
    upto = running[np.searchsorted(ranked, above, "right")]
    return float((many * (under + upto) / 2.0).sum() / total)
