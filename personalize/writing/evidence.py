"""What a draft may say about a case: which results, in whose words, under which name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.case import Case, Outcome, Passage, SectionKind, Span
from contracts.mail import CaseCitation
from language.identity import gives_away
from language.mentions import find_metrics
from language.names import find_names, name_forms, without_legal_form
from language.sentences import sentences
from language.taxonomy import load_taxonomy
from language.text import is_cjk
from personalize.writing.book import language_book, languages, main_language

__all__ = ["Cited", "Proof", "caveat_fits", "choose_proofs", "cite", "retellable", "situation"]

_SENTENCE_MAX = 260  # characters; a longer sentence is not one to put into a letter
_SENTENCE_MIN = 12


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that stand in a case, and where."""

    text: str
    citation: CaseCitation


@dataclass(frozen=True, slots=True)
class Proof:
    """One case as evidence for one draft. `told` says that the case is written in the
    draft's language, so that its own sentences may be used."""

    case: Case
    told: bool
    name: str  # "" where the customer may not be named, or has no name in a readable script
    name_citation: CaseCitation | None
    outcomes: tuple[Outcome, ...]  # those that may be claimed, the best first
    solution: Cited | None
    caveat: Cited | None


def cite(case: Case, span: Span) -> CaseCitation:
    """A citation of `case` at `span`, with the characters that stand there."""
    return CaseCitation(case.id, case.text_hash, span, span.of(case.text), case.source)


def choose_proofs(
    passages: Sequence[Passage],
    cases: Mapping[str, Case],
    language: str,
    today: date,
    product: str = "",
) -> tuple[Proof, ...]:
    """The cases behind `passages` as proofs, the best first.

    A case with a result that may be claimed comes before one that can only be told, a case
    in the draft's language before one that has to be retold; then the order of retrieval
    decides. Cases that may
    not be used today are left out, and so are cases that have neither such a result nor
    a sentence in the draft's language. Empty if nothing may be cited.

    Args:
        product: what the brief offers; a result that its sentence credits to another
            product of the case is no evidence for it.
    """
    order = list(dict.fromkeys(passage.case_id for passage in passages))
    position = {passage.span: rank for rank, passage in reversed(list(enumerate(passages)))}
    proofs: list[tuple[tuple[int, int, int], Proof]] = []
    for rank, case_id in enumerate(order):
        case = cases.get(case_id)
        if case is None or not case.usable(today):
            continue
        proof = _proof(case, language, position, product)
        if proof.outcomes or proof.solution is not None:
            proofs.append(((0 if proof.outcomes else 1, 0 if proof.told else 1, rank), proof))
    return tuple(proof for _, proof in sorted(proofs, key=lambda item: item[0]))


def _proof(case: Case, language: str, position: Mapping[Span, int], product: str) -> Proof:
    told = main_language(case.language) == main_language(language)
    name = _readable_name(case, language) if case.name_public else ""
    citation = _name_citation(case, name) if name else None
    usable = [
        outcome
        for outcome in case.outcomes
        if _claimable(case, outcome, product)
        and (_stands_alone(outcome.text, language) if told else retellable(outcome, language))
    ]
    usable.sort(key=lambda outcome: (position.get(outcome.span, len(position)), outcome.span.start))
    if told:
        usable = _one_a_sentence(case, usable, product)
    return Proof(
        case=case,
        told=told,
        name=name if citation else "",
        name_citation=citation,
        outcomes=tuple(usable),
        solution=_solution(case) if told else None,
        caveat=_caveat(case) if told else None,
    )


def _one_a_sentence(case: Case, outcomes: Sequence[Outcome], product: str) -> list[Outcome]:
    """One outcome of each sentence that may be told: all that it says must be fit for it, and
    it is not told twice."""
    spans = dict.fromkeys(outcome.span for outcome in outcomes)
    return [
        next(outcome for outcome in outcomes if outcome.span == span)
        for span in spans
        if all(_claimable(case, other, product) for other in case.outcomes if other.span == span)
    ]


def _claimable(case: Case, outcome: Outcome, product: str) -> bool:
    """Sure, measured, for the better, and neither another product's nor telling whose."""
    if not outcome.sure or not outcome.metric or outcome.direction is None:
        return False
    if outcome.change is None and None in (outcome.before, outcome.after):
        return False
    if outcome.direction is not load_taxonomy().metric(outcome.metric).better:
        return False
    others = [item for item in case.products if item != product]
    if product not in outcome.text and any(item in outcome.text for item in others):
        return False
    return not _gives_away(case, outcome.text)


def retellable(outcome: Outcome, language: str) -> bool:
    """Whether the outcome's data alone says as much as its sentence did.

    A count or a duration means nothing without the period that it is counted in; "three
    times" is read as two things; an absolute change lacks what it is a part of; "a third" is
    not 33.33 percent.
    """
    taxonomy = load_taxonomy()
    if outcome.period and outcome.period not in language_book(language).terms.periods:
        return False
    if outcome.before is not None and outcome.after is not None:
        kind = taxonomy.unit(outcome.value_unit).kind if outcome.value_unit else "count"
        return bool(outcome.period) or kind in ("ratio", "money")
    if outcome.change is None or outcome.unit not in ("percent", "percentage_point"):
        return False
    return outcome.change == outcome.change.to_integral_value() or _in_figures(outcome)


