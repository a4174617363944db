"""Hands mails to an SMTP server, and knows at each step what its answer means.

What decides between "try again" and "a person must look" is where the dialogue broke off:
until the server has invited the text (354), nothing was taken; from then until its last
reply, nobody knows (RFC 5321, 4.2.5 and 6.1).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from contracts.delivery import Envelope
from delivery.errors import TransportSettingsRefused, TransportUnusable
from delivery.transports import Fault, Handover, HandoverStatus

__all__ = ["SmtpSecurity", "SmtpSettings", "SmtpTransport"]

_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?:\s|\Z)")  # RFC 2034, 4
_DOT_AT_START = re.compile(rb"(?m)^\.")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SmtpSecurity(StrEnum):
    NONE = "none"  # only for a relay on this machine or a trusted wire
    STARTTLS = "starttls"
    TLS = "tls"  # from the first byte, usually port 465


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    port: int = 587
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 30.0  # for each wait on the network
    hello: str = ""  # name in EHLO; "" takes this machine's own
    ca_file: str = ""  # certificates to trust instead of the system's


class _Unreachable(Exception):
    """The dialogue broke off before the text was invited."""


class SmtpTransport:
    """One connection, kept between mails and opened again when the server has closed it.

    Not for two threads at once. Certificates and host names are always checked, and there is
    no falling back to plain text. SMTPUTF8 is never asked for.

    Raises:
        TransportSettingsRefused: no host, or a password that would travel in the clear.
    """

    leaves_the_house = True
    mark = "smtp"

    def __init__(self, settings: SmtpSettings) -> None:
        if not settings.host:
            raise TransportSettingsRefused("SMTP needs a host: set one, or send to a folder")
        clear = settings.security is SmtpSecurity.NONE and settings.host not in _LOOPBACK
        if settings.user and clear:
            raise TransportSettingsRefused(
                "an SMTP password would travel in the clear: set security to starttls or tls"
            )
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def deliver(self, envelope: Envelope, raw: bytes, sender: str, recipient: str) -> Handover:
        """Offers the mail once and says what the server answered.

        Raises:
            TransportUnusable: the certificate, the offered security or the password is
                wrong; nothing was handed over.
        """
        del envelope
        try:
            connection = self._ready()
            code, reply = _step(connection.mail, sender)
            if code != 250:
                return self._refusal("MAIL FROM", code, reply, Fault.SENDER)
            code, reply = _step(connection.rcpt, recipient)
            if code not in (250, 251):
                return self._refusal("RCPT", code, reply, Fault.RECIPIENT)
            code, reply = _step(connection.docmd, "DATA")
            if code != 354:
                return self._refusal("DATA", code, reply, Fault.RECIPIENT)
        except _Unreachable as broken:
            self._drop()
            return Handover(HandoverStatus.DEFERRED, f"not reached: {broken}", Fault.NETWORK)
        return self._transmit(connection, raw)

    def was_taken(self, envelope: Envelope) -> None:
        """None: no SMTP server can be asked what it took."""
        del envelope

    def close(self) -> None:
        """Says goodbye; never raises."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._drop()

    def _transmit(self, connection: smtplib.SMTP, raw: bytes) -> Handover:
        text = _DOT_AT_START.sub(b"..", raw)  # RFC 5321, 4.5.2
        try:
            connection.send(text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Handover(
                HandoverStatus.UNKNOWN, f"{_kind(error)} after DATA had begun", Fault.NETWORK
            )
        if 200 <= code < 300:
            return Handover(HandoverStatus.TAKEN, _codes(code, reply))
        if 400 <= code < 600:
            return self._refusal("end of DATA", code, reply, Fault.RECIPIENT)
        self._drop()
        return Handover(
            HandoverStatus.UNKNOWN, f"reply {code} at the end of DATA means nothing", Fault.NETWORK
        )

    def _refusal(self, where: str, code: int, reply: bytes, fault: Fault) -> Handover:
        if code == 421 or not 200 <= code < 600:  # it is closing, or out of step
            self._drop()
        if 500 <= code < 600:
            return Handover(HandoverStatus.REFUSED, f"{_codes(code, reply)} at {where}", fault)
        # A server that closes refuses everybody: no recipient's attempts should pay for it.
        fault = Fault.NETWORK if code == 421 else fault
        return Handover(HandoverStatus.DEFERRED, f"{_codes(code, reply)} at {where}", fault)

    def _ready(self) -> smtplib.SMTP:
        """A connection that has just answered, with no mail half told."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._connection.rset()[0] == 250:
                    return self._connection
            self._drop()
        self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        hello = settings.hello or socket.gethostname() or "localhost"
        context = _context(settings)
        connection: smtplib.SMTP | None = None
        try:
            if settings.security is SmtpSecurity.TLS:
                connection = smtplib.SMTP_SSL(
                    settings.host,
                    settings.port,
                    local_hostname=hello,
                    timeout=settings.timeout_s,
                    context=context,
                )
            else:
                connection = smtplib.SMTP(
                    settings.host, settings.port, local_hostname=hello, timeout=settings.timeout_s
                )
            connection.ehlo_or_helo_if_needed()
            if settings.security is SmtpSecurity.STARTTLS:
                connection.starttls(context=context)
                connection.ehlo_or_helo_if_needed()
            if settings.user:
                connection.login(settings.user, settings.password)
        except ssl.SSLCertVerificationError as error:
            _abandon(connection)
            raise TransportUnusable(
                "the SMTP server's certificate does not stand for its name: mend it or the host"
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            _abandon(connection)
            raise TransportUnusable(
                "the SMTP server does not offer what is set (STARTTLS or AUTH): change the settings"
            ) from error
        except smtplib.SMTPAuthenticationError as error:
            _abandon(connection)
            if error.smtp_code < 500:
                raise _Unreachable(f"{error.smtp_code} at AUTH") from error
            raise TransportUnusable(
                "the SMTP server refuses user and password: correct them in the settings"
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            _abandon(connection)
            raise _Unreachable(_kind(error)) from error
        return connection

    def _drop(self) -> None:
        _abandon(self._connection)
        self._connection = None


def _step(command: Callable[[str], tuple[int, bytes]], argument: str) -> tuple[int, bytes]:
    try:
        return command(argument)
    except (OSError, smtplib.SMTPException) as error:
        raise _Unreachable(_kind(error)) from error


def _context(settings: SmtpSettings) -> ssl.SSLContext | None:
    if settings.security is SmtpSecurity.NONE:
        return None
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _abandon(connection: smtplib.SMTP | None) -> None:
    if connection is not None:
        with suppress(OSError):
            connection.close()


def _codes(code: int, reply: bytes) -> str:
    found = _ENHANCED.match(reply)
    return f"{code} {found[1].decode()}" if found else str(code)


def _kind(error: Exception) -> str:
    """What broke, without words of the server, which may name people."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, smtplib.SMTPConnectError):
        return f"greeted with {error.smtp_code}"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "connection lost"
    return type(error).__name__
