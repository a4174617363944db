"""One ranking out of two: what is near in meaning, and what shares words and concepts.

Both are scored over the same passages and added (a convex combination of normalised scores,
which S. Bruch, S. Gai and A. Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
ACM TOIS 42(1), 2023, found to do better than reciprocal ranks, and less touchy about its one
number). Similarity counts only where the embedding model serves both the question's language
and the passage's: elsewhere it says next to nothing, and adding it makes a ranking worse
(docs/decisions/0009).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from knowledge_base.entries import IndexFilter, IndexHit
from knowledge_base.index import CaseIndex
from knowledge_base.models import ANY, serves
from knowledge_base.terms import question_terms
from knowledge_base.wordindex import Snapshot

__all__ = ["Question", "Ranking", "rank_passages"]

DENSE_WEIGHT = 0.5  # of similarity, where it counts; words have the rest
# A concept that two languages share says less than a word that two texts share: beside words it
# counts half. Between languages there are hardly any words, and it counts in full.
CONCEPT_WEIGHT = 0.5
CONCEPT_WEIGHT_ACROSS = 1.0
_UNSERVED = 0.01  # of similarity between texts that the model does not serve: it breaks ties
_DEPTH = 2  # candidates of each kind, as a multiple of those wanted
_LEAST = 50
_MOST_PASS = 0.25  # share of passages from which on asking for more beats filtering
_SPARE = 20


class Ranking(StrEnum):
    HYBRID = "hybrid"
    DENSE = "dense"  # by meaning alone
    WORDS = "words"  # by words and concepts alone


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    language: str  # BCP 47, of the text
    tags: tuple[str, ...] = ()  # concepts asked for beside the text: "#industry:food"


def rank_passages(
    index: CaseIndex,
    question: Question,
    filters: IndexFilter,
    k: int,
    ranking: Ranking = Ranking.HYBRID,
) -> tuple[IndexHit, ...]:
    """Up to `k` passages that the filters let through, the best first, equals by id.

    The score of a hit is between 0 and 1 for HYBRID and WORDS and relative to this question:
    1 is the best that the words, or words and similarity together, could give. For DENSE it
    is the cosine similarity, -1 to 1. Empty for an empty text, an empty index or k below 1.

    Raises:
        IndexUnreadable: the index is damaged, or its model is not there any more.
        ServerUnreachable: the vectors are on a server that does not answer.
    """
    if k < 1 or not question.text.strip():
        return ()
    if ranking is Ranking.DENSE:
        return index.search(question.text, filters, k)
    depth = max(k * _DEPTH, _LEAST)
    snapshot = index.words()
    if snapshot is None:  # the first cases are being written: what is there is found by meaning
        return index.search(question.text, filters, k) if ranking is Ranking.HYBRID else ()
    if not len(snapshot):
        return ()
    mask = snapshot.mask(filters)
    scores = _word_scores(snapshot, question, mask)
    rows = _best(scores, depth)
    near: dict[int, float] = {}
    served: frozenset[str] = frozenset()
    if ranking is Ranking.HYBRID:
        languages = index.languages()
        if serves(languages, question.language):
            served = languages
            within = _within(filters, served, snapshot)
            if within is not None:
                near = _nearest(index, snapshot, question.text, within, depth)
        if len(near.keys() | set(rows)) < k:  # better something that is near than nothing
            near = _nearest(index, snapshot, question.text, filters, depth) | near
    fused = _fused(snapshot, scores, rows, near, served)
    return tuple(snapshot.hit(row, score) for row, score in fused[:k])


def _within(filters: IndexFilter, served: frozenset[str], snapshot: Snapshot) -> IndexFilter | None:
    """The filters for passages that similarity says something about, None where there are no
    such passages."""
    if ANY in served:
        return filters
    asked = filters.languages or snapshot.languages
    languages = tuple(language for language in asked if serves(served, language))
    return replace(filters, languages=languages) if languages else None


def _nearest(
    index: CaseIndex, snapshot: Snapshot, text: str, filters: IndexFilter, depth: int
) -> dict[int, float]:
    """The nearest that the filters let through: their rows and cosine similarities.

    ChromaDB looks at the metadata of every passage before it searches, which takes ten times
    as long as the search (86 against 8 ms among 20,000). Where most passages pass, more are
    asked for and those that do not are left out; ChromaDB filters where few do, or where this
    did not give enough.
    """
    mask = snapshot.mask(filters)
    share = 1.0 if mask is None else float(mask.mean())
    if share >= _MOST_PASS:
        wanted = math.ceil(depth / share) + (0 if mask is None or share == 1 else _SPARE)
        near = index.near(text, IndexFilter(), wanted)
        passing = _rows(snapshot, near, mask)
        if len(passing) >= depth or len(near) < wanted:
            return dict(passing[:depth])
    return dict(_rows(snapshot, index.near(text, filters, depth), mask))


def _rows(
    snapshot: Snapshot, near: Sequence[tuple[str, float]], mask: NDArray[np.bool_] | None
) -> list[tuple[int, float]]:
    """What the words index has of `near`: a passage that is only being written is not yet
    found."""
    found = []
    for passage_id, similarity in near:
        row = snapshot.row_of(passage_id)
        if row is not None and (mask is None or mask[row]):
            found.append((row, similarity))
    return found


def _word_scores(
    snapshot: Snapshot, question: Question, mask: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    terms = question_terms(question.text, question.language, snapshot.languages, question.tags)
    words, concepts = snapshot.scores(terms.words, terms.concepts, mask)
    scores: NDArray[np.float32] = words + concepts * _concept_weights(snapshot, question.language)
    return scores


def _concept_weights(snapshot: Snapshot, language: str) -> NDArray[np.float32]:
    base = language.split("-")[0]
    weights = np.array(
        [
            CONCEPT_WEIGHT if other.split("-")[0] == base else CONCEPT_WEIGHT_ACROSS
            for other in snapshot.languages
        ],
        dtype=np.float32,
    )
    return weights[snapshot.column("language")]


def _best(scores: NDArray[np.float32], depth: int) -> list[int]:
    """The rows with the highest scores above 0, the highest first, equals by row."""
    rows = np.flatnonzero(scores > 0)
    if depth < len(rows):
        last = np.partition(scores[rows], -depth)[-depth]
        rows = rows[scores[rows] >= last]
    return [int(row) for row in rows[np.lexsort((rows, -scores[rows]))][:depth]]


def _fused(
    snapshot: Snapshot,
    scores: NDArray[np.float32],
    best: Sequence[int],
    near: Mapping[int, float],
    served: frozenset[str],
) -> list[tuple[int, float]]:
    """Rows and their scores, the best first, equals by row, which is by id.

    Args:
        scores: of every row, by words.
        best: the rows with the highest of these.
        near: rows that are near in meaning, and how near.
        served: the languages in which similarity counts, none where the question itself is not
            in one of them. Elsewhere it only orders what words do not.
    """
    rows = np.array(sorted(near.keys() | set(best)), dtype=np.int64)
    if not len(rows):
        return []
    words = scores[rows].astype(np.float64)
    words /= words.max() or 1.0
    speaks = np.array([serves(served, language) for language in snapshot.languages])
    counts = speaks[snapshot.column("language")[rows]]
    similar = np.array([max(near.get(int(row), -1.0), 0.0) for row in rows])
    known = np.array([int(row) in near for row in rows])
    # What is not among the nearest is at most as near as the last of these.
    for kind in (True, False):
        group = counts == kind
        if (group & known).any():
            similar[group & ~known] = similar[group & known].min()
    fused = words
    compared = counts & known
    most = similar[compared].max() if compared.any() else 0.0
    if most > 0:
        # What cannot be compared is taken for as near as the last that could: for nothing, its
        # words alone would count double against those of a passage that can.
        least = similar[compared].min()
        fused = DENSE_WEIGHT * np.where(counts, similar, least) / most + (1 - DENSE_WEIGHT) * words
    if (known & ~counts).any():
        fused = np.where(counts, fused, (1 - _UNSERVED) * fused + _UNSERVED * similar)
    order = np.lexsort((rows, -fused))
    return [(int(rows[i]), float(fused[i])) for i in order]
