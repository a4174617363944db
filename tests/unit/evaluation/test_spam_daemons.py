from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from evaluation_samples import message
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import BadInput
from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.spam.daemons import (
    FilterAnswer,
    Rspamd,
    SpamAssassin,
    ask_filters,
    filter_at,
)

TOPIC = load_packs().topics["spam"]
MAIL = message("US")
REPORT = """Spam detection software, running on the system "mx", has NOT identified this.

Content analysis details:   (6.1 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
 2.9 EXCUSE_REMOVE          BODY: Talks about how to be removed from
                            mailings
 0.0 FREEMAIL_FROM          Sender email is commonly abused
-1.2 RCVD_TRUSTED           Somebody trusts it
 3.2 INVALID_DATE           Invalid Date: header
"""


@contextmanager
def server(answer: Callable[[socket.socket], None], path: Path | None = None) -> Iterator[Any]:
    """A server that gives each connection to `answer`."""
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()
    listening.settimeout(10)

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    answer(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield str(path) if path else listening.getsockname()
    finally:
        listening.close()
        thread.join(0.1)


def spamd(
    head: str = "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 6.1 / 5.0\r\n",
    body: dict[str, str] | None = None,
    asked: list[bytes] | None = None,
) -> Callable[[socket.socket], None]:
    """Speaks spamd's protocol: reads what was announced, answers by the command."""

    def answer(connection: socket.socket) -> None:
        got = b""
        while b"\r\n\r\n" not in got:
            got += connection.recv(65_536)
        first, _, rest = got.partition(b"\r\n\r\n")
        length = int(first.lower().split(b"content-length:")[1].split()[0])
        while len(rest) < length:
            rest += connection.recv(65_536)
        command = first.split()[0].decode()
        if asked is not None:
            asked.append(command.encode() + b" " + rest)
        text = (body or {"REPORT": REPORT}).get(command, "")
        connection.sendall(f"{head}\r\n{text}".encode())

    return answer


def test_spamassassin_is_asked_and_its_rules_are_shown() -> None:
    asked: list[bytes] = []
    with server(spamd(asked=asked)) as address:
        report = ask_filters(MAIL, [SpamAssassin(address)], TOPIC)
    assert asked == [b"REPORT " + MAIL]
    verdict, *rules = report.findings
    assert (verdict.rule, verdict.severity) == ("spam.spamassassin", Severity.WARN)
    assert "6.1" in verdict.message
    assert [item.severity for item in rules] == [Severity.NOTE] * 3
    assert [item.message.split()[2] for item in rules] == [
        "INVALID_DATE",
        "EXCUSE_REMOVE",
        "RCVD_TRUSTED",
    ]
    assert "removed from mailings" in rules[1].message
    assert not report.not_judged


def test_a_mail_that_it_lets_pass_is_a_note() -> None:
    head = "SPAMD/1.1 0 EX_OK\r\nContent-length: 3\r\nSpam: False ; -0.5 / 5.0\r\n"
    with server(spamd(head, {"REPORT": REPORT})) as address:
        report = ask_filters(MAIL, [SpamAssassin(address)], TOPIC, "zh-Hans")
    assert {item.severity for item in report.findings} == {Severity.NOTE}
    assert report.findings[0].rule == "spam.spamassassin_score"
    assert report.findings[0].message.startswith("SpamAssassin 评分")


def test_rules_are_asked_for_by_name_where_the_report_has_a_form_of_its_own() -> None:
    body = {"REPORT": "this is spam, says the house", "SYMBOLS": "INVALID_DATE,EXCUSE_REMOVE\r\n"}
    with server(spamd(body=body)) as address:
        answer = SpamAssassin(address).ask(MAIL)
    assert [rule.name for rule in answer.rules] == ["EXCUSE_REMOVE", "INVALID_DATE"]
    assert answer.score == 6.1


def test_it_may_listen_on_a_socket_file(tmp_path: Path) -> None:
    path = tmp_path / "spamd"
    with server(spamd(), path) as address:
        assert filter_at(f"spamd:{address}").ask(MAIL).spam is True


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (spamd("SPAMD/1.0 74 EX_IOERR\r\n"), "74"),
        (spamd("HTTP/1.1 200 OK\r\n"), "no SpamAssassin"),
        (spamd("SPAMD/1.1 0 EX_OK\r\n"), "no verdict"),
        (spamd("\xff\x00" * 40), "no SpamAssassin"),
        (lambda connection: connection.close(), ""),
        (lambda connection: time.sleep(1.5), "in time"),
    ],
)
def test_screening_goes_on_where_it_does_not_answer(
    answer: Callable[[socket.socket], None], why: str
) -> None:
    with server(answer) as address:
        report = ask_filters(MAIL, [SpamAssassin(address, 0.7)], TOPIC)
    assert report.findings == ()
    assert report.not_judged[0].startswith("spamassassin: ")
    assert why in report.not_judged[0]


