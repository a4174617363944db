"""Company names: as people say them, and every form by which they give a company away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from contracts.case import Span
from language.datafile import DataFile, load_data
from language.text import is_cjk, phrase_pattern

__all__ = ["find_names", "name_forms", "person_forms", "without_legal_form"]

_SHORTEST_FORM = 5  # characters of the first words of a name that stand for it
_SHORTEST_CJK = 4  # of the first characters of a name in a script without spaces


class _LegalForms(DataFile):
    after: tuple[str, ...]  # stand behind a name after a space or a comma
    joined: tuple[str, ...]  # stand behind a name without a space


@cache
def _pattern() -> re.Pattern[str]:
    forms = load_data("language", "legal_forms.yaml", _LegalForms)
    after = "|".join(map(re.escape, sorted(forms.after, key=len, reverse=True)))
    joined = "|".join(map(re.escape, sorted(forms.joined, key=len, reverse=True)))
    return re.compile(rf"(?:[,，]?\s+(?:{after})|(?:（[^（）]*）|\([^()]*\))?(?:{joined}))\s*$")


def without_legal_form(name: str) -> str:
    """A company's name without its legal form and seat: "Cawdrey Stampings, Inc." is
    "Cawdrey Stampings", "澄岚饮品（常州）有限公司" is "澄岚饮品". A name that is nothing else
    stays whole."""
    short = name.strip()
    for _ in range(3):  # "GmbH & Co. KG", "Pte. Ltd."
        cut = _pattern().sub("", short).strip()
        if cut == short or len(cut) < 2:
            break
        short = cut
    # A Latin name keeps no seat in brackets either: "Lanting Cold Chain Logistics (Qingdao)".
    plain = re.sub(r"\s*\([^()]*\)$", "", short).strip()
    return plain or short


def name_forms(name: str) -> tuple[str, ...]:
    """The forms of a company's name that give it away, the longest first: the whole name,
    its first words ("Cawdrey Stampings", "Cawdrey"), and in a script without spaces its
    first characters. Nothing for an empty name."""
    name = name.strip()
    if not name:
        return ()
    forms = [name]
    words = re.split(r"[\s,]+", name)
    for length in range(len(words) - 1, 0, -1):
        form = " ".join(words[:length])
        if len(form) >= _SHORTEST_FORM:
            forms.append(form)
    if is_cjk(name[0]):
        forms += [name[:length] for length in range(len(name) - 1, _SHORTEST_CJK - 1, -1)]
    return tuple(dict.fromkeys(forms))


def person_forms(name: str) -> tuple[str, ...]:
    """A person's name as a whole, and the family name where it is more than an initial."""
    words = name.split()
    return (name, words[-1]) if len(words) > 1 and len(words[-1]) > 2 else (name,)


def find_names(text: str, forms: Sequence[str]) -> tuple[Span, ...]:
    """Where any of `forms` stands in `text`, the longest at each place, in order.

    Several words are found in any case, a single one only as it is written, so that a
    company called "Nordic Foods" does not forbid the word "nordic".
    """
    spans: list[Span] = []
    for form in forms:
        for match in _form_pattern(form).finditer(text):
            span = Span(*match.span())
            if not any(s.start < span.end and span.start < s.end for s in spans):
                spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.start))


@lru_cache(maxsize=2048)
def _form_pattern(form: str) -> re.Pattern[str]:
    return re.compile(phrase_pattern(form), re.IGNORECASE if " " in form else 0)
