"""Each contact falls into at most one segment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from audience_samples import a_contact
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.audience import Consent, ConsentKind
from contracts.brief import SegmentRule
from personalize.audience import BadSegment, check_rules, segment_of, split

FOOD = a_contact(industry="food", country="DE", role="maintenance", language="de")


def holds(contact: object, **where: Any) -> bool:
    return segment_of(contact, [SegmentRule(name="s", where=where)]) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "where, expected",
    [
        ({}, True),
        ({"industry": "food"}, True),
        ({"industry": "FOOD"}, True),
        ({"industry": "Lebensmittel"}, True),
        ({"industry": ["automotive", "food"]}, True),
        ({"industry": {"in": ["food"]}}, True),
        ({"industry": {"not": "food"}}, False),
        ({"industry": {"not": ["automotive"]}}, True),
        ({"country": "Germany", "role": "maintenance"}, True),
        ({"country": "Germany", "role": "quality"}, False),
        ({"region": "europe"}, True),
        ({"region": "china"}, False),
        ({"language": "deutsch"}, True),
        ({"company": ""}, True),
        ({"title": {"not": ""}}, False),
        ({"consent": "none"}, True),
        ({"consent_at": {"gte": "2026-01-01"}}, False),
    ],
)
def test_comparisons(where: dict[str, Any], expected: bool) -> None:
    assert holds(FOOD, **where) is expected


def test_days_have_an_order() -> None:
    contact = a_contact(consent=Consent(ConsentKind.EXPRESS, date(2026, 3, 12)))
    assert holds(contact, consent_at={"gte": "2026-03-12", "lt": "2026-04-01"})
    assert not holds(contact, consent_at={"gt": date(2026, 3, 12)})
    assert holds(contact, consent_at=date(2026, 3, 12))


@pytest.mark.parametrize(
    "where, says",
    [
        ({"industri": "food"}, 'did you mean "industry"'),
        ({"industry": "fod"}, 'did you mean "food"'),
        ({"industry": {"nott": "food"}}, 'did you mean "not"'),
        ({"industry": {}}, "no comparison"),
        ({"industry": {"gte": "food"}}, "no order"),
        ({"country": False}, "in quotes"),
        ({"country": "Atlantis"}, "not known"),
        ({"consent_at": {"gte": "12.03.2026"}}, "2026-03-12"),
        ({"consent": "maybe"}, "known"),
        ({"role": {"in": [{"x": 1}]}}, "no text"),
    ],
)
def test_a_rule_that_cannot_hold_is_an_error(where: dict[str, Any], says: str) -> None:
    with pytest.raises(BadSegment, match=says):
        check_rules([SegmentRule(name="s", where=where)])


def test_two_segments_of_one_name_are_an_error() -> None:
    with pytest.raises(BadSegment, match="rename"):
        check_rules([SegmentRule(name="s"), SegmentRule(name="s")])


def test_the_first_rule_that_holds_takes_the_contact() -> None:
    rules = [
        SegmentRule(name="chemicals", where={"industry": "chemicals"}),
        SegmentRule(name="german", where={"country": "DE"}),
        SegmentRule(name="food", where={"industry": "food"}),
    ]
    found = segment_of(FOOD, rules)
    assert found is not None
    assert found.name == "german"
    divided = split([FOOD], rules)
    assert divided.by_segment == {"chemicals": (), "german": (FOOD,), "food": ()}
    assert segment_of(a_contact(), rules) is None


INDUSTRIES = st.sampled_from(["", "food", "automotive", "logistics", "chemicals"])
COUNTRIES = st.sampled_from(["", "DE", "US", "CN"])
CONTACTS = st.lists(
    st.builds(
        lambda i, c, n: a_contact(id=f"c_{n}", industry=i, country=c),
        INDUSTRIES,
        COUNTRIES,
        st.integers(0, 10**9),
    ),
    max_size=12,
    unique_by=lambda contact: contact.id,
)
VALUES = st.one_of(
    INDUSTRIES, st.lists(INDUSTRIES, max_size=3), INDUSTRIES.map(lambda value: {"not": value})
)
RULES = st.lists(VALUES, max_size=4).map(
    lambda found: [SegmentRule(name=f"s{n}", where={"industry": v}) for n, v in enumerate(found)]
)


@settings(deadline=None)
@given(CONTACTS, RULES)
def test_every_contact_is_in_one_segment_or_in_none(contacts: list[Any], rules: list[Any]) -> None:
    divided = split(contacts, rules)
    placed = [c.id for members in divided.by_segment.values() for c in members]
    placed += [c.id for c in divided.unmatched]
    assert sorted(placed) == sorted(c.id for c in contacts)
    for name, members in divided.by_segment.items():
        for contact in members:
            rule = segment_of(contact, rules)
            assert rule is not None
            assert rule.name == name
