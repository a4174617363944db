"""Web addresses: what is read, and the many things behind which no request may go."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kb_samples import ENGLISH
from reader_samples import story_pdf, zipped

from knowledge_base.readers import CaseReading, network, read_address

PAGE = "<html><head><title>T</title></head><body><h1>Käse</h1><p>The story of a bakery.</p>"
DAY = date(2026, 6, 1)
Answer = tuple[int, dict[str, str], bytes]


class Site:
    """A server on this machine; `answers` by path, `seen` what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], None]] = {}
        self.seen: list[dict[str, str]] = []
        self.port = 0

    def add(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        data = body.encode("utf-8") if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, named, data)
        return self.url(path)

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def read(self, url: str, **options: Any) -> CaseReading:
        options.setdefault("resolver", lambda name, port: ["127.0.0.1"])
        return read_address(url, today=DAY, allow_loopback=True, **options)


@contextmanager
def served(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.seen.append({"path": self.path, **dict(self.headers.items())})
            answer = site.answers.get(self.path)
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer or (404, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            return  # clients here hang up in the middle

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with served(Site()) as running:
        yield running


def reason(reading: CaseReading) -> str:
    assert reading.cases == ()
    (refusal,) = reading.refusals
    assert "\n" not in refusal.reason
    return refusal.reason


def test_a_page_becomes_a_case_with_its_address_and_day(site: Site) -> None:
    url = site.add("/customers/bakery?id=7", PAGE, Content_Type="text/html; charset=utf-8")
    (case,) = site.read(url + "#top").cases
    assert case.text == "Käse\n\nThe story of a bakery."
    assert case.path == url
    assert case.source == f"{url}, read 2026-06-01"
    assert "source" not in case.missing
    assert "customer" in case.missing
    assert case.id.startswith("site.test/customers/bakery-")
    other = site.add("/customers/bakery?id=8", PAGE, Content_Type="text/html")
    assert site.read(other).cases[0].id != case.id


def test_a_request_carries_nothing_but_itself(site: Site) -> None:
    site.read(site.add("/", PAGE, Content_Type="text/html", Set_Cookie="a=b"))
    site.read(site.url("/"))
    for request in site.seen:
        assert request["Host"] == f"site.test:{site.port}"
        assert request["User-Agent"].startswith("Mailwright")
        assert not {"Cookie", "Authorization", "Referer"} & set(request)


@pytest.mark.parametrize("kind", ["pdf", "octet", "md", "json", "zip", "csv"])
def test_the_content_type_decides_the_reader(site: Site, tmp_path: Path, kind: str) -> None:
    pdf = story_pdf(tmp_path / "a.pdf").read_bytes()
    archive = zipped(tmp_path / "a.zip", {"in/story.pdf": pdf}).read_bytes()
    record = b'{"id": "one", "language": "en", "text": "Some text."}'
    table = "Kunde;Text\nBäckerei;Die Geschichte einer Bäckerei aus dem Norden.".encode("cp1252")
    body, content_type, path = {
        "pdf": (pdf, "application/pdf", "/download"),
        "octet": (pdf, "application/octet-stream", "/story.PDF"),
        "md": (ENGLISH.encode(), "text/plain; charset=utf-8", "/story.md"),
        "json": (record, "application/json", "/x"),
        "zip": (archive, "application/zip", "/x"),
        "csv": (table, "text/csv; charset=windows-1252", "/x"),
    }[kind]
    (case,) = site.read(site.add(path, body, Content_Type=content_type)).cases
    assert {
        "pdf": case.title == "Fewer stops on three bun lines",
        "octet": bool(case.places),
        "md": case.id == "larkmoor" and case.source == "Interview, June 2026",
        "json": case.id == "one",
        "zip": case.path.endswith("/x/in/story.pdf") and case.id == "site.test/x/story",
        "csv": case.customer == {"": "Bäckerei"},
    }[kind]


def test_a_body_that_is_packed_is_unpacked_within_the_limit(site: Site) -> None:
    packed = gzip.compress(PAGE.encode())
    url = site.add("/a", packed, Content_Type="text/html; charset=utf-8", Content_Encoding="gzip")
    assert site.read(url).cases
    bomb = gzip.compress(b" " * 60_000_000)
    url = site.add("/b", bomb, Content_Type="text/html", Content_Encoding="gzip")
    assert "larger than 20 MB" in reason(site.read(url))


def test_a_body_beyond_the_limit_is_not_read(site: Site) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 100_000)

    site.answers["/endless"] = endless
    assert "larger than 20 MB" in reason(site.read(site.url("/endless")))


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_is_cut_off(site: Site, where: str) -> None:
    def drip(handler: Any) -> None:
        if where == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    site.answers["/drip"] = drip
    start = time.monotonic()
    assert "longer than 1 seconds" in reason(site.read(site.url("/drip"), limit_seconds=1.0))
    assert time.monotonic() - start < 3


def test_redirects_are_followed_and_each_is_checked(site: Site) -> None:
    end = site.add("/end", PAGE, Content_Type="text/html")
    start = site.add("/start", status=302, Location="/middle")
    site.add("/middle", status=301, Location=end)
    (case,) = site.read(start).cases
    assert case.path == start
    site.add("/loop", status=302, Location="/loop")
    assert "5 redirects" in reason(site.read(site.url("/loop")))
    inside = {"inside.test": ["10.0.0.1"], "site.test": ["127.0.0.1"]}
    out = site.add("/out", status=302, Location="http://inside.test/secret")
    found = site.read(out, resolver=lambda name, port: inside[name])
    assert "private or reserved" in reason(found)
    file = site.add("/file", status=302, Location="file:///etc/passwd")
    assert "only http and https" in reason(site.read(file))


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.168.1.1",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:8.8.8.8",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "fec0::1",
        "fe80::1%eth0",
    ],
)  # fmt: skip
def test_no_address_that_is_not_public_is_asked(address: str) -> None:
    found = read_address("http://site.test/", resolver=lambda name, port: [address])
    assert "private or reserved" in reason(found)
    both = ["93.184.215.14", address]
    found = read_address("http://site.test/", resolver=lambda name, port: both)
    assert "private or reserved" in reason(found)


