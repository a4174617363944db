"""Cases in, evidence out: read, extract outcomes, split, embed, index, retrieve."""

from __future__ import annotations

from knowledge_base.check import CaseNote, check_cases
from knowledge_base.chromaserver import ChromaServer
from knowledge_base.embedding import HASHED_WORDS, open_embeddings
from knowledge_base.entries import IndexFilter, IndexHit
from knowledge_base.errors import (
    IndexBusy,
    IndexUnreadable,
    LanguagesUnknown,
    ModelNotFound,
    NoSuchPath,
    ServerUnreachable,
)
from knowledge_base.fields import FieldError, own_fields
from knowledge_base.hybrid import Ranking
from knowledge_base.index import CaseIndex, PutReport
from knowledge_base.outcomes import extract_outcomes
from knowledge_base.passages import split_passages
from knowledge_base.readers import (
    SUFFIXES,
    CaseReading,
    HiddenText,
    ParserProcess,
    Refusal,
    read_address,
    read_cases,
)
from knowledge_base.reranking import Reranker, open_reranker
from knowledge_base.retrieve import CaseRecords, EvidenceQuery, retrieve, search_cases

__all__ = [
    "HASHED_WORDS",
    "SUFFIXES",
    "CaseIndex",
    "CaseNote",
    "CaseReading",
    "CaseRecords",
    "ChromaServer",
    "EvidenceQuery",
    "FieldError",
    "HiddenText",
    "IndexBusy",
    "IndexFilter",
    "IndexHit",
    "IndexUnreadable",
    "LanguagesUnknown",
    "ModelNotFound",
    "NoSuchPath",
    "ParserProcess",
    "PutReport",
    "Ranking",
    "Refusal",
    "Reranker",
    "ServerUnreachable",
    "check_cases",
    "extract_outcomes",
    "open_embeddings",
    "open_reranker",
    "own_fields",
    "read_address",
    "read_cases",
    "retrieve",
    "search_cases",
    "split_passages",
]
