"""What a segment is shown as evidence: the question that its brief and its facts ask of the
knowledge base."""

from __future__ import annotations

from typing import Literal

from contracts.brief import Brief, SegmentRule
from contracts.case import Passage, SectionKind
from workflow.house import House

__all__ = ["evidence_for", "results_of"]

_PASSAGES = 24
# Lambda of maximal marginal relevance: what fits counts more than what is new.
_RELEVANCE = 0.7


def evidence_for(
    house: House, brief: Brief, rule: SegmentRule, language: str, industry: str, role: str
) -> tuple[Passage, ...]:
    """Passages for a segment: of its own industry, or of what its rule names as evidence.

    The question is the product's description, in English where the brief has it, which the
    bundled model knows best. Industry and role are asked for as tags too, which find cases in
    every language. What says again what a better passage says comes later, so that the proofs
    of a letter do not repeat one another.

    Args:
        language: of the mail; its own cases go before equal ones in others.
        industry, role: taxonomy ids that hold for the whole segment, "" where none does.
    """
    from knowledge_base import EvidenceQuery, retrieve
    from language import load_taxonomy

    taxonomy = load_taxonomy()
    described = brief.product.description
    asked = next((code for code in ("en", language) if code in described), next(iter(described)))
    words = [described[asked], brief.goal]
    tags = []
    kinds: tuple[tuple[Literal["role", "industry"], str], ...] = (
        ("role", role),
        ("industry", industry),
    )
    for kind, term in kinds:
        if term:
            words.insert(0, taxonomy.label(kind, term, asked))
            tags.append(f"#{kind}:{term}")
    industries = _named(rule, "industry") or ((industry,) if industry else ())
    query = EvidenceQuery(
        text=". ".join(word for word in words if word),
        language=language,
        text_language=asked,
        tags=tuple(tags),
        industries=industries,
        regions=_named(rule, "region"),
        today=house.today,
        named_only=rule.named_only,
        clean_only=True,
        relevance=_RELEVANCE,
    )
    return retrieve(house.filled_index, house.evidence(), query, _PASSAGES, reranker=house.reranker)


def results_of(house: House, case_id: str) -> tuple[Passage, ...]:
    """The results of one case as passages; empty where there is no such case any more."""
    with house.store.read() as tx:
        case = tx.cases.get(case_id)
    if case is None:
        return ()
    return tuple(
        Passage(
            id=f"{case.id}/{outcome.span.start}",
            case_id=case.id,
            title=case.title,
            kind=SectionKind.OUTCOME,
            text=outcome.text,
            language=case.language,
            span=outcome.span,
            text_hash=case.text_hash,
            source=case.source,
            path=case.path,
        )
        for outcome in case.outcomes
    )


def _named(rule: SegmentRule, field: Literal["industry", "region"]) -> tuple[str, ...]:
    """What the rule names as evidence, as ids; `load_brief` has refused what is not known."""
    from language import load_taxonomy

    found = (load_taxonomy().find(field, value) for value in rule.evidence.get(field, ()))
    return tuple(value for value in found if value)
