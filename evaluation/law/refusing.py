"""What a mail says of refusing further ones: that it costs, asks for more, ends soon, takes long.

Only the sentences around the words for unsubscribing are read; elsewhere a fee or a login is part
of the offer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from contracts.case import Span
from evaluation.claims.sources import numbers_in
from evaluation.law.packfile import UnsubscribeTerms
from evaluation.look import Look
from evaluation.packs import of_language
from evaluation.rulefiles import TopicPack
from language.numbers import Number
from language.sentences import sentences

__all__ = ["breaches"]

_AROUND = 2  # sentences behind the one that speaks of unsubscribing; one before it
_AT_ONCE = 3  # days: 48 hours of the safe profile, over a day that nobody works
_FAR = 90  # characters within which a word tells what a number is
_DENIAL = 36  # characters over which a negation reaches
_CLAUSE = re.compile(r"[.;。；!?！？\n]")
_END = re.compile(r"\.\s|[。；\n!]")
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "quarter": 91.0, "year": 365.0}
_WORKING = re.compile(
    r"business|working|werktag|arbeitstag|ouvr|laborable|hábil|habil|útei|lavorativ|werkdag|"
    r"robocz|工作日|营业日|營業日|営業日|영업일|عمل",
    re.IGNORECASE,
)


def breaches(check: UnsubscribeTerms, look: Look, part: str) -> Iterator[tuple[str, Span]]:
    """(detail of the kind, place) of what is said against `check`, each detail once."""
    told: set[str] = set()
    for detail, span in _signs(check, look, part):
        told.add(detail)
        yield detail, span
    for language, start, text in _zones(look, part):
        words = _words(look.packs.topics["wayout"], language)
        blanked = words["not"].sub(lambda match: " " * len(match.group()), text)
        for detail, span in _found(check, words, blanked, text, language):
            if detail not in told:
                told.add(detail)
                yield detail, Span(start + span.start, start + span.end)


def _signs(check: UnsubscribeTerms, look: Look, part: str) -> Iterator[tuple[str, Span]]:
    """What the languages' own patterns find, anywhere in the part."""
    for asked, sign, detail in (
        (check.free, "unsubscribe_fee", "fee"),
        (check.simple, "unsubscribe_burden", "burden"),
    ):
        for hit in look.facts.told(sign, part)[:1] if asked else ():
            yield detail, hit.span
    for hit in look.facts.told("unsubscribe_life", part):
        if check.days_alive and _named_days(hit.match) < check.days_alive:
            yield "life", hit.span
            break
    for hit in look.facts.told("unsubscribe_delay", part):
        slowest = check.days_to_act
        if slowest is not None and _named_days(hit.match) > max(slowest, _AT_ONCE):
            yield "delay", hit.span
            break


def _named_days(match: re.Match[str]) -> float:
    """Calendar days of the groups "hours", "days", "weeks" and "months"; 0 without any."""
    total = 0.0
    for name, text in match.groupdict().items():
        if text and text.isdecimal():
            total += int(text) * _DAYS.get(name.removesuffix("s"), 0.0)
    return total * 7 / 5 if _WORKING.search(match.group()) else total


def _found(
    check: UnsubscribeTerms,
    words: dict[str, re.Pattern[str]],
    blanked: str,
    text: str,
    language: str,
) -> Iterator[tuple[str, Span]]:
    for asked, name in ((check.free, "fee"), (check.simple, "burden")):
        for match in words[name].finditer(blanked) if asked else ():
            if not _denied(match, words, text):
                yield name, Span(*match.span())
                break
    for number in numbers_in(blanked, language):
        days = _days(number, text)
        if days is None:
            continue
        lives, waits = (_away(words[name], number.span, text) for name in ("life", "delay"))
        slow = check.days_to_act is not None and days > max(check.days_to_act, _AT_ONCE)
        if lives < waits and days < check.days_alive:
            yield "life", number.span
        elif waits < lives and slow:
            yield "delay", number.span


def _denied(match: re.Match[str], words: dict[str, re.Pattern[str]], text: str) -> bool:
    """Whether a negation takes the word back: "no password", 手数料はかかりません."""
    before = _CLAUSE.split(text[max(0, match.start() - _DENIAL) : match.start()])[-1]
    after = _CLAUSE.split(text[match.end() : match.end() + _DENIAL])[0]
    return bool(words["before"].search(before) or words["after"].search(after))


def _away(pattern: re.Pattern[str], number: Span, text: str) -> int:
    """Characters between a word and the number, within its sentence; `_FAR` where there is
    none."""
    start = max(text.rfind(mark, 0, number.start) for mark in (". ", "。", "\n", "! ", "؛"))
    begin = max(start, number.start - _FAR, 0)
    near = text[begin : number.end + _FAR]
    stop = _END.search(near, number.end - begin)
    near = near[: stop.start()] if stop else near
    gaps = [
        max(number.start - begin - match.end(), match.start() - (number.end - begin), 0)
        for match in pattern.finditer(near)
    ]
    return min(gaps, default=_FAR)


def _days(number: Number, text: str) -> float | None:
    """Calendar days; None where it is no span of time. Five working days make a week."""
    factor = _DAYS.get(number.unit)
    if factor is None or number.value <= 0:
        return None
    days = float(number.value) * factor
    near = text[number.span.start : number.span.end + 16]
    return days * 7 / 5 if _WORKING.search(near) else days


def _zones(look: Look, part: str) -> Iterator[tuple[str, int, str]]:
    """(language, place, text) of the sentences around the words for unsubscribing, by line
    breaks of two at most: a footer is one paragraph, the letter another."""
    text = look.facts.text(part)
    hits = look.facts.told("unsubscribe", part)
    seen: set[int] = set()
    for hit in hits:
        begin = max(text.rfind("\n\n", 0, hit.span.start), 0)
        if begin in seen:
            continue
        seen.add(begin)
        end = text.find("\n\n", hit.span.end)
        block = text[begin : end if end >= 0 else len(text)]
        spans = list(sentences(block, hit.language))
        own = [
            index
            for index, span in enumerate(spans)
            if any(begin + span.start <= other.span.start < begin + span.end for other in hits)
        ]
        if not own:
            continue
        first, last = max(0, own[0] - 1), min(len(spans) - 1, own[-1] + _AROUND)
        start = spans[first].start
        yield hit.language, begin + start, block[start : spans[last].end]


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern or "(?!)", re.IGNORECASE)


def _words(pack: TopicPack, language: str) -> dict[str, re.Pattern[str]]:
    tags = {key.rpartition(".")[0]: key.rpartition(".")[0] for key in pack.lists}
    tag = of_language(tags, language) or ""
    names = ("not", "before", "after", "fee", "burden", "life", "delay")
    return {name: _compiled("|".join(pack.lists.get(f"{tag}.{name}", ()))) for name in names}
