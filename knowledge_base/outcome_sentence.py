"""What one sentence says of changes: each change with its metric, direction and values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from contracts.case import Direction, Span
from knowledge_base.outcome_rules import Rules
from knowledge_base.outcome_values import Result, Values
from language import MetricMention, Number, Taxonomy, find_metrics

__all__ = ["Reading", "read_sentence"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One change as a sentence states it. `clear`: it can be read in one way only."""

    metric: str
    direction: Direction | None
    unit: str
    change: Decimal | None
    before: Decimal | None
    after: Decimal | None
    value_unit: str
    period: str
    frame: Decimal | None
    frame_unit: str
    words: Span | None  # in the sentence: what states value and change
    clear: bool
    plain: bool  # as plain as a result must be that no heading announces

    @property
    def complete(self) -> bool:
        """Whether metric, direction and value were all read."""
        return bool(self.metric) and self.tells_a_change

    @property
    def tells_a_change(self) -> bool:
        """Whether direction and value were read."""
        valued = self.change is not None or self.before is not None
        return self.direction is not None and valued


def read_sentence(
    text: str, language: str, rules: Rules, taxonomy: Taxonomy
) -> tuple[Reading, ...]:
    """The changes that one sentence states, in its order; none if it states none.

    Several are given only where each is clear by itself; otherwise the first stands for
    the sentence, and is not clear.
    """
    sentence = _Sentence(text, language, rules, taxonomy)
    return sentence.read() if sentence.numbers else ()


