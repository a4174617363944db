"""The values of one sentence: pairs, sizes of change and time frames, and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.case import Direction, Span
from knowledge_base.outcome_rules import Rules
from language import (
    Number,
    Taxonomy,
    find_numbers,
    period_after,
    period_before,
    same_width,
)
from language.numbers import is_ambiguous

__all__ = ["Result", "Values"]

_TAIL = 40  # characters looked at before a value for the words that lead to it
_ROUNDING = Decimal(1)  # percentage points that a stated change may differ from its values
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_FRAMES = frozenset({"day", "week", "month", "quarter", "half_year", "year", "heating_season"})
_YEARS = range(1900, 2101)
_WORD_BY_WORD = ("zh", "ja", "ko")  # where "増加3倍" is read as three times and as four


@dataclass(frozen=True, slots=True)
class Result:
    """A pair of values, the size of a change, or both of one change."""

    before: Number | None = None
    after: Number | None = None
    change: Number | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(n for n in (self.before, self.after, self.change) if n is not None)

    @property
    def start(self) -> int:
        return min(n.span.start for n in self.numbers)

    @property
    def end(self) -> int:
        return max(n.span.end for n in self.numbers)


class Values:
    """The numbers of a sentence and what the words around them make of them.

    `flat` is the text of one width that all patterns are looked for in; spans of it are spans
    of the text.
    """

    def __init__(self, text: str, language: str, rules: Rules, taxonomy: Taxonomy) -> None:
        self._text, self._language, self._rules = text, language, rules
        self._taxonomy = taxonomy
        self.flat = same_width(text)
        self.numbers = find_numbers(text, language)

    def results(self, values: Sequence[Number]) -> list[Result]:
        """The changes that `values` state, in their order."""
        pairs = self._pairs(values)
        paired = {id(number) for pair in pairs for number in pair.numbers}
        changes = [Result(change=n) for n in values if id(n) not in paired and self._is_change(n)]
        found = sorted([*pairs, *changes], key=lambda result: result.start)
        merged: list[Result] = []
        for result in found:
            if merged and (both := self._of_one_change(merged[-1], result)):
                merged[-1] = both
            else:
                merged.append(result)
        return merged

    def _of_one_change(self, first: Result, second: Result) -> Result | None:
        """ "by 95% (from 600 ms to 30 ms)" and "from 600 to 30 ms (95%)" state one change."""
        size, pair = (first, second) if first.change else (second, first)
        if size.before or pair.change or not (size.change and pair.before and pair.after):
            return None
        gap = self.flat[first.end : second.start]
        if not re.fullmatch(r"\s*[(（,，]\s*\S{0,6}\s*", gap) or size.change.unit != "percent":
            return None
        if pair.before.value == 0 or pair.before.unit not in {"", pair.after.unit}:
            return None
        real = abs(pair.after.value - pair.before.value) / pair.before.value * 100
        if abs(real - size.change.value) > _ROUNDING:
            return None
        return Result(pair.before, pair.after, size.change)

    def is_frame(self, number: Number) -> bool:
        """ "within nine months", "innerhalb eines halben Jahres", "一年内"."""
        if number.unit not in _FRAMES:
            return False
        if self._rules.frame_after.match(self.flat, number.span.end):
            return True
        return bool(self._rules.frame_before.search(self.head(number.span.start)))

    def frame_of(self, frames: Sequence[Number]) -> Number | None:
        """The one time frame, None where it is not stated exactly."""
        if len(frames) != 1 or self.is_hedged(frames[0]):
            return None
        head = self.head(frames[0].span.start)
        if re.search(r"\bfor\s*$|less than\s*$|under\s*$", head):
            return None
        return frames[0]

    def _pairs(self, values: Sequence[Number]) -> list[Result]:
        pairs = []
        index = 0
        while index + 1 < len(values):
            before, after = values[index], values[index + 1]
            if self._is_pair(before, after):
                pairs.append(Result(before, after))
                index += 1
            index += 1
        return pairs

    def _is_pair(self, before: Number, after: Number) -> bool:
        start = before.span.start
        if period := period_before(self._text, start, self._language):
            start = period.span.start
        gap_start = before.span.end
        if period := period_after(self._text, gap_start, self._language):
            gap_start = period.span.end
        gap_end = after.span.start
        if period := period_before(self._text, gap_end, self._language):
            gap_end = max(gap_start, period.span.start)
        if not self._rules.to.fullmatch(self.flat[gap_start:gap_end]):
            return False
        if target := self._rules.target_after:
            return bool(target.match(self.flat, after.span.end))
        return bool(self._rules.from_.search(self.head(start)))

    def _is_change(self, number: Number) -> bool:
        if self._rules.size_word.fullmatch(same_width(number.raw)):
            return True
        if not number.unit and number.value in _YEARS:
            return False  # "by 2025"
        head = self.head(number.span.start)
        led = bool(self._rules.by.search(head))
        reached = bool(self._rules.reached.search(head))
        target = self._rules.target_after
        if target and target.match(self.flat, number.span.end):
            reached = True
        if number.unit == "times" and self._language.startswith(_WORD_BY_WORD):
            return reached
        if reached and not led:
            return False  # where the change led, not how far it went
        if target and reached:
            return False
        if led:
            return True
        return bool(number.unit) and bool(self._rules.size_first.match(self.flat, number.span.end))

    def comparable(self, result: Result) -> bool:
        """Whether it is a pair of values in one unit."""
        before, after = result.before, result.after
        return bool(before and after and before.unit in {after.unit, ""})

    def compared(self, result: Result) -> Direction | None:
        """Which way a pair of values goes, None for none, equal ones and unlike units."""
        before, after = result.before, result.after
        if before is None or after is None or not self.comparable(result):
            return None
        if before.value == after.value:
            return None
        if after.value < before.value:
            return Direction.DOWN
        gap = self.flat[before.span.end : after.span.start]
        shared = re.fullmatch(r"[\d.,\s]+", same_width(before.raw))
        if shared and self._rules.rising_is_range.fullmatch(gap):
            return None  # "aumentou de 20 a 50%": from 20 to 50, or by as much
        return Direction.UP

    def unit_of(self, result: Result) -> tuple[str, bool]:
        """The unit of a pair, "" for none, and whether both values have it."""
        if result.before is None or result.after is None:
            return "", True
        before, after = result.before.unit, result.after.unit
        return after or before or "count", not before or not after or before == after

    def pair_of(self, result: Result, units_agree: bool) -> tuple[Decimal | None, Decimal | None]:
        """The pair in one unit; lengths of time are converted where that is exact."""
        before, after = result.before, result.after
        if before is None or after is None:
            return None, None
        if units_agree:
            return before.value, after.value
        if before.unit in _SECONDS and after.unit in _SECONDS:
            factor = Decimal(_SECONDS[before.unit]) / _SECONDS[after.unit]
            if factor == factor.to_integral_value():
                return before.value * factor, after.value
        return None, None

    def period_of(self, result: Result) -> str:
        """The period that the values are counted in, "" where none is stated."""
        for number in (result.after, result.before, result.change):
            if number is None or (number is result.change and result.before):
                continue
            found = period_after(self._text, number.span.end, self._language) or period_before(
                self._text, number.span.start, self._language
            )
            if found:
                return found.unit
        return ""

    def words_of(self, result: Result) -> Span | None:
        """From the words that lead to the values to those that end them."""
        if not result.numbers:
            return None
        start = result.start
        head_start = max(0, start - _TAIL)
        lead = self._rules.from_ if result.before else self._rules.by
        if match := lead.search(self.flat[head_start:start]):
            start = head_start + match.start()
        return Span(start, self.value_end(result.end))

    def is_exact(self, result: Result) -> bool:
        """Whether each value is stated exactly, ends where it seems to, and can be meant in one
        way."""
        numbers = result.numbers
        return (
            not any(self.is_hedged(n, result.before) for n in numbers)
            and not any(is_ambiguous(n, self._language) for n in numbers)
            and all(self._ends_well(n) for n in numbers if n is not result.before)
            and self._can_be_put(result)
        )

    def _can_be_put(self, result: Result) -> bool:
        """Whether the size of the change can be meant in one way, and put into a sentence."""
        change = result.change
        if change is None:
            return True
        if change.unit == "times":
            follows = self._rules.size_first.match(self.flat, change.span.end)
            if follows and any(p.search(follows.group()) for _, p in self._rules.comparatives):
                return False  # "three times more": three times as much, or four
            cjk = self._language.startswith(_WORD_BY_WORD)
            return cjk or bool(follows or self._rules.multiple.search(change.raw))
        return bool(change.unit) or bool(re.fullmatch(r"[\d.,\s]+", same_width(change.raw)))

    def is_scope(self, number: Number) -> bool:
        """A bare count ("the 38 machines", "line 2") or an attribute ("the 1,600-ton press")."""
        if not number.unit or self._taxonomy.unit(number.unit).kind == "count":
            return True
        return bool(re.search(r"\d-[^\W\d]+$", same_width(number.raw)))

    def is_hedged(self, number: Number, before: Number | None = None) -> bool:
        """Whether words make the number no exact one; of a pair, `before` is its first value."""
        head = self.head(number.span.start)
        hedge = self._rules.hedge.search(head)
        if hedge and before is not None and number is not before:
            # "od … do", "van … tot": what means "up to" elsewhere joins the values here
            gap = self.flat[before.span.end : number.span.start].strip()
            hedge = None if hedge.group().strip() == gap else hedge
        if hedge or self._rules.range_before.search(head):
            return True
        if self._rules.hedge_after.match(self.flat, number.span.end):
            return True
        return any(
            other is not number
            and self._rules.range.fullmatch(
                self.flat[
                    min(other.span.end, number.span.end) : max(other.span.start, number.span.start)
                ]
            )
            for other in self.numbers
        )

    def _ends_well(self, number: Number) -> bool:
        return bool(self._rules.after_value.match(self.flat, self.value_end(number.span.end)))

    def value_end(self, end: int) -> int:
        """Where a value ends, with the period and the word that may follow it."""
        end = self.past_period(end)
        match = self._rules.size_first.match(self.flat, end)
        return match.end() if match else end

    def past_period(self, place: int) -> int:
        """`place`, or where the period ends that is stated there."""
        period = period_after(self._text, place, self._language)
        return period.span.end if period else place

    def head(self, place: int) -> str:
        """The characters in front of `place` in which the words that lead there stand."""
        return self.flat[max(0, place - _TAIL) : place]
