from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.brief import ExperimentPlan
from contracts.mail import Alternative, Draft, Module, ModuleKind, Slot
from variants import HOLDOUT, BadExperiment, assign, design, generate, recipients_per_arm, tactics

KIND = {
    Slot.SUBJECT: ModuleKind.SUBJECT,
    Slot.OPENER: ModuleKind.OPENER,
    Slot.CALL_TO_ACTION: ModuleKind.CALL_TO_ACTION,
}


def draft(subjects: int = 3, openers: int = 2, calls: int = 2) -> Draft:
    names = {
        Slot.SUBJECT: ("result", "peer", "question", "topic"),
        Slot.OPENER: ("question", "purpose", "peer"),
        Slot.CALL_TO_ACTION: ("main_request", "second_request"),
    }
    counts = {Slot.SUBJECT: subjects, Slot.OPENER: openers, Slot.CALL_TO_ACTION: calls}
    alternatives = tuple(
        Alternative(slot, names[slot][index], Module(KIND[slot], f"{slot} {index}"))
        for slot, count in counts.items()
        for index in range(count)
    )
    modules = tuple(Module(kind, f"{slot} 0") for slot, kind in KIND.items())
    return Draft("c", "s", "en", modules, alternatives, ("case",), 0, "composer")


def test_each_variant_differs_from_the_control_in_one_slot() -> None:
    made = generate(draft(), tuple(Slot), 4)
    assert len(made) == 4
    control = made[0]
    for variant in made[1:]:
        changed = [
            slot for slot in control.tactics if variant.tactics[slot] != control.tactics[slot]
        ]
        assert len(changed) == 1


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(1, 4))
def test_there_are_never_too_many_and_never_two_alike(s: int, o: int, c: int, most: int) -> None:
    made = generate(draft(s, o, c), tuple(Slot), most)
    assert 1 <= len(made) <= most
    assert len({variant.id for variant in made}) == len(made)
    assert len(made) == min(most, 1 + (s - 1) + (o - 1) + (c - 1))


def test_slots_that_the_brief_does_not_name_stay_as_they_are() -> None:
    made = generate(draft(), ("subject",), 4)
    assert {variant.tactics["opener"] for variant in made} == {"question"}


def test_an_unknown_tactic_is_refused_by_name() -> None:
    bad = Alternative(Slot.SUBJECT, "hypnosis", Module(ModuleKind.SUBJECT, "x"))
    broken = Draft("c", "s", "en", (), (bad,), (), 0, "composer")
    with pytest.raises(BadExperiment, match="hypnosis"):
        generate(broken)


def test_every_tactic_says_what_it_is() -> None:
    assert all(item.name and item.why and item.slots for item in tactics().values())


def test_recipients_per_arm_by_hand() -> None:
    """p1 = .03, p2 = .06, so p = .045:
    (1.95996 * sqrt(2 * .045 * .955) + .84162 * sqrt(.0291 + .0564))^2 / .03^2
    = (.574617 + .246091)^2 / .0009 = .673562 / .0009 = 748.4."""
    assert recipients_per_arm(0.03, 1.0) == 749


@pytest.mark.parametrize(
    "recipients, arms", [(0, 1), (60, 1), (1497, 1), (1498, 2), (2247, 3), (10**6, 3)]
)
def test_a_segment_gets_the_arms_it_can_bear(recipients: int, arms: int) -> None:
    plan = ExperimentPlan(slots=("subject",), max_variants=3)
    made = design(recipients, 4, plan)
    assert made.arms == arms
    assert str(made.per_arm_needed) in made.why


def test_a_rate_that_cannot_double_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot change"):
        recipients_per_arm(0.6, 1.0)


@given(st.text(min_size=1), st.integers(1, 4))
def test_assignment_depends_on_nothing_else(contact: str, arms: int) -> None:
    first = assign("campaign", "segment", contact, arms)
    assert 0 <= first < arms
    assert first == assign("campaign", "segment", contact, arms)


def test_shares_are_even_and_the_holdout_is_as_asked() -> None:
    counts = Counter(assign("c", "s", f"contact {n}", 4, 0.2) for n in range(20_000))
    assert abs(counts[HOLDOUT] - 4000) < 250  # 4.4 standard deviations
    for arm in range(4):
        assert abs(counts[arm] - 4000) < 250
