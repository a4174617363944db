"""The studio in a real browser: from a brief to messages in a maildir, by clicks only."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.decision import Role
from interface.web.launch import command, environment, make_sample
from interface.web.texts import text

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 90_000
TOOK_S = 60.0

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]


def _chromium() -> str:
    found = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if not found:
        pytest.skip("needs Chromium (apt-get install chromium)")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def tokens(tmp_path: Path) -> dict[Role, str]:
    users = make_sample(tmp_path / "workspace", ROOT / "examples")
    return {user.role: user.token for user in users}


@pytest.fixture
def address(tmp_path: Path, tokens: dict[Role, str]) -> Iterator[str]:
    """A studio of its own process on loopback, ended with the test."""
    del tokens  # the workspace has to be filled first
    port = _free_port()
    variables = {**environment(tmp_path / "workspace"), "HOME": str(tmp_path)}
    variables.pop("MAILWRIGHT_TOKEN", None)
    with (tmp_path / "studio.log").open("wb") as log:
        studio = subprocess.Popen(
            command(port, headless=True), cwd=ROOT, env=variables, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", studio)
            yield f"http://127.0.0.1:{port}"
        finally:
            studio.terminate()
            studio.wait(timeout=20)


def _wait(url: str, studio: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + TOOK_S
    while time.monotonic() < until:
        assert studio.poll() is None, "the studio ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the studio did not answer")


@pytest.fixture
def page() -> Iterator[Page]:
    executable = _chromium()
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def _sign_in(page: Page, token: str) -> None:
    page.get_by_label(text("sign_in.token")).fill(token)
    page.get_by_role("button", name=text("sign_in.button"), exact=True).click()
    page.get_by_role("button", name=text("sign_in.out")).wait_for()


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name=text("sign_in.out")).click()
    page.get_by_label(text("sign_in.token")).wait_for()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _go(page: Page, name: str) -> None:
    page.get_by_role("link", name=text(f"nav.{name}")).click()
    page.get_by_role("heading", name=text(f"{name}.title"), exact=True).wait_for()


def _count_said(page: Page, words: str) -> int:
    """The number in the message of success that `words` describes, {} standing for it."""
    pattern = re.compile(words.replace("{}", r"(\d+)"))
    message = page.get_by_test_id("stAlert").filter(has_text=pattern).first
    message.wait_for()
    found = pattern.search(message.inner_text())
    assert found
    return int(found[1])


def test_from_brief_to_messages_by_clicks(address: str, page: Page, tokens, tmp_path: Path):
    page.goto(address)

    _sign_in(page, tokens[Role.MARKETER])
    _press(page, text("campaign.draft_button"))
    assert _count_said(page, "{} drafts are written") > 0
    assert page.locator(".mw-wording mark").first.is_visible()
    _press(page, text("campaign.screen_button"))
    assert _count_said(page, "{} mails are screened") > 0
    _press(page, text("campaign.submit_button"))
    assert _count_said(page, "{} drafts wait for review") > 0

    _go(page, "review")
    assert page.get_by_role("button", name=text("review.approve"), exact=True).is_disabled()
    _sign_out(page)

    _sign_in(page, tokens[Role.REVIEWER])
    page.get_by_role("heading", name=text("review.title"), exact=True).wait_for()
    mail = page.frame_locator("iframe").first.frame_locator("iframe")
    assert "Korvane" in mail.locator("body").inner_text()
    _press(page, text("review.approve"))
    page.get_by_test_id("stAlert").filter(has_text="Approved and sealed").wait_for()
    _sign_out(page)

    _sign_in(page, tokens[Role.MARKETER])
    _go(page, "queue")
    _press(page, text("queue.queue_button"))
    queued = _count_said(page, "{} envelopes are queued")
    _press(page, text("queue.work_button"))
    sent = _count_said(page, "Sent {}, held")

    maildir = tmp_path / "workspace" / "maildir"
    messages = [path for path in maildir.rglob("*") if path.is_file()]
    assert len(messages) == sent == queued > 0
    assert b"List-Unsubscribe" in messages[0].read_bytes()
    assert tokens[Role.MARKETER] not in page.url
