"""A worker on SQLite into a maildir, against writing the same bytes with the same fsync."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import samples
from contracts.audience import Consent, ConsentKind, Contact
from contracts.delivery import MergeValues
from delivery import (
    MaildirTransport,
    PlannedRecipient,
    Unsubscriber,
    Worker,
    WorkerSettings,
    compose,
    plan_envelopes,
)
from review import link, seal, verify
from storage import open_store

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]
COUNT = 50
SECRET = b"0123456789abcdef0123456789abcdef"


@contextmanager
def prepared() -> Iterator[list[Row]]:
    folder = Path(tempfile.mkdtemp(prefix="mailwright-bench-"))
    edition = samples.edition()
    sealed = seal(edition)
    unsubscriber = Unsubscriber(SECRET)
    merge = MergeValues({"greeting": "none", "reason": "express"})
    contacts = [
        Contact(f"c_{n:032d}", f"p{n}@example.com", consent=Consent(ConsentKind.EXPRESS))
        for n in range(COUNT)
    ]
    now = datetime.now(UTC)
    envelopes = plan_envelopes(
        [PlannedRecipient(c.id, c.email, edition.id, sealed, merge=merge) for c in contacts],
        "bench",
        now,
    )
    rounds = iter(range(10_000))

    def worker() -> object:
        home = folder / f"w{next(rounds)}"
        home.mkdir()
        with open_store(f"sqlite:///{home}/records.db", SECRET, link) as store:
            with store.begin() as tx:
                for contact in contacts:
                    tx.contacts.put(contact)
                tx.enqueue(envelopes)
            return Worker(
                outbox=store.outbox,
                editions=lambda _: edition,
                verify=verify,
                approved=lambda _: sealed,
                transport=MaildirTransport(home / "mail"),
                may_write=lambda _: "",
                settings=WorkerSettings(
                    unsubscribe_url=lambda e, n: unsubscriber.url(
                        e.unsubscribe_base, n.contact_id, n.campaign
                    )
                ),
            ).run()

    def bare() -> None:
        home = folder / f"b{next(rounds)}"
        home.mkdir()
        for envelope in envelopes:
            url = unsubscriber.url(edition.unsubscribe_base, envelope.contact_id, "bench")
            raw = compose(edition, replace(envelope), url, now, "")
            with (home / envelope.id).open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())

    try:
        yield [("work the queue", f"{COUNT} envelopes", worker, bare, "compose + fsync only")]
    finally:
        shutil.rmtree(folder)
