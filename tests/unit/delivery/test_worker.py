import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from delivery_samples import BASE, NOON, PUBLIC_URL, edition, seal, values, verify
from hypothesis import given
from hypothesis import strategies as st

from contracts.audience import Contact
from contracts.delivery import EnvelopeState
from delivery import (
    Fault,
    Handover,
    HandoverStatus,
    MaildirTransport,
    PlannedRecipient,
    PublicAddressMissing,
    TransportUnusable,
    Worker,
    WorkerSettings,
    WorkReport,
    WorkStopped,
    backoff,
    plan_envelopes,
)
from storage import open_store

SENT, DUE, HELD = EnvelopeState.SENT, EnvelopeState.DUE, EnvelopeState.HELD
TAKEN = Handover(HandoverStatus.TAKEN)
BUSY = Handover(HandoverStatus.DEFERRED, "451 4.3.0 at RCPT", Fault.RECIPIENT)
DOWN = Handover(HandoverStatus.DEFERRED, "not reached: connection refused", Fault.NETWORK)
NO_SUCH_USER = Handover(HandoverStatus.REFUSED, "550 5.1.1 at RCPT", Fault.RECIPIENT)
BAD_SENDER = Handover(HandoverStatus.REFUSED, "550 5.7.1 at MAIL FROM", Fault.SENDER)
LOST = Handover(HandoverStatus.UNKNOWN, "connection lost after DATA had begun", Fault.NETWORK)


class Answers:
    """A transport that gives the answers it is told, and counts what it was handed."""

    mark = "answers"

    def __init__(self, *answers, leaves=False, taken=None):
        self.leaves_the_house = leaves
        self.answers = list(answers)
        self.taken = taken
        self.handed = []

    def deliver(self, envelope, raw, sender, recipient):
        self.handed.append((envelope.id, sender, recipient, raw))
        answer = self.answers.pop(0) if self.answers else TAKEN
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def was_taken(self, envelope):
        return self.taken

    def close(self):
        pass


class Queue:
    """A real queue with a clock that stands still until it is moved."""

    def __init__(self, folder):
        self.store = open_store(f"sqlite:///{folder / 'records.db'}", b"0123456789abcdef")
        self.now = NOON
        self.editions = {}
        self.approved = {}

    def put(self, count=1, mail=None, approve=True, **changes):
        mail = mail or edition()
        self.editions[mail.id] = mail
        if approve:
            self.approved[mail.id] = seal(mail)
        people = [Contact(f"c_{n}", f"p{n}@example.net") for n in range(count)]
        envelopes = plan_envelopes(
            [
                PlannedRecipient(p.id, p.email, mail.id, seal(mail), "a", merge=values())
                for p in people
            ],
            "spring",
            NOON,
        )
        with self.store.begin() as tx:
            for person in people:
                tx.contacts.put(person)
            tx.enqueue([replace(item, **changes) for item in envelopes])

    def worker(self, transport=None, on_step=lambda step: None, may_write=lambda c: "", **settings):
        url = settings.pop("url", lambda mail, envelope: f"{BASE}t-{envelope.contact_id}")
        return Worker(
            outbox=self.store.outbox,
            editions=self.editions.get,
            verify=settings.pop("verify", verify),
            approved=self.approved.get,
            transport=transport or Answers(),
            may_write=may_write,
            settings=WorkerSettings(unsubscribe_url=url, **settings),
            clock=lambda: self.now,
            on_step=on_step,
        )

    def all(self):
        return self.store.outbox.list(limit=None)

    def one(self):
        (envelope,) = self.all()
        return envelope

    def states(self):
        return [envelope.state for envelope in self.all()]


@pytest.fixture
def queue(tmp_path):
    made = Queue(tmp_path)
    with made.store:
        yield made


def test_what_is_due_is_handed_over_once_and_recorded(queue):
    queue.put(3)
    transport = Answers()

    assert queue.worker(transport).run() == WorkReport(sent=3)
    assert queue.states() == [SENT] * 3
    assert {item.sent_at for item in queue.all()} == {NOON}
    assert sorted((s, r) for _, s, r, _ in transport.handed) == [
        ("post@example.com", f"p{n}@example.net") for n in range(3)
    ]
    assert queue.worker(transport).run() == WorkReport()
    assert len(transport.handed) == 3


def test_the_mail_handed_over_is_the_approved_one_for_that_person(queue):
    queue.put()
    transport = Answers()
    queue.worker(transport).run()

    raw = transport.handed[0][3]
    assert b"Frau Wei=C3=9F" in raw
    assert f"<{BASE}t-c_0>".encode() in raw


