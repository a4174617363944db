"""Which metrics a text names, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from contracts.case import Span
from language.taxonomy import load_taxonomy
from language.text import any_phrase, same_width

__all__ = ["MetricMention", "find_metrics"]


@dataclass(frozen=True, slots=True)
class MetricMention:
    metric: str  # taxonomy id
    span: Span


def find_metrics(text: str, language: str) -> tuple[MetricMention, ...]:
    """Every place where `text` names a metric in `language`, in order.

    The longest name at a place counts, so "unplanned downtime" is not also "downtime".
    A language that no metric has synonyms in names none.
    """
    pattern, metrics = _synonyms(language)
    if pattern is None:
        return ()
    return tuple(
        MetricMention(metrics[_key(match.group())], Span(*match.span()))
        for match in pattern.finditer(same_width(text))
    )


@cache
def _synonyms(language: str) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    metrics: dict[str, str] = {}
    phrases: list[str] = []
    for metric in load_taxonomy().metrics():
        for phrase in metric.synonyms.get(language, ()):
            metrics[_key(phrase)] = metric.id
            phrases.append(phrase)
    if not phrases:
        return None, metrics
    return re.compile(any_phrase(phrases), re.IGNORECASE), metrics


def _key(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.casefold())
