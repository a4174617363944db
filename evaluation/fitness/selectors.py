"""Which declarations of a mail's own style sheet hold for an element.

Selectors of types, classes and ids are understood, alone, combined (`p.note`), inside each other
(`.footer a`) and as children (`td > a`). Others, and what stands in a media query that is not
for every screen, decide nothing here: they are states and special cases of a page (hover, print,
the dark look, small screens).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.fitness.page import Element
from evaluation.view.stylesheet import Sheet

__all__ = ["SheetRules"]

_COMPOUND = re.compile(r"(?:\*|[a-z][a-z0-9-]*)?(?:[.#][\w-]+)*", re.IGNORECASE)
_PIECE = re.compile(r"[.#]?[\w-]+")
_EVERY_SCREEN = re.compile(r"@media\s*(?:only\s+)?(?:screen|all)?\s*", re.IGNORECASE)
_MOST_RULES = 4000  # selectors of a sheet that are read
_DEEPEST = 64  # ancestors that are asked whether a selector means them
_MOST_COMPARISONS = 200_000
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str  # "" any
    id: str
    classes: frozenset[str]

    def fits(self, tag: str, classes: frozenset[str], identity: str) -> bool:
        return (
            (not self.tag or self.tag == tag)
            and self.classes <= classes
            and (not self.id or self.id == identity)
        )


_Step = tuple[bool, _Compound]  # whether the one behind it must be its child


@dataclass(frozen=True, slots=True)
class _Rule:
    own: _Compound
    steps: tuple[_Step, ...]  # from the element outwards
    rank: tuple[int, int, int, int]  # ids, classes, types, order
    declarations: tuple[tuple[str, str], ...]


class SheetRules:
    """The rules of a sheet, looked up by what their last part names.

    Hostile sheets are given up on after a bounded number of comparisons: `given_up` says so,
    and from then on nothing is known of the elements.
    """

    def __init__(self, sheet: Sheet, properties: frozenset[str]) -> None:
        self.given_up = False
        self._left = _MOST_COMPARISONS
        self._by_key: dict[str, list[_Rule]] = {}
        for rule in _rules(sheet, properties):
            self._by_key.setdefault(_key(rule.own), []).append(rule)
        self._fitting: dict[tuple[str, str, str], tuple[_Rule, ...]] = {}

    def declared(self, element: Element) -> Mapping[str, str]:
        """What the sheet says of `element` itself, the strongest rule last to speak. Values that
        are important keep the word."""
        if not self._by_key or self.given_up:
            return _NOTHING
        found: dict[str, str] = {}
        for rule in self._candidates(element.tag, element.get("class", ""), element.get("id", "")):
            if rule.steps and not self._within(rule.steps, element):
                continue
            for name, value in rule.declarations:
                if "!important" in value or "!important" not in found.get(name, ""):
                    found[name] = value
        return found

    def _candidates(self, tag: str, names: str, identity: str) -> tuple[_Rule, ...]:
        asked = (tag, names, identity)
        fitting = self._fitting.get(asked)
        if fitting is None:
            classes = frozenset(names.split())
            keys = [tag, "*", f"#{identity}", *(f".{name}" for name in classes)]
            rules = [rule for key in keys for rule in self._by_key.get(key, ())]
            self._spend(len(rules))
            own = [rule for rule in rules if rule.own.fits(tag, classes, identity)]
            fitting = tuple(sorted(own, key=lambda rule: rule.rank))
            self._fitting[asked] = fitting
        return fitting

    def _within(self, steps: Sequence[_Step], element: Element) -> bool:
        """Whether the ancestors of `element` are those that `steps` ask for, the nearest that
        fits taken each time."""
        node = element
        for child, compound in steps:
            for _ in range(_DEEPEST):
                node = node.getparent()
                self._spend(1)
                if node is None or self.given_up:
                    return False
                names = frozenset(node.get("class", "").split())
                if compound.fits(node.tag, names, node.get("id", "")):
                    break
                if child:
                    return False
            else:
                return False
        return True

    def _spend(self, comparisons: int) -> None:
        self._left -= comparisons
        self.given_up = self._left < 0


def _rules(sheet: Sheet, properties: frozenset[str]) -> Iterator[_Rule]:
    count = 0
    for rule in sheet.rules:
        wanted = tuple(pair for pair in rule.declarations if pair[0] in properties)
        if not wanted or (rule.media and not _EVERY_SCREEN.fullmatch(rule.media)):
            continue
        for selector in rule.selector.split(","):
            count += 1
            if count > _MOST_RULES:
                return
            steps = _steps(selector)
            if not steps:
                continue
            compounds = [compound for _, compound in steps]
            rank = (
                sum(bool(item.id) for item in compounds),
                sum(len(item.classes) for item in compounds),
                sum(bool(item.tag) for item in compounds),
                count,
            )
            yield _Rule(compounds[0], tuple(steps[1:]), rank, wanted)


def _steps(selector: str) -> list[_Step]:
    """The parts of a selector, the last first; empty where it is of a kind not understood."""
    words = selector.replace(":link", "").replace(">", " > ").split()
    if len(words) > 24:
        return []
    steps: list[_Step] = []
    child = False
    for word in reversed(words):
        if word == ">":
            child = True
            continue
        if not _COMPOUND.fullmatch(word):
            return []
        pieces = _PIECE.findall(word)
        tag = "".join(piece for piece in pieces if piece[0] not in ".#").lower()
        identity = "".join(piece[1:] for piece in pieces if piece[0] == "#")
        classes = frozenset(piece[1:] for piece in pieces if piece[0] == ".")
        steps.append((child, _Compound(tag, identity, classes)))
        child = False
    return steps


def _key(compound: _Compound) -> str:
    if compound.id:
        return f"#{compound.id}"
    if compound.classes:
        return f".{min(compound.classes)}"
    return compound.tag or "*"
