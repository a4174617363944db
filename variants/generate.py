"""A draft's wordings become the variants of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.mail import Alternative, Draft, Module, ModuleKind, Slot, Variant
from variants.errors import BadExperiment
from variants.tactics import tactics

__all__ = ["MAX_VARIANTS", "generate"]

MAX_VARIANTS = 4

_KIND = {
    Slot.SUBJECT: ModuleKind.SUBJECT,
    Slot.OPENER: ModuleKind.OPENER,
    Slot.CALL_TO_ACTION: ModuleKind.CALL_TO_ACTION,
}


def generate(
    draft: Draft, slots: Sequence[str] = (Slot.SUBJECT,), max_variants: int = MAX_VARIANTS
) -> tuple[Variant, ...]:
    """Up to `max_variants` complete emails, each with the tactic of every slot.

    The first is the control: the first wording of each slot. Every other one differs from
    it in exactly one slot, so that a difference in response has one name; the slots take
    turns until there is nothing left to vary or the number is reached. No two are alike.

    Raises:
        BadExperiment: `max_variants` is not 1 to 4, or a wording names an unknown tactic.
    """
    if not 1 <= max_variants <= MAX_VARIANTS:
        raise BadExperiment(f"max_variants is {max_variants}: choose 1 to {MAX_VARIANTS}")
    by_slot: dict[Slot, list[Alternative]] = {slot: [] for slot in Slot}
    for alternative in draft.alternatives:
        if alternative.tactic not in tactics():
            raise BadExperiment(
                f"tactic «{alternative.tactic}» is not in variants/data/tactics.yaml: add it"
            )
        by_slot[alternative.slot].append(alternative)
    control = {slot: options[0] for slot, options in by_slot.items() if options}
    variants = [_variant(draft, control)]
    turn = 1
    wanted = [Slot(slot) for slot in slots]
    while len(variants) < max_variants and any(turn < len(by_slot[slot]) for slot in wanted):
        for slot in wanted:
            if turn < len(by_slot[slot]) and len(variants) < max_variants:
                variant = _variant(draft, {**control, slot: by_slot[slot][turn]})
                if all(variant.id != other.id for other in variants):
                    variants.append(variant)
        turn += 1
    return tuple(variants)


def _variant(draft: Draft, chosen: Mapping[Slot, Alternative]) -> Variant:
    replaced: dict[ModuleKind, Module] = {}
    for slot, alternative in chosen.items():
        replaced[_KIND[slot]] = alternative.module
        if alternative.preheader is not None:
            replaced[ModuleKind.PREHEADER] = alternative.preheader
    return Variant(
        draft_id=draft.id,
        campaign=draft.campaign,
        segment=draft.segment,
        language=draft.language,
        modules=tuple(replaced.get(module.kind, module) for module in draft.modules),
        tactics={slot.value: alternative.tactic for slot, alternative in chosen.items()},
        style=draft.style,
    )
