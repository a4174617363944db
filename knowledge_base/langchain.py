"""The knowledge base as a LangChain retriever, for other people's chains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from contracts.case import Passage
from knowledge_base.index import CaseIndex
from knowledge_base.reranking import Reranker
from knowledge_base.retrieve import CaseRecords, EvidenceQuery, retrieve
from language import detect

__all__ = ["CaseRetriever"]


class CaseRetriever(BaseRetriever):
    """Passages of cases that may be used today, as LangChain documents, the best first.

    A document's `page_content` is the sentence or paragraph itself; its metadata are the
    citation: `case`, `title`, `kind`, `language`, `span` ([start, end) in the case's stored
    text), `text_hash` of that text, `file` and `place` in it ("page 3", "" where there are
    none), `source`, `score`, and `name_public`. A passage that is known to speak to a machine is
    left out; fence the others as data all the same before they reach a model.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: CaseIndex
    records: Any  # what satisfies CaseRecords: a protocol that pydantic cannot check
    k: int = 8
    language: str = ""  # of the questions, BCP 47; "" is told from each
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    named_only: bool = False
    clean_only: bool = True  # no passage in which the case speaks to a machine (`kb check`)
    relevance: float = 1.0  # below 1, passages that repeat a better one come later
    reranker: Any = None  # a Reranker, or None
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        records: CaseRecords = self.records
        reranker: Reranker | None = self.reranker
        asked = EvidenceQuery(
            text=query,
            language=self.language or detect(query).language,
            today=self.today(),
            industries=self.industries,
            regions=self.regions,
            named_only=self.named_only,
            clean_only=self.clean_only,
            relevance=self.relevance,
        )
        found = retrieve(self.index, records, asked, self.k, reranker=reranker)
        cases = records.current({passage.case_id for passage in found})
        return [
            _document(passage, cases[passage.case_id].name_public)
            for passage in found
            if passage.case_id in cases
        ]


def _document(passage: Passage, name_public: bool) -> Document:
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "case": passage.case_id,
            "title": passage.title,
            "kind": passage.kind.value,
            "language": passage.language,
            "span": [passage.span.start, passage.span.end],
            "text_hash": passage.text_hash,
            "file": passage.path,
            "place": passage.place,
            "source": passage.source,
            "score": passage.score,
            "name_public": name_public,
        },
    )
