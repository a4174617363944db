"""Many phrases looked for in running text at once, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from contracts.case import Span
from language.stems import Stem, fold_word, stem_words, stems_in
from language.text import CJK, is_cjk, same_width

__all__ = ["Phrase", "PhraseFinder"]

_KindT = TypeVar("_KindT", bound=str)
_UNSPACED = frozenset({"zh-Hans", "zh-Hant", "ja", "ko"})
_LITERAL = "="  # begins the key of a word that is compared as it stands
_GAP = re.compile(r"[\s'’&/+-]*")  # between two words of one phrase
_ENDING = 2  # letters by which an inflected word may be longer or shorter
_ENDINGS = {"pl": 3}
_ACRONYM = 5  # letters; "IT" and "HR" are looked for in capitals, as "it" is another word
_WORD = re.compile(rf"[^\W_{CJK}]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
_SHORT = 2  # Hangul syllables that are a word only where one begins: "전자" is in "운전자"
_SHORT_KATAKANA = 4  # letters that are a word only by themselves: "マリ" is in "マリン"
# What Arabic writes to the front of a word, and the shortest rest that is still one.
_ARTICLE = re.compile("^(?:[وف]?(?:[بك]?ال|لل))(?=.{2})")
_LETTERS = ("و", "ف", "ب", "ل", "ك")
_SHORTEST_ARABIC = 3


@dataclass(frozen=True, slots=True)
class Phrase(Generic[_KindT]):
    kind: _KindT
    id: str
    text: str
    proper: bool = False  # a proper name: with a capital where the script has any
    literal: bool = False  # word for word, never by stems


@dataclass(slots=True)
class _Node(Generic[_KindT]):
    """A tree of word keys: what may follow, and the phrases that end here with their words."""

    next: dict[str, _Node[_KindT]] = field(default_factory=dict)
    phrases: list[tuple[Phrase[_KindT], tuple[str, ...]]] = field(default_factory=list)


class PhraseFinder(Generic[_KindT]):
    """Made once for a language and a list of phrases; does not change."""

    def __init__(self, phrases: Iterable[Phrase[_KindT]], tag: str) -> None:
        """`tag` is a key of the data files. Words of languages with spaces are compared by
        their stems, those of literal phrases as they stand but for case."""
        self._tag = tag
        self._root: _Node[_KindT] = _Node()
        packed: dict[str, list[Phrase[_KindT]]] = {}
        for phrase in phrases:
            flat = same_width(phrase.text)
            if tag in _UNSPACED and any(is_cjk(char) for char in flat):
                packed.setdefault(_packed(flat)[0], []).append(phrase)
            else:
                self._add(phrase, flat)
        self._automaton: Any = _automaton(packed) if packed else None

    def find(self, text: str) -> list[tuple[_KindT, str, Span]]:
        """Every place of every phrase, overlapping ones too; none in empty text."""
        flat = same_width(text)
        found = [(p.kind, p.id, span) for p, span in self._words(flat)]
        if self._automaton is not None:
            found.extend((p.kind, p.id, span) for p, span in self._characters(flat))
        return found

    def _add(self, phrase: Phrase[_KindT], flat: str) -> None:
        node = self._root
        words = stem_words(flat, self._tag)
        for stem in words:
            key = _LITERAL + stem.word if phrase.literal else self._keys(stem)[0]
            node = node.next.setdefault(key, _Node())
        if words:
            node.phrases.append((phrase, tuple(stem.word for stem in words)))

    def _keys(self, stem: Stem) -> tuple[str, ...]:
        """What a word of a text may be found by, its stem first."""
        if self._tag != "ar":
            return stem.text, _LITERAL + stem.word
        bare = _ARTICLE.sub("", stem.word)
        words = [bare]
        if bare == stem.word and bare.startswith(_LETTERS) and len(bare) > _SHORTEST_ARABIC:
            words.append(bare[1:])
        return tuple(stems_in([_hamza(word) for word in words], "ar"))

    def _words(self, flat: str) -> Iterator[tuple[Phrase[_KindT], Span]]:
        if not self._root.next:
            return
        words = stem_words(flat, self._tag)
        keys = [self._keys(word) for word in words]
        root = self._root.next
        for first in range(len(words)):
            for key in keys[first]:
                if (node := root.get(key)) is not None:
                    yield from self._runs(flat, words, keys, first, node)

    def _runs(
        self,
        flat: str,
        words: Sequence[Stem],
        keys: Sequence[tuple[str, ...]],
        first: int,
        node: _Node[_KindT],
    ) -> Iterator[tuple[Phrase[_KindT], Span]]:
        last = first
        start = words[first].span.start
        while True:
            end = words[last].span.end
            for phrase, its_words in node.phrases:
                if self._near(its_words, words[first : last + 1]) and _written_so(
                    phrase, flat[start:end]
                ):
                    yield phrase, Span(start, end)
            last += 1
            if last == len(words) or not _GAP.fullmatch(flat, end, words[last].span.start):
                return
            following = next((node.next[key] for key in keys[last] if key in node.next), None)
            if following is None:
                return
            node = following

    def _near(self, phrase: Sequence[str], found: Sequence[Stem]) -> bool:
        """Whether words with the same stems are also about as long: a stemmer makes one of
        "product" and "production"."""
        if self._tag == "ar":
            return True
        slack = _ENDINGS.get(self._tag, _ENDING)
        return all(abs(len(a) - len(b.word)) <= slack for a, b in zip(phrase, found, strict=True))

    def _characters(self, flat: str) -> Iterator[tuple[Phrase[_KindT], Span]]:
        packed, places = _packed(flat)
        for last, (length, phrases) in self._automaton.iter(packed):
            first = last + 1 - length
            start, end = places[first], places[last] + 1
            if not _stands(flat, start, end):
                continue
            for phrase in phrases:
                if self._tag == "ko" and not _korean(flat, start, end, phrase):
                    continue
                yield phrase, Span(start, end)


def _automaton(packed: dict[str, list[Phrase[_KindT]]]) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for key, phrases in packed.items():
        automaton.add_word(key, (len(key), tuple(phrases)))
    automaton.make_automaton()
    return automaton


def _packed(text: str) -> tuple[str, list[int]]:
    """`text` without its spaces, folded one character for one, and the place of each: lines
    of Chinese are wrapped anywhere, and Korean compounds are written both ways."""
    kept = [place for place, char in enumerate(text) if not char.isspace()]
    folded = (text[place].lower() for place in kept)
    return "".join(c if len(c) == 1 else "\ufffd" for c in folded), kept


def _written_so(phrase: Phrase[Any], found: str) -> bool:
    """Whether a name is in capitals where it must be."""
    if phrase.proper and phrase.text[0].isupper() and not found[0].isupper():
        return False
    short = len(phrase.text) <= _ACRONYM and phrase.text.isascii() and phrase.text.isupper()
    return not short or found.isupper()


def _stands(flat: str, start: int, end: int) -> bool:
    """Whether what was found is not a piece of a Latin word or of one in Katakana."""
    if _WORD.match(flat, start) and start and _WORD.match(flat, start - 1):
        return False
    if _WORD.match(flat, end - 1) and _WORD.match(flat, end):
        return False
    if end - start > _SHORT_KATAKANA or not all(map(_KATAKANA.match, flat[start:end])):
        return True
    before = start > 0 and _KATAKANA.match(flat, start - 1)
    return not before and not _KATAKANA.match(flat, end)


def _korean(flat: str, start: int, end: int, phrase: Phrase[Any]) -> bool:
    """Whether a Korean phrase stands here: spaces only where it has some, and a short one or
    a proper name at the beginning of a word. Particles may follow at once."""
    if (phrase.proper or len(phrase.text) <= _SHORT) and start and _HANGUL.match(flat, start - 1):
        return False
    pattern = r"\s*".join(re.escape(part) for part in phrase.text.split())
    return re.fullmatch(pattern, flat[start:end], re.IGNORECASE) is not None


def _hamza(word: str) -> str:
    """An Arabic word without the variants of Alif, which writers use for one another."""
    return fold_word(word).translate({ord(char): "ا" for char in "أإآٱ"})
