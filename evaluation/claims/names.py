"""Companies that a sentence on a result names, though its case is not about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from contracts.case import Case, Span
from evaluation.claims.findings import MERGE, blanked
from evaluation.claims.sources import name_pattern, names_it
from evaluation.rulefiles import ClaimWords
from language.mentions import find_metrics

__all__ = ["strangers"]

_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0141\u015a\u0179\u017b"
_WORD = rf"[{_CAPITAL}][\w’'.-]*[\w]"
# Two words at least: one word with a capital is any noun in German, any first word elsewhere.
_NAME = rf"({_WORD}(?:\s(?:(?:&|and|und|et|y|e|i|en|of|de|di)\s)?{_WORD})+)"
_APART = rf"(?<![A-Za-z]){_NAME}"


def strangers(
    said: str, case: Case, own: Sequence[str], language: str, words: ClaimWords | None
) -> Iterator[Span]:
    """Where `said` names a company that is neither the case's customer, nor named in the case,
    nor one of `own`. A name is what the language's words introduce as one, or what has the
    form of one; a company that looks like plain words is not seen."""
    if words is None:
        return
    text = blanked(MERGE, said)
    told = case.text
    for name in case.names():
        told = name_pattern(name).sub(" ", told)
    for pattern in _patterns(words):
        for match in pattern.finditer(text):
            name = match.group(1)
            known = any(names_it(name, other) for other in (*case.names(), *own) if other)
            if known or _told(name, told) or find_metrics(name, language):
                continue
            yield Span(*match.span(1))


def _told(name: str, text: str) -> bool:
    """Whether the case speaks of it elsewhere: a place, a machine, a partner."""
    return any(
        name_pattern(word).search(text) is not None for word in name.split() if len(word) > 3
    )


@lru_cache(maxsize=64)
def _compiled(
    introduces: tuple[str, ...], companies: tuple[str, ...]
) -> tuple[re.Pattern[str], ...]:
    found = [re.compile(rf"(?i:{word})\s{_NAME}") for word in introduces]
    found += [re.compile(f"({company})") for company in companies]
    if not introduces:  # a script without capitals: a Latin name stands out anywhere
        found.append(re.compile(_APART))
    return tuple(found)


def _patterns(words: ClaimWords) -> tuple[re.Pattern[str], ...]:
    return _compiled(words.introduces, words.companies)
