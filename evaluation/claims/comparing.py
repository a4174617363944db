"""A sentence of a mail held against the sentences of a case, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from contracts.case import Direction
from evaluation.claims.casetext import CaseText
from evaluation.claims.facts import Fact, Role, Said
from evaluation.claims.quantities import Quantity, change_of, derived, same_quantity
from evaluation.claims.subjects import METRIC, in_common, related
from evaluation.claims.wording import Wording
from language.taxonomy import load_taxonomy

__all__ = ["Grade", "Match", "compared"]

_TERM = 2  # `in_common` of one term
_NEAR, _WIDE, _AROUND = 6, 2, 1  # weight of terms beside the figure, in the sentence, around it


class Grade(IntEnum):
    """How a case's sentence stands to figures of the mail, the better the greater."""

    NOTHING = 0
    OTHER_FIGURE = 1
    OTHER_UNIT = 2
    STANDS = 3  # the mail states a change, the case that it just is so
    UNRELATED = 4  # the figure stands there, of something else as far as we can tell
    FIGURE_ALONE = 5  # the figure stands there, of what is not told in terms that we know
    OTHER_METRIC = 6
    OTHER_DIRECTION = 7
    SUPPORTS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """`near` where mail and case name the same right beside the figure; `facts` are those
    of the mail's sentence that were compared."""

    grade: Grade
    near: bool
    shared: int
    sentence: int  # of the case
    facts: tuple[Fact, ...] = ()

    @property
    def rank(self) -> tuple[bool, Grade, int, int]:
        sure = self.grade > Grade.FIGURE_ALONE or not self.near
        return (self.near and sure, self.grade, self.shared, -self.sentence)


_NONE = Match(Grade.NOTHING, False, 0, 0)


def compared(
    said: Said, case: CaseText, wording: Wording, *, contrary: bool = True
) -> tuple[Match, ...]:
    """The best that the case has for each value of a sentence, and for each pair of values
    before and after together; empty where the sentence states none. For the time in which it
    came about it is enough that the case speaks of such a time at all.

    Args:
        contrary: look also for other figures of the same thing, which takes longer.
    """
    pairs = {index for pair in said.pairs for index in pair}
    groups: list[tuple[int, ...]] = [*said.pairs]
    groups += [
        (index,)
        for index, fact in enumerate(said.facts)
        if index not in pairs and not fact.quantity.frame
    ]
    found = []
    for group in sorted(groups):
        facts = tuple(said.facts[index] for index in group)
        best = max(
            _matches(facts, said, case, wording, contrary),
            key=lambda match: match.rank,
            default=_NONE,
        )
        found.append(replace(best, facts=facts))
    if found and not all(_within(fact, case) for fact in said.facts if fact.quantity.frame):
        found.append(_NONE)
    return tuple(found)


def _within(fact: Fact, case: CaseText) -> bool:
    return any(
        same_quantity(fact.quantity, quantity)
        for number in case.counted()
        for quantity in case.quantities(number)
    )


def _matches(
    facts: Sequence[Fact], said: Said, case: CaseText, wording: Wording, contrary: bool
) -> Iterator[Match]:
    for number in case.counted():
        found = _held(facts, case, number)
        for own in found:
            yield _graded(facts[0], said, own, case, number, wording)
        if contrary and not found:
            for fact in facts:
                yield from _contrary(fact, case, number, wording)


def _held(facts: Sequence[Fact], case: CaseText, number: int) -> list[Fact]:
    """The facts of a sentence that say the first of `facts`, if it (or it and the next) says
    the others as well."""
    own = case.quantities(number)
    computed = [*_computed(facts, case, number)]
    if computed or not any(_says(facts[0].quantity, quantity) for quantity in own):
        return computed
    if len(facts) > 1:
        following = case.quantities(number + 1) if number + 1 < len(case.spans) else ()
        before = case.quantities(number - 1) if number else ()
        if not any(
            _says(fact.quantity, quantity)
            for fact in facts[1:]
            for quantity in (*own, *following, *before)
        ):
            return []
    source = case.said(number)
    found = [fact for fact in source.facts if _says(facts[0].quantity, fact.quantity)]
    return [fact for fact in found if len(facts) < 2 or not _other_end(facts, fact, source)]


def _other_end(facts: Sequence[Fact], own: Fact, source: Said) -> bool:
    """Whether a sentence gives another value than the mail at the other end of the change."""
    for first, second in source.pairs:
        ends = source.facts[first], source.facts[second]
        if own in ends:
            other = ends[1] if own is ends[0] else ends[0]
            return not any(_says(fact.quantity, other.quantity) for fact in facts[1:])
    return False


def _says(said: Quantity, source: Quantity) -> bool:
    return same_quantity(said, source) or derived(said, source)


def _computed(facts: Sequence[Fact], case: CaseText, number: int) -> Iterator[Fact]:
    """The values after, where the mail states the change between two values of a sentence."""
    if len(facts) > 1 or facts[0].quantity.unit not in ("percent", "times"):
        return
    own = case.quantities(number)
    if len(own) < 2:
        return
    source = case.said(number)
    for first, second in source.pairs:
        if change_of(facts[0].quantity, own[first], own[second]):
            yield source.facts[second]


