"""Signs of spam in what a mail hides: text without size or colour, and words that are broken
up so that a filter does not read what a person reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from contracts.case import Span
from contracts.verdict import Place
from evaluation.rulefiles import Signal
from evaluation.spam.reading import Hit, Reading, strength_of

__all__ = ["HIDDEN_TESTS"]

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_FOREIGN = "\u0370-\u03ff\u0400-\u04ff"
_SUSPECT = re.compile(f"[{_UNSEEN}{_FOREIGN}]")
_BROKEN = re.compile(
    f"[A-Za-z][{_UNSEEN}]+[A-Za-z]"
    f"|(?<![A-Za-z])[A-Za-z]{{1,40}}[{_FOREIGN}][A-Za-z]|[A-Za-z][{_FOREIGN}]{{1,2}}[A-Za-z]"
)
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_][ ._*-]){3,40}[^\W\d_](?!\w)")
_ENTITY = re.compile(  # of "A" to "z"
    r"&#(?:x0?0?[4-7][0-9a-f]|0?(?:6[5-9]|[789]\d|1[01]\d|12[0-2]));", re.IGNORECASE
)
_LONGEST_SOURCE = 200_000  # characters of a page's source that are read
_LONGEST_COMMENT = 100
_FEWEST_SINGLE = b"\1\1\1\1"  # words of one letter in a row
_FEWEST_CODES = 20
_WORD_CHARACTER = re.compile(r"\W+")


def _hidden_text(reading: Reading, signal: Signal) -> Hit | None:
    """Hidden words behind visible ones. A preheader stands first; text that the style sheet
    shows on some screens is shown."""
    texts = [item for item in reading.view.hidden if not item.leading and not item.responsive]
    length = sum(len(_WORD_CHARACTER.sub("", item.text)) for item in texts)
    if length >= signal.threshold:
        return Hit(Place("html"), f"({length} characters, by {texts[0].why})")
    return None


def _long_preheader(reading: Reading, signal: Signal) -> Hit | None:
    hidden = [item.text for item in reading.view.hidden if item.leading]
    length = sum(len(_WORD_CHARACTER.sub("", text)) for text in hidden)
    return Hit(Place("html"), f"({length} characters)") if length > signal.threshold else None


def _broken_words(reading: Reading, signal: Signal) -> Hit | None:
    """Words with unseen characters in them, or with letters of another alphabet that look like
    their own."""
    del signal
    for part, text in (("subject", reading.view.subject), *reading.bodies):
        if text.isascii() or not _SUSPECT.search(text):
            continue
        match = _BROKEN.search(text)
        if match:
            return Hit(Place(part, Span(*match.span())))
    return None


def _spaced_words(reading: Reading, signal: Signal) -> Hit | None:
    """Words written letter by letter: "F R E E"."""
    texts = [("subject", reading.view.subject)]
    if _FEWEST_SINGLE in bytes([len(word) == 1 for word in reading.words]):
        texts.append((reading.part, reading.body))
    for part, text in texts:
        found = [match.span() for match in _SPACED.finditer(text)]
        if found:
            strength = strength_of(len(found), signal.threshold, signal.full)
            return Hit(Place(part, Span(*found[0])), f"({text[slice(*found[0])][:40]})", strength)
    return None


def _stuffed_words(reading: Reading, signal: Signal) -> Hit | None:
    """Comments inside of words, which only a filter stumbles over."""
    html = reading.view.html[:_LONGEST_SOURCE]
    count, place = 0, html.find("<!--")
    while place > 0:
        end = html.find("-->", place, place + _LONGEST_COMMENT) + 3
        if end > 2 and html[place - 1].isalpha() and html[end : end + 1].isalpha():
            count += 1
        place = html.find("<!--", place + 4)
    return Hit(Place("html"), f"({count})") if count > signal.threshold else None


def _coded_letters(reading: Reading, signal: Signal) -> Hit | None:
    """Plain letters written as numbers: "&#70;&#82;&#69;&#69;"."""
    html = reading.view.html[:_LONGEST_SOURCE]
    if html.count("&#") <= _FEWEST_CODES:
        return None
    count = len(_ENTITY.findall(html))
    share = count / max(1, reading.letters)
    if count > _FEWEST_CODES and share > signal.threshold:
        return Hit(Place("html"), f"({share:.0%} of the letters)")
    return None


HIDDEN_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "broken_words": _broken_words,
    "coded_letters": _coded_letters,
    "hidden_text": _hidden_text,
    "long_preheader": _long_preheader,
    "spaced_words": _spaced_words,
    "stuffed_words": _stuffed_words,
}
