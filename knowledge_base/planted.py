"""Text of a case that speaks to a machine instead of a reader: planted instructions."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict

from contracts.case import Outcome, Span
from language import DataFile, load_data
from language.folded import bounded, folded

__all__ = [
    "Planted",
    "find_planted",
    "planted_in",
    "planted_within",
    "touches_planted",
    "without_planted",
]

_BLOCK = re.compile(r"[^\n]+")
_ENCODED = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{24,4000}={0,2}(?![\w+/=])")
# Letters one by one, which hide a word from every search: "i g n o r e".
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[A-Za-z][ .·_-]){5,}[A-Za-z](?![^\W\d_])")


class _Pattern(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    pattern: str


class _PlantedFile(DataFile):
    patterns: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """`name` is that of the pattern, in `data/planted.yaml`."""

    name: str
    span: Span  # in the text as it is stored


@lru_cache(maxsize=512)
def find_planted(text: str) -> tuple[Planted, ...]:
    """Where `text` speaks to a machine, in order; of hits that overlap the first.

    Looked for after NFKC, without invisible characters and with letters that look like Latin
    ones made these, in base64 blocks too; spans are those of `text`.
    """
    plain = folded(text, alike=True)
    hits = [
        Planted(name, plain.back(*match.span()))
        for name, pattern in _patterns()
        for match in pattern.finditer(plain.text)
    ]
    hits += [Planted("encoded", plain.back(*span)) for span in _encoded(plain.text)]
    kept: list[Planted] = []
    for hit in sorted(hits, key=lambda hit: (hit.span.start, -hit.span.end)):
        if not kept or hit.span.start >= kept[-1].span.end:
            kept.append(hit)
    return tuple(kept)


def planted_in(text: str) -> bool:
    """Whether `text` speaks to a machine anywhere."""
    return bool(find_planted(text))


def planted_within(text: str, spans: Sequence[Span]) -> frozenset[Span]:
    """Those of `spans` that stand in a block of `text` with planted text."""
    return frozenset(span for span in spans if touches_planted(text, span))


def touches_planted(text: str, span: Span) -> bool:
    """Whether `span` stands in a block of `text` that speaks to a machine. A whole block is
    doubtful: what follows "ignore what was said" is what somebody wants to be written."""
    blocks = _doubtful_blocks(text)
    at = bisect_right(blocks, span.start, key=lambda block: block.end)  # the first that ends later
    return at < len(blocks) and blocks[at].start < span.end


def without_planted(text: str, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes; those that stand in a doubtful block are not sure."""
    return tuple(
        replace(outcome, sure=False)
        if outcome.sure and touches_planted(text, outcome.span)
        else outcome
        for outcome in outcomes
    )


@lru_cache(maxsize=512)
def _doubtful_blocks(text: str) -> tuple[Span, ...]:
    hits = find_planted(text)
    found: list[Span] = []
    at = 0
    for match in _BLOCK.finditer(text):
        while at < len(hits) and hits[at].span.end <= match.start():
            at += 1
        if at == len(hits):
            break
        if hits[at].span.start < match.end():
            found.append(Span(*match.span()))
    return tuple(found)


def _encoded(text: str) -> Iterator[tuple[int, int]]:
    """Blocks that hide an instruction: in base64, or spelled letter by letter."""
    for match in _ENCODED.finditer(text):
        raw = match.group().rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            said = base64.b64decode(raw + "=" * (-len(raw) % 4)).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if any(pattern.search(said) for _, pattern in _patterns()):
            yield match.span()
    for match in _SPELLED.finditer(text):
        said = re.sub(r"[ .·_-]", "", match.group()).casefold()
        if any(word in said for word in ("ignore", "disregard", "systemprompt", "instruction")):
            yield match.span()


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = load_data("knowledge_base", "planted.yaml", _PlantedFile).patterns
    flags = re.IGNORECASE | re.MULTILINE
    return tuple((row.name, re.compile(bounded(row.pattern), flags)) for row in rows)
