"""A sentence on a result held against the sentence that it cites: quantity, direction, and the
order of the values before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.case import Direction, Outcome
from contracts.verdict import Finding, Place
from evaluation.claims.findings import MERGE, any_of, at, blanked, finding
from evaluation.claims.sources import agrees, figures_of, numbers_in
from evaluation.rulefiles import ClaimWords
from language.mentions import find_metrics
from language.numbers import Number

__all__ = ["ResultReader"]

_BETWEEN = re.compile(r"\W*(?:[^\W\d]{1,12}\W*)?")
_AROUND = 24  # characters beside a figure in which words tell what it is


@dataclass(frozen=True, slots=True)
class ResultReader:
    """Reads what one language says of results; without words for it, quantities and figures
    alone."""

    language: str  # of the mail
    words: ClaimWords | None

    def findings(
        self, place: Place, said: str, quote: str, outcomes: Sequence[Outcome], language: str
    ) -> Iterator[Finding]:
        """What `said` makes of the results that `quote` states, against what they are."""
        named = _metrics(said, self.language)
        true = {item.metric for item in outcomes if item.metric} | _metrics(quote, language)
        if true and named - true:
            yield finding(
                "claims.wrong_metric",
                place,
                f"The source measured {_list(true)}, not {_list(named - true)}.",
                "Name the quantity that the source measured.",
            )
        told = [item for item in outcomes if not named or not item.metric or item.metric in named]
        yield from self._of_another(place, said, told, outcomes)
        directions = {item.direction for item in told or outcomes if item.direction}
        spoken = self._directions(said)
        if directions and spoken and not directions & spoken:
            yield finding(
                "claims.wrong_direction",
                place,
                "The source says that the quantity moved the other way.",
                "Turn the statement round, as the source has it.",
            )
        pair = self._pair(said)
        ends = [(item.before, item.after) for item in outcomes]
        if pair and pair not in ends and (pair[1], pair[0]) in ends:
            yield finding(
                "claims.swapped",
                place,
                "The values before and after stand in the wrong order.",
                "Name the value before first, as the source has it.",
            )

    def rates(self, said: str, outcomes: Sequence[Outcome]) -> tuple[Number, ...]:
        """Numbers that only say "a day" where the source counts by the day: 1日, 하루. None that
        a word makes the value before or after is one of them."""
        periods = {item.period for item in outcomes if item.period}
        return tuple(
            number
            for number in numbers_in(blanked(MERGE, said), self.language)
            if number.value == 1 and number.unit in periods and not self._end(said, number)
        )

    def _of_another(
        self, place: Place, said: str, told: Sequence[Outcome], outcomes: Sequence[Outcome]
    ) -> Iterator[Finding]:
        """Figures that the sentence gives for another of its results than the one named."""
        own = [figure for item in told for figure in figures_of(item)]
        others = [figure for item in outcomes if item not in told for figure in figures_of(item)]
        if not own:
            return
        for number in numbers_in(blanked(MERGE, said), self.language):
            if any(agrees(number, figure) for figure in own):
                continue
            if any(agrees(number, figure) for figure in others):
                yield finding(
                    "claims.wrong_metric",
                    at(place, number.span),
                    f"The source gives the figure {number.raw.strip()} for another quantity.",
                    "Use the figure that the source gives for the quantity named.",
                )

    def _directions(self, text: str) -> set[Direction]:
        if self.words is None:
            return set()
        found = set()
        if any_of(self.words.up, text):
            found.add(Direction.UP)
        if any_of(self.words.down, text):
            found.add(Direction.DOWN)
        return found

    def _pair(self, text: str) -> tuple[Decimal, Decimal] | None:
        """The values before and after that `text` names, by the words around them; where no
        word tells, by their order. None unless there are two figures that differ."""
        numbers = numbers_in(blanked(MERGE, text), self.language)
        values = [number.value for number in numbers]
        if self.words is None or len(values) != 2 or values[0] == values[1]:
            return self._told_pair(text, numbers)
        ends = [self._end(text, number) for number in numbers]
        if ends[0] == "after" or ends[1] == "before":
            return values[1], values[0]
        return values[0], values[1]

    def _told_pair(self, text: str, numbers: Sequence[Number]) -> tuple[Decimal, Decimal] | None:
        """Of more than two figures those that words around them name; None without both."""
        found = {self._end(text, number): number.value for number in numbers}
        if self.words is None or "before" not in found or "after" not in found:
            return None
        return found["before"], found["after"]

    def _end(self, text: str, number: Number) -> str:
        """Whether the words around a figure make it the value "before" or "after"; else ""."""
        if self.words is None:
            return ""
        lead = text[max(0, number.span.start - _AROUND) : number.span.start]
        tail = text[number.span.end : number.span.end + _AROUND]
        for end, words in (
            ("after", self.words.after_suffix),
            ("before", self.words.before_suffix),
        ):
            if any_of(tuple(rf"^\s*(?:{word})" for word in words), tail):
                return end
        leading = [
            (place, end)
            for end, words in (("after", self.words.after), ("before", self.words.before))
            for place in _leading(words, lead)
        ]
        return max(leading)[1] if leading else ""


def _leading(words: Sequence[str], lead: str) -> Iterator[tuple[int, int]]:
    """Where words stand before the end of `lead`, at most one other word between: their end and
    length, so that the nearest is the greatest, and "frente a" greater than "a"."""
    for word in words:
        for match in re.finditer(word, lead, re.IGNORECASE):
            if _BETWEEN.fullmatch(lead, match.end()):
                yield match.end(), len(match.group())


def _metrics(text: str, language: str) -> set[str]:
    return {mention.metric for mention in find_metrics(text, language)}


def _list(metrics: set[str]) -> str:
    return ", ".join(sorted(item.replace("_", " ") for item in metrics))
