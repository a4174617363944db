"""The chain and its export; what Hypothesis does to it is in tests/property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from contracts.decision import AuditEntry
from review import (
    FIRST,
    AddressInAudit,
    ChainReport,
    UnreadableLine,
    link,
    read_lines,
    to_json_line,
    verify_chain,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        previous = entries[-1] if entries else None
        payload = {"why": f"Grund {number}\n\u2028 理由"}
        entries.append(link(previous, AT, "u_anna", "approve", f"d_{number}", payload))
    return entries


def test_entries_are_numbered_and_linked() -> None:
    first, second = chain(2)
    assert (first.seq, first.previous) == (1, FIRST)
    assert (second.seq, second.previous) == (2, first.hash)
    assert len({FIRST, first.hash, second.hash}) == 3


def test_the_hash_stays_the_same_over_releases() -> None:
    """If this fails, no audit in the world verifies any more."""
    assert chain(2)[-1].hash == GOLDEN


def test_an_empty_chain_is_whole_unless_more_was_expected() -> None:
    assert verify_chain([]) == ChainReport(ok=True, count=0)
    assert verify_chain([], head=FIRST).ok
    assert not verify_chain([], head="a" * 64).ok


def test_a_cut_off_end_is_found_by_the_expected_head_only() -> None:
    entries = chain(5)
    assert verify_chain(entries[:3]).ok
    report = verify_chain(entries[:3], head=entries[-1].hash)
    assert (report.ok, report.count, report.first_bad) == (False, 3, 4)
    assert "head" in report.why
    assert verify_chain(entries, head=entries[-1].hash).ok


def test_a_hash_noted_earlier_is_found_in_a_chain_that_has_grown() -> None:
    entries = chain(5)
    assert verify_chain(entries, contains=entries[2].hash).ok
    assert not verify_chain(entries[:2], contains=entries[2].hash).ok


def test_a_chain_rewritten_to_its_end_is_found_by_a_noted_hash() -> None:
    entries = chain(5)
    rewritten = entries[:2]
    for entry in entries[2:]:
        rewritten.append(link(rewritten[-1], AT, "u_eve", entry.action, entry.subject, {}))
    assert verify_chain(rewritten).ok
    assert not verify_chain(rewritten, contains=entries[3].hash).ok


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    zone = timezone(timedelta(hours=8))
    assert link(None, AT.astimezone(zone), "u", "a", "s", {}) == link(None, AT, "u", "a", "s", {})


@pytest.mark.parametrize(
    "subject, payload", [("a@b.example", {}), ("s", {"k": "to <a@b.example>"})]
)
def test_an_address_is_refused_and_not_repeated(subject: str, payload: dict[str, str]) -> None:
    with pytest.raises(AddressInAudit) as caught:
        link(None, AT, "u", "a", subject, payload)
    assert "@" not in str(caught.value)


def test_a_time_without_a_zone_and_values_that_are_no_text_are_refused() -> None:
    with pytest.raises(TypeError, match="zone"):
        link(None, AT.replace(tzinfo=None), "u", "a", "s", {})
    with pytest.raises(TypeError, match="text"):
        link(None, AT, "u", "a", "s", {"count": 3})  # type: ignore[dict-item]


def test_an_export_is_verified_without_the_database(tmp_path: Path) -> None:
    entries = chain(4)
    path = tmp_path / "audit.jsonl"
    path.write_text("".join(map(to_json_line, entries)), encoding="utf-8")
    assert len(path.read_bytes().splitlines()) == 4
    with path.open(encoding="utf-8") as file:
        read = list(read_lines(file))
    assert read == entries
    assert verify_chain(read, head=entries[-1].hash).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace("u_anna", "u_eve").replace('"seq":1', '"seq":"1"'),
        lambda line: line.replace("{", "{ ", 1),
        lambda line: line.replace("}", ',"extra":"x"}', 1),
        lambda line: line.replace('"seq":1', '"seq":1,"seq":1'),
        lambda line: line.replace('"actor":"u_anna",', ""),
        lambda line: line[:-10] + "\n",
        lambda line: "[]\n",
        lambda line: line.replace("+00:00", ""),
    ],
)
def test_a_line_that_is_not_as_written_is_named(change) -> None:
    entries = chain(2)
    lines = ["\n", to_json_line(entries[1]), change(to_json_line(entries[0]))]
    assert lines[2] != to_json_line(entries[0])
    with pytest.raises(UnreadableLine, match="line 3") as caught:
        list(read_lines(lines))
    assert "Grund" not in str(caught.value)


GOLDEN = "cd84ead365860d94d95cbc604731ed68b90e87307066dc9f2cc66df74f7edc3c"
