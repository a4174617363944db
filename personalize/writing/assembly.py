"""A draft from a model's answer and the composer's draft, module by module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.mail import Alternative, CaseCitation, ClaimKind, Draft, Module, ModuleKind, Slot
from personalize.writing.answer import Answer, Wording
from personalize.writing.budget import Budget, body_length
from personalize.writing.inspection import Inspector
from personalize.writing.letter_book import SHORT, LetterBook
from personalize.writing.module_kinds import module_contract
from personalize.writing.prompt_files import prompt_file
from personalize.writing.prompts import Asked

__all__ = ["Assembly", "Taken", "asked_of", "every_module", "modules_by"]

_MOST_ALTERNATIVES = 4
_MOST_READ = 8  # wordings of a slot that are looked at, should a model send more than asked
_SLOTS = (Slot.SUBJECT, Slot.OPENER)  # the request's wordings are the brief's


def asked_of(base: Draft) -> Asked:
    """What a model may write of `base`: the modules that personalize/modules.yaml leaves to
    one, each kind that stands there once and is not locked."""
    counts = Counter(module.kind for module in base.modules)
    free = [
        module
        for module in base.modules
        if counts[module.kind] == 1
        and module.kind not in base.locked
        and module_contract(module.kind).model
    ]
    varied = {item.slot for item in base.alternatives}
    slots = tuple(
        slot
        for slot in _SLOTS
        if slot in varied and any(module.kind.value == slot.value for module in free)
    )
    in_slots = {slot.value for slot in slots}
    return Asked(
        slots=slots,
        kinds=tuple(m.kind for m in free if m.kind.value not in in_slots),
        with_result=tuple(
            module.kind
            for module in free
            if module.kind is ModuleKind.PROOF
            and any(claim.kind is ClaimKind.RESULT for claim in module.claims)
        ),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a model's answers held, and why the rest did not."""

    slots: Mapping[Slot, Mapping[str, Module]] = field(default_factory=dict)  # tactic -> module
    lost: Mapping[Slot, Mapping[str, str]] = field(default_factory=dict)  # tactic -> why
    modules: Mapping[ModuleKind, Module] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)  # part of which nothing held -> why

    def with_later(self, later: Taken) -> Taken:
        """This with what a second answer mended of it."""
        return Taken(
            slots={**self.slots, **later.slots},
            lost={**self.lost, **later.lost},
            modules={**self.modules, **later.modules},
            faults=later.faults,
        )


