"""How a language says that a measure changed: the word lists of outcomes.yaml as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from language import DataFile, any_phrase, load_data
from language.tags import data_language

__all__ = ["Rules", "rules_for"]

_GAP = r"\s*"
_JOINT = r"[;；。，、]|,(?!\d)"
_MULTIPLE = re.compile(r"\d\s?[x×]$|fold$|fach\w*$|krotn\w*$|voudig\w*$|^\D+$", re.IGNORECASE)


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    down: tuple[str, ...]
    up: tuple[str, ...]
    better: tuple[str, ...]
    moved: tuple[str, ...]
    from_: tuple[str, ...] = Field(alias="from")
    to: tuple[str, ...]
    rising_is_range: tuple[str, ...] = ()
    by: tuple[str, ...]
    noun_by: tuple[str, ...]
    size_first: tuple[str, ...]
    size_links: tuple[str, ...] = ()
    comparatives: tuple[str, ...] = ()
    target_after: tuple[str, ...] = ()
    halved: tuple[str, ...]
    multiplied: tuple[str, ...]
    frame_before: tuple[str, ...]
    frame_after: tuple[str, ...]
    hedge: tuple[str, ...]
    hedge_after: tuple[str, ...]
    doubt: tuple[str, ...]
    possible: tuple[str, ...]
    allowed: tuple[str, ...]
    habit: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    scope_after: tuple[str, ...] = ()
    after_value: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()
    joints: tuple[str, ...]
    coordinators: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


class _OutcomesFile(DataFile):
    wide: frozenset[str]
    counted: frozenset[str]
    circumstances: frozenset[str]
    languages: Mapping[str, _Words]


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one language; the comments of outcomes.yaml tell what each is for."""

    verbs: tuple[tuple[str, re.Pattern[str]], ...]  # down, up, better: without comparatives
    comparatives: tuple[tuple[str, re.Pattern[str]], ...]
    moved: re.Pattern[str]
    from_: re.Pattern[str]  # ends where the first value begins
    to: re.Pattern[str]
    rising_is_range: re.Pattern[str]
    by: re.Pattern[str]
    reached: re.Pattern[str]  # "提高到" in front of a multiple
    size_first: re.Pattern[str]
    size_word: re.Pattern[str]
    target_after: re.Pattern[str] | None
    frame_before: re.Pattern[str]
    frame_after: re.Pattern[str]
    hedge: re.Pattern[str]
    hedge_after: re.Pattern[str]
    doubt: re.Pattern[str]
    possible: re.Pattern[str]
    allowed: re.Pattern[str]
    habit: re.Pattern[str]
    before: re.Pattern[str]
    narrowing: re.Pattern[str]
    after: re.Pattern[str]
    scope_after: re.Pattern[str]
    after_value: re.Pattern[str]
    range: re.Pattern[str]
    range_before: re.Pattern[str]
    joint: re.Pattern[str]
    joined_before: re.Pattern[str]  # "operation and" maintenance costs
    clause_end: re.Pattern[str]
    multiple: re.Pattern[str]  # the raw text of a multiple that is read in one way only
    pairs_need_target: bool
    wide: frozenset[str]
    counted: frozenset[str]
    circumstances: frozenset[str]


def rules_for(language: str) -> Rules | None:
    """The rules of a language by any tag of it, None where there are no word lists."""
    file = _load()
    key = data_language(language)
    return _rules(key) if key in file.languages else None


@cache
def _load() -> _OutcomesFile:
    return load_data("knowledge_base", "outcomes.yaml", _OutcomesFile)


@cache
def _rules(language: str) -> Rules:
    file = _load()
    words = file.languages[language]

    def joined(listed: Iterable[str]) -> str:
        listed = tuple(listed)
        return _any((*listed, *(p + word for p in words.prefixes for word in listed)))

    moves = (*words.down, *words.halved, *words.up, *words.multiplied, *words.better)
    nouns, by = joined(moves), joined(words.by)
    links = f"(?:{_any(words.size_links)})?" if words.size_links else ""
    comparatives = set(words.comparatives)
    lead = rf"{by}|{nouns}"
    if words.noun_by:
        lead += rf"|{nouns}{_GAP}{joined(words.noun_by)}"
    ends = r"$|[^\w\s%％/'’-]|\d|-\s"
    following = (*words.after, *moves, *words.to, *words.moved)
    return Rules(
        verbs=tuple(
            (name, _compile(joined(word for word in listed if word not in comparatives)))
            for name, listed in (
                ("down", (*words.down, *words.halved)),
                ("up", (*words.up, *words.multiplied)),
                ("better", words.better),
            )
        ),
        comparatives=tuple(
            (name, _compile(joined(word for word in listed if word in comparatives)))
            for name, listed in (("down", words.down), ("up", words.up))
        ),
        moved=_compile(joined(words.moved)),
        from_=_compile(rf"{joined(words.from_)}{_GAP}$" if words.from_ else "$"),
        to=_compile(rf"{_GAP}{joined(words.to)}{_GAP}"),
        rising_is_range=_compile(rf"{_GAP}{joined(words.rising_is_range)}{_GAP}"),
        by=_compile(rf"(?:{lead}){_GAP}$"),
        reached=_compile(rf"{joined(words.to)}{_GAP}$"),
        size_first=_compile(rf"{_GAP}{links}{_GAP}{_any(words.size_first)}"),
        size_word=_compile(_any((*words.halved, *words.multiplied))),
        target_after=_compile(rf"{_GAP}{_any(words.target_after)}") if words.target_after else None,
        frame_before=_compile(rf"{joined(words.frame_before)}{_GAP}$"),
        frame_after=_compile(rf"{_GAP}{_any(words.frame_after)}"),
        hedge=_compile(rf"{joined(words.hedge)}{_GAP}(?:{nouns}{_GAP})?(?:{by}{_GAP})?$"),
        hedge_after=_compile(rf"{_GAP}{_any(words.hedge_after)}"),
        doubt=_compile(joined(words.doubt)),
        possible=_compile(joined(words.possible)),
        allowed=_compile(joined(words.allowed)),
        habit=_compile(joined(words.habit)),
        before=_compile(
            rf"(?:^|[^\w\s'’/&+-]|['’]s|s['’]|{joined((*words.before, *moves))}){_GAP}$"
        ),
        narrowing=_compile(rf"{_any(words.narrowing)}{_GAP}$"),
        after=_compile(rf"{_GAP}(?:{ends}|{joined(following)})"),
        scope_after=_compile(rf"{_GAP}{joined(words.scope_after)}"),
        after_value=_compile(rf"{_GAP}(?:{ends}|{joined((*following, *words.after_value))})"),
        range=_compile(rf"{_GAP}[-–—~～〜]{_GAP}"),
        range_before=_compile(rf"(?:\d{_GAP}[-–—~～〜至]|[a-zäöüß]-(?:{_GAP}[a-z]+)?){_GAP}$"),
        joint=_compile(rf"{_JOINT}|{joined(words.joints)}"),
        joined_before=_compile(
            rf"(?:[&/]|{joined(words.joints)}|{_any(words.coordinators)}){_GAP}$"
        ),
        clause_end=_compile(_JOINT),
        multiple=_MULTIPLE,
        pairs_need_target=bool(words.target_after),
        wide=file.wide,
        counted=file.counted,
        circumstances=file.circumstances,
    )


def _any(phrases: Iterable[str]) -> str:
    """`any_phrase`, whichever apostrophe a text is written with."""
    listed = tuple(phrases)
    return any_phrase((*listed, *(phrase.replace("'", "’") for phrase in listed)))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
