"""Words of scripts without spaces, found by their characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from language.text import is_cjk, same_width

__all__ = ["CharacterFinder"]


class CharacterFinder:
    """Finds words wherever their characters stand together.

    Args:
        words: pairs of a concept and one of its words; those without such characters are
            passed over.
        hiding: words that hide what lies inside them.
    """

    def __init__(self, words: Iterable[tuple[str, str]], hiding: Collection[str]) -> None:
        import ahocorasick

        listed: dict[str, tuple[set[int], list[str]]] = {}
        for concept, word in words:
            packed = _Packed(same_width(word))
            if any(is_cjk(char) for char in packed.text):
                gaps, concepts = listed.setdefault(packed.text, (set(), []))
                gaps.update(packed.gaps_within(0, len(packed.text)))
                if concept not in concepts:
                    concepts.append(concept)
        hide = {_Packed(same_width(word)).text for word in hiding}
        for word in hide:
            listed.setdefault(word, (set(), []))
        self._automaton: Any = ahocorasick.Automaton()
        for key, (gaps, concepts) in listed.items():
            value = (len(key), frozenset(gaps), tuple(concepts), key in hide)
            self._automaton.add_word(key, value)
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...], bool]]:
        """Every place of a word: start, end, concepts, whether it hides what is inside. They
        overlap."""
        if not len(self._automaton):
            return
        packed = _Packed(text)
        for end, (length, gaps, concepts, hides) in self._automaton.iter(packed.text):
            start = end - length + 1
            # 화면에서 버튼 holds no 서버: a space inside is one that the word itself may have.
            if packed.gaps_within(start, start + length) <= gaps:
                yield packed.places[start], packed.places[end] + 1, concepts, hides


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
