"""Mails of anybody, screened as files: other spam filters are asked where they are configured."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import BadInput
from contracts.verdict import Severity
from workflow.file_screening import screen_files
from workflow.settings import load_settings

MAIL = b"From: jo@harborgauge.example\r\nSubject: Worn bearings\r\n\r\nDana, they are worn.\r\n"
SPAM = {"action": "reject", "score": 21.0, "required_score": 15.0, "symbols": {}}
SPAM |= {"symbols": {"A_SYMBOL": {"score": 4.0, "description": "Looks odd"}}}


def clock() -> datetime:
    return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@contextmanager
def rspamd(answer: dict[str, Any]) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the messages that it was asked about."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    return path


def test_a_filter_is_asked_about_the_message_as_it_travels(mail: Path) -> None:
    with rspamd(SPAM) as (address, asked):
        (found,) = screen_files([mail], [], clock, spam_filters=[address])
    assert asked == [MAIL]
    said = {item.rule: item for item in found.screening.findings}
    assert said["spam.rspamd"].severity is Severity.WARN
    assert "A_SYMBOL" in said["spam.rspamd_rule"].message
    ranks = [item.severity for item in found.screening.findings]
    assert ranks == sorted(ranks, key=["block", "warn", "note"].index)


def test_its_severity_is_the_organisations_own(mail: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("severities: {spam.rspamd: note}\n", encoding="utf-8")
    with rspamd(SPAM) as (address, _):
        (found,) = screen_files([mail], [], clock, spam_filters=[address], rules=rules)
    said = {item.rule: item for item in found.screening.findings}
    assert said["spam.rspamd"].severity is Severity.NOTE


def test_nobody_is_asked_unless_it_is_configured(mail: Path) -> None:
    (found,) = screen_files([mail], [], clock)
    assert not [item for item in found.screening.findings if "rspamd" in item.rule]
    assert "rspamd" not in " ".join(found.screening.not_judged)


def test_a_filter_that_does_not_answer_is_said(mail: Path) -> None:
    with rspamd(SPAM) as (address, _):
        pass
    (found,) = screen_files([mail], [], clock, spam_filters=[address])
    assert any(text.startswith("rspamd: ") for text in found.screening.not_judged)


def test_a_page_alone_is_no_message(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>Dana, they are worn.</p>", encoding="utf-8")
    with rspamd(SPAM) as (address, asked):
        (found,) = screen_files([path], [], clock, spam_filters=[address])
    assert asked == []
    assert any(text.startswith("rspamd: ") for text in found.screening.not_judged)


def test_what_is_no_address_is_refused(mail: Path) -> None:
    with pytest.raises(BadInput, match="spamd://"):
        screen_files([mail], [], clock, spam_filters=["ftp://host"])


def test_the_setting_is_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(tmp_path).spam_filters == ()
    (tmp_path / "mailwright.toml").write_text('spam_filters = ["spamd://mx:783"]\n')
    assert load_settings(tmp_path).spam_filters == ("spamd://mx:783",)
    monkeypatch.setenv("MAILWRIGHT_SPAM_FILTERS", '["http://mx:11333"]')
    assert load_settings(tmp_path).spam_filters == ("http://mx:11333",)
