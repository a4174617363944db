"""The words and concepts by which a passage is found, and those that a question asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from contracts.case import Case
from language import find_concepts, find_numbers, find_terms, index_words, query_words

__all__ = ["Terms", "case_tags", "concepts_in", "passage_terms", "question_terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words as `language.segmentation` makes them, and concepts, which all languages share:
    "#warehouse", "#metric:oee", "#industry:food", "#=20 percent". With repetitions."""

    words: tuple[str, ...]
    concepts: tuple[str, ...]


def passage_terms(context: str, language: str, tags: Collection[str] = ()) -> Terms:
    """The terms of a passage.

    Args:
        context: the passage under its case's title.
        tags: of the case, from `case_tags`; each counts once.
    """
    return Terms(tuple(index_words(context, language)), (*concepts_in(context, language), *tags))


def question_terms(
    text: str, language: str, index_languages: Collection[str], tags: Collection[str] = ()
) -> Terms:
    """The terms that a question asks for, each once: a word said twice is not asked twice."""
    words = dict.fromkeys(query_words(text, language, index_languages))
    concepts = dict.fromkeys((*concepts_in(text, language), *tags))
    return Terms(tuple(words), tuple(concepts))


def case_tags(case: Case) -> tuple[str, ...]:
    """What the fields of a case say of all its passages."""
    found = [f"#role:{role}" for role in case.roles]
    for kind, value in (
        ("industry", case.industry),
        ("region", case.region),
        ("country", case.country),
    ):
        if value:
            found.append(f"#{kind}:{value}")
    return tuple(found)


def concepts_in(text: str, language: str) -> Iterator[str]:
    """Concepts of the lexicon, entries of the taxonomy and quantities that a text speaks of."""
    for concept in find_concepts(text, language):
        yield f"#{concept.concept}"
    for term in find_terms(text, language):
        yield f"#{term.kind}:{term.id}"
    for number in find_numbers(text, language):
        # Bare small numbers are in every text and say nothing.
        if number.unit or number.value >= _SMALL:
            yield f"#={number.value.normalize():f} {number.unit}".rstrip()


_SMALL = 13
