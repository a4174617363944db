"""Companies that a sentence names: customers of the cases, and names that no case knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contracts.case import Case, Span
from evaluation.claims.sources import name_pattern
from evaluation.claims.wording import Wording
from language.lexicon import find_concepts
from language.names import without_legal_form

__all__ = ["Stranger", "names_at", "strange_names", "told_in", "without_names"]

_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0141\u015a\u0179\u017b"
_WORD = rf"[{_CAPITAL}][\w’'.&-]{{1,40}}(?<![.'’-])"
_RUN = re.compile(rf"(?<![\w.]){_WORD}(?: (?:& )?{_WORD}){{0,5}}")
_NOUNS = frozenset({"de"})  # languages that write every noun with a capital
_OPENING = "\"„“”«»'‘’([ \t"
_ENDS = ".:;!?…–—-"  # a word behind one of these has a capital as the first of a sentence
_LEGAL = re.compile(
    r"(?:GmbH|AG|SE|KG|KGaA|UG|Inc|Corp|Ltd|LLC|PLC|plc|S\.?A\.?S?|S\.?L\.?|B\.?V|N\.?V|S\.?p\.?A"
    r"|S\.?r\.?l|Sp\. z o\.o|Co|Ltda|Oy|AB)\b"
)
_SHORTEST_FIRST = 5  # letters of a German sentence's first word that may begin a name
_SHORTEST = 3  # letters of one capitalised word that may be a name


def without_names(text: str, spans: Sequence[Span]) -> str:
    """`text` with the names blanked, so that "Life360" gives no figure and a mobile operator's
    name no subject; places stay."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name that no case knows. `sure` where words or a legal form show that it is a
    company's; else it may be a product's or a place's."""

    name: str
    sure: bool


def strange_names(text: str, wording: Wording) -> tuple[Stranger, ...]:
    """What `text` (without the names of known customers) names as a company or may name as
    one, in order. In German, where every noun has a capital, only what words introduce, what a
    legal form follows, and two words beside each other that our word lists do not have; a name
    that looks like plain words is not seen."""
    found: dict[str, bool] = {}
    for pattern in _patterns(wording.introduces, wording.companies):
        for match in pattern.finditer(text):
            found[match.group(1).strip()] = True
    for match in _RUN.finditer(text):
        name = match.group()
        if _LEGAL.match(text, match.end() + 1) or _has_legal_form(name):
            found[name] = True
        elif kept := _may_name(text, match, wording):
            found.setdefault(kept, False)
    return tuple(Stranger(name, sure) for name, sure in found.items())


def _has_legal_form(name: str) -> bool:
    return " " in name and without_legal_form(name) != name


def _may_name(text: str, match: re.Match[str], wording: Wording) -> str:
    """What of a run of capitalised words may be a name, "" if nothing."""
    words = match.group().split()
    lead = text[max(0, match.start() - 8) : match.start()].rstrip(_OPENING)
    first = not lead or lead[-1] in _ENDS
    if wording.language in _NOUNS:
        voice = wording.own_voice.fullmatch(words[0]) is not None
        rest = words[1:] if first and (voice or len(words[0]) < _SHORTEST_FIRST) else words
        known = any(_is_word(word, wording.language) for word in rest)
        return " ".join(rest) if len(rest) > 1 and not known else ""
    if first and len(words) == 1:
        acts = _acts(text, match.end(), wording)
        return words[0] if acts and not _is_word(words[0], wording.language) else ""
    plain = wording.openers.fullmatch(words[0]) or _is_word(words[0], wording.language)
    if first and plain:
        return " ".join(words[1:])
    if len(words) > 1 or (len(words[0]) >= _SHORTEST and not words[0].isupper()):
        return match.group()
    return ""


def told_in(stranger: Stranger, case: Case) -> bool:
    """Whether the case speaks of what the name says: a place, a product, a partner."""
    return all(
        name_pattern(word).search(case.text) is not None
        for word in without_legal_form(stranger.name).split()
        if len(word) > 2
    )


def _acts(text: str, end: int, wording: Wording) -> bool:
    """Whether a verb of change follows at once: "Contoso reduced"."""
    rest = text[end : end + 40]
    patterns = (wording.told, wording.uses, wording.alone)
    return any(
        match.start() <= 2 or not rest[: match.start()].strip()
        for pattern in patterns
        for match in pattern.finditer(rest)
    )


@lru_cache(maxsize=4096)
def _is_word(word: str, language: str) -> bool:
    """Whether it is a word of the language rather than a name, as far as we have its words."""
    return bool(find_concepts(word, language) or find_concepts(word.lower(), language))


@lru_cache(maxsize=64)
def _patterns(
    introduces: tuple[str, ...], companies: tuple[str, ...]
) -> tuple[re.Pattern[str], ...]:
    name = rf"({_WORD}(?: (?:(?:&|and|und|et|y|e|i|en|of|de|di) )?{_WORD}){{1,5}})"
    return (
        *(re.compile(rf"(?i:{word})\s{name}") for word in introduces),
        *(re.compile(f"({company})") for company in companies),
    )


def names_at(spans: Sequence[Span], within: Span) -> Iterator[Span]:
    """Those of `spans` inside `within`, counted from its start."""
    for span in spans:
        if within.covers(span):
            yield Span(span.start - within.start, span.end - within.start)
