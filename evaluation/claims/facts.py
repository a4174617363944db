"""What one sentence says: its figures, each with what it measures and which way that went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from contracts.case import Direction, Span
from evaluation.claims.quantities import Quantity
from evaluation.claims.quantity_reading import quantities_in
from evaluation.claims.subjects import Subjects
from evaluation.claims.wording import Wording
from language.periods import period_after, period_before

__all__ = ["Fact", "Role", "Said", "read_sentence"]

_BREAK = re.compile(r"[;:；：()（）—–。]|(?<!\d)[,，、]|[,，、](?!\d)|\s-\s")
_CROSSING = 40  # characters that a break between two words counts as
_TOO_FAR = 90  # beyond two breaks a word of change is another figure's
_CUE_REACH = 48  # characters in front of a figure in which a word tells what it is
_BEHIND = 24
_WORDS_TO_PERIOD = 4  # places behind a figure where "a day" may begin
_NEXT_WORD = re.compile(r"\s?[^\W\d]{1,30}")


class Role(StrEnum):
    """What a figure is in a change."""

    BEFORE = "before"
    AFTER = "after"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a sentence. `direction` is where the sentence says that the quantity moved;
    `better` whether it says so of the matter itself ("faster")."""

    quantity: Quantity
    role: Role
    direction: Direction | None
    better: bool | None
    near: Subjects  # what the same part of the sentence speaks of
    period: str = ""  # "day" in "ten a day"
    once: bool = False  # is without doubt what was: "instead of 600"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, read."""

    text: str
    language: str
    facts: tuple[Fact, ...]
    pairs: tuple[tuple[int, int], ...]  # facts that are the value before and the value after
    subjects: Subjects  # what the whole sentence speaks of
    directions: frozenset[Direction]
    better: bool | None


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    direction: Direction | None
    better: bool | None


def read_sentence(
    text: str,
    language: str,
    wording: Wording | None,
    quantities: Sequence[Quantity] | None = None,
) -> Said:
    """A sentence's facts in order. `quantities` where they were read before."""
    found = quantities_in(text, language, wording) if quantities is None else quantities
    subjects = Subjects.of(text, language, wording.ignored if wording else ())
    words = list(_words(text, wording)) if wording else []
    breaks = [match.start() for match in _BREAK.finditer(text)]
    if wording:
        breaks += [match.start() for match in wording.joins.finditer(text)]
    breaks.sort()
    facts = []
    for index, quantity in enumerate(found):
        left = max((q.span.end for q in found[:index] if not q.frame), default=0)
        right = min((q.span.start for q in found[index + 1 :] if not q.frame), default=len(text))
        word = _nearest(quantity.span, words, breaks, left, right)
        role, once = _cue(text, quantity.span, left, wording)
        facts.append(
            Fact(
                quantity=quantity,
                role=role,
                once=once,
                direction=word.direction if word else None,
                better=word.better if word else None,
                near=_near(subjects, quantity.span, breaks, left, right),
                period=_period(text, quantity.span, right, language),
            )
        )
    pairs = tuple(_pairs(facts))
    return Said(
        text=text,
        language=language,
        facts=tuple(replace(fact, role=_role(index, pairs)) for index, fact in enumerate(facts)),
        pairs=pairs,
        subjects=subjects,
        directions=frozenset(word.direction for word in words if word.direction),
        better=_one({word.better for word in words if word.better is not None}),
    )


def _pairs(facts: Sequence[Fact]) -> Iterator[tuple[int, int]]:
    """Neighbours in one kind of unit (times of any length) that are told to be the value before
    and the value after."""
    taken = -1
    places = [index for index, fact in enumerate(facts) if not fact.quantity.frame]
    for index, following in pairwise(places):
        first, second = facts[index], facts[following]
        roles = (first.role, second.role)
        if index <= taken or not _comparable(first.quantity, second.quantity):
            continue
        if roles == (Role.BEFORE, Role.AFTER):
            yield index, following
        elif roles == (Role.AFTER, Role.BEFORE) or (
            roles == (Role.NONE, Role.BEFORE) and second.once
        ):
            yield following, index
        else:
            continue
        taken = following


