"""Measures on data that people bring: how well the right passages are found."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.case import Case
from contracts.seams import NoProgress, Progress
from evaluation.errors import NoSuchData
from evaluation.suites.retrieval import (
    DEPTH,
    Document,
    RetrievalScore,
    RetrievalSet,
    load_retrieval_sets,
    score_ranks,
)
from workflow.settings import Settings

if TYPE_CHECKING:
    from knowledge_base import CaseIndex

__all__ = ["RANKINGS", "RetrievalMeasures", "measure_retrieval"]

RANKINGS = ("dense", "words", "hybrid")
_TODAY = date(2026, 1, 1)  # no case of a set has a last day
_PASSAGES = (16, 100)  # asked for in turn, until ten different documents are among them

_TOGETHER = 256  # questions embedded at a time

# set -> group -> ranking -> measures
RetrievalMeasures = Mapping[str, Mapping[str, Mapping[str, RetrievalScore]]]


@dataclass(frozen=True, slots=True)
class _Records:
    cases: Mapping[str, Case]

    def current(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        return {case_id: self.cases[case_id] for case_id in case_ids if case_id in self.cases}


def measure_retrieval(
    settings: Settings,
    folders: Sequence[Path],
    languages: Sequence[str] = (),
    limit: int = 0,
    progress: Progress | None = None,
) -> RetrievalMeasures:
    """Recall and mean reciprocal rank of the three rankings, by set and language.

    Each collection is indexed in a folder that is thrown away, with the embedding model and
    reranker of the settings, and asked as `kb search` asks. No workspace is touched.

    Args:
        folders: see `load_retrieval_sets`.
        languages: groups to measure; empty is all.
        limit: at most so many questions a group, evenly taken; 0 is all.

    Raises:
        NoSuchData: a folder holds no set, or one that cannot be used.
        ModelNotFound, LanguagesUnknown: as `open_embeddings` does.
    """
    progress = progress or NoProgress()
    result: dict[str, dict[str, Mapping[str, RetrievalScore]]] = {}
    for folder in folders:
        by_collection: dict[str, list[RetrievalSet]] = {}
        for item in load_retrieval_sets(folder, languages):
            by_collection.setdefault(item.collection, []).append(item)
        for sets in by_collection.values():
            with _indexed(settings, sets[0].documents, progress) as (index, records):
                for item in sets:
                    measured = _measured(settings, index, records, item, limit, progress)
                    result.setdefault(item.name, {})[item.group] = measured
    return result


def _measured(
    settings: Settings,
    index: CaseIndex,
    records: _Records,
    item: RetrievalSet,
    limit: int,
    progress: Progress,
) -> Mapping[str, RetrievalScore]:
    from knowledge_base import EvidenceQuery, Ranking, open_reranker, retrieve

    questions = item.questions
    if 0 < limit < len(questions):
        questions = tuple(questions[i * len(questions) // limit] for i in range(limit))
    reranker = (
        open_reranker(settings.rerank_model, settings.rerank_languages)
        if settings.rerank_model
        else None
    )
    ranks: dict[str, list[int | None]] = {name: [] for name in RANKINGS}
    progress.start(f"{item.name} {item.group}", len(questions))
    for number, asked in enumerate(questions):
        if number % _TOGETHER == 0:
            index.prepare([q.text for q in questions[number : number + _TOGETHER]])
        query = EvidenceQuery(asked.text, asked.language, _TODAY)
        for name in RANKINGS:
            looks_again = reranker if name == "hybrid" else None
            order: list[str] = []
            for passages in _PASSAGES:
                found = retrieve(
                    index, records, query, passages, ranking=Ranking(name), reranker=looks_again
                )
                order = list(dict.fromkeys(passage.case_id for passage in found))[:DEPTH]
                if len(order) == DEPTH or len(found) < passages:
                    break
            there = asked.relevant in order
            ranks[name].append(order.index(asked.relevant) + 1 if there else None)
        progress.advance()
    progress.done()
    return {name: score_ranks(ranks[name]) for name in RANKINGS}


@contextmanager
def _indexed(
    settings: Settings, documents: Sequence[Document], progress: Progress
) -> Iterator[tuple[CaseIndex, _Records]]:
    from knowledge_base import CaseIndex, open_embeddings

    cases = {case.id: case for case in _cases(documents)}
    embeddings = open_embeddings(settings.embedding_model, settings.embedding_languages)
    with (
        tempfile.TemporaryDirectory(prefix="mailwright-eval-") as folder,
        CaseIndex(Path(folder) / "index", embeddings) as index,
    ):
        index.put_many(cases.values(), progress)
        yield index, _Records(cases)


def _cases(documents: Sequence[Document]) -> Iterator[Case]:
    from knowledge_base import read_cases

    yield from (_plain_case(document) for document in documents if document.record is None)
    records = [json.dumps(d.record, ensure_ascii=False) for d in documents if d.record is not None]
    if records:
        with tempfile.TemporaryDirectory(prefix="mailwright-eval-") as folder:
            file = Path(folder) / "cases.jsonl"
            file.write_text("\n".join(records), encoding="utf-8")
            reading = read_cases(file)
        for refusal in reading.refusals:  # a case that is lacking would count as not found
            raise NoSuchData(f"cases.jsonl: a case is refused ({refusal.reason}); mend it")
        yield from reading.cases


def _plain_case(document: Document) -> Case:
    """A text as a case of which nothing else is known."""
    return Case(
        id=document.id,
        title="",
        customer={},
        name_public=False,
        industry="",
        region="",
        country="",
        language=document.language,
        roles=(),
        products=(),
        valid_until=None,
        source="",
        path="",
        text=document.text,
        text_hash=hashlib.sha256(document.text.encode("utf-8")).hexdigest(),
    )
