"""How much two drafts share: sequences of words, or of characters where words are not spaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from contracts.mail import BriefCitation, Draft, ModuleKind

__all__ = ["own_text", "shared", "shared_pairs"]

_LEFT_OUT = frozenset({ModuleKind.FOOTER, ModuleKind.GREETING, ModuleKind.SIGN_OFF})
_WORDS = 5
_CHARACTERS = 8
_CHARACTER_LANGUAGES = ("zh", "ja", "ko")
_WORD = re.compile(r"\w[\w'’.-]*")


def own_text(draft: Draft) -> tuple[str, ...]:
    """What the writer wrote: the modules without greeting, signature and footer, cut where the
    brief's own words stand."""
    pieces: list[str] = []
    for module in draft.modules:
        if module.kind in _LEFT_OUT:
            continue
        position = 0
        for claim in sorted(module.claims, key=lambda item: item.span.start):
            if isinstance(claim.citation, BriefCitation) and claim.span.start >= position:
                pieces.append(module.text[position : claim.span.start])
                position = claim.span.end
        pieces.append(module.text[position:])
    return tuple(piece for piece in pieces if piece.strip())


def _sequences(pieces: Iterable[str], language: str) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    wide = language.split("-")[0] in _CHARACTER_LANGUAGES
    length = _CHARACTERS if wide else _WORDS
    for piece in pieces:
        units = (
            [char for char in piece if char.isalnum()]
            if wide
            else [word.casefold() for word in _WORD.findall(piece)]
        )
        found.update(tuple(units[at : at + length]) for at in range(len(units) - length + 1))
    return frozenset(found)


def shared(one: Draft, other: Draft) -> float:
    """Of the 5-word sequences of the shorter draft, the share that the other has too, 0 to 1;
    8-character sequences in Chinese, Japanese and Korean. 0 where there are none."""
    first = _sequences(own_text(one), one.language)
    second = _sequences(own_text(other), other.language)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest else 0.0


def shared_pairs(drafts: Sequence[Draft]) -> tuple[float, ...]:
    """`shared` of every two drafts of different segments, all of one language."""
    made = [(draft.segment, _sequences(own_text(draft), draft.language)) for draft in drafts]
    found: list[float] = []
    for (one, first), (other, second) in combinations(made, 2):
        fewest = min(len(first), len(second))
        if one != other:
            found.append(len(first & second) / fewest if fewest else 0.0)
    return tuple(found)
