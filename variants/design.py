"""How many arms a segment can bear.

A test that cannot find the difference it was made for only halves the audience of the
better mail. So the number of arms follows from the number of recipients, and one arm,
that is no experiment, is an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from contracts.brief import ExperimentPlan

__all__ = ["Design", "design", "recipients_per_arm"]

ALPHA = 0.05  # two-sided
POWER = 0.80


@dataclass(frozen=True, slots=True)
class Design:
    arms: int  # at least 1; 1 means that no experiment is made
    per_arm_needed: int
    recipients: int  # after the holdout
    why: str


def recipients_per_arm(
    baseline: float, lift: float, *, alpha: float = ALPHA, power: float = POWER
) -> int:
    """Recipients that each arm needs to find a relative change of `lift` from `baseline`.

    Normal approximation for two proportions with unpooled variance
    (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., 4.2,
    without continuity correction):
    n = (z_{1-alpha/2} sqrt(2 p q) + z_{power} sqrt(p1 q1 + p2 q2))^2 / (p2 - p1)^2.

    Args:
        baseline: expected rate, 0 to 1, both exclusive.
        lift: relative change worth finding, above 0; 1.0 means twice the rate.

    Raises:
        ValueError: the changed rate would not be below 1.
    """
    first, second = baseline, baseline * (1 + lift)
    if not 0 < first < second < 1:
        raise ValueError(f"a rate of {first} cannot change by {lift:+.0%}")
    mean = (first + second) / 2
    z_alpha = NormalDist().inv_cdf(1 - alpha / 2)
    z_power = NormalDist().inv_cdf(power)
    spread = z_alpha * math.sqrt(2 * mean * (1 - mean)) + z_power * math.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    return math.ceil((spread / (second - first)) ** 2)


def design(recipients: int, variants: int, plan: ExperimentPlan) -> Design:
    """The arms that `recipients` people can bear, at most `variants` and the plan's number."""
    rest = recipients - math.floor(recipients * plan.holdout)
    needed = recipients_per_arm(plan.baseline, plan.lift)
    arms = max(1, min(variants, plan.max_variants, rest // needed))
    if arms == 1:
        why = (
            f"{rest} recipients: an experiment needs {needed} an arm to find a change of "
            f"{plan.lift:+.0%} from {plan.baseline:.1%} ({plan.metric}); one variant is sent"
        )
    else:
        why = f"{rest} recipients, {needed} needed an arm"
    return Design(arms, needed, rest, why)
