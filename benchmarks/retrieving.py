"""Retrieval with filters and checks against one bare query of the same collection."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks import samples
from contracts.case import Case
from knowledge_base import CaseIndex, EvidenceQuery, open_embeddings, retrieve

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]
QUERY = "Food and beverages. wireless condition monitoring for existing machines"


class Records:
    def current(self, case_ids: Collection[str]) -> dict[str, Case]:
        return {case.id: case for case in samples.cases() if case.id in case_ids}


@contextmanager
def prepared() -> Iterator[list[Row]]:
    folder = Path(tempfile.mkdtemp(prefix="mailwright-bench-"))
    embeddings = open_embeddings()
    index = CaseIndex(folder, embeddings)
    try:
        index.put_many(samples.cases())
        numbers = count()  # a new text each time: the index remembers what it embedded

        def ask() -> object:
            query = EvidenceQuery(
                text=f"{QUERY} {next(numbers)}",
                language="en",
                industries=("food",),
                regions=(),
                today=samples.TODAY,
            )
            return retrieve(index, Records(), query, 24)

        yield [
            (
                "retrieve evidence",
                "1 query, 24 passages",
                ask,
                lambda: embeddings.embed_documents([f"{QUERY} {next(numbers)}"]),
                "embedding the query alone",
            )
        ]
    finally:
        index.close()
        shutil.rmtree(folder)