def _in_figures(outcome: Outcome) -> bool:
    """Whether the value is written in figures; a fraction in words is only rounded to them."""
    if outcome.value_span is None:
        return True
    words = Span(
        outcome.value_span.start - outcome.span.start, outcome.value_span.end - outcome.span.start
    ).of(outcome.text)
    return bool(re.search(r"\d", words)) and not re.search("分之|分の|분의", words)


def _gives_away(case: Case, text: str) -> bool:
    """Whether `text` tells who a customer is that may not be named."""
    return not case.name_public and bool(gives_away(case, text))


def _forms(name: str) -> tuple[str, ...]:
    return (*name_forms(name), *name_forms(without_legal_form(name)))


def _readable_name(case: Case, language: str) -> str:
    """The customer's name for readers of `language`: a Latin name is read everywhere, a name
    in another script only where the case's own language is the reader's."""
    name = case.customer.get(language) or case.customer.get("", "")
    if not name:
        name = next((item for item in case.customer.values() if item.isascii()), "")
    name = without_legal_form(name)
    latin = all(unicodedata.name(char, "").startswith("LATIN") for char in name if char.isalpha())
    own = main_language(case.language) == main_language(language)
    return name if name and (latin or own) else ""


def _name_citation(case: Case, name: str) -> CaseCitation | None:
    """Where the text names the customer: the whole name, else its first words, as in
    "Cawdrey Stampings" for "Cawdrey Stampings, Inc."; a name in another script is looked
    for as the case writes it, since both names are the same front matter field."""
    candidates = [name, *map(without_legal_form, case.names())]
    for full in candidates:
        words = full.replace(",", " ").split()
        for length in range(len(words), 0, -1):
            part = " ".join(words[:length])
            if length < len(words) and len(part) < 5:
                break
            start = case.text.find(part)
            if start >= 0:
                return cite(case, Span(start, start + len(part)))
        if not full.isascii():
            for length in range(len(full), 3, -1):
                start = case.text.find(full[:length])
                if start >= 0:
                    return cite(case, Span(start, start + length))
    return None


def situation(proof: Proof, cues: Sequence[str]) -> Cited | None:
    """A sentence of the case's challenge that speaks of what one of `cues` names.

    The starting point has to be that of the result: without such a sentence there is none.
    Sentences that name the customer present the company instead of its problem. None for a
    case in another language.
    """
    if not proof.told:
        return None
    own = [form for name in proof.case.names() for form in _forms(name)]
    for cited in _sentences(proof.case, SectionKind.CHALLENGE):
        folded = cited.text.casefold()
        if not find_names(cited.text, own) and any(cue.casefold() in folded for cue in cues):
            return cited
    return None


def _solution(case: Case) -> Cited | None:
    """The first sentence of the solution that stands by itself and gives nobody away."""
    return next(_sentences(case, SectionKind.SOLUTION), None)


def caveat_fits(cited: Cited, language: str, metrics: Sequence[str]) -> bool:
    """Whether a caveat speaks of the results at hand: one that names other metrics only
    would read as if a paragraph were missing."""
    return {mention.metric for mention in find_metrics(cited.text, language)} <= set(metrics)


def _caveat(case: Case) -> Cited | None:
    """A sentence beside the results that says how far they reach."""
    for cited in _sentences(case, SectionKind.OUTCOME):
        where = cited.citation.span
        if not any(
            outcome.span.start < where.end and where.start < outcome.span.end
            for outcome in case.outcomes
        ):
            return cited
    return None


_MARKS = re.compile(r"""["“”„«»「」『』]|https?:|www\.|@|\w\.(?:com|net|org|io|cn|de)\b""")


def _stands_alone(text: str, language: str) -> bool:
    """Whether a sentence may be lifted out of its text: no list item, no speech (that would
    be somebody's words), no address of a site, and nothing that points back."""
    if text.startswith(("-", "#", "|", "*", ">", "(")) or _MARKS.search(text):
        return False
    if language not in languages():
        return True
    folded = text.casefold()
    return not any(
        folded.startswith(word.casefold())
        and (is_cjk(word[0]) or not folded[len(word) : len(word) + 1].isalnum())
        for word in language_book(language).profile.dangling
    )


def _sentences(case: Case, kind: SectionKind) -> Iterator[Cited]:
    """The sentences of a kind of section that are fit for a letter, in order."""
    for section in case.sections:
        if section.kind is not kind:
            continue
        body = section.span.of(case.text)
        for span in sentences(body, case.language):
            raw = span.of(body)
            text = raw.strip()
            if not _SENTENCE_MIN <= len(text) <= _SENTENCE_MAX or "\n" in text:
                continue
            if not _stands_alone(text, case.language) or _gives_away(case, text):
                continue
            start = section.span.start + span.start + len(raw) - len(raw.lstrip())
            yield Cited(text, cite(case, Span(start, start + len(text))))