def test_nothing_is_sent_before_it_is_due(queue):
    queue.put()
    queue.now = NOON - timedelta(seconds=1)

    assert queue.worker().run() == WorkReport()


def test_a_limit_ends_the_run(queue):
    queue.put(3)

    assert queue.worker().run(limit=2) == WorkReport(sent=2)
    assert sorted(queue.states()) == [DUE, SENT, SENT]


def test_a_stop_is_heard_between_two_envelopes(queue):
    queue.put(3)
    stop = threading.Event()
    worker = queue.worker(on_step=lambda step: stop.set() if step == "after_record" else None)

    assert worker.run(stop=stop) == WorkReport(sent=1)


def test_a_worker_that_waits_for_more_finds_it(queue):
    stop = threading.Event()
    worker = queue.worker(
        on_step=lambda step: stop.set() if step == "after_record" else None, poll_s=0.01
    )
    reports = []
    thread = threading.Thread(
        target=lambda: reports.append(worker.run(until_empty=False, stop=stop))
    )
    thread.start()
    queue.put()
    thread.join(timeout=20)

    assert reports == [WorkReport(sent=1)]


def test_the_transport_is_called_with_no_write_open(queue):
    queue.put()
    seen = []

    def claimed_by_now(step):
        with queue.store.begin() as tx:  # would raise, or wait for ever, inside a claim
            tx.settings.put("seen", step)
        seen.append(step)

    queue.worker(on_step=claimed_by_now).run()
    assert seen == [
        "after_claim",
        "before_handover",
        "after_handover",
        "before_record",
        "after_record",
    ]


def test_who_must_not_be_written_to_is_dropped_at_the_claim(queue):
    queue.put(3)
    with queue.store.begin() as tx:
        tx.suppressions.add("p1@example.net", "unsubscribed", NOON)
    transport = Answers()

    queue.worker(
        transport, may_write=lambda contact: "no_consent" if contact.id == "c_2" else ""
    ).run()
    assert [recipient for _, _, recipient, _ in transport.handed] == ["p0@example.net"]
    assert sorted(queue.states()) == [EnvelopeState.DROPPED, EnvelopeState.DROPPED, SENT]


# What was approved, and nothing else


def held_with(queue, transport=None, **settings):
    transport = transport or Answers()
    report = queue.worker(transport, **settings).run()
    assert (report, transport.handed) == (WorkReport(held=1), [])
    assert queue.one().state is HELD
    return queue.one().reason


def test_an_edition_changed_behind_its_id_is_held(queue):
    queue.put()
    approved = edition()
    queue.editions[approved.id] = replace(approved, html=approved.html + "<p>Mehr!</p>")

    assert held_with(queue) == "seal broken"


@pytest.mark.parametrize("part", ["subject", "text", "from_address", "choices", "headers"])
def test_every_sealed_part_counts(queue, part):
    queue.put()
    changed = {"choices": {}, "headers": {"X-A": "b"}}.get(part, "other@example.com")
    queue.editions[edition().id] = edition(**{part: changed})

    assert held_with(queue) == "seal broken"


def test_another_edition_is_held_even_where_its_own_seal_is_good(queue):
    queue.put()
    queue.editions[edition().id] = edition(subject="Anders")

    assert held_with(queue, verify=lambda mail, sealed: True) == "seal broken"


def test_an_envelope_with_another_seal_is_held(queue):
    queue.put(seal="s_other")

    assert held_with(queue) == "seal broken"


def test_an_approval_of_something_else_is_held(queue):
    queue.put()
    queue.approved[edition().id] = "s_newer"

    assert held_with(queue) == "seal broken"


def test_what_is_not_approved_any_more_is_held(queue):
    queue.put(approve=False)

    assert held_with(queue) == "not approved"


def test_an_edition_that_is_gone_is_held(queue):
    queue.put()
    queue.editions.clear()

    assert held_with(queue) == "edition missing or altered"


def test_a_mail_that_cannot_be_composed_is_held_and_the_others_go_on(queue):
    queue.put(2)
    with queue.store.begin() as tx:
        bad = Contact("c_9", "p9@example.net")
        tx.contacts.put(bad)
        mail = edition()
        envelopes = plan_envelopes(
            [PlannedRecipient("c_9", bad.email, mail.id, seal(mail))], "spring", NOON
        )
        tx.enqueue(envelopes)

    assert queue.worker().run() == WorkReport(sent=2, held=1)
    (held,) = queue.store.outbox.list(state=HELD)
    assert held.reason.startswith("cannot be composed: the place [[")
    assert "example.net" not in held.reason


