"""How often people are written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from evaluation_samples import NOW
from fitness_samples import rules
from hypothesis import given
from hypothesis import strategies as st

from evaluation import load_packs
from evaluation.fitness.fatigue import judge_fatigue, overwritten
from evaluation.fitness.people import ContactHistory, history_of

PACK = load_packs().topics["fatigue"]


def history(week: int = 0, month: int = 0, hours: float | None = None) -> ContactHistory:
    return ContactHistory("c_1", week, month, hours)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (history(), ()),
        (history(1, 5, 48), ()),
        (history(2, 2, 60), ("fatigue.per_7_days",)),
        (history(0, 6), ("fatigue.per_30_days",)),
        (history(1, 1, 47.9), ("fatigue.too_soon",)),
        (history(3, 9, 2), ("fatigue.per_7_days", "fatigue.per_30_days", "fatigue.too_soon")),
    ],
)
def test_this_mail_counts_as_well(one: ContactHistory, found: tuple[str, ...]) -> None:
    assert overwritten(one, PACK) == found


def test_findings_count_people_and_name_nobody() -> None:
    found = judge_fatigue([history(2, 2), history(5, 9), history()], PACK)
    assert rules(found) == ["per_7_days", "per_30_days"]
    assert "2 of 3" in found[0].message
    assert "1 of 3" in found[1].message
    assert "c_1" not in " ".join(item.message for item in found)
    (chinese,) = judge_fatigue([history(2, 2), history()], PACK, say="zh-Hans")
    assert "2 位联系人中有 1 位" in chinese.message


def test_a_history_is_counted_back_from_the_day_the_mail_is_due() -> None:
    ages = (timedelta(hours=30), timedelta(days=6), timedelta(days=8), timedelta(days=31))
    times = [NOW - age for age in ages]
    found = history_of("c_1", [*times, NOW + timedelta(days=1)], NOW)
    assert found == ContactHistory("c_1", 2, 3, 30.0)
    assert history_of("c_1", [], NOW) == ContactHistory("c_1", 0, 0)


def test_nobody_gives_nothing() -> None:
    assert judge_fatigue([], PACK) == ()


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0, 1e4) | st.none())
def test_more_mails_never_break_fewer_rules(week: int, month: int, hours: float | None) -> None:
    fewer = set(overwritten(history(week, month, hours), PACK))
    assert fewer <= set(overwritten(history(week + 1, month + 1, hours), PACK))
