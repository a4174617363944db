"""The SMTP transport against real servers on loopback."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from contracts.delivery import Envelope, MergeValues
from delivery import (
    Fault,
    HandoverStatus,
    SmtpSecurity,
    SmtpSettings,
    SmtpTransport,
    TransportSettingsRefused,
    TransportUnusable,
)

HOST = "127.0.0.1"
RAW = b"Subject: x\r\nTo: b@y.example\r\n\r\n.dot\r\n..two\r\nend\r\n"
ENVELOPE = Envelope(
    id="n_1",
    key="k1",
    campaign="spring",
    contact_id="c_1",
    edition_id="e_1",
    arm="",
    address="b@y.example",
    merge=MergeValues(),
    seal="s",
    due_at=datetime(2026, 3, 2, tzinfo=UTC),
)


class Mailbox:
    """Takes mail, and does at each phase what the test tells it to."""

    def __init__(self, **phases):
        self.phases = phases
        self.mails = []
        self.connections = set()

    async def _phase(self, name, server):
        act = self.phases.get(name)
        if act == "hang":
            await asyncio.sleep(1.5)
        elif act == "drop":
            server.transport.abort()
        elif callable(act):
            return act()
        return act if act not in (None, "hang", "drop") else None

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.connections.add(session.peer)
        said = await self._phase("mail", server)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = await self._phase("rcpt", server)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)  # first: the server stops here when the line is lost
        said = await self._phase("data", server)
        if said:
            self.mails.remove(envelope)
        return said or "250 OK"


class Quiet(Controller):
    def __init__(self, handler, server_class=SMTP, **kwargs):
        self._server_class = server_class
        super().__init__(handler, hostname=HOST, port=free_port(), **kwargs)

    def factory(self):
        return self._server_class(self.handler, hostname="localhost", **self.SMTP_kwargs)


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def serving(handler, **kwargs):
    controller = Quiet(handler, **kwargs)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def transport(port, **settings):
    chosen = {"security": SmtpSecurity.NONE, "timeout_s": 5, "hello": "worker.test", **settings}
    made = SmtpTransport(SmtpSettings(HOST, port, **chosen))
    try:
        yield made
    finally:
        made.close()


def hand_over(smtp, recipient="b@y.example"):
    return smtp.deliver(ENVELOPE, RAW, "a@x.example", recipient)


def test_a_mail_arrives_as_it_was_composed():
    box = Mailbox()
    with serving(box) as port, transport(port) as smtp:
        taken = hand_over(smtp)

    assert taken.status is HandoverStatus.TAKEN
    (mail,) = box.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("a@x.example", ["b@y.example"])
    assert mail.content == RAW
    assert not mail.smtp_utf8
    assert "SMTPUTF8" not in mail.mail_options


def test_one_connection_serves_many_mails_good_and_refused():
    box = Mailbox(rcpt=iter(["", "550 5.1.1 nobody", "", "451 4.2.0 later", ""]).__next__)
    with serving(box) as port, transport(port) as smtp:
        answers = [hand_over(smtp).status.value for _ in range(5)]

    assert answers == ["taken", "refused", "taken", "deferred", "taken"]
    assert len(box.mails) == 3
    assert len(box.connections) == 1


@pytest.mark.parametrize(
    "phase, reply, status, fault, reason",
    [
        ("mail", "550 5.7.1 x@y no", "refused", Fault.SENDER, "550 5.7.1 at MAIL FROM"),
        ("mail", "451 4.3.2 x@y", "deferred", Fault.SENDER, "451 4.3.2 at MAIL FROM"),
        ("rcpt", "550 5.1.1 x@y unknown", "refused", Fault.RECIPIENT, "550 5.1.1 at RCPT"),
        ("rcpt", "450 busy", "deferred", Fault.RECIPIENT, "450 at RCPT"),
        ("data", "554 5.7.1 spam", "refused", Fault.RECIPIENT, "554 5.7.1 at end of DATA"),
        ("data", "452 4.3.1 full", "deferred", Fault.RECIPIENT, "452 4.3.1 at end of DATA"),
        ("rcpt", "421 4.7.0 closing", "deferred", Fault.NETWORK, "421 4.7.0 at RCPT"),
    ],
)
def test_each_answer_means_what_its_phase_makes_it(phase, reply, status, fault, reason):
    box = Mailbox(**{phase: reply})
    with serving(box) as port, transport(port) as smtp:
        answer = hand_over(smtp)

    assert (answer.status.value, answer.fault, answer.reason) == (status, fault, reason)
    assert box.mails == []


@pytest.mark.parametrize("phase", ["mail", "rcpt"])
def test_a_line_lost_before_the_text_is_deferred(phase):
    box = Mailbox(**{phase: "drop"})
    with serving(box) as port, transport(port) as smtp:
        answer = hand_over(smtp)

    assert (answer.status, answer.fault) == (HandoverStatus.DEFERRED, Fault.NETWORK)


def test_a_silence_before_the_text_is_deferred():
    box = Mailbox(rcpt="hang")
    with serving(box) as port, transport(port, timeout_s=0.3) as smtp:
        answer = hand_over(smtp)

    assert (answer.status, answer.fault) == (HandoverStatus.DEFERRED, Fault.NETWORK)


@pytest.mark.parametrize("act", ["drop", "hang"])
def test_a_line_lost_after_the_text_began_leaves_the_outcome_unknown(act):
    box = Mailbox(data=act)
    with serving(box) as port, transport(port, timeout_s=0.3) as smtp:
        answer = hand_over(smtp)

    assert answer.status is HandoverStatus.UNKNOWN
    assert len(box.mails) == 1
    assert SmtpTransport(SmtpSettings(HOST)).was_taken(ENVELOPE) is None


def test_a_server_that_does_not_run_is_deferred():
    with transport(free_port()) as smtp:
        answer = hand_over(smtp)

    assert (answer.status, answer.fault) == (HandoverStatus.DEFERRED, Fault.NETWORK)
    assert answer.reason == "not reached: connection refused"


def test_it_connects_again_after_the_server_went_away():
    box = Mailbox()
    with serving(box) as port, transport(port) as smtp:
        assert hand_over(smtp).status is HandoverStatus.TAKEN
        smtp._connection.sock.shutdown(socket.SHUT_RDWR)
        assert hand_over(smtp).status is HandoverStatus.TAKEN

    assert len(box.mails) == len(box.connections) == 2


def test_a_transport_that_was_closed_can_be_used_again():
    box = Mailbox()
    with serving(box) as port, transport(port) as smtp:
        for _ in range(2):
            assert hand_over(smtp).status is HandoverStatus.TAKEN
            smtp.close()

    assert len(box.mails) == 2


# Security


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost, and one for another name, each its own authority."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("certificates")

    def make(name, subject_name):
        key, cert = folder / f"{name}.key", folder / f"{name}.pem"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-keyout", key, "-out", cert, "-subj", f"/CN={name}"),
                *("-addext", f"subjectAltName={subject_name}"),
            ],
            check=True,
            capture_output=True,
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        return cert, context

    return {"right": make("right", f"IP:{HOST}"), "other": make("other", "DNS:other.example")}


def test_starttls_is_used_and_the_password_goes_inside(certificate):
    cert, context = certificate["right"]
    box, logins = Mailbox(), []

    def authenticate(server, session, envelope, mechanism, data):
        logins.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"tls_context": context, "require_starttls": True, "authenticator": authenticate}
    tls = {"security": SmtpSecurity.STARTTLS, "ca_file": str(cert), "user": "u"}
    with serving(box, **options) as port:
        with transport(port, **tls, password="right") as smtp:
            assert hand_over(smtp).status is HandoverStatus.TAKEN
        with transport(port, **tls, password="wrong") as smtp, pytest.raises(TransportUnusable):
            hand_over(smtp)

    assert logins[0] == (b"u", b"right", True)
    assert len(box.mails) == 1


def test_tls_from_the_first_byte(certificate):
    cert, context = certificate["right"]
    box = Mailbox()
    with (
        serving(box, ssl_context=context) as port,
        transport(port, security=SmtpSecurity.TLS, ca_file=str(cert)) as smtp,
    ):
        assert hand_over(smtp).status is HandoverStatus.TAKEN


@pytest.mark.parametrize("trusted", ["system", "other"])
def test_a_certificate_that_does_not_prove_the_host_is_not_accepted(certificate, trusted):
    cert, context = certificate["other"]
    box = Mailbox()
    with (
        serving(box, tls_context=context) as port,
        transport(
            port,
            security=SmtpSecurity.STARTTLS,
            ca_file=str(cert) if trusted == "other" else "",
        ) as smtp,
        pytest.raises(TransportUnusable, match="certificate"),
    ):
        hand_over(smtp)
    assert box.mails == []


def test_there_is_no_falling_back_to_plain_text():
    box = Mailbox()
    with (
        serving(box) as port,
        transport(port, security=SmtpSecurity.STARTTLS) as smtp,
        pytest.raises(TransportUnusable, match="STARTTLS"),
    ):
        hand_over(smtp)
    assert box.mails == []


def test_a_password_never_travels_in_the_clear():
    settings = SmtpSettings("mail.example.com", 25, SmtpSecurity.NONE, "u", "hidden-word")

    with pytest.raises(TransportSettingsRefused):
        SmtpTransport(settings)
    assert "hidden-word" not in repr(settings)


def test_a_host_is_needed():
    with pytest.raises(TransportSettingsRefused):
        SmtpTransport(SmtpSettings(""))
