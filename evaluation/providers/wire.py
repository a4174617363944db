"""What servers and standards ask of a message as the bytes that travel."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.verdict import Finding, Place
from evaluation.rulefiles import TopicPack
from evaluation.view.wire import Wire

__all__ = ["judge_wire"]

_MOST_NAMED = 5  # headers that are told one by one


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
    for name in wire.raw_headers[:_MOST_NAMED]:
        yield pack.rule("provider.raw_header").finding(
            Place(f"header:{name}"), say=say, header=name
        )
    if wire.long_words:
        yield pack.rule("provider.long_word").finding(message, say=say, count=wire.long_words)
    if wire.zeros:
        yield pack.rule("provider.zero_octet").finding(message, say=say)
