"""Evidence for a text: passages near to it whose cases may be used today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from contracts.case import Case, Passage, SectionKind
from knowledge_base.index import CaseIndex, IndexFilter, IndexHit

__all__ = ["CaseRecords", "EvidenceQuery", "retrieve", "search_cases"]

_MORE = 4  # hits asked for at first, as a multiple of those wanted
_TIE = 2  # digits of the score that count before language does


class CaseRecords(Protocol):
    """Where the cases are kept: what the index says is checked against it."""

    def case(self, case_id: str) -> Case | None:
        """The current version of a case, None if there is none."""


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """What evidence is wanted for. Industries, regions, kinds and case ids are asked for
    exactly; an empty tuple asks nothing, `case_ids=()` lets no case through."""

    text: str
    language: str  # BCP 47, of the mail: breaks ties
    today: date
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[SectionKind, ...] = ()
    case_ids: tuple[str, ...] | None = None  # None: any case
    named_only: bool = False  # only cases whose customer may be named


def retrieve(
    index: CaseIndex, records: CaseRecords, query: EvidenceQuery, k: int = 8
) -> tuple[Passage, ...]:
    """Up to `k` passages, the best first; the same question always gets the same answer.

    First come exactness and the records: a passage counts only if its case is of the
    industries and regions asked for, may be named if that is asked, is there, not
    withdrawn, not past its last day, and still has the text that was indexed. Then cosine
    similarity to two digits; passages in the query's language go before others that are
    equal in these; then the full similarity, then the id. The bundled model knows English:
    for queries in other languages similarity says little, and the exact fields do most of
    the choosing.

    Raises:
        IndexUnreadable: the index is damaged or of another embedding model.
    """
    if query.case_ids == () or k < 1:
        return ()
    filters = IndexFilter(
        industries=query.industries,
        regions=query.regions,
        kinds=query.kinds,
        case_ids=query.case_ids or (),
        named_only=query.named_only,
        usable_on=query.today,
    )
    wanted = k * _MORE
    while True:
        hits = index.search(query.text, filters, wanted)
        passages = _checked(hits, records, query)
        if len(passages) >= k or len(hits) < wanted:
            break
        wanted *= 4  # much of what was near may no longer be used
    passages.sort(
        key=lambda p: (-round(p.score, _TIE), p.language != query.language, -p.score, p.id)
    )
    return tuple(passages[:k])


def search_cases(
    index: CaseIndex, records: CaseRecords, text: str, language: str, today: date, k: int = 10
) -> tuple[Passage, ...]:
    """Up to `k` passages near to `text` out of every case that may be used today."""
    return retrieve(index, records, EvidenceQuery(text, language, today), k)


def _checked(
    hits: tuple[IndexHit, ...], records: CaseRecords, query: EvidenceQuery
) -> list[Passage]:
    cases: dict[str, Case | None] = {}
    passages = []
    for hit in hits:
        if hit.case_id not in cases:
            cases[hit.case_id] = records.case(hit.case_id)
        case = cases[hit.case_id]
        if case is not None and _holds(case, hit, query):
            passages.append(_passage(case, hit))
    return passages


def _holds(case: Case, hit: IndexHit, query: EvidenceQuery) -> bool:
    return (
        case.usable(query.today)
        and case.text_hash == hit.text_hash
        and hit.span.end <= len(case.text)
        and (not query.industries or case.industry in query.industries)
        and (not query.regions or case.region in query.regions)
        and (case.name_public or not query.named_only)
    )


def _passage(case: Case, hit: IndexHit) -> Passage:
    return Passage(
        id=hit.passage_id,
        case_id=case.id,
        title=case.title,
        kind=hit.kind,
        text=hit.span.of(case.text),
        language=case.language,
        span=hit.span,
        text_hash=case.text_hash,
        source=case.source,
        score=hit.score,
    )
