"""What a model may cite: the passages of one case, by label, with the figures they give.

One case a letter, the one that the composer tells too: where a module of the model is
replaced by the composer's, both still speak of the same customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contracts.case import Case, Outcome, SectionKind, Span
from contracts.mail import CaseCitation, ClaimKind
from language.mentions import find_metrics
from language.numbers import Number, find_numbers, same_value
from language.taxonomy import load_taxonomy
from personalize.writing.evidence import Proof, choose_proofs, cite, situation
from personalize.writing.masking import Mask, mask_for
from personalize.writing.patterns import render_pattern
from personalize.writing.phrases import PhraseBook
from personalize.writing.prompt_files import checks
from personalize.writing.task import WritingTask

__all__ = ["Backing", "Evidence", "Source", "back", "collect_evidence", "figures_in", "gives"]

_MOST_SOURCES = 12
_MOST_CHARACTERS = 12_000
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
    def sure(self) -> tuple[Outcome, ...]:
        """Outcomes stated in full inside the passage that may be used in a claim."""
        return tuple(o for o in self.case.outcomes if o.sure and self.span.covers(o.span))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that one letter may rest on."""

    proof: Proof
    name: str  # how the customer may be called; "" if it may not be named
    anonymous: str  # what to call it then; "" where nothing is known
    sources: tuple[Source, ...]
    mask: Mask

    def source(self, label: str) -> Source | None:
        return next((item for item in self.sources if item.label == label), None)


@dataclass(frozen=True, slots=True)
class Backing:
    """The narrowest place that says what a sentence says."""

    kind: ClaimKind
    citation: CaseCitation


def collect_evidence(task: WritingTask, book: PhraseBook) -> Evidence:
    """The case that the composer would tell, in passages: those that were retrieved of it,
    the best first, then sentences of it that no such passage holds.

    The task must have a proof; the composer has raised `NoEvidence` otherwise.
    """
    proof = choose_proofs(
        task.passages, task.cases, task.language, task.today, task.brief.product.name
    )[0]
    case = proof.case
    mask = mask_for(case, proof.name, task.cases.values(), checks())
    sources: list[Source] = []
    room = _MOST_CHARACTERS
    for span, kind in _places(task, proof, book):
        if len(sources) == _MOST_SOURCES or any(s.span.covers(span) for s in sources):
            continue
        shown = mask.cover(span.of(case.text))
        if len(shown) > room or mask.names_customer(shown):
            continue
        room -= len(shown)
        sources.append(Source(f"passage-{len(sources) + 1}", case, span, kind, shown))
    return Evidence(proof, proof.name, _anonymous(case, task, book), tuple(sources), mask)


def _places(
    task: WritingTask, proof: Proof, book: PhraseBook
) -> Iterator[tuple[Span, SectionKind]]:
    case = proof.case
    for passage in task.passages:
        if passage.case_id == case.id and passage.text_hash == case.text_hash:
            yield passage.span, passage.kind
    for outcome in proof.outcomes:
        yield outcome.span, SectionKind.OUTCOME
    angle = book.angle(proof.outcomes[0].metric if proof.outcomes else "")
    for told, kind in (
        (situation(proof, angle.cues), SectionKind.CHALLENGE),
        (proof.solution, SectionKind.SOLUTION),
        (proof.caveat, SectionKind.OUTCOME),
    ):
        if told is not None:
            yield told.citation.span, kind


def _anonymous(case: Case, task: WritingTask, book: PhraseBook) -> str:
    if not case.industry:
        return ""
    forms = load_taxonomy().industry(case.industry).forms.get(task.language)
    if not forms:
        return ""
    # Its first form is the one for the head of a sentence; the model inflects it.
    return render_pattern(next(iter(book.who.anonymous.values())), {"industry": forms}).text


# --- figures -------------------------------------------------------------------------------


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


def back(said: Sequence[Number], sentence: str, language: str, source: Source) -> Backing | None:
    """Where `source` says all the figures of a sentence, None if it does not.

    A single outcome that says them is cited before the whole passage. Figures of results
    that are not sure count for nothing, figures of one quantity do not back a sentence
    about another, and of a value before and a value after neither stands alone: "fell by
    27 hours" is not what "fell from 27 to 9 hours" says.
    """
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


def gives(source: Source, number: Number) -> bool:
    """Whether the figure stands in `source` at all, for a result that is sure or for none."""
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
