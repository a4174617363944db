"""What the pages say, one file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

__all__ = ["TextFile", "load_texts", "term", "text"]

LANGUAGE = "en"


class TextFile(BaseModel):
    """`texts/{language}.yaml`: the wordings of the pages by group and key."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    version: str
    source: str
    language: str
    texts: Mapping[str, Mapping[str, str]]


@cache
def load_texts(language: str = LANGUAGE) -> TextFile:
    """The texts of a language, read once."""
    name = files("interface.web.texts").joinpath(f"{language}.yaml")
    return TextFile.model_validate(yaml.safe_load(name.read_text(encoding="utf-8")))


def text(key: str, **values: object) -> str:
    """The wording of `group.key`, with its places filled.

    Raises:
        KeyError: there is no such text, or a place of it is not filled.
    """
    group, _, name = key.partition(".")
    wording = load_texts().texts[group][name]
    return wording.format(**values) if values else wording


def term(group: str, name: str) -> str:
    """What people call a value of the product; the value itself where nobody named it."""
    return load_texts().texts[group].get(name) or name.replace("_", " ")
