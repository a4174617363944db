"""Concepts of business, and where a text in any language speaks of them.

The words of a concept stand in `data/lexicon/*.yaml`, a file for each field of trade. A
concept found in a text is a term that all languages share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import model_validator

from contracts.case import Span
from contracts.errors import BadInput
from language.concept_characters import CharacterFinder
from language.concept_stems import StemTree, runs_in
from language.datafile import DataFile, load_data
from language.stems import stem_words
from language.tags import data_language
from language.text import is_cjk, same_width

__all__ = ["ConceptMention", "concept_words", "find_concepts", "lexicon_languages"]

_ENGLISH = "en"
_AS_WRITTEN = "="  # in front of a word whose stem is that of another: "=Lager" is not "Lage"
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class ConceptMention:
    concept: str
    span: Span


class _LexiconFile(DataFile):
    concepts: Mapping[str, Mapping[str, tuple[str, ...]]]

    @model_validator(mode="after")
    def _complete(self) -> _LexiconFile:
        wanted = lexicon_languages()
        for concept, words in self.concepts.items():
            if lacking := [code for code in wanted if not words.get(code)]:
                raise ValueError(f"{concept}: no words in {', '.join(lacking)}")
            if strange := sorted(set(words) - set(wanted)):
                raise ValueError(f"{concept}: words in a language not listed: {strange[0]}")
        return self


class _AboutFile(DataFile):
    languages: tuple[str, ...]
    by_characters: frozenset[str]
    other_scripts: frozenset[str]


class _BlockersFile(DataFile):
    languages: Mapping[str, tuple[str, ...]]


class _EndingsFile(DataFile):
    languages: Mapping[str, Mapping[str, str]]


def find_concepts(text: str, language: str) -> tuple[ConceptMention, ...]:
    """Where `text` speaks of concepts of the lexicon, in order of place, then of length.

    The longest words at a place count, and shorter ones inside these too: "data center" is
    also "data". Inflected forms are found by their stems. Latin words in a text of another
    script are looked up as English ones. A language without words finds only these.
    """
    tag = data_language(language)
    flat = same_width(text)
    found = list(_by_stems(flat, tag))
    if tag in _about().by_characters:
        found.extend(_longest(_characters(tag).find(flat)))
    found.sort(key=lambda m: (m.span.start, -m.span.end, m.concept))
    return tuple(found)


def concept_words(concept: str, language: str) -> tuple[str, ...]:
    """The words of a concept in a language, the usual one first; empty where it has none."""
    words = _concepts().get(concept, {}).get(data_language(language), ())
    return tuple(word.removeprefix(_AS_WRITTEN) for word in words)


_Found = tuple[int, int, tuple[str, ...], bool]  # start, end, concepts, hides what is inside


def lexicon_languages() -> tuple[str, ...]:
    """The languages that every concept has words in."""
    return _about().languages


@cache
def _about() -> _AboutFile:
    return load_data("language", "lexicon.yaml", _AboutFile)


@cache
def _concepts() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    folder = files("language").joinpath("data", "lexicon")
    merged: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        for concept, words in load_data(
            "language", f"lexicon/{entry.name}", _LexiconFile
        ).concepts.items():
            if concept in merged:
                raise BadInput(f"lexicon/{entry.name}: {concept} is there twice; take one out")
            merged[concept] = words
    return merged


@cache
def _stem_tree(tag: str) -> StemTree:
    root = StemTree()
    for concept, words in _concepts().items():
        for word in words.get(tag, ()):
            inflected = not word.startswith(_AS_WRITTEN)
            for form in _written(word, tag) if inflected else (word,):
                root.add(concept, stem_words(same_width(form), tag), inflected)
    return root


@cache
def _latin_tree(tag: str) -> StemTree:
    """English words, and those that a language of another script writes in Latin letters."""
    root = StemTree()
    for concept, words in _concepts().items():
        for word in (*words[_ENGLISH], *words.get(tag, ())):
            if not any(map(is_cjk, word)):
                root.add(concept, stem_words(word, _ENGLISH), not word.startswith(_AS_WRITTEN))
    return root


@cache
def _characters(tag: str) -> CharacterFinder:
    words = [(concept, word) for concept, all_ in _concepts().items() for word in all_.get(tag, ())]
    return CharacterFinder(words, _blockers().get(tag, ()))


def _written(word: str, tag: str) -> Iterator[str]:
    """The forms to look for, where stems alone do not join them: plurals (endings.yaml), and in
    Arabic the article, with which a plural has another stem."""
    yield word
    parts = word.split()
    plural = [_plural(part, tag) for part in parts]
    if plural != parts:
        yield " ".join([plural[0], *parts[1:]])
        yield " ".join(plural)
    if tag == "ar" and not word.startswith(_ARTICLE):
        defined = [p if p.startswith(_ARTICLE) else _ARTICLE + p for p in parts]
        yield " ".join(defined)
        if len(parts) > 1:
            yield " ".join([parts[0], *defined[1:]])


def _plural(word: str, tag: str) -> str:
    for singular, plural in sorted(_endings().get(tag, {}).items(), key=lambda e: -len(e[0])):
        if word.endswith(singular) and len(word) > len(singular) + 1:
            return word.removesuffix(singular) + plural
    return word


@cache
def _blockers() -> Mapping[str, tuple[str, ...]]:
    return load_data("language", "blockers.yaml", _BlockersFile).languages


@cache
def _endings() -> Mapping[str, Mapping[str, str]]:
    return load_data("language", "endings.yaml", _EndingsFile).languages


def _by_stems(text: str, tag: str) -> Iterator[ConceptMention]:
    """By the words of a language with spaces, and by English ones in other scripts."""
    about = _about()
    if tag in about.languages and tag not in about.by_characters:
        runs = runs_in(stem_words(text, tag), _stem_tree(tag), arabic=tag == "ar")
        yield from _longest((*run, False) for run in runs)
    if tag in about.other_scripts:
        latin = [stem for stem in stem_words(text, _ENGLISH) if stem.word.isascii()]
        yield from _longest((*run, False) for run in runs_in(latin, _latin_tree(tag)))


def _longest(found: Iterable[_Found]) -> Iterator[ConceptMention]:
    """The leftmost longest places, and what lies wholly inside those that do not hide it."""
    end = -1
    blocked = False
    for start, stop, concepts, hides in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= end:
            end, blocked = stop, hides
        elif stop > end or blocked:
            continue  # begins inside one and ends outside: "和服" in "和服务"
        for concept in concepts:
            yield ConceptMention(concept, Span(start, stop))
