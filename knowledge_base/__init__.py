"""Cases in, evidence out: read, extract outcomes, split, embed, index, retrieve."""

from __future__ import annotations

from knowledge_base.check import CaseNote, check_cases
from knowledge_base.embedding import HASHED_WORDS, open_embeddings
from knowledge_base.errors import IndexBusy, IndexUnreadable, ModelNotFound, NoSuchPath
from knowledge_base.index import CaseIndex, IndexFilter, IndexHit, PutReport
from knowledge_base.outcomes import extract_outcomes
from knowledge_base.passages import split_passages
from knowledge_base.readers import CaseReading, HiddenText, Refusal, read_cases
from knowledge_base.retrieve import CaseRecords, EvidenceQuery, retrieve, search_cases

__all__ = [
    "HASHED_WORDS",
    "CaseIndex",
    "CaseNote",
    "CaseReading",
    "CaseRecords",
    "EvidenceQuery",
    "HiddenText",
    "IndexBusy",
    "IndexFilter",
    "IndexHit",
    "IndexUnreadable",
    "ModelNotFound",
    "NoSuchPath",
    "PutReport",
    "Refusal",
    "check_cases",
    "extract_outcomes",
    "open_embeddings",
    "read_cases",
    "retrieve",
    "search_cases",
    "split_passages",
]
