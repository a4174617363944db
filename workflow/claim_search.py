"""The cases that the claims of a mail are held against: by the customers it names, by what its
sentences say and by their figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from contracts.case import Case
from evaluation.claims.namebook import NameBook
from evaluation.claims.search import NamedCustomer
from language.lexicon import find_concepts
from language.numbers import find_numbers
from language.taxonomy import fold
from workflow.house import House

if TYPE_CHECKING:
    from knowledge_base import CaseIndex, Ranking

__all__ = ["ClaimSearch", "claim_search"]

_PASSAGES = 24  # that are looked at for the cases of one sentence
_CASES = 8  # at most, of these passages
_DIGITS = "en"  # the language to read figures by


class ClaimSearch:
    """Satisfies `evaluation.claims.search.CaseSearch`, with the cases as they are when it is
    first asked. The index holds the figures of passages as terms that all languages share, so
    a sentence finds the case that states its figures."""

    def __init__(
        self,
        cases: Callable[[], Iterable[Case]],
        index: CaseIndex,
        today: date,
        ranking: Ranking,
    ) -> None:
        """`ranking` by words alone loads no embedding model."""
        self._load = cases
        self._index = index
        self._today = today
        self._ranking = ranking

    def customers(self, text: str) -> Sequence[NamedCustomer]:
        """The longest name at each place, with all cases about the customer."""
        found = []
        for span, keys in self._names.find(text):
            ids = dict.fromkeys(other for key in keys for other in self._told_of[key])
            found.append(NamedCustomer(span, tuple(self._cases[key] for key in ids)))
        return tuple(found)

    def candidates(self, text: str, language: str) -> Sequence[Case]:
        """The cases of the best passages, up to eight: in turn by the whole sentence, and by its
        figures and concepts alone, which find the cases in other languages."""
        from knowledge_base import EvidenceQuery, retrieve

        tags = tuple(_shared_terms(text, language))
        figures = " ".join(tag.removeprefix("#=") for tag in tags if tag.startswith("#="))
        queries = [EvidenceQuery(text, language, self._today)]
        if figures:
            queries.append(EvidenceQuery(figures, _DIGITS, self._today, tags=tags))
        found = [
            list(
                dict.fromkeys(
                    passage.case_id
                    for passage in retrieve(
                        self._index, self, query, _PASSAGES, ranking=self._ranking
                    )
                )
            )
            for query in queries
        ]
        ids = dict.fromkeys(one for row in zip_longest(*found) for one in row if one)
        return tuple(self._cases[case_id] for case_id in list(ids)[:_CASES])

    def current(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        return {key: self._cases[key] for key in case_ids if key in self._cases}

    @cached_property
    def _cases(self) -> Mapping[str, Case]:
        return {case.id: case for case in self._load() if case.usable(self._today)}

    @cached_property
    def _names(self) -> NameBook:
        return NameBook(
            {key: case.names() for key, case in self._cases.items()},
            {key: case.text for key, case in self._cases.items()},
        )

    @cached_property
    def _told_of(self) -> Mapping[str, Sequence[str]]:
        """By case, all cases about its customer: those that share a name with it, or with one
        that does, as its story in another language does."""
        group: dict[str, list[str]] = {}  # of cases, by each name
        found: dict[str, list[str]] = {}
        for key, case in self._cases.items():
            names = {fold(name) for name in case.names() if name}
            own = [key]
            for joined in {
                id(group[name]): group[name] for name in names if name in group
            }.values():
                own += joined
            for member in own:
                found[member] = own
                for name in self._cases[member].names():
                    if name:
                        group[fold(name)] = own
        return found


def _shared_terms(text: str, language: str) -> Iterator[str]:
    """What a sentence says in terms of the index that all languages share."""
    for number in find_numbers(text, language):
        if number.unit:
            yield f"#={number.value.normalize():f} {number.unit}"
    for concept in find_concepts(text, language):
        yield f"#{concept.concept}"


def claim_search(house: House) -> ClaimSearch:
    """The search over the records and the index of a workspace.

    Raises:
        IndexEmpty: there are cases, and none is in the index.
    """
    from knowledge_base import Ranking

    def cases() -> list[Case]:
        with house.store.read() as tx:
            return tx.cases.all()

    return ClaimSearch(cases, house.filled_index, house.today, Ranking.HYBRID)
