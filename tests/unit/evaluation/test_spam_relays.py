from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.spam.relays import handover, read_relays


@pytest.mark.parametrize(
    ("header", "helo", "name", "ip", "by"),
    [
        (  # Postfix
            "from mail.firm.example (mx1.firm.example [203.0.114.7]) by mx.reader.example "
            "(Postfix) with ESMTP id 4533 for <x@r.example>; Fri, 6 Jul 2001 11:10:04 +0000",
            "mail.firm.example",
            "mx1.firm.example",
            "203.0.114.7",
            "mx.reader.example",
        ),
        (
            "from shop (unknown [203.0.114.7]) by mx.reader.example (Postfix); x",
            "shop",
            "",
            "203.0.114.7",
            "mx.reader.example",
        ),
        (  # Sendmail
            "from a.example ([203.0.114.7]) by mx.reader.example (8.11.6/8.11.6) with ESMTP; x",
            "a.example",
            "",
            "203.0.114.7",
            "mx.reader.example",
        ),
        (
            "from a.example (host.firm.example [203.0.114.7] (may be forged)) by mx.example; x",
            "a.example",
            "host.firm.example",
            "203.0.114.7",
            "mx.example",
        ),
        (  # qmail
            "from unknown (HELO shop.example) (203.0.114.7) by mx.example with SMTP; x",
            "shop.example",
            "",
            "203.0.114.7",
            "mx.example",
        ),
        (  # Exim
            "from [203.0.114.7] (helo=p7q1e) by mx.example with esmtp (Exim 4.05) id 17MY9x; x",
            "p7q1e",
            "",
            "203.0.114.7",
            "mx.example",
        ),
        (
            "from host.example ([2001:db8::7] helo=host.example) by mx.example with esmtps; x",
            "host.example",
            "host.example",
            "2001:db8::7",
            "mx.example",
        ),
        (
            "from mail pickup service by mail1.example with SMTPSVC; x",
            "mail",
            None,
            "",
            "mail1.example",
        ),
    ],
)
def test_each_servers_form_is_read(
    header: str, helo: str, name: str | None, ip: str, by: str
) -> None:
    (relay,) = read_relays([header])
    assert (relay.helo, relay.name, relay.ip, relay.by) == (helo, name, ip, by)


def test_the_mail_came_in_where_a_public_address_handed_it_over() -> None:
    relays = read_relays(
        [
            "from mx.example [8.8.4.4] by localhost with IMAP (fetchmail-5.9.0) for x; x",
            "from localhost (localhost [127.0.0.1]) by mx.example (Postfix); x",
            "from a.example (a.example [8.8.8.8]) by mx.example (Postfix); x",
            "from b.example (b.example [9.9.9.9]) by a.example (Postfix); x",
        ]
    )
    entered = handover(relays)
    assert entered is not None
    assert entered.ip == "8.8.8.8"
    assert handover(relays[:2]) is None


def test_the_moment_is_the_headers_last_field() -> None:
    (relay,) = read_relays(["from a (b.example [8.8.8.8]) by c; Sun, 22 Nov 2026 08:00:05 +0000"])
    assert relay.at is not None
    assert relay.at.isoformat() == "2026-11-22T08:00:05+00:00"
    (broken,) = read_relays(["from a (b.example [8.8.8.8]) by c; at noon"])
    assert broken.at is None


@given(st.lists(st.text(max_size=300), max_size=20))
def test_any_header_can_be_read(headers: list[str]) -> None:
    relays = read_relays(headers)
    assert len(relays) <= 12
    handover(relays)
    assert all(relay.at is None or relay.at.tzinfo for relay in relays)


@pytest.mark.parametrize("piece", ["from ", "by ", "(", "a.", "1.", "[", " "])
def test_hostile_headers_take_little_time(piece: str) -> None:
    headers = [f"from {piece * 100_000} by x; y"] * 50
    began = time.process_time()
    read_relays(headers)
    assert time.process_time() - began < 1.0
