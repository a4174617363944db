"""Whether people are written to more often than they put up with."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.verdict import Finding, Place
from evaluation.fitness.people import ContactHistory
from evaluation.rulefiles import TopicPack

__all__ = ["judge_fatigue", "overwritten"]

_EVERYBODY = Place("recipients")
_RULES = ("fatigue.per_7_days", "fatigue.per_30_days", "fatigue.too_soon")


def overwritten(history: ContactHistory, pack: TopicPack) -> tuple[str, ...]:
    """The rules that one more mail to this contact would break, the shortest time first."""
    limits = pack.limits
    hours = history.hours_since_last
    broken = (
        history.last_7_days + 1 > limits["per_7_days"],
        history.last_30_days + 1 > limits["per_30_days"],
        hours is not None and hours < limits["least_hours"],
    )
    return tuple(rule for rule, breaks in zip(_RULES, broken, strict=True) if breaks)


def judge_fatigue(
    histories: Sequence[ContactHistory], pack: TopicPack, *, say: str = ""
) -> tuple[Finding, ...]:
    """A finding for each rule that the mail would break for some of its recipients, with how many
    they are. Nobody is named; `overwritten` tells for one contact. No histories, no findings.

    Args:
        pack: the topic `fatigue`.
    """
    counts = dict.fromkeys(_RULES, 0)
    for history in histories:
        for rule in overwritten(history, pack):
            counts[rule] += 1
    return tuple(
        pack.rule(rule).finding(
            _EVERYBODY,
            say=say,
            count=count,
            total=len(histories),
            limit=f"{pack.limits[_LIMITS[rule]]:g}",
        )
        for rule, count in counts.items()
        if count
    )


_LIMITS = {
    "fatigue.per_7_days": "per_7_days",
    "fatigue.per_30_days": "per_30_days",
    "fatigue.too_soon": "least_hours",
}
