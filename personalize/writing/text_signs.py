"""Signs by which a text of a model's is refused, whatever it rests on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from contracts.case import Span
from language.sentences import sentences
from language.text import phrase_pattern
from personalize.writing.invented_names import invented_name, known_words
from personalize.writing.prompt_files import checks

__all__ = ["TextSigns", "joined", "same_language", "tidy"]

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_JOINERS = "\u200c\u200d"  # letters of Persian and Hindi need them
_UNIT = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W_]+")
_RUN = 4  # words in a row that show where a text was taken from
_RUN_OF_CHARACTERS = 7  # the same in scripts without spaces


class TextSigns:
    """What is looked for in every text of one letter.

    Args:
        shown: the sources as the model saw them.
        facts: what else it was told; names of both may be used.
        forbidden: words that the house does not use.
    """

    def __init__(
        self, language: str, shown: Sequence[str], facts: Iterable[str], forbidden: Sequence[str]
    ) -> None:
        self._language = language
        self._shown = tuple(shown)
        self._facts = tuple(facts)
        self._forbidden = tuple(forbidden)

    def fault(self, text: str, fields: Sequence[str] = ()) -> str:
        """The reason why `text` cannot be used, "" if there is none.

        Args:
            fields: merge fields that it may hold.
        """
        if any(unicodedata.category(c) in _INVISIBLE and c not in _JOINERS for c in text):
            return "it holds invisible characters"
        for name in fields:
            text = text.replace(f"[[{name}]]", "")
        signs = checks()
        for patterns, why in (
            (_each(signs.refusals.values()), "it is a refusal"),
            (_each(signs.instructions.values()), "it repeats an instruction to a model"),
            (signs.links, "it holds a link or an address"),
            (signs.placeholders, "it holds a placeholder"),
            (signs.quotations, "it quotes words, and a quotation needs permission"),
        ):
            if any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns):
                return why
        if any(run in self._planted for run in _runs(text)):
            return "it repeats what an instruction in a passage says"
        for word in self._forbidden:
            if re.search(phrase_pattern(word), text, re.IGNORECASE):
                return f"it holds «{word}», which the house does not say"
        return ""

    def invented(self, text: str) -> str:
        """The reason if `text` names what nothing that was shown mentions, else ""."""
        name = invented_name(text, self._language, self._known, self._given)
        return f"it names «{name}», which nothing it was given mentions" if name else ""

    @cached_property
    def _given(self) -> str:
        return "\n".join((*self._shown, *self._facts))

    @cached_property
    def _known(self) -> frozenset[str]:
        return known_words((*self._shown, *self._facts))

    @cached_property
    def _planted(self) -> frozenset[tuple[str, ...]]:
        """Runs of words of sentences that speak to a model, and of the ones after them."""
        patterns = tuple(_each(checks().instructions.values()))
        planted: set[tuple[str, ...]] = set()
        honest: set[tuple[str, ...]] = set()
        for text in self._shown:
            spoken = False
            for line in text.split("\n"):
                for span in sentences(line, self._language):
                    sentence = span.of(line)
                    sign = any(re.search(p, sentence, re.IGNORECASE) for p in patterns)
                    (planted if sign or spoken else honest).update(_runs(sentence))
                    spoken = sign
        return frozenset(planted - honest)


def tidy(text: str) -> str:
    """One line in NFC; protected spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).strip()


def joined(texts: Sequence[str]) -> tuple[str, list[Span]]:
    """The sentences in a row, with a space between them where their script has one, and
    where each of them stands."""
    whole, spans = "", []
    for text in texts:
        if whole and not (_wide(whole[-1]) or _wide(text[0])):
            whole += " "
        spans.append(Span(len(whole), len(whole) + len(text)))
        whole += text
    return whole, spans


def same_language(found: str, wanted: str) -> bool:
    """Equal, or one of them says more of the same language: zh-Hant and zh-Hant-HK."""
    first, second = found.split("-"), wanted.split("-")
    length = min(len(first), len(second))
    return bool(found) and first[:length] == second[:length]


def _wide(char: str) -> bool:
    """Whether a script writes this character without spaces around: Hangul has them."""
    hangul = "\uac00" <= char <= "\ud7a3"
    return unicodedata.east_asian_width(char) in "WF" and not hangul


def _each(groups: Iterable[Sequence[str]]) -> Iterator[str]:
    for group in groups:
        yield from group


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    units = [unit.casefold() for unit in _UNIT.findall(text)]
    wide = sum(1 for unit in units if len(unit) == 1) * 2 > len(units)
    length = _RUN_OF_CHARACTERS if wide else _RUN
    for start in range(len(units) - length + 1):
        yield tuple(units[start : start + length])
