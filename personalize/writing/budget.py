"""How long the parts of a letter may be, in the unit of its language."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contracts.mail import Draft, ModuleKind, Slot
from personalize.writing.letter_book import SHORT, LetterBook
from personalize.writing.module_kinds import module_contract

__all__ = ["Budget", "body_length", "budget_for"]

_LEAST = 0.5  # of the body: what a model may use where offer and request leave less
_GRACE = 1.25  # models count badly; a module may be so much over what it was told
_SLOT_OF = {slot.value: slot for slot in Slot}
# Neither read as text (greeting, sign-off, footer) nor part of the body.
_UNCOUNTED = SHORT | {ModuleKind.GREETING, ModuleKind.SIGN_OFF, ModuleKind.FOOTER}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a model is told: subject and preheader in characters, the others in the book's
    unit; `body` is the whole letter's."""

    told: Mapping[ModuleKind, int]
    body: int

    def most(self, kind: ModuleKind) -> int:
        """The length above which a module of `kind` is refused."""
        told = self.told[kind]
        return told if kind in SHORT else math.ceil(told * _GRACE)


def budget_for(
    base: Draft, book: LetterBook, asked: Collection[ModuleKind], limits: Mapping[str, int]
) -> Budget:
    """What is left for the modules that a model is asked for beside the rest of `base`, by
    the shares of personalize/modules.yaml. `limits` may lower what the phrases allow, by the
    same names ("subject", "preheader", "body_max")."""

    def limit(name: str) -> int:
        allowed = book.limit(name)
        return min(allowed, limits.get(name, allowed))

    body = limit("body_max")
    fixed = sum(size for kind, size in _sizes(base, book).items() if kind not in asked)
    room = max(body - fixed, round(body * _LEAST))
    shares = {kind: module_contract(kind).share for kind in asked if kind not in SHORT}
    whole = sum(shares.values()) or 1.0
    told = {kind: max(1, round(room * share / whole)) for kind, share in shares.items()}
    told |= {kind: limit(kind.value) for kind in asked if kind in SHORT}
    return Budget(told, body)


def body_length(draft: Draft, book: LetterBook) -> int:
    """Of the letter with the longest alternative in each place."""
    return sum(_sizes(draft, book).values())


def _sizes(draft: Draft, book: LetterBook) -> Mapping[ModuleKind, int]:
    """The length of the body's modules by kind; of a place with alternatives the longest."""
    sizes: dict[ModuleKind, int] = {}
    for module in draft.modules:
        if module.kind in _UNCOUNTED:
            continue
        slot = _SLOT_OF.get(module.kind.value)
        texts = [a.module.text for a in draft.alternatives if slot and a.slot is slot]
        size = max(book.measure(text) for text in (module.text, *texts))
        sizes[module.kind] = sizes.get(module.kind, 0) + size
    return sizes
