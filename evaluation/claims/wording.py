"""How one language speaks of what a mail can be held to: the words of its rule files, compiled.

`rules/claims/<language>.yaml` says how results are told (also read by the grounding of the
product's own modules); `rules/topics/claims.<language>.yaml` holds, under `lists`, what the
reader of anybody's mail needs beside it. All are regular expressions:

faster, slower            better or worse, without saying which way a quantity went
up, down                  more words for quantities that rose or fell
before, after             in front of a figure: what was, what is now
no_change                 in front of a figure, words of change that tell of none: "more than"
before_suffix, after_suffix   behind it
offers, occasions, reading, notices, asks   what figures stand in that state no result: prices,
                          events, documents, legal notices, requests for a meeting
rhetorical                questions that state something: "did you know"
says, own_voice           who speaks a quotation, and the first person in it
comparisons               superlatives, and better or worse than competitors
uses                      verbs between a customer and what it bought
openers                   words that begin a sentence with a capital and are no names
joins                     words that join two statements
frames                    at the end of what stands before a time: "within", "every"
about                     in front of a value that is not exact
blank                     words that make a number look like another one
percent.N, times.N        plain words for a part or a multiple that language/ does not read
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from evaluation.packs import RulePacks, of_language
from evaluation.rulefiles import ClaimWords, TopicPack
from language.text import any_phrase

__all__ = ["TOPIC", "Wording", "wording_for"]

TOPIC = "claims"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language. A list that its files do not give finds nothing."""

    language: str
    up: re.Pattern[str]
    down: re.Pattern[str]
    faster: re.Pattern[str]
    slower: re.Pattern[str]
    no_change: re.Pattern[str]
    before: re.Pattern[str]
    once: re.Pattern[str]  # of `before` what leaves no doubt: "instead of", but not "de"
    after: re.Pattern[str]
    before_suffix: re.Pattern[str]  # matched right behind a figure
    after_suffix: re.Pattern[str]
    told: re.Pattern[str]  # verbs that state a result of somebody
    alone: re.Pattern[str]  # verbs that carry their figure in themselves
    of_metric: re.Pattern[str]  # finished changes
    elsewhere: re.Pattern[str]  # prices, events, documents, notices, requests
    offers: re.Pattern[str]
    asks: re.Pattern[str]
    rhetorical: re.Pattern[str]
    says: re.Pattern[str]
    own_voice: re.Pattern[str]
    comparisons: re.Pattern[str]
    uses: re.Pattern[str]
    openers: re.Pattern[str]
    joins: re.Pattern[str]
    frames: re.Pattern[str]
    about: re.Pattern[str]
    blank: re.Pattern[str]
    introduces: tuple[str, ...]
    companies: tuple[str, ...]
    values: tuple[tuple[re.Pattern[str], Decimal, str], ...]  # words, value, unit
    ignored: frozenset[str]  # concepts that say too little to compare by
    better_up: frozenset[str]  # concepts that are better the more there is of them
    better_down: frozenset[str]
    kin: Mapping[str, frozenset[str]]  # term -> groups of terms that are told for one another


def wording_for(packs: RulePacks, language: str) -> Wording | None:
    """The words for `language`, or for another region of it; None where the packs have none."""
    words = of_language(packs.claims, language)
    prefix = f"{TOPIC}."
    topics = {
        name.removeprefix(prefix): pack
        for name, pack in packs.topics.items()
        if name.startswith(prefix)
    }
    more = of_language(topics, language)
    if words is None or more is None:
        return None
    return _compiled(_Key(words, more, packs.topics[TOPIC]))


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """Packs are immutable and read once, so they are told apart by identity."""

    words: ClaimWords
    more: TopicPack
    shared: TopicPack

    def _ids(self) -> tuple[int, int, int]:
        return id(self.words), id(self.more), id(self.shared)

    def __hash__(self) -> int:
        return hash(self._ids())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._ids() == other._ids()


@lru_cache(maxsize=64)
def _compiled(key: _Key) -> Wording:
    words, more = key.words, key.more.lists

    def listed(*names: str) -> re.Pattern[str]:
        return _any(pattern for name in names for pattern in more.get(name, ()))

    return Wording(
        language=words.language,
        up=_any((*words.up, *more.get("up", ()))),
        down=_any((*words.down, *more.get("down", ()))),
        faster=listed("faster"),
        slower=listed("slower"),
        no_change=listed("no_change"),
        once=listed("before"),
        before=_any((*words.before, *more.get("before", ()))),
        after=_any((*words.after, *more.get("after", ()))),
        before_suffix=_any((*words.before_suffix, *more.get("before_suffix", ()))),
        after_suffix=_any((*words.after_suffix, *more.get("after_suffix", ()))),
        told=_any(words.results),
        alone=_any(words.results_alone),
        of_metric=_any(words.results_of_metric),
        elsewhere=listed("offers", "occasions", "reading", "notices", "asks"),
        offers=listed("offers"),
        asks=listed("asks"),
        rhetorical=listed("rhetorical"),
        says=listed("says"),
        own_voice=listed("own_voice"),
        comparisons=listed("comparisons"),
        uses=listed("uses"),
        openers=listed("openers"),
        joins=listed("joins"),
        frames=listed("frames"),
        about=listed("about"),
        blank=listed("blank"),
        introduces=words.introduces,
        companies=words.companies,
        values=tuple(_values(more)),
        ignored=frozenset(key.shared.lists.get("ignored", ())),
        better_up=frozenset(key.shared.lists.get("better_up", ())),
        better_down=frozenset(key.shared.lists.get("better_down", ())),
        kin=_kin(key.shared),
    )


def _values(lists: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[re.Pattern[str], Decimal, str]]:
    for name, words in lists.items():
        unit, point, value = name.partition(".")
        if point and unit in ("percent", "times"):
            yield re.compile(any_phrase(words), re.IGNORECASE), Decimal(value), unit


def _kin(shared: TopicPack) -> Mapping[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, terms in shared.lists.items():
        if name.startswith("kin_"):
            for term in terms:
                groups.setdefault(term, set()).add(name)
    return {term: frozenset(names) for term, names in groups.items()}


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined, re.IGNORECASE) if joined else _NEVER
