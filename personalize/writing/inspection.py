"""A module as a model wrote it is taken, with its claims, or refused, with the reason.

Nothing here asks a model: the same answer is judged the same way every time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contracts.case import Span
from contracts.mail import BriefCitation, Claim, ClaimKind, Module, ModuleKind
from language.detect import detect
from language.mentions import find_metrics
from language.names import find_names, name_forms
from language.numbers import Number
from language.text import phrase_pattern
from personalize.writing.answer import Sentence
from personalize.writing.budget import Budget, measure
from personalize.writing.evidence import cite
from personalize.writing.phrases import PhraseBook
from personalize.writing.prompt_files import Checks, checks
from personalize.writing.sources import Backing, Evidence, Source, back, figures_in, gives
from personalize.writing.task import WritingTask

__all__ = ["Inspected", "Inspector"]

_DETECTABLE = 40  # characters from which a text must be recognised as being in its language
_SURE = 0.8  # confidence at which a shorter text in another language is refused
_MOST_SENTENCES = 12
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_JOINERS = "\u200c\u200d"  # letters of Persian and Hindi need them
_LABEL = re.compile(r"[\w.-]{1,30}")


@dataclass(frozen=True, slots=True)
class Inspected:
    """`module` is None where it was refused; `why` then completes "was replaced: …"."""

    module: Module | None
    why: str = ""


class Inspector:
    """Judges the modules of one answer against one task's evidence."""

    def __init__(
        self, task: WritingTask, book: PhraseBook, evidence: Evidence, budget: Budget, origin: str
    ) -> None:
        self._task = task
        self._book = book
        self._evidence = evidence
        self._budget = budget
        self._origin = origin
        self._checks = checks()
        self._customer = tuple(
            dict.fromkeys(
                form
                for name in (evidence.name, *evidence.proof.case.names())
                for form in name_forms(name)
                if evidence.name
            )
        )

    def module(self, kind: ModuleKind, sentences: Sequence[Sentence]) -> Inspected:
        """The module that `sentences` make, or why they make none."""
        tidy = [Sentence(text=_tidy(item.text), cites=_labels(item.cites)) for item in sentences]
        tidy = [item for item in tidy if item.text]
        text, spans = _joined([item.text for item in tidy])
        for check in (self._form, self._words, self._who, self._length, self._language):
            if why := check(kind, text, tidy):
                return Inspected(None, why)
        claims: list[Claim] = []
        for sentence, span in zip(tidy, spans, strict=True):
            made = self._claims(kind, sentence, span)
            if isinstance(made, str):
                return Inspected(None, made)
            claims += made
        if kind is ModuleKind.PROOF and all(c.kind is not ClaimKind.RESULT for c in claims):
            return Inspected(None, "it states no measured result")
        claims.sort(key=lambda claim: (claim.span.start, -claim.span.end))
        return Inspected(Module(kind, text, tuple(claims), self._origin))

    # --- what no module may hold ---------------------------------------------------------

    def _form(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        if not text:
            return "it is empty"
        if len(sentences) > _MOST_SENTENCES:
            return f"it has {len(sentences)} sentences"
        if kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER) and len(sentences) > 1:
            return "it is more than one sentence"
        if any(unicodedata.category(c) in _INVISIBLE and c not in _JOINERS for c in text):
            return "it holds invisible characters"
        return ""

    def _words(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        del kind, sentences
        signs: Sequence[tuple[Callable[[Checks], Iterator[str]], str]] = (
            (lambda c: (p for group in c.refusals.values() for p in group), "it is a refusal"),
            (lambda c: iter(c.links), "it holds a link or an address"),
            (lambda c: iter(c.placeholders), "it holds a placeholder"),
            (lambda c: iter(c.quotations), "it quotes words, and a quotation needs permission"),
        )
        for patterns, why in signs:
            if any(re.search(p, text, re.IGNORECASE) for p in patterns(self._checks)):
                return why
        return ""

    def _who(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        del kind, sentences
        mask = self._evidence.mask
        rest = self._without_names(text)
        if mask.names_customer(rest):
            return "it names a customer who may not be named here"
        if mask.names_person(rest):
            return "it names a person"
        return ""

    def _length(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        del sentences
        short = kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER)
        size = len(text) if short else measure(text, self._book)
        most = self._budget.most(kind)
        unit = "characters" if short else self._book.limits.count
        return f"it has {size} {unit}, and {most} is the most" if size > most else ""

    def _language(self, kind: ModuleKind, text: str, sentences: Sequence[Sentence]) -> str:
        """The whole must be in the task's language; a sentence, or a text too short to be
        sure of, must not surely be in another."""
        del kind
        wanted = self._task.language
        whole = self._readable(text)
        found = detect(whole)
        if len(whole) >= _DETECTABLE and not _same_language(found.language, wanted):
            return f"it is not in {wanted}"
        for sentence in [text, *(item.text for item in sentences)]:
            found = detect(self._readable(sentence))
            if found.confidence >= _SURE and not _same_language(found.language, wanted):
                return f"it is not all in {wanted}"
        return ""

    # --- what each sentence rests on -----------------------------------------------------

    def _claims(self, kind: ModuleKind, sentence: Sentence, span: Span) -> list[Claim] | str:
        """The claims of one sentence that stands at `span` of its module, or the reason
        why it cannot be claimed."""
        sources: list[Source] = []
        for label in sentence.cites:
            source = self._evidence.source(label)
            if source is None:
                said = label if _LABEL.fullmatch(label) else "something"
                return f"it cites {said}, which is no passage it was given"
            sources.append(source)
        backing = self._backing(sentence, sources)
        if isinstance(backing, str):
            return backing
        if kind is ModuleKind.PROOF and not sources:
            return "a sentence of it cites no passage"
        names = find_names(sentence.text, self._customer)
        if names and not sources:
            return "it speaks of the customer without citing a passage"
        claims = [Claim(span, item.kind, item.citation) for item in backing]
        by_name = self._evidence.proof.name_citation
        if by_name is not None:
            claims += [Claim(_moved(at, span), ClaimKind.CUSTOMER, by_name) for at in names]
        product = self._task.brief.product.name
        for match in re.finditer(phrase_pattern(product), sentence.text, re.IGNORECASE):
            at = Span(*match.span())
            if at.of(sentence.text) == product:
                citation = BriefCitation("product.name", product)
                claims.append(Claim(_moved(at, span), ClaimKind.BRIEF, citation))
        return claims

    def _backing(self, sentence: Sentence, sources: Sequence[Source]) -> list[Backing] | str:
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
            return [
                min(found, key=lambda b: (b.kind is not ClaimKind.RESULT, len(b.citation.quote)))
            ]
        for number in said:
            if not any(gives(source, number) for source in sources):
                return f"it states {_raw(number)}, which no cited passage says"
        return f"what it says with {_raw(said[0])} is not what one cited passage says"

    def _told(self, sentence: str, source: Source) -> Backing:
        """A sentence without figures. One that names what an outcome of the passage
        measured speaks of that result; any other tells a situation."""
        named = {mention.metric for mention in find_metrics(sentence, self._task.language)}
        for outcome in source.sure:
            if outcome.metric in named:
                return Backing(ClaimKind.RESULT, cite(source.case, outcome.span))
        return Backing(ClaimKind.SITUATION, cite(source.case, source.span))

    # --- reading -------------------------------------------------------------------------

    def _without_names(self, text: str) -> str:
        """`text` with the names that may be said blanked, character for character: digits
        in the name of a product or a customer are no figures."""
        spans = [
            *find_names(text, self._customer),
            *find_names(text, (self._task.brief.product.name,)),
        ]
        for span in spans:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
        return text

    def _readable(self, text: str) -> str:
        """`text` as its language is told from it: names belong to none."""
        return " ".join(self._without_names(text).split())


def _narrowness(backing: Backing) -> tuple[bool, int]:
    return backing.kind is not ClaimKind.RESULT, len(backing.citation.quote)


def _tidy(text: str) -> str:
    """One line in NFC; protected spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).strip()


def _labels(cites: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(label.strip() for label in cites))


def _joined(texts: Sequence[str]) -> tuple[str, list[Span]]:
    """The sentences in a row, with a space between them where their script has one."""
    whole, spans = "", []
    for text in texts:
        if whole and not (_wide(whole[-1]) or _wide(text[0])):
            whole += " "
        spans.append(Span(len(whole), len(whole) + len(text)))
        whole += text
    return whole, spans


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _moved(inner: Span, outer: Span) -> Span:
    return Span(outer.start + inner.start, outer.start + inner.end)


def _raw(number: Number) -> str:
    return " ".join(number.raw.split())


def _same_language(found: str, wanted: str) -> bool:
    """Equal, or the same but for a region that one of them does not state."""
    if found == wanted:
        return True
    base, region = found.partition("-")[::2]
    other, other_region = wanted.partition("-")[::2]
    return base == other and bool(base) and not (region and other_region)
