"""Laws that ask for a language."""

from __future__ import annotations

import re

from contracts.verdict import Place
from evaluation.law.answers import Answers, Met, Missed
from evaluation.law.packfile import MailLanguage
from evaluation.look import Look
from language.detect import detect
from language.tags import data_language

__all__ = ["mail_language"]

_SHORT = 40  # characters of a paragraph whose language can be told


def mail_language(check: MailLanguage, look: Look) -> Answers:
    """The mail in one of the languages; of a mail in several, not shorter than any other, and
    where both are as long, first."""
    wanted = {data_language(tag) for tag in check.in_languages}
    found = {"wanted": ", ".join(check.in_languages)}
    for part, text in look.bodies:
        lengths, first = _languages(text)
        if not lengths and look.language:
            lengths, first = {data_language(look.language): 1}, data_language(look.language)
        own = sum(length for tag, length in lengths.items() if tag in wanted)
        other = max((length for tag, length in lengths.items() if tag not in wanted), default=0)
        if not lengths or (own and (not check.as_prominent or own >= other * 0.8)):
            yield Met(Place(part))
        elif own:
            yield Missed(Place(part), "less_prominent", found=found)
        else:
            yield Missed(Place(part), found=found)
    del first


def _languages(text: str) -> tuple[dict[str, int], str]:
    """Characters by language over the paragraphs that are long enough, and the first of them."""
    lengths: dict[str, int] = {}
    first = ""
    for paragraph in re.split(r"\n\s*\n", text):
        if len(paragraph.strip()) < _SHORT:
            continue
        answer = detect(paragraph)
        if answer.confidence < 0.8:
            continue
        tag = data_language(answer.language)
        first = first or tag
        lengths[tag] = lengths.get(tag, 0) + len(paragraph)
    return lengths, first
