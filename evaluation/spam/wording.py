"""Signs of spam in how a text is written: shouting, sums of money, phrases.

The phrases stand in the rule files, one file a language. A measured sign counts by degrees:
nothing up to its `threshold`, wholly from its value `full` on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from contracts.case import Span
from contracts.verdict import Place
from evaluation.rulefiles import Signal
from evaluation.spam.phrasebook import Flat, Found, flatten, pattern_of
from evaluation.spam.reading import Hit, Reading, strength_of

__all__ = ["WORDING_TESTS", "phrase_hits"]

_CURRENCY = "$€£¥￥₩₹"
_LETTER = re.compile(r"[^\W\d_]")
_RUN = re.compile(r"(?:[!！][?？]? ?){3,}|\${3,}")
# Every run begins with one of these.
_RUN_BEGINS = ("!!", "! !", "!?", "！！", "！ ！", "！？", "!！", "！!", "!？", "！?", "$$$")
_SUBJECT_URL = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
_LARGE_SUM = re.compile(
    rf"[{_CURRENCY}]\s?\d{{1,3}}(?:(?:[.,]\d{{3}})+|[\d.,]{{0,12}}\s?(?:k|mio|million|billion)\b)",
    re.IGNORECASE,
)
_SHORTEST_LOUD = 4  # letters: shorter words in capitals are mostly names of things
_FEWEST_WORDS = 20
_PER_HIT = 0.5  # what each further phrase leaves to be said
_TYPICAL = 50  # words whose share of phrases is taken to be the middle one
_NONE: Mapping[Flat, Found] = {}


def _shouting_subject(reading: Reading, signal: Signal) -> Hit | None:
    letters = _LETTER.findall(reading.view.subject[:1000])
    cased = [letter for letter in letters if letter.lower() != letter.upper()]
    loud = sum(letter.isupper() for letter in cased)
    if len(cased) >= 12 and loud / len(cased) >= signal.threshold:
        return Hit(Place("subject"))
    return None


def _shouting(reading: Reading, signal: Signal) -> Hit | None:
    """Share of longer words that are in capitals."""
    words = [word for word in reading.words if len(word) >= _SHORTEST_LOUD]
    if len(words) < _FEWEST_WORDS:
        return None
    loud = sum(word.isupper() for word in words)
    return _measured(reading, signal, loud / len(words), f"({loud / len(words):.0%})")


def _exclamation_run(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    for part, text in (("subject", reading.view.subject), *reading.bodies):
        match = _RUN.search(text) if any(sign in text for sign in _RUN_BEGINS) else None
        if match:
            return Hit(Place(part, Span(*match.span())))
    return None


def _exclamations(reading: Reading, signal: Signal) -> Hit | None:
    """Exclamation marks to a hundred words."""
    count = reading.body.count("!") + reading.body.count("！")
    return _measured(reading, signal, _per_hundred(reading, count), f"({count})")


def _sums(reading: Reading, signal: Signal) -> Hit | None:
    """Signs of money to a hundred words."""
    count = _amounts(reading)
    return _measured(reading, signal, _per_hundred(reading, count), f"({count})")


def _large_sums(reading: Reading, signal: Signal) -> Hit | None:
    """Sums of four digits and more to a hundred words."""
    count = len(_LARGE_SUM.findall(reading.body)) if _amounts(reading) else 0
    return _measured(reading, signal, _per_hundred(reading, count), f"({count})")


def _amounts(reading: Reading) -> int:
    return sum(map(reading.body.count, _CURRENCY))


def _brief(reading: Reading, signal: Signal) -> Hit | None:
    """A mail of few words; `threshold` is where it is too short to be judged as a letter."""
    words = len(reading.words)
    if words >= signal.threshold:
        return None
    return Hit(Place(reading.part), f"({words} words)", 1.0 - words / signal.threshold)


def _subject_url(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    match = _SUBJECT_URL.search(reading.view.subject[:1000])
    return Hit(Place("subject", Span(*match.span()))) if match else None


def _measured(reading: Reading, signal: Signal, value: float, detail: str) -> Hit | None:
    strength = strength_of(value, signal.threshold, signal.full)
    return Hit(Place(reading.part), detail, strength) if strength > 0 else None


def _per_hundred(reading: Reading, count: int) -> float:
    return 100 * count / max(_FEWEST_WORDS, len(reading.words))


def phrase_hits(reading: Reading) -> Iterator[tuple[Signal, Hit]]:
    """The phrases of the mail's language, of every language where it is not known."""
    book = reading.known.wordbook(reading.look.language)
    in_subject = book.subject.find(flatten(reading.view.subject[:1000]))
    in_body = book.body.find(flatten(reading.body))
    for signal in book.signals:
        subject, body = in_subject.get(signal.id, _NONE), in_body.get(signal.id, _NONE)
        if signal.full:
            count = sum(item.count for found in (subject, body) for item in found.values())
            strength = _density(reading, signal, count)
        else:
            strength = 1.0 - _PER_HIT ** len({*subject, *body})
        if strength > 0:
            yield signal, _phrase_hit(reading, signal, subject, body, strength)


def _density(reading: Reading, signal: Signal, count: int) -> float:
    """How strongly the share of phrases among the words speaks. Short texts are taken to be
    halfway, as they show little."""
    middle = (signal.threshold + signal.full) / 2
    words = len(reading.words)
    value = (100 * count + middle * _TYPICAL) / (words + _TYPICAL)
    strength = strength_of(value, signal.threshold, signal.full)
    return 1.0 - strength if signal.lack else strength


def _phrase_hit(
    reading: Reading,
    signal: Signal,
    subject: Mapping[Flat, Found],
    body: Mapping[Flat, Found],
    strength: float,
) -> Hit:
    part, text = ("subject", reading.view.subject) if subject else (reading.part, reading.body)
    flat, found = next(iter((subject or body).items()), (None, None))
    if flat is None or found is None or signal.quiet:  # nothing is to be shown
        return Hit(Place(part), "", strength)
    pattern = pattern_of(flat)
    # Flattening makes a text shorter, but for rare letters that are longer in lower case.
    match = pattern.search(text, found.start) or pattern.search(text)
    if match is None:  # broken by something that `flatten` took out
        return Hit(Place(part), f"({' … '.join(flat.pieces)})", strength)
    words = " ".join(match.group()[:60].split())
    return Hit(Place(part, Span(*match.span())), f"({words})", strength)


WORDING_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "brief": _brief,
    "exclamation_run": _exclamation_run,
    "exclamations": _exclamations,
    "large_sums": _large_sums,
    "shouting": _shouting,
    "shouting_subject": _shouting_subject,
    "subject_url": _subject_url,
    "sums": _sums,
}
