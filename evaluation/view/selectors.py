"""Which rules of a mail's own style sheet mean an element.

Understood are types, classes, ids and attributes, alone, combined, inside each other ("p a") and
as children ("p > a"). Selectors of other kinds (neighbours, states, counting) decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from evaluation.view.stylesheet import Rule, Sheet, unescaped_css

__all__ = ["Facts", "Matching", "Selector", "Standing", "StyleRules", "important"]

_MOST_SELECTORS = 5_000
_MOST_COMPARISONS = 1_000_000  # for a whole page
_IDENT = r"(?:[\w-]|[^\x00-\x7f]|\\[^\n0-9a-fA-F])++"
_PART = re.compile(
    rf"([ \t\n\r\f>]*+)((?:{_IDENT}|\*)?+(?:[.#]{_IDENT}|\[[^\]]*+\]|:link\b|:root\b)*+)"
)
_PIECE = re.compile(rf"([.#]?){_IDENT}|\[[^\]]*+\]|:root")
_TEST = re.compile(
    rf"\[\s*+({_IDENT})\s*+(?:([~^$*|]?)=\s*+(?:\"([^\"]*)\"|'([^']*)'|({_IDENT}))\s*+)?[iIsS]?\s*\]"
)
_CLASS = re.compile(r"\.([\w-]+)|\[class[~*^|$]?=[\"']?([\w-]+)")
_CONDITION = re.compile(r"\(([^()]*)\)")
_WIDTH = re.compile(r"\s*(min|max)-(?:device-)?width\s*:\s*(\d{1,6})(?:\.\d+)?px\s*")
_GROUNDS = frozenset({"background", "background-color", "background-image"})
_NARROWEST, _WIDEST = 320, 2000  # pixels of the screens that mail is read on


class Facts(NamedTuple):
    """What selectors ask of an element."""

    tag: str
    id: str
    classes: frozenset[str]
    attributes: Mapping[str, str]


class _Test(NamedTuple):
    name: str
    operator: str
    value: str | None  # None: the attribute is there

    def fits(self, attributes: Mapping[str, str]) -> bool:
        said = attributes.get(self.name)
        if said is None or self.value is None:
            return said is not None and self.value is None
        if self.operator == "":
            return said == self.value
        if not self.value:
            return False
        return {
            "~": lambda: self.value in said.split(),
            "^": lambda: said.startswith(self.value or ""),
            "$": lambda: said.endswith(self.value or ""),
            "*": lambda: (self.value or "") in said,
            "|": lambda: said == self.value or said.startswith(f"{self.value}-"),
        }[self.operator]()


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str  # "" any
    id: str
    classes: frozenset[str]
    tests: tuple[_Test, ...]

    def fits(self, facts: Facts) -> bool:
        return (
            (not self.tag or self.tag == facts.tag)
            and (not self.id or self.id == facts.id)
            and self.classes <= facts.classes
            and all(test.fits(facts.attributes) for test in self.tests)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    own: _Compound
    above: tuple[tuple[bool, _Compound], ...]  # outwards; whether the next one in is its child
    rank: tuple[int, int, int, int]  # ids, classes and attributes, types, order
    declarations: tuple[tuple[str, str], ...]


class Standing(Protocol):
    """An element among the ancestors of another."""

    @property
    def facts(self) -> Facts: ...


class StyleRules:
    """The rules of the style sheets of a page, by what their last part names. Immutable once
    read, so that pages with the same sheets may share it.

    Attributes:
        shown_on_some: classes that some screens display.
        unsure: a ground may be set by a rule that is not understood.
        cut: there are more rules than were read.
    """

    def __init__(self, sheets: Iterable[Sheet], properties: frozenset[str]) -> None:
        self.unsure = False
        self.cut = False
        self.by_key: dict[str, list[Selector]] = {}
        shown: set[str] = set()
        count = 0
        for sheet in sheets:
            self.cut |= sheet.cut
            for rule in sheet.rules:
                if rule.media and not _on_every_screen(rule.media):
                    shown.update(_shown(rule))
                elif wanted := tuple(_wanted(rule, properties)):
                    for text in rule.selector.split(","):
                        count += 1
                        self.cut |= count > _MOST_SELECTORS
                        if self.cut:
                            break
                        self._add(text, count, wanted)
        self.shown_on_some = frozenset(shown)

    def _add(self, text: str, count: int, declared: tuple[tuple[str, str], ...]) -> None:
        selector = _selector(text, count, declared)
        if selector is None:
            self.unsure |= "::" not in text and any(name in _GROUNDS for name, _ in declared)
            return
        own = selector.own
        key = f"#{own.id}" if own.id else f".{min(own.classes)}" if own.classes else own.tag
        self.by_key.setdefault(key, []).append(selector)


class Matching:
    """The rules of one page asked about its elements.

    Hostile sheets are given up on after a bounded number of comparisons: `given_up` says so, and
    from then on only what stands on the elements themselves is known.
    """

    def __init__(self, rules: StyleRules) -> None:
        self.given_up = False
        self._by_key = rules.by_key
        self._left = _MOST_COMPARISONS

    def fitting(self, facts: Facts) -> tuple[Selector, ...]:
        """The selectors that may mean an element, by rank: those without `above` do."""
        if not self._by_key or self.given_up:
            return ()
        asked = [*self._by_key.get(facts.tag, ()), *self._by_key.get("", ())]
        for name in facts.classes:
            asked += self._by_key.get(f".{name}", ())
        if facts.id:
            asked += self._by_key.get(f"#{facts.id}", ())
        if not asked:
            return ()
        self._spend(len(asked))
        found = [item for item in asked if item.own.fits(facts)]
        found.sort(key=lambda item: item.rank)
        return tuple(found)

    def within(self, selector: Selector, ancestors: Sequence[Standing], count: int) -> bool:
        """Whether the ancestors of an element, the first `count` (the outermost first), are
        those that it asks for."""
        waiting = [(0, count)]  # how many steps are done, where the last one stands
        while waiting:
            done, place = waiting.pop()
            if done == len(selector.above):
                return True
            child, compound = selector.above[done]
            lowest = max(0, place - 1) if child else 0
            for at in range(place - 1, lowest - 1, -1):
                self._spend(1)
                if self.given_up:
                    return False
                if compound.fits(ancestors[at].facts):
                    if not child and done + 1 < len(selector.above) and selector.above[done + 1][0]:
                        waiting.append((done, at))  # the parent of another one may fit
                    waiting.append((done + 1, at))
                    break
        return False

    def _spend(self, comparisons: int) -> None:
        self._left -= comparisons
        self.given_up |= self._left < 0


def important(value: str) -> tuple[str, bool]:
    """A declaration's value without "!important", and whether it had it."""
    head, mark, tail = value.rpartition("!")
    return (head.rstrip(), True) if mark and tail.strip() == "important" else (value, False)


