"""From an approved draft to a mailbox and back: SMTP on loopback, and the unsubscribe link."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from conftest import Sample

from contracts.audience import ContactStatus
from contracts.brief import ExperimentPlan, Sender
from contracts.delivery import EnvelopeState
from contracts.errors import BadInput
from delivery import PublicAddressMissing
from interface.http import create_app
from workflow.approval import approve, waiting
from workflow.audience import import_contacts
from workflow.house import House, open_house
from workflow.run import run_campaign
from workflow.sending import queue_campaign, queue_counts, queue_list, work_queue
from workflow.settings import load_settings
from workflow.unsubscribing import Unsubscribing


class Mailbox:
    """An SMTP server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, EmailMessage]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        raw: bytes = envelope.content  # type: ignore[attr-defined]
        recipient: str = envelope.rcpt_tos[0]  # type: ignore[attr-defined]
        parsed = message_from_bytes(raw, policy=policy.default)
        self.messages.append((recipient, parsed))  # type: ignore[arg-type]
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    handler, port = Mailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def real(sender: Sender) -> Sender:
    return sender.model_copy(update={"sample": False})


def smtp_house(sample: Sample, port: int, **more: object):  # type: ignore[no-untyped-def]
    given = {
        "transport": "smtp",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        **more,
    }
    return open_house(load_settings(sample.folder, **given))


def approved(house: House, sample: Sample) -> None:
    run_campaign(house, sample.files.brief, real(sample.files.sender), sample.marketer)
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    queue_campaign(house, sample.files.brief.name, sample.marketer)


def test_smtp_is_refused_while_nobody_answers_unsubscribing(
    sample: Sample, mailbox: tuple[Mailbox, int]
) -> None:
    handler, port = mailbox
    with smtp_house(sample, port) as house:
        approved(house, sample)
        with pytest.raises(PublicAddressMissing):
            work_queue(house)
        assert queue_counts(house)[EnvelopeState.SENT] == 0
    assert handler.messages == []


def test_an_invented_sender_is_refused_by_smtp(
    sample: Sample, mailbox: tuple[Mailbox, int]
) -> None:
    handler, port = mailbox
    with smtp_house(sample, port, public_url="https://mail.korvane.example") as house:
        for submission in waiting(house):
            approve(house, submission.draft_id, sample.reviewer)
        queue_campaign(house, sample.files.brief.name, sample.marketer)
        with pytest.raises(BadInput, match="invented sender"):
            work_queue(house)
    assert handler.messages == []


def test_what_was_approved_arrives_once_with_both_headers(
    sample: Sample, mailbox: tuple[Mailbox, int]
) -> None:
    handler, port = mailbox
    base = "https://mail.korvane.example"
    with smtp_house(sample, port, public_url=base) as house:
        approved(house, sample)
        report = work_queue(house)
        assert work_queue(house).sent == 0
        assert report.sent == queue_counts(house)[EnvelopeState.SENT] == len(handler.messages)
    assert report.sent > 30
    recipients = [recipient for recipient, _ in handler.messages]
    assert len(set(recipients)) == len(recipients)
    for _, message in handler.messages:
        assert f"<{base}/u/" in message["List-Unsubscribe"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.get_body(("plain",)) is not None
        assert message.get_body(("html",)) is not None


def test_mail_that_was_approved_with_another_public_address_is_held(
    sample: Sample, mailbox: tuple[Mailbox, int]
) -> None:
    handler, port = mailbox
    with smtp_house(sample, port, public_url="https://old.korvane.example") as house:
        approved(house, sample)
    with smtp_house(sample, port, public_url="https://new.korvane.example") as house:
        work_queue(house)
        assert queue_counts(house)[EnvelopeState.HELD] > 0
    assert handler.messages == []


@contextmanager
def served(house: House) -> Iterator[str]:
    port = free_port()
    config = uvicorn.Config(
        create_app(Unsubscribing(house)), host="127.0.0.1", port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def test_the_link_in_a_mail_stops_the_mail_and_looking_at_it_does_not(
    house: House, sample: Sample
) -> None:
    run_campaign(house, sample.files.brief, sample.files.sender, sample.marketer)
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    queue_campaign(house, sample.files.brief.name, sample.marketer)
    work_queue(house, limit=1)
    file = next((sample.folder / "maildir" / "new").iterdir())
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    link = str(message["List-Unsubscribe"]).split(">")[0].lstrip("<")
    path = urllib.parse.urlsplit(link).path
    address = str(message["To"])

    def status() -> ContactStatus:
        with house.store.read() as tx:
            contact = tx.contacts.by_email(address)
        assert contact is not None
        return contact.status

    with served(house) as base:
        for _ in range(3):
            with urllib.request.urlopen(base + path) as page:
                assert page.status == 200
        assert status() is ContactStatus.ACTIVE
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(base + path + "x")
        post = urllib.request.Request(base + path, data=b"List-Unsubscribe=One-Click")
        with urllib.request.urlopen(post) as answer:
            assert answer.status == 200
            assert answer.geturl() == base + path
    assert status() is ContactStatus.UNSUBSCRIBED


def test_a_segment_that_can_bear_them_gets_several_arms_and_keeps_them(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    rows = "".join(f"reader{n}@arms.example;Reader;R{n};US;en;food;webinar\n" for n in range(60))
    file = tmp_path / "many.csv"
    file.write_text("email;first name;last name;country;language;industry;source\n" + rows)
    import_contacts(house, file, sample.marketer)
    # 5 % against 95 %: four recipients an arm are enough to tell.
    plan = ExperimentPlan(slots=("subject", "opener"), max_variants=3, baseline=0.05, lift=18.0)
    brief = sample.files.brief.model_copy(update={"experiment": plan})
    run_campaign(house, brief, sample.files.sender, sample.marketer)
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    queue_campaign(house, brief.name, sample.marketer)

    def arms() -> dict[str, str]:
        return {
            item.contact_id: item.arm
            for item in queue_list(house, limit=None)
            if item.address.endswith("@arms.example")
        }

    first = arms()
    shares = Counter(first.values())
    assert len(first) == 60
    assert len(shares) == 3
    assert min(shares.values()) >= 10
    queue_campaign(house, brief.name, sample.marketer)
    assert arms() == first
