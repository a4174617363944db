"""A draft from a model's answer and the composer's draft, module by module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.mail import Alternative, CaseCitation, Draft, Module, ModuleKind, Slot
from personalize.writing.answer import Answer, Sentence, Wording
from personalize.writing.budget import Budget, body_length, measure
from personalize.writing.inspection import Inspector
from personalize.writing.phrases import PhraseBook

__all__ = ["Assembly", "modules_by"]

_MOST_ALTERNATIVES = 4
_MOST_READ = 8  # wordings of a slot that are looked at, should a model send more than asked
_BODY = (ModuleKind.PROOF, ModuleKind.PROBLEM, ModuleKind.OPENER)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a model is asked for, whoever wrote it."""

    subjects: tuple[Alternative, ...]
    preheader: Module
    openers: tuple[Alternative, ...]
    problem: Module
    proof: Module


class Assembly:
    """Joins what holds of a model's answer with what the composer wrote.

    A module of the composer's that stands in for one of the model's says why in its note.
    """

    def __init__(self, base: Draft, book: PhraseBook, budget: Budget, origin: str) -> None:
        self._base = base
        self._book = book
        self._budget = budget
        self._origin = origin  # of the modules that the model wrote

    def without_answer(self, why: str) -> Draft:
        """The composer's draft, each module that was asked for with the reason."""
        return self._joined(
            _Parts(
                subjects=self._own_slot(Slot.SUBJECT, why),
                preheader=self._own(ModuleKind.PREHEADER, why),
                openers=self._own_slot(Slot.OPENER, why),
                problem=self._own(ModuleKind.PROBLEM, why),
                proof=self._own(ModuleKind.PROOF, why),
            )
        )

    def with_answer(self, answer: Answer, inspector: Inspector) -> Draft:
        """The draft with every module of the answer that holds."""

        def one(kind: ModuleKind, sentences: Sequence[Sentence]) -> Module:
            found = inspector.module(kind, sentences)
            return found.module or self._own(kind, found.why)

        return self._joined(
            self._shortened(
                _Parts(
                    subjects=self._slot(Slot.SUBJECT, answer.subjects, inspector),
                    preheader=one(ModuleKind.PREHEADER, answer.preheader),
                    openers=self._slot(Slot.OPENER, answer.openers, inspector),
                    problem=one(ModuleKind.PROBLEM, answer.problem),
                    proof=one(ModuleKind.PROOF, answer.proof),
                )
            )
        )

    def _slot(
        self, slot: Slot, wordings: Sequence[Wording], inspector: Inspector
    ) -> tuple[Alternative, ...]:
        """One alternative a tactic, the model's first, then the composer's for the tactics
        that the model left out or lost."""
        patterns = self._book.subjects if slot is Slot.SUBJECT else self._book.openers
        known = {pattern.tactic for pattern in patterns}
        taken: dict[str, Module] = {}
        refused: dict[str, str] = {}
        for wording in wordings[:_MOST_READ]:
            tactic = wording.tactic.strip()
            if tactic in taken:
                continue
            found = inspector.module(ModuleKind(slot.value), wording.sentences)
            if found.module is None:
                refused.setdefault(tactic, found.why)
            elif tactic not in known:
                refused.setdefault(tactic, "its tactic is none of those asked for")
            elif found.module.text in {module.text for module in taken.values()}:
                refused.setdefault(tactic, "it repeats another wording")
            else:
                taken[tactic] = found.module
        if not taken:
            return self._own_slot(slot, next(iter(refused.values()), "there was none"), refused)
        chosen = [Alternative(slot, tactic, module) for tactic, module in taken.items()]
        chosen += [item for item in self._own_slot(slot, "", refused) if item.tactic not in taken]
        return tuple(chosen[:_MOST_ALTERNATIVES])

    def _own_slot(
        self, slot: Slot, why: str, by_tactic: dict[str, str] | None = None
    ) -> tuple[Alternative, ...]:
        reasons = by_tactic or {}
        return tuple(
            replace(item, module=_noted(item.module, reasons.get(item.tactic, why)))
            for item in self._base.alternatives
            if item.slot is slot
        )

    def _own(self, kind: ModuleKind, why: str) -> Module:
        return _noted(next(m for m in self._base.modules if m.kind is kind), why)

    def _shortened(self, parts: _Parts) -> _Parts:
        """Modules of the model are given back, the one that is longest beside the
        composer's first, until the letter is no longer than it may be."""
        most = max(self._budget.body, body_length(self._base, self._book))
        while body_length(self._joined(parts), self._book) > most:
            longest = max(_BODY, key=lambda kind: self._excess(parts, kind))
            if self._excess(parts, longest) <= 0:
                break
            why = "the letter became too long"
            if longest is ModuleKind.OPENER:
                parts = replace(parts, openers=self._own_slot(Slot.OPENER, why))
            elif longest is ModuleKind.PROBLEM:
                parts = replace(parts, problem=self._own(longest, why))
            else:
                parts = replace(parts, proof=self._own(longest, why))
        return parts

    def _excess(self, parts: _Parts, kind: ModuleKind) -> int:
        """By how much the model's module is longer than the composer's; 0 if it is not."""
        written = {
            ModuleKind.OPENER: tuple(item.module for item in parts.openers),
            ModuleKind.PROBLEM: (parts.problem,),
            ModuleKind.PROOF: (parts.proof,),
        }[kind]
        own = [item.module.text for item in self._own_slot(Slot.OPENER, "")]
        if kind is not ModuleKind.OPENER:
            own = [self._own(kind, "").text]
        before = max(measure(text, self._book) for text in own)
        sizes = [measure(m.text, self._book) for m in written if m.origin == self._origin]
        return max(0, max(sizes, default=0) - before)

    def _joined(self, parts: _Parts) -> Draft:
        subjects = tuple(
            replace(item, preheader=self._preheader(item, parts.preheader))
            for item in parts.subjects
        )
        kept = [a for a in self._base.alternatives if a.slot not in (Slot.SUBJECT, Slot.OPENER)]
        written = {
            ModuleKind.SUBJECT: subjects[0].module,
            ModuleKind.PREHEADER: subjects[0].preheader or parts.preheader,
            ModuleKind.OPENER: parts.openers[0].module,
            ModuleKind.PROBLEM: parts.problem,
            ModuleKind.PROOF: parts.proof,
        }
        draft = replace(
            self._base,
            modules=tuple(written.get(module.kind, module) for module in self._base.modules),
            alternatives=(*subjects, *parts.openers, *kept),
        )
        cases = [
            claim.citation.case_id
            for module in _modules(draft)
            for claim in module.claims
            if isinstance(claim.citation, CaseCitation)
        ]
        return replace(draft, case_ids=tuple(dict.fromkeys(cases)) or self._base.case_ids)

    def _preheader(self, subject: Alternative, preheader: Module) -> Module:
        """The model's goes with every subject; the composer gave each subject its own."""
        if preheader.origin == self._origin:
            return preheader
        own = next(
            (
                item.preheader
                for item in self._base.alternatives
                if item.slot is Slot.SUBJECT and item.tactic == subject.tactic
            ),
            None,
        )
        return replace(own or preheader, note=preheader.note)


def modules_by(draft: Draft, origin: str) -> tuple[Module, ...]:
    """The modules of `draft`, alternatives included, that `origin` wrote."""
    return tuple(module for module in _modules(draft) if module.origin == origin)


def _modules(draft: Draft) -> Iterator[Module]:
    yield from draft.modules
    for alternative in draft.alternatives:
        yield alternative.module
        if alternative.preheader is not None:
            yield alternative.preheader


def _noted(module: Module, why: str) -> Module:
    if not why:
        return module
    return replace(module, note=f"the model's {module.kind.value} was replaced: {why}")
