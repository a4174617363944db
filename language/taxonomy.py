"""Industries, roles, regions, metrics, problems and units: their ids, their names in every
language, and the forms that sentences need of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TypeVar

from contracts.case import Direction
from contracts.errors import BadInput
from language.datafile import load_data
from language.errors import MissingForm, UnknownTerm
from language.tags import data_language
from language.taxonomy_files import (
    IndustryFile,
    Kind,
    MetricFile,
    Names,
    PlainFile,
    ProblemFile,
    UnitFile,
    UnitKind,
    load_terms,
    terms_languages,
)
from language.titles import JobTitles

__all__ = [
    "Industry",
    "Kind",
    "Metric",
    "Problem",
    "Role",
    "Taxonomy",
    "Term",
    "Unit",
    "UnitKind",
    "fold",
    "load_taxonomy",
]

_TermT = TypeVar("_TermT", bound="Term")
_ValueT = TypeVar("_ValueT")
# Letters that Arabic writers use for one another, and signs that they leave out.
_ARABIC = {0x0640: None} | dict.fromkeys(range(0x064B, 0x0660))
_ARABIC |= {ord(a): b for a, b in zip("أإآٱىة", "ااااي\u0647", strict=True)}


class _ByLanguage(Mapping[str, _ValueT]):
    """A value for each language that has names; its file is read when it is asked for."""

    def __init__(self, read: Callable[[str], _ValueT]) -> None:
        self._read = read

    def __getitem__(self, language: str) -> _ValueT:
        if language not in terms_languages():
            raise KeyError(language)
        return self._read(language)

    def __iter__(self) -> Iterator[str]:
        return iter(terms_languages())

    def __len__(self) -> int:
        return len(terms_languages())


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: its id, and what people call it."""

    id: str
    labels: Mapping[str, str]  # by language
    synonyms: Mapping[str, tuple[str, ...]]  # by language, as people write them in fields

    def label(self, language: str) -> str:
        """The name to show in `language`; "pt-BR" is shown as "pt", "zh-TW" as "zh-Hant".

        Raises:
            MissingForm: the entry has no name in that language.
        """
        try:
            return self.labels[data_language(language)]
        except KeyError as error:
            raise MissingForm(self.id, language, "label") from error


@dataclass(frozen=True, slots=True)
class Industry(Term):
    isic_section: str = ""  # ISIC Rev. 4, "C"
    isic_divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role(Term):
    in_titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric(Term):
    better: Direction = Direction.DOWN


@dataclass(frozen=True, slots=True)
class Problem(Term):
    """Something that companies want to be rid of."""

    metrics: tuple[str, ...] = ()  # those that show how bad it is


@dataclass(frozen=True, slots=True)
class Unit(Term):
    """`labels` are empty: a unit is written by the forms of each language's folder."""

    kind: UnitKind = "measure"
    prefix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "" key: any language
    suffix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period_nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, case folded, spaces run together, Arabic without vowel
    marks and variants of letters. Never stored."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC).split())


