"""Industries, roles, regions, metrics and units: their ids, names and the forms that
sentences need of them, in every language of the product."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from contracts.case import Direction
from language.datafile import DataFile, load_data
from language.errors import MissingForm, UnknownTerm

__all__ = [
    "Industry",
    "Kind",
    "Metric",
    "Role",
    "Taxonomy",
    "Term",
    "Unit",
    "UnitKind",
    "fold",
    "load_taxonomy",
]

Kind = Literal["industry", "role", "region", "metric"]
UnitKind = Literal["ratio", "count", "time", "money", "measure"]
_FILES: Mapping[Kind, str] = {
    "industry": "industries.yaml",
    "role": "roles.yaml",
    "region": "regions.yaml",
    "metric": "metrics.yaml",
}
_TermT = TypeVar("_TermT", bound="Term")
_SHORT = 3  # title words up to this length must be whole words: "it", "qs"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: its id, what people call it, and the forms sentences need."""

    id: str
    labels: Mapping[str, str]  # by language
    synonyms: Mapping[str, tuple[str, ...]]  # by language, as people write them
    forms: Mapping[str, Mapping[str, str]]  # language -> form -> text

    def label(self, language: str) -> str:
        """The name to show in `language`.

        Raises:
            MissingForm: the entry has no name in that language.
        """
        try:
            return self.labels[language]
        except KeyError as error:
            raise MissingForm(self.id, language, "label") from error

    def form(self, language: str, name: str) -> str:
        """One form, such as `form("de", "many_dat")`.

        Raises:
            MissingForm: the entry has no such form in that language.
        """
        try:
            return self.forms[language][name]
        except KeyError as error:
            raise MissingForm(self.id, language, name) from error


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
class Unit(Term):
    """`labels` are empty: a unit is shown through its forms."""

    kind: UnitKind = "measure"
    quantity: Mapping[str, str] = field(default_factory=dict)  # language -> "{n}\u00a0{unit}"
    prefix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "" key: any language
    suffix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Mapping[str, str] = field(default_factory=dict)  # language -> "a quarter"
    period_nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, case folded, spaces run together. Never stored."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Taxonomy:
    """Every entry by kind and id. Made by `load_taxonomy`; does not change."""

    def __init__(
        self,
        industries: Mapping[str, Industry],
        roles: Mapping[str, Role],
        regions: Mapping[str, Term],
        metrics: Mapping[str, Metric],
        units: Mapping[str, Unit],
        period_words: Mapping[str, tuple[str, ...]],
        languages: tuple[str, ...],
    ) -> None:
        self._terms: Mapping[Kind, Mapping[str, Term]] = {
            "industry": industries,
            "role": roles,
            "region": regions,
            "metric": metrics,
        }
        self._industries, self._roles, self._metrics = industries, roles, metrics
        self._units = units
        self.period_words = period_words
        self.languages = languages  # those that have every form
        self._names = {kind: _index(kind, terms) for kind, terms in self._terms.items()}
        self._title_words = _title_words(roles)

    def find(self, kind: Kind, text: str) -> str:
        """The id that `text` names, "" if none: an id, a label or a synonym in any
        language, whatever its case, width and spaces. Never a part of a longer text."""
        return self._names[kind].get(fold(text), "")

    def find_role_in(self, text: str) -> str:
        """The role that a job title tells of, "" if none.

        "Leiterin Instandhaltung", "VP Operations", "设备部经理". A title that is a synonym
        as a whole is that role; otherwise the words of several words count before single
        ones, then the earlier before the later, then the longer before the shorter.
        """
        folded = fold(text)
        if found := self._names["role"].get(folded, ""):
            return found
        best: tuple[int, int, int] | None = None
        role = ""
        for words, length, pattern, role_id in self._title_words:
            if match := pattern.search(folded):
                rank = (-words, match.start(), -length)
                if best is None or rank < best:
                    best, role = rank, role_id
        return role

    def ids(self, kind: Kind) -> tuple[str, ...]:
        return tuple(self._terms[kind])

    def label(self, kind: Kind, term_id: str, language: str) -> str:
        """The name to show of an entry.

        Raises:
            UnknownTerm: there is no such entry.
            MissingForm: it has no name in that language.
        """
        return self.term(kind, term_id).label(language)

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

    def metrics(self) -> tuple[Metric, ...]:
        return tuple(self._metrics.values())

    def unit(self, term_id: str) -> Unit:
        """Raises UnknownTerm if there is no such entry."""
        return _get(self._units, "unit", term_id)

    def units(self) -> tuple[Unit, ...]:
        return tuple(self._units.values())


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy of the data files, read once.

    Raises:
        BadInput: a file is malformed, an entry lacks a form, or two entries of a kind
            share a name.
    """
    industries = load_data("language", _FILES["industry"], _IndustryFile)
    roles = load_data("language", _FILES["role"], _RoleFile)
    regions = load_data("language", _FILES["region"], _RegionFile)
    metrics = load_data("language", _FILES["metric"], _MetricFile)
    units = load_data("language", "units.yaml", _UnitFile)
    return Taxonomy(
        {
            key: Industry(
                key,
                row.labels,
                row.synonyms,
                row.forms,
                isic_section=row.isic.section,
                isic_divisions=row.isic.divisions,
            )
            for key, row in industries.entries.items()
        },
        {
            key: Role(key, row.labels, row.synonyms, row.forms, in_titles=row.in_titles)
            for key, row in roles.entries.items()
        },
        {
            key: Term(key, row.labels, row.synonyms, row.forms)
            for key, row in regions.entries.items()
        },
        {
            key: Metric(key, row.labels, row.synonyms, row.forms, better=row.better)
            for key, row in metrics.entries.items()
        },
        {
            key: Unit(
                key,
                {},
                {},
                row.forms,
                kind=row.kind,
                quantity={**units.quantity, **row.quantity},
                prefix=row.prefix,
                suffix=row.suffix,
                period=row.period,
                period_nouns=row.period_nouns,
            )
            for key, row in units.entries.items()
        },
        units.period_words,
        tuple(metrics.forms),
    )


def _get(terms: Mapping[str, _TermT], kind: str, term_id: str) -> _TermT:
    try:
        return terms[term_id]
    except KeyError as error:
        raise UnknownTerm(kind, term_id, tuple(terms)) from error


def _index(kind: str, terms: Mapping[str, Term]) -> Mapping[str, str]:
    index: dict[str, str] = {}
    for term in terms.values():
        names = [term.id, term.id.replace("-", " "), *term.labels.values()]
        for synonyms in term.synonyms.values():
            names.extend(synonyms)
        for name in names:
            key = fold(name)
            if index.setdefault(key, term.id) != term.id:
                raise UnknownTerm.twice(kind, name, index[key], term.id)
    return index


_TitleWord = tuple[int, int, "re.Pattern[str]", str]  # words, characters, pattern, role


def _title_words(roles: Mapping[str, Role]) -> tuple[_TitleWord, ...]:
    found: list[_TitleWord] = []
    for role in roles.values():
        for phrases in role.in_titles.values():
            for phrase in phrases:
                key = fold(phrase)
                pattern = re.escape(key)
                if key[0].isascii() or key[0] in "äöüß":
                    pattern = r"(?<![^\W\u3040-\u9fff])" + pattern
                    if len(key) <= _SHORT:
                        pattern += r"(?![^\W\u3040-\u9fff])"
                found.append((len(key.split()), len(key), re.compile(pattern), role.id))
    return tuple(found)


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]
    synonyms: Mapping[str, tuple[str, ...]] = {}


class _Isic(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str
    divisions: tuple[str, ...]


class _IndustryRow(_Row):
    isic: _Isic


class _RoleRow(_Row):
    in_titles: Mapping[str, tuple[str, ...]]


class _MetricRow(_Row):
    better: Direction


class _UnitRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: UnitKind
    forms: Mapping[str, Mapping[str, str]]
    quantity: Mapping[str, str] = {}
    prefix: Mapping[str, tuple[str, ...]] = {}
    suffix: Mapping[str, tuple[str, ...]] = {}
    period: Mapping[str, str] = {}
    period_nouns: Mapping[str, tuple[str, ...]] = {}


class _File(DataFile):
    """`forms` states which forms a language needs; every entry must have just those."""

    forms: Mapping[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _complete(self) -> _File:
        for key, row in getattr(self, "entries", {}).items():
            for language, names in self.forms.items():
                given = row.forms.get(language, {})
                if set(given) != set(names):
                    wrong = ", ".join(sorted(set(given) ^ set(names)))
                    raise ValueError(f"{key}: forms in {language} differ from the list: {wrong}")
            if strange := set(row.forms) - set(self.forms):
                raise ValueError(f"{key}: forms in a language not listed: {min(strange)}")
            labels = getattr(row, "labels", None)
            if labels is not None and set(labels) != set(self.forms):
                raise ValueError(f"{key}: labels must be in {', '.join(self.forms)}")
        return self


class _IndustryFile(_File):
    entries: Mapping[str, _IndustryRow]


class _RoleFile(_File):
    entries: Mapping[str, _RoleRow]


class _RegionFile(_File):
    entries: Mapping[str, _Row]


class _MetricFile(_File):
    entries: Mapping[str, _MetricRow]


class _UnitFile(_File):
    quantity: Mapping[str, str]
    period_words: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, _UnitRow]
