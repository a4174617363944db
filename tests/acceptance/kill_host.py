"""Starts workers that may be killed, each a process of its own, without importing anew.

Reads one JSON object a line: {"start": {...}} forks a worker and answers its process id;
{"reap": pid} waits for that one and answers how it ended (-9: killed). Until it is reaped a
dead worker keeps its id, so that no other process is ever hit.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from delivery import (
    MaildirTransport,
    SmtpSecurity,
    SmtpSettings,
    SmtpTransport,
    Transport,
    Worker,
    WorkerSettings,
)
from storage import open_store

SECRET = b"kept for the tests"
BASE = "http://127.0.0.1:9/u/"


def transport_of(spec: dict[str, Any]) -> Transport:
    if "folder" in spec:
        return MaildirTransport(Path(spec["folder"]))
    settings = SmtpSettings("127.0.0.1", spec["port"], SmtpSecurity.NONE, hello="worker.test")
    return SmtpTransport(settings)


def work(spec: dict[str, Any]) -> None:
    seen = 0

    def step(name: str) -> None:
        nonlocal seen
        time.sleep(spec.get("pause_s", 0))
        if name == spec.get("die_at"):
            seen += 1
            if seen == spec["die_on"]:
                os.kill(os.getpid(), signal.SIGKILL)

    with open_store(spec["database"], SECRET) as store:

        def edition(edition_id: str) -> Any:
            with store.read() as tx:
                return tx.editions.get(edition_id)

        Worker(
            outbox=store.outbox,
            editions=edition,
            verify=lambda mail, seal: seal == f"s_{mail.id}",
            approved=lambda edition_id: f"s_{edition_id}",
            transport=transport_of(spec),
            may_write=lambda contact: "",
            settings=WorkerSettings(
                unsubscribe_url=lambda mail, envelope: BASE + envelope.contact_id,
                public_url=BASE,
                lease=timedelta(seconds=spec["lease_s"]),
                recover_every=timedelta(seconds=spec["lease_s"]),
                poll_s=0.01,
                attempts=1000,  # claims count as attempts, and there will be many
            ),
            on_step=step,
        ).run(until_empty=spec.get("until_empty", True))


def start(spec: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work(spec)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            answer = start(order["start"])
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["reap"], 0)[1])
        print(answer, flush=True)


if __name__ == "__main__":
    main()
