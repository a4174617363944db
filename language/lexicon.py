"""Concepts of business, and where a text in any language speaks of them.

The words of a concept stand in `data/lexicon/*.yaml`, a file for each field of trade. A
concept found in a text is a term that all languages share.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import model_validator

from contracts.case import Span
from contracts.errors import BadInput
from language.datafile import DataFile, load_data
from language.stems import Stem, stem_words
from language.text import is_cjk, same_width

__all__ = ["LEXICON_LANGUAGES", "ConceptMention", "concept_words", "find_concepts", "lexicon_tag"]

# What every concept has words in: the languages that the product writes.
LEXICON_LANGUAGES = (
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "zh-Hans", "zh-Hant", "ja", "ko",
)  # fmt: skip
_ENGLISH = "en"
_ARABIC_PREFIXES = (
    "وال",
    "بال",
    "كال",
    "فال",
    "لل",
    "و",
    "ب",
    "ل",
    "ف",
)  # and, with, for: written to the word
_ARTICLE = "ال"
_SHORTEST_ARABIC = 3  # letters that must be left of a word without its prefix


@dataclass(frozen=True, slots=True)
class ConceptMention:
    concept: str
    span: Span


class _LexiconFile(DataFile):
    concepts: Mapping[str, Mapping[str, tuple[str, ...]]]

    @model_validator(mode="after")
    def _complete(self) -> _LexiconFile:
        for concept, words in self.concepts.items():
            if lacking := [code for code in LEXICON_LANGUAGES if not words.get(code)]:
                raise ValueError(f"{concept}: no words in {', '.join(lacking)}")
            if strange := sorted(set(words) - set(LEXICON_LANGUAGES)):
                raise ValueError(f"{concept}: words in a language not listed: {strange[0]}")
        return self


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
    tag = lexicon_tag(language)
    flat = same_width(text)
    found = list(_by_stems(flat, tag))
    if tag in _UNSPACED:
        found.extend(_by_characters(flat, tag))
    found.sort(key=lambda m: (m.span.start, -m.span.end, m.concept))
    return tuple(found)


def concept_words(concept: str, language: str) -> tuple[str, ...]:
    """The words of a concept in a language, the usual one first; empty where it has none."""
    return _concepts().get(concept, {}).get(lexicon_tag(language), ())


def lexicon_tag(language: str) -> str:
    """The tag under which the lexicon keeps a language: "pt" for "pt-BR", "zh-Hant" for
    "zh-TW"."""
    if language in LEXICON_LANGUAGES:
        return language
    base, _, rest = language.partition("-")
    if base == "zh":
        return "zh-Hant" if rest.split("-")[0] in {"Hant", "TW", "HK", "MO"} else "zh-Hans"
    return base


_UNSPACED = frozenset({"zh-Hans", "zh-Hant", "ja", "ko"})
# In these, a Latin word is English, or a name.
_OTHER_SCRIPTS = frozenset({"ar", "bg", "el", "fa", "he", "hi", "ru", "sr", "th", "uk"})
_Found = tuple[int, int, tuple[str, ...], bool]  # start, end, concepts, hides what is inside


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


@dataclass(slots=True)
class _Node:
    """A tree of stems: what may follow, and the concepts whose words end here, with the words
    as they are written: "fattura" and "fatturato" have one stem and are two things."""

    next: dict[str, _Node]
    concepts: dict[str, set[tuple[str, ...]]]

    def meant(self, written: tuple[str, ...]) -> tuple[str, ...]:
        exact = [concept for concept, words in self.concepts.items() if written in words]
        return tuple(exact or self.concepts)

    def add(self, concept: str, stems: Sequence[Stem]) -> None:
        node = self
        for stem in stems:
            node = node.next.setdefault(stem.text, _Node({}, {}))
        if stems:
            node.concepts.setdefault(concept, set()).add(tuple(stem.word for stem in stems))


@cache
def _stem_tree(tag: str) -> _Node:
    root = _Node({}, {})
    for concept, words in _concepts().items():
        for word in words.get(tag, ()):
            for form in _written(word, tag):
                root.add(concept, stem_words(same_width(form), tag))
    return root


@cache
def _latin_tree(tag: str) -> _Node:
    """English words, and those that a language of another script writes in Latin letters."""
    root = _Node({}, {})
    for concept, words in _concepts().items():
        for word in (*words[_ENGLISH], *words.get(tag, ())):
            if not any(map(is_cjk, word)):
                root.add(concept, stem_words(word, _ENGLISH))
    return root


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
    if tag in LEXICON_LANGUAGES and tag not in _UNSPACED:
        runs = _runs(stem_words(text, tag), _stem_tree(tag), arabic=tag == "ar")
        yield from _longest(runs)
    if tag in _UNSPACED or tag in _OTHER_SCRIPTS:
        latin = [stem for stem in stem_words(text, _ENGLISH) if stem.word.isascii()]
        yield from _longest(_runs(latin, _latin_tree(tag)))


def _runs(stems: Sequence[Stem], root: _Node, arabic: bool = False) -> Iterator[_Found]:
    for first in range(len(stems)):
        for node in _starts(stems[first], root, arabic):
            last = first
            while True:
                if node.concepts:
                    written = tuple(stem.word for stem in stems[first : last + 1])
                    meant = node.meant(written)
                    yield stems[first].span.start, stems[last].span.end, meant, False
                last += 1
                if last == len(stems) or (following := node.next.get(stems[last].text)) is None:
                    break
                node = following


def _starts(stem: Stem, root: _Node, arabic: bool) -> Iterator[_Node]:
    if (node := root.next.get(stem.text)) is not None:
        yield node
    elif arabic:
        for prefix in _ARABIC_PREFIXES:
            rest = stem.word.removeprefix(prefix)
            if rest != stem.word and len(rest) >= _SHORTEST_ARABIC:
                for inner in stem_words(rest, "ar"):
                    if (node := root.next.get(inner.text)) is not None:
                        yield node
                        return


@cache
def _automaton(tag: str) -> Any:
    import ahocorasick

    words: dict[str, tuple[set[int], list[str]]] = {}
    for concept, by_language in _concepts().items():
        for word in by_language.get(tag, ()):
            packed = _Packed(same_width(word))
            if any(is_cjk(char) for char in packed.text):
                gaps, concepts = words.setdefault(packed.text, (set(), []))
                gaps.update(packed.gaps_within(0, len(packed.text)))
                if concept not in concepts:
                    concepts.append(concept)
    hiding = {_Packed(same_width(word)).text for word in _blockers().get(tag, ())}
    for word in hiding:
        words.setdefault(word, (set(), []))
    automaton = ahocorasick.Automaton()
    for key, (gaps, concepts) in words.items():
        automaton.add_word(key, (len(key), frozenset(gaps), tuple(concepts), key in hiding))
    automaton.make_automaton()
    return automaton


def _by_characters(text: str, tag: str) -> Iterator[ConceptMention]:
    automaton = _automaton(tag)
    if not len(automaton):
        return
    packed = _Packed(text)
    found = []
    for end, (length, gaps, concepts, hides) in automaton.iter(packed.text):
        start = end - length + 1
        # 화면에서 버튼 holds no 서버: a space inside is one that the word itself may have.
        if packed.gaps_within(start, start + length) <= gaps:
            found.append((packed.places[start], packed.places[end] + 1, concepts, hides))
    yield from _longest(found)


class _Packed:
    """A text in lower case without its spaces, which Korean puts where it likes."""

    def __init__(self, text: str) -> None:
        kept: list[str] = []
        self.places: list[int] = []  # of each character in the text
        self._gaps: list[int] = []  # numbers of characters that a space stands before
        spaced = False
        for place, char in enumerate(text):
            if char.isspace():
                spaced = True
                continue
            lower = char.lower()
            if spaced and kept:
                self._gaps.append(len(kept))
            spaced = False
            kept.append(lower if len(lower) == 1 else char)
            self.places.append(place)
        self.text = "".join(kept)

    def gaps_within(self, start: int, end: int) -> set[int]:
        """Where spaces stood inside `[start, end)`, counted from `start`."""
        first = bisect_right(self._gaps, start)
        last = bisect_left(self._gaps, end)
        return {gap - start for gap in self._gaps[first:last]}


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
