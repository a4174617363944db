"""The kinds of mail: which modules each has, in which order, and what the brief must give."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import ValidationError, field_validator

from contracts.brief import Layout
from contracts.errors import BadInput
from contracts.mail import ModuleKind
from language.datafile import DataFile
from personalize.errors import BadPhrases

__all__ = ["Preset", "preset", "preset_names", "presets"]


class Preset(DataFile):
    """A file of `personalize/presets/`."""

    id: str
    name: Mapping[str, str]
    purpose: str
    needs: tuple[str, ...] = ()  # fields of the brief that it cannot do without
    layout: Layout
    drop: tuple[str, ...] = ()  # modules that go first when the letter is too long

    @field_validator("layout")
    @classmethod
    def _known(cls, value: Layout) -> Layout:
        for entry in value:
            ModuleKind(entry.module)
        return value


@cache
def presets() -> Mapping[str, Preset]:
    """Every kind of mail by its id, sorted.

    Raises:
        BadPhrases: a file does not load; the message names it.
    """
    found: dict[str, Preset] = {}
    for item in sorted((files("personalize") / "presets").iterdir(), key=lambda item: item.name):
        if not item.name.endswith(".yaml"):
            continue
        try:
            read = Preset.model_validate(yaml.safe_load(item.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise BadPhrases(f"presets/{item.name}: {error}") from error
        if f"{read.id}.yaml" != item.name:
            raise BadPhrases(f"presets/{item.name} says that it is {read.id}")
        found[read.id] = read
    return found


def preset(name: str) -> Preset:
    """The kind of mail called `name`.

    Raises:
        BadInput: there is none; the message lists them.
    """
    if name not in presets():
        raise BadInput(f"no kind of mail is called «{name}»: choose {', '.join(presets())}")
    return presets()[name]


def preset_names() -> tuple[str, ...]:
    """The ids of all kinds of mail, sorted."""
    return tuple(presets())
