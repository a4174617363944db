"""Chooses among the patterns of a module, and makes modules of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.mail import BriefCitation, CaseCitation, Claim, ClaimKind, Module, ModuleKind
from personalize.writing.book import LanguageBook, Pattern
from personalize.writing.choices import MODULE_FIELDS
from personalize.writing.patterns import Marked, Tag, render_pattern
from personalize.writing.stock import Stock
from personalize.writing.task import WritingTask

__all__ = ["Chooser"]

_KINDS = {
    "result": ClaimKind.RESULT,
    "customer": ClaimKind.CUSTOMER,
    "situation": ClaimKind.SITUATION,
    "quotation": ClaimKind.QUOTATION,
    "brief": ClaimKind.BRIEF,
}
# Of what is at hand, what a module should not leave unused, the most telling first.
_TELLING: Mapping[ModuleKind, tuple[frozenset[str], ...]] = {
    ModuleKind.PROBLEM: (frozenset({"challenge"}), frozenset({"scene"})),
    ModuleKind.SOLUTION: (frozenset({"named", "anonymous"}),),
    ModuleKind.PROOF: (frozenset({"named", "anonymous"}),),
    ModuleKind.SOCIAL_PROOF: (frozenset({"named", "anonymous"}),),
    ModuleKind.OFFER: (frozenset({"ours"}),),
    ModuleKind.EVENT: (frozenset({"online", "onsite"}),),
}
# What stands in these is said of the case; elsewhere only where the pattern needs a customer.
_OF_CASE = frozenset({ModuleKind.SOLUTION, ModuleKind.PROOF, ModuleKind.SOCIAL_PROOF})
_CUSTOMER = frozenset({"named", "anonymous"})
_SAME_EVERYWHERE = frozenset({"product.name", "minutes"})


class Chooser:
    """Makes modules for one task, out of one language's patterns."""

    def __init__(self, task: WritingTask, book: LanguageBook) -> None:
        self._task = task
        self._book = book
        address = book.profile.address
        self._other = book.other_address(task.address)
        own = (address.formal, address.familiar) if address else ((), ())
        self._own_words = own[0] if address and address.default == "formal" else own[1]

    def fitting(self, kind: ModuleKind, have: frozenset[str] | set[str]) -> list[Pattern]:
        """The patterns of a module that may be used now, all of the best kind: those for what
        was between us last before general ones, those that tell more before those that tell
        less."""
        task = self._task
        pool = [
            pattern
            for pattern in self._book.patterns(MODULE_FIELDS[kind], task.brief.mail)
            if set(pattern.needs) <= have
            and ("own_industry" in have or not _of_reader(kind, pattern))
            and (not pattern.style or task.brief.tone in pattern.style)
            and (not pattern.stage or task.stage in pattern.stage)
            and (not pattern.touch or task.touch in pattern.touch)
            and self._addressed(pattern)
        ]
        if "angle" not in have:  # its words are for any subject, and none is at hand
            pool = [item for item in pool if "angle." not in item.text] or pool
        closest = max((bool(item.touch) + bool(item.stage) for item in pool), default=0)
        pool = [item for item in pool if bool(item.touch) + bool(item.stage) == closest]
        for telling in _TELLING.get(kind, ()):
            if using := [item for item in pool if telling & set(item.needs)]:
                return using
        return pool

    def _addressed(self, pattern: Pattern) -> bool:
        """Whether the pattern has, or needs, no other form of address than the one asked for."""
        if not self._other or pattern.other:
            return True
        return not any(re.search(word, pattern.text) for word in self._own_words)

    def turned(self, kind: ModuleKind, patterns: Sequence[Pattern]) -> list[Pattern]:
        """The same, beginning where this segment's turn is: those written for the style come
        first, then the others, and none comes twice before all have come."""
        start = self._task.turn(kind.value) - self._task.ordinal
        own = _from([item for item in patterns if item.style], start)
        shared = _from([item for item in patterns if not item.style], start)
        return _from([*own, *shared], self._task.ordinal)

    def module(self, kind: ModuleKind, pattern: Pattern, stock: Stock, **extra: Any) -> Module:
        """The module that the pattern makes of the stock, each claim with its citation."""
        text = pattern.other if self._other and pattern.other else pattern.text
        values = {**stock.values, **extra}
        if _of_reader(kind, pattern):
            values["industry"] = values["own_industry"]
        marked = render_pattern(text, values, self._book.typeset)
        origin = f"languages/{self._task.language}/{kind.value}/{pattern.id}"
        return Module(kind, marked.text, self._claims(marked, stock), origin)

    def first(
        self, kind: ModuleKind, stock: Stock, have: frozenset[str] | set[str]
    ) -> Module | None:
        """The module of this segment's turn; None where no pattern fits."""
        patterns = self.fitting(kind, have)
        if stock.short:
            patterns = self._shorter(kind, patterns, stock)
        patterns = self.turned(kind, patterns)
        return self.module(kind, patterns[0], stock) if patterns else None

    def _shorter(
        self, kind: ModuleKind, patterns: Sequence[Pattern], stock: Stock
    ) -> list[Pattern]:
        """The shorter half of them, for a letter that would be too long."""
        lengths = {item.id: len(self.module(kind, item, stock).text) for item in patterns}
        middle = sorted(lengths.values())[(len(lengths) - 1) // 2] if lengths else 0
        return [item for item in patterns if lengths[item.id] <= middle]

    def per_tactic(
        self, kind: ModuleKind, stock: Stock, limit: int = 0
    ) -> list[tuple[str, Module]]:
        """One module a tactic, none longer than `limit` characters, in this segment's order."""
        by_tactic: dict[str, Module] = {}
        patterns = self.fitting(kind, stock.have)
        if stock.short:
            patterns = [
                item
                for tactic in dict.fromkeys(pattern.tactic for pattern in patterns)
                for item in self._shorter(
                    kind, [pattern for pattern in patterns if pattern.tactic == tactic], stock
                )
            ]
        for pattern in self.turned(kind, patterns):
            if pattern.tactic in by_tactic:
                continue
            module = self.module(kind, pattern, stock)
            if not limit or len(module.text) <= limit:
                by_tactic[pattern.tactic] = module
        return list(by_tactic.items())

    def short(self, kind: ModuleKind, stock: Stock, limit: int) -> list[Module]:
        """Every module of the kind that is no longer than `limit` characters."""
        made = [
            self.module(kind, pattern, stock)
            for pattern in self.turned(kind, self.fitting(kind, stock.have))
        ]
        return [module for module in made if len(module.text) <= limit]

    def _claims(self, marked: Marked, stock: Stock) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        for tag in marked.tags:
            kind = _KINDS[tag.name]
            citation: CaseCitation | BriefCitation | None
            if kind is ClaimKind.BRIEF:
                field = tag.detail
                if field not in _SAME_EVERYWHERE:
                    field = f"{field}.{self._task.language}"
                citation = BriefCitation(field, _quote(tag, marked, stock))
            else:
                key = f"{tag.name}:{tag.detail}" if tag.detail else tag.name
                citation = stock.cites.get(key)
            if citation is not None and tag.span.start < tag.span.end:
                claims.append(Claim(tag.span, kind, citation))
        return tuple(claims)


def _of_reader(kind: ModuleKind, pattern: Pattern) -> bool:
    """Whether the pattern speaks of the reader's industry, which a case need not share."""
    if kind in _OF_CASE or _CUSTOMER & set(pattern.needs):
        return False
    return "industry" in pattern.needs


def _quote(tag: Tag, marked: Marked, stock: Stock) -> str:
    """What the brief says there: of an agenda its points without their dashes, of minutes the
    number without its unit."""
    if tag.detail == "event.agenda":
        return "\n".join(stock.values["event"]["agenda"])
    if tag.detail == "minutes":
        return str(stock.values["minutes"])
    return tag.span.of(marked.text)


def _from(patterns: Sequence[Pattern], turn: int) -> list[Pattern]:
    start = turn % len(patterns) if patterns else 0
    return [*patterns[start:], *patterns[:start]]
