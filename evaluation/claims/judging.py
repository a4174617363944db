"""The verdict on one statement of a mail: which sentence of which case supports it, or states
it otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.case import Case, Span
from evaluation.claims.casetext import CaseText, case_text
from evaluation.claims.checkable import Statement, StatementKind
from evaluation.claims.comparing import Grade, Match, compared
from evaluation.claims.customers import told_in
from evaluation.claims.facts import Said
from evaluation.claims.quotations import changed_words, quoted_in
from evaluation.claims.search import CaseSearch
from evaluation.claims.sources import name_pattern
from evaluation.claims.subjects import METRIC, in_common, related
from evaluation.claims.wording import Wording, wording_for
from evaluation.packs import RulePacks
from language.tags import data_language

__all__ = ["NOT_FOUND", "SUPPORTED", "UNKNOWN_NAME", "Judged", "judge_statement"]

SUPPORTED = "claims.supported"
NOT_FOUND = "claims.not_found"
UNKNOWN_NAME = "claims.unknown_name"
_OTHER_CUSTOMER = "claims.other_customer"
_CONTRARY = {
    Grade.OTHER_FIGURE: "claims.other_figure",
    Grade.OTHER_UNIT: "claims.other_unit",
    Grade.OTHER_METRIC: "claims.other_metric",
    Grade.OTHER_DIRECTION: "claims.other_direction",
}
_BIG = 1000  # a value from here on is rarely another's by chance
_ROUND = 5  # a percentage that is no multiple of this is neither
_MANYFOLD = 15  # nor is so great a multiple
_ENOUGH = 4  # of what two sentences share, for a figure that few have
_TERM = 2  # `in_common` of one term
_NAME = re.compile(r"[A-Z\u00c0-\u00de][0-9A-Za-z\u00c0-\u024f+-]+(?:\.[0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Judged:
    """`rule` of the topic "claims"; `span` in the text of `case`. None: no case speaks of it."""

    rule: str
    case: Case | None = None
    span: Span | None = None


_NOT_FOUND = Judged(NOT_FOUND)


def judge_statement(
    statement: Statement, language: str, search: CaseSearch, packs: RulePacks, wording: Wording
) -> Judged:
    """The verdict on a statement. Cases of the customers it names decide first; where they do
    not support it, a case of another customer that does is told."""
    desk = _Desk(statement, language, search, packs, wording)
    if statement.kind is StatementKind.QUOTATION:
        return desk.quotation()
    if statement.kind is StatementKind.COMPARISON:
        return desk.comparison()
    if any(not fact.quantity.frame for fact in statement.said.facts):
        return desk.figures()
    if statement.kind is StatementKind.CUSTOMER:
        return desk.customer()
    return desk.result()


@dataclass(frozen=True, slots=True)
class _Desk:
    statement: Statement
    language: str
    search: CaseSearch
    packs: RulePacks
    wording: Wording

    def _read(self, cases: Iterable[Case]) -> list[CaseText]:
        return [case_text(case, self.packs) for case in cases]

    def _others(self) -> list[CaseText]:
        """What may state it, without the cases that were already looked at."""
        own = {case.id for case in self.statement.cases}
        found = self.search.candidates(self.statement.said.text, self.language)
        return self._read(case for case in found if case.id not in own)

    def figures(self) -> Judged:
        said, named = self.statement.said, bool(self.statement.cases)
        own = self._read(self.statement.cases or self.statement.before)
        held = [(case, compared(said, case, self.wording)) for case in own]
        if not self.statement.strangers:
            supported = [item for item in held if _of_named(item[1])]
            if supported:
                return _best(SUPPORTED, supported, self.language)
        others: list[_Held] = []
        stated: list[_Held] = []
        for case in self._others():  # the likeliest first
            item = case, compared(said, case, self.wording, contrary=False)
            others.append(item)
            if not _firm(item[1]):
                continue
            if not named and self._is_about(case):
                return _best(SUPPORTED, [item], self.language)
            stated.append(item)
        if stated:
            sure = named or any(stranger.sure for stranger in self.statement.strangers)
            rule = _OTHER_CUSTOMER if sure else UNKNOWN_NAME
            return _best(rule, stated, self.language)
        if named:
            return _contrary(held) or _NOT_FOUND
        return _turned(others) or _NOT_FOUND

    def _is_about(self, case: CaseText) -> bool:
        """Whether the case knows every name in a statement that names no known customer."""
        return all(told_in(stranger, case.case) for stranger in self.statement.strangers)

    def result(self) -> Judged:
        """A result without figures: every measure it speaks of moved so in one case."""
        named = bool(self.statement.cases)
        cases = self._read(self.statement.cases) if named else self._others()
        for case in cases:
            if not named and not self._is_about(case):
                continue
            sentence = self._told_so(case)
            if sentence is not None:
                return Judged(SUPPORTED, case.case, case.spans[sentence])
        return _NOT_FOUND

    def _told_so(self, case: CaseText) -> int | None:
        said = self.statement.said
        terms = said.subjects.metrics or said.subjects.ids
        first: int | None = None
        for term in sorted(terms):
            found = next(
                (
                    number
                    for number in range(len(case.spans))
                    if self._has(term, case.subjects(number)) and _alike(said, case.said(number))
                ),
                None,
            )
            if found is None:
                return None
            first = found if first is None else first
        return first

    def _has(self, term: str, others: frozenset[str]) -> bool:
        if term.startswith(METRIC):
            return any(related(term, other) for other in others if other.startswith(METRIC))
        return term in others

    def customer(self) -> Judged:
        """That a customer uses something: its case speaks of that."""
        said = self.statement.said
        names = [match.group() for match in _NAME.finditer(said.text)]
        for case in self._read(self.statement.cases):
            told = [name for name in names if name_pattern(name).search(case.case.text)]
            for number in range(len(case.spans)):
                text = case.text(number)
                if told and any(name_pattern(name).search(text) for name in told):
                    return Judged(SUPPORTED, case.case, case.spans[number])
            if names and self.language not in ("de",):
                continue
            shared = [
                (in_common(said.subjects.ids, case.subjects(number), self.wording.kin), -number)
                for number in range(len(case.spans))
            ]
            best = max(shared, default=(0, 0))
            if best[0] >= _TERM or not said.subjects:
                return Judged(SUPPORTED, case.case, case.spans[-best[1]] if shared else None)
        return _NOT_FOUND

    def comparison(self) -> Judged:
        """A superlative, or better than others: a case that says so of the same."""
        cases = self._read(self.statement.cases) or self._others()
        for case in cases:
            theirs = wording_for(self.packs, case.case.language)
            if theirs is None:
                continue
            for number in range(len(case.spans)):
                if not theirs.comparisons.search(case.text(number)):
                    continue
                ids = self.statement.said.subjects.ids
                if in_common(ids, case.subjects(number), self.wording.kin) >= _ENOUGH:
                    return Judged(SUPPORTED, case.case, case.spans[number])
        return _NOT_FOUND

    def quotation(self) -> Judged:
        words = self.statement.text
        own = self._read(self.statement.cases or self.statement.before)
        others: list[CaseText] = []
        for cases, rule in ((own, SUPPORTED), (others, _OTHER_CUSTOMER if own else SUPPORTED)):
            if cases is others:
                others.extend(self._others())
            for case in cases:
                if (span := quoted_in(words, case)) is not None:
                    return Judged(rule, case.case, span)
        for case in (*own, *others):
            if data_language(case.case.language) == data_language(self.language):
                number = changed_words(words, case)
                if number is not None:
                    return Judged("claims.quotation_changed", case.case, case.spans[number])
        return _NOT_FOUND


_Held = tuple[CaseText, tuple[Match, ...]]


def _of_named(matches: Sequence[Match]) -> bool:
    """Whether the figures stand in the case of the customer whom the mail names, of the same
    thing as far as can be told."""
    sentences = [match.sentence for match in matches]
    together = len(sentences) > 1 and len(set(sentences)) == 1
    return bool(matches) and all(
        match.grade in (Grade.SUPPORTS, Grade.FIGURE_ALONE)
        or (
            match.grade is Grade.UNRELATED
            and (together or _few_have(match))
            and not any(fact.near.metrics for fact in match.facts)
        )
        for match in matches
    )


def _firm(matches: Sequence[Match]) -> bool:
    """Whether a case states it all without the customer being named."""
    if not matches or any(not _stated(match) for match in matches):
        return False
    if len(matches) > 1 and any(match.near for match in matches):
        return all(match.shared >= _ENOUGH for match in matches)
    return all(match.near or _few_have(match) for match in matches)


def _stated(match: Match) -> bool:
    if match.grade is Grade.SUPPORTS:
        return match.near or match.shared >= _ENOUGH
    # Two values before and after, of a thing that we have no word for.
    return match.grade is Grade.FIGURE_ALONE and len(match.facts) > 1


def _few_have(match: Match) -> bool:
    """Whether the figures are such that two cases hardly share them by chance."""
    if len(match.facts) > 1:
        return True
    quantity = match.facts[0].quantity
    if quantity.unit == "percent":
        return quantity.value % _ROUND != 0
    if quantity.unit == "times":
        return quantity.value >= _MANYFOLD
    return quantity.value >= _BIG


def _alike(said: Said, source: Said) -> bool:
    """Whether two sentences say that things moved the same way."""
    if said.directions and source.directions:
        return bool(said.directions & source.directions)
    if said.better is not None and source.better is not None:
        return said.better is source.better
    return not (said.directions or said.better is not None) or bool(
        source.directions or source.better is not None
    )


def _best(rule: str, held: Sequence[_Held], language: str) -> Judged:
    """A case in the language of the mail before others, then the one that shares most with the
    statement; at the figure that is told best there."""
    case, matches = max(
        held,
        key=lambda item: (
            data_language(item[0].case.language) == data_language(language),
            sum(match.shared for match in item[1]),
        ),
    )
    match = max(matches, key=lambda item: item.rank)
    return Judged(rule, case.case, case.spans[match.sentence])


def _contrary(held: Sequence[_Held]) -> Judged | None:
    """What the named customer's cases state otherwise, the surest of it."""
    found = [
        (match.grade, match.shared, case, match)
        for case, matches in held
        for match in matches
        if match.grade in _CONTRARY
    ]
    if not found:
        return None
    grade, _, case, match = max(found, key=lambda item: (item[0], item[1]))
    return Judged(_CONTRARY[grade], case.case, case.spans[match.sentence])


def _turned(held: Sequence[_Held]) -> Judged | None:
    """A statement of nobody in particular whose figures a case has, of the same thing, the
    other way round."""
    for case, matches in held:
        turned = [m for m in matches if m.grade is Grade.OTHER_DIRECTION and m.near]
        rest = [m for m in matches if m not in turned]
        if turned and all(m.grade is Grade.SUPPORTS for m in rest):
            return Judged(
                _CONTRARY[Grade.OTHER_DIRECTION], case.case, case.spans[turned[0].sentence]
            )
    return None
