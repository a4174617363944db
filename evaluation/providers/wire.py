"""A message as the bytes that travel: long lines and raw characters, which parsing hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.verdict import Finding, Place
from evaluation.rulefiles import TopicPack

__all__ = ["Wire", "judge_wire", "read_wire", "wire_of"]

_SHORT = 78  # octets, RFC 5322 §2.1.1
_HEAD = 1_000_000  # octets in which the headers are looked for
_NAME = re.compile(rb"[!-9;-~]{1,100}(?=[ \t]{0,10}:)")
_WORD = re.compile(rb"=\?[A-Za-z0-9_.:*-]{1,60}\?[BbQq]\?[!->@-~]{0,998}\?=")


@dataclass(frozen=True, slots=True)
class Wire:
    """Lengths count octets without the line's end, lines from 1. Only lines that are longer than
    78 octets are measured: `longest` is 0 where there is none."""

    longest: int = 0
    longest_line: int = 0
    over_78: int = 0  # how many lines are longer than a line should be
    raw_headers: tuple[str, ...] = ()  # headers with characters beyond ASCII, but for Subject
    long_words: int = 0  # encoded words of more than 75 octets
    zeros: bool = False  # the message holds a NUL


def read_wire(raw: bytes) -> Wire:
    """Read a whole message. Linear in its length, and keeps nothing of it."""
    longest = at = over = start = 0
    size = len(raw)
    while start < size:
        short = raw.rfind(b"\n", start, start + _SHORT + 1)
        if short >= 0:  # so every line up to there is short enough
            start = short + 1
            continue
        end = raw.find(b"\n", start)
        end = size if end < 0 else end
        length = end - start - (raw[end - 1] == 13)  # CR
        if length > _SHORT:
            over += 1
            if length > longest:
                longest, at = length, start
        start = end + 1
    head = _head(raw)
    return Wire(
        longest,
        raw.count(b"\n", 0, at) + 1 if longest else 0,
        over,
        tuple(_raw_headers(head)),
        sum(len(word) > 75 for word in _WORD.findall(head)),
        b"\0" in raw,
    )


def wire_of(view: object) -> Wire | None:
    """The wire of a view that was made of a whole message; None for any other."""
    wire = getattr(view, "wire", None)
    return wire if isinstance(wire, Wire) else None


def judge_wire(wire: Wire, pack: TopicPack, say: str) -> Iterator[Finding]:
    message = Place("message")
    if wire.longest > pack.limits["line_length"]:
        yield pack.rule("provider.line_length").finding(
            message, say=say, line=wire.longest_line, length=wire.longest
        )
    elif wire.over_78:
        yield pack.rule("provider.line_over_78").finding(
            message, say=say, count=wire.over_78, length=wire.longest
        )
    for name in wire.raw_headers[:5]:
        yield pack.rule("provider.raw_header").finding(
            Place(f"header:{name}"), say=say, header=name
        )
    if wire.long_words:
        yield pack.rule("provider.long_word").finding(message, say=say, count=wire.long_words)
    if wire.zeros:
        yield pack.rule("provider.zero_octet").finding(message, say=say)


def _head(raw: bytes) -> bytes:
    ends = [end for mark in (b"\n\n", b"\n\r\n") if (end := raw.find(mark, 0, _HEAD)) >= 0]
    return raw[: min(ends, default=min(len(raw), _HEAD))]


def _raw_headers(head: bytes) -> Iterator[str]:
    if head.isascii():
        return
    seen: set[str] = set()
    name = ""
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            match = _NAME.match(line)
            name = match.group().decode("ascii").title() if match else ""
        if name and name != "Subject" and name not in seen and not line.isascii():
            seen.add(name)
            yield name
