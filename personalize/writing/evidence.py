"""What a draft may say about a case: which results, in whose words, under which name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.case import Case, Outcome, Passage, SectionKind, Span
from contracts.mail import CaseCitation
from language.sentences import sentences
from personalize.writing.names import without_legal_form

__all__ = ["Cited", "Proof", "choose_proofs", "cite"]

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
    outcomes: tuple[Outcome, ...]  # sure ones, the best first
    challenge: Cited | None
    solution: Cited | None
    caveat: Cited | None


def cite(case: Case, span: Span) -> CaseCitation:
    """A citation of `case` at `span`, with the characters that stand there."""
    return CaseCitation(case.id, case.text_hash, span, span.of(case.text), case.source)


def choose_proofs(
    passages: Sequence[Passage], cases: Mapping[str, Case], language: str, today: date
) -> tuple[Proof, ...]:
    """The cases behind `passages` as proofs, the best first.

    A case in the draft's language comes before one that has to be retold, a case with a
    sure result before one without, then the order of retrieval decides. Cases that may
    not be used today and cases that have neither a sure result nor words in the draft's
    language are left out. Empty if nothing may be cited.
    """
    order = list(dict.fromkeys(passage.case_id for passage in passages))
    position = {passage.span: rank for rank, passage in reversed(list(enumerate(passages)))}
    proofs: list[tuple[tuple[int, ...], Proof]] = []
    for rank, case_id in enumerate(order):
        case = cases.get(case_id)
        if case is None or not case.usable(today):
            continue
        proof = _proof(case, language, position)
        if not proof.outcomes and (proof.solution is None or not proof.told):
            continue
        key = (0 if proof.outcomes else 1, 0 if proof.told else 1, rank)
        proofs.append((key, proof))
    return tuple(proof for _, proof in sorted(proofs, key=lambda item: item[0]))


def _proof(case: Case, language: str, position: Mapping[Span, int]) -> Proof:
    told = case.language == language
    name = _readable_name(case, language) if case.name_public else ""
    citation = _name_citation(case, name) if name else None
    usable = [
        outcome
        for outcome in case.outcomes
        if outcome.sure
        and outcome.metric
        and outcome.direction is not None
        and (outcome.change is not None or None not in (outcome.before, outcome.after))
        and not _gives_away(case, outcome.text)
    ]
    usable.sort(key=lambda outcome: (position.get(outcome.span, len(position)), outcome.span.start))
    return Proof(
        case=case,
        told=told,
        name=name if citation else "",
        name_citation=citation,
        outcomes=tuple(usable),
        challenge=_sentence(case, SectionKind.CHALLENGE) if told else None,
        solution=_sentence(case, SectionKind.SOLUTION) if told else None,
        caveat=_caveat(case) if told else None,
    )


def _gives_away(case: Case, text: str) -> bool:
    """Whether `text` names a customer who may not be named."""
    if case.name_public:
        return False
    folded = unicodedata.normalize("NFKC", text).casefold()
    return any(
        unicodedata.normalize("NFKC", name).casefold() in folded for name in case.names() if name
    )


def _readable_name(case: Case, language: str) -> str:
    """The customer's name for readers of `language`: a Latin name is read everywhere, a name
    in another script only where the case's own language is the reader's."""
    name = case.customer.get(language) or case.customer.get("", "")
    if not name:
        name = next((item for item in case.customer.values() if item.isascii()), "")
    name = without_legal_form(name)
    latin = all(unicodedata.name(char, "").startswith("LATIN") for char in name if char.isalpha())
    return name if name and (latin or case.language == language) else ""


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


def _sentence(case: Case, kind: SectionKind) -> Cited | None:
    """A sentence of a section that stands by itself and gives nobody away."""
    # A solution is introduced by its first sentence; of a challenge, the plainest one is
    # the best: the figures of a letter are its result.
    plain_first = kind is SectionKind.CHALLENGE
    found: list[tuple[bool, Cited]] = []
    for section in case.sections:
        if section.kind is not kind:
            continue
        body = section.span.of(case.text)
        for span in sentences(body, case.language):
            text = span.of(body).strip()
            if not _SENTENCE_MIN <= len(text) <= _SENTENCE_MAX or "\n" in text:
                continue
            if _gives_away(case, text) or text.startswith(("-", "#", "|", "*", ">")):
                continue
            start = (
                section.span.start + span.start + (len(span.of(body)) - len(span.of(body).lstrip()))
            )
            where = Span(start, start + len(text))
            figures = plain_first and any(char.isdigit() for char in text)
            found.append((figures, Cited(text, cite(case, where))))
    found.sort(key=lambda item: item[0])
    return found[0][1] if found else None


def _caveat(case: Case) -> Cited | None:
    """A sentence beside the results that says how far they reach."""
    for section in case.sections:
        if section.kind is not SectionKind.OUTCOME:
            continue
        body = section.span.of(case.text)
        for span in sentences(body, case.language):
            raw = span.of(body)
            text = raw.strip()
            start = section.span.start + span.start + (len(raw) - len(raw.lstrip()))
            where = Span(start, start + len(text))
            stated = any(
                outcome.span.start < where.end and where.start < outcome.span.end
                for outcome in case.outcomes
            )
            if stated or text.startswith(("-", "*")) or _gives_away(case, text):
                continue
            if _SENTENCE_MIN <= len(text) <= _SENTENCE_MAX and "\n" not in text:
                return Cited(text, cite(case, where))
    return None
