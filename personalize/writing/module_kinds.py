"""What each kind of module is for and what may stand in it: `personalize/modules.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.mail import ClaimKind, ModuleKind
from language.datafile import DataFile
from personalize.errors import BadPhrases

__all__ = ["ModuleContract", "ModuleContracts", "module_contract", "module_contracts"]

_NAME = "modules.yaml"


class ModuleContract(BaseModel):
    """One kind of module."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: str = Field(min_length=10)  # one sentence, in English
    share: float = Field(ge=0, le=1)  # of the body's room, beside the other modules asked for
    claims: frozenset[ClaimKind]  # that it may make
    fields: tuple[str, ...]  # merge fields that a model may leave open in it
    model: bool  # whether a model may write it
    cites_all: bool  # every sentence of it names a source
    optional: bool  # a letter that becomes too long may do without it


class ModuleContracts(DataFile):
    """The whole file: one entry for every kind."""

    modules: Mapping[ModuleKind, ModuleContract]

    @model_validator(mode="after")
    def _all_kinds(self) -> ModuleContracts:
        missing = [kind.value for kind in ModuleKind if kind not in self.modules]
        if missing:
            raise ValueError(f"no entry for {', '.join(missing)}")
        return self


@cache
def module_contracts() -> ModuleContracts:
    """Every kind's contract, read once.

    Raises:
        BadPhrases: the file does not load; the message names the place.
    """
    resource = files("personalize") / _NAME
    try:
        return ModuleContracts.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadPhrases(f"{_NAME}: not valid YAML; mend the file") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise BadPhrases(f"{_NAME}, {place}: {first['msg']}; mend the file") from error


def module_contract(kind: ModuleKind) -> ModuleContract:
    """What a module of this kind is for. Every kind has one.

    Raises:
        BadPhrases: the file does not load.
    """
    return module_contracts().modules[kind]
