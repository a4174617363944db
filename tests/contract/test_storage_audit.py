"""The audit chain as each database keeps it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest
from storage_samples import MINUTE, NOW

from review import verify_chain
from storage import NoAuditLink, Store, open_store

PAYLOAD = {"why": "Grund – 理由 \u2028", "": "empty key"}


def test_entries_come_back_equal_and_in_order(store: Store) -> None:
    with store.begin() as tx:
        assert tx.audit.head() is None
        assert list(tx.audit.entries()) == []
        made = [tx.audit.append("u", "test", f"s{n}", PAYLOAD, NOW + n * MINUTE) for n in range(9)]
    with store.read() as tx:
        assert list(tx.audit.entries()) == made
        assert list(tx.audit.entries(after=6)) == made[6:]
        assert tx.audit.head() == made[-1]
    assert verify_chain(made, head=made[-1].hash).ok


def test_a_time_of_another_zone_does_not_break_the_chain(store: Store) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5, minutes=45)))
    with store.begin() as tx:
        tx.audit.append("u", "test", "s", {}, local)
    with store.read() as tx:
        entries = list(tx.audit.entries())
    assert verify_chain(entries).ok
    assert entries[0].at == NOW


def test_a_long_chain_is_read_whole(store: Store) -> None:
    with store.begin() as tx:
        for number in range(1203):
            tx.audit.append("u", "test", str(number), {}, NOW)
    with store.read() as tx:
        report = verify_chain(tx.audit.entries())
    assert (report.ok, report.count) == (True, 1203)


def test_concurrent_appends_make_one_chain(store: Store, open_again) -> None:
    def work(worker: int) -> None:
        own = open_again() if worker % 2 else store
        for number in range(15):
            with own.begin() as tx:
                tx.audit.append(f"u{worker}", "test", str(number), {}, NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with store.read() as tx:
        entries = list(tx.audit.entries())
    assert verify_chain(entries).ok
    assert [entry.seq for entry in entries] == list(range(1, 121))
    for worker in range(8):
        subjects = [entry.subject for entry in entries if entry.actor == f"u{worker}"]
        assert subjects == [str(number) for number in range(15)]


def test_an_entry_that_was_taken_back_leaves_no_gap(store: Store) -> None:
    for number in range(3):
        with store.begin() as tx:
            tx.audit.append("u", "test", str(number), {}, NOW)
        try:
            with store.begin() as tx:
                tx.audit.append("u", "test", "lost", {}, NOW)
                raise RuntimeError
        except RuntimeError:
            pass
    with store.read() as tx:
        entries = list(tx.audit.entries())
    assert [entry.subject for entry in entries] == ["0", "1", "2"]
    assert verify_chain(entries).ok


def test_without_a_link_it_can_only_be_read(store: Store, url: str) -> None:
    with store.begin() as tx:
        tx.audit.append("u", "test", "s", {}, NOW)
    with open_store(url, b"a secret for the tests, 32 bytes") as other:
        with other.begin() as tx, pytest.raises(NoAuditLink):
            tx.audit.append("u", "test", "s", {}, NOW)
        with other.read() as tx:
            assert len(list(tx.audit.entries())) == 1
