"""What every room needs of language: taxonomy, numbers, sentences, countries, data files."""

from __future__ import annotations

from language.countries import country_code, country_name, language_code, languages_of, region_of
from language.datafile import DataFile, load_data
from language.detect import Detection, detect
from language.errors import MissingForm, UnknownTerm
from language.lexicon import ConceptMention, concept_words, find_concepts
from language.mentions import MetricMention, TermKind, TermMention, find_metrics, find_terms
from language.names import find_names, name_forms, without_legal_form
from language.numbers import Number, find_numbers, format_number, same_value
from language.periods import Period, period_after, period_before
from language.segmentation import index_words, query_words
from language.sentences import sentences
from language.taxonomy import (
    Industry,
    Kind,
    Metric,
    Problem,
    Role,
    Taxonomy,
    Term,
    Unit,
    fold,
    load_taxonomy,
)
from language.text import any_phrase, is_cjk, phrase_pattern, same_width

__all__ = [
    "ConceptMention",
    "DataFile",
    "Detection",
    "Industry",
    "Kind",
    "Metric",
    "MetricMention",
    "MissingForm",
    "Number",
    "Period",
    "Problem",
    "Role",
    "Taxonomy",
    "Term",
    "TermKind",
    "TermMention",
    "Unit",
    "UnknownTerm",
    "any_phrase",
    "concept_words",
    "country_code",
    "country_name",
    "detect",
    "find_concepts",
    "find_metrics",
    "find_names",
    "find_numbers",
    "find_terms",
    "fold",
    "format_number",
    "index_words",
    "is_cjk",
    "language_code",
    "languages_of",
    "load_data",
    "load_taxonomy",
    "name_forms",
    "period_after",
    "period_before",
    "phrase_pattern",
    "query_words",
    "region_of",
    "same_value",
    "same_width",
    "sentences",
    "without_legal_form",
]
