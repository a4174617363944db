"""What the model writer needs of a language's phrases: limits, cues and names for a trade."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.mail import ModuleKind
from personalize.writing.book import LanguageBook, language_book
from personalize.writing.patterns import render_pattern

__all__ = ["SHORT", "LetterBook", "letter_book"]

SHORT = frozenset({ModuleKind.SUBJECT, ModuleKind.PREHEADER})
"""Modules that stand in a list of messages: one sentence, counted in characters."""


@dataclass(frozen=True, slots=True)
class LetterBook:
    """One language's phrases, as far as a model is told of them."""

    language: str
    phrases: LanguageBook

    @property
    def unit(self) -> str:
        """What the body is counted in: "words" or "characters"."""
        return self.phrases.limits.count

    def limit(self, name: str) -> int:
        """Of "subject" and "preheader" in characters, of "body_max" in `unit`."""
        return int(getattr(self.phrases.limits, name))

    def cues(self, metric: str) -> tuple[str, ...]:
        """Words by which a sentence of a case is known to speak of what a metric measures."""
        return self.phrases.angle(metric).cues

    def anonymous(self, industry: str) -> str:
        """What to call a customer of this industry that may not be named; "" if unknown."""
        if not industry:
            return ""
        forms = self.phrases.terms.industries.get(industry)
        if not forms:
            return ""
        # Its first form is the one for the head of a sentence; the model inflects it.
        pattern = next(iter(self.phrases.blocks.who.anonymous.values()))
        return render_pattern(pattern, {"industry": forms}).text

    def measure(self, text: str) -> int:
        """The length of `text` in `unit`: words, or characters without spaces."""
        if self.unit == "words":
            return len(text.split())
        return sum(1 for char in text if not char.isspace())

    def size(self, kind: ModuleKind, text: str) -> int:
        """The length of a module's text in what its kind is counted in."""
        return len(text) if kind in SHORT else self.measure(text)


def letter_book(language: str) -> LetterBook:
    """The phrases of `language`.

    Raises:
        NoText: the product does not write this language.
        BadPhrases: a file does not load.
    """
    return LetterBook(language, language_book(language))
