"""Names: taken apart, and out of capitals. Nothing is concluded from a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from contracts.audience import Salutation
from language.datafile import DataFile, load_data
from personalize.audience.values import read_salutation

__all__ = ["Name", "academic_title", "calm", "calm_name", "is_han", "is_hangul", "split_name"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one cell, taken apart. `sure` is False where it could not be."""

    first: str = ""
    last: str = ""
    title: str = ""
    salutation: Salutation = Salutation.UNKNOWN
    sure: bool = True


class _Academic(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str
    form: str


class _Names(DataFile):
    compound_surnames: str
    surnames: str
    particles: tuple[str, ...]
    academic: tuple[_Academic, ...]
    legal_forms: tuple[str, ...]
    lower_words: tuple[str, ...]


_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af·•・]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")


def is_han(text: str) -> bool:
    """Whether a name is in Han characters throughout."""
    return bool(_HAN.fullmatch(text))


def is_hangul(text: str) -> bool:
    """Whether a name is in Hangul throughout."""
    return bool(_HANGUL.fullmatch(text))


def academic_title(text: str) -> str:
    """The title that a person is spoken to with, "" if none: "Dr.", "Prof.", "Prof. Dr.".

    Dipl.-Ing., M.Sc. and the like are written behind or before a name but not spoken.
    """
    for pattern, form in _academic():
        if pattern.match(text.strip()):
            return form
    return ""


def split_name(text: str) -> Name:
    """First and last name of a full name as it stands in one cell.

    Han: a surname of two characters from the list, else of one; what begins with none, or
    has nothing behind it, is not split and given as the last name. Other scripts: "Last,
    First"; else the last word with the particles before it ("von der Heide") is the last
    name. A form of address and academic titles before the name are taken off. One word
    alone is not told apart and stays the last name, not `sure`.
    """
    words = text.split()
    salutation = Salutation.UNKNOWN
    if len(words) > 1 and (said := read_salutation(words[0])) is not None:
        salutation, words = said, words[1:]
    rest = " ".join(words)
    title = ""
    while (found := _leading_title(rest)) and found[1]:
        title = title or found[0]
        rest = found[1]
    if is_han(rest.replace(" ", "")):
        joined = rest.replace(" ", "")
        joined, said = _without_han_address(joined)
        salutation = said if said is not Salutation.UNKNOWN else salutation
        for length in (2, 1):
            if joined in _surnames()[2]:
                break
            if len(joined) > length and joined[:length] in _surnames()[length]:
                return Name(joined[length:], joined[:length], title, salutation)
        return Name("", joined, title, salutation, sure=False)
    if rest.count(",") == 1:
        last, first = (part.strip() for part in rest.split(","))
        if first and last:
            return Name(first, last, title, salutation)
    words = rest.split()
    if len(words) < 2:
        return Name("", rest, title, salutation, sure=False)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _particles():
        at -= 1
    return Name(" ".join(words[:at]), " ".join(words[at:]), title, salutation)


def calm_name(text: str) -> str:
    """A person's name out of capitals: "VON DER HEIDE" -> "von der Heide", "O'BRIEN" ->
    "O'Brien", "MCDONALD" -> "McDonald", "ANNE-MARIE" -> "Anne-Marie"."""
    words = text.split()
    calmed = [
        word.casefold()
        if len(words) > 1 and at < len(words) - 1 and word.casefold() in _particles()
        else "".join(_capital(part) for part in re.split(r"([-'’.])", word))
        for at, word in enumerate(words)
    ]
    return " ".join(calmed)


def calm(text: str) -> str:
    """A company or job title out of capitals; legal forms and short abbreviations stay."""
    kept = {form.casefold(): form for form in _names().legal_forms}
    lower = set(_names().lower_words)
    calmed = []
    for at, word in enumerate(text.split()):
        folded = word.casefold()
        bare = folded.strip(",;()")
        if bare in kept:
            calmed.append(word.casefold().replace(bare, kept[bare]))
        elif at and folded in lower:
            calmed.append(folded)
        elif len(bare) <= 3 and not re.search("[aeiouäöü]", bare):
            calmed.append(word)
        else:
            calmed.append("".join(_capital(part) for part in re.split(r"([-/&.(])", word)))
    return " ".join(calmed)


def _capital(part: str) -> str:
    if len(part) > 4 and part[:2].casefold() == "mc":
        return "Mc" + part[2:3].upper() + part[3:].lower()
    return part[:1].upper() + part[1:].lower()


def _leading_title(text: str) -> tuple[str, str] | None:
    for pattern, form in _academic():
        if match := pattern.match(text):
            return form, text[match.end() :].lstrip(" .,")
    return None


def _without_han_address(text: str) -> tuple[str, Salutation]:
    """ "王伟先生" -> "王伟", MR."""
    if len(text) > 3 and (said := read_salutation(text[-2:])) is not None:
        return text[:-2], said
    return text, Salutation.UNKNOWN


# --- data, loaded once ---------------------------------------------------------------------


@cache
def _names() -> _Names:
    return load_data("personalize.audience", "names.yaml", _Names)


@cache
def _academic() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row.pattern, re.IGNORECASE), row.form) for row in _names().academic)


@cache
def _particles() -> frozenset[str]:
    return frozenset(word.casefold() for word in _names().particles)


@cache
def _surnames() -> Mapping[int, frozenset[str]]:
    return {
        2: frozenset(_names().compound_surnames.split()),
        1: frozenset("".join(_names().surnames.split())),
    }
