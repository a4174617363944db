"""Other spam filters that are asked about a message, where somebody runs them: a SpamAssassin
daemon (spamd's protocol, spamc(1) and PROTOCOL of SpamAssassin 4) and Rspamd (its HTTP protocol,
/checkv2). What they say is shown beside the own score; where they do not answer, screening goes
on and says that they were not heard.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from contracts.errors import BadInput
from contracts.verdict import Finding, Place
from evaluation.rulefiles import TopicPack

__all__ = [
    "FilterAnswer",
    "FilterReport",
    "FilterRule",
    "Rspamd",
    "SpamAssassin",
    "SpamFilter",
    "ask_filters",
    "filter_at",
]

_TIMEOUT_S = 20.0
_LARGEST = 500 * 1024  # octets of a message: what spamc sends unless told otherwise
_ANSWER = 1024 * 1024  # octets of an answer that are read
_MOST = 60  # rules that are shown
_SMALLEST = 0.05  # points that are worth being shown
_SPAMD_PORT = 783
_RSPAMD_PORT = 11333
_FIRST_LINE = re.compile(r"SPAMD/[\d.]{1,8} (\d{1,3}) ?(.{0,80})")
_VERDICT = re.compile(
    r"^Spam:[ \t]*(True|False|Yes|No)[ \t]*;[ \t]*(-?[\d.]{1,12})[ \t]*/[ \t]*(-?[\d.]{1,12})",
    re.IGNORECASE | re.MULTILINE,
)
_ROW = re.compile(r"^\*? *(-?\d{1,4}(?:\.\d{1,3})?) +([A-Z][A-Z0-9_]{2,80})(?: +(.{0,200}))?$")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9_]{2,80}")
_SPAM_ACTIONS = frozenset({"add header", "rewrite subject", "reject", "quarantine", "discard"})


@dataclass(frozen=True, slots=True)
class FilterRule:
    name: str
    points: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class FilterAnswer:
    """`spam` is the filter's own verdict, None where it gave none; `why` then says why."""

    spam: bool | None
    score: float = 0.0
    limit: float = 0.0
    action: str = ""
    rules: tuple[FilterRule, ...] = ()
    why: str = ""


class SpamFilter(Protocol):
    """Implemented by the two daemons below, and by what a test puts in their place."""

    @property
    def name(self) -> str:
        """How the filter is called, "SpamAssassin"."""

    def ask(self, message: bytes) -> FilterAnswer:
        """Never raises: what goes wrong is an answer without a verdict."""


@dataclass(frozen=True, slots=True)
class FilterReport:
    findings: tuple[Finding, ...]
    not_judged: tuple[str, ...]  # "spamassassin: it did not answer"


def ask_filters(
    message: bytes, filters: Sequence[SpamFilter], topic: TopicPack, say: str = ""
) -> FilterReport:
    """What each filter says of a message: its verdict, a warning where it is spam, and its
    rules as notes, the heaviest first. `topic` is the pack "spam"."""
    findings: list[Finding] = []
    silent: list[str] = []
    for item in filters:
        answer = item.ask(message)
        if answer.spam is None:
            silent.append(f"{item.name.lower()}: {item.name} was not heard: {answer.why}")
        else:
            findings.extend(_findings(item.name.lower(), answer, topic, say))
    return FilterReport(tuple(findings), tuple(silent))


def filter_at(address: str, timeout_s: float = _TIMEOUT_S) -> SpamFilter:
    """The filter at "spamd://host", "spamd://host:783", "spamd:/path/of/socket", or at
    "http://host:11333" (Rspamd, also by https).

    Raises:
        BadInput: it is no such address.
    """
    fault = BadInput(
        f"«{address[:80]}» is no address of a spam filter: give spamd://host:783, "
        "spamd:/run/spamd.socket or http://host:11333"
    )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise fault from None
    if parts.scheme == "spamd" and not parts.netloc and parts.path.startswith("/"):
        return SpamAssassin(parts.path, timeout_s)
    if not parts.hostname or parts.username or parts.query or parts.fragment or port == 0:
        raise fault
    if parts.scheme == "spamd" and parts.path in ("", "/"):
        return SpamAssassin((parts.hostname, port or _SPAMD_PORT), timeout_s)
    if parts.scheme in ("http", "https"):
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return Rspamd(f"{parts.scheme}://{host}:{port or _RSPAMD_PORT}", timeout_s)
    raise fault


class SpamAssassin:
    """A spamd, asked for its report. Nothing is learnt or kept there."""

    name = "SpamAssassin"

    def __init__(self, address: str | tuple[str, int], timeout_s: float = _TIMEOUT_S) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def ask(self, message: bytes) -> FilterAnswer:
        if len(message) > _LARGEST:
            return FilterAnswer(None, why=f"the message is larger than {_LARGEST // 1024} KB")
        until = time.monotonic() + self._timeout_s
        try:
            answer = _read_spamd(self._command("REPORT", message, until))
            if answer.spam is not None and not answer.rules:  # a report of the house's own form
                named = _read_spamd(self._command("SYMBOLS", message, until))
                return named if named.spam is not None else answer
        except TimeoutError:
            return FilterAnswer(None, why="it did not answer in time")
        except (OSError, ValueError) as error:
            return FilterAnswer(None, why=f"it could not be asked: {error}"[:200])
        return answer

    def _command(self, command: str, message: bytes, until: float) -> bytes:
        head = f"{command} SPAMC/1.5\r\nContent-length: {len(message)}\r\n\r\n"
        with self._connected(until) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # It answers before the end where it does not want the message.
                connection.sendall(head.encode("ascii") + message)
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while len(answer) < _ANSWER:
                connection.settimeout(_left(until))
                piece = connection.recv(65_536)
                if not piece:
                    break
                answer += piece
        return answer

    def _connected(self, until: float) -> socket.socket:
        if isinstance(self._address, tuple):
            return socket.create_connection(self._address, _left(until))
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_left(until))
        try:
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


