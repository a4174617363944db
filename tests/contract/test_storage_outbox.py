"""The outbox: nothing lost, nothing twice, suppression read last. On every database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from storage_samples import MINUTE, NOW, a_contact, an_envelope

from contracts.audience import Contact, ContactStatus
from contracts.delivery import Envelope, EnvelopeState
from storage import OUTCOME_UNKNOWN, Claimed, DropReason, NotAStep, Store

LEASE = timedelta(minutes=5)
LATE = NOW + LEASE + MINUTE


def yes(contact: Contact) -> str:
    del contact
    return ""


def fill(store: Store, count: int, **changes: object) -> None:
    with store.begin() as tx:
        for number in range(1, count + 1):
            tx.contacts.put(a_contact(number))
        assert tx.enqueue([an_envelope(n, **changes) for n in range(1, count + 1)]) == count


def nothing(claimed: Claimed | None) -> bool:
    return claimed is None or claimed.envelope is None


def claim(store: Store, now=NOW) -> Claimed:
    claimed = store.outbox.claim(now, "w", LEASE, yes)
    assert claimed is not None
    return claimed


def got(store: Store, number: int = 1) -> Envelope:
    envelope = store.outbox.get(f"env_{number}")
    assert envelope is not None
    return envelope


class TestEnqueue:
    def test_an_envelope_comes_back_equal(self, store: Store) -> None:
        assert store.outbox.enqueue([an_envelope()]) == 1
        assert got(store) == an_envelope()
        assert store.outbox.get("env_2") is None

    def test_twice_is_once(self, store: Store) -> None:
        three = [an_envelope(n) for n in (1, 2, 3)]
        assert store.outbox.enqueue(three[:2]) == 2
        assert store.outbox.enqueue(three) == 1
        assert store.outbox.enqueue([]) == 0
        # the key decides, whatever else differs; also within one call
        again = [an_envelope(4, key="key_1"), an_envelope(5), an_envelope(6, key="key_5")]
        assert store.outbox.enqueue(again) == 1
        assert store.outbox.counts()[EnvelopeState.DUE] == 4

    def test_many_at_once(self, store: Store) -> None:
        assert store.outbox.enqueue([an_envelope(n) for n in range(3000)]) == 3000
        assert len(store.outbox.list(limit=None)) == 3000
        assert len(store.outbox.list()) == 100

    def test_lists_and_counts_by_campaign_and_state(self, store: Store) -> None:
        store.outbox.enqueue(
            [
                an_envelope(1, due_at=NOW + MINUTE),
                an_envelope(2, due_at=NOW),
                an_envelope(3, campaign="other"),
                an_envelope(4, state=EnvelopeState.HELD, reason="by hand"),
            ]
        )
        listed = store.outbox.list("spring", EnvelopeState.DUE)
        assert [envelope.id for envelope in listed] == ["env_2", "env_1"]
        assert len(store.outbox.list("spring", limit=2)) == 2
        counts = store.outbox.counts("spring")
        assert (counts[EnvelopeState.DUE], counts[EnvelopeState.HELD]) == (2, 1)
        assert set(counts) == set(EnvelopeState)
        assert sum(store.outbox.counts().values()) == 4


class TestClaim:
    def test_the_oldest_that_is_due(self, store: Store) -> None:
        fill(store, 3, due_at=NOW)
        with store.begin() as tx:
            tx.contacts.put(a_contact(4))
            tx.enqueue([an_envelope(4, due_at=NOW - MINUTE)])
        first = claim(store)
        assert first.envelope.id == "env_4"
        assert first.dropped == 0
        assert first.envelope == got(store, 4)
        assert first.envelope.state is EnvelopeState.SENDING
        assert (first.envelope.worker, first.envelope.attempts) == ("w", 1)
        assert first.envelope.lease_until == NOW + LEASE
        second = claim(store)
        assert second.envelope.id == "env_1"
        assert second.envelope.claim != first.envelope.claim

    def test_not_before_its_time(self, store: Store) -> None:
        fill(store, 1, due_at=NOW + MINUTE)
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        assert claim(store, NOW + MINUTE).envelope.id == "env_1"
        assert nothing(store.outbox.claim(LATE, "w", LEASE, yes))

    def test_suppressed_between_enqueue_and_claim(self, store: Store) -> None:
        fill(store, 3)
        with store.begin() as tx:
            tx.suppressions.add("person1@example.com", "unsubscribed", NOW)
            tx.suppressions.add_domain("nobody.example", "asked", NOW)
        assert claim(store) == Claimed(got(store, 2), dropped=1)
        assert (got(store).state, got(store).reason) == (
            EnvelopeState.DROPPED,
            DropReason.SUPPRESSED,
        )
        with store.begin() as tx:
            tx.suppressions.add_domain("example.com", "asked", NOW)
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        assert got(store, 3).reason == DropReason.SUPPRESSED

    @pytest.mark.parametrize(
        "changes, reason",
        [
            ({"status": ContactStatus.UNSUBSCRIBED}, DropReason.CONTACT_UNSUBSCRIBED),
            ({"status": ContactStatus.UNDELIVERABLE}, DropReason.CONTACT_UNDELIVERABLE),
            ({"email": "moved@example.com"}, DropReason.ADDRESS_CHANGED),
        ],
    )
    def test_a_contact_that_changed(self, store: Store, changes, reason) -> None:
        fill(store, 1)
        with store.begin() as tx:
            tx.contacts.put(a_contact(1, **changes))
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        assert (got(store).state, got(store).reason) == (EnvelopeState.DROPPED, reason)

    def test_a_contact_that_is_gone(self, store: Store) -> None:
        store.outbox.enqueue([an_envelope(1)])
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        assert got(store).reason == DropReason.CONTACT_GONE

    def test_what_the_law_says_of_the_contact(self, store: Store) -> None:
        fill(store, 3)
        seen: list[Contact] = []

        def only_third(contact: Contact) -> str:
            seen.append(contact)
            return "" if contact.id == "c_3" else "no_consent"

        claimed = store.outbox.claim(NOW, "w", LEASE, only_third)
        assert claimed == Claimed(got(store, 3), dropped=2)
        assert seen == [a_contact(n) for n in (1, 2, 3)]
        assert got(store, 1).reason == "no_consent"

    def test_an_error_in_the_judgement_claims_nothing(self, store: Store) -> None:
        fill(store, 1)

        def broken(contact: Contact) -> str:
            raise RuntimeError(contact.id)

        with pytest.raises(RuntimeError, match="c_1"):
            store.outbox.claim(NOW, "w", LEASE, broken)
        assert got(store) == an_envelope(1)

    def test_more_drops_than_one_transaction_takes(self, store: Store) -> None:
        count = 450
        fill(store, count)

        def only_last(contact: Contact) -> str:
            return "" if contact.id == f"c_{count}" else "no_consent"

        claimed = store.outbox.claim(NOW, "w", LEASE, only_last)
        assert claimed == Claimed(got(store, count), dropped=count - 1)

    def test_eight_workers_claim_each_envelope_once(self, store: Store, open_again) -> None:
        count = 200
        fill(store, count)
        with store.begin() as tx:
            tx.suppressions.add("person7@example.com", "asked", NOW)

        def work(worker: int) -> tuple[list[str], int]:
            own, mine, dropped = open_again() if worker % 2 else store, [], 0
            while (claimed := own.outbox.claim(NOW, f"w{worker}", LEASE, yes)) is not None:
                mine.append(claimed.envelope.id)
                dropped += claimed.dropped
                assert own.outbox.record_sent(claimed.envelope.id, claimed.envelope.claim, NOW)
            return mine, dropped

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(work, range(8)))
        claimed_ids = Counter(envelope_id for mine, _ in results for envelope_id in mine)
        assert set(claimed_ids.values()) == {1}
        assert len(claimed_ids) == count - 1
        assert store.outbox.counts()[EnvelopeState.SENT] == count - 1
        assert store.outbox.counts()[EnvelopeState.DROPPED] == 1

    def test_nobody_is_written_to_after_unsubscribing(self, store: Store) -> None:
        """Claims and unsubscribes at once: no envelope is claimed after its contact's
        unsubscribe was committed, and neither side waits for the other for ever."""
        count = 60
        fill(store, count)
        gone: list[str] = []

        def unsubscribe() -> None:
            for number in range(count, 0, -1):
                with store.begin() as tx:
                    status = ContactStatus.UNSUBSCRIBED
                    tx.contacts.put(a_contact(number, status=status))
                    tx.suppressions.add(f"person{number}@example.com", "unsubscribed", NOW)
                    tx.envelopes.drop_for_contact(f"c_{number}", "unsubscribed")
                gone.append(f"c_{number}")

        def work() -> list[str]:
            wrong = []
            while True:
                before = set(gone)
                claimed = store.outbox.claim(NOW, "w", LEASE, yes)
                if claimed is None:
                    return wrong
                if claimed.envelope.contact_id in before:
                    wrong.append(claimed.envelope.id)

        with ThreadPoolExecutor(4) as pool:
            leaving = pool.submit(unsubscribe)
            workers = [pool.submit(work) for _ in range(3)]
            assert [worker.result() for worker in workers] == [[], [], []]
            leaving.result()
        # what a worker passed over while its contact was being changed is settled by now
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        counts = store.outbox.counts()
        assert counts[EnvelopeState.SENDING] + counts[EnvelopeState.DROPPED] == count


class TestOutcome:
    def test_sent_is_recorded_once_and_by_its_claim_only(self, store: Store) -> None:
        fill(store, 1)
        envelope = claim(store).envelope
        assert not store.outbox.record_sent(envelope.id, "another", NOW)
        assert not store.outbox.record_sent(envelope.id, "", NOW)
        assert store.outbox.record_sent(envelope.id, envelope.claim, NOW + MINUTE)
        assert not store.outbox.record_sent(envelope.id, envelope.claim, NOW)
        assert not store.outbox.record_failed(envelope.id, envelope.claim, "late")
        assert (got(store).state, got(store).sent_at) == (EnvelopeState.SENT, NOW + MINUTE)
        assert nothing(store.outbox.claim(LATE, "w", LEASE, yes))

    def test_one_that_was_never_claimed_is_not_recorded(self, store: Store) -> None:
        store.outbox.enqueue(
            [an_envelope(1, state=EnvelopeState.HELD, reason=OUTCOME_UNKNOWN), an_envelope(2)]
        )
        assert not store.outbox.record_sent("env_1", "", NOW)
        assert not store.outbox.record_sent("env_2", "", NOW)
        assert not store.outbox.record_sent("env_3", "", NOW)

    def test_failed_stays_failed(self, store: Store) -> None:
        fill(store, 1)
        envelope = claim(store).envelope
        assert store.outbox.record_failed(envelope.id, envelope.claim, "550 5.1.1")
        assert (got(store).state, got(store).reason) == (EnvelopeState.FAILED, "550 5.1.1")
        assert nothing(store.outbox.claim(LATE, "w", LEASE, yes))

    def test_deferred_is_due_again_later_under_a_new_claim(self, store: Store) -> None:
        fill(store, 1)
        first = claim(store).envelope
        assert store.outbox.record_deferred(first.id, first.claim, NOW + MINUTE, "451")
        waiting = got(store)
        assert (waiting.state, waiting.reason, waiting.claim) == (EnvelopeState.DUE, "451", "")
        assert waiting.lease_until is None
        assert nothing(store.outbox.claim(NOW, "w", LEASE, yes))
        second = claim(store, NOW + MINUTE).envelope
        assert second.attempts == 2
        assert not store.outbox.record_sent(first.id, first.claim, NOW)
        assert store.outbox.record_sent(second.id, second.claim, NOW)

    def test_held_as_unknown_takes_a_late_outcome_but_is_not_sent_again(self, store: Store) -> None:
        fill(store, 1)
        envelope = claim(store).envelope
        why = f"{OUTCOME_UNKNOWN}: time-out after DATA"
        assert store.outbox.hold(envelope.id, why, envelope.claim)
        assert not store.outbox.release(envelope.id, LATE)
        assert nothing(store.outbox.claim(LATE, "w", LEASE, yes))
        assert store.outbox.expired(LATE) == []
        assert not store.outbox.record_deferred(envelope.id, envelope.claim, NOW, "451")
        assert store.outbox.record_sent(envelope.id, envelope.claim, LATE)
        assert got(store).state is EnvelopeState.SENT

    def test_one_that_is_being_sent_is_held_by_its_worker_only(self, store: Store) -> None:
        fill(store, 1)
        envelope = claim(store).envelope
        assert not store.outbox.hold(envelope.id, "by hand")
        assert not store.outbox.hold(envelope.id, "by hand", "another")
        assert store.outbox.hold(envelope.id, "seal broken", envelope.claim)
        assert not store.outbox.record_sent(envelope.id, envelope.claim, NOW)

    def test_held_by_hand_and_released(self, store: Store) -> None:
        fill(store, 2, due_at=NOW)
        assert store.outbox.hold("env_1", "by hand")
        assert claim(store).envelope.id == "env_2"
        assert not store.outbox.release("env_2", NOW)
        assert store.outbox.release("env_1", NOW + MINUTE)
        assert not store.outbox.release("env_1", NOW)
        assert got(store).due_at == NOW + MINUTE
        assert claim(store, NOW + MINUTE).envelope.id == "env_1"

    def test_release_does_not_send_before_the_time(self, store: Store) -> None:
        fill(store, 1, due_at=LATE)
        store.outbox.hold("env_1", "by hand")
        store.outbox.release("env_1", NOW)
        assert got(store).due_at == LATE

    @pytest.mark.parametrize(
        "outcome, reason",
        [
            (EnvelopeState.SENT, ""),
            (EnvelopeState.DUE, "never handed over"),
            (EnvelopeState.HELD, OUTCOME_UNKNOWN),
            (EnvelopeState.DROPPED, "lost"),
            (EnvelopeState.FAILED, "550"),
        ],
    )
    def test_a_lease_that_ran_out_is_resolved_once(self, store: Store, outcome, reason) -> None:
        fill(store, 1)
        envelope = claim(store).envelope
        assert store.outbox.expired(NOW + LEASE) == []
        assert store.outbox.expired(LATE) == [envelope]
        resolve = store.outbox.resolve_expired
        assert not resolve(envelope.id, envelope.claim, outcome, reason, NOW)  # still its lease
        assert not resolve(envelope.id, "another", outcome, reason, LATE)
        assert resolve(envelope.id, envelope.claim, outcome, reason, LATE)
        found = got(store)
        assert (found.state, found.reason) == (outcome, reason)
        assert found.sent_at == (LATE if outcome is EnvelopeState.SENT else None)
        assert store.outbox.expired(LATE + LEASE) == []
        again = resolve(envelope.id, envelope.claim, EnvelopeState.DROPPED, "again", LATE)
        assert again is (outcome is EnvelopeState.HELD)

    def test_a_person_resolves_what_is_unknown(self, store: Store) -> None:
        fill(store, 3)
        for _ in range(3):
            envelope = claim(store).envelope
            store.outbox.hold(envelope.id, OUTCOME_UNKNOWN, envelope.claim)
        resolve = store.outbox.resolve
        assert resolve("env_1", EnvelopeState.SENT, "in the log", LATE)
        assert resolve("env_2", EnvelopeState.DUE, "not in the log", LATE)
        assert not resolve("env_2", EnvelopeState.SENT, "again", LATE)
        assert got(store, 1).sent_at == LATE
        assert claim(store, LATE).envelope.id == "env_2"
        for outcome in (EnvelopeState.SENDING, EnvelopeState.HELD):
            with pytest.raises(NotAStep):
                resolve("env_3", outcome, "x", LATE)
        assert got(store, 3).reason == OUTCOME_UNKNOWN


class TestMany:
    def test_due_envelopes_of_an_edition_are_held(self, store: Store) -> None:
        fill(store, 3)
        store.outbox.enqueue([an_envelope(4, edition_id="e_2")])
        claim(store)
        assert store.outbox.hold_for_editions(["e_1", "e_3"], "approval taken back") == 2
        assert store.outbox.hold_for_editions([], "nothing") == 0
        assert [got(store, n).state for n in (1, 2, 3, 4)] == [
            EnvelopeState.SENDING,
            EnvelopeState.HELD,
            EnvelopeState.HELD,
            EnvelopeState.DUE,
        ]

    def test_what_waits_for_a_contact_is_dropped(self, store: Store) -> None:
        held = EnvelopeState.HELD
        store.outbox.enqueue(
            [
                an_envelope(1, contact_id="c"),
                an_envelope(2, contact_id="c", state=held, reason="by hand"),
                an_envelope(3, contact_id="c", state=held, reason=OUTCOME_UNKNOWN),
                an_envelope(4, contact_id="c", state=EnvelopeState.SENT),
                an_envelope(5, contact_id="other"),
            ]
        )
        assert store.outbox.drop_for_contact("c", "unsubscribed") == 2
        assert store.outbox.list(state=EnvelopeState.DROPPED)[0].reason == "unsubscribed"
        assert (got(store, 3).state, got(store, 4).state) == (held, EnvelopeState.SENT)
        assert got(store, 5).state is EnvelopeState.DUE

    def test_enqueued_together_with_the_audit_or_not_at_all(self, store: Store) -> None:
        with store.begin() as tx:
            count = tx.enqueue([an_envelope(1)])
            tx.audit.append("u", "enqueue", "spring", {"count": str(count)}, NOW)
        with store.read() as tx:
            head = tx.audit.head()
            assert head is not None
            assert head.payload == {"count": "1"}
            assert tx.envelopes.get("env_1") == an_envelope(1)
