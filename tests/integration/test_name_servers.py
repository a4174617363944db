"""The resolver over a real name server on the loopback interface, and over one that is silent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
import typer

from contracts.errors import BadInput
from evaluation.providers.records.answers import Answer, Asked, Kind
from evaluation.providers.records.given import GivenRecords
from evaluation.providers.records.network import DnsResolver
from interface.cli.output import Format
from interface.cli.screen_domain import screen_domains
from workflow import domain_check

ZONE = """
sender.example.       IN MX   10 mx.sender.example.
sender.example.       IN MX   20 MX2.sender.example.
sender.example.       IN TXT  "v=spf1 ip4:192.0.2.0/24 " "-all"
mx.sender.example.    IN A    192.0.2.25
mx2.sender.example.   IN CNAME mx.sender.example.
null.example.         IN MX   0 .
_dmarc.sender.example. IN TXT "v=DMARC1; p=none; rua=mailto:d@sender.example"
long.example.         IN TXT  "{long}" "{long}" "{long}" "{long}" "{long}" "{long}"
""".format(long="x" * 250)


class NameServer:
    """Answers from ZONE over UDP and TCP; `broken` names get SERVFAIL."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, str], dns.rrset.RRset] = {}
        for line in filter(None, ZONE.split("\n")):
            name, _, kind, text = line.split(None, 3)
            key = (name.lower(), kind)
            if key in self._sets:
                self._sets[key].union_update(dns.rrset.from_text(name, 60, "IN", kind, text))
            else:
                self._sets[key] = dns.rrset.from_text(name, 60, "IN", kind, text)
        self.asked: list[str] = []

    def answer(self, wire: bytes, *, udp: bool) -> bytes:
        question = dns.message.from_wire(wire)
        reply = dns.message.make_response(question, recursion_available=True)
        name = question.question[0].name.to_text().lower()
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append(f"{kind} {name}")
        if "broken." in name:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply.to_wire()
        alias = self._sets.get((name, "CNAME"))
        if alias is not None:
            reply.answer.append(alias)
            name = alias[0].target.to_text()
        found = self._sets.get((name, kind))
        if found is not None:
            reply.answer.append(found)
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self._sets):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if udp and len(reply.to_wire()) > 512:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
        return reply.to_wire()


@contextmanager
def serving(server: NameServer) -> Iterator[int]:
    tcp = socket.create_server(("127.0.0.1", 0))
    port = tcp.getsockname()[1]
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", port))
    ended = threading.Event()

    def over_udp() -> None:
        while not ended.is_set():
            try:
                wire, peer = udp.recvfrom(4096)
            except OSError:
                return
            if wire:
                udp.sendto(server.answer(wire, udp=True), peer)

    def over_tcp() -> None:
        while not ended.is_set():
            try:
                connection, _ = tcp.accept()
            except OSError:
                return
            with connection:
                size = int.from_bytes(connection.recv(2) or b"\0\0", "big")
                if size:
                    reply = server.answer(connection.recv(size), udp=False)
                    connection.sendall(len(reply).to_bytes(2, "big") + reply)

    threads = [threading.Thread(target=work, daemon=True) for work in (over_udp, over_tcp)]
    for thread in threads:
        thread.start()
    try:
        yield port
    finally:
        ended.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", port))
        socket.create_connection(("127.0.0.1", port)).close()
        for thread in threads:
            thread.join(5)
        udp.close()
        tcp.close()


@pytest.fixture
def server() -> NameServer:
    return NameServer()


@pytest.fixture
def resolver(server: NameServer) -> Iterator[DnsResolver]:
    with serving(server) as port:
        yield DnsResolver(["127.0.0.1"], port=port, timeout_s=2)


SERVERS = ("10 mx.sender.example", "20 mx2.sender.example")
CONTRACT = [
    ("sender.example", Kind.MX, Answer(Asked.FOUND, SERVERS)),
    ("sender.example", Kind.TXT, Answer(Asked.FOUND, ("v=spf1 ip4:192.0.2.0/24 -all",))),
    ("SENDER.example.", Kind.TXT, Answer(Asked.FOUND, ("v=spf1 ip4:192.0.2.0/24 -all",))),
    ("mx.sender.example", Kind.A, Answer(Asked.FOUND, ("192.0.2.25",))),
    ("mx.sender.example", Kind.AAAA, Answer(Asked.EMPTY)),
    ("null.example", Kind.MX, Answer(Asked.FOUND, ("0 .",))),
    ("nobody.example", Kind.TXT, Answer(Asked.NO_NAME)),
]  # fmt: skip