# Unsubscribe links


@pytest.mark.parametrize(
    "public_url", ["", "mail.example.com", "http://mail.example.com", "ftp://x", "https://"]
)
def test_mail_to_recipients_needs_an_answered_address(queue, public_url):
    with pytest.raises(PublicAddressMissing):
        queue.worker(Answers(leaves=True), public_url=public_url)


def test_a_folder_needs_none(queue):
    queue.put()

    assert queue.worker(Answers(leaves=False), public_url="").run().sent == 1


@pytest.mark.parametrize(
    "public_url", ["https://other.example.com", "https://mail.example.com.evil", f"{PUBLIC_URL}/x"]
)
def test_an_edition_sealed_under_another_address_is_held(queue, public_url):
    queue.put()

    reason = held_with(queue, Answers(leaves=True), public_url=public_url)
    assert "approve again" in reason


@pytest.mark.parametrize("public_url", [PUBLIC_URL, PUBLIC_URL + "/"])
def test_an_edition_under_the_address_is_sent(queue, public_url):
    queue.put()

    assert queue.worker(Answers(leaves=True), public_url=public_url).run().sent == 1


def test_a_link_outside_the_sealed_base_is_held(queue):
    queue.put()

    assert "approve again" in held_with(queue, url=lambda mail, sent: "https://evil.example/u/t")


# What the transport answers


def test_a_refused_recipient_has_failed(queue):
    queue.put()

    assert queue.worker(Answers(NO_SUCH_USER)).run() == WorkReport(failed=1)
    assert (queue.one().state, queue.one().reason) == (EnvelopeState.FAILED, "550 5.1.1 at RCPT")


def test_a_refused_sender_costs_no_recipient_the_mail(queue):
    queue.put()

    assert queue.worker(Answers(BAD_SENDER)).run() == WorkReport(held=1)
    assert queue.one().reason == "the server refuses the sender: 550 5.7.1 at MAIL FROM"


def test_an_unknown_outcome_is_held_and_never_tried_again(queue):
    queue.put()
    transport = Answers(LOST)

    assert queue.worker(transport).run() == WorkReport(held=1)
    assert queue.one().reason.startswith("outcome unknown")
    queue.now += timedelta(days=30)
    assert queue.worker(transport).run() == WorkReport()
    assert len(transport.handed) == 1


def test_a_busy_server_is_tried_five_times_with_longer_waits(queue):
    queue.put()
    transport = Answers(*[BUSY] * 9)
    waits = []
    for _ in range(4):
        assert queue.worker(transport).run() == WorkReport(deferred=1)
        waits.append(queue.one().due_at - queue.now)
        queue.now = queue.one().due_at - timedelta(seconds=1)
        assert queue.worker(transport).run() == WorkReport()
        queue.now += timedelta(seconds=1)

    assert queue.worker(transport).run() == WorkReport(failed=1)
    assert queue.one().state is EnvelopeState.FAILED
    assert len(transport.handed) == 5
    for wait, longest in zip(waits, (15, 30, 60, 120), strict=True):
        assert timedelta(minutes=longest) * 0.8 <= wait <= timedelta(minutes=longest)


def test_a_server_that_is_down_ends_the_run_and_costs_nobody_the_mail(queue):
    queue.put(10)
    transport = Answers(*[DOWN] * 100)

    report = queue.worker(transport).run()
    assert (report.deferred, len(transport.handed)) == (3, 3)
    assert "not reached" in report.stopped
    for _ in range(60):
        queue.now += timedelta(hours=4)
        queue.worker(transport).run()
    assert set(queue.states()) == {HELD}
    assert not any(e.reason.startswith("outcome unknown") for e in queue.all())


def test_a_transport_that_cannot_be_used_leaves_the_envelope_due(queue):
    queue.put()

    with pytest.raises(TransportUnusable):
        queue.worker(Answers(TransportUnusable())).run()
    assert queue.one().state is DUE
    assert queue.worker().run() == WorkReport(sent=1)


@pytest.mark.parametrize("error", [RuntimeError("p0@example.net"), KeyboardInterrupt()])
def test_what_breaks_during_a_handover_leaves_it_for_a_person(queue, error):
    queue.put()

    with pytest.raises((WorkStopped, KeyboardInterrupt)) as raised:
        queue.worker(Answers(error)).run()
    assert queue.one().state is HELD
    assert queue.one().reason.startswith("outcome unknown")
    assert "example.net" not in str(raised.value) + queue.one().reason


