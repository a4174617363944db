"""How much a language's folder gives each letter to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from contracts.mail import ModuleKind
from personalize.writing.book import LanguageBook
from personalize.writing.presets import Preset, presets

__all__ = ["MODULE_FIELDS", "STYLES", "missing_choices"]

STYLES = ("expert", "formal", "friendly", "direct")
TOUCHES = ("trade_fair", "webinar", "download", "call", "quotation", "order")
MODULE_FIELDS: Mapping[ModuleKind, str] = {
    ModuleKind.SUBJECT: "subjects",
    ModuleKind.PREHEADER: "preheaders",
    ModuleKind.OPENER: "openers",
    ModuleKind.PROBLEM: "problems",
    ModuleKind.SOLUTION: "solutions",
    ModuleKind.PROOF: "proofs",
    ModuleKind.SOCIAL_PROOF: "social_proofs",
    ModuleKind.OFFER: "offers",
    ModuleKind.EVENT: "events",
    ModuleKind.CALL_TO_ACTION: "calls",
    ModuleKind.PS: "ps",
    ModuleKind.SIGN_OFF: "sign_offs",
}
"""Where a language's files keep the patterns of a kind of module."""

# How many ways of saying it every letter must be able to choose from, in each style.
_LEAST: Mapping[str, int] = {
    "subjects": 3, "preheaders": 2, "openers": 3, "problems": 2, "solutions": 3, "proofs": 3,
    "social_proofs": 3, "offers": 3, "events": 2, "calls": 2, "ps": 2, "sign_offs": 1,
}  # fmt: skip
_OF_EVENTS = 4  # openers of a style that such a mail can begin with, whatever the angle
_OF_INVITATIONS = 5  # these are sent to the most segments side by side


def _scenarios(module: str) -> Iterator[frozenset[str]]:
    """The evidence that a letter may have at hand, as flags; a folder must serve all of it."""
    base = {"offer", "problem"}
    if module not in ("openers", "problems", "solutions", "proofs", "social_proofs", "subjects"):
        yield frozenset(base)
        yield frozenset({*base, "online", "agenda", "deadline"})
        yield frozenset({*base, "onsite", "deadline"})
        return
    for who, told, shape, second, seen in product(
        ({"named"}, {"anonymous", "industry"}, {"named", "industry", "ours"}, set()),
        ("told", "retold"), ("before_after", "change"), ("second", "single"),
        ("introduced", "unintroduced"),
    ):  # fmt: skip
        have = {*base, *who, "result", "metric", told, shape, second, seen}
        yield frozenset(have)
        if told == "told":
            yield frozenset({*have, "challenge", "solution", "caveat"})
    for who, flag in product(
        ({"named"}, {"anonymous", "industry"}, set[str]()), ("introduced", "unintroduced")
    ):
        yield frozenset({*base, *who, "story", "told", "single", "solution", flag})


AddressWords = tuple[Sequence[str], Sequence[str]]


def missing_choices(book: LanguageBook, address: AddressWords) -> Iterator[str]:
    """What a letter could not choose from, a line each.

    Args:
        address: words of the usual form of address, and of the other one.
    """
    for preset in presets().values():
        yield from _of_preset(book, preset, address)
        yield from _of_events(book, preset)
    for touch in TOUCHES:
        shared = book.blocks.modules.openers
        if sum(1 for pattern in shared if touch in pattern.touch) < 2:
            yield f"blocks.yaml modules.openers: two with touch: [{touch}] needed"
    for shape in ("before_after", "change"):
        if sum(1 for pattern in book.blocks.seconds if shape in pattern.needs) < 2:
            yield f"blocks.yaml seconds: two that need [{shape}] needed"


def _of_preset(book: LanguageBook, preset: Preset, address: AddressWords) -> Iterator[str]:
    kinds = [ModuleKind.SUBJECT, ModuleKind.PREHEADER]
    kinds += [ModuleKind(entry.module) for entry in preset.layout]
    for kind in kinds:
        field = MODULE_FIELDS.get(kind)
        if field is None:
            continue
        for style in STYLES:
            pool = [
                pattern
                for pattern in book.patterns(field, preset.id)
                if not pattern.touch and not pattern.stage
                if not pattern.style or style in pattern.style
            ]
            own, other = address
            neutral = [
                item
                for item in pool
                if item.other or not any(re.search(word, item.text) for word in own)
            ]
            if other and not neutral:
                yield f"{preset.id}: {field} has nothing in the other form of address"
            for have in _scenarios(field):
                if field == "solutions" and ("solution" not in have or "story" in have):
                    continue
                if field == "social_proofs" and ("story" in have or "told" in have):
                    continue
                fitting = [item for item in pool if set(item.needs) <= have]
                least = 1 if _rare(have) else _LEAST[field]
                if len(fitting) < least:
                    yield (
                        f"{preset.id}: {field} in style {style} offers {len(fitting)} of {least} "
                        f"for [{', '.join(sorted(have))}]"
                    )
                    break


def _of_events(book: LanguageBook, preset: Preset) -> Iterator[str]:
    """An event is about its own subject, so that openers with an angle are not used there."""
    if "event" not in preset.needs:
        return
    least = _OF_INVITATIONS if preset.id == "event_invitation" else _OF_EVENTS
    for style in STYLES:
        fitting = [
            pattern
            for pattern in book.patterns("openers", preset.id)
            if not pattern.touch and not pattern.stage
            if not {"role", "problem"} & set(pattern.needs)
            if "angle." not in pattern.text and (not pattern.style or style in pattern.style)
        ]
        if len(fitting) < least:
            yield (
                f"{preset.id}: openers in style {style} offers {len(fitting)} of {least} that "
                "need neither role nor problem nor angle: segments would begin alike"
            )


def _rare(have: frozenset[str]) -> bool:
    """A case without name and trade, or one that is only told: one way of saying it will do."""
    return "story" in have or not have & {"named", "anonymous", "online", "onsite"}
