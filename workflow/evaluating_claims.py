"""How well false claims of anybody's mail are caught, measured on the cases that the set of
paragraphs was written of."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from contracts.seams import NoProgress, Progress
from evaluation import load_packs
from evaluation.suites.claims import claim_items, evaluate_claims
from workflow.claim_search import ClaimSearch
from workflow.settings import Settings

__all__ = ["measure_claims"]

_TODAY = date(2026, 1, 1)  # no case of the set has a last day


def measure_claims(
    settings: Settings,
    cases: Path,
    *,
    by_meaning: bool = False,
    progress: Progress | None = None,
) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """{set: {group: {measure: number}}}, as `evaluate_claims` gives it. No workspace is touched.

    Args:
        cases: the cases that the set speaks of (../shared/data/cases/cases.jsonl).
        by_meaning: search by the embedding model of the settings too, which takes minutes to
            index; else by words, concepts and figures alone. The names of the sets tell which.

    Raises:
        NoSuchData: a case that the set speaks of is not among `cases`.
        BadInput: the cases cannot be read.
        ModelNotFound, LanguagesUnknown: as `open_embeddings` does.
    """
    from knowledge_base import HASHED_WORDS, CaseIndex, Ranking, open_embeddings, read_cases

    progress = progress or NoProgress()
    found = {case.id: case for case in read_cases(cases).cases}
    chosen = (settings.embedding_model, settings.embedding_languages)
    embeddings = open_embeddings(*chosen) if by_meaning else open_embeddings(HASHED_WORDS)
    ranking = Ranking.HYBRID if by_meaning else Ranking.WORDS
    with (
        tempfile.TemporaryDirectory(prefix="mailwright-eval-") as folder,
        CaseIndex(Path(folder) / "index", embeddings) as index,
    ):
        index.put_many(found.values(), progress)
        search = ClaimSearch(found.values, index, _TODAY, ranking)
        progress.start("claims", len(claim_items()))
        measures = evaluate_claims(search, found, load_packs(), ranking.value, progress.advance)
        progress.done()
    return measures
