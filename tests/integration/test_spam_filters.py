"""The real daemons, where they are installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.seams import NoProgress
from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.spam.daemons import SpamAssassin, ask_filters
from evaluation.suites.spamassassin import running_spamd, spamassassin_scores

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
HEAD = (
    "From: Jo <jo@harborgauge.example>\r\nTo: dana@plant.example\r\nSubject: Worn bearings\r\n"
    "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@harborgauge.example>\r\n\r\n"
)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with running_spamd() as address:
        if address is None:
            pytest.skip("needs spamd, of Debian's package spamassassin")
        yield address


def test_the_test_string_of_all_filters_is_spam(address: tuple[str, int]) -> None:
    message = f"{HEAD}{GTUBE}\r\n".encode()
    report = ask_filters(message, [SpamAssassin(address)], load_packs().topics["spam"])
    assert not report.not_judged
    assert report.findings[0].severity is Severity.WARN
    assert "GTUBE" in report.findings[1].message


def test_a_plain_letter_is_none(address: tuple[str, int]) -> None:
    message = f"{HEAD}Dana, the bearing that we spoke of is worn.\r\n\r\nJo\r\n".encode()
    answer = SpamAssassin(address).ask(message)
    assert answer.spam is False
    assert answer.limit == 5.0


def test_scores_of_many_come_in_their_order(address: tuple[str, int]) -> None:
    del address  # there is a spamd
    messages = [f"{HEAD}{text}\r\n".encode() for text in ("Hello Dana", GTUBE, "Hello again")]
    scores = spamassassin_scores(messages, NoProgress())
    assert scores is not None
    assert scores[1] > 900
    assert max(scores[0], scores[2]) < 10
