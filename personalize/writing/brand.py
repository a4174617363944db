"""The look of one mail: a brand's colours and logo with the fonts of the mail's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.brand import Brand, Colours
from contracts.brief import local_text
from language.datafile import DataFile
from personalize.errors import BadPhrases

__all__ = ["CONTENT_WIDTH", "Look", "look_of"]

WIDTH = 600  # pixels of the sheet on a wide screen
MARGIN = 28  # pixels between the sheet's edge and the text
CONTENT_WIDTH = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Look:
    """What a template needs beside the words. Sizes are pixels."""

    colours: Colours
    dark: Colours
    fonts: str  # a CSS font-family
    line: float  # height of a line in font sizes
    size: int  # of the letter's text
    radius: int
    width: int = WIDTH
    margin: int = MARGIN


class _Script(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fonts: tuple[str, ...] = Field(min_length=1)
    line: float
    size: int = Field(ge=13)


class _File(DataFile):
    languages: Mapping[str, _Script]


@lru_cache(maxsize=1)
def _scripts() -> Mapping[str, _Script]:
    text = (files("personalize") / "templates" / "fonts.yaml").read_text(encoding="utf-8")
    try:
        return _File.model_validate(yaml.safe_load(text)).languages
    except (yaml.YAMLError, ValidationError) as error:
        raise BadPhrases(f"templates/fonts.yaml: {error}") from error


def look_of(brand: Brand, language: str) -> Look:
    """The look of a mail in `language`. A brand's own fonts stand before the language's, so
    that a script which the brand's font lacks is still shown as it should be."""
    script = local_text(_scripts(), language)
    assert script is not None  # the entry "" serves every language
    own = local_text(brand.fonts, language) or ()
    names = dict.fromkeys([*own, *script.fonts])
    family = ",".join(f"'{name}'" if " " in name else name for name in names)
    return Look(
        colours=brand.colours,
        dark=brand.dark,
        fonts=f"{family},sans-serif",
        line=script.line,
        size=script.size,
        radius=brand.radius,
    )