class Taxonomy:
    """Every entry by kind and id. Made by `load_taxonomy`; does not change."""

    def __init__(
        self,
        industries: Mapping[str, Industry],
        roles: Mapping[str, Role],
        regions: Mapping[str, Term],
        metrics: Mapping[str, Metric],
        problems: Mapping[str, Problem],
        units: Mapping[str, Unit],
        period_words: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._terms: Mapping[Kind, Mapping[str, Term]] = {
            "industry": industries,
            "role": roles,
            "region": regions,
            "metric": metrics,
            "problem": problems,
        }
        self._industries, self._roles, self._metrics = industries, roles, metrics
        self._problems = problems
        self._units = units
        self.period_words = period_words
        self._indexes: dict[Kind, Mapping[str, str]] = {}

    @property
    def label_languages(self) -> tuple[str, ...]:
        """The languages in which every entry but units has a label and synonyms."""
        return terms_languages()

    def find(self, kind: Kind, text: str) -> str:
        """The id that `text` names, "" if none: an id, a label or a synonym in any
        language, whatever its case, width and spaces; also without its accents, where that
        names one entry only. Never a part of a longer text.

        Raises:
            BadInput: two entries of the kind share a name.
        """
        if text in self._terms[kind]:
            return text
        index = self._index(kind)
        folded = fold(text)
        return index.get(folded) or index.get(_plain(folded), "")

    def find_role_in(self, text: str) -> str:
        """The role that a job title tells of, "" if none.

        "Leiterin Instandhaltung", "VP Operations", "设备部经理". A title that is a synonym
        as a whole is that role; otherwise the words of several words count before single
        ones, then the earlier before the later, then the longer before the shorter. A title
        that tells of none is read again without its accents.
        """
        folded = fold(text)
        titles, plain = self._job_titles
        return self.find("role", text) or titles.role_in(folded) or plain.role_in(_plain(folded))

    def ids(self, kind: Kind) -> tuple[str, ...]:
        return tuple(self._terms[kind])

    def label(self, kind: Kind, term_id: str, language: str) -> str:
        """The name to show of an entry.

        Raises:
            UnknownTerm: there is no such entry.
            MissingForm: it has no name in that language.
        """
        return self.term(kind, term_id).label(language)

    def names(self, kind: Kind, language: str) -> Mapping[str, Names]:
        """What `language` calls the entries of a kind, by id; empty for a language without
        names."""
        tag = data_language(language)
        return load_terms(tag).names[kind] if tag in terms_languages() else {}

    def term(self, kind: Kind, term_id: str) -> Term:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._terms[kind], kind, term_id)

    def industry(self, term_id: str) -> Industry:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._industries, "industry", term_id)

    def role(self, term_id: str) -> Role:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._roles, "role", term_id)

    def metric(self, term_id: str) -> Metric:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._metrics, "metric", term_id)

    def problem(self, term_id: str) -> Problem:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._problems, "problem", term_id)

    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems.values())

    def metrics(self) -> tuple[Metric, ...]:
        return tuple(self._metrics.values())

    def unit(self, term_id: str) -> Unit:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._units, "unit", term_id)

    def units(self) -> tuple[Unit, ...]:
        return tuple(self._units.values())

    def _index(self, kind: Kind) -> Mapping[str, str]:
        if kind not in self._indexes:
            self._indexes[kind] = _index(kind, self._terms[kind])
        return self._indexes[kind]

    @cached_property
    def _job_titles(self) -> tuple[JobTitles, JobTitles]:
        """The parts of titles as they are written, and without their accents."""
        parts = [
            (fold(phrase), role.id)
            for role in self._roles.values()
            for phrases in role.in_titles.values()
            for phrase in phrases
        ]
        return JobTitles(parts), JobTitles((_plain(part), role) for part, role in parts)


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy of the data files, read once; names in a language when they are first
    asked for.

    Raises:
        BadInput: a file is malformed, or a problem is measured by a
            metric that there is not.
    """
    industries = load_data("language", "industries.yaml", IndustryFile)
    roles = load_data("language", "roles.yaml", PlainFile)
    regions = load_data("language", "regions.yaml", PlainFile)
    metrics = load_data("language", "metrics.yaml", MetricFile)
    problems = load_data("language", "problems.yaml", ProblemFile)
    units = load_data("language", "units.yaml", UnitFile)
    for key, problem in problems.entries.items():
        if strange := set(problem.metrics) - set(metrics.entries):
            raise BadInput(f"problems.yaml, {key}: no metric {min(strange)}; mend the file")
    return Taxonomy(
        {
            key: Industry(
                *_shared("industry", key),
                isic_section=row.isic.section,
                isic_divisions=row.isic.divisions,
            )
            for key, row in industries.entries.items()
        },
        {
            key: Role(*_shared("role", key), in_titles=_titles(key))
            for key, row in roles.entries.items()
        },
        {key: Term(*_shared("region", key)) for key, row in regions.entries.items()},
        {
            key: Metric(*_shared("metric", key), better=row.better)
            for key, row in metrics.entries.items()
        },
        {
            key: Problem(*_shared("problem", key), metrics=row.metrics)
            for key, row in problems.entries.items()
        },
        {
            key: Unit(
                key,
                {},
                {},
                kind=row.kind,
                prefix=row.prefix,
                suffix=row.suffix,
                period_nouns=row.period_nouns,
            )
            for key, row in units.entries.items()
        },
        units.period_words,
    )


_Shared = tuple[str, Mapping[str, str], Mapping[str, tuple[str, ...]]]


def _shared(kind: Kind, key: str) -> _Shared:
    """What all terms are made of: id, labels, synonyms."""

    def names(language: str) -> Names:
        found = load_terms(language).names[kind].get(key)
        if found is None:
            raise MissingForm(key, language, "name")
        return found

    labels = _ByLanguage(lambda language: names(language).label)
    synonyms = _ByLanguage(lambda language: names(language).synonyms)
    return key, labels, synonyms


def _titles(role: str) -> Mapping[str, tuple[str, ...]]:
    return _ByLanguage(lambda language: load_terms(language).titles.get(role, ()))


def _get(terms: Mapping[str, _TermT], kind: str, term_id: str) -> _TermT:
    try:
        return terms[term_id]
    except KeyError as error:
        raise UnknownTerm(kind, term_id, tuple(terms)) from error


def _index(kind: str, terms: Mapping[str, Term]) -> Mapping[str, str]:
    index: dict[str, str] = {}
    for term in terms.values():
        names = [term.id, term.id.replace("-", " ")]
        for synonyms in term.synonyms.values():
            names.extend(synonyms)
        for name in names:
            key = fold(name)
            if index.setdefault(key, term.id) != term.id:
                raise UnknownTerm.twice(kind, name, index[key], term.id)
    plain: dict[str, str] = {}
    for key, term_id in index.items():
        if (bare := _plain(key)) != key:
            plain[bare] = term_id if plain.get(bare, term_id) == term_id else ""
    return {**plain, **index}


def _plain(folded: str) -> str:
    """Folded text without accents, as fields are filled in from keyboards that lack them."""
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFD", folded)
    kept = "".join(char for char in parts if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", kept).replace("ł", "l")