def _role(index: int, pairs: Sequence[tuple[int, int]]) -> Role:
    """Only a figure with a counterpart is one before or after: "de" stands anywhere."""
    if any(index == first for first, _ in pairs):
        return Role.BEFORE
    return Role.AFTER if any(index == second for _, second in pairs) else Role.NONE


def _comparable(one: Quantity, other: Quantity) -> bool:
    return one.kind == other.kind or (one.is_time and other.is_time)


def _period(text: str, span: Span, right: int, language: str) -> str:
    """The period that a figure counts by: "ten a day", "ten releases a day"."""
    if before := period_before(text, span.start, language):
        return before.unit
    place = span.end
    for _ in range(_WORDS_TO_PERIOD):
        if found := period_after(text, place, language):
            return found.unit
        following = _NEXT_WORD.match(text, place)
        if following is None or following.end() > right:
            break
        place = following.end()
    return ""


def _words(text: str, wording: Wording) -> Iterator[_Word]:
    """Words of change. Where two overlap ("more" in "more expensive", in "more than") the longer
    counts."""
    found = [
        _Word(match.start(), match.end(), direction, better)
        for pattern, direction, better in (
            (wording.no_change, None, None),
            (wording.slower, None, False),
            (wording.faster, None, True),
            (wording.up, Direction.UP, None),
            (wording.down, Direction.DOWN, None),
        )
        for match in pattern.finditer(text)
        if match.end() > match.start()
    ]
    found.sort(key=lambda word: (-(word.end - word.start), word.start))
    kept: list[_Word] = []
    for word in found:
        if not any(word.start < other.end and other.start < word.end for other in kept):
            kept.append(word)
    telling = [word for word in kept if word.direction or word.better is not None]
    yield from sorted(telling, key=lambda word: word.start)


def _nearest(
    span: Span, words: Sequence[_Word], breaks: Sequence[int], left: int, right: int
) -> _Word | None:
    """The word of change that goes with a figure: the nearest that no other figure and as few
    breaks as possible stand between; failing that, the nearest of the sentence."""

    def far(word: _Word) -> int:
        if word.start < span.end and span.start < word.end:
            return -1  # "halved" is figure and change in one
        first, last = (word.end, span.start) if word.end <= span.start else (span.end, word.start)
        crossed = sum(first <= place <= last for place in breaks)
        other = 2 * _CROSSING if word.end <= left or word.start >= right else 0
        return last - first + crossed * _CROSSING + other

    best = min(words, key=far, default=None)
    return best if best is not None and far(best) < _TOO_FAR else None


def _cue(text: str, span: Span, left: int, wording: Wording | None) -> tuple[Role, bool]:
    """What words beside a figure make of it, and whether they leave no doubt."""
    if wording is None:
        return Role.NONE, False
    tail = text[span.end : span.end + _BEHIND].lstrip()
    if wording.after_suffix.match(tail):
        return Role.AFTER, False
    if wording.before_suffix.match(tail):
        return Role.BEFORE, False
    lead = text[max(left, span.start - _CUE_REACH) : span.start]
    lead = wording.no_change.sub(lambda match: " " * len(match.group()), f"{lead}0")[:-1]
    best, role = -1, Role.NONE
    for pattern, meaning in ((wording.before, Role.BEFORE), (wording.after, Role.AFTER)):
        for match in pattern.finditer(lead):
            if match.end() > match.start() and match.end() > best:
                best, role = match.end(), meaning
    once = any(match.end() == best for match in wording.once.finditer(lead))
    return role, role is Role.BEFORE and once


def _near(subjects: Subjects, span: Span, breaks: Sequence[int], left: int, right: int) -> Subjects:
    """What stands in the same part of the sentence as a figure; if that names nothing, what
    stands between the figures around it."""
    first = max((place for place in breaks if place <= span.start), default=0)
    last = min((place for place in breaks if place >= span.end), default=10**9)
    part = subjects.within(Span(first, last))
    if part:
        return part
    return subjects.within(Span(left, max(left, right)))


def _one(values: set[bool]) -> bool | None:
    return values.pop() if len(values) == 1 else None
