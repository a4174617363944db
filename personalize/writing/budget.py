"""How long the parts of a letter may be, in the unit of its language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.mail import Draft, ModuleKind, Slot
from personalize.writing.phrases import PhraseBook
from personalize.writing.prompt_files import Shares

__all__ = ["Budget", "body_length", "budget_for", "measure"]

_LEAST = 0.5  # of the body: what a model may use where offer and request leave less
_GRACE = 1.25  # models count badly; a module may be so much over what it was told
_VARIED = {Slot.OPENER: ModuleKind.OPENER, Slot.CALL_TO_ACTION: ModuleKind.CALL_TO_ACTION}
_FIXED = frozenset({ModuleKind.PROBLEM, ModuleKind.PROOF, ModuleKind.OFFER})


@dataclass(frozen=True, slots=True)
class Budget:
    """Subject and preheader in characters, the others in the phrase book's unit, as told to
    a model; `body` is the whole letter's."""

    subject: int
    preheader: int
    opener: int
    problem: int
    proof: int
    body: int

    def most(self, kind: ModuleKind) -> int:
        """The length above which a module of `kind` is refused."""
        told = int(getattr(self, kind.value))
        return told if kind in (ModuleKind.SUBJECT, ModuleKind.PREHEADER) else _graced(told)


def budget_for(base: Draft, book: PhraseBook, shares: Shares, limits: Mapping[str, int]) -> Budget:
    """What is left for a model beside the offer and the longest request of `base`, by
    `shares`. `limits` may lower what the phrase book allows, by the same names."""

    def limit(name: str, allowed: int) -> int:
        return min(allowed, limits.get(name, allowed))

    body = limit("body_max", book.limits.body_max)
    offer = sum(measure(m.text, book) for m in base.modules if m.kind is ModuleKind.OFFER)
    room = max(body - offer - _longest(base, Slot.CALL_TO_ACTION, book), round(body * _LEAST))
    return Budget(
        subject=limit("subject", book.limits.subject),
        preheader=limit("preheader", book.limits.preheader),
        opener=round(room * shares.opener),
        problem=round(room * shares.problem),
        proof=round(room * shares.proof),
        body=body,
    )


def measure(text: str, book: PhraseBook) -> int:
    """Words, or characters without spaces, as the phrase book counts."""
    if book.limits.count == "words":
        return len(text.split())
    return sum(1 for char in text if not char.isspace())


def body_length(draft: Draft, book: PhraseBook) -> int:
    """Of the letter with the longest alternative in each place."""
    fixed = sum(measure(m.text, book) for m in draft.modules if m.kind in _FIXED)
    return fixed + sum(_longest(draft, slot, book) for slot in _VARIED)


def _longest(draft: Draft, slot: Slot, book: PhraseBook) -> int:
    texts = [item.module.text for item in draft.alternatives if item.slot is slot]
    texts += [module.text for module in draft.modules if module.kind is _VARIED[slot]]
    return max((measure(text, book) for text in texts), default=0)


def _graced(told: int) -> int:
    return math.ceil(told * _GRACE)
