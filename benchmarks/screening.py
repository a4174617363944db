"""Screening a mail for ten jurisdictions (its language as a whole, not sentence by sentence)
against SpamAssassin's daemon with local rules alone, one process each, on the same mails. Without
the program (Debian's package `spamassassin`) the row is left out and a line says so."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]

PLACES = ("US", "CA-QC", "DE", "FR", "UK", "CN", "JP", "KR", "SG", "BR")
_MAILS = 12  # screened in one unit, other ones each time, so that no answer is remembered
_WAIT_S = 60.0
_PORT = 47_833


def _mails() -> list[bytes]:
    """The lawful mails of every jurisdiction, in twenty languages, and what breaks them."""
    from evaluation.suites.mailmaking import message_of
    from evaluation.suites.violations import planted_sets

    found = []
    for item in planted_sets():
        for violation in item.violations:
            found.append(message_of(item.original(violation.of), violation.change))
    return found


@contextmanager
def prepared() -> Iterator[Sequence[Row]]:
    program = shutil.which("spamd")
    if program is None:
        print("SpamAssassin is not installed (package spamassassin): not compared", file=sys.stderr)
        yield ()
        return
    daemon = subprocess.Popen(
        [program, "-L", "-x", "-m", "1", "-i", "127.0.0.1", "-p", str(_PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _answered()
        mails = _mails()
        yield [
            (
                "screen a mail for ten jurisdictions",
                f"{_MAILS} mails",
                _ours(mails),
                _theirs(mails),
                "spamd -L (SpamAssassin, local rules)",
            )
        ]
    finally:
        daemon.terminate()
        daemon.wait(timeout=_WAIT_S)


def _ours(mails: list[bytes]) -> Callable[[], object]:
    from evaluation import MailView, ScreeningContext, load_packs, screen

    packs = load_packs()
    context = ScreeningContext(
        PLACES, each_sentence=False, now=datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    )
    coming = cycle(mails)

    def screened() -> None:
        for _ in range(_MAILS):
            screen(MailView.from_bytes(next(coming)), context, packs, "mail")

    return screened


def _theirs(mails: list[bytes]) -> Callable[[], object]:
    coming = cycle(mails)

    def asked() -> None:
        for _ in range(_MAILS):
            _ask(next(coming))

    return asked


def _ask(mail: bytes) -> bytes:
    """One SYMBOLS request of the spamc protocol."""
    with socket.create_connection(("127.0.0.1", _PORT), timeout=_WAIT_S) as connection:
        head = f"SYMBOLS SPAMC/1.5\r\nContent-length: {len(mail)}\r\n\r\n"
        connection.sendall(head.encode() + mail)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    if b"EX_OK" not in answer[:40]:
        raise RuntimeError(f"spamd answered {answer[:80]!r}")
    return answer


def _answered() -> None:
    end = time.monotonic() + _WAIT_S
    while True:
        try:
            _ask(b"Subject: hello\r\n\r\nhello\r\n")
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
