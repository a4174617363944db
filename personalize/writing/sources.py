"""What a model may cite, by label, and where it says the figures that a sentence states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contracts.case import Case, Outcome, SectionKind, Span
from contracts.mail import BriefCitation, CaseCitation, ClaimKind
from language.mentions import find_metrics
from language.numbers import Number, find_numbers, same_value
from personalize.writing.evidence import cite

__all__ = ["AnySource", "Backing", "FieldSource", "Source", "back", "figures_in", "gives"]

_RANGE_GAP = 12  # characters between two figures that share the unit of the second


@dataclass(frozen=True, slots=True)
class Source:
    """One passage under the label that a model cites it by."""

    label: str
    case: Case
    span: Span
    kind: SectionKind
    shown: str  # its text as a model sees it, masked

    @property
    def quote(self) -> str:
        return self.span.of(self.case.text)

    @property
    def language(self) -> str:
        return self.case.language

    @property
    def sure(self) -> tuple[Outcome, ...]:
        """Outcomes stated in full inside the passage that may be used in a claim."""
        return tuple(o for o in self.case.outcomes if o.sure and self.span.covers(o.span))


@dataclass(frozen=True, slots=True)
class FieldSource:
    """One text of the brief under the label that a model cites it by."""

    label: str
    field: str  # "offer.de"
    quote: str
    language: str

    @property
    def kind(self) -> str:
        return f"the brief's {self.field.partition('.')[0]}"

    @property
    def shown(self) -> str:
        return self.quote


AnySource = Source | FieldSource


@dataclass(frozen=True, slots=True)
class Backing:
    """The narrowest place that says what a sentence says."""

    kind: ClaimKind
    citation: CaseCitation | BriefCitation


def figures_in(text: str, language: str) -> tuple[Number, ...]:
    """The quantities of `text`; one that shares the unit of the next, as in "von 27 auf
    9 Stunden", has that unit."""
    found = list(find_numbers(text, language))
    for index in range(len(found) - 2, -1, -1):
        this, following = found[index], found[index + 1]
        gap = text[this.span.end : following.span.start]
        if not this.unit and following.unit and len(gap) <= _RANGE_GAP and gap.strip(" .,;，。；"):
            found[index] = replace(this, unit=following.unit)
    return tuple(found)


def back(said: Sequence[Number], sentence: str, language: str, source: AnySource) -> Backing | None:
    """Where `source` says all the figures of a sentence, None if it does not.

    A single outcome that says them is cited before the whole passage. Figures of results
    that are not sure count for nothing, figures of one quantity do not back a sentence
    about another, and of a value before and a value after neither stands alone: "fell by
    27 hours" is not what "fell from 27 to 9 hours" says.
    """
    if isinstance(source, FieldSource):
        if _all_in(said, figures_in(source.quote, source.language)):
            return Backing(ClaimKind.BRIEF, BriefCitation(source.field, source.quote))
        return None
    named = {mention.metric for mention in find_metrics(sentence, language)}
    for outcome in source.sure:
        if (
            _all_in(said, _of_outcome(outcome, source.case))
            and _paired(said, outcome)
            and _same_metric(named, (outcome,), source.case.language)
        ):
            return Backing(ClaimKind.RESULT, cite(source.case, outcome.span))
    given = _of_passage(source)
    if not _all_in(said, [number for number, _ in given]):
        return None
    measured = [
        outcome
        for number, outcome in given
        if outcome is not None and any(same_value(number, item) for item in said)
    ]
    if measured and not (
        _same_metric(named, measured, source.case.language)
        and all(_paired(said, outcome) for outcome in measured)
    ):
        return None
    kind = ClaimKind.RESULT if measured else ClaimKind.SITUATION
    return Backing(kind, cite(source.case, source.span))


def gives(source: AnySource, number: Number) -> bool:
    """Whether the figure stands in `source` at all, for a result that is sure or for none."""
    if isinstance(source, FieldSource):
        return _all_in((number,), figures_in(source.quote, source.language))
    return _all_in((number,), [item for item, _ in _of_passage(source)])


def _paired(said: Sequence[Number], outcome: Outcome) -> bool:
    """Whether the values before and after are both said, or neither."""
    if outcome.before is None or outcome.after is None:
        return True

    def stated(value: Decimal) -> bool:
        number = Number(value, outcome.value_unit, Span(0, 0), "")
        return any(same_value(number, item) for item in said)

    return stated(outcome.before) == stated(outcome.after)


def _all_in(said: Sequence[Number], given: Sequence[Number]) -> bool:
    return all(any(same_value(number, other) for other in given) for number in said)


def _same_metric(named: set[str], outcomes: Sequence[Outcome], language: str) -> bool:
    """Whether a sentence that names metrics names one of those that were measured."""
    true = {outcome.metric for outcome in outcomes if outcome.metric}
    told = " ".join(outcome.text for outcome in outcomes)
    true |= {mention.metric for mention in find_metrics(told, language)}
    return not named or not true or bool(named & true)


def _of_outcome(outcome: Outcome, case: Case) -> list[Number]:
    figures = list(figures_in(outcome.text, case.language))
    for value, unit in (
        (outcome.before, outcome.value_unit),
        (outcome.after, outcome.value_unit),
        (outcome.change, outcome.unit),
    ):
        if value is not None:
            figures.append(Number(value, unit, Span(0, 0), str(value)))
    return figures


def _stating(outcomes: Sequence[Outcome], place: int) -> Outcome | None:
    """The outcome whose sentence holds the figure at `place`: of several in one sentence the
    one whose own words do, else the first."""
    around = [o for o in outcomes if o.span.start <= place < o.span.end]
    for outcome in around:
        words = outcome.value_span
        if words is not None and words.start <= place < words.end:
            return outcome
    return around[0] if around else None


def _of_passage(source: Source) -> list[tuple[Number, Outcome | None]]:
    """Every figure of the passage with the sure outcome it belongs to; those of outcomes
    that are not sure are left out."""
    case = source.case
    given: list[tuple[Number, Outcome | None]] = []
    for number in figures_in(source.quote, case.language):
        start = source.span.start + number.span.start
        around = _stating(case.outcomes, start)
        if around is None or around.sure:
            given.append((number, around))
    for outcome in source.sure:
        given += [(number, outcome) for number in _of_outcome(outcome, case)]
    return given
