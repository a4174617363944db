"""Whether the subject and the name of the sender hold what the mail itself says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from contracts.case import Span
from contracts.verdict import Place
from evaluation.claims.sources import numbers_in
from evaluation.law.answers import Answers, Idle, Met, Missed, Unseen
from evaluation.law.packfile import SenderName, SubjectPromise
from evaluation.look import Look
from evaluation.packs import of_language
from evaluation.prefilter import sought
from evaluation.view.mailview import mailboxes
from language.numbers import Number

__all__ = ["sender_name", "subject_promise"]

_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]{2,}")
_SENSE = frozenset({"percent", "times"})  # units whose figures are promises wherever they stand


def sender_name(check: SenderName, look: Look) -> Answers:
    """A word of the display name stands in the mail or in the sender's domain. A name that
    neither knows is somebody else's: a bank's, an authority's."""
    del check
    if not look.view.has_headers or look.context.in_campaign:
        yield Unseen("the file has no mail headers") if not look.view.has_headers else Met()
        return
    place = Place("header:From")
    boxes = mailboxes(look.view.header("From"))
    words = _WORD.findall(_folded(boxes[0].name)) if boxes else []
    if not words:
        yield Idle("the sender shows an address alone")
        return
    known = _folded(" ".join(text for _, text in look.view.bodies))
    domain = boxes[0].domain.replace("-", "")
    pieces = [piece for word in words for piece in _pieces(word)]
    if any(piece in known or piece in domain for piece in pieces):
        yield Met(place)
    else:
        yield Missed(place, found={"said": boxes[0].name[:60]})


def _pieces(word: str) -> list[str]:
    """A word; of one in a script without spaces each pair of its signs."""
    if word[0] < "\u3040":
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


@lru_cache(maxsize=64)  # every law asks the same of one mail
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize(
        "NFC", "".join(char for char in plain if not unicodedata.combining(char))
    )


def subject_promise(check: SubjectPromise, look: Look) -> Answers:
    """Percentages, multiples and amounts of money of the subject stand in the body too, and
    what it calls free is called so there."""
    del check
    if not look.view.has_subject:
        yield Unseen("the file has no subject")
        return
    subject, body = look.view.subject, look.view.body
    promised = [item for item in numbers_in(subject, look.language) if _promises(item)]
    if promised:
        held = {item.value for item in numbers_in(body, look.language)}
        for item in promised:
            if item.value not in held:
                yield Missed(Place("subject", item.span), found={"said": item.raw.strip()})
                return
    lists = look.packs.topics["promises"].lists
    patterns = of_language(lists, look.language) or ()
    free = next((hit for item in patterns for hit in _hits(item, subject)), None)
    if free and not any(next(_hits(item, body), None) for item in patterns):
        yield Missed(Place("subject", Span(*free.span())), found={"said": free.group()})
        return
    yield Met(Place("subject"))


def _hits(pattern: str, text: str) -> Iterator[re.Match[str]]:
    return sought(pattern).finditer(text, text.lower())


def _promises(number: Number) -> bool:
    return number.unit in _SENSE or number.unit.upper() in _currencies()


@cache
def _currencies() -> frozenset[str]:
    from babel.numbers import list_currencies

    return frozenset(list_currencies())
