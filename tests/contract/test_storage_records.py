"""The repositories, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from storage_samples import (
    MINUTE,
    NOW,
    a_brief,
    a_case,
    a_contact,
    a_decision,
    a_draft,
    a_screening,
    a_sender,
    a_submission,
    a_variant,
    an_edition,
    an_envelope,
)

from contracts.audience import Consent, ConsentKind, ContactStatus, LeftOut
from contracts.decision import DecisionKind, DraftState, Role, User
from contracts.delivery import EnvelopeState, Event, EventKind
from contracts.errors import CouldNotFinish
from storage import (
    AlreadyTaken,
    DraftRecord,
    OpenTransaction,
    PutResult,
    Store,
    UnknownRecord,
    UnusableAddress,
)


class TestTransactions:
    def test_what_one_commits_another_reads(self, store: Store, open_again) -> None:
        with store.begin() as tx:
            tx.settings.put("key", "wert 值")
        with open_again().read() as tx:
            assert tx.settings.get("key") == "wert 值"
            assert tx.settings.get("other") is None

    def test_an_error_takes_everything_back(self, store: Store) -> None:
        def work() -> None:
            with store.begin() as tx:
                tx.cases.put(a_case())
                tx.contacts.put(a_contact())
                tx.enqueue([an_envelope()])
                tx.audit.append("u", "test", "s", {}, NOW)
                raise RuntimeError("midway")

        with pytest.raises(RuntimeError, match="midway"):
            work()
        with store.read() as tx:
            assert tx.cases.count() == 0
            assert tx.contacts.count() == 0
            assert tx.envelopes.list() == []
            assert tx.audit.head() is None

    def test_a_read_refuses_to_write_and_the_next_write_works(self, store: Store) -> None:
        for _ in range(3):  # the connection goes back to the pool in between
            with pytest.raises(CouldNotFinish), store.read() as tx:
                tx.settings.put("key", "value")
            with store.begin() as tx:
                tx.settings.put("other", "value")
        with store.read() as tx:
            assert tx.settings.get("key") is None

    def test_a_read_stands_still_while_others_write(self, store: Store) -> None:
        with store.read() as reader:
            assert reader.cases.count() == 0
            with store.begin() as tx:
                tx.cases.put(a_case())
            assert reader.cases.count() == 0

    def test_a_second_write_in_the_same_thread_is_refused_at_once(self, store: Store) -> None:
        with store.begin() as tx:
            with pytest.raises(OpenTransaction):
                store.outbox.enqueue([an_envelope()])
            tx.settings.put("key", "value")
        assert store.outbox.enqueue([an_envelope()]) == 1

    def test_a_time_without_a_zone_is_refused(self, store: Store) -> None:
        with pytest.raises(TypeError, match="zone"), store.begin() as tx:
            tx.suppressions.add("a@example.com", "test", datetime(2026, 1, 1))  # noqa: DTZ001


class TestCases:
    def test_added_unchanged_replaced(self, store: Store) -> None:
        with store.begin() as tx:
            assert tx.cases.put(a_case()) is PutResult.ADDED
            assert tx.cases.put(a_case()) is PutResult.UNCHANGED
            assert tx.cases.put(a_case(title="Neu")) is PutResult.REPLACED
            assert tx.cases.put(a_case(id="another")) is PutResult.ADDED
        with store.read() as tx:
            assert tx.cases.get("wuxi-die-casting") == a_case(title="Neu")
            assert [case.id for case in tx.cases.all()] == ["another", "wuxi-die-casting"]
            assert tx.cases.count() == 2
            assert tx.cases.get("none") is None

    def test_an_old_text_stays_readable(self, store: Store) -> None:
        old, new = a_case("Der alte Text."), a_case("Der neue Text.")
        with store.begin() as tx:
            tx.cases.put(old)
            tx.cases.put(new)
        with store.read() as tx:
            assert tx.cases.get(old.id) == new
            assert tx.cases.version(old.id, new.text_hash) == new
            found = tx.cases.version(old.id, old.text_hash)
            assert found is not None
            assert (found.text, found.sections, found.outcomes) == (
                old.text,
                old.sections,
                old.outcomes,
            )
            assert tx.cases.version(old.id, "0" * 64) is None
            assert tx.cases.version("none", old.text_hash) is None

    def test_what_may_be_done_with_an_old_text_is_as_the_case_says_now(self, store: Store) -> None:
        old = a_case("Der alte Text.")
        new = a_case("Neu.", name_public=False, valid_until=date(2026, 1, 1), extra_names=("WP",))
        with store.begin() as tx:
            tx.cases.put(old)
            tx.cases.put(new)
            tx.cases.withdraw(old.id)
            found = tx.cases.version(old.id, old.text_hash)
        assert found is not None
        assert found.text == old.text
        assert (found.name_public, found.valid_until) == (False, date(2026, 1, 1))
        assert found.withdrawn
        assert "WP" in found.names()

    def test_an_import_does_not_bring_a_withdrawn_case_back(self, store: Store) -> None:
        with store.begin() as tx:
            assert not tx.cases.withdraw("wuxi-die-casting")
            tx.cases.put(a_case())
            assert tx.cases.withdraw("wuxi-die-casting")
            assert tx.cases.put(a_case()) is PutResult.UNCHANGED
            tx.cases.put(a_case("Noch ein Text."))
            again = tx.cases.get("wuxi-die-casting")
            assert again is not None
            assert again.withdrawn
            assert tx.cases.restore("wuxi-die-casting")
            back = tx.cases.get("wuxi-die-casting")
        assert back == a_case("Noch ein Text.")


class TestContacts:
    def test_added_unchanged_replaced(self, store: Store) -> None:
        with store.begin() as tx:
            assert tx.contacts.put(a_contact(2)) is PutResult.ADDED
            assert tx.contacts.put(a_contact(1)) is PutResult.ADDED
            assert tx.contacts.put(a_contact(1)) is PutResult.UNCHANGED
            assert tx.contacts.put(a_contact(1, title="Dr.")) is PutResult.REPLACED
        with store.read() as tx:
            assert tx.contacts.all() == [a_contact(1, title="Dr."), a_contact(2)]
            assert tx.contacts.count() == 2
            assert tx.contacts.get("c_2") == a_contact(2)
            assert tx.contacts.get("c_3") is None

    @pytest.mark.parametrize("written", ["person1@example.com", " PERSON1@Example.COM. "])
    def test_found_however_the_address_is_written(self, store: Store, written: str) -> None:
        with store.begin() as tx:
            tx.contacts.put(a_contact(1))
            assert tx.contacts.by_email(written) == a_contact(1)
            assert tx.contacts.by_email("other@example.com") is None

    def test_one_contact_for_one_mailbox(self, store: Store) -> None:
        with store.begin() as tx:
            tx.contacts.put(a_contact(1))
            with pytest.raises(AlreadyTaken) as caught:
                tx.contacts.put(a_contact(2, email="PERSON1@EXAMPLE.COM"))
            assert "@" not in str(caught.value)

    @pytest.mark.parametrize("fresh", [False, True])
    @pytest.mark.parametrize("status", [ContactStatus.ACTIVE, ContactStatus.UNDELIVERABLE])
    def test_who_unsubscribed_is_not_brought_back(self, store: Store, status, fresh) -> None:
        gone = a_contact(1, status=ContactStatus.UNSUBSCRIBED)
        with store.begin() as tx:
            tx.contacts.put(gone)
            tx.contacts.put(a_contact(1, title="Dr.", status=status), fresh_consent=fresh)
            tx.contacts.put(a_contact(1, title="Dr."), fresh_consent=fresh)
            assert tx.contacts.get("c_1") == replace(gone, title="Dr.")

    def test_an_undeliverable_address_is_not_tried_again_but_another_is(self, store: Store) -> None:
        with store.begin() as tx:
            tx.contacts.put(a_contact(1, status=ContactStatus.UNDELIVERABLE))
            assert tx.contacts.put(a_contact(1)) is PutResult.UNCHANGED
            tx.contacts.put(a_contact(1, email="new@example.com"))
            changed = tx.contacts.get("c_1")
        assert changed is not None
        assert changed.status is ContactStatus.ACTIVE

    def test_a_refusal_outlasts_imports_but_not_fresh_consent(self, store: Store) -> None:
        refused = Consent(ConsentKind.REFUSED, date(2026, 2, 1), "phone")
        with store.begin() as tx:
            tx.contacts.put(a_contact(1, consent=refused))
            tx.contacts.put(a_contact(1, title="Dr."))
            kept = tx.contacts.get("c_1")
            assert kept is not None
            assert (kept.consent, kept.title) == (refused, "Dr.")
            tx.contacts.put(a_contact(1), fresh_consent=True)
            assert tx.contacts.get("c_1") == a_contact(1)

    def test_erasing_leaves_nothing_of_the_person(self, store: Store) -> None:
        with store.begin() as tx:
            tx.contacts.put(a_contact(1))
            tx.enqueue([an_envelope(1)])
            assert tx.contacts.erase("c_1")
            assert not tx.contacts.erase("c_1")
            assert tx.contacts.by_email("person1@example.com") is None
            left = tx.envelopes.get("env_1")
        assert left is not None
        assert left.state is EnvelopeState.DROPPED
        assert "person1" not in repr(left)
        assert "Müller" not in repr(left)


class TestSuppressions:
    def test_an_address_is_found_however_it_is_written(self, store: Store) -> None:
        with store.begin() as tx:
            tx.suppressions.add(" Max@Straße.example ", "unsubscribed", NOW)
            assert tx.suppressions.reason_for("max@straße.example") == "unsubscribed"
            assert tx.suppressions.reason_for("MAX@xn--strae-oqa.example") == "unsubscribed"
            assert tx.suppressions.reason_for("max@strasse.example") is None
            assert tx.suppressions.reason_for("maxi@straße.example") is None

    def test_a_domain_and_those_below_it(self, store: Store) -> None:
        with store.begin() as tx:
            tx.suppressions.add_domain("Example.COM", "asked", NOW)
            tx.suppressions.add("a@example.com", "complained", NOW)
            assert tx.suppressions.reason_for("b@example.com") == "asked"
            assert tx.suppressions.reason_for("b@mail.example.com") == "asked"
            assert tx.suppressions.reason_for("a@example.com") == "complained"
            assert tx.suppressions.reason_for("b@notexample.com") is None

    def test_added_twice_the_first_stays(self, store: Store) -> None:
        with store.begin() as tx:
            tx.suppressions.add("a@example.com", "first", NOW)
            tx.suppressions.add("A@example.com", "second", NOW)
            assert tx.suppressions.count() == 1
            assert tx.suppressions.reason_for("a@example.com") == "first"

    def test_the_address_is_not_in_the_database(self, store: Store, url: str, tmp_path) -> None:
        with store.begin() as tx:
            tx.suppressions.add("findme@example.com", "test", NOW)
        if url.startswith("sqlite"):
            raw = b"".join(path.read_bytes() for path in tmp_path.glob("records.db*"))
        else:
            import psycopg

            with psycopg.connect(url) as connection:
                raw = repr(connection.execute("SELECT * FROM suppressions").fetchall()).encode()
        assert b"address" in raw
        assert b"findme" not in raw

    @pytest.mark.parametrize("text", ["", "name", "@example.com", "name@"])
    def test_what_is_no_address_is_refused(self, store: Store, text: str) -> None:
        with store.begin() as tx, pytest.raises(UnusableAddress):
            tx.suppressions.add(text, "test", NOW)

    @pytest.mark.parametrize("text", ["", "com", "a@example.com"])
    def test_what_is_no_domain_is_refused(self, store: Store, text: str) -> None:
        with store.begin() as tx, pytest.raises(UnusableAddress):
            tx.suppressions.add_domain(text, "test", NOW)


class TestCampaigns:
    def test_brief_and_sender_come_back_equal_and_can_be_replaced(self, store: Store) -> None:
        with store.begin() as tx:
            tx.campaigns.put("spring", a_brief(), a_sender(), NOW)
            tx.campaigns.put("spring", a_brief(goal="mehr"), a_sender(phone="1"), NOW + MINUTE)
        with store.read() as tx:
            found = tx.campaigns.get("spring")
            assert found is not None
            assert (found.brief, found.sender) == (a_brief(goal="mehr"), a_sender(phone="1"))
            assert found.created_at == NOW
            assert tx.campaigns.all() == [found]
            assert tx.campaigns.get("none") is None

    def test_left_out_is_replaced_as_a_whole(self, store: Store) -> None:
        first = [LeftOut("c_2", "no_consent", "x"), LeftOut("c_1", "no_text")]
        with store.begin() as tx:
            tx.left_out.replace("other", first)
            tx.left_out.replace("spring", first)
            assert tx.left_out.list("spring") == first
            tx.left_out.replace("spring", [LeftOut(f"c_{n}", "no_text") for n in range(1200)])
            assert tx.left_out.counts("spring") == {"no_text": 1200}
            assert tx.left_out.counts("other") == {"no_consent": 1, "no_text": 1}
            tx.left_out.replace("spring", [])
            assert tx.left_out.counts("spring") == {}

    def test_events_are_counted_by_kind(self, store: Store) -> None:
        with store.begin() as tx:
            tx.events.add(Event(EventKind.OPENED, "c_1", NOW, "spring", "env_1"))
            tx.events.add(Event(EventKind.OPENED, "c_1", NOW, "spring", "env_1"))
            tx.events.add(Event(EventKind.CLICKED, "c_1", NOW, "other"))
            assert tx.events.count("spring", EventKind.OPENED) == 2
            assert tx.events.count("spring", EventKind.CLICKED) == 0


class TestDrafts:
    def test_a_change_adds_its_author_and_goes_back_to_drafted(self, store: Store) -> None:
        draft, changed = a_draft(), a_draft("Anders.")
        with store.begin() as tx:
            tx.drafts.put(draft, "u_1", NOW)
            tx.drafts.set_state(draft.id, DraftState.APPROVED)
            tx.drafts.put(draft, "u_2", NOW + MINUTE)
            assert tx.drafts.get(draft.id) == DraftRecord(
                draft, frozenset({"u_1"}), DraftState.APPROVED, NOW
            )
            tx.drafts.put(changed, "u_3", NOW + MINUTE)
            assert tx.drafts.get(draft.id) == DraftRecord(
                changed, frozenset({"u_1", "u_3"}), DraftState.DRAFTED, NOW + MINUTE
            )
            tx.drafts.add_author(draft.id, "u_4")
            tx.drafts.add_author(draft.id, "u_4")
            record = tx.drafts.get(draft.id)
        assert record is not None
        assert record.authors == {"u_1", "u_3", "u_4"}
        assert record.draft.hash == changed.hash

    def test_a_campaign_lists_its_drafts_in_order(self, store: Store) -> None:
        names = ["b", "a", "C", "ä"]
        with store.begin() as tx:
            for name in names:
                tx.drafts.put(a_draft(segment=name), "u", NOW)
            found = tx.drafts.for_campaign("spring")
        assert [record.draft.segment for record in found] == sorted(names)
        assert {record.authors for record in found} == {frozenset({"u"})}

    def test_segments_that_are_gone_are_removed_and_no_longer_approved(self, store: Store) -> None:
        keep, gone = a_draft(segment="keep"), a_draft(segment="gone")
        edition = an_edition(a_variant(gone))
        with store.begin() as tx:
            for draft in (keep, gone):
                tx.drafts.put(draft, "u", NOW)
            tx.editions.put_variants(gone.id, [a_variant(gone)])
            tx.editions.put(edition, gone.id)
            tx.drafts.set_state(gone.id, DraftState.APPROVED)
            tx.reviews.decide(a_decision(gone, {edition.id: "seal"}))
            assert tx.reviews.approved_seal(edition.id) == "seal"
            assert tx.drafts.remove_others("spring", {keep.id}) == 1
            assert [record.draft.id for record in tx.drafts.for_campaign("spring")] == [keep.id]
            assert tx.drafts.get(gone.id) is None
            assert tx.editions.for_draft(gone.id) == []
            assert tx.editions.get(edition.id) == edition
            assert tx.reviews.approved_seal(edition.id) is None

    def test_an_unknown_draft_is_named(self, store: Store) -> None:
        with store.begin() as tx:
            assert tx.drafts.get("d_none") is None
            with pytest.raises(UnknownRecord, match="d_none"):
                tx.drafts.set_state("d_none", DraftState.APPROVED)
            with pytest.raises(UnknownRecord, match="d_none"):
                tx.drafts.add_author("d_none", "u")


class TestEditions:
    def test_an_edition_comes_back_with_the_same_id(self, store: Store) -> None:
        draft = a_draft()
        variant = a_variant(draft)
        edition = an_edition(variant)
        with store.begin() as tx:
            tx.editions.put_variants(draft.id, [variant])
            tx.editions.put(edition, draft.id)
        with store.read() as tx:
            found = tx.editions.get(edition.id)
            assert found == edition
            assert found is not None
            assert found.id == edition.id
            assert tx.editions.get("e_none") is None
            assert tx.editions.variants(draft.id)[0].id == variant.id

    def test_only_what_is_current_belongs_to_the_draft(self, store: Store) -> None:
        draft = a_draft()
        one, two = a_variant(draft, "question"), a_variant(draft, "number")
        with store.begin() as tx:
            tx.editions.put_variants(draft.id, [two, one])
            for variant in (one, two):
                for profile in ("US", "DE"):
                    tx.editions.put(an_edition(variant, profile), draft.id)
            assert tx.editions.variants(draft.id) == [two, one]
            assert [(e.variant_id, e.profile) for e in tx.editions.for_draft(draft.id)] == [
                (two.id, "DE"),
                (two.id, "US"),
                (one.id, "DE"),
                (one.id, "US"),
            ]
            tx.editions.put_variants(draft.id, [one])
            tx.editions.put_variants(draft.id, [one])  # the same again changes nothing
            assert [e.variant_id for e in tx.editions.for_draft(draft.id)] == [one.id, one.id]
            assert tx.editions.variant(two.id) == two
            tx.editions.keep(draft.id, [an_edition(one, "US").id])
            assert [e.profile for e in tx.editions.for_draft(draft.id)] == ["US"]

    def test_one_compiled_anew_takes_the_place_of_the_one_before(self, store: Store) -> None:
        draft = a_draft()
        variant = a_variant(draft)
        old, new = an_edition(variant), an_edition(variant, from_name="Acme AG")
        with store.begin() as tx:
            tx.editions.put_variants(draft.id, [variant])
            tx.editions.put(old, draft.id)
            tx.editions.put(new, draft.id)
            assert tx.editions.for_draft(draft.id) == [new]
            assert tx.editions.get(old.id) == old
            tx.editions.put(old, draft.id)
            assert tx.editions.for_draft(draft.id) == [old]

    def test_a_screening_comes_back_equal_and_the_newest_counts(self, store: Store) -> None:
        draft = a_draft()
        edition = an_edition(a_variant(draft))
        with store.begin() as tx:
            with pytest.raises(UnknownRecord):
                tx.editions.put_screening(a_screening(edition))
            tx.editions.put(edition, draft.id)
            assert tx.editions.screening(edition.id) is None
            tx.editions.put_screening(a_screening(edition))
            tx.editions.put_screening(a_screening(edition, "besser"))
            assert tx.editions.screening(edition.id) == a_screening(edition, "besser")


class TestReviews:
    def test_the_newest_submission_of_each_waiting_draft(self, store: Store) -> None:
        one, two = a_draft(segment="one"), a_draft(segment="two")
        with store.begin() as tx:
            for draft in (one, two):
                tx.drafts.put(draft, "u", NOW)
                tx.drafts.set_state(draft.id, DraftState.SUBMITTED)
            tx.reviews.submit(a_submission(one, {"e_1": "old"}))
            tx.reviews.submit(a_submission(two, {"e_2": "x"}))
            tx.reviews.submit(a_submission(one, {"e_1": "new"}, NOW + MINUTE))
            assert tx.reviews.submission(one.id) == a_submission(one, {"e_1": "new"}, NOW + MINUTE)
            assert [s.draft_id for s in tx.reviews.waiting()] == [two.id, one.id]
            tx.drafts.set_state(two.id, DraftState.APPROVED)
            assert [s.seals for s in tx.reviews.waiting()] == [{"e_1": "new"}]
            assert tx.reviews.submission("d_none") is None

    def test_only_the_newest_decision_counts(self, store: Store) -> None:
        draft = a_draft()
        edition = an_edition(a_variant(draft))
        approve = a_decision(draft, {edition.id: "seal"})
        reject = a_decision(draft, {edition.id: "seal"}, DecisionKind.REJECT)
        with store.begin() as tx:
            tx.drafts.put(draft, "u", NOW)
            tx.editions.put(edition, draft.id)
            assert tx.reviews.decision(draft.id) is None
            tx.reviews.decide(approve)
            assert tx.reviews.approved_seal(edition.id) is None  # the state is not APPROVED
            tx.drafts.set_state(draft.id, DraftState.APPROVED)
            assert tx.reviews.approved_seal(edition.id) == "seal"
            assert tx.reviews.approved_seal("e_other") is None
            tx.reviews.decide(reject)
            assert tx.reviews.decision(draft.id) == reject
            assert tx.reviews.approved_seal(edition.id) is None
            assert tx.reviews.last_approved(draft.id) == approve
            assert tx.reviews.decisions("spring") == [approve, reject]

    def test_an_edition_that_the_approval_does_not_name_is_not_approved(self, store: Store) -> None:
        draft = a_draft()
        old = an_edition(a_variant(draft))
        new = an_edition(a_variant(draft), from_name="Other")
        with store.begin() as tx:
            tx.drafts.put(draft, "u", NOW)
            tx.editions.put(old, draft.id)
            tx.editions.put(new, draft.id)
            tx.drafts.set_state(draft.id, DraftState.APPROVED)
            tx.reviews.decide(a_decision(draft, {old.id: "seal"}))
            assert tx.reviews.approved_seal(new.id) is None

    def test_a_rewritten_draft_is_not_approved(self, store: Store) -> None:
        draft = a_draft()
        edition = an_edition(a_variant(draft))
        with store.begin() as tx:
            tx.drafts.put(draft, "u", NOW)
            tx.editions.put(edition, draft.id)
            tx.drafts.set_state(draft.id, DraftState.APPROVED)
            tx.reviews.decide(a_decision(draft, {edition.id: "seal"}))
            tx.drafts.put(a_draft("Anders."), "u", NOW)
            assert tx.reviews.approved_seal(edition.id) is None

    def test_nothing_to_decide_on(self, store: Store) -> None:
        with store.begin() as tx, pytest.raises(UnknownRecord):
            tx.reviews.decide(a_decision(a_draft(), {}))


class TestUsers:
    ANNA = User("u_anna", "Anna", frozenset({Role.MARKETER, Role.REVIEWER}))
    BERT = User("u_bert", "Bert 王", frozenset())

    def test_found_by_token_while_active(self, store: Store) -> None:
        with store.begin() as tx:
            tx.users.put(self.BERT, "")
            tx.users.put(self.ANNA, "hash")
            assert tx.users.by_token_hash("hash") == self.ANNA
            assert tx.users.by_token_hash("") is None
            assert tx.users.all() == [self.ANNA, self.BERT]
            assert tx.users.get("u_bert") == self.BERT
            tx.users.put(replace(self.ANNA, active=False), "hash")
            assert tx.users.by_token_hash("hash") is None
            assert tx.users.get("u_anna") == replace(self.ANNA, active=False)

    def test_a_new_token_ends_the_old_one(self, store: Store) -> None:
        with store.begin() as tx:
            tx.users.put(self.ANNA, "old")
            tx.users.set_token("u_anna", "new")
            assert tx.users.by_token_hash("old") is None
            assert tx.users.by_token_hash("new") == self.ANNA
            with pytest.raises(UnknownRecord):
                tx.users.set_token("u_none", "other")

    def test_one_token_for_one_user(self, store: Store) -> None:
        with store.begin() as tx:
            tx.users.put(self.ANNA, "hash")
            with pytest.raises(AlreadyTaken):
                tx.users.put(self.BERT, "hash")
