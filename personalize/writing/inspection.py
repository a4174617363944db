"""A module as a model wrote it is taken, with its claims, or refused, with the reason.

Nothing here asks a model: the same answer is judged the same way every time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contracts.case import Span
from contracts.mail import BriefCitation, Claim, ClaimKind, Module, ModuleKind
from language.detect import detect
from language.mentions import find_metrics
from language.names import find_names, name_forms
from language.numbers import Number
from language.text import phrase_pattern
from personalize.writing.answer import Sentence
from personalize.writing.budget import Budget
from personalize.writing.evidence import cite
from personalize.writing.letter_book import SHORT, LetterBook
from personalize.writing.letter_evidence import Evidence
from personalize.writing.module_kinds import module_contract
from personalize.writing.sources import (
    AnySource,
    Backing,
    FieldSource,
    Source,
    back,
    figures_in,
    gives,
)
from personalize.writing.task import WritingTask
from personalize.writing.text_signs import TextSigns, joined, same_language, tidy

__all__ = ["Inspected", "Inspector"]

_DETECTABLE = 40  # characters from which a text must be recognised as being in its language
_SURE = 0.8  # confidence at which a shorter text in another language is refused
_MOST_SENTENCES = 12
_LABEL = re.compile(r"[\w.-]{1,30}")
_SAID = {
    ClaimKind.RESULT: "a measured result",
    ClaimKind.CUSTOMER: "a customer",
    ClaimKind.SITUATION: "what was the matter or was done at a customer's",
    ClaimKind.BRIEF: "what the brief says",
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """`module` is None where it was refused; `why` then completes "was replaced: …"."""

    module: Module | None
    why: str = ""


class Inspector:
    """Judges the modules of one answer against one task's evidence.

    Args:
        facts: what the model was told beside the sources; names in it may be used.
        with_result: kinds of module that must state a measured result.
        origin: of the modules that are taken.
    """

    def __init__(
        self,
        task: WritingTask,
        book: LetterBook,
        evidence: Evidence,
        budget: Budget,
        facts: Iterable[str],
        with_result: Iterable[ModuleKind],
        origin: str,
    ) -> None:
        self._task = task
        self._book = book
        self._evidence = evidence
        self._budget = budget
        self._with_result = frozenset(with_result)
        self._origin = origin
        self._customers = {
            telling.case.id: tuple(
                dict.fromkeys(
                    form
                    for name in (telling.name, *telling.case.names())
                    for form in name_forms(name)
                )
            )
            if telling.name
            else ()
            for telling in evidence.tellings
        }
        shown = [source.shown for source in evidence.sources]
        self._signs = TextSigns(task.language, shown, [*facts, *self._names()], task.forbidden)

    def module(self, kind: ModuleKind, sentences: Sequence[Sentence]) -> Inspected:
        """The module that `sentences` make, or why they make none."""
        cleaned = [Sentence(text=tidy(item.text), cites=_labels(item.cites)) for item in sentences]
        cleaned = [item for item in cleaned if item.text]
        text, spans = joined([item.text for item in cleaned])
        if why := self._fault(kind, text, cleaned):
            return Inspected(None, why)
        claims: list[Claim] = []
        for sentence, span in zip(cleaned, spans, strict=True):
            made = self._claims(kind, sentence, span)
            if isinstance(made, str):
                return Inspected(None, made)
            claims += made
        if kind in self._with_result and all(c.kind is not ClaimKind.RESULT for c in claims):
            return Inspected(None, "it states no measured result")
        allowed = module_contract(kind).claims
        for claim in claims:
            if claim.kind not in allowed:
                return Inspected(None, f"it states {_SAID[claim.kind]}, which is not its place")
        claims.sort(key=lambda claim: (claim.span.start, -claim.span.end))
        return Inspected(Module(kind, text, tuple(claims), self._origin))

    # --- what no module may hold ---------------------------------------------------------

    def _fault(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        checks: tuple[Callable[[], str], ...] = (
            lambda: self._form(kind, text, sentences),
            lambda: self._signs.fault(text, module_contract(kind).fields),
            lambda: self.who_fault(text),
            lambda: self._length(kind, text),
            lambda: self.language_fault([text, *(item.text for item in sentences)]),
            lambda: self._signs.invented(self._without_names(text)),
        )
        return next((why for check in checks if (why := check())), "")

    def _form(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        if not text:
            return "it is empty"
        if len(sentences) > _MOST_SENTENCES:
            return f"it has {len(sentences)} sentences"
        if kind in SHORT and len(sentences) > 1:
            return "it is more than one sentence"
        return ""

    def who_fault(self, text: str) -> str:
        """The reason if `text` names somebody who may not be named, else ""."""
        mask = self._evidence.mask
        rest = self._without_names(text)
        if mask.names_customer(rest):
            return "it names a customer who may not be named here"
        if mask.names_person(rest):
            return "it names a person"
        return ""

    def _length(self, kind: ModuleKind, text: str) -> str:
        size, most = self._book.size(kind, text), self._budget.most(kind)
        unit = "characters" if kind in SHORT else self._book.unit
        return f"it has {size} {unit}, and {most} is the most" if size > most else ""

    def language_fault(self, texts: Sequence[str]) -> str:
        """The first of `texts`, the whole, must be in the task's language; the others, and a
        whole too short to be sure of, must not surely be in another."""
        wanted = self._task.language
        whole = self._readable(texts[0])
        if len(whole) >= _DETECTABLE and not same_language(detect(whole).language, wanted):
            return f"it is not in {wanted}"
        for text in texts:
            found = detect(self._readable(text))
            if found.confidence >= _SURE and not same_language(found.language, wanted):
                return f"it is not all in {wanted}"
        return ""

    # --- what each sentence rests on -----------------------------------------------------

    def _claims(self, kind: ModuleKind, sentence: Sentence, span: Span) -> list[Claim] | str:
        """The claims of one sentence that stands at `span` of its module, or the reason
        why it cannot be claimed."""
        sources = self._sources(kind, sentence)
        if isinstance(sources, str):
            return sources
        backing = self._backing(kind, sentence, sources)
        if isinstance(backing, str):
            return backing
        if module_contract(kind).cites_all and not sources:
            return "a sentence of it cites no passage"
        claims = [Claim(span, item.kind, item.citation) for item in backing]
        named = self._customer_claims(sentence, span, sources)
        if isinstance(named, str):
            return named
        return claims + named + self._product_claims(sentence, span)

    def _sources(self, kind: ModuleKind, sentence: Sentence) -> list[AnySource] | str:
        own = self._evidence.case_for(kind)
        found: list[AnySource] = []
        for label in sentence.cites:
            source = self._evidence.source(label)
            if source is None:
                said = label if _LABEL.fullmatch(label) else "something"
                return f"it cites {said}, which is no passage it was given"
            if isinstance(source, Source) and source.case.id != own:
                return f"it cites {label}, which is of another case than its own"
            found.append(source)
        return found

    def _customer_claims(
        self, sentence: Sentence, span: Span, sources: Sequence[AnySource]
    ) -> list[Claim] | str:
        claims: list[Claim] = []
        cited = {source.case.id for source in sources if isinstance(source, Source)}
        for case_id, forms in self._customers.items():
            places = find_names(sentence.text, forms)
            if places and case_id not in cited:
                return "it speaks of the customer without citing a passage"
            telling = self._evidence.telling(case_id)
            by_name = telling.proof.name_citation if telling else None
            if by_name is not None:
                claims += [Claim(_moved(at, span), ClaimKind.CUSTOMER, by_name) for at in places]
        return claims

    def _product_claims(self, sentence: Sentence, span: Span) -> list[Claim]:
        product = self._task.brief.product.name
        citation = BriefCitation("product.name", product)
        return [
            Claim(_moved(Span(*match.span()), span), ClaimKind.BRIEF, citation)
            for match in re.finditer(phrase_pattern(product), sentence.text, re.IGNORECASE)
            if match.group() == product
        ]

    def _backing(
        self, kind: ModuleKind, sentence: Sentence, sources: Sequence[AnySource]
    ) -> list[Backing] | str:
        """What the sentence cites. One with figures cites the one place that gives them
        all, so that a claim never reaches further than its citation."""
        language = self._task.language
        read = self._without_names(sentence.text)
        said = figures_in(read, language)
        if not said:
            return [self._told(read, source) for source in sources]
        if not sources:
            return f"it states {_raw(said[0])} without citing a passage"
        found = [b for source in sources if (b := back(said, read, language, source))]
        if found:
            return [min(found, key=_narrowness)]
        for number in said:
            if not any(gives(source, number) for source in sources):
                return f"it states {_raw(number)}, which no cited passage says"
        return f"what it says with {_raw(said[0])} is not what one cited passage says"

    def _told(self, sentence: str, source: AnySource) -> Backing:
        """A sentence without figures. One that names what an outcome of the passage
        measured speaks of that result; any other tells a situation."""
        if isinstance(source, FieldSource):
            return Backing(ClaimKind.BRIEF, BriefCitation(source.field, source.quote))
        named = {mention.metric for mention in find_metrics(sentence, self._task.language)}
        for outcome in source.sure:
            if outcome.metric in named:
                return Backing(ClaimKind.RESULT, cite(source.case, outcome.span))
        return Backing(ClaimKind.SITUATION, cite(source.case, source.span))

    # --- reading -------------------------------------------------------------------------

    def _names(self) -> tuple[str, ...]:
        customers = (form for forms in self._customers.values() for form in forms)
        return (*customers, self._task.brief.product.name)

    def _without_names(self, text: str) -> str:
        """`text` with the names that may be said blanked, character for character: digits
        in the name of a product or a customer are no figures."""
        for span in find_names(text, self._names()):
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
        return text

    def _readable(self, text: str) -> str:
        """`text` as its language is told from it: names belong to none."""
        return " ".join(self._without_names(text).split())


def _narrowness(backing: Backing) -> tuple[bool, int]:
    return backing.kind is not ClaimKind.RESULT, len(backing.citation.quote)


def _labels(cites: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(label.strip() for label in cites))


def _moved(inner: Span, outer: Span) -> Span:
    return Span(outer.start + inner.start, outer.start + inner.end)


def _raw(number: Number) -> str:
    return " ".join(number.raw.split())
