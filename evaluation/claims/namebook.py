"""Many companies' names looked for in one text at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from contracts.case import Span
from language.mentions import find_terms
from language.names import without_legal_form
from language.text import is_cjk, same_width

__all__ = ["NameBook", "spoken_forms"]

_TOKEN = re.compile(r"\w+")
_SEPARATOR = re.compile("[,，;；]")  # behind it a description or a legal form follows
_SHORTEST = 2
_MOST_WORDS = 6  # of a name; longer ones describe a company ("A leading provider of …")
_SHORTEST_WORD = 5  # letters of a first word that stands for a name
_PARTICLE = 3  # letters of "of", "and", "de", "van"
_CALLED = 2  # times that a story must use a short form
_FIRST_SIGNS = 2  # by which names in a script without spaces are looked up


@dataclass(frozen=True, slots=True)
class _Form:
    text: str
    folded: str
    key: str
    exact: bool  # one word counts only as written, or all in capitals


class NameBook:
    """Made once of names by key; does not change. Time to find grows with the text, hardly with
    the number of names. `stories` are texts by key that show how the companies are called."""

    def __init__(
        self, names: Mapping[str, Iterable[str]], stories: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._by_word: dict[str, list[_Form]] = {}
        self._by_signs: dict[str, list[_Form]] = {}
        for key, given in names.items():
            story = stories.get(key, "")
            for form in dict.fromkeys(form for name in given for form in spoken_forms(name, story)):
                self._add(same_width(form), key)

    def _add(self, text: str, key: str) -> None:
        form = _Form(text, text.casefold(), key, len(text.split()) == 1)
        if is_cjk(text[0]):
            self._by_signs.setdefault(text[:_FIRST_SIGNS], []).append(form)
        elif match := _TOKEN.match(text):
            self._by_word.setdefault(match.group().casefold(), []).append(form)

    def find(self, text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
        """Where names stand, with the keys that have that name; the longest at each place, in
        order, none overlapping another."""
        flat = same_width(text)
        end = 0
        for start, forms in self._starts(flat):
            if start < end:
                continue
            fitting = [form for form in forms if _stands(form, flat, start)]
            if fitting:
                longest = max(len(form.text) for form in fitting)
                keys = dict.fromkeys(f.key for f in fitting if len(f.text) == longest)
                end = start + longest
                yield Span(start, end), tuple(keys)

    def _starts(self, flat: str) -> Iterator[tuple[int, list[_Form]]]:
        found: list[tuple[int, list[_Form]]] = []
        for match in _TOKEN.finditer(flat):
            word, first = match.group(), match.start()
            if forms := self._by_word.get(word.casefold()):
                found.append((first, forms))
            if word.isascii():
                continue
            for place in range(len(word)):  # "用Nordlicht做" holds three words
                at = first + place
                if is_cjk(word[place]):
                    if forms := self._by_signs.get(flat[at : at + _FIRST_SIGNS]):
                        found.append((at, forms))
                elif place and is_cjk(word[place - 1]):
                    latin = re.match(r"[^\W\u3005-\ud7af\uf900-\ufaff]+", flat[at:])
                    if latin and (forms := self._by_word.get(latin.group().casefold())):
                        found.append((at, forms))
            latin = re.match(r"[^\W\u3005-\ud7af\uf900-\ufaff]+", word)
            forms = self._by_word.get(latin.group().casefold()) if latin else None
            if forms and latin and latin.end() < len(word):
                found.append((first, forms))
        found.sort(key=lambda item: item[0])
        return iter(found)


def spoken_forms(name: str, text: str = "") -> Iterator[str]:
    """The forms by which a mail names a company: its name, that without the legal form, and its
    first word where `text`, the company's own story, calls it so in the midst of sentences.
    None of a description that names nobody ("A leading provider of …"), and no short form that
    may be any word: it would find customers that are not meant."""
    short = _SEPARATOR.split(without_legal_form(name.strip(" :：")))[0].strip(" .")
    words = short.split()
    if not short or len(words) > _MOST_WORDS or _describes(short):
        return
    forms = [_SEPARATOR.split(name)[0].strip(" :："), short]
    if len(words) > 1 and _called(words[0], words[1], text):
        forms.append(words[0])
    for form in dict.fromkeys(forms):
        if len(form) >= _SHORTEST:
            yield form


def _called(first: str, second: str, text: str) -> bool:
    """Whether a text calls somebody by the first word of a name alone, not only at the
    beginning of a sentence."""
    if len(first) < _SHORTEST_WORD or not first.isalpha() or first.islower():
        return False
    if find_terms(first, "en"):  # a country, say
        return False
    alone = re.compile(rf"(?<=[a-z] ){re.escape(first)}(?!\s+{re.escape(second)}|\s+[A-Z]|[\w-])")
    return len(alone.findall(text)) >= _CALLED


def _describes(name: str) -> bool:
    """Whether words in small letters show that this tells what a company is. Particles do not
    count, nor does a name that has no capital at all."""
    words = name.split()
    small = any(len(word) > _PARTICLE and word[0].islower() for word in words)
    return len(words) > 1 and small and any(word[0].isupper() for word in words)


def _stands(form: _Form, flat: str, start: int) -> bool:
    end = start + len(form.text)
    found = flat[start:end]
    if form.exact:
        if found not in (form.text, form.text.upper()):
            return False
    elif found.casefold() != form.folded:
        return False
    if start and _joined(flat[start - 1], found[0]):
        return False
    return end >= len(flat) or not _joined(found[-1], flat[end])


def _joined(one: str, other: str) -> bool:
    """Whether two signs are within one word of a script that puts spaces between words."""
    return one.isalnum() and other.isalnum() and not is_cjk(one) and not is_cjk(other)
