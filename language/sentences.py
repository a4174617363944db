"""Where sentences begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from contracts.case import Span
from language.datafile import DataFile, load_data
from language.tags import data_language
from language.text import CJK

__all__ = ["sentences"]

_BLOCK = re.compile(
    r"(?:\r?\n[ \t]*){2,}"  # a blank line
    r"|\r?\n(?=[ \t]*(?:[-*+•·>#]|\d{1,2}[.)])[ \t])"  # or a list item, quotation, heading
)
_LEAD = re.compile(r"(?:\s|[-*+•·>#]+[ \t]|\d{1,2}[.)][ \t])+")
_FULL = "。！？"


class _Pack(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    abbreviations: tuple[str, ...]
    before_number: tuple[str, ...]
    after_ordinal: tuple[str, ...]
    closing: tuple[str, ...] = ()


class _SentencesFile(DataFile):
    marks: tuple[str, ...]
    closing: tuple[str, ...]
    languages: Mapping[str, _Pack]


def sentences(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of `text` in order, without the spaces and list marks around them.

    A blank line and the start of a list item always end a sentence; a single line break
    does not. Full stops in decimals, abbreviations, initials and German ordinals end
    none. Languages without a data pack are split by the rules of English. Empty text has
    no sentences.
    """
    rules = _rules(language if language in _file().languages else _base(language))
    spans: list[Span] = []
    start = 0
    for block in [*_BLOCK.finditer(text), None]:
        end = block.start() if block else len(text)
        spans.extend(rules.split(text, start, end))
        start = block.end() if block else end
    return tuple(spans)


def _base(language: str) -> str:
    key = data_language(language)
    return key if key in _file().languages else "en"


@cache
def _file() -> _SentencesFile:
    return load_data("language", "sentences.yaml", _SentencesFile)


@cache
def _rules(language: str) -> _Rules:
    return _Rules(_file(), _file().languages[language])


class _Rules:
    def __init__(self, file: _SentencesFile, pack: _Pack) -> None:
        marks = "".join(re.escape(mark) for mark in file.marks)
        closing = "".join(re.escape(mark) for mark in (*file.closing, *pack.closing))
        self._end = re.compile(rf"[{marks}]+[{closing}]*")
        self._abbreviation = _ending_in(pack.abbreviations)
        self._before_number = _ending_in(pack.before_number)
        parted = [a for a in pack.abbreviations if "." in a]
        self._parted = re.compile(rf"(?<![^\W\d_])(?:{_any_of(parted)})\.", re.IGNORECASE)
        ordinals = "|".join(pack.after_ordinal)
        self._ordinal = re.compile(rf"\s+(?:{ordinals})\b") if ordinals else None

    def split(self, text: str, start: int, end: int) -> list[Span]:
        spans = []
        inside = {
            place
            for match in self._parted.finditer(text, start, end)
            for place in range(match.start(), match.end() - 1)
        }
        for match in self._end.finditer(text, start, end):
            if match.start() not in inside and self._ends(text, match, end):
                spans.append((start, match.end()))
                start = match.end()
        spans.append((start, end))
        return [span for first, last in spans if (span := _trim(text, first, last))]

    def _ends(self, text: str, match: re.Match[str], end: int) -> bool:
        mark = match.group()
        after = text[match.end() : end]
        if not after.strip():
            return True
        if mark[0] in _FULL:
            # A quotation goes on where the speaker follows: “…。”他说
            quoted = mark[-1] not in _FULL
            return not (quoted and re.match(rf"\s*[{CJK}]{{1,4}}[说道]", after))
        if not after[0].isspace() and not re.match(f"[{CJK}]", after):
            return False
        upcoming = after.lstrip()[0]
        if upcoming.islower() or upcoming in ",;:，；：、":
            return False
        if mark[0] != "." or len(mark.rstrip("\"'”’“»«)]")) > 1:
            return True
        before = text[max(0, match.start() - 24) : match.start()]
        if mark == "." and self._abbreviation.search(before):
            return False
        if upcoming.isdigit() and self._before_number.search(before):
            return False
        if re.search(r"(?:^|[\s(.\u00a0])[A-ZÄÖÜ]$", before) and mark == ".":
            return False  # an initial
        numbered = re.search(r"(?:^|\s)\d{1,2}$", before)
        return not (numbered and self._ordinal and self._ordinal.match(after))


def _ending_in(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a text that ends in one of the words, with or without spaces inside."""
    return re.compile(rf"(?<![^\W\d_])(?:{_any_of(words)})$", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    escaped = (re.escape(word).replace(r"\ ", r"[\s\u00a0]?") for word in words)
    return "|".join(escaped) or r"(?!)"


def _trim(text: str, start: int, end: int) -> Span | None:
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead else start
    last = first + len(text[first:end].rstrip())
    return Span(first, last) if last > first else None