class Rspamd:
    """An Rspamd worker, asked over HTTP. No proxy, cookie or password of the house is used."""

    name = "Rspamd"

    def __init__(self, address: str, timeout_s: float = _TIMEOUT_S) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def ask(self, message: bytes) -> FilterAnswer:
        import httpx

        if len(message) > _LARGEST:
            return FilterAnswer(None, why=f"the message is larger than {_LARGEST // 1024} KB")
        until = time.monotonic() + self._timeout_s
        try:
            with (
                httpx.Client(timeout=self._timeout_s, trust_env=False) as client,
                client.stream("POST", f"{self._address}/checkv2", content=message) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    return FilterAnswer(None, why=f"it answered {response.status_code}")
                body = b""
                for piece in response.iter_raw():
                    body += piece
                    _left(until)
                    if len(body) > _ANSWER:
                        return FilterAnswer(None, why="its answer is too long")
            return _read_rspamd(body)
        except (httpx.TimeoutException, TimeoutError):
            return FilterAnswer(None, why="it did not answer in time")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return FilterAnswer(None, why=f"it could not be asked: {error}"[:200])


def _left(until: float) -> float:
    """Seconds that are left; TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read_spamd(answer: bytes) -> FilterAnswer:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("ascii", "replace")
    first = _FIRST_LINE.match(lines)
    if first is None:
        return FilterAnswer(None, why="what answered is no SpamAssassin daemon")
    if first.group(1) != "0":
        return FilterAnswer(None, why=f"it answered {_plain(' '.join(first.groups()))}")
    verdict = _VERDICT.search(lines)
    if verdict is None:
        return FilterAnswer(None, why="its answer holds no verdict")
    return FilterAnswer(
        spam=verdict.group(1).lower() in ("true", "yes"),
        score=float(verdict.group(2)),
        limit=float(verdict.group(3)),
        rules=_rules_of(body.decode("utf-8", "replace")),
    )


def _rules_of(text: str) -> tuple[FilterRule, ...]:
    """The rows of a report, or the names of a list of symbols."""
    rules: list[FilterRule] = []
    for line in text.splitlines()[:2000]:
        row = _ROW.match(line)
        if row:
            rules.append(FilterRule(row.group(2), float(row.group(1)), _plain(row.group(3) or "")))
        elif rules and line[:18].isspace() and line.strip():  # a description goes on
            last = rules[-1]
            longer = _plain(f"{last.description} {line.strip()}")
            rules[-1] = FilterRule(last.name, last.points, longer)
    if not rules and _SYMBOL.fullmatch(text.strip().split(",")[0].strip()):
        names = [name.strip() for name in text.strip().split(",")]
        rules = [FilterRule(name) for name in names if _SYMBOL.fullmatch(name)]
    return _heaviest(rules)


def _read_rspamd(body: bytes) -> FilterAnswer:
    try:
        raw: Any = json.loads(body)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict) or not isinstance(raw.get("action"), str):
        return FilterAnswer(None, why="what answered is no Rspamd")
    symbols = raw.get("symbols")
    rules = [
        FilterRule(_plain(name), _number(item.get("score")), _plain(item.get("description")))
        for name, item in (symbols.items() if isinstance(symbols, dict) else ())
        if isinstance(item, dict)
    ]
    action = raw["action"].lower()
    return FilterAnswer(
        spam=action in _SPAM_ACTIONS,
        score=_number(raw.get("score")) or 0.0,
        limit=_number(raw.get("required_score")) or 0.0,
        action=_plain(action),
        rules=_heaviest(rules),
    )


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6:
        return float(value)
    return None


def _plain(said: object) -> str:
    """What a daemon said as one line of text, whatever it sent."""
    text = said[:300] if isinstance(said, str) else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _heaviest(rules: Sequence[FilterRule]) -> tuple[FilterRule, ...]:
    """The rules that count, or all where none does."""
    counting = [rule for rule in rules if rule.points is None or abs(rule.points) >= _SMALLEST]
    ordered = sorted(counting or rules, key=lambda rule: (-(rule.points or 0.0), rule.name))
    return tuple(ordered[:_MOST])


def _findings(name: str, answer: FilterAnswer, topic: TopicPack, say: str) -> Iterator[Finding]:
    place = Place("message")
    verdict = topic.rule(f"spam.{name}" if answer.spam else f"spam.{name}_score")
    yield verdict.finding(
        place,
        say=say,
        score=f"{answer.score:.1f}",
        limit=f"{answer.limit:.1f}",
        action=answer.action,
    )
    for rule in answer.rules:
        points = "" if rule.points is None else f" ({rule.points:+.1f})"
        yield topic.rule(f"spam.{name}_rule").finding(
            place, say=say, rule=rule.name, points=points, description=rule.description
        )
