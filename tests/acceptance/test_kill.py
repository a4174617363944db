"""Workers die by SIGKILL, at named points and at random moments: nothing is lost, nothing is
sent twice, and what nobody can know is held for a person."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from contracts.audience import Contact
from contracts.delivery import EnvelopeState, MergeValues
from contracts.mail import Edition
from delivery import PlannedRecipient, plan_envelopes
from storage import open_store

HOST_SCRIPT = Path(__file__).with_name("kill_host.py")
SECRET = b"kept for the tests"
STEPS = ["after_claim", "before_handover", "after_handover", "before_record", "after_record"]
TINY_LEASE_S = 0.3
SENT, HELD, SENDING = EnvelopeState.SENT, EnvelopeState.HELD, EnvelopeState.SENDING

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


class Workers:
    """The process that starts workers, and the orders it understands."""

    def __init__(self, errors):
        self._process = subprocess.Popen(
            [sys.executable, HOST_SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def start(self, **spec):
        return self._ask({"start": spec})

    def kill(self, worker):
        os.kill(worker, signal.SIGKILL)
        assert self.reap(worker) == -signal.SIGKILL

    def reap(self, worker):
        return self._ask({"reap": worker})

    def run(self, **spec):
        return self.reap(self.start(**spec))

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _ask(self, order):
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with (tmp_path_factory.mktemp("host") / "errors").open("w+") as errors:
        host = Workers(errors)
        yield host
        host.close()
        errors.seek(0)
        assert errors.read() == ""


class Inbox:
    """A server that counts what it was given, by envelope."""

    def __init__(self):
        self.taken = Counter()

    async def handle_DATA(self, server, session, envelope):
        self.taken[message_from_bytes(envelope.content)["X-Mailwright-Envelope"]] += 1
        return "250 OK"


@pytest.fixture
def inbox():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    inbox.port = port
    yield inbox
    controller.stop()


class Queue:
    def __init__(self, folder, count):
        self.url = f"sqlite:///{folder / 'records.db'}"
        self.store = open_store(self.url, SECRET)
        mail = edition()
        people = [Contact(f"c_{n}", f"p{n}@example.net") for n in range(count)]
        planned = [
            PlannedRecipient(
                person.id,
                person.email,
                mail.id,
                f"s_{mail.id}",
                merge=MergeValues(values={"company": f"Nr. {place}"}),
            )
            for place, person in enumerate(people)
        ]
        with self.store.begin() as tx:
            for person in people:
                tx.contacts.put(person)
            tx.editions.put(mail, "d_1")
            tx.enqueue(plan_envelopes(planned, "spring", datetime(2026, 3, 2, tzinfo=UTC)))

    def ids(self, state=None):
        return {envelope.id for envelope in self.store.outbox.list(state=state, limit=None)}

    def counts(self):
        return {state: n for state, n in self.store.outbox.counts().items() if n}


def edition():
    return Edition(
        variant_id="v_1",
        campaign="spring",
        segment="all",
        language="de",
        profile="DE",
        subject="Für [[company]]",
        html='<p>Guten Tag,</p><a href="[[unsubscribe_url]]">Abmelden</a>',
        text="Guten Tag,\nAbmelden: [[unsubscribe_url]]\n",
        from_name="Müller GmbH",
        from_address="post@example.com",
        reply_to="",
        refusal_mailbox="stopp@example.com",
        unsubscribe_base="http://127.0.0.1:9/u/",
        choices={},
        fields=("company",),
    )


@pytest.fixture
def queue_of(tmp_path):
    made = []

    def make(count):
        made.append(Queue(tmp_path, count))
        return made[-1]

    yield make
    for queue in made:
        queue.store.close()


def files(folder):
    """How often each envelope is in the maildir, whatever its files are called."""
    return Counter(
        message_from_bytes(path.read_bytes())["X-Mailwright-Envelope"]
        for path in (folder / "new").iterdir()
    )


def finish(workers, queue, **way):
    """A worker after the leases of the dead are over."""
    time.sleep(TINY_LEASE_S + 0.05)
    assert workers.run(database=queue.url, lease_s=60, **way) == 0


def assert_nothing_lost_nothing_twice(queue, taken, kills):
    """For a transport that cannot say afterwards what it took."""
    counts = queue.counts()
    assert set(counts) <= {SENT, HELD}
    assert counts.get(HELD, 0) <= kills
    assert set(taken.values()) <= {1}
    assert queue.ids(SENT) <= set(taken) <= queue.ids()
    held = queue.store.outbox.list(state=HELD, limit=None)
    assert {envelope.reason for envelope in held} <= {"outcome unknown"}


@pytest.mark.parametrize("point", STEPS)
def test_killed_at_a_point_every_file_is_there_once(workers, queue_of, tmp_path, point):
    queue, folder = queue_of(6), tmp_path / "out"
    way = {"folder": str(folder)}

    dying = {"die_at": point, "die_on": 3, "lease_s": TINY_LEASE_S}
    assert workers.run(database=queue.url, **dying, **way) == -signal.SIGKILL
    assert queue.counts()[EnvelopeState.DUE] == 3
    finish(workers, queue, **way)

    assert queue.counts() == {SENT: 6}
    assert files(folder) == Counter(queue.ids())


@pytest.mark.parametrize("point", STEPS)
def test_killed_at_a_point_the_server_is_given_nothing_twice(workers, queue_of, inbox, point):
    queue, way = queue_of(6), {"port": inbox.port}

    dying = {"die_at": point, "die_on": 3, "lease_s": TINY_LEASE_S}
    assert workers.run(database=queue.url, **dying, **way) == -signal.SIGKILL
    finish(workers, queue, **way)

    assert_nothing_lost_nothing_twice(queue, inbox.taken, kills=1)
    assert queue.counts() == ({SENT: 6} if point == "after_record" else {SENT: 5, HELD: 1})


def test_killed_fifty_times_every_file_is_there_once(workers, queue_of, tmp_path):
    queue, folder, chance = queue_of(200), tmp_path / "out", random.Random(20260302)
    way = {"folder": str(folder)}
    left = set()

    for _ in range(25):
        pair = [
            workers.start(
                database=queue.url, lease_s=TINY_LEASE_S, pause_s=0.003, until_empty=False, **way
            )
            for _ in range(2)
        ]
        for worker in pair:
            time.sleep(0.003 + 0.2 * chance.random() ** 1.5)
            workers.kill(worker)
        left |= {envelope.claim for envelope in queue.store.outbox.list(state=SENDING)}
    finish(workers, queue, **way)

    assert queue.counts() == {SENT: 200}
    assert files(folder) == Counter(queue.ids())
    assert len(left) >= 5, "too few kills met a worker at work to show anything"


def test_killed_fifty_times_the_server_is_given_nothing_twice(workers, queue_of, inbox):
    queue, chance = queue_of(200), random.Random(20260303)
    way = {"port": inbox.port}
    left = set()

    for _ in range(50):
        worker = workers.start(
            database=queue.url, lease_s=TINY_LEASE_S, pause_s=0.003, until_empty=False, **way
        )
        time.sleep(0.003 + 0.2 * chance.random() ** 1.5)
        workers.kill(worker)
        left |= {envelope.claim for envelope in queue.store.outbox.list(state=SENDING)}
    finish(workers, queue, **way)

    assert_nothing_lost_nothing_twice(queue, inbox.taken, kills=50)
    assert len(left) >= 5, "too few kills met a worker at work to show anything"
