"""Whatever is done to an audit chain before its end is found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.decision import AuditEntry
from review import link, read_lines, to_json_line, verify_chain

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), max_size=12)
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 (Hypothesis takes bounds without one)
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
PAYLOADS = st.dictionaries(TEXT, TEXT, max_size=3)
RECORDS = st.tuples(MOMENTS, TEXT, TEXT, TEXT, PAYLOADS)


def linked(records: list[tuple[Any, ...]]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for record in records:
        entries.append(link(entries[-1] if entries else None, *record))
    return entries


CHAINS = st.lists(RECORDS, max_size=8).map(linked)
SOME = st.lists(RECORDS, min_size=1, max_size=8).map(linked)
LONGER = st.lists(RECORDS, min_size=2, max_size=8).map(linked)


@given(CHAINS)
def test_an_untouched_chain_holds_and_outlives_its_export(entries: list[AuditEntry]) -> None:
    report = verify_chain(entries, head=entries[-1].hash if entries else None)
    assert (report.ok, report.count, report.first_bad) == (True, len(entries), None)
    assert list(read_lines(map(to_json_line, entries))) == entries


@given(SOME, st.data())
def test_altering_any_field_of_any_entry_is_found(
    entries: list[AuditEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    changed: dict[str, Any] = {
        "seq": entry.seq + data.draw(st.integers(-3, 3)),
        "at": entry.at + timedelta(microseconds=data.draw(st.integers(-2, 2))),
        "actor": data.draw(TEXT),
        "action": data.draw(TEXT),
        "subject": data.draw(TEXT),
        "payload": data.draw(PAYLOADS),
        "previous": "0" * 64,
        "hash": "f" * 64,
    }
    name = data.draw(st.sampled_from(sorted(changed)))
    altered = replace(entry, **{name: changed[name]})
    assume(altered != entry)
    report = verify_chain([*entries[:place], altered, *entries[place + 1 :]])
    assert (report.ok, report.first_bad) == (False, place + 1)
    assert report.why


@given(LONGER, st.data())
def test_deleting_any_entry_before_the_last_is_found(
    entries: list[AuditEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    report = verify_chain([*entries[:place], *entries[place + 1 :]])
    assert (report.ok, report.first_bad) == (False, place + 1)


@given(SOME, st.integers(1, 8))
def test_deleting_the_end_is_found_by_the_expected_head(
    entries: list[AuditEntry], count: int
) -> None:
    left = entries[: max(0, len(entries) - count)]
    assert verify_chain(left).ok
    assert not verify_chain(left, head=entries[-1].hash).ok
    assert not verify_chain(left, contains=entries[-1].hash).ok


@given(SOME, RECORDS, st.data())
def test_inserting_an_entry_anywhere_is_found(
    entries: list[AuditEntry], record: tuple[Any, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries)))
    forged = link(entries[place - 1] if place else None, *record)  # well linked to the one before
    longer = [*entries[:place], forged, *entries[place:]]
    assert not verify_chain(longer, head=entries[-1].hash).ok
    if place < len(entries):
        assert not verify_chain(longer).ok


@given(LONGER, st.data())
def test_swapping_any_two_entries_is_found(entries: list[AuditEntry], data: st.DataObject) -> None:
    one = data.draw(st.integers(0, len(entries) - 2))
    two = data.draw(st.integers(one + 1, len(entries) - 1))
    swapped = list(entries)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    report = verify_chain(swapped)
    assert (report.ok, report.first_bad) == (False, one + 1)


@given(LONGER, st.data())
def test_repeating_an_entry_is_found(entries: list[AuditEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    assert not verify_chain([*entries[: place + 1], *entries[place:]]).ok


@given(SOME, st.data())
def test_changing_one_character_of_an_export_is_found(
    entries: list[AuditEntry], data: st.DataObject
) -> None:
    text = "".join(map(to_json_line, entries))
    place = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.characters(codec="ascii", exclude_characters="\r\n" + text[place]))
    changed = text[:place] + other + text[place + 1 :]
    try:
        report = verify_chain(read_lines(changed.split("\n")))
    except ValueError:  # UnreadableLine
        return
    assert not report.ok
