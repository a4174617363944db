"""Retrieval with filters and checks against one bare query of the same collection."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import samples
from contracts.case import Case
from knowledge_base import CaseIndex, EvidenceQuery, open_embeddings, retrieve

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]
QUERY = "Food and beverages. wireless condition monitoring for existing machines"


class Records:
    def case(self, case_id: str) -> Case | None:
        return next((case for case in samples.cases() if case.id == case_id), None)


@contextmanager
def prepared() -> Iterator[list[Row]]:
    folder = Path(tempfile.mkdtemp(prefix="mailwright-bench-"))
    embeddings = open_embeddings()
    index = CaseIndex(folder, embeddings)
    try:
        index.put_many(samples.cases())
        query = EvidenceQuery(text=QUERY, language="en", industries=("food",), today=samples.TODAY)
        yield [
            (
                "retrieve evidence",
                "1 query, 24 passages",
                lambda: retrieve(index, Records(), query, 24),
                lambda: embeddings.embed_query(QUERY),
                "embedding the query alone",
            )
        ]
    finally:
        index.close()
        shutil.rmtree(folder)