def test_numbers_in_disguise_are_resolved_like_names() -> None:
    for host in ("127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost", "[::1]"):
        assert reason(read_address(f"http://{host}/")), host


def test_the_address_that_was_checked_is_the_one_asked(site: Site) -> None:
    """A name that answers differently the second time is asked for only once a request."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    def resolver(name: str, port: int) -> Sequence[str]:
        asked.append(name)
        return next(answers)

    url = site.add("/", PAGE, Content_Type="text/html")
    assert site.read(url, resolver=resolver).cases
    assert asked == ["site.test"]


@pytest.mark.parametrize(
    "url, says",
    [
        ("ftp://site.test/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://anna:geheim@site.test/", "user name or password"),
        ("http://", "not a web address"),
        ("http://site.test:99999/", "not a web address"),
        ("http://[::1/", "not a web address"),
        ("http://site.test/a\r\nX: y", "not a web address"),
        (f"http://{'a' * 70}.test/", "name"),
        ("http://name.invalid/", "name is not known"),
    ],
)
def test_what_is_no_address_is_refused(url: str, says: str) -> None:
    def resolver(name: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    reading = read_address(url, resolver=resolver)
    assert says in reason(reading)
    assert "geheim" not in str(reading)


def test_what_a_server_says_wrong_is_told(site: Site) -> None:
    assert "answers 404" in reason(site.read(site.url("/none")))
    image = site.add("/a", b"x", Content_Type="image/png")
    assert "image/png is not read" in reason(site.read(image))
    assert "does not say what it is" in reason(site.read(site.add("/b", b"x")))
    fake = site.add("/c", PAGE, Content_Type="application/pdf")
    assert "web page" in reason(site.read(fake))
    closed = Site()
    with served(closed):
        url = closed.url("/")
    assert "does not answer" in reason(closed.read(url))


def test_a_resolver_that_hangs_is_left_behind() -> None:
    def resolver(name: str, port: int) -> Sequence[str]:
        time.sleep(20)
        return []

    start = time.monotonic()
    found = read_address("http://site.test/", resolver=resolver, limit_seconds=0.3)
    assert "not resolved in time" in reason(found)
    assert time.monotonic() - start < 2


def test_certificates_are_checked_against_the_name(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=site.test", "-addext", "subjectAltName=DNS:site.test"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with served(Site(), own) as site:
        site.add("/", PAGE, Content_Type="text/html")
        right, wrong = (f"https://{name}:{site.port}/" for name in ("site.test", "other.test"))
        assert site.read(right, tls=trusting).cases
        assert "certificate" in reason(site.read(wrong, tls=trusting))
        assert "certificate" in reason(site.read(right))


def test_the_system_resolver_answers_for_this_machine() -> None:
    assert set(network.resolve("localhost", 80)) & {"127.0.0.1", "::1"}
