"""Phrases of spam and of honest mail, many at once, in any script.

How a phrase is written in a rule file:

    money back guarantee      these words in this order, in any case
    act (now|fast|at once)    one of these; "(a|b|)" may also be missing
    guarant*                  the end of the word is open
    earn $#                   # is a number, however long
    in compliance … act       … is at most 40 characters of the same sentence

All phrases are looked for in one pass (Aho and Corasick, Communications of the ACM 18, 1975),
so that a mail costs the same whether a language has ten phrases or a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

__all__ = ["Flat", "Found", "PhraseBook", "expand", "flatten", "pattern_of"]

_UNEDGED = "\u0590"  # from here on, alphabets that write words without edges
_GAP = 40  # characters that "…" may stand for
_NOT_WRITTEN = re.compile(r"[?+\\^\[\]{}]")
_MOST = 400  # wordings that one phrase may stand for
_SENTENCE_END = re.compile(r"[.!?。！？]")
_GAP_PATTERN = rf"[^.!?。！？]{{0,{_GAP}}}?"
_REST = re.compile(r"[^\W_]{0,20} ")  # of a word, and the blank behind it
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
_BETWEEN = re.compile(f"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}#])|(?<=#) (?=[{_UNSPACED}])")


@dataclass(frozen=True, slots=True)
class Flat:
    """One wording of a phrase: its pieces, and whether each is followed by the rest of its word
    (after "*") instead of a gap or the end."""

    pieces: tuple[str, ...]
    open_ends: tuple[bool, ...]


def flatten(text: str) -> str:
    """`text` as phrases are compared with: lower case, one space between words, none between
    Chinese or Japanese characters, every number as "#"."""
    flat = _NUMBER.sub("#", " ".join(text.lower().replace("\u2019", "'").split()))
    return flat if flat.isascii() else _BETWEEN.sub("", flat)


def expand(phrase: str) -> tuple[Flat, ...]:
    """Every wording that a phrase stands for.

    Raises:
        ValueError: a bracket is not closed, a piece is empty, or there are too many wordings.
    """
    if foreign := _NOT_WRITTEN.findall(phrase):
        raise ValueError(f"{phrase!r}: {foreign[0]} has no meaning here, these are no patterns")
    texts, end = _choices(phrase, 0)
    if end != len(phrase):
        raise ValueError(f"{phrase!r}: a bracket is closed that was not opened")
    return tuple(_flat(phrase, text) for text in dict.fromkeys(texts))


def _choices(phrase: str, start: int) -> tuple[list[str], int]:
    """The wordings of `phrase` from `start` up to a closing bracket, and where that stands."""
    whole: list[str] = []
    row: list[list[str]] = [[""]]
    place = start
    while place < len(phrase) and phrase[place] != ")":
        char = phrase[place]
        if char == "(":
            inner, place = _choices(phrase, place + 1)
            if place >= len(phrase):
                raise ValueError(f"{phrase!r}: a bracket is not closed")
            row.append(inner)
        elif char == "|":
            whole.extend(_joined(phrase, row))
            row = [[""]]
        else:
            row.append([char])
        place += 1
    whole.extend(_joined(phrase, row))
    return whole, place


def _joined(phrase: str, row: list[list[str]]) -> Iterator[str]:
    count = 1
    for item in row:
        count *= len(item)
    if count > _MOST:
        raise ValueError(f"{phrase!r}: it stands for more than {_MOST} wordings")
    return ("".join(parts) for parts in product(*row))


def _flat(phrase: str, text: str) -> Flat:
    pieces: list[str] = []
    opened: list[bool] = []
    for part in text.split("…"):
        *runs, last = part.strip().split("*")
        for run in runs:
            pieces.append(flatten(run))
            opened.append(True)
        if last or not runs:
            pieces.append(flatten(last))
            opened.append(False)
    if not all(pieces):
        raise ValueError(f"{phrase!r}: there is nothing beside a gap, a bracket or an open end")
    return Flat(tuple(pieces), tuple(opened))


@lru_cache(maxsize=2048)
def pattern_of(flat: Flat) -> re.Pattern[str]:
    """How the wording is found in text as it was written, for its place. Linear: its only
    repetitions are of blanks, of digits, of a word's rest and of the bounded gap."""
    whole = r"\b" if _edged(flat.pieces[0][0]) else ""
    for number, (piece, is_open) in enumerate(zip(flat.pieces, flat.open_ends, strict=True)):
        if number:
            whole += r"\w{0,20}\s{1,20}" if flat.open_ends[number - 1] else _GAP_PATTERN
        whole += r"\s{1,20}".join(
            re.escape(word).replace(r"\#", r"\d[\d.,]*").replace("'", "['\u2019]")
            for word in piece.split(" ")
        )
        if is_open and number == len(flat.pieces) - 1:
            whole += r"\w*"
    return re.compile(whole, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """How often a wording stands in a text, and where it begins first in the flattened one."""

    count: int
    start: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """What begins with one piece: wordings that end with it, and wordings that go on."""

    length: int
    begins_word: bool
    ends_word: bool
    closed: tuple[int, ...]
    going_on: tuple[int, ...]


class PhraseBook:
    """Phrases by key, made once; does not change."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        """Raises:
        ValueError: a phrase is not well formed.
        """
        self._wordings = tuple(
            dict.fromkeys(
                (key, flat)
                for key, items in phrases.items()
                for phrase in items
                for flat in expand(phrase)
            )
        )
        starts: dict[str, list[int]] = {}
        for number, (_, flat) in enumerate(self._wordings):
            starts.setdefault(flat.pieces[0], []).append(number)
        self._automaton = _automaton(
            {key: self._entry(key, found) for key, found in starts.items()}
        )

    def _entry(self, start: str, numbers: list[int]) -> _Entry:
        closed = tuple(n for n in numbers if self._wordings[n][1].open_ends == (False,))
        going_on = tuple(n for n in numbers if n not in closed)
        return _Entry(len(start), _edged(start[0]), _edged(start[-1]), closed, going_on)

    def find(self, flat_text: str) -> dict[str, dict[Flat, Found]]:
        """Where and how often a `flatten`ed text holds each wording of each key, in their
        order."""
        if self._automaton is None or not flat_text:
            return {}
        counts: dict[int, int] = {}
        starts: dict[int, int] = {}
        text = flat_text + " "
        for last, entry in self._automaton.iter(flat_text):
            before, after = text[last - entry.length], text[last + 1]  # as `_edged`, inlined
            if entry.begins_word and before < _UNEDGED and before.isalnum():
                continue
            numbers = [n for n in entry.going_on if self._goes_on(flat_text, last + 1, n)]
            if entry.closed and not (entry.ends_word and after < _UNEDGED and after.isalnum()):
                numbers.extend(entry.closed)
            for number in numbers:
                if number in counts:
                    counts[number] += 1
                else:
                    counts[number], starts[number] = 1, last + 1 - entry.length
        found: dict[str, dict[Flat, Found]] = {}
        for number, count in counts.items():
            key, flat = self._wordings[number]
            found.setdefault(key, {})[flat] = Found(count, starts[number])
        return found

    def _goes_on(self, text: str, end: int, number: int) -> bool:
        return _goes_on(text, end, self._wordings[number][1])


def _automaton(entries: Mapping[str, _Entry]) -> Any:
    import ahocorasick

    if not entries:
        return None
    automaton = ahocorasick.Automaton()
    for start, entry in entries.items():
        automaton.add_word(start, entry)
    automaton.make_automaton()
    return automaton


def _edged(char: str) -> bool:
    """Whether words begin and end at `char`: letters of alphabets that put blanks between
    words and write nothing to the front of them (Arabic does)."""
    return char < _UNEDGED and char.isalnum()


def _begins(text: str, start: int) -> bool:
    return not (start and _edged(text[start]) and _edged(text[start - 1]))


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not (_edged(text[end - 1]) and _edged(text[end]))


def _goes_on(text: str, end: int, flat: Flat) -> bool:
    """Whether the wording, whose first piece ends at `end`, stands there as a whole."""
    is_open = flat.open_ends[0]
    for piece, next_open in zip(flat.pieces[1:], flat.open_ends[1:], strict=True):
        if is_open:
            rest = _REST.match(text, end)
            if rest is None or not text.startswith(piece, rest.end()):
                return False
            start = rest.end()
        else:
            start = text.find(piece, end, end + _GAP + len(piece))
            if start < 0 or _SENTENCE_END.search(text, end, start) or not _ends(text, end):
                return False
            if not _begins(text, start):
                return False
        end, is_open = start + len(piece), next_open
    return is_open or _ends(text, end)