class Assembly:
    """Joins what holds of a model's answer with what the composer wrote.

    A module of the composer's that stands in for one of the model's says why in its note.
    """

    def __init__(
        self, base: Draft, asked: Asked, book: LetterBook, budget: Budget, origin: str
    ) -> None:
        self._base = base
        self._asked = asked
        self._book = book
        self._budget = budget
        self._origin = origin  # of the modules that the model wrote

    def take(self, answer: Answer, inspector: Inspector, asked: Asked) -> Taken:
        """What holds of `answer`, as far as it was `asked` for."""
        slots: dict[Slot, Mapping[str, Module]] = {}
        lost: dict[Slot, Mapping[str, str]] = {}
        modules: dict[ModuleKind, Module] = {}
        faults: dict[str, str] = {}
        for slot in asked.slots:
            wordings = [item for item in answer.wordings if item.slot == slot.value]
            held, refused = self._wordings(slot, wordings, inspector)
            lost[slot] = refused
            if held:
                slots[slot] = held
            else:
                faults[slot.value] = next(iter(refused.values()), "there was none")
        for kind in asked.kinds:
            found = inspector.module(kind, answer.part(kind) or ())
            if found.module is not None:
                modules[kind] = found.module
            else:
                faults[kind.value] = found.why
        return Taken(slots, lost, modules, faults)

    def _wordings(
        self, slot: Slot, wordings: Sequence[Wording], inspector: Inspector
    ) -> tuple[dict[str, Module], dict[str, str]]:
        """One module a tactic, and why the others were refused."""
        tactics = prompt_file().tactics
        known = tactics.subject if slot is Slot.SUBJECT else tactics.opener
        held: dict[str, Module] = {}
        refused: dict[str, str] = {}
        for wording in wordings[:_MOST_READ]:
            tactic = wording.tactic.strip()
            if tactic in held:
                continue
            found = inspector.module(ModuleKind(slot.value), wording.sentences)
            if found.module is None:
                refused.setdefault(tactic, found.why)
            elif tactic not in known:
                refused.setdefault(tactic, "its tactic is none of those asked for")
            elif found.module.text in {module.text for module in held.values()}:
                refused.setdefault(tactic, "it repeats another wording")
            else:
                held[tactic] = found.module
        return held, refused

    def without_answer(self, why: str) -> Draft:
        """The composer's draft, each module that was asked for with the reason."""
        return self.draft(Taken(faults={kind.value: why for kind in self._asked.all_kinds}))

    def draft(self, taken: Taken) -> Draft:
        """The draft with everything that was taken; the longest modules are given back until
        the letter is no longer than it may be."""
        most = max(self._budget.body, body_length(self._base, self._book))
        draft = self._joined(taken)
        while body_length(draft, self._book) > most:
            longest = max(
                (kind for kind in self._asked.all_kinds if kind not in SHORT),
                key=lambda kind: self._excess(taken, kind),
                default=None,
            )
            if longest is None or self._excess(taken, longest) <= 0:
                break
            taken = _given_back(taken, longest)
            draft = self._joined(taken)
        return draft

    def _excess(self, taken: Taken, kind: ModuleKind) -> int:
        """By how much the model's module is longer than the composer's; 0 if it is not."""
        slot = _slot_of(kind)
        written = (
            list(taken.slots.get(slot, {}).values())
            if slot in self._asked.slots and slot is not None
            else [m for m in (taken.modules.get(kind),) if m is not None]
        )
        own = [module.text for module in every_module(self._base) if module.kind is kind]
        before = max(self._book.measure(text) for text in own)
        return max(0, max((self._book.measure(m.text) for m in written), default=0) - before)

    def _joined(self, taken: Taken) -> Draft:
        slots = {slot: self._slot(slot, taken) for slot in self._asked.slots}
        modules: dict[ModuleKind, Module] = {
            ModuleKind(slot.value): items[0].module for slot, items in slots.items() if items
        }
        for kind in self._asked.kinds:
            own = next(module for module in self._base.modules if module.kind is kind)
            why = taken.faults.get(kind.value, "")
            modules[kind] = taken.modules.get(kind) or _noted(own, why)
        subjects = self._with_preheaders(
            slots.get(Slot.SUBJECT, self._own(Slot.SUBJECT)), modules.get(ModuleKind.PREHEADER)
        )
        if subjects and ModuleKind.PREHEADER in modules and subjects[0].preheader is not None:
            modules[ModuleKind.PREHEADER] = subjects[0].preheader
        others = [a for a in self._base.alternatives if a.slot not in (*slots, Slot.SUBJECT)]
        draft = replace(
            self._base,
            modules=tuple(modules.get(module.kind, module) for module in self._base.modules),
            alternatives=(*subjects, *slots.get(Slot.OPENER, ()), *others),
        )
        cases = [
            claim.citation.case_id
            for module in every_module(draft)
            for claim in module.claims
            if isinstance(claim.citation, CaseCitation)
        ]
        return replace(draft, case_ids=tuple(dict.fromkeys(cases)) or self._base.case_ids)

    def _own(self, slot: Slot) -> tuple[Alternative, ...]:
        return tuple(item for item in self._base.alternatives if item.slot is slot)

    def _slot(self, slot: Slot, taken: Taken) -> tuple[Alternative, ...]:
        """The model's wordings first, then the composer's for the tactics that the model left
        out or lost."""
        held, lost = taken.slots.get(slot, {}), taken.lost.get(slot, {})
        otherwise = taken.faults.get(slot.value, "") if not held else ""
        chosen = [Alternative(slot, tactic, module) for tactic, module in held.items()]
        chosen += [
            replace(item, module=_noted(item.module, lost.get(item.tactic, otherwise)))
            for item in self._own(slot)
            if item.tactic not in held
        ]
        return tuple(chosen[:_MOST_ALTERNATIVES])

    def _with_preheaders(
        self, subjects: Sequence[Alternative], preheader: Module | None
    ) -> tuple[Alternative, ...]:
        """The model's goes with every subject; the composer gave each subject its own."""
        if preheader is None:
            return tuple(subjects)
        if preheader.origin == self._origin:
            return tuple(replace(item, preheader=preheader) for item in subjects)
        own = {item.tactic: item.preheader for item in self._own(Slot.SUBJECT)}
        return tuple(
            replace(item, preheader=replace(own.get(item.tactic) or preheader, note=preheader.note))
            for item in subjects
        )


def _given_back(taken: Taken, kind: ModuleKind) -> Taken:
    slot = _slot_of(kind)
    return replace(
        taken,
        slots={s: held for s, held in taken.slots.items() if s is not slot},
        lost={s: lost for s, lost in taken.lost.items() if s is not slot},
        modules={k: module for k, module in taken.modules.items() if k is not kind},
        faults={**taken.faults, kind.value: "the letter became too long"},
    )


def _slot_of(kind: ModuleKind) -> Slot | None:
    return next((slot for slot in Slot if slot.value == kind.value), None)


def modules_by(draft: Draft, origin: str) -> tuple[Module, ...]:
    """The modules of `draft`, alternatives included, that `origin` wrote."""
    return tuple(module for module in every_module(draft) if module.origin == origin)


def every_module(draft: Draft) -> Iterator[Module]:
    """The modules of a draft, then those of its alternatives with their preheaders."""
    yield from draft.modules
    for alternative in draft.alternatives:
        yield alternative.module
        if alternative.preheader is not None:
            yield alternative.preheader


def _noted(module: Module, why: str) -> Module:
    if not why:
        return module
    return replace(module, note=f"the model's {module.kind.value} was replaced: {why}")
