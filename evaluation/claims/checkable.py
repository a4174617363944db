"""Which sentences of a mail can be held to something: figures about results, named customers,
results without figures, comparisons, quotations. Everything else is left alone: prices and
offers, events, addresses, documents, greetings, questions."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.case import Case, Span
from evaluation.claims.customers import Stranger, names_at, strange_names, without_names
from evaluation.claims.facts import Said, read_sentence
from evaluation.claims.quantities import Quantity
from evaluation.claims.quantity_reading import quantities_in
from evaluation.claims.quotations import spoken
from evaluation.claims.search import NamedCustomer
from evaluation.claims.wording import Wording
from language.sentences import sentences
from language.text import is_cjk

__all__ = ["Statement", "StatementKind", "statements_in"]

_LINE = re.compile(r"[^\n]+")
_LONGEST = 600  # characters of a sentence; longer runs are cut into pieces
_QUESTION = re.compile(r"[?？؟]['\"”’»」』)\s]*$")
_FULL_STOP = re.compile(r"[.!。！…:：]['\"”’»」』)\]\s]*$")
_MEASURED = frozenset({"percent", "percentage_point", "times"})
_MOST_FIGURES = 16  # of a sentence; what holds more is a table or noise
_SENTENCE_WORDS = 6
_SENTENCE_SIGNS = 6


class StatementKind(StrEnum):
    FIGURE = "figure"
    RESULT = "result"
    CUSTOMER = "customer"
    COMPARISON = "comparison"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that can be checked. `cases` are those of the customers it names; `before`
    those of customers that its paragraph named earlier."""

    kind: StatementKind
    text: str
    span: Span  # in the text of its part
    said: Said  # read without the customers' names
    cases: tuple[Case, ...]
    before: tuple[Case, ...]
    strangers: tuple[Stranger, ...]  # of this sentence, or of its paragraph where it has none


def statements_in(
    text: str,
    language: str,
    wording: Wording,
    named: Sequence[NamedCustomer],
    sender: frozenset[str] = frozenset(),
) -> Iterator[Statement]:
    """The checkable statements of a text, in order, none overlapping another.

    Args:
        named: the customers that `text` names, in order of place.
        sender: words of the sender's own names in lower case: these are no strangers.
    """
    waiting = deque(named)
    for line in _LINE.finditer(text):
        paragraph = Span(*line.span())
        customers = []
        while waiting and waiting[0].span.end <= paragraph.end:
            customers.append(waiting.popleft())
        yield from _of_paragraph(text, paragraph, language, wording, customers, sender)


