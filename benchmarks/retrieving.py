"""Ingest and retrieval against the bare parts that they are built on: embedding the same
passages, and embedding a question and asking ChromaDB."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path

from benchmarks import samples
from contracts.case import Case
from knowledge_base import CaseIndex, EvidenceQuery, open_embeddings, retrieve, split_passages
from storage import open_store
from workflow.house import CaseRecords

Row = tuple[str, str, Callable[[], object], Callable[[], object], str]
QUERY = "Food and beverages. wireless condition monitoring for existing machines"
# The evidence that a campaign asks for, and what a person asks for at the command line.
EVIDENCE, SEARCH = 24, 8


_SLICES = 8  # the warm-up and seven rounds


def _texts(cases: Sequence[Case]) -> list[str]:
    return [f"{case.title}\n{p.text}" for case in cases for p in split_passages(case)]


@contextmanager
def prepared() -> Iterator[list[Row]]:
    folder = Path(tempfile.mkdtemp(prefix="mailwright-bench-"))
    embeddings = open_embeddings()
    model = embeddings._loaded()  # type: ignore[attr-defined]
    cases = samples.many_cases()
    texts = _texts(cases)
    numbers = count()
    # Every case once over all rounds: the whole takes minutes.
    ours, bare_ones = (cycle([cases[i::_SLICES] for i in range(_SLICES)]) for _ in range(2))

    def ingest() -> object:
        with CaseIndex(folder / f"ingest-{next(numbers)}", embeddings) as fresh:
            return fresh.put_many(next(ours))

    def encode() -> object:
        return model.encode(
            _texts(next(bare_ones)), normalize_embeddings=True, show_progress_bar=False
        )

    index = CaseIndex(folder / "index", embeddings)
    store = open_store(f"sqlite:///{folder / 'records.db'}", b"0" * 32)
    try:
        index.put_many(cases)
        with store.begin() as tx:
            for case in cases:
                tx.cases.put(case)
        records = CaseRecords(store)

        def ask(passages: int) -> object:
            # A new text each time: the index remembers what it embedded.
            query = EvidenceQuery(f"{QUERY} {next(numbers)}", "en", samples.TODAY)
            return retrieve(index, records, query, passages)

        def bare(passages: int) -> object:
            vector = model.encode(
                [f"{QUERY} {next(numbers)}"], normalize_embeddings=True, show_progress_bar=False
            )
            with index._vectors.reading() as shelves:
                assert shelves.active is not None
                return shelves.active.collection.query(
                    query_embeddings=vector.tolist(), n_results=passages
                )

        yield [
            (
                "ingest cases",
                f"{len(cases)} cases, {len(texts)} passages, in {_SLICES} parts",
                ingest,
                encode,
                "SentenceTransformer.encode of the passages",
            ),
            *(
                (
                    "retrieve",
                    f"1 question, {passages} of {len(texts)} passages",
                    lambda n=passages: ask(n),
                    lambda n=passages: bare(n),
                    "encode + ChromaDB query",
                )
                for passages in (SEARCH, EVIDENCE)
            ),
        ]
    finally:
        index.close()
        store.close()
        shutil.rmtree(folder)
