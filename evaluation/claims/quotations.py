"""Words in quotation marks: whether somebody speaks them, and whether a case has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.case import Span
from evaluation.claims.casetext import CaseText
from evaluation.claims.wording import Wording
from language.text import is_cjk

__all__ = ["changed_words", "quoted_in", "spoken"]

_QUOTED = re.compile(
    r"“([^“”\n]{6,1200})”|„([^„“”\n]{8,1200})[“”]|«\s?([^«»\n]{8,1200})\s?»|»([^«»\n]{8,1200})«"
    r"|\"([^\"\n]{6,1200})\"|「([^「」\n]{6,1200})」|『([^『』\n]{6,1200})』|‘([^‘’\n]{12,1200})’(?!\w)"
)
_LEAST_WORDS = 5
_TITLE = 0.6  # share of words with a capital, from which on they are a title's
_LEAST_SIGNS = 6  # in a script without spaces
_NEAR = 40  # characters in front of a title that tell what it is the title of
_BESIDE = 90  # characters beside a quotation in which its speaker is named
_DASH = re.compile(r"\s*[.,]?\s*(?:[—–―]|-{1,2}\s)\s*\w")
_GAP = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(…\))\s*")
_LEAST_ALIKE = 8  # words of a quotation, below which any sentence is like it
_ALIKE = 0.75  # share of a quotation's words that a changed one has in one sentence


def spoken(text: str, wording: Wording) -> Iterator[Span]:
    """Where `text` gives somebody's words: the insides of quotation marks that hold a
    sentence in the first person, or beside which somebody is said to speak. Titles and names
    of buttons are none."""
    for match in _QUOTED.finditer(text):
        span = next(Span(*match.span(i)) for i in range(1, 9) if match.group(i) is not None)
        inside = span.of(text)
        signs = sum(map(is_cjk, inside))
        if signs < _LEAST_SIGNS and len(inside.split()) < _LEAST_WORDS:
            continue
        if _is_title(inside, wording.language):
            continue
        before = text[max(0, match.start() - _BESIDE) : match.start()]
        after = text[match.end() : match.end() + _BESIDE]
        said = wording.says.search(before) or wording.says.search(after)
        own = wording.own_voice.search(inside) and not wording.elsewhere.search(before[-_NEAR:])
        if said or own or _DASH.match(after):
            yield span


def _is_title(text: str, language: str) -> bool:
    """English titles and names write most words with a capital; in German every noun has one."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words[1:])
    return language != "de" and len(words) > 2 and capitals >= _TITLE * (len(words) - 1)


def quoted_in(words: str, case: CaseText) -> Span | None:
    """Where the case has these words, whatever its punctuation and quotation marks; where
    words were left out with an ellipsis, from the first to the last. None where it has not."""
    position = 0
    first: Span | None = None
    last: Span | None = None
    for piece in _GAP.split(words):
        wanted = "".join(char for char in piece.casefold() if char.isalnum())
        if not wanted:
            continue
        at = case.letters.find(wanted, position)
        if at < 0:
            return None
        position = at + len(wanted)
        last = Span(case.places[at], case.places[position - 1] + 1)
        first = first or last
    if first is None or last is None:
        return None
    return Span(first.start, last.end)


def changed_words(words: str, case: CaseText) -> int | None:
    """The sentence of a case in the same language that a quotation has been made of, with
    other words in it; None where there is none."""
    wanted = set(_pieces(words))
    if len(wanted) < _LEAST_ALIKE:
        return None
    best, found = 0.0, None
    for number in range(len(case.spans)):
        share = len(wanted & set(_pieces(case.text(number)))) / len(wanted)
        if share > best:
            best, found = share, number
    return found if best >= _ALIKE else None


def _pieces(text: str) -> Iterator[str]:
    """Words, or pairs of signs where the script has no spaces."""
    for word in re.findall(r"\w+", text.casefold()):
        if is_cjk(word[0]):
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word
