"""How the data files of the taxonomy are laid out, and how they are read.

A file a kind states what is so in every language (`industries.yaml`); a file a language
states what the entries of all kinds are called in it (`terms/de.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.case import Direction
from contracts.errors import BadInput
from language.datafile import DataFile, load_data

__all__ = [
    "IndustryFile",
    "Kind",
    "MetricFile",
    "Names",
    "PlainFile",
    "ProblemFile",
    "Terms",
    "UnitFile",
    "UnitKind",
    "load_terms",
    "terms_languages",
]

Kind = Literal["industry", "role", "region", "metric", "problem"]
UnitKind = Literal["ratio", "count", "time", "money", "measure"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Isic(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str
    divisions: tuple[str, ...]


class _IndustryRow(_Row):
    isic: _Isic


class _MetricRow(_Row):
    better: Direction


class _ProblemRow(_Row):
    metrics: tuple[str, ...]


class _UnitRow(_Row):
    kind: UnitKind
    prefix: Mapping[str, tuple[str, ...]] = {}
    suffix: Mapping[str, tuple[str, ...]] = {}
    period_nouns: Mapping[str, tuple[str, ...]] = {}


class IndustryFile(DataFile):
    entries: Mapping[str, _IndustryRow]


class PlainFile(DataFile):
    """Entries of which nothing but their being is stated: roles, regions."""

    entries: Mapping[str, _Row]


class MetricFile(DataFile):
    entries: Mapping[str, _MetricRow]


class ProblemFile(DataFile):
    entries: Mapping[str, _ProblemRow]


class UnitFile(DataFile):
    period_words: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, _UnitRow]


@dataclass(frozen=True, slots=True)
class Names:
    """What one entry is called in one language."""

    label: str
    synonyms: tuple[str, ...]  # all that it is called, the label among them
    in_text: tuple[str, ...]  # those of them by which running text is known to speak of it


@dataclass(frozen=True, slots=True)
class Terms:
    """What one language calls the entries of every kind."""

    names: Mapping[Kind, Mapping[str, Names]]
    titles: Mapping[str, tuple[str, ...]]  # role -> parts of job titles


class _TermsFile(DataFile):
    language: str
    industry: Mapping[str, str]
    role: Mapping[str, str]
    region: Mapping[str, str]
    metric: Mapping[str, str]
    problem: Mapping[str, str]
    titles: Mapping[str, str]


@cache
def terms_languages() -> tuple[str, ...]:
    """The languages that the entries have names in: those with a file in `terms/`."""
    folder = files("language").joinpath("data", "terms")
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load_terms(language: str) -> Terms:
    """The names of all entries in one of `terms_languages`.

    A line reads "label, synonym, synonym"; with a bar, what stands before it names the
    entry in a field and is not looked for in running text: "label, synonym | synonym".

    Raises:
        BadInput: the file is malformed or an entry has no name.
    """
    file = load_data("language", f"terms/{language}.yaml", _TermsFile)
    if file.language != language:
        raise BadInput(f"terms/{language}.yaml says it is in {file.language}; mend the file")
    where = f"terms/{language}.yaml"
    return Terms(
        {
            "industry": _names(where, file.industry),
            "role": _names(where, file.role),
            "region": _names(where, file.region),
            "metric": _names(where, file.metric),
            "problem": _names(where, file.problem),
        },
        {role: _list(line) for role, line in file.titles.items()},
    )


def _names(where: str, lines: Mapping[str, str]) -> Mapping[str, Names]:
    found: dict[str, Names] = {}
    for key, line in lines.items():
        head, bar, tail = line.partition("|")
        first, rest = _list(head), _list(tail)
        if not first:
            raise BadInput(f"{where}, {key}: no name; put one before the synonyms")
        every = tuple(dict.fromkeys((*first, *rest)))
        found[key] = Names(first[0], every, rest if bar else every)
    return found


def _list(line: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in line.split(",")) if part)
