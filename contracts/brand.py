"""How a sender's mails look: logo, colours, fonts. A file that a marketer may write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from contracts.brief import LocalText

__all__ = ["LEAST_CONTRAST", "Brand", "Colours", "Logo", "contrast"]

LEAST_CONTRAST = 4.5  # to 1, text on its ground: WCAG 2.1, SC 1.4.3
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_FONT = re.compile(r"[A-Za-z][A-Za-z0-9 .-]{0,60}")


def _colour(value: str) -> str:
    if not _HEX.fullmatch(value):
        raise ValueError("a colour is written as #rrggbb")
    digits = value[1:].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


Colour = Annotated[str, AfterValidator(_colour)]


def _fonts(value: str) -> str:
    # Nothing but a name: an address or a quotation mark would reach the style of every mail.
    if not _FONT.fullmatch(value):
        raise ValueError("a font is the name of one that readers have installed, such as Arial")
    return value


Font = Annotated[str, AfterValidator(_fonts)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Colours(_Strict):
    page: Colour = "#f5f7fa"  # around the letter
    sheet: Colour = "#ffffff"  # under the text
    text: Colour = "#1f2933"
    muted: Colour = "#52606d"  # the sender's name, captions, the footer
    accent: Colour = "#0b5cad"  # links, the edge of an event
    button: Colour = "#0b5cad"
    button_text: Colour = "#ffffff"
    line: Colour = "#cbd2d9"


_LIGHT = Colours()
_DARK = Colours(
    page="#12181f",
    sheet="#12181f",
    text="#e4e7eb",
    muted="#9aa5b1",
    accent="#8ec5ff",
    button="#2f6fb3",
    button_text="#ffffff",
    line="#3e4c59",
)
_PAIRS = (
    ("text", "sheet"),
    ("muted", "sheet"),
    ("accent", "sheet"),
    ("button_text", "button"),
)


def _whole(default: Colours) -> BeforeValidator:
    """Colours that a file does not name are those of the default look."""

    def fill(value: object) -> object:
        return {**default.model_dump(), **value} if isinstance(value, Mapping) else value

    return BeforeValidator(fill)


class Logo(_Strict):
    file: str = ""  # beside the brand's file: embedded into every mail
    url: str = Field(default="", pattern=r"^(?:https://[^\s\"'<>]+)?$")
    alt: LocalText
    width: int = Field(default=160, ge=16, le=544)  # pixels on the screen

    @property
    def key(self) -> str:
        """What the file is called among the images of a brief."""
        return f"brands/{self.file}"

    @model_validator(mode="after")
    def _one_source(self) -> Logo:
        if bool(self.file) == bool(self.url):
            raise ValueError("a logo has either file or url")
        return self


class Brand(_Strict):
    """The look of a mail. Without any entry it is the product's own.

    Raises (as a validation error): text that is hard to read on its ground, in the light or
    in the dark look; says the contrast and which colour to change.
    """

    colours: Annotated[Colours, _whole(_LIGHT)] = _LIGHT
    dark: Annotated[Colours, _whole(_DARK)] = _DARK  # where the reader's screen is dark
    fonts: Mapping[str, tuple[Font, ...]] = Field(default_factory=dict)  # language -> names
    radius: int = Field(default=4, ge=0, le=24)  # pixels, of the button's corners
    logo: Logo | None = None

    @field_validator("colours", "dark")
    @classmethod
    def _readable(cls, value: Colours, info: ValidationInfo) -> Colours:
        for complaint in _complaints(info.field_name or "", value):
            raise ValueError(complaint)
        return value


def _complaints(name: str, colours: Colours) -> Iterator[str]:
    for front, ground in _PAIRS:
        one, other = getattr(colours, front), getattr(colours, ground)
        ratio = contrast(one, other)
        if ratio < LEAST_CONTRAST:
            black, white = contrast("#000000", other), contrast("#ffffff", other)
            way = "darker" if black >= white else "lighter"
            yield (
                f"{name}.{front} {one} on {name}.{ground} {other} has a contrast of "
                f"{int(ratio * 10) / 10} to 1, readers need {LEAST_CONTRAST} to 1: make "
                f"{name}.{front} {way}"
            )


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 for black to 1 for white (WCAG 2.1, glossary)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours "#rrggbb", from 1 to 21 (WCAG 2.1, glossary)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
