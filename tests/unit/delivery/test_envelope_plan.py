from datetime import datetime, timedelta

import pytest
from delivery_samples import NOON
from hypothesis import given
from hypothesis import strategies as st

from delivery import PlannedRecipient, PlanRefused, envelope_key, plan_envelopes


def recipients(count: int) -> list[PlannedRecipient]:
    return [
        PlannedRecipient(f"c_{n}", f"p{n}@example.net", "e_1", "s_1", arm="ab"[n % 2])
        for n in range(count)
    ]


def test_each_contact_gets_one_envelope_with_what_was_planned_for_it():
    planned = plan_envelopes(recipients(5), "spring", NOON)

    assert {item.contact_id: item.address for item in planned} == {
        f"c_{n}": f"p{n}@example.net" for n in range(5)
    }
    assert {(item.edition_id, item.seal, item.campaign) for item in planned} == {
        ("e_1", "s_1", "spring")
    }
    assert len({item.id for item in planned}) == len({item.key for item in planned}) == 5


@given(st.permutations(range(12)))
def test_the_order_of_the_list_changes_nothing(order):
    people = recipients(12)
    shuffled = [people[place] for place in order]

    assert plan_envelopes(shuffled, "spring", NOON, 7) == plan_envelopes(people, "spring", NOON, 7)


@given(st.integers(1, 600), st.integers(1, 90))
def test_no_minute_holds_more_than_the_rate(rate, count):
    planned = plan_envelopes(recipients(count), "spring", NOON, rate)

    due = [item.due_at for item in planned]
    assert due == sorted(due)
    assert due[0] == NOON
    per_minute = [sum(t <= other < t + timedelta(minutes=1) for other in due) for t in due]
    assert max(per_minute) <= rate
    assert due[-1] - NOON < timedelta(minutes=count / rate)


def test_the_key_depends_on_contact_and_campaign_only():
    assert envelope_key("spring", "c_1") == envelope_key("spring", "c_1")
    assert len({envelope_key(c, p) for c in ("spring", "autumn") for p in ("c_1", "c_2")}) == 4


def test_no_recipients_give_no_envelopes():
    assert plan_envelopes([], "spring", NOON, 10) == ()


@pytest.mark.parametrize(
    "people, start, rate",
    [
        (recipients(2) + recipients(1), NOON, None),
        (recipients(1), datetime(2026, 3, 2, 12, 0), None),  # noqa: DTZ001
        (recipients(1), NOON, 0),
    ],
    ids=["contact twice", "no zone", "rate zero"],
)
def test_a_plan_that_cannot_hold_is_refused(people, start, rate):
    with pytest.raises(PlanRefused):
        plan_envelopes(people, "spring", start, rate)
