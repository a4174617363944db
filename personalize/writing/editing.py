"""What a person does to one module of a draft while the others stay."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.case import Case, Span
from contracts.errors import BadInput
from contracts.mail import (
    Alternative,
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Draft,
    Module,
    ModuleKind,
    Slot,
)
from language.sentences import sentences
from personalize.writing.sources import Source, back, figures_in

__all__ = ["edit_module", "lock", "move_module", "remove_module", "rewritten", "swap_module"]

_FIRST = (ModuleKind.SUBJECT, ModuleKind.PREHEADER)
_KEPT = frozenset({*_FIRST, ModuleKind.GREETING, ModuleKind.CALL_TO_ACTION, ModuleKind.SIGN_OFF})
_SLOTS = {slot.value: slot for slot in Slot}


@dataclass(frozen=True, slots=True)
class _Cited:
    """A citation of the old text, with the place that a reworded sentence may rest on."""

    claim: Claim
    source: Source | None


def edit_module(draft: Draft, kind: ModuleKind, text: str, cases: Mapping[str, Case]) -> Draft:
    """The draft with other words in a module, which is locked from then on.

    Claims follow their words: where these still stand, the claim stands there; a sentence that
    says the same figures in other words cites what said them before. A figure that rests on
    nothing gets no claim, and screening blocks it.

    Raises:
        BadInput: the draft has no such module, or the text is empty.
    """
    old = _module(draft, kind)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadInput(f"the module «{kind}» would be empty: remove it instead")
    new = replace(
        old, text=text, claims=tuple(_claims(draft, old, text, cases)), origin="edited", note=""
    )
    return lock(_with(draft, new), [kind])


def _claims(draft: Draft, old: Module, text: str, cases: Mapping[str, Case]) -> Iterator[Claim]:
    taken: list[Span] = []
    left: list[Claim] = []
    position = 0
    for claim in old.claims:
        words = claim.span.of(old.text)
        start = text.find(words, position)
        start = start if start >= 0 else text.find(words)
        if start < 0:
            left.append(claim)
            continue
        span = Span(start, start + len(words))
        taken.append(span)
        position = start
        yield replace(claim, span=span)
    cited = [_Cited(claim, _source(claim, cases)) for claim in left]
    for span in sentences(text, draft.language):
        sentence = span.of(text)
        said = figures_in(sentence, draft.language)
        if not said or any(span.overlaps(other) for other in taken):
            continue
        for item in cited:
            if item.source is not None:
                backing = back(said, sentence, draft.language, item.source)
                if backing is not None:
                    yield Claim(_trimmed(span, text), backing.kind, backing.citation)
                    break
            elif isinstance(item.claim.citation, BriefCitation):
                given = figures_in(item.claim.citation.quote, draft.language)
                if all(any(a.value == b.value for b in given) for a in said):
                    yield Claim(_trimmed(span, text), ClaimKind.BRIEF, item.claim.citation)
                    break


def _source(claim: Claim, cases: Mapping[str, Case]) -> Source | None:
    citation = claim.citation
    if not isinstance(citation, CaseCitation):
        return None
    case = cases.get(citation.case_id)
    if case is None or case.text_hash != citation.text_hash:
        return None
    section = next((item for item in case.sections if item.span.covers(citation.span)), None)
    if section is None:
        return None
    return Source("edited", case, citation.span, section.kind, citation.quote)


def _trimmed(span: Span, text: str) -> Span:
    raw = span.of(text)
    start = span.start + len(raw) - len(raw.lstrip())
    return Span(start, start + len(raw.strip()))


def swap_module(draft: Draft, kind: ModuleKind, tactic: str) -> Draft:
    """The draft with the wording of another tactic first in a slot.

    Raises:
        BadInput: the slot has no wording of that tactic; the message lists them.
    """
    slot = _SLOTS.get(kind.value)
    own = [item for item in draft.alternatives if item.slot is slot]
    chosen = next((item for item in own if item.tactic == tactic), None)
    if chosen is None:
        known = ", ".join(item.tactic for item in own) or "none: only subject, opener, request vary"
        raise BadInput(f"«{kind}» has no wording «{tactic}»; there are {known}")
    others = [item for item in draft.alternatives if item is not chosen]
    modules = {kind: chosen.module}
    if chosen.preheader is not None:
        modules[ModuleKind.PREHEADER] = chosen.preheader
    first = next(index for index, item in enumerate(draft.alternatives) if item.slot is slot)
    return replace(
        draft,
        modules=tuple(modules.get(module.kind, module) for module in draft.modules),
        alternatives=(*others[:first], chosen, *others[first:]),
    )


def move_module(draft: Draft, kind: ModuleKind, place: int) -> Draft:
    """The draft with a module at another place of its body, 1 being the first below subject and
    preheader.

    Raises:
        BadInput: the module is not there or may not be moved, or there is no such place.
    """
    module = _module(draft, kind)
    body = [item for item in draft.modules if item.kind not in _FIRST]
    if kind in _FIRST:
        raise BadInput(f"«{kind}» has one place only: move modules of the body")
    if not 1 <= place <= len(body):
        raise BadInput(f"there is no place {place}: choose 1 to {len(body)}")
    body.remove(module)
    body.insert(place - 1, module)
    head = [item for item in draft.modules if item.kind in _FIRST]
    return replace(draft, modules=(*head, *body))


def remove_module(draft: Draft, kind: ModuleKind) -> Draft:
    """The draft without a module.

    Raises:
        BadInput: it is not there, or no mail can do without it.
    """
    _module(draft, kind)
    if kind in _KEPT:
        raise BadInput(f"no mail goes without its {kind}: edit it instead")
    return replace(
        draft,
        modules=tuple(module for module in draft.modules if module.kind is not kind),
        alternatives=tuple(item for item in draft.alternatives if item.slot.value != kind.value),
        locked=tuple(item for item in draft.locked if item is not kind),
    )


def lock(draft: Draft, kinds: Collection[ModuleKind], *, locked: bool = True) -> Draft:
    """The draft with modules kept, or no longer kept, when it is written again.

    Raises:
        BadInput: it has no such module.
    """
    for kind in kinds:
        _module(draft, kind)
    kept = set(draft.locked) | set(kinds) if locked else set(draft.locked) - set(kinds)
    return replace(draft, locked=tuple(sorted(kept)))


def rewritten(old: Draft, fresh: Draft, only: Collection[ModuleKind] = ()) -> Draft:
    """`old` with the modules of `fresh`: all that are not locked, or `only` these. The order of
    the old draft stays; modules that it does not have are taken where `fresh` has them, unless
    `only` some were asked for."""
    wanted = set(only) or {module.kind for module in fresh.modules} - set(old.locked)
    take = _needed_with(wanted)
    keep = {module.kind: module for module in old.modules if module.kind not in take}
    if only:
        by_kind = {module.kind: module for module in fresh.modules}
        modules = [
            by_kind.get(module.kind, module) if module.kind in take else module
            for module in old.modules
        ]
    else:
        modules = [keep.pop(module.kind, module) for module in fresh.modules]
        modules = _inserted(modules, [m for m in keep.values() if m.kind in old.locked], old)
    slots = {_SLOTS[kind.value] for kind in take if kind.value in _SLOTS}
    present = {module.kind.value for module in modules}
    alternatives = [
        *(item for item in fresh.alternatives if item.slot in slots),
        *(item for item in old.alternatives if item.slot not in slots),
    ]
    order = list(Slot)
    alternatives.sort(key=lambda item: order.index(item.slot))
    result = replace(
        fresh if not only else old,
        modules=tuple(modules),
        alternatives=tuple(item for item in alternatives if item.slot.value in present),
        locked=tuple(kind for kind in old.locked if kind.value in present),
    )
    return replace(result, case_ids=_case_ids(result) or result.case_ids)


def _needed_with(kinds: set[ModuleKind]) -> set[ModuleKind]:
    """A preheader goes with its subject."""
    return kinds | {ModuleKind.PREHEADER} if ModuleKind.SUBJECT in kinds else kinds


def _inserted(modules: list[Module], kept: Sequence[Module], old: Draft) -> list[Module]:
    """Locked modules that the fresh draft has no place for stay behind their old neighbour."""
    order = [module.kind for module in old.modules]
    for module in kept:
        before = order[: order.index(module.kind)]
        at = max(
            (index + 1 for index, item in enumerate(modules) if item.kind in before),
            default=len(modules),
        )
        modules = [*modules[:at], module, *modules[at:]]
    return modules


def _case_ids(draft: Draft) -> tuple[str, ...]:
    modules = [*draft.modules, *(item.module for item in draft.alternatives)]
    return tuple(
        dict.fromkeys(
            claim.citation.case_id
            for module in modules
            for claim in module.claims
            if isinstance(claim.citation, CaseCitation)
        )
    )


def _module(draft: Draft, kind: ModuleKind) -> Module:
    for module in draft.modules:
        if module.kind is kind:
            return module
    there = ", ".join(module.kind for module in draft.modules)
    raise BadInput(f"the draft has no module «{kind}»; it has {there}")


def _with(draft: Draft, module: Module) -> Draft:
    """The draft with a module in place of the one of its kind, and as first wording of its
    slot."""

    def changed(item: Alternative) -> Alternative:
        return replace(item, module=module)

    return replace(
        draft,
        modules=tuple(module if item.kind is module.kind else item for item in draft.modules),
        alternatives=tuple(_first_changed(draft.alternatives, module.kind, changed)),
    )


def _first_changed(
    alternatives: Sequence[Alternative],
    kind: ModuleKind,
    changed: Callable[[Alternative], Alternative],
) -> Iterator[Alternative]:
    done = False
    for item in alternatives:
        if not done and item.slot.value == kind.value:
            done = True
            yield changed(item)
        elif not done and kind is ModuleKind.PREHEADER and item.preheader is not None:
            done = True
            yield replace(item, preheader=changed(item).module)
        else:
            yield item
