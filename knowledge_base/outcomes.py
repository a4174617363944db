"""Measured results: which sentence of a case says that which measure changed by how much."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from contracts.case import Direction, Outcome, Section, SectionKind, Span
from language import (
    DataFile,
    Number,
    Taxonomy,
    any_phrase,
    find_metrics,
    find_numbers,
    load_data,
    period_after,
    period_before,
    same_width,
    sentences,
)

__all__ = ["extract_outcomes"]

# Where a change is no result of what the case is about.
_NOT_RESULTS = {SectionKind.TITLE, SectionKind.CHALLENGE, SectionKind.QUOTE}
_GAP = r"\s*"
_TAIL = 40  # characters looked at before a value for the words that lead to it


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    down: tuple[str, ...]
    up: tuple[str, ...]
    better: tuple[str, ...]
    from_: tuple[str, ...] = Field(alias="from")
    to: tuple[str, ...]
    by: tuple[str, ...]
    noun_by: tuple[str, ...]
    size_first: tuple[str, ...]
    halved: tuple[str, ...]
    multiplied: tuple[str, ...]
    frame_before: tuple[str, ...]
    frame_after: tuple[str, ...]
    hedge: tuple[str, ...]
    doubt: tuple[str, ...]
    after: tuple[str, ...]


class _OutcomesFile(DataFile):
    languages: Mapping[str, _Words]


def extract_outcomes(
    text: str, sections: Sequence[Section], language: str, taxonomy: Taxonomy
) -> tuple[Outcome, ...]:
    """The measured results that `text` states, in order; at most one a sentence.

    `sure` where the sentence stands under an outcome heading, names one metric, one
    direction and one exact value (a change, or before and after), where every number in
    it is accounted for (value, time frame, or a bare count such as "the 38 machines") and
    nothing in it doubts. Under other headings, and where any of this fails, an outcome is
    given only if metric, direction and value could all be read or the sentence stands
    under an outcome heading, and is never sure. Challenge, quotation and title are not
    read. Change is None where only before and after are stated: no size is worked out. A
    language without a word list has no outcomes.
    """
    words = _load().get(language)
    if words is None:
        return ()
    found: list[Outcome] = []
    for section in sections or (Section(SectionKind.OTHER, "", Span(0, len(text))),):
        if section.kind in _NOT_RESULTS:
            continue
        body = section.span.of(text)
        for span in sentences(body, language):
            place = Span(section.span.start + span.start, section.span.start + span.end)
            reading = _Sentence(span.of(body), language, words, taxonomy).read()
            if reading is not None:
                outcome = reading.outcome(place, section.kind is SectionKind.OUTCOME)
                if outcome.sure or section.kind is SectionKind.OUTCOME or reading.complete:
                    found.append(outcome)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    metric: str
    direction: Direction | None
    unit: str
    change: Decimal | None
    before: Decimal | None
    after: Decimal | None
    value_unit: str
    period: str
    text: str
    clear: bool

    @property
    def complete(self) -> bool:
        """Whether metric, direction and value were all read."""
        valued = self.change is not None or self.before is not None
        return bool(self.metric) and self.direction is not None and valued

    def outcome(self, span: Span, stated_as_result: bool) -> Outcome:
        return Outcome(
            metric=self.metric,
            direction=self.direction,
            unit=self.unit,
            change=self.change,
            before=self.before,
            after=self.after,
            value_unit=self.value_unit,
            period=self.period,
            span=span,
            text=self.text,
            sure=self.complete and self.clear and stated_as_result,
        )


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Number
    after: Number


class _Sentence:
    """One sentence while it is read."""

    def __init__(self, text: str, language: str, words: _Words, taxonomy: Taxonomy) -> None:
        self._text, self._language, self._taxonomy = text, language, taxonomy
        self._flat = same_width(text)
        self._rules = _rules(language)
        self._numbers = find_numbers(text, language)
        if not self._numbers:
            return
        self._mentions = find_metrics(text, language)
        # A word inside a metric's own name is no doubt: "非计划停机", "不良率".
        rest = list(self._flat)
        for mention in self._mentions:
            rest[mention.span.start : mention.span.end] = "\n" * (
                mention.span.end - mention.span.start
            )
        self._doubts = bool(self._rules.doubt.search("".join(rest)))

    def read(self) -> _Reading | None:
        """What the sentence says of a change, None if it says none."""
        if not self._numbers:
            return None
        frames = [n for n in self._numbers if self._is_frame(n)]
        values = [n for n in self._numbers if n not in frames]
        pairs = self._pairs(values)
        paired = [n for pair in pairs for n in (pair.before, pair.after)]
        changes = [n for n in values if n not in paired and self._is_change(n)]
        directions = self._directions()
        if not values or not (pairs or changes or (directions and any(n.unit for n in values))):
            return None
        mentions = self._mentions
        metrics = {mention.metric for mention in mentions}
        metric = mentions[0].metric if mentions else ""
        pair = pairs[0] if len(pairs) == 1 else None
        change = changes[0] if len(changes) == 1 else None
        rest = [n for n in values if n not in paired and n not in changes]
        direction = self._direction(directions, pair, metric)
        value_unit, units_agree = self._value_unit(pair)
        period = self._period(pair, change)
        clear = (
            len(metrics) == 1
            and len(pairs) <= 1
            and len(changes) <= 1
            and units_agree
            and not self._doubts
            and all(self._is_scope(n) for n in rest)
            and not any(self._is_hedged(n) for n in (*paired, *changes))
            and all(self._ends_well(self._past_period(m.span.end)) for m in mentions)
            and all(self._ends_well(self._value_end(n)) for n in (*paired[1:], *changes))
            and self._can_be_put(change)
        )
        return _Reading(
            metric=metric,
            direction=direction,
            unit=(change.unit or "count") if change else value_unit,
            change=change.value if change else None,
            before=pair.before.value if pair and units_agree else None,
            after=pair.after.value if pair and units_agree else None,
            value_unit=value_unit if units_agree else "",
            period=period,
            text=self._text,
            clear=clear,
        )

    def _is_frame(self, number: Number) -> bool:
        """ "within nine months", "innerhalb eines halben Jahres", "一年内"."""
        if not number.unit or not self._is_time(number.unit):
            return False
        head = self._flat[max(0, number.span.start - _TAIL) : number.span.start]
        if self._rules.frame_after.match(self._flat, number.span.end):
            return True
        return bool(self._rules.frame_before.search(head))

    def _is_time(self, unit: str) -> bool:
        return self._taxonomy.unit(unit).kind == "time"

    def _pairs(self, values: Sequence[Number]) -> list[_Pair]:
        pairs = []
        index = 0
        while index + 1 < len(values):
            before, after = values[index], values[index + 1]
            if self._is_pair(before, after):
                pairs.append(_Pair(before, after))
                index += 1
            index += 1
        return pairs

    def _is_pair(self, before: Number, after: Number) -> bool:
        start = before.span.start
        if period := period_before(self._text, start, self._language):
            start = period.span.start
        head = self._flat[max(0, start - _TAIL) : start]
        gap_start = before.span.end
        if period := period_after(self._text, gap_start, self._language):
            gap_start = period.span.end
        gap_end = after.span.start
        if period := period_before(self._text, gap_end, self._language):
            gap_end = max(gap_start, period.span.start)
        gap = self._flat[gap_start:gap_end]
        return bool(self._rules.to.fullmatch(gap)) and bool(self._rules.from_.search(head))

    def _is_change(self, number: Number) -> bool:
        if self._rules.size_word.fullmatch(number.raw):
            return True
        if number.unit == "times" and self._language.startswith(("zh", "ja")):
            return False  # "增加3倍" is read as three times and as four times
        head = self._flat[max(0, number.span.start - _TAIL) : number.span.start]
        if self._rules.by.search(head):
            return True
        return bool(number.unit) and bool(self._rules.size_first.match(self._flat, number.span.end))

    def _directions(self) -> set[str]:
        found = set()
        for name, pattern in self._rules.verbs:
            if pattern.search(self._flat):
                found.add(name)
        return found

    def _direction(self, verbs: set[str], pair: _Pair | None, metric: str) -> Direction | None:
        """The one direction that verbs and values agree on, None where they do not."""
        wanted = {Direction(name) for name in verbs if name != "better"}
        if "better" in verbs and metric:
            wanted.add(self._taxonomy.metric(metric).better)
        if len(wanted) != 1:
            return None
        direction = wanted.pop()
        if pair is not None and pair.before.unit in {pair.after.unit, ""}:
            falls = pair.after.value < pair.before.value
            if pair.after.value == pair.before.value or falls != (direction is Direction.DOWN):
                return None
        return direction

    def _value_unit(self, pair: _Pair | None) -> tuple[str, bool]:
        if pair is None:
            return "", True
        before, after = pair.before.unit, pair.after.unit
        return after or before or "count", not before or not after or before == after

    def _value_end(self, number: Number) -> int:
        """Where a value ends, with the period and the word that may follow it."""
        end = self._past_period(number.span.end)
        if match := self._rules.size_first.match(self._flat, end):
            end = match.end()
        return end

    def _past_period(self, place: int) -> int:
        period = period_after(self._text, place, self._language)
        return period.span.end if period else place

    def _period(self, pair: _Pair | None, change: Number | None) -> str:
        for number in (pair.after, pair.before) if pair else (change,) if change else ():
            found = period_after(self._text, number.span.end, self._language) or period_before(
                self._text, number.span.start, self._language
            )
            if found:
                return found.unit
        return ""

    def _is_scope(self, number: Number) -> bool:
        """A bare count ("the 38 machines", "line 2") or an attribute ("the 1,600-ton press")."""
        if not number.unit or self._taxonomy.unit(number.unit).kind == "count":
            return True
        return bool(re.search(r"\d-[^\W\d]+$", same_width(number.raw)))

    def _is_hedged(self, number: Number) -> bool:
        head = self._flat[max(0, number.span.start - _TAIL) : number.span.start]
        if self._rules.hedge.search(head) or self._rules.range_before.search(head):
            return True
        return any(
            other is not number
            and self._rules.range.fullmatch(
                self._flat[
                    min(other.span.end, number.span.end) : max(other.span.start, number.span.start)
                ]
            )
            for other in self._numbers
        )

    def _ends_well(self, place: int) -> bool:
        return bool(self._rules.after.match(self._flat, place))

    def _can_be_put(self, change: Number | None) -> bool:
        """Whether the size of the change has a unit that a sentence can name."""
        return change is None or bool(change.unit) or bool(re.fullmatch(r"[\d.,\s]+", change.raw))


@dataclass(frozen=True, slots=True)
class _Rules:
    """The word lists of a language as patterns."""

    verbs: tuple[tuple[str, re.Pattern[str]], ...]
    from_: re.Pattern[str]
    to: re.Pattern[str]
    by: re.Pattern[str]
    size_first: re.Pattern[str]
    size_word: re.Pattern[str]
    frame_before: re.Pattern[str]
    frame_after: re.Pattern[str]
    hedge: re.Pattern[str]
    doubt: re.Pattern[str]
    after: re.Pattern[str]
    range: re.Pattern[str]
    range_before: re.Pattern[str]


@cache
def _load() -> Mapping[str, _Words]:
    return load_data("knowledge_base", "outcomes.yaml", _OutcomesFile).languages


@cache
def _rules(language: str) -> _Rules:
    words = _load()[language]
    down = (*words.down, *words.halved)
    up = (*words.up, *words.multiplied)
    moves = (*down, *up, *words.better)
    nouns = any_phrase(moves)
    noun_by = any_phrase(words.noun_by)
    return _Rules(
        verbs=(
            ("down", _compile(any_phrase(down))),
            ("up", _compile(any_phrase(up))),
            ("better", _compile(any_phrase(words.better))),
        ),
        from_=_compile(rf"{any_phrase(words.from_)}{_GAP}$" if words.from_ else ""),
        to=_compile(rf"{_GAP}{any_phrase(words.to)}{_GAP}"),
        by=_compile(
            rf"(?:{any_phrase(words.by)}|{nouns}|{nouns}{_GAP}{noun_by}){_GAP}$"
            if words.noun_by
            else rf"(?:{any_phrase(words.by)}|{nouns}){_GAP}$"
        ),
        size_first=_compile(_GAP + any_phrase(words.size_first)),
        size_word=_compile(any_phrase((*words.halved, *words.multiplied))),
        frame_before=_compile(rf"{any_phrase(words.frame_before)}{_GAP}$"),
        frame_after=_compile(_GAP + any_phrase(words.frame_after)),
        hedge=_compile(rf"{any_phrase(words.hedge)}{_GAP}(?:{nouns}{_GAP})?$"),
        doubt=_compile(any_phrase(words.doubt)),
        after=_compile(
            rf"{_GAP}(?:$|[^\w\s%％/]|\d|{any_phrase((*words.after, *moves, *words.to))})"
        ),
        range=_compile(rf"{_GAP}[-–—~～]{_GAP}"),
        range_before=_compile(rf"(?:\d{_GAP}[-–—~～至]|[a-zäöüß]-(?:{_GAP}[a-z]+)?){_GAP}$"),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
