"""A case as it is compared with: its sentences, read when they are first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from contracts.case import Case, Span
from evaluation.claims.facts import Said, read_sentence
from evaluation.claims.quantities import Quantity
from evaluation.claims.quantity_reading import quantities_in
from evaluation.claims.subjects import Subjects
from evaluation.claims.wording import Wording, wording_for
from evaluation.packs import RulePacks
from language.sentences import sentences

__all__ = ["CaseText", "case_text"]

_LINE = re.compile(r"[^\n]+")
_LONGEST = 700  # characters of a sentence that is compared; longer runs are cut into pieces
_MOST = 4000  # sentences of one case
_TABLE = 40  # figures of a sentence, from which on it is none


@dataclass(frozen=True)
class CaseText:
    """Not for changing; sentences are numbered from 0."""

    case: Case
    wording: Wording | None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where the sentences stand in the case's text."""
        found: list[Span] = []
        for line in _LINE.finditer(self.case.text):
            for span in sentences(line.group(), self.case.language):
                start = line.start() + span.start
                for piece in range(start, line.start() + span.end, _LONGEST):
                    found.append(Span(piece, min(piece + _LONGEST, line.start() + span.end)))
            if len(found) >= _MOST:
                break
        return tuple(found[:_MOST])

    @cached_property
    def _quantities(self) -> tuple[tuple[Quantity, ...], ...]:
        texts = (span.of(self.case.text) for span in self.spans)
        return tuple(quantities_in(text, self.case.language, self.wording) for text in texts)

    @cached_property
    def _read(self) -> dict[int, Said]:
        return {}

    def text(self, number: int) -> str:
        return self.spans[number].of(self.case.text)

    def quantities(self, number: int) -> tuple[Quantity, ...]:
        return self._quantities[number]

    def said(self, number: int) -> Said:
        """What a sentence says."""
        if number not in self._read:
            self._read[number] = read_sentence(
                self.text(number), self.case.language, self.wording, self._quantities[number]
            )
        return self._read[number]

    def around(self, number: int) -> frozenset[str]:
        """What a sentence and the one before it speak of, and the title of the case."""
        ids = self.said(number).subjects.ids
        if number:
            ids |= self.subjects(number - 1)
        return ids | self._title

    def subjects(self, number: int) -> frozenset[str]:
        """What a sentence speaks of, which is read in less time than all that it says."""
        if number in self._read:
            return self._read[number].subjects.ids
        ignored = self.wording.ignored if self.wording else ()
        return Subjects.of(self.text(number), self.case.language, ignored).ids

    @cached_property
    def _title(self) -> frozenset[str]:
        ignored = self.wording.ignored if self.wording else ()
        return Subjects.of(self.case.title, self.case.language, ignored).ids

    @cached_property
    def _folded(self) -> tuple[str, tuple[int, ...]]:
        letters: list[str] = []
        places: list[int] = []
        for place, char in enumerate(self.case.text):
            for folded in char.casefold():
                if folded.isalnum():
                    letters.append(folded)
                    places.append(place)
        return "".join(letters), tuple(places)

    @property
    def letters(self) -> str:
        """The letters and digits of the text alone, in lower case."""
        return self._folded[0]

    @property
    def places(self) -> tuple[int, ...]:
        """Where in the text each of `letters` stands."""
        return self._folded[1]

    def counted(self) -> Iterator[int]:
        """The sentences that hold figures; tables are left out."""
        return (n for n, found in enumerate(self._quantities) if 0 < len(found) < _TABLE)


def case_text(case: Case, packs: RulePacks) -> CaseText:
    """The case, read at most once while it is remembered."""
    return _case_text(_Key(case, wording_for(packs, case.language)))


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    case: Case
    wording: Wording | None

    def _ids(self) -> tuple[str, str, str, int]:
        return self.case.id, self.case.text_hash, self.case.language, id(self.wording)

    def __hash__(self) -> int:
        return hash(self._ids())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._ids() == other._ids()


@lru_cache(maxsize=256)
def _case_text(key: _Key) -> CaseText:
    return CaseText(key.case, key.wording)
