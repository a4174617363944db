"""What rests on a case, and that a claim never passes a withdrawal. On every database."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from storage_samples import (
    MINUTE,
    NOW,
    a_case,
    a_contact,
    a_draft,
    a_variant,
    an_edition,
    an_envelope,
)

from contracts.answers import CaseAnswers
from contracts.audience import Contact
from contracts.case import Span
from contracts.delivery import Envelope, EnvelopeState
from contracts.mail import CaseCitation, Claim, ClaimKind, Draft, Edition, Module
from storage import CaseStop, PutResult, Store, Transaction, UnusableCase

LEASE = timedelta(minutes=5)
CASE = "wuxi-die-casting"
GONE = UnusableCase(CASE, CaseStop.WITHDRAWN)


def yes(contact: Contact) -> str:
    del contact
    return ""


def about(draft: Draft, case_id: str) -> Draft:
    """The draft, with every citation of it naming this case."""

    def moved(module: Module) -> Module:
        claims = tuple(
            replace(claim, citation=replace(claim.citation, case_id=case_id))
            if isinstance(claim.citation, CaseCitation)
            else claim
            for claim in module.claims
        )
        return replace(module, claims=claims)

    return replace(draft, case_ids=(case_id,), modules=tuple(map(moved, draft.modules)))


def put(store: Store, case_id: str = CASE, segment: str = "quality") -> Edition:
    """A case, and a draft with one edition that cites it."""
    draft = about(a_draft(segment=segment), case_id)
    variant = a_variant(draft)
    edition = an_edition(variant)
    with store.begin() as tx:
        tx.cases.put(a_case(id=case_id))
        tx.drafts.put(draft, "u_writer", NOW)
        tx.editions.put_variants(draft.id, [variant])
        tx.editions.put(edition, draft.id)
    return edition


def envelope(number: int, edition: Edition, **changes: object) -> Envelope:
    return an_envelope(number, edition_id=edition.id, **changes)


def fill(store: Store, edition: Edition, numbers: range, **changes: object) -> None:
    with store.begin() as tx:
        for number in numbers:
            tx.contacts.put(a_contact(number))
        tx.enqueue([envelope(number, edition, **changes) for number in numbers])


def withdraw(tx: Transaction, case_id: str = CASE) -> int:
    """As the use case does it; how many envelopes are held."""
    assert tx.cases.locked(case_id) is not None
    tx.cases.withdraw(case_id)
    editions = [use.id for use in tx.citations.editions(case_id)]
    return tx.envelopes.hold_for_editions(editions, GONE.reason)


def reasons(store: Store) -> dict[str, str]:
    return {item.id: item.reason for item in store.outbox.list(None, EnvelopeState.HELD, None)}


class TestWhatRests:
    def test_the_editions_whose_modules_cite_the_case(self, store: Store) -> None:
        edition = put(store)
        other = put(store, "other", "buyers")
        with store.read() as tx:
            (use,) = tx.citations.editions(CASE)
            assert (use.id, use.variant_id) == (edition.id, edition.variant_id)
            assert (use.segment, use.profile, use.current) == ("quality", "DE", True)
            assert [item.id for item in tx.citations.editions("other")] == [other.id]
            assert tx.citations.cases_of(edition.id) == {CASE}
            assert tx.citations.cases_of("e_none") == frozenset()
            assert tx.citations.editions("none") == tx.citations.drafts("none") == []

    def test_an_older_edition_still_rests_on_it(self, store: Store) -> None:
        first = put(store)
        draft = about(a_draft("Anders."), "other")
        variant = a_variant(draft)
        with store.begin() as tx:
            tx.drafts.put(draft, "u_writer", NOW)
            tx.editions.put_variants(draft.id, [variant])
            tx.editions.put(an_edition(variant), draft.id)
        with store.read() as tx:
            (use,) = tx.citations.editions(CASE)
            assert (use.id, use.current) == (first.id, False)
            assert tx.citations.drafts(CASE) == []
            assert tx.citations.drafts("other") == [draft.id]

    def test_an_id_that_begins_or_looks_like_another_is_not_taken_for_it(
        self, store: Store
    ) -> None:
        put(store, "a_1", "one")
        put(store, "ab1", "two")
        put(store, "a_1-more", "three")
        with store.read() as tx:
            assert [use.segment for use in tx.citations.editions("a_1")] == ["one"]
            assert len(tx.citations.drafts("a_1")) == 1
            assert tx.citations.editions("A_1") == []

    @pytest.mark.parametrize("case_id", ['quote"d', "back\\slash", "100%", "无锡-精密", "tab\t"])
    def test_any_id_is_found(self, store: Store, case_id: str) -> None:
        edition = put(store, case_id)
        with store.read() as tx:
            assert [use.id for use in tx.citations.editions(case_id)] == [edition.id]
            assert len(tx.citations.drafts(case_id)) == 1

    def test_a_case_that_a_draft_only_lists_is_used_by_the_draft(self, store: Store) -> None:
        put(store)
        draft = replace(a_draft(segment="buyers"), case_ids=("listed",))
        with store.begin() as tx:
            tx.drafts.put(draft, "u_writer", NOW)
            assert tx.citations.drafts("listed") == [draft.id]
            assert draft.id in tx.citations.drafts(CASE)

    def test_envelopes_are_counted_by_campaign_and_state(self, store: Store) -> None:
        edition = put(store)
        fill(store, edition, range(3))
        fill(store, edition, range(3, 5), campaign="autumn", state=EnvelopeState.SENT)
        with store.read() as tx:
            assert tx.envelopes.counts_for_editions([edition.id]) == {
                "autumn": {EnvelopeState.SENT: 2},
                "spring": {EnvelopeState.DUE: 3},
            }
            assert tx.envelopes.counts_for_editions([]) == {}


class TestMayBeUsed:
    def test_by_the_record_of_this_moment(self, store: Store) -> None:
        edition = put(store)
        last = a_case().valid_until
        assert last is not None
        with store.begin() as tx:
            unusable = tx.citations.unusable
            assert unusable(edition.id, last) is None
            after = unusable(edition.id, last + timedelta(days=1))
            assert after == UnusableCase(CASE, CaseStop.EXPIRED)
            tx.cases.withdraw(CASE)
            assert unusable(edition.id, last) == GONE
            tx.cases.restore(CASE)
            assert unusable(edition.id, last) is None

    def test_a_mail_that_names_a_customer_who_may_not_be_named_any_more_may_not_go(
        self, store: Store
    ) -> None:
        case = a_case(name_public=True)
        quiet = put(store)
        draft = about(a_draft(segment="named"), CASE)
        cited = next(
            claim.citation
            for module in draft.modules
            for claim in module.claims
            if isinstance(claim.citation, CaseCitation)
        )
        first, *rest = draft.modules
        told = Claim(Span(0, 1), ClaimKind.CUSTOMER, cited)
        naming = replace(draft, modules=(replace(first, claims=(*first.claims, told)), *rest))
        variant = a_variant(naming)
        edition = an_edition(variant)
        day = NOW.date()
        with store.begin() as tx:
            tx.cases.put(case)
            tx.drafts.put(naming, "u_writer", NOW)
            tx.editions.put_variants(naming.id, [variant])
            tx.editions.put(edition, naming.id)
            assert tx.citations.unusable(edition.id, day) is None
            tx.cases.answer(CASE, CaseAnswers(name_public=False), "u_writer", NOW)
            stop = UnusableCase(CASE, CaseStop.UNNAMED)
            assert tx.citations.unusable(edition.id, day) == stop
            assert tx.citations.standing(edition.id, day).unusable == stop
            assert tx.citations.unusable(quiet.id, day) is None  # it tells nobody's name

    def test_a_case_without_a_record_may_not(self, store: Store) -> None:
        edition = put(store)
        other = a_variant(about(a_draft(), "lost"))
        with store.begin() as tx:
            tx.editions.put_variants(edition.variant_id, [other])
            tx.editions.put(an_edition(other), other.draft_id)
            stop = tx.citations.unusable(an_edition(other).id, NOW.date())
        assert stop is not None
        assert (stop.reason, stop.code) == ("case missing: lost", "case_missing")


class TestClaim:
    def test_what_rests_on_a_withdrawn_case_is_held_and_the_rest_goes(self, store: Store) -> None:
        edition, other = put(store), put(store, "other", "buyers")
        fill(store, edition, range(1, 3))
        fill(store, other, range(3, 4), due_at=NOW + MINUTE)
        with store.begin() as tx:
            tx.cases.withdraw(CASE)  # what came on the queue at that moment was not held by it
        claimed = store.outbox.claim(NOW + MINUTE, "w", LEASE, yes)
        assert claimed is not None
        assert claimed.envelope is not None
        assert (claimed.envelope.id, claimed.held, claimed.dropped) == ("env_3", 2, 0)
        assert reasons(store) == {"env_1": GONE.reason, "env_2": GONE.reason}
        assert store.outbox.claim(NOW + MINUTE, "w", LEASE, yes) is None

    def test_the_last_day_counts_and_the_day_after_does_not(self, store: Store) -> None:
        edition = put(store)
        with store.begin() as tx:
            assert tx.cases.put(a_case(valid_until=NOW.date())) is PutResult.REPLACED
        fill(store, edition, range(1, 3))
        on_time = store.outbox.claim(NOW, "w", LEASE, yes)
        assert on_time is not None
        assert on_time.envelope is not None
        late = store.outbox.claim(NOW + timedelta(days=1), "w", LEASE, yes)
        assert late is not None
        assert (late.envelope, late.held) == (None, 1)
        assert reasons(store) == {"env_2": f"case expired: {CASE}"}

    def test_an_unsubscribed_person_is_dropped_and_not_kept_held(self, store: Store) -> None:
        fill(store, put(store), range(1, 2))
        with store.begin() as tx:
            tx.cases.withdraw(CASE)
            tx.suppressions.add("person1@example.com", "unsubscribed", NOW)
        claimed = store.outbox.claim(NOW, "w", LEASE, yes)
        assert claimed is not None
        assert (claimed.dropped, claimed.held) == (1, 0)

    def test_more_holds_than_one_transaction_takes(self, store: Store) -> None:
        edition, other = put(store), put(store, "other", "buyers")
        fill(store, edition, range(450))
        fill(store, other, range(450, 451), due_at=NOW + MINUTE)
        with store.begin() as tx:
            tx.cases.withdraw(CASE)
        claimed = store.outbox.claim(NOW + MINUTE, "w", LEASE, yes)
        assert claimed is not None
        assert claimed.envelope is not None
        assert (claimed.envelope.id, claimed.held) == ("env_450", 450)

    def test_released_while_withdrawn_it_is_held_again(self, store: Store) -> None:
        fill(store, put(store), range(1, 2))
        with store.begin() as tx:
            assert withdraw(tx) == 1
        assert store.outbox.release("env_1", NOW)
        claimed = store.outbox.claim(NOW, "w", LEASE, yes)
        assert claimed is not None
        assert (claimed.envelope, claimed.held) == (None, 1)

    def test_deferred_after_the_withdrawal_it_is_not_tried_again(self, store: Store) -> None:
        fill(store, put(store), range(1, 2))
        claimed = store.outbox.claim(NOW, "w", LEASE, yes)
        assert claimed is not None
        assert claimed.envelope is not None
        with store.begin() as tx:
            assert withdraw(tx) == 0
        mail = claimed.envelope
        assert store.outbox.record_deferred(mail.id, mail.claim, NOW, "451 busy")
        assert store.outbox.claim(NOW, "w", LEASE, yes).envelope is None  # type: ignore[union-attr]
        assert reasons(store) == {"env_1": GONE.reason}


class TestRace:
    def test_a_claim_that_meets_a_withdrawal_waits_and_then_holds(
        self, store: Store, open_again
    ) -> None:
        """The withdrawal has begun and not committed; the claim comes in between."""
        fill(store, put(store), range(1, 4))
        begun, go_on = threading.Event(), threading.Event()

        def withdrawing() -> int:
            with open_again().begin() as tx:
                assert tx.cases.locked(CASE) is not None
                tx.cases.withdraw(CASE)
                begun.set()
                assert go_on.wait(20)
                uses = [use.id for use in tx.citations.editions(CASE)]
                return tx.envelopes.hold_for_editions(uses, GONE.reason)

        with ThreadPoolExecutor(2) as pool:
            held = pool.submit(withdrawing)
            assert begun.wait(20)
            claimed = pool.submit(store.outbox.claim, NOW, "w", LEASE, yes)
            time.sleep(0.3)
            assert not claimed.done(), "the claim did not wait for the withdrawal"
            go_on.set()
            assert held.result(20) == 3
            assert claimed.result(20) is None
        assert set(reasons(store).values()) == {GONE.reason}

    def test_a_withdrawal_that_meets_a_claim_waits_and_counts_it_as_being_sent(
        self, store: Store, open_again
    ) -> None:
        """The claim has read the case and not committed; the withdrawal comes in between."""
        edition = put(store)
        fill(store, edition, range(1, 4))
        begun, go_on = threading.Event(), threading.Event()

        def claiming() -> Envelope | None:
            with open_again().begin() as tx:
                took = tx.envelopes.take(NOW, "w", LEASE, yes, 10)
                begun.set()
                assert go_on.wait(20)
            return took.envelope

        def withdrawing() -> tuple[int, dict[str, dict[EnvelopeState, int]]]:
            with store.begin() as tx:
                return withdraw(tx), tx.envelopes.counts_for_editions([edition.id])

        with ThreadPoolExecutor(2) as pool:
            claimed = pool.submit(claiming)
            assert begun.wait(20)
            withdrawn = pool.submit(withdrawing)
            time.sleep(0.3)
            assert not withdrawn.done(), "the withdrawal did not wait for the claim"
            go_on.set()
            mail = claimed.result(20)
            assert mail is not None
            states = {EnvelopeState.SENDING: 1, EnvelopeState.HELD: 2}
            assert withdrawn.result(20) == (2, {"spring": states})
        assert mail.id not in reasons(store)

    def test_other_mails_are_claimed_while_a_case_is_being_changed(
        self, store: Store, open_again, url: str
    ) -> None:
        if url.startswith("sqlite"):
            pytest.skip("needs a database with several writers at once")
        edition, other = put(store), put(store, "other", "buyers")
        fill(store, edition, range(1, 40))
        fill(store, other, range(40, 41), due_at=NOW + MINUTE)
        with open_again().begin() as tx:
            assert tx.cases.locked(CASE) is not None
            claimed = store.outbox.claim(NOW + MINUTE, "w", LEASE, yes)
        assert claimed is not None
        assert claimed.envelope is not None
        assert claimed.envelope.id == "env_40"
        with store.begin() as tx:
            assert withdraw(tx) == 39

    def test_nothing_is_claimed_after_the_withdrawal_of_its_case(
        self, store: Store, open_again
    ) -> None:
        """Four workers and six withdrawals at once: nobody waits for ever, and no envelope
        is claimed after its case was withdrawn."""
        editions = {
            f"case-{number}": put(store, f"case-{number}", f"segment-{number}")
            for number in range(6)
        }
        for place, edition in enumerate(editions.values()):
            fill(store, edition, range(place * 20, place * 20 + 20))
        of = {edition.id: case_id for case_id, edition in editions.items()}
        gone: list[str] = []

        def withdrawing() -> None:
            own = open_again()
            for case_id in editions:
                with own.begin() as tx:
                    withdraw(tx, case_id)
                gone.append(case_id)

        def work() -> list[str]:
            wrong = []
            while True:
                before = set(gone)
                claimed = store.outbox.claim(NOW, "w", LEASE, yes)
                if claimed is None or claimed.envelope is None:
                    return wrong
                if of[claimed.envelope.edition_id] in before:
                    wrong.append(claimed.envelope.id)

        with ThreadPoolExecutor(5) as pool:
            leaving = pool.submit(withdrawing)
            workers = [pool.submit(work) for _ in range(4)]
            assert [worker.result(60) for worker in workers] == [[], [], [], []]
            leaving.result(60)
        counts = store.outbox.counts()
        assert counts[EnvelopeState.SENDING] + counts[EnvelopeState.HELD] == 120
        assert store.outbox.claim(NOW, "w", LEASE, yes) is None


def test_a_case_ends_with_its_day_of_the_clock_that_asks(store: Store) -> None:
    edition = put(store)
    with store.begin() as tx:
        tx.cases.put(a_case(valid_until=date(2026, 3, 2)))
        assert tx.citations.standing(edition.id, date(2026, 3, 2)).unusable is None
        assert tx.citations.standing(edition.id, date(2026, 3, 3)).unusable is not None
