"""What one letter may rest on: passages of the cases that its base draft tells, and fields of
the brief.

The same cases as the composer's: where a module of the model is replaced by the composer's,
both still speak of the same customer. One case carries the letter; a further one stands in
its social proof only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from contracts.brief import Brief
from contracts.case import Case, SectionKind, Span
from contracts.mail import CaseCitation, ClaimKind, Draft, Module, ModuleKind
from personalize.writing.evidence import Proof, choose_proofs, situation
from personalize.writing.letter_book import LetterBook
from personalize.writing.masking import Mask, mask_for
from personalize.writing.module_kinds import module_contract
from personalize.writing.prompt_files import checks
from personalize.writing.sources import AnySource, FieldSource, Source
from personalize.writing.task import WritingTask

__all__ = ["Evidence", "Telling", "collect_evidence", "in_language"]

_MOST_SOURCES = 12
_MOST_OF_FURTHER = 3
_MOST_CHARACTERS = 12_000
_FIELDS = ("news", "offer", "ps")  # of the brief, that a sentence may say in other words


@dataclass(frozen=True, slots=True)
class Telling:
    """One case that the letter tells, and what its customer may be called."""

    proof: Proof
    anonymous: str  # what to call it where it may not be named; "" where nothing is known

    @property
    def case(self) -> Case:
        return self.proof.case

    @property
    def name(self) -> str:
        """How the customer may be called; "" if it may not be named."""
        return self.proof.name


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that one letter may rest on. A letter may tell no case at all."""

    tellings: tuple[Telling, ...]  # the one that carries the letter first
    further: str  # id of the case that the social proof tells, "" for none
    sources: tuple[AnySource, ...]
    mask: Mask

    def source(self, label: str) -> AnySource | None:
        return next((item for item in self.sources if item.label == label), None)

    def telling(self, case_id: str) -> Telling | None:
        return next((item for item in self.tellings if item.case.id == case_id), None)

    def case_for(self, kind: ModuleKind) -> str:
        """Id of the case that a module of this kind may tell, "" for none."""
        if kind is ModuleKind.SOCIAL_PROOF and self.further:
            return self.further
        return self.tellings[0].case.id if self.tellings else ""

    def labels(self, case_id: str) -> tuple[str, ...]:
        """Of the passages of one case."""
        return tuple(
            s.label for s in self.sources if isinstance(s, Source) and s.case.id == case_id
        )


def collect_evidence(
    task: WritingTask, book: LetterBook, base: Draft, asked: Collection[ModuleKind]
) -> Evidence:
    """What the modules `asked` of a model may cite: of each case that `base` tells the
    passages that were retrieved, the best first, then sentences of it that no such passage
    holds; and the brief's fields, where one of the modules may speak of them."""
    found = {
        proof.case.id: proof
        for proof in choose_proofs(
            task.passages, task.cases, task.language, task.today, task.brief.product.name
        )
    }
    main, further = _told(base, found)
    tellings = tuple(
        Telling(found[case_id], book.anonymous(found[case_id].case.industry))
        for case_id in dict.fromkeys(filter(None, (main, further)))
    )
    told = [(item.case, item.name) for item in tellings]
    mask = mask_for(told, task.cases.values(), checks())
    sources: list[AnySource] = []
    room = _MOST_CHARACTERS
    for telling in tellings:
        first = telling.case.id == main
        most = _MOST_SOURCES if first else len(sources) + _MOST_OF_FURTHER
        of_case: list[Source] = []
        for span, kind in _places(task, telling.proof, book):
            if len(sources) >= most or any(s.span.covers(span) for s in of_case):
                continue
            shown = mask.cover(span.of(telling.case.text))
            if len(shown) > room or mask.names_customer(shown):
                continue
            room -= len(shown)
            of_case.append(Source(f"passage-{len(sources) + 1}", telling.case, span, kind, shown))
            sources.append(of_case[-1])
    if any(ClaimKind.BRIEF in module_contract(kind).claims for kind in asked):
        sources += _fields(task.brief, task.language)
    return Evidence(tellings, further if further != main else "", tuple(sources), mask)


def _told(base: Draft, found: Mapping[str, Proof]) -> tuple[str, str]:
    """Ids of the case that carries the letter and of the one in its social proof."""
    main = further = ""
    for module in sorted(base.modules, key=lambda item: item.kind is not ModuleKind.PROOF):
        cited = next((case_id for case_id in _cited(module) if case_id in found), "")
        if module.kind is ModuleKind.SOCIAL_PROOF:
            further = further or cited
        else:
            main = main or cited
    main = main or next((i for i in base.case_ids if i in found and i != further), "")
    return main, further


def _cited(module: Module) -> Iterator[str]:
    for claim in module.claims:
        if isinstance(claim.citation, CaseCitation):
            yield claim.citation.case_id


def _places(
    task: WritingTask, proof: Proof, book: LetterBook
) -> Iterator[tuple[Span, SectionKind]]:
    case = proof.case
    for passage in task.passages:
        if passage.case_id == case.id and passage.text_hash == case.text_hash:
            yield passage.span, passage.kind
    for outcome in proof.outcomes:
        yield outcome.span, SectionKind.OUTCOME
    cues = book.cues(proof.outcomes[0].metric if proof.outcomes else "")
    for told, kind in (
        (situation(proof, cues), SectionKind.CHALLENGE),
        (proof.solution, SectionKind.SOLUTION),
        (proof.caveat, SectionKind.OUTCOME),
    ):
        if told is not None:
            yield told.citation.span, kind


def _fields(brief: Brief, language: str) -> Iterator[FieldSource]:
    texts: dict[str, Mapping[str, str]] = {name: getattr(brief, name) for name in _FIELDS}
    if brief.event is not None:
        texts["event.title"] = brief.event.title
    number = 0
    for name, by_tag in texts.items():
        tag, text = in_language(by_tag, language)
        if text:
            number += 1
            yield FieldSource(f"field-{number}", f"{name}.{tag or language}", text, language)


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The tag and the text for a language: its own, that of the language it is a region of,
    or the one that is the same in every language (tag ""). ("", "") where there is none."""
    tag = language
    while tag:
        if texts.get(tag):
            return tag, texts[tag]
        tag = tag.rpartition("-")[0]
    return "", texts.get("", "")
