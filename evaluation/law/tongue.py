"""Laws that ask for a language."""

from __future__ import annotations

import re
from functools import lru_cache

from contracts.verdict import Place
from evaluation.law.answers import Answers, Met, Missed
from evaluation.law.packfile import MailLanguage
from evaluation.look import Look
from language.tags import data_language

__all__ = ["mail_language"]

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[.!?…:][\"”»’)]?\s*$")
_LESS = 0.8  # translations differ in length; below this share one is the lesser


def mail_language(check: MailLanguage, look: Look) -> Answers:
    """The mail's sentences in one of the languages, not less of them than in others.

    Names, addresses and lines that are no sentences count for no language. Languages whose small
    words nobody has listed are told by the language of the whole mail.
    """
    found = {"wanted": ", ".join(check.in_languages)}
    pack = look.packs.topics["languages"]
    words = frozenset(word for tag in check.in_languages for word in pack.lists.get(tag, ()))
    wanted = {data_language(tag) for tag in check.in_languages}
    for part, text in look.bodies:
        own, other = _lengths(text, words, pack.limits["own_share"], int(pack.limits["words"]))
        if (not own and not other) or not words:
            own, other = (1, 0) if data_language(look.language) in wanted else (0, 1)
        if own and (not check.as_prominent or own >= other * _LESS):
            yield Met(Place(part))
        elif own:
            yield Missed(Place(part), "less_prominent", found=found)
        else:
            yield Missed(Place(part), found=found)


@lru_cache(maxsize=64)
def _lengths(text: str, words: frozenset[str], share: float, least: int) -> tuple[int, int]:
    """Characters of sentences in the language of `words`, and in others."""
    own = other = 0
    for paragraph in re.split(r"\n\s*\n", text):
        said = _WORD.findall(paragraph.lower())
        if len(said) < least or not _SENTENCE.search(paragraph):
            continue
        if sum(word in words for word in said) >= share * len(said):
            own += len(paragraph)
        else:
            other += len(paragraph)
    return own, other
