"""Proofs that do not repeat one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.entries import IndexHit
from knowledge_base.wordindex import Snapshot

__all__ = ["diversified"]


def diversified(
    hits: Sequence[IndexHit], snapshot: Snapshot | None, k: int, relevance: float
) -> tuple[IndexHit, ...]:
    """`k` of `hits` by maximal marginal relevance: J. Carbonell and J. Goldstein, "The Use of
    MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries", SIGIR 1998.

    What two passages share are their words and concepts (Jaccard index), so that one result
    told in two languages is seen as one. The first hit stays the first.

    Args:
        relevance: the lambda of the paper, 0 to 1; 1 leaves the order as it is.
    """
    if relevance >= 1 or snapshot is None or len(hits) < 2:
        return tuple(hits[:k])
    alike = _likeness(hits, snapshot)
    worth = np.array([hit.score for hit in hits], dtype=np.float64)
    chosen = [0]
    left = list(range(1, len(hits)))
    nearest = alike[0].copy()
    while left and len(chosen) < k:
        gain = relevance * worth[left] - (1 - relevance) * nearest[left]
        best = left.pop(int(np.argmax(gain)))  # the first of equals
        chosen.append(best)
        nearest = np.maximum(nearest, alike[best])
    return tuple(hits[i] for i in chosen[:k])


def _likeness(hits: Sequence[IndexHit], snapshot: Snapshot) -> NDArray[np.float64]:
    """The Jaccard index of every pair."""
    rows = [snapshot.row_of(hit.passage_id) for hit in hits]
    terms = [
        np.unique(snapshot.terms(row)) if row is not None else np.empty(0, np.int32) for row in rows
    ]
    _, places = np.unique(np.concatenate(terms), return_inverse=True)
    there = np.zeros((len(hits), int(places.max(initial=-1)) + 1), dtype=np.float32)
    owners = np.repeat(np.arange(len(hits)), [len(t) for t in terms])
    there[owners, places] = 1
    shared = (there @ there.T).astype(np.float64)
    sizes = there.sum(axis=1, dtype=np.float64)
    either = sizes[:, None] + sizes[None, :] - shared
    found: NDArray[np.float64] = np.divide(
        shared, either, out=np.zeros_like(shared), where=either > 0
    )
    return found
