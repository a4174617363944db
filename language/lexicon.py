"""Concepts of business, and where a text in any language speaks of them.

The words of a concept stand in `data/lexicon/*.yaml`, a file for each field of trade. A
concept found in a text is a term that all languages share.
"""

from __future__ import annotations

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
_ARABIC_PREFIXES = ("وال", "بال", "لل", "و", "ب", "ل")  # and, with, for: written to the word
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


def find_concepts(text: str, language: str) -> tuple[ConceptMention, ...]:
    """Where `text` speaks of concepts of the lexicon, in order of place, then of length.

    The longest words at a place count, and shorter ones inside these too: "data center" is
    also "data". Inflected forms are found by their stems. Latin words in a text of another
    script are looked up as English ones. A language without words finds only these.
    """
    tag = lexicon_tag(language)
    flat = same_width(text)
    found = list(_by_stems(flat, tag if tag not in _UNSPACED else _ENGLISH, language))
    if tag in _UNSPACED:
        found.extend(_by_characters(flat, tag))
    elif tag == "ar":
        latin = [stem for stem in stem_words(flat, _ENGLISH) if stem.word.isascii()]
        found.extend(_longest(_runs(latin, _stem_tree(_ENGLISH))))
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
_Found = tuple[int, int, tuple[str, ...]]  # start, end, concepts


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
    """A tree of stems: what may follow, and the concepts that end here."""

    next: dict[str, _Node]
    concepts: list[str]


@cache
def _stem_tree(tag: str) -> _Node:
    root = _Node({}, [])
    for concept, words in _concepts().items():
        for word in words.get(tag, ()):
            node = root
            for stem in stem_words(same_width(word), tag):
                node = node.next.setdefault(stem.text, _Node({}, []))
            if node is not root and concept not in node.concepts:
                node.concepts.append(concept)
    return root


def _by_stems(text: str, tag: str, language: str) -> Iterator[ConceptMention]:
    if tag not in LEXICON_LANGUAGES:
        tag = _ENGLISH
        stems = [s for s in stem_words(text, tag) if s.word.isascii()]
        if language.split("-")[0] not in {"el", "ru", "uk", "th", "hi", "he", "fa"}:
            return  # its own words are written in the same letters
    else:
        stems = list(stem_words(text, tag))
    yield from _longest(_runs(stems, _stem_tree(tag), arabic=tag == "ar"))


def _runs(stems: Sequence[Stem], root: _Node, arabic: bool = False) -> Iterator[_Found]:
    for first in range(len(stems)):
        for node in _starts(stems[first], root, arabic):
            last = first
            while True:
                if node.concepts:
                    yield (
                        stems[first].span.start,
                        stems[last].span.end,
                        tuple(node.concepts),
                    )
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

    words: dict[str, list[str]] = {}
    for concept, by_language in _concepts().items():
        for word in by_language.get(tag, ()):
            key = _packed(same_width(word))[0]
            if any(is_cjk(char) for char in key) and concept not in words.setdefault(key, []):
                words[key].append(concept)
    automaton = ahocorasick.Automaton()
    for key, concepts in words.items():
        automaton.add_word(key, (len(key), tuple(concepts)))
    automaton.make_automaton()
    return automaton


def _by_characters(text: str, tag: str) -> Iterator[ConceptMention]:
    automaton = _automaton(tag)
    if not len(automaton):
        return
    packed, places = _packed(text)
    found = [
        (places[end - length + 1], places[end] + 1, concepts)
        for end, (length, concepts) in automaton.iter(packed)
    ]
    yield from _longest(found)


def _packed(text: str) -> tuple[str, list[int]]:
    """`text` in lower case without spaces, since Korean and wrapped Chinese put them where
    they like, and the place of each character."""
    kept = [(char.lower(), place) for place, char in enumerate(text) if not char.isspace()]
    kept = [(char, place) for char, place in kept if len(char) == 1]
    return "".join(char for char, _ in kept), [place for _, place in kept]


def _longest(found: Iterable[_Found]) -> Iterator[ConceptMention]:
    """The leftmost longest places, and what lies wholly inside them."""
    end = inner_start = -1
    for start, stop, concepts in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= end:
            inner_start, end = start, stop
        elif stop > end:
            continue  # begins inside one and ends outside: "和服" in "和服务"
        assert start >= inner_start
        for concept in concepts:
            yield ConceptMention(concept, Span(start, stop))
