"""Pages that a mail links to, asked of a server on this machine."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli_samples import run

from contracts.verdict import Finding, Severity, Verdict
from evaluation import MailView, ScreeningContext, load_packs
from evaluation.fitness.fetching import Answer, NotPublic, WebFetch
from evaluation.fitness.reach import ReachLimits, check_reachable
from evaluation.look import Look
from workflow.file_screening import screen_files


class Site(ThreadingHTTPServer):
    """Answers by path and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.asked: list[tuple[str, str, str]] = []
        self.release = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Page(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        site = self.server
        site.asked.append((self.command, self.headers["Host"], self.path))
        path = self.path.partition("?")[0]
        if path == "/slow":
            site.release.wait(20)
        if path == "/get-only" and self.command == "HEAD":
            return self._send(405)
        if path.startswith("/hop"):
            left = int(path[4:])
            return self._send(302, f"/hop{left - 1}" if left else "/fine")
        goals = {
            "/away": f"http://pages.house.io:{site.port}/fine",
            "/next": f"http://shop.firm.io:{site.port}/fine",
            "/inside": f"http://internal.firm.io:{site.port}/secret",
            "/file": "file:///etc/passwd",
            "/loop": "/loop",
        }
        if path in goals:
            return self._send(302, goals[path])
        status = {"/gone": 404, "/broken": 500, "/private": 403, "/busy": 429}.get(path, 200)
        return self._send(status)

    def _send(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        del args


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


async def resolve(host: str, port: int) -> Sequence[str]:
    del port
    if host == "internal.firm.io":
        return ["10.0.0.7"]
    if host == "mixed.firm.io":
        return ["127.0.0.1", "169.254.169.254"]
    if host.endswith(("firm.io", "house.io")):
        return ["127.0.0.1"]
    raise OSError("no such name")


def fetch() -> WebFetch:
    return WebFetch(trusted=frozenset({"127.0.0.1"}), resolve=resolve)


def clock() -> datetime:
    return datetime(2026, 11, 25, tzinfo=UTC)


def look(*urls: str, listed: str = "", labels: str = "The report") -> Look:
    html = "".join(f'<p><a href="{url}">{labels} {n}</a></p>' for n, url in enumerate(urls))
    headers = {"list-unsubscribe": (f"<{listed}>",)} if listed else {}
    view = MailView(html=html, headers=headers, has_headers=bool(listed))
    context = ScreeningContext(now=clock())
    return Look(view, context, load_packs(), "en")


def check(
    site: Site, *paths: str, host: str = "www.firm.io", limits: ReachLimits | None = None
) -> list[Finding]:
    urls = [path if "://" in path else f"http://{host}:{site.port}{path}" for path in paths]
    return list(check_reachable(look(*urls), fetch(), limits))


def test_pages_that_open_give_nothing_and_are_asked_by_name(site: Site) -> None:
    assert check(site, "/fine", "/fine#part", "/get-only") == []
    assert sorted(site.asked) == [
        ("GET", f"www.firm.io:{site.port}", "/get-only"),
        ("HEAD", f"www.firm.io:{site.port}", "/fine"),
        ("HEAD", f"www.firm.io:{site.port}", "/get-only"),
    ]


@pytest.mark.parametrize(
    ("path", "rule", "why"),
    [
        ("/gone", "links.dead", "404"),
        ("/broken", "links.dead", "500"),
        ("/private", "links.unsure", "403"),
        ("/busy", "links.unsure", "429"),
        ("/hop6", "links.dead", "> 5 redirects"),
        ("/loop", "links.dead", "> 5 redirects"),
        ("/file", "links.dead", "file:"),
        ("http://nowhere.io/x", "links.dead", "connection"),
        ("/away", "links.goes_elsewhere", ""),
        ("/inside", "links.not_public", ""),
        ("http://internal.firm.io/x", "links.not_public", ""),
        ("http://mixed.firm.io/x", "links.not_public", ""),
    ],
)
def test_what_happens_is_told_at_the_link(site: Site, path: str, rule: str, why: str) -> None:
    (finding,) = check(site, path)
    assert finding.rule == rule
    assert why in finding.message
    assert finding.place.span is not None


def test_five_redirects_are_followed(site: Site) -> None:
    assert check(site, "/hop4") == []
    assert [path for _, _, path in site.asked][-1] == "/fine"


def test_the_other_domain_is_named_and_another_host_of_the_own_is_none(site: Site) -> None:
    (finding,) = check(site, "/away")
    assert "pages.house.io" in finding.message
    assert check(site, "/next") == []


def test_a_short_name_of_a_company_is_no_registry(site: Site) -> None:
    """qzk.de is the company, co.uk is nobody: told by the list of public suffixes."""
    goal = f"http://shop.qzk.de:{site.port}/fine"

    async def asking(method: str, url: str) -> Answer:
        del method
        return Answer(200) if url == goal else Answer(302, goal)

    assert check_reachable(look(f"http://www.qzk.de:{site.port}/"), asking) == ()
    (finding,) = check_reachable(look("http://www.firm.co.uk/"), asking)
    assert finding.rule == "links.goes_elsewhere"


def test_a_server_that_does_not_answer_is_not_waited_for(site: Site) -> None:
    started = time.perf_counter()
    found = check(site, "/slow", "/fine", limits=ReachLimits(request_s=0.4))
    assert time.perf_counter() - started < 5
    assert [item.rule for item in found] == ["links.unsure"]
    assert "timeout" in found[0].message


def test_time_and_number_of_all_links_are_limited(site: Site) -> None:
    limits = ReachLimits(total_s=0.4, request_s=10, at_once=1, links=3)
    found = check(site, "/slow", "/one", "/two", "/three", "/four", limits=limits)
    assert [item.rule for item in found] == ["links.not_asked"]
    assert ": 5." in found[0].message


@pytest.mark.parametrize(
    "path",
    [
        "/unsubscribe", "/u?action=optout", "/newsletter/abmelden", "/confirm?x=1", "/退订",
        "/account/delete", "/go?token=abc", "/preferences", "/a/{{id}}", "/b/[[unsubscribe_url]]",
    ],
)  # fmt: skip
def test_links_that_may_do_something_are_never_opened(site: Site, path: str) -> None:
    assert check(site, path) == []
    assert site.asked == []


def test_neither_label_nor_header_of_unsubscribing_is_opened(site: Site) -> None:
    url = f"http://www.firm.io:{site.port}/x/1"
    for one in (
        look(url, labels="Unsubscribe from this list"), look(url, labels="Vom Verteiler abmelden"),
        look(url, labels="退订邮件"), look(url, listed=url),
    ):  # fmt: skip
        check_reachable(one, fetch())
    assert site.asked == []


def test_without_an_allowance_this_machine_is_not_asked(site: Site) -> None:
    one = look(f"http://www.firm.io:{site.port}/fine")
    (finding,) = check_reachable(one, WebFetch(resolve=resolve))
    assert finding.rule == "links.not_public"
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
        "2001:0:53aa:64c:0:0:0:0", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_no_address_inside_of_a_house_is_asked(address: str) -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        del host, port
        return [address]

    with pytest.raises(NotPublic):
        asyncio.run(WebFetch(resolve=inside)("HEAD", "http://www.firm.io/x"))


def test_a_name_is_resolved_once_so_that_it_cannot_answer_otherwise(site: Site) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def turning(host: str, port: int) -> Sequence[str]:
        del host, port
        return answers.pop(0)

    asking = WebFetch(trusted=frozenset({"127.0.0.1"}), resolve=turning)
    answer = asyncio.run(asking("HEAD", f"http://www.firm.io:{site.port}/fine"))
    assert answer == Answer(200)
    assert len(answers) == 1


def test_a_password_in_an_address_is_not_sent(site: Site) -> None:
    asyncio.run(fetch()("HEAD", f"http://jo:secret@www.firm.io:{site.port}/fine"))
    assert site.asked == [("HEAD", f"www.firm.io:{site.port}", "/fine")]


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for www.firm.io that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=www.firm.io", "-addext", "subjectAltName=DNS:www.firm.io"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def test_certificates_are_held_against_the_name_and_not_the_address(
    site: Site, authority: tuple[Path, Path]
) -> None:
    certificate, key = authority
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    site.socket = server.wrap_socket(site.socket, server_side=True)
    believing = ssl.create_default_context(cafile=str(certificate))
    known = WebFetch(trusted=frozenset({"127.0.0.1"}), resolve=resolve, tls=believing)
    page = f"https://www.firm.io:{site.port}"
    assert check_reachable(look(f"{page}/fine"), known) == ()
    assert site.asked == [("HEAD", f"www.firm.io:{site.port}", "/fine")]
    (finding,) = check_reachable(look(f"https://shop.firm.io:{site.port}/fine"), known)
    assert (finding.rule, "TLS" in finding.message) == ("links.dead", True)
    (finding,) = check_reachable(look(f"{page}/fine"), fetch())
    assert (finding.rule, "TLS" in finding.message) == ("links.dead", True)


def test_the_machines_own_resolver_is_used_otherwise() -> None:
    with pytest.raises((NotPublic, OSError)):
        asyncio.run(WebFetch()("HEAD", "http://localhost:9/x"))


def mail_to(url: str, folder: Path) -> Path:
    path = folder / "mail.html"
    path.write_text(f'<html lang="en"><p>The <a href="{url}">report</a>.</p></html>')
    return path


def test_the_pages_of_a_file_are_opened_where_it_is_asked_for(site: Site, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("severities: {links.dead: block}\n")
    mail = mail_to(f"http://www.firm.io:{site.port}/gone", tmp_path)
    (plain,) = screen_files([mail], [], clock, rules=rules)
    assert site.asked == []
    (opened,) = screen_files([mail], [], clock, rules=rules, fetch=fetch())
    assert site.asked
    (dead,) = set(opened.screening.findings) - set(plain.screening.findings)
    assert (dead.rule, dead.severity) == ("links.dead", Severity.BLOCK)
    assert opened.screening.findings[0] == dead
    assert opened.screening.verdict is Verdict.BLOCK


def test_the_command_opens_pages_only_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def inside(host: object, *rest: object, **more: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    mail = mail_to("http://www.firm.io/x", tmp_path)
    assert "links.not_public" not in run("screen", mail, "--format", "json").out
    assert asked == []
    found = run("screen", mail, "--reach", "--format", "json").json[0]["findings"]
    assert "links.not_public" in [item["rule"] for item in found]
    assert asked == ["www.firm.io"]