@pytest.mark.parametrize("name, kind, answer", CONTRACT)
def test_answers_of_a_name_server(
    resolver: DnsResolver, name: str, kind: Kind, answer: Answer
) -> None:
    assert resolver.ask(name, kind) == answer


@pytest.mark.parametrize("name, kind, answer", CONTRACT)
def test_given_records_answer_the_same(name: str, kind: Kind, answer: Answer) -> None:
    given = GivenRecords(
        {
            "sender.example": {
                Kind.MX: ["10 mx.sender.example", "20 mx2.sender.example"],
                Kind.TXT: ["v=spf1 ip4:192.0.2.0/24 -all"],
            },
            "mx.sender.example": {Kind.A: ["192.0.2.25"]},
            "null.example": {Kind.MX: ["0 ."]},
        }
    )
    assert given.ask(name, kind) == answer


def test_an_alias_is_told(resolver: DnsResolver) -> None:
    answer = resolver.ask("mx2.sender.example", Kind.A)
    assert (answer.records, answer.canonical) == (("192.0.2.25",), "mx.sender.example")


def test_a_long_answer_comes_over_tcp(resolver: DnsResolver) -> None:
    assert resolver.ask("long.example", Kind.TXT).records == ("x" * 1500,)


def test_each_question_is_asked_once(server: NameServer, resolver: DnsResolver) -> None:
    for _ in range(3):
        resolver.ask("sender.example", Kind.TXT)
    assert server.asked == ["TXT sender.example."]


def test_a_server_that_fails_is_not_an_absent_record(resolver: DnsResolver) -> None:
    assert resolver.ask("broken.example", Kind.TXT).state is Asked.UNKNOWN


@pytest.mark.parametrize(
    "name", ["a" * 64 + ".example", "a..example", ".".join(["a" * 60] * 5), "\\"]
)
def test_a_name_that_cannot_be_is_none(resolver: DnsResolver, name: str) -> None:
    assert resolver.ask(name, Kind.TXT).state is Asked.NO_NAME


def test_silence_ends_in_time_and_is_not_an_absent_record() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = DnsResolver(["127.0.0.1"], port=silent.getsockname()[1], timeout_s=0.2)
        answer = resolver.ask("sender.example", Kind.TXT)
    assert answer == Answer(Asked.UNKNOWN, why="no name server answered in time")


def test_the_time_for_all_questions_ends() -> None:
    times = iter([0.0, 61.0])
    resolver = DnsResolver(["127.0.0.1"], port=1, clock=lambda: next(times))
    assert resolver.ask("sender.example", Kind.TXT).state is Asked.UNKNOWN


def test_a_server_is_given_by_its_address() -> None:
    with pytest.raises(BadInput):
        DnsResolver(["ns.example"])


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the command against a server at a port; returns its exit code."""

    def run(port: int, domain: str, format: Format) -> int:  # noqa: A002
        monkeypatch.setattr(
            domain_check,
            "DnsResolver",
            lambda servers, **times: DnsResolver(["127.0.0.1"], port=port, timeout_s=0.5),
        )
        try:
            screen_domains([domain], [], [], format)
        except typer.Exit as end:
            return end.exit_code
        return 0

    return run


def test_the_command_says_what_it_found(
    server: NameServer, ask: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(server) as port:
        assert ask(port, "jo@sender.example", Format.JSON) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert (row["domain"], row["verdict"]) == ("sender.example", "warn")
        assert {f["rule"] for f in row["findings"]} >= {"domain.mx_alias", "domain.dmarc_none"}
        assert row["records"]["SPF sender.example"] == ["v=spf1 ip4:192.0.2.0/24 -all"]
        assert row["spf_lookups"] == 0
        assert any(text.startswith("dkim: ") for text in row["not_judged"])
        assert ask(port, "sender.example", Format.TABLE) == 0
        assert "v=spf1 ip4:192.0.2.0/24 -all" in capsys.readouterr().out
        assert ask(port, "nobody.example", Format.TABLE) == 1
        assert "domain.no_name" in capsys.readouterr().out
        assert ask(port, "broken.example", Format.TABLE) == 3
        assert "could not be asked" in capsys.readouterr().out
        with pytest.raises(BadInput):
            ask(port, "no domain", Format.TABLE)
