"""Evidence for a text: passages that fit it, whose cases may be used today."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from contracts.case import Case, Passage, SectionKind
from knowledge_base.diversity import diversified
from knowledge_base.entries import IndexFilter, IndexHit
from knowledge_base.hybrid import Question, Ranking, rank_passages
from knowledge_base.index import CaseIndex
from knowledge_base.planted import touches_planted
from knowledge_base.reranking import POOL, Reranker, reranked, serves_both

__all__ = ["CaseRecords", "EvidenceQuery", "retrieve", "search_cases"]

_MORE = 2  # hits asked for at first, as a multiple of those wanted
_TIE = 2  # digits of the score that count before language does


class CaseRecords(Protocol):
    """Where the cases are kept: what the index says is checked against it."""

    def current(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        """The current versions of these cases; without those that there are not."""


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """What evidence is wanted for. Industries, regions, kinds and case ids are asked for
    exactly; an empty tuple asks nothing, `case_ids=()` lets no case through."""

    text: str
    language: str  # BCP 47, of the mail: breaks ties
    today: date
    text_language: str = ""  # of `text`; "" where it is that of the mail
    tags: tuple[str, ...] = ()  # of the segment: "#industry:food", "#problem:unplanned_downtime"
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[SectionKind, ...] = ()
    case_ids: tuple[str, ...] | None = None  # None: any case
    named_only: bool = False  # only cases whose customer may be named
    clean_only: bool = False  # no passage out of a block that speaks to a machine
    # 0 to 1: the lambda of maximal marginal relevance. Below 1, a passage that says again what
    # a better one says comes later.
    relevance: float = 1.0


def retrieve(
    index: CaseIndex,
    records: CaseRecords,
    query: EvidenceQuery,
    k: int = 8,
    *,
    ranking: Ranking = Ranking.HYBRID,
    reranker: Reranker | None = None,
) -> tuple[Passage, ...]:
    """Up to `k` passages, the best first; the same question always gets the same answer.

    First come exactness and the records: a passage counts only if its case is of the
    industries and regions asked for, may be named if that is asked, is there, not
    withdrawn, not past its last day, and still has the text that was indexed, and if the
    passage speaks to no machine where that is asked. Then the
    ranking (`rank_passages`), its score to two digits; passages in the mail's language go
    before others that are equal in these; then the full score, then the id. A reranker
    looks again at the best of languages that it serves.

    Raises:
        IndexUnreadable: the index is damaged, or its model is not there any more.
        ServerUnreachable: the vectors are on a server that does not answer.
    """
    if query.case_ids == () or k < 1:
        return ()
    question = Question(query.text, query.text_language or query.language, query.tags)
    filters = IndexFilter(
        industries=query.industries,
        regions=query.regions,
        kinds=query.kinds,
        case_ids=query.case_ids or (),
        named_only=query.named_only,
        usable_on=query.today,
    )
    pool = max(k, POOL if reranker else 0)
    if query.relevance < 1:
        pool = max(pool, 2 * k)
    wanted = pool * _MORE
    checked: dict[str, Case | None] = {}
    while True:
        hits = rank_passages(index, question, filters, wanted, ranking)
        found = list(_checked(hits, records, query, checked))
        if len(found) >= pool or len(hits) < wanted:
            break
        wanted *= 4  # much of what was near may no longer be used
    found.sort(
        key=lambda f: (
            -round(f.hit.score, _TIE),
            f.case.language != query.language,
            -f.hit.score,
            f.hit.passage_id,
        )
    )
    if reranker is not None:
        found = _looked_at_again(found, question, reranker)
    if query.relevance < 1:
        by_id = {f.hit.passage_id: f for f in found}
        # As many as were asked for at first: what is chosen does not depend on how much of
        # what was near could not be used.
        near = [f.hit for f in found[: pool * _MORE]]
        kept = diversified(near, index.words(), k, query.relevance)
        found = [by_id[hit.passage_id] for hit in kept]
    return tuple(_passage(f) for f in found[:k])


def search_cases(
    index: CaseIndex, records: CaseRecords, text: str, language: str, today: date, k: int = 10
) -> tuple[Passage, ...]:
    """Up to `k` passages near to `text` out of every case that may be used today."""
    return retrieve(index, records, EvidenceQuery(text, language, today), k)


@dataclass(frozen=True, slots=True)
class _Found:
    hit: IndexHit
    case: Case


def _checked(
    hits: Sequence[IndexHit],
    records: CaseRecords,
    query: EvidenceQuery,
    cases: dict[str, Case | None],
) -> Iterator[_Found]:
    """The hits whose cases may be used; `cases` keeps what the records said in this search."""
    unknown = {hit.case_id for hit in hits} - cases.keys()
    if unknown:
        there = records.current(unknown)
        cases.update({case_id: there.get(case_id) for case_id in unknown})
    for hit in hits:
        case = cases[hit.case_id]
        if case is not None and _holds(case, hit, query):
            yield _Found(hit, case)


def _holds(case: Case, hit: IndexHit, query: EvidenceQuery) -> bool:
    return (
        case.usable(query.today)
        and case.text_hash == hit.text_hash
        and hit.span.end <= len(case.text)
        and (not query.industries or case.industry in query.industries)
        and (not query.regions or case.region in query.regions)
        and (case.name_public or not query.named_only)
        and not (query.clean_only and touches_planted(case.text, hit.span))
    )


def _looked_at_again(
    found: Sequence[_Found], question: Question, reranker: Reranker
) -> list[_Found]:
    pool = list(found[:POOL])
    served = [f for f in pool if serves_both(reranker, question.language, f.case.language)]
    texts = [f"{f.case.title}\n{f.hit.span.of(f.case.text)}" for f in served]
    by_id = {
        f.hit.passage_id: score
        for f, score in zip(served, reranker.scores(question.text, texts), strict=True)
    }
    order = reranked(pool, [by_id.get(f.hit.passage_id) for f in pool])
    # A place keeps its score: what weighs scores later (diversity) sees the new order.
    placed = [
        _Found(replace(f.hit, score=place.hit.score), f.case)
        for f, place in zip(order, pool, strict=True)
    ]
    return [*placed, *found[POOL:]]


def _passage(found: _Found) -> Passage:
    case, hit = found.case, found.hit
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
        path=case.path,
        place=case.place_of(hit.span),
    )
