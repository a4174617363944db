"""The HTTP service under a real server on loopback."""

import base64
import hashlib
import re
import socket
import threading
import time
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn

from delivery import Unsubscriber
from interface.http import create_app
from interface.http.pages import load_pages
from personalize import languages
from storage.errors import DatabaseUnavailable

tokens = Unsubscriber(b"0123456789abcdef")


@dataclass
class Shown:
    language: str


@dataclass
class Records:
    languages: dict[str, str] = field(default_factory=lambda: {"c_de": "de", "c_zh": "zh-Hans"})
    stopped: list[str] = field(default_factory=list)
    down: bool = False

    def check(self, token):
        ticket = tokens.read(token)
        return ticket and Shown(self.languages.get(ticket.contact_id, ""))

    def unsubscribe(self, token):
        if self.down:
            raise DatabaseUnavailable
        ticket = tokens.read(token)
        if ticket is None:
            return False
        if ticket.contact_id not in self.stopped:
            self.stopped.append(ticket.contact_id)
        return True


@pytest.fixture(scope="module")
def served():
    records = Records()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            create_app(records), log_level="warning", ws="none", lifespan="off", access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.01)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, follow_redirects=False) as client:
                yield records, client
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@pytest.fixture
def records(served):
    served[0].stopped.clear()
    served[0].down = False
    return served[0]


@pytest.fixture
def client(served):
    served[1].cookies.clear()
    return served[1]


def path(contact="c_de"):
    return f"/u/{tokens.token(contact, 'spring')}"


ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(records, client, method):
    for _ in range(3):
        assert client.request(method, path()).status_code == 200

    assert records.stopped == []


def test_a_mail_programs_one_click_is_enough(records, client):
    answer = client.post(path(), data=ONE_CLICK)

    assert (answer.status_code, records.stopped) == (200, ["c_de"])
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_one_click_may_come_as_multipart(records, client):
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = client.post(path(), content=MULTIPART, headers=kind)

    assert (answer.status_code, records.stopped) == (200, ["c_de"])
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_pages_own_button_stops_the_mail_and_says_so(records, client):
    page = client.get(path())
    assert re.search(r'<form method="post">\s*<button type="submit" name="confirm"', page.text)

    answer = client.post(path(), data={"confirm": "yes"})
    assert (answer.status_code, records.stopped) == (200, ["c_de"])
    assert "Sie sind abgemeldet" in answer.text


def test_again_is_no_error(records, client):
    answers = [client.post(path(), data=ONE_CLICK).status_code for _ in range(3)]

    assert (answers, records.stopped) == ([200] * 3, ["c_de"])


@pytest.mark.parametrize(
    "contact, language, word",
    [("c_de", "de", "Abmelden"), ("c_zh", "zh-Hans", "退订"), ("c_new", "en", "Unsubscribe")],
)
def test_the_page_speaks_the_recipients_language(records, client, contact, language, word):
    page = client.get(path(contact))

    assert f'<html lang="{language}" dir="ltr">' in page.text
    assert word in page.text
    assert page.headers["content-language"] == language


def test_without_a_known_language_the_browsers_counts(records, client):
    page = client.get(path("c_new"), headers={"Accept-Language": "sv-SE, zh-CN;q=0.9, de;q=0.5"})

    assert '<html lang="zh-Hans" dir="ltr">' in page.text


@pytest.mark.parametrize(
    "accepted, opening",
    [
        ("zh-TW", '<html lang="zh-Hant" dir="ltr">'),
        ("zh-HK", '<html lang="zh-Hant" dir="ltr">'),
        ("pt-PT", '<html lang="pt-BR" dir="ltr">'),
        ("es-MX", '<html lang="es" dir="ltr">'),
        ("ar-EG", '<html lang="ar" dir="rtl">'),
        ("xx, ja", '<html lang="ja" dir="ltr">'),
    ],
)
def test_a_region_gets_its_own_script_and_direction(records, client, accepted, opening):
    assert opening in client.get(path("c_new"), headers={"Accept-Language": accepted}).text


def test_every_language_that_is_written_can_be_left_in_it():
    pages = load_pages()
    for tag in languages():
        assert pages.language(tag).split("-")[0] == tag.split("-")[0]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "token",
    [
        "x",
        tokens.token("c_de", "spring")[:-1],
        Unsubscriber(b"another secret..").token("c_de", "spring"),
        "a" * 3000,
        "%00",
        "%F0%9F%98%80",
        "a/b",
    ],
)
def test_a_wrong_token_is_told_nothing(records, client, method, token):
    missing = client.request(method, "/nothing-here")
    answer = client.request(method, f"/u/{token}")

    assert answer.status_code == 404
    assert answer.text == missing.text
    assert records.stopped == []


def test_no_page_loads_or_keeps_anything(records, client):
    for answer in (client.get(path()), client.get("/u/x"), client.post(path(), data=ONE_CLICK)):
        assert "http" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers


def test_the_policy_allows_the_pages_own_style(records, client):
    page = client.get(path())
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


def test_a_request_that_cannot_be_saved_is_not_confirmed(records, client):
    records.down = True
    answer = client.post(path(), data={"confirm": "yes"})

    assert answer.status_code == 503
    assert "You are unsubscribed" not in answer.text
    assert records.stopped == []


def test_a_body_that_is_no_form_of_ours_is_refused(records, client):
    assert client.post(path(), content=b"x" * 20_000).status_code == 413
    assert records.stopped == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(records, client, method):
    assert client.request(method, path()).status_code == 405
    assert records.stopped == []


def test_it_says_that_it_is_there(client):
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["/docs", "/openapi.json", "/redoc"])
def test_it_shows_nothing_else(client, address):
    assert client.get(address).status_code == 404
