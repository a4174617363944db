"""The report in a real browser: nothing is loaded, nothing runs, nothing is cut off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_samples import a_case, a_draft, a_view
from test_report_page import HOSTILE, hostile_view

from interface.report import write_report

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a report; keeps what it asked for and what it complained of."""
    pages = []

    def open_report(view: Any, width: int = 1280) -> Any:
        path = tmp_path / "report.html"
        write_report(view, path)
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.asked, page.said, page.boxes, page.failed = [], [], [], {}
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("requestfailed", lambda request: page.failed.update({request.url: request.failure}))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("dialog", lambda box: (page.boxes.append(box.message), box.dismiss()))
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        return page

    yield open_report
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_no_page_is_wider_than_its_window(opened, width):
    page = opened(a_view(), width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_it_asks_for_nothing_but_itself_and_does_not_complain(opened):
    page = opened(a_view())
    assert all(url.startswith(("file:", "about:")) for url in page.asked)
    assert page.said == []


def test_frames_grow_to_the_height_of_their_mail(opened):
    html = "<!doctype html><body style='margin:0'><div style='height:1234px'>x</div>"
    page = opened(a_view(a_draft(html=html), cases=(a_case(),)))
    page.locator("iframe.mail").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('iframe.mail').clientHeight === 1236")


def test_the_phone_button_makes_the_mail_as_narrow_as_a_phone(opened):
    page = opened(a_view())
    page.locator("label", has_text="Phone").first.click()
    assert page.evaluate("document.querySelector('iframe.mail').clientWidth") == 390


def test_a_hostile_mail_runs_nothing_loads_nothing_and_stays_where_it_is(opened):
    html = (
        "<!doctype html><body onload='alert(1)'><script>alert(2)</script>"
        "<img src='https://tracker.example/p.gif' onerror='alert(3)'>"
        "<a href='https://elsewhere.example/'>away</a>"
    )
    page = opened(a_view(a_draft(html=html), cases=(a_case(),)))
    frame = page.frame_locator("iframe.mail").first
    frame.locator("a").click()
    page.wait_for_timeout(300)
    assert frame.locator("a").inner_text() == "away"
    assert page.boxes == []
    assert {url: page.failed.get(url) for url in page.asked if url.startswith("http")} == {
        "https://tracker.example/p.gif": "csp"
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_runs_nothing(opened, text):
    page = opened(hostile_view(text))
    assert page.boxes == []
    assert page.locator("h1").inner_text().split() == text.split()
    assert page.locator("script").count() == 1
