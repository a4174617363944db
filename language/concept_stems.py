"""Words of languages with spaces, found by their stems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from language.stems import Stem, stem_words

__all__ = ["StemTree", "runs_in"]

# And, with, like, so, for: written to the word.
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "و", "ب", "ل", "ف")
_SHORTEST_ARABIC = 3  # letters that must be left of a word without its prefix


@dataclass(slots=True)
class StemTree:
    """A tree of stems: what may follow, and the concepts whose words end here, with the words
    as they are written: "fattura" and "fatturato" have one stem and are two things."""

    next: dict[str, StemTree] = field(default_factory=dict)
    concepts: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    # Of the concepts, those that any word of these stems names; others only as written.
    inflected: set[str] = field(default_factory=set)

    def meant(self, written: tuple[str, ...]) -> tuple[str, ...]:
        """The concepts that words written so name: those that list them just so before those
        that list another form."""
        if not self.concepts:
            return ()
        exact = [concept for concept, words in self.concepts.items() if written in words]
        return tuple(exact or [c for c in self.concepts if c in self.inflected])

    def add(self, concept: str, stems: Sequence[Stem], inflected: bool = True) -> None:
        """List words of a concept; `inflected` where any form of them is meant."""
        node = self
        for stem in stems:
            node = node.next.setdefault(stem.text, StemTree())
        if stems:
            node.concepts.setdefault(concept, set()).add(tuple(stem.word for stem in stems))
            if inflected:
                node.inflected.add(concept)


def runs_in(
    stems: Sequence[Stem], root: StemTree, arabic: bool = False
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Every run of words that names concepts: start, end, and the concepts. They overlap."""
    for first in range(len(stems)):
        for node in _starts(stems[first], root, arabic):
            last = first
            while True:
                if meant := node.meant(tuple(stem.word for stem in stems[first : last + 1])):
                    yield stems[first].span.start, stems[last].span.end, meant
                last += 1
                if last == len(stems) or (following := node.next.get(stems[last].text)) is None:
                    break
                node = following


def _starts(stem: Stem, root: StemTree, arabic: bool) -> Iterator[StemTree]:
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
