"""What a text speaks of, in terms that all languages share: measures and concepts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from contracts.case import Span
from language.lexicon import find_concepts
from language.mentions import find_metrics
from language.tags import data_language
from language.text import CJK

__all__ = ["METRIC", "Subjects", "in_common", "related"]

METRIC = "metric:"
_COMPOUNDING = frozenset({"de", "nl"})  # languages that write "outage minutes" as one word
_LONG_WORD = re.compile(rf"[^\W\d_{CJK}]{{10,40}}")
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Subjects:
    """Terms with their places: concepts by their ids, metrics with `METRIC` in front."""

    terms: tuple[tuple[str, Span], ...] = ()

    @classmethod
    def of(cls, text: str, language: str, ignored: Collection[str] = ()) -> Subjects:
        """What `text` speaks of; concepts in `ignored` say too little to compare by."""
        return Subjects(tuple(item for item in _read(text, language) if item[0] not in ignored))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def within(self, span: Span) -> Subjects:
        return Subjects(tuple(item for item in self.terms if span.covers(item[1])))

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(term for term, _ in self.terms)

    @property
    def metrics(self) -> frozenset[str]:
        return frozenset(term for term in self.ids if term.startswith(METRIC))


def related(one: str, other: str) -> bool:
    """Whether one metric is the other, or a kind of it: infrastructure cost is cost."""
    first, second = one.removeprefix(METRIC), other.removeprefix(METRIC)
    return first == second or first.endswith(f"_{second}") or second.endswith(f"_{first}")


def in_common(
    some: Collection[str], others: Collection[str], kin: Mapping[str, frozenset[str]]
) -> int:
    """How much two sets of terms share: two for a term, one for a group of kin terms."""
    same = set(some) & set(others)
    groups = {group for term in some if term not in same for group in kin.get(term, ())}
    other_groups = {group for term in others if term not in same for group in kin.get(term, ())}
    return 2 * len(same) + len(groups & other_groups)


@lru_cache(maxsize=8192)
def _read(text: str, language: str) -> tuple[tuple[str, Span], ...]:
    found = [(METRIC + mention.metric, mention.span) for mention in find_metrics(text, language)]
    found += [(mention.concept, mention.span) for mention in find_concepts(text, language)]
    if data_language(language) in _COMPOUNDING:
        taken = [span for _, span in found]
        for match in _LONG_WORD.finditer(text):
            span = Span(*match.span())
            if not any(span.covers(other) for other in taken):
                found += [(term, span) for term in _parts(match.group(), language)]
    return tuple(sorted(found, key=lambda item: (item[1].start, item[0])))


@lru_cache(maxsize=8192)
def _parts(word: str, language: str) -> tuple[str, ...]:
    """The concepts of the longest beginning and the longest end of a compound word."""
    found: list[str] = []
    lengths = range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1)
    for pieces in ((word[:n] for n in lengths), (word[-n:].capitalize() for n in lengths)):
        found += next(filter(None, (_concepts(piece, language) for piece in pieces)), ())
    return tuple(dict.fromkeys(found))


def _concepts(word: str, language: str) -> tuple[str, ...]:
    return tuple(m.concept for m in find_concepts(word, language) if m.span.end == len(word))
