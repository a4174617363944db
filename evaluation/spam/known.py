"""What the rule packs know of spam, prepared once for looking it up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluation.packs import RulePacks, of_language
from evaluation.rulefiles import Signal, SpamPack
from evaluation.spam.lookalikes import skeleton
from evaluation.spam.phrasebook import PhraseBook

__all__ = ["Known", "Wordbook", "known_of"]


@dataclass(frozen=True, slots=True)
class Wordbook:
    """The phrases to look for in a mail of one language."""

    signals: tuple[Signal, ...]
    subject: PhraseBook
    body: PhraseBook


@dataclass(frozen=True)
class Known:
    packs: RulePacks
    common: SpamPack
    structural: tuple[Signal, ...]  # in every mail
    by_id: Mapping[str, Signal]
    shorteners: frozenset[str]
    forms: frozenset[str]
    trackers: tuple[str, ...]
    reply_prefix: re.Pattern[str] | None
    looks_like: Mapping[int, str]  # code point -> the ASCII letter that it is taken for
    brands: Mapping[str, str]  # registered name ("paypal") -> its domain
    shapes: Mapping[str, str]  # what such a name looks like -> its domain
    _books: dict[str, Wordbook] = field(default_factory=dict)

    def wordbook(self, language: str) -> Wordbook:
        """The phrases of a language; of every language where there are none for it."""
        own = of_language(self.packs.spam, language) if language else None
        key = own.language if own else ""
        book = self._books.get(key)
        if book is None:
            packs = (own,) if own else tuple(self.packs.spam.values())
            signals = tuple(item for pack in packs for item in pack.signals if item.phrases)
            book = self._books[key] = Wordbook(
                signals=signals,
                subject=_book(signals, "subject"),
                body=_book(signals, "body"),
            )
        return book


_SHORTEST_SHAPE = 5  # letters: what looks like "ups" may as well be another's own name
_MOST = 8  # sets of packs that are kept prepared
_kept: dict[int, Known] = {}


def known_of(packs: RulePacks) -> Known:
    """What `packs` know. Prepared once for each set of packs."""
    found = _kept.get(id(packs))
    if found is None or found.packs is not packs:
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[id(packs)] = _prepared(packs)
    return found


def _prepared(packs: RulePacks) -> Known:
    common = packs.spam[""]
    every = [signal for pack in packs.spam.values() for signal in pack.signals]
    words = sorted({word for signs in packs.signs.values() for word in signs.reply_prefix})
    prefix = "|".join(re.escape(word) for word in words)
    return Known(
        packs=packs,
        common=common,
        structural=tuple(
            item for pack in packs.spam.values() for item in pack.signals if item.test
        ),
        by_id={signal.id: signal for signal in every},
        shorteners=frozenset(common.shorteners),
        forms=frozenset(common.forms),
        trackers=common.trackers,
        reply_prefix=re.compile(rf"\s*(?:{prefix})\s*[:：]", re.IGNORECASE) if words else None,
        looks_like={
            ord(char): letter for letter, chars in common.confusables.items() for char in chars
        },
        brands={domain.partition(".")[0]: domain for domain in common.imitated},
        shapes={
            skeleton(name, {}): domain
            for domain in common.imitated
            if len(name := domain.partition(".")[0]) >= _SHORTEST_SHAPE
        },
    )


def _book(signals: tuple[Signal, ...], where: str) -> PhraseBook:
    return PhraseBook({s.id: s.phrases for s in signals if s.where in (where, "both")})