def test_a_slow_stream_is_not_waited_for() -> None:
    def drip(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"SPAMD")
            time.sleep(0.05)

    began = time.monotonic()
    with server(drip) as address:
        assert SpamAssassin(address, 0.6).ask(MAIL).spam is None
    assert time.monotonic() - began < 3


def test_an_answer_without_end_is_cut_off() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"SPAMD/1.1 0 EX_OK\r\nSpam: True ; 9 / 5\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with server(flood) as address:
        assert SpamAssassin(address, 5.0).ask(MAIL).spam is not None


def test_nobody_there_and_too_large_a_mail_are_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for asked in (SpamAssassin(("127.0.0.1", port), 1.0), Rspamd(f"http://127.0.0.1:{port}", 1.0)):
        assert "could not be asked" in asked.ask(MAIL).why
        assert "larger" in asked.ask(b"x" * 600_000).why


@contextmanager
def rspamd(
    body: bytes,
    status: int = 200,
    wait_s: float = 0.0,
    asked: list[tuple[str, bytes]] | None = None,
) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if asked is not None:
                asked.append((self.path, raw))
            time.sleep(wait_s)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join(2)


def said(action: str, **symbols: float) -> bytes:
    rows = {
        name: {"name": name, "score": score, "description": f"about {name}"}
        for name, score in symbols.items()
    }
    answer = {"action": action, "score": 7.5, "required_score": 15.0, "symbols": rows}
    return json.dumps(answer).encode()


def test_rspamd_is_asked_and_its_symbols_are_shown() -> None:
    asked: list[tuple[str, bytes]] = []
    body = said("add header", R_ONE=1.5, R_TWO=6.0, R_NONE=0.0)
    with rspamd(body, asked=asked) as address:
        report = ask_filters(MAIL, [filter_at(address)], TOPIC)
    assert asked == [("/checkv2", MAIL)]
    assert report.findings[0].rule == "spam.rspamd"
    assert report.findings[0].severity is Severity.WARN
    assert "R_TWO" in report.findings[1].message
    assert "about R_TWO" in report.findings[1].message
    assert len(report.findings) == 3


@pytest.mark.parametrize("action", ["no action", "greylist", "soft reject"])
def test_what_rspamd_would_take_later_is_no_spam(action: str) -> None:
    with rspamd(said(action, R_ONE=1.5)) as address:
        report = ask_filters(MAIL, [Rspamd(address)], TOPIC)
    assert {item.severity for item in report.findings} == {Severity.NOTE}


@pytest.mark.parametrize(
    ("body", "status", "wait_s", "why"),
    [
        (b"{}", 200, 0.0, "no Rspamd"),
        (b"[" * 100_000, 200, 0.0, "no Rspamd"),
        (b"\xff\xfe", 200, 0.0, "no Rspamd"),
        (b'{"action": "reject"}', 403, 0.0, "403"),
        (b"x" * 2_000_000, 200, 0.0, "too long"),
        (b"{}", 200, 1.2, "in time"),
    ],
)
def test_screening_goes_on_where_rspamd_does_not_answer(
    body: bytes, status: int, wait_s: float, why: str
) -> None:
    with rspamd(body, status, wait_s) as address:
        report = ask_filters(MAIL, [Rspamd(address, 0.6)], TOPIC)
    assert report.findings == ()
    assert why in report.not_judged[0]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["action", "score", "required_score", "symbols", "description", "X"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_rspamd_says_is_read(answer: Any) -> None:
    from evaluation.spam.daemons import _findings, _read_rspamd

    read = _read_rspamd(json.dumps(answer).encode())
    assert isinstance(read, FilterAnswer)
    if read.spam is not None:
        assert list(_findings("rspamd", read, TOPIC, ""))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("spamd://127.0.0.1", SpamAssassin),
        ("spamd://mx.example:7830", SpamAssassin),
        ("spamd:///run/spamd.socket", SpamAssassin),
        ("spamd:/run/spamd.socket", SpamAssassin),
        ("http://127.0.0.1:11333", Rspamd),
        ("https://rspamd.example", Rspamd),
        ("http://[::1]:11333/", Rspamd),
    ],
)
def test_addresses_name_the_filter(address: str, kind: type[object]) -> None:
    assert isinstance(filter_at(address), kind)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mx.example",
        "ftp://x",
        "spamd://",
        "http://u:p@x",
        "http://x:99999",
        "spamd://x/y",
        "http://",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="is no address of a spam filter"):
        filter_at(address)