def _of_paragraph(
    text: str,
    paragraph: Span,
    language: str,
    wording: Wording,
    customers: Sequence[NamedCustomer],
    sender: frozenset[str],
) -> Iterator[Statement]:
    line = paragraph.of(text)
    quotations = [
        Span(paragraph.start + span.start, paragraph.start + span.end)
        for span in spoken(line, wording)
    ]
    found: list[Statement] = []
    for span in quotations:
        own = [item for item in customers if not span.covers(item.span)] or customers
        found.append(_statement(StatementKind.QUOTATION, text, span, language, wording, own, ()))
    sale = wording.offers.search(line) is not None
    before: tuple[Case, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    last: Span | None = None
    waiting: int | None = None  # a statement that names nobody, whom the next sentence may name
    for span in _pieces(line, paragraph.start, language):
        own = [item for item in customers if span.covers(item.span)]
        names = () if own else _strangers(span.of(text), wording, sender)
        kind: StatementKind | None = None
        if not any(span.overlaps(other) for other in quotations):
            whole = span if last is None else _with_subject(text, last, span, language, wording)
            kind, read = _kind(text, whole, language, wording, own, sale)
            if kind is not None:
                item = _statement(kind, text, whole, language, wording, own, before, read)
                if not own:
                    item = replace(item, strangers=tuple(dict.fromkeys((*strangers, *names))))
                found.append(item)
        if waiting is not None and kind is None and (own or names):
            found[waiting] = _attributed(found[waiting], own, names)
        waiting = len(found) - 1 if kind is not None and not (own or names or before) else None
        if own:
            before, strangers = _cases(own), ()
        else:
            strangers = tuple(dict.fromkeys((*strangers, *names)))
        last = span
    yield from sorted(found, key=lambda item: item.span.start)


def _strangers(text: str, wording: Wording, sender: frozenset[str]) -> tuple[Stranger, ...]:
    return tuple(
        item
        for item in strange_names(text, wording)
        if not sender.issuperset(item.name.casefold().split())
    )


def _attributed(
    item: Statement, own: Sequence[NamedCustomer], names: tuple[Stranger, ...]
) -> Statement:
    """A statement with those whom the sentence behind it names: "Scrap fell by 5 %. These are
    the figures of …"."""
    return replace(item, before=_cases(own), strangers=(*item.strangers, *names))


def _with_subject(text: str, last: Span, span: Span, language: str, wording: Wording) -> Span:
    """A sentence with the one before it, where it gives the values of what that one names:
    "False alarms went down. From 9 to 2 a week." Else the sentence alone."""
    quantities = quantities_in(span.of(text), language, wording)
    if not 2 <= len(quantities) <= _MOST_FIGURES:
        return span
    read = read_sentence(span.of(text), language, wording, quantities)
    if not read.pairs or read.subjects:
        return span
    earlier = last.of(text)
    if quantities_in(earlier, language, wording) or _QUESTION.search(earlier):
        return span
    return Span(last.start, span.end)


def _pieces(line: str, start: int, language: str) -> Iterator[Span]:
    for span in sentences(line, language):
        for first in range(span.start, span.end, _LONGEST):
            yield Span(start + first, start + min(first + _LONGEST, span.end))


def _kind(
    text: str,
    span: Span,
    language: str,
    wording: Wording,
    own: Sequence[NamedCustomer],
    sale: bool,
) -> tuple[StatementKind | None, tuple[Quantity, ...]]:
    """What can be checked of a sentence, None if nothing; and its figures."""
    sentence = without_names(span.of(text), list(names_at([c.span for c in own], span)))
    quantities = quantities_in(sentence, language, wording)
    if len(quantities) > _MOST_FIGURES:
        return None, ()
    if _QUESTION.search(sentence) and not wording.rhetorical.search(sentence):
        return None, quantities
    if wording.comparisons.search(sentence):
        return StatementKind.COMPARISON, quantities
    moved = any(
        pattern.search(sentence)
        for pattern in (wording.up, wording.down, wording.faster, wording.slower, wording.told)
    )
    told = wording.told.search(sentence) is not None
    elsewhere = wording.elsewhere.search(sentence) is not None
    if quantities:
        if own:
            kept = moved or _is_sentence(span.of(text))
            measured = any(q.unit in _MEASURED for q in quantities)
            if kept and (not elsewhere or ((moved or measured) and not sale)):
                return StatementKind.FIGURE, quantities
        elif _of_result(sentence, language, wording, quantities, moved, told, elsewhere, sale):
            return StatementKind.FIGURE, quantities
        return None, quantities
    if own and not elsewhere:
        metric = bool(read_sentence(sentence, language, wording, ()).subjects.metrics)
        if told or wording.alone.search(sentence) or (moved and metric):
            return StatementKind.RESULT, quantities
        if wording.uses.search(sentence) and _FULL_STOP.search(sentence):
            return StatementKind.CUSTOMER, quantities
        return None, quantities
    if elsewhere:
        return None, quantities
    if wording.alone.search(sentence):
        return StatementKind.RESULT, quantities
    changed = wording.of_metric.search(sentence)
    if changed and read_sentence(sentence, language, wording, ()).subjects.metrics:
        return StatementKind.RESULT, quantities
    return None, quantities


def _of_result(
    sentence: str,
    language: str,
    wording: Wording,
    quantities: Sequence[Quantity],
    moved: bool,
    told: bool,
    elsewhere: bool,
    sale: bool,
) -> bool:
    """Whether a sentence without a known customer states figures of a result."""
    read = read_sentence(sentence, language, wording, quantities)
    metrics = read.subjects.metrics
    if elsewhere and (sale or not (told and metrics)):
        return False
    if read.pairs and (moved or metrics or read.subjects):
        return True
    measured = [q for q in quantities if q.unit in _MEASURED and q.value != 100]
    if measured:
        return moved or bool(metrics)
    counted = [q for q in quantities if q.unit not in ("", "count") and not q.frame]
    if any(not q.is_time for q in counted) and told:
        return True
    return (told or (moved and bool(counted))) and bool(metrics)


def _statement(
    kind: StatementKind,
    text: str,
    span: Span,
    language: str,
    wording: Wording,
    own: Sequence[NamedCustomer],
    before: tuple[Case, ...],
    quantities: Sequence[Quantity] | None = None,
) -> Statement:
    said = span.of(text)
    plain = without_names(said, list(names_at([item.span for item in own], span)))
    return Statement(
        kind=kind,
        text=said,
        span=span,
        said=read_sentence(plain, language, wording, quantities),
        cases=_cases(own),
        before=before,
        strangers=(),
    )


def _cases(customers: Sequence[NamedCustomer]) -> tuple[Case, ...]:
    found = {case.id: case for customer in customers for case in customer.cases}
    return tuple(found.values())


def _is_sentence(text: str) -> bool:
    """Not the line of an address or a list."""
    if not _FULL_STOP.search(text):
        return False
    return len(text.split()) >= _SENTENCE_WORDS or sum(map(is_cjk, text)) >= _SENTENCE_SIGNS
