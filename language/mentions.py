"""Which metrics, problems, industries, roles, regions and countries a text names, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from contracts.case import Span
from language.countries import names_in_text
from language.phrases import Phrase, PhraseFinder
from language.tags import data_language
from language.taxonomy import load_taxonomy

__all__ = ["MetricMention", "TermKind", "TermMention", "find_metrics", "find_terms"]

TermKind = Literal["metric", "problem", "industry", "role", "region", "country"]
_KINDS: tuple[TermKind, ...] = ("metric", "problem", "industry", "role", "region", "country")
# Metrics in these languages are looked for word for word: the data lists their inflected
# forms, and what a claim is written with must be read back as the same measure.
_LITERAL_METRICS = frozenset({"en", "de"})


@dataclass(frozen=True, slots=True)
class MetricMention:
    metric: str  # taxonomy id
    span: Span


@dataclass(frozen=True, slots=True)
class TermMention:
    kind: TermKind
    id: str  # taxonomy id; of a country its alpha-2 code
    span: Span


def find_metrics(text: str, language: str) -> tuple[MetricMention, ...]:
    """Every place where `text` names a metric in `language`, in order.

    The longest name at a place counts, so "unplanned downtime" is not also "downtime".
    A language that no metric has names in names none.
    """
    found = _finder(data_language(language), ("metric",)).find(text)
    return tuple(MetricMention(key, span) for _, key, span in _apart(found))


def find_terms(text: str, language: str) -> tuple[TermMention, ...]:
    """Every place where `text` names a metric, a problem, an industry, a role, a region or a
    country in `language`, in order; of two that begin together, the longer first.

    The longest name at a place counts, and hides what lies inside it; only a problem leaves
    the metric that it speaks of ("high energy costs" is also "energy costs"). A name that
    several kinds share is a mention of each. Words are compared by their stems, metrics in
    English and German word for word. A language without names has no mentions.
    """
    found = _finder(data_language(language), _KINDS).find(text)
    kept = list(_across_kinds([m for kind in _by_kind(found) for m in _apart(kind)]))
    kept.sort(key=lambda m: (m[2].start, -m[2].end, m[0], m[1]))
    return tuple(TermMention(kind, key, span) for kind, key, span in kept)


_Found = tuple[TermKind, str, Span]


@cache
def _finder(tag: str, kinds: tuple[TermKind, ...]) -> PhraseFinder[TermKind]:
    return PhraseFinder([phrase for kind in kinds for phrase in _phrases(kind, tag)], tag)


def _phrases(kind: TermKind, tag: str) -> Iterator[Phrase[TermKind]]:
    if kind == "country":
        if tag in load_taxonomy().label_languages:
            for code, name in names_in_text(tag):
                yield Phrase(kind, code, name, proper=True)
        return
    literal = kind == "metric" and tag in _LITERAL_METRICS
    for term_id, names in load_taxonomy().names(kind, tag).items():
        for text in names.in_text:
            yield Phrase(kind, term_id, text, literal=literal)


def _by_kind(found: Sequence[_Found]) -> Iterator[list[_Found]]:
    for kind in dict.fromkeys(kind for kind, _, _ in found):
        yield [item for item in found if item[0] == kind]


def _apart(found: Iterable[_Found]) -> Iterator[_Found]:
    """The leftmost longest mentions of one kind: none overlaps another."""
    end = 0
    for item in sorted(found, key=lambda f: (f[2].start, -f[2].end)):
        if item[2].start >= end:
            end = item[2].end
            yield item


def _across_kinds(found: Sequence[_Found]) -> Iterator[_Found]:
    """Without mentions that lie inside a longer one of another kind, metrics in problems
    excepted."""
    widest: list[_Found] = []
    for item in sorted(found, key=lambda f: (f[2].start, -f[2].end)):
        kind, _, span = item
        widest = [other for other in widest if other[2].end > span.start]
        hidden = any(
            other[2].end >= span.end
            and other[2] != span
            and not (kind == "metric" and other[0] == "problem")
            for other in widest
        )
        widest.append(item)
        if not hidden:
            yield item