def _wanted(rule: Rule, properties: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, value in rule.declarations:
        plain = unescaped_css(name)
        if plain in properties:
            yield plain, unescaped_css(value)


def _shown(rule: Rule) -> Iterator[str]:
    display = dict(rule.declarations).get("display", "none")
    if important(display)[0] != "none":
        for match in _CLASS.finditer(rule.selector):
            yield match[1] or match[2]


def _on_every_screen(media: str) -> bool:
    """Whether an at-rule is a media query that holds for whatever a mail is read on."""
    name, _, queries = media.lower().partition("media")
    if name != "@":
        return False
    return any(_holds(query) for query in queries.split(","))


def _holds(query: str) -> bool:
    words = [word for word in _CONDITION.sub(" ", query).split() if word not in ("only", "and")]
    if any(word not in ("screen", "all") for word in words):
        return False
    for condition in _CONDITION.findall(query):
        match = _WIDTH.fullmatch(condition)
        if match is None:
            return False
        pixels = int(match[2])
        if not (pixels <= _NARROWEST if match[1] == "min" else pixels >= _WIDEST):
            return False
    return True


def _selector(text: str, count: int, declared: tuple[tuple[str, str], ...]) -> Selector | None:
    """A selector taken apart; None where it is of a kind that is not understood."""
    text = text.strip()
    parts: list[tuple[bool, _Compound]] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None or not match[2] or match[1].count(">") > bool(parts) or len(parts) > 20:
            return None
        parts.append((">" in match[1], _compound(match[2])))
        position = match.end()
    if not parts:
        return None
    compounds = [compound for _, compound in parts]
    rank = (
        sum(bool(item.id) for item in compounds),
        sum(len(item.classes) + len(item.tests) for item in compounds),
        sum(bool(item.tag) for item in compounds),
        count,
    )
    above = tuple((parts[at + 1][0], parts[at][1]) for at in range(len(parts) - 2, -1, -1))
    return Selector(compounds[-1], above, rank, declared)


def _compound(text: str) -> _Compound:
    tag = identity = ""
    classes: list[str] = []
    tests: list[_Test] = []
    for match in _PIECE.finditer(text.replace(":link", "").removeprefix("*")):
        piece = match[0]
        if piece == ":root":
            tag = "html"
        elif piece[0] == "[":
            test = _TEST.fullmatch(piece)
            if test is None:
                tests.append(_Test("", "", None))  # no element has it
                continue
            values = (item for item in test.group(3, 4, 5) if item is not None)
            tests.append(_Test(test[1].lower(), test[2] or "", next(values, None)))
        elif piece[0] == "#":
            identity = _plain(piece[1:])
        elif piece[0] == ".":
            classes.append(_plain(piece[1:]))
        else:
            tag = piece.lower()
    return _Compound(tag, identity, frozenset(classes), tuple(tests))


def _plain(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)
