"""The two files of `personalize/prompts/`: what a model is asked, and signs of a bad answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from language.datafile import DataFile
from personalize.errors import BadPhrases

__all__ = ["Checks", "PromptFile", "Shares", "checks", "prompt_file"]


class Shares(BaseModel):
    """Of the room for a model's modules, each 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opener: float = Field(gt=0, lt=1)
    problem: float = Field(gt=0, lt=1)
    proof: float = Field(gt=0, lt=1)


class PromptFile(DataFile):
    """`prompts/letter.yaml`."""

    languages: Mapping[str, str]
    address: Mapping[str, str]
    tones: Mapping[str, str]
    tactics: Mapping[str, str]
    shares: Shares
    system: str
    user: str
    customer_named: str
    customer_unnamed: str
    customer_unknown: str


class Checks(DataFile):
    """`prompts/checks.yaml`: regular expressions by what they are signs of."""

    refusals: Mapping[str, tuple[str, ...]]
    links: tuple[str, ...]
    placeholders: tuple[str, ...]
    quotations: tuple[str, ...]
    attribution: tuple[str, ...]
    honorifics: Mapping[str, tuple[str, ...]]


@cache
def prompt_file() -> PromptFile:
    """The prompt, read once. Raises BadPhrases if the file does not load."""
    return _load("letter.yaml", PromptFile)


@cache
def checks() -> Checks:
    """The signs, read once. Raises BadPhrases if the file does not load or a regular
    expression in it is broken."""
    loaded = _load("checks.yaml", Checks)
    patterns = [*loaded.links, *loaded.placeholders, *loaded.quotations]
    for group in (*loaded.refusals.values(), *loaded.honorifics.values()):
        patterns.extend(group)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise BadPhrases(f"prompts/checks.yaml «{pattern[:60]}»: {error}") from error
    return loaded


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
