"""The files of `personalize/prompts/`: what a model is asked, and signs of a bad answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from language.datafile import DataFile
from personalize.errors import BadPhrases

__all__ = [
    "Checks",
    "PromptFile",
    "TranslationFile",
    "by_language",
    "checks",
    "prompt_file",
    "translation_file",
]

_T = TypeVar("_T")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Address(_Strict):
    formal: Mapping[str, str]
    familiar: Mapping[str, str]


class _Tactics(_Strict):
    """Ids of variants/data/tactics.yaml, by the slot they are used in."""

    subject: Mapping[str, str]
    opener: Mapping[str, str]


class PromptFile(DataFile):
    """`prompts/letter.yaml`."""

    languages: Mapping[str, str]
    address: _Address
    conventions: Mapping[str, str]
    tones: Mapping[str, str]
    stages: Mapping[str, str]
    touches: Mapping[str, str]
    tactics: _Tactics
    system: str
    user: str
    customer_named: str
    customer_unnamed: str
    customer_unknown: str
    repair: str


class TranslationFile(DataFile):
    """`prompts/translation.yaml`."""

    system: str
    user: str
    repair: str


class Checks(DataFile):
    """`prompts/checks.yaml`: regular expressions by what they are signs of, and word lists."""

    refusals: Mapping[str, tuple[str, ...]]
    instructions: Mapping[str, tuple[str, ...]]
    links: tuple[str, ...]
    placeholders: tuple[str, ...]
    quotations: tuple[str, ...]
    attribution: tuple[str, ...]
    honorifics: Mapping[str, tuple[str, ...]]
    capitals: Mapping[str, tuple[str, ...]]
    abbreviations: tuple[str, ...]
    company_marks: tuple[str, ...]

    def patterns(self) -> Iterator[str]:
        """Every regular expression of the file."""
        yield from (*self.links, *self.placeholders, *self.quotations)
        for groups in (self.refusals, self.instructions, self.honorifics):
            for group in groups.values():
                yield from group


@cache
def prompt_file() -> PromptFile:
    """The prompt of a letter, read once. Raises BadPhrases if the file does not load."""
    return _load("letter.yaml", PromptFile)


@cache
def translation_file() -> TranslationFile:
    """The prompt of a translation, read once. Raises BadPhrases if it does not load."""
    return _load("translation.yaml", TranslationFile)


@cache
def checks() -> Checks:
    """The signs, read once. Raises BadPhrases if the file does not load or a regular
    expression in it is broken."""
    loaded = _load("checks.yaml", Checks)
    for pattern in loaded.patterns():
        try:
            re.compile(pattern)
        except re.error as error:
            raise BadPhrases(f"prompts/checks.yaml «{pattern[:60]}»: {error}") from error
    return loaded


def by_language(texts: Mapping[str, _T], language: str, otherwise: _T) -> _T:
    """The entry for a tag, else for the tag without its last subtags: en-GB reads en."""
    tag = language
    while tag:
        if tag in texts:
            return texts[tag]
        tag = tag.rpartition("-")[0]
    return otherwise


_File = TypeVar("_File", bound=DataFile)


def _load(name: str, model: type[_File]) -> _File:
    resource = files("personalize") / "prompts" / name
    try:
        return model.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadPhrases(f"prompts/{name}: not valid YAML; mend the file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise BadPhrases(f"prompts/{name}, {place}: {first['msg']}; mend the file") from error