def _graded(
    fact: Fact, said: Said, own: Fact, case: CaseText, number: int, wording: Wording
) -> Match:
    source = case.said(number)
    near = in_common(fact.near.ids, own.near.ids, wording.kin)
    wide = in_common(said.subjects.ids, source.subjects.ids, wording.kin)
    around = in_common(said.subjects.ids, case.around(number), wording.kin)
    if fact.near.metrics and not wide:
        around = 0  # what is measured is named, and the sentence itself speaks of nothing like it
    shared = _NEAR * near + _WIDE * wide + _AROUND * around

    def grade() -> Grade:
        exact = not derived(fact.quantity, own.quantity)
        if not exact and not derived(fact.quantity, own.quantity, _rose(fact)):
            return Grade.NOTHING
        if fact.period and own.period and fact.period != own.period:
            return Grade.OTHER_UNIT
        if _metrics_differ(fact, own, source):
            return Grade.OTHER_METRIC if exact else Grade.NOTHING
        if _opposed(fact, said, own, source, wording):
            return Grade.OTHER_DIRECTION if exact or near else Grade.NOTHING
        if not _moves_as_well(fact, own, source, near >= _TERM):
            return Grade.STANDS
        if not exact and not (near and _moves(fact) and _moves(own)):
            return Grade.NOTHING
        if shared:
            return Grade.SUPPORTS
        mine = fact.near.ids or said.subjects.ids
        theirs = own.near.ids or source.subjects.ids
        return Grade.UNRELATED if mine and theirs else Grade.FIGURE_ALONE

    return Match(grade(), near >= _TERM, shared, number)


def _rose(fact: Fact) -> bool | None:
    return None if fact.direction is None else fact.direction is Direction.UP


def _moves(fact: Fact) -> bool:
    return fact.direction is not None or fact.better is not None


def _moves_as_well(fact: Fact, own: Fact, source: Said, near: bool) -> bool:
    """A change is not supported by a sentence that tells of none."""
    if fact.quantity.unit not in ("percent", "times"):
        return True
    if not _moves(fact):
        return True
    return (
        bool(source.directions)
        or source.better is not None
        or own.role is not Role.NONE
        or (near and own.quantity.in_words)  # "at a tenth of the cost"
    )


def _metrics_differ(fact: Fact, own: Fact, source: Said) -> bool:
    """Whether both name a measure, and none of one is a kind of one of the other."""
    mine = fact.near.metrics
    theirs = own.near.metrics or source.subjects.metrics
    if not mine or not theirs:
        return False
    if any(_tells(metric, own.near.ids) for metric in mine):
        return False
    if any(_tells(metric, fact.near.ids) for metric in theirs):
        return False
    return not any(related(one, other) for one in mine for other in theirs)


def _tells(metric: str, ids: frozenset[str]) -> bool:
    """Whether a text that speaks of `ids` speaks of a metric, though it has another name for
    it: "operation and maintenance costs" are maintenance costs too."""
    name = metric.removeprefix(METRIC)
    return name in ids or {name.removesuffix("_cost"), "cost"} <= ids


def _opposed(fact: Fact, said: Said, own: Fact, source: Said, wording: Wording) -> bool:
    """Whether the two say that the same moved in opposite ways."""
    if Role.NONE not in (fact.role, own.role):
        return fact.role is not own.role
    told = own.direction
    if told is None and own.better is None and source.better is None:
        # "cut the size by 45 % and the latency by 75 %": the verb is that of both.
        told = next(iter(source.directions)) if len(source.directions) == 1 else None
    if fact.direction and told:
        return fact.direction is not told
    mine, theirs = _goodness(fact, said, wording), _goodness(own, source, wording)
    return mine is not None and theirs is not None and mine is not theirs


def _goodness(fact: Fact, said: Said, wording: Wording) -> bool | None:
    """Whether what happened is for the better; None where that cannot be told."""
    if fact.better is not None:
        return fact.better
    if fact.direction is None:
        return None
    ids = fact.near.ids or said.subjects.ids
    taxonomy = load_taxonomy()
    wanted = {
        taxonomy.metric(item.removeprefix(METRIC)).better for item in ids if item.startswith(METRIC)
    }
    if not wanted:
        wanted |= {Direction.UP for item in ids if item in wording.better_up}
        wanted |= {Direction.DOWN for item in ids if item in wording.better_down}
    return fact.direction is wanted.pop() if len(wanted) == 1 else None


def _contrary(fact: Fact, case: CaseText, number: int, wording: Wording) -> Iterator[Match]:
    """A figure for the same thing in the same kind of unit, or the same figure in another."""
    source = case.said(number)
    for own in source.facts:
        near = in_common(fact.near.ids, own.near.ids, wording.kin)
        if near < 2 or _metrics_differ(fact, own, source):
            continue
        if own.quantity.value == fact.quantity.value and own.quantity.kind != fact.quantity.kind:
            yield Match(Grade.OTHER_UNIT, True, _NEAR * near, number)
        elif own.quantity.kind == fact.quantity.kind:
            yield Match(Grade.OTHER_FIGURE, True, _NEAR * near, number)
