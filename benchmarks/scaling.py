"""`make bench-scale`: 100,000 passages with made vectors: time to put them in, time of a question,
memory and room on the disk. Vectors of a real model would only take longer to make."""

from __future__ import annotations

import hashlib
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, cast

import numpy as np

from benchmarks import samples
from contracts.case import Case, Section, SectionKind, Span
from knowledge_base import CaseIndex, EvidenceQuery, Ranking, retrieve, split_passages

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

PASSAGES = 100_000
_DIMENSIONS = 384  # of the bundled model
_BATCH = 200  # cases put in at a time
_ASKED = 40


class MadeVectors:
    """A vector for each text, drawn from its hash: near to nothing but itself."""

    name = "made-vectors"
    languages = frozenset({"*"})

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).standard_normal(_DIMENSIONS, dtype=np.float32)
        found: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return found


def _vectors() -> Embeddings:
    return cast("Embeddings", MadeVectors())


class Records:
    def __init__(self, cases: Mapping[str, Case]) -> None:
        self._cases = cases

    def current(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        return {case_id: self._cases[case_id] for case_id in case_ids if case_id in self._cases}


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else PASSAGES
    cases = _made_cases(wanted)
    total = sum(len(split_passages(case)) for case in cases)
    folder = Path(tempfile.mkdtemp(prefix="mailwright-scale-"))
    try:
        index = CaseIndex(folder, _vectors())
        print(f"passages: {total}; memory before: {_rss_mib():.0f} MiB")
        begun = time.perf_counter()
        index.put_many(cases)
        print(f"put in at once: {time.perf_counter() - begun:.0f} s, of it making vectors too")
        one = replace(cases[0], id="one-more")
        begun = time.perf_counter()
        index.put(one, split_passages(one))
        print(f"one more case: {time.perf_counter() - begun:.1f} s")
        index.close()
        vectors = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        words = sum(f.stat().st_size for f in (folder / "words").rglob("*") if f.is_file())
        print(
            f"on disk: vectors {(vectors - words) / 2**20:.0f} MiB, words {words / 2**20:.0f} MiB"
        )
        _ask(folder, {case.id: case for case in cases})
        print(f"peak memory: {_peak_mib():.0f} MiB")
    finally:
        shutil.rmtree(folder)


def _ask(folder: Path, cases: Mapping[str, Case]) -> None:
    records = Records(cases)
    chosen = random.Random(1)
    with CaseIndex(folder, _vectors()) as index:
        for ranking in Ranking:
            before = _rss_mib()
            times = []
            for _ in range(_ASKED):
                case = chosen.choice(list(cases.values()))
                text = " ".join(case.text.split()[5:25])
                query = EvidenceQuery(text, "en", samples.TODAY)
                begun = time.perf_counter()
                retrieve(index, records, query, 24, ranking=ranking)
                times.append(1000 * (time.perf_counter() - begun))
            print(
                f"question, {ranking.value}: first {times[0]:.0f} ms, then median "
                f"{median(times[1:]):.1f} ms, worst {max(times[1:]):.1f} ms; "
                f"memory {_rss_mib() - before:+.0f} MiB"
            )


def _made_cases(passages: int) -> list[Case]:
    """Cases of ten paragraphs of 60 words, words drawn as often as in real text (Zipf)."""
    rng = np.random.default_rng(7)
    words = [f"w{number}" for number in range(60_000)]
    made: list[Case] = []
    base = samples.cases()[0]
    for number in range((passages + 9) // 10):
        drawn = np.minimum(rng.zipf(1.3, size=(10, 60)), len(words)) - 1
        paragraphs = [" ".join(words[i] for i in row) + "." for row in drawn]
        text = "\n\n".join(paragraphs)
        made.append(
            replace(
                base,
                id=f"made-{number:06}",
                title=f"Case {number}",
                language="en",
                text=text,
                text_hash=hashlib.sha256(text.encode()).hexdigest(),
                sections=(Section(SectionKind.CHALLENGE, "", Span(0, len(text))),),
                outcomes=(),
                valid_until=None,
            )
        )
    return made


def _rss_mib() -> float:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