class _Sentence:
    """One sentence while it is read."""

    def __init__(self, text: str, language: str, rules: Rules, taxonomy: Taxonomy) -> None:
        self._rules, self._taxonomy = rules, taxonomy
        self._values = Values(text, language, rules, taxonomy)
        self._flat, self.numbers = self._values.flat, self._values.numbers
        if not self.numbers:
            return
        self._mentions = find_metrics(text, language)
        # A word inside a metric's own name is no doubt ("非计划停机", "不良率"), nor is one
        # of an innocent phrase ("not only").
        unnamed = _blanked(self._flat, (mention.span for mention in self._mentions))
        innocent = (Span(*match.span()) for match in rules.allowed.finditer(unnamed))
        self._rest = _blanked(unnamed, innocent)

    def read(self) -> tuple[Reading, ...]:
        frames = [n for n in self.numbers if self._values.is_frame(n)]
        values = [n for n in self.numbers if n not in frames]
        results = self._values.results(values)
        used = [number for result in results for number in result.numbers]
        rest = [n for n in values if n not in used]
        if not results and not (self._directions(self._whole) and any(n.unit for n in values)):
            return ()
        plain = not self._rules.habit.search(self._rest)
        clear = (
            not self._rules.doubt.search(self._rest)
            and not self._rules.possible.search(self._rest, 0, self._clause_end(results))
            and len(frames) <= 1
            and all(self._values.is_scope(n) for n in rest)
        )
        frame = self._values.frame_of(frames)
        segments = self._segments(results)
        if segments is None:
            return (self._reading(results[0], self._whole, frame, clear=False, plain=plain),)
        readings: list[Reading] = []
        for result, segment in segments:
            inherited = readings[-1].direction if readings else None
            readings.append(
                self._reading(result, segment, frame, clear=clear, plain=plain, like=inherited)
            )
        if len(readings) > 1 and not all(item.clear and item.complete for item in readings):
            first = self._reading(results[0], self._whole, frame, clear=False, plain=plain)
            return (first,)
        return tuple(readings)

    @property
    def _whole(self) -> Span:
        return Span(0, len(self._flat))

    # --- parts of the sentence --------------------------------------------------------------

    def _segments(self, results: Sequence[Result]) -> list[tuple[Result, Span]] | None:
        """Each result with its part of the sentence, None where two cannot be parted."""
        if len(results) <= 1:
            return [(results[0] if results else Result(), self._whole)]
        parts = []
        start = 0
        for result, following in pairwise(results):
            end = self._values.value_end(result.end)
            joint = self._rules.joint.search(self._flat, end, following.start)
            if joint is None:
                return None
            parts.append((result, Span(start, joint.start())))
            start = joint.end()
        parts.append((results[-1], Span(start, len(self._flat))))
        return parts

    def _clause_end(self, results: Sequence[Result]) -> int:
        """Where the clause of the last result ends."""
        start = max((self._values.value_end(result.end) for result in results), default=0)
        match = self._rules.clause_end.search(self._flat, start)
        return match.start() if match and results else len(self._flat)

    def _reading(
        self,
        result: Result,
        segment: Span,
        frame: Number | None,
        *,
        clear: bool,
        plain: bool,
        like: Direction | None = None,
    ) -> Reading:
        mentions = [m for m in self._mentions if segment.covers(m.span)]
        metrics = {mention.metric for mention in mentions}
        metric = mentions[0].metric if mentions else ""
        value_unit, units_agree = self._values.unit_of(result)
        before, after = self._values.pair_of(result, units_agree)
        change = result.change
        return Reading(
            metric=metric,
            direction=self._direction(segment, result, metric, like),
            unit=(change.unit or "count") if change else value_unit,
            change=change.value if change else None,
            before=before,
            after=after,
            value_unit=value_unit if before is not None else "",
            period=self._values.period_of(result),
            frame=frame.value if frame else None,
            frame_unit=frame.unit if frame else "",
            words=self._values.words_of(result),
            clear=clear
            and len(metrics) == 1
            and units_agree
            and self._values.is_exact(result)
            and all(self._is_whole_name(mention, segment) for mention in mentions),
            plain=plain
            and self._is_plain(metric, mentions, result)
            and all(self._is_led(mention, segment) for mention in mentions),
        )

    def _is_plain(self, metric: str, mentions: Sequence[MetricMention], result: Result) -> bool:
        rules = self._rules
        if metric in rules.circumstances or (
            metric in rules.wide
            and any(rules.narrowing.search(self._values.head(m.span.start)) for m in mentions)
        ):
            return False
        bare = all(not number.unit for number in result.numbers)
        return metric in rules.counted or not bare

    def _directions(self, segment: Span) -> set[str]:
        found = {
            name
            for name, pattern in self._rules.verbs
            if pattern.search(self._rest, segment.start, segment.end)
        }
        for number in self.numbers:
            if not segment.covers(number.span):
                continue
            match = self._rules.size_first.match(self._flat, number.span.end)
            for name, pattern in self._rules.comparatives if match else ():
                if match and pattern.search(self._flat, number.span.end, match.end()):
                    found.add(name)
        return found

    def _direction(
        self, segment: Span, result: Result, metric: str, like: Direction | None
    ) -> Direction | None:
        """The one direction that verbs and values agree on, None where they do not."""
        verbs = self._directions(segment)
        wanted = {Direction(name) for name in verbs if name != "better"}
        if "better" in verbs and metric:
            wanted.add(self._taxonomy.metric(metric).better)
        moved = self._values.compared(result)
        if not wanted and moved is not None:
            # "and build time from 40 to 5 minutes", or "went from 40 to 5"
            neutral = self._rules.moved.search(self._rest, segment.start, segment.end)
            return moved if neutral or like is moved else None
        if len(wanted) != 1:
            return None
        direction = wanted.pop()
        if result.before and result.after and self._values.comparable(result):
            return direction if moved is direction else None
        return direction

    # --- doubts ----------------------------------------------------------------------------

    def _is_whole_name(self, mention: MetricMention, segment: Span) -> bool:
        """Whether the metric's name is no part of a longer one, as far as can be seen."""
        rules = self._rules
        end = self._values.past_period(mention.span.end)
        wide = mention.metric in rules.wide
        if not rules.after.match(self._flat, end) and (
            wide or not rules.scope_after.match(self._flat, end)
        ):
            return False
        if self._is_led(mention, segment):
            return True
        # "operation and maintenance costs", "storage costs"; but "emergency call-outs" of a
        # compressor are call-outs too
        return not wide and not rules.joined_before.search(self._values.head(mention.span.start))

    def _is_led(self, mention: MetricMention, segment: Span) -> bool:
        """Whether words stand in front of the name that cannot belong to it."""
        start = mention.span.start
        if not self._flat[segment.start : start].strip():
            return True
        if any(
            self._values.is_frame(n) and not self._flat[n.span.end : start].strip()
            for n in self.numbers
        ):
            return True
        return bool(self._rules.before.search(self._values.head(start)))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with line breaks in place of the spans: what is looked for is not found there,
    nor across them."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = "\n" * (span.end - span.start)
    return "".join(characters)
