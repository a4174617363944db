"""Names in a model's text that nothing it was given mentions.

What a name looks like depends on the writing. Where only names and the first word of a
sentence have a capital letter, every other word with one is a name. German gives all nouns
a capital letter, so only words with capitals inside ("SKF", "ThyssenKrupp") are taken for
names. In scripts without capitals a word in Latin letters is one, and so is what stands
beside the mark of a company ("有限公司").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from language.tags import data_language
from personalize.writing.prompt_files import by_language, checks

__all__ = ["invented_name", "known_words"]

# Latin letters only: in "Boschの" the name ends where the other script begins.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9&'’-]*")
_NEW_SENTENCE = re.compile(r"(?:^|[.!?:;…–—|•¿¡]|[“„\"«(\[])\s*$")
_NOUNS_WITH_CAPITALS = frozenset({"de"})
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_POSSESSIVE = re.compile(r"['’](?:s|S)?$")


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """Every word of `texts` in Latin letters, and every part of one with hyphens, in lower
    case."""
    words: set[str] = set()
    for text in texts:
        for match in _WORD.finditer(text):
            words |= _forms(match.group())
    return frozenset(words)


def invented_name(text: str, language: str, known: frozenset[str], given: str) -> str:
    """The first name in `text` that is not among the `known` words, "" if there is none.

    Args:
        given: all that the model was shown, for marks of companies in scripts without spaces.
    """
    for mark in checks().company_marks:
        at = text.find(mark)
        if at >= 0 and text[max(0, at - 4) : at + len(mark)] not in given:
            return text[max(0, at - 8) : at + len(mark)].strip()
    allowed = known | _ordinary(language)
    latin = _written_in_latin(text)
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        if word.casefold() in allowed:
            continue
        opens = bool(_NEW_SENTENCE.search(text[: match.start()]))
        # Of "d'Airbus" and "SKF-Lager" each part is looked at, the first with what is before.
        for number, part in enumerate(_parts(word)):
            first = opens and number == 0
            if _like_a_name(part, first, language, latin) and part.casefold() not in allowed:
                return word
    return ""


def _like_a_name(word: str, opens: bool, language: str, latin: bool) -> bool:
    if not latin:
        return True
    inner = any(char.isupper() for char in word[1:])
    if inner or data_language(language) in _NOUNS_WITH_CAPITALS:
        return inner
    return word[0].isupper() and not opens


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[-&’']", word) if len(part) > 1]


def _forms(word: str) -> set[str]:
    plain = _POSSESSIVE.sub("", word).casefold()
    return {plain, *_parts(plain)} - {""}


def _written_in_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(1 for char in letters if _LATIN.match(char)) * 2 > len(letters)


@lru_cache(maxsize=64)
def _ordinary(language: str) -> frozenset[str]:
    """Words with a capital letter that name no company: abbreviations of the trades, days,
    months, and the countries by their names in the language."""
    from babel import Locale, UnknownLocaleError

    words = [*checks().abbreviations, *by_language(checks().capitals, language, ())]
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return known_words(words)
    words += locale.territories.values()
    for names in (locale.days, locale.months):
        for widths in names.values():
            for by_number in widths.values():
                words += by_number.values()
    return known_words(words)