def test_what_breaks_before_a_handover_leaves_it_due(queue):
    queue.put()
    transport = Answers()

    def broken(mail, sent):
        raise RuntimeError("p0@example.net")

    with pytest.raises(WorkStopped) as stopped:
        queue.worker(transport, url=broken).run()
    assert (queue.one().state, transport.handed) == (DUE, [])
    assert "example.net" not in str(stopped.value) + queue.one().reason
    queue.now += timedelta(hours=1)
    assert queue.worker(transport).run() == WorkReport(sent=1)


# What dead workers leave


def leave_sending(queue, transport):
    """One envelope claimed by a worker of this transport that never says what became of it."""
    queue.put()
    worker = f"dead@{transport.mark}"
    claimed = queue.store.outbox.claim(NOON, worker, timedelta(minutes=1), lambda contact: "")
    queue.now += timedelta(minutes=2)
    return claimed.envelope


def test_a_mail_the_folder_has_is_recorded_as_sent(queue, tmp_path):
    transport = MaildirTransport(tmp_path / "out")
    transport.deliver(leave_sending(queue, transport), b"mail", "", "")

    assert queue.worker(transport).run() == WorkReport(sent=1)
    assert len(list((tmp_path / "out" / "new").iterdir())) == 1


def test_a_mail_the_folder_does_not_have_is_sent(queue, tmp_path):
    transport = MaildirTransport(tmp_path / "out")
    leave_sending(queue, transport)

    assert queue.worker(transport).run() == WorkReport(sent=1)
    assert len(list((tmp_path / "out" / "new").iterdir())) == 1


def test_a_mail_that_a_server_may_have_is_held(queue):
    transport = Answers(taken=None)
    leave_sending(queue, transport)

    assert queue.worker(transport).run() == WorkReport(held=1)
    assert queue.one().reason == "outcome unknown"
    assert transport.handed == []


def test_no_transport_answers_for_what_another_was_given(queue, tmp_path):
    leave_sending(queue, MaildirTransport(tmp_path / "one"))

    assert queue.worker(MaildirTransport(tmp_path / "two")).run() == WorkReport(held=1)
    assert queue.one().reason == "outcome unknown"


def test_a_lease_that_is_not_over_is_left_alone(queue):
    leave_sending(queue, Answers())
    queue.now = NOON + timedelta(seconds=59)

    assert queue.worker(Answers(taken=False)).run() == WorkReport()
    assert queue.states() == [EnvelopeState.SENDING]


def test_who_comes_too_late_hands_nothing_over(queue):
    queue.put()
    transport = Answers()

    def stall(step):
        if step == "after_claim" and queue.now == NOON:
            queue.now += timedelta(hours=1)

    worker = queue.worker(transport, on_step=stall)
    assert worker.run(limit=1) == WorkReport(deferred=1)
    assert (queue.one().state, transport.handed) == (DUE, [])
    assert worker.run() == WorkReport(sent=1)


def test_a_worker_overtaken_just_before_its_handover_makes_no_second_file(queue, tmp_path):
    queue.put()
    rescue = queue.worker(MaildirTransport(tmp_path / "out"))

    def overtaken(step):
        if step == "before_handover":
            queue.now += timedelta(hours=1)
            assert rescue.run() == WorkReport(sent=1)

    late = queue.worker(MaildirTransport(tmp_path / "out"), on_step=overtaken)
    assert late.run() == WorkReport()
    assert len(list((tmp_path / "out" / "new").iterdir())) == 1
    assert queue.states() == [SENT]


def test_an_outcome_that_became_known_late_is_still_recorded(queue):
    queue.put()
    rescue = queue.worker(Answers(taken=None))

    def overtaken(step):
        if step == "after_handover":
            queue.now += timedelta(hours=1)
            assert rescue.run() == WorkReport(held=1)

    assert queue.worker(Answers(), on_step=overtaken).run() == WorkReport(sent=1)
    assert queue.one().state is SENT


@given(st.text(max_size=70), st.integers(0, 20))
def test_waits_grow_to_four_hours_and_are_the_same_each_time(key, attempts):
    wait = backoff(key, attempts)

    longest = min(timedelta(minutes=15) * 2**attempts, timedelta(hours=4))
    assert longest * 0.8 <= wait <= longest
    assert wait == backoff(key, attempts)


def test_reasons_and_reports_hold_no_addresses(queue):
    queue.put(4)
    queue.worker(Answers(BUSY, NO_SUCH_USER, LOST, BAD_SENDER)).run()

    assert not any(re.search(r"@", envelope.reason) for envelope in queue.all())
    assert len({envelope.reason for envelope in queue.all()}) == 4
