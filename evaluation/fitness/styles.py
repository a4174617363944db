"""How a text of any mail looks: its colour, its ground, its size, as the mail declares them.

What a mail program adds by itself (the dark look above all) is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from evaluation.fitness.colours import BLACK, WHITE, Colour, read_colour, shines_through
from evaluation.fitness.page import Element, Page, attribute, one_line
from evaluation.fitness.selectors import SheetRules
from evaluation.view.stylesheet import declarations

__all__ = ["Styled", "Words", "styled_words"]

_PROPERTIES = frozenset(
    {"color", "background", "background-color", "background-image", "font-size", "font-weight"}
    | {"font", "display", "visibility", "opacity", "max-height", "overflow"}
)
_LINK = Colour(0, 0, 238)  # HTML Standard, 15.3.4: a link that no style colours
_LENGTH = re.compile(
    r"(\d{1,5}(?:\.\d{1,4})?|\.\d{1,4})(px|pt|em|rem|%|pc|in|cm|mm|ex|ch|)(?![\w%])"
)
_ABSOLUTE = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_KEYWORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
    "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip  # CSS Fonts Level 4, §2.5, at 16 pixels
_FONT_SIZES = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)  # <font size=1 …>, HTML Standard, 15.3.4
_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_BOLD = frozenset({"b", "strong", "th", *_HEADINGS})
_TELLING = _BOLD | {"small", "big"}  # elements that say something of their text by themselves
_SAYING = frozenset({"text", "color", "bgcolor", "background", "size", "hidden"})  # attributes
_SHORT = 2_000  # characters of a style attribute that are remembered

# color, bgcolor, background, the size of a font element, hidden
_Attributes = tuple[str | None, str | None, str | None, str | None, bool]
_NONE: _Attributes = (None, None, None, None, False)


@dataclass(frozen=True, slots=True)
class Styled:
    """What a text inherits."""

    colour: Colour | None = BLACK  # None: one that cannot be told
    ground: Colour | None = WHITE  # None: an image, a gradient, or a colour that shines through
    size: float = 16.0  # pixels
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    text: str  # with single spaces
    style: Styled


def styled_words(page: Page) -> Iterator[Words]:
    """Every visible text of a mail in reading order with how it looks. Nothing more is told
    once a style sheet turns out to be too large to be followed."""
    cascade = _Cascade(page)
    for text, style in page.texts(cascade.start, cascade.below):
        if cascade.given_up:
            return
        words = one_line(text)
        if words:
            yield Words(words, style)


class _Cascade:
    """Computes each combination of style and inheritance once: mails repeat them a lot."""

    def __init__(self, page: Page) -> None:
        self._sheet = SheetRules(page.sheet, _PROPERTIES)
        self._link = read_colour(attribute(page.first("body"), "link")) or _LINK
        self._known: dict[tuple[object, ...], Styled | None] = {}
        start = Styled()
        self.start = start
        # One object for each look, so that it is known by its id, which is quicker than its hash.
        self._styles: dict[Styled, Styled] = {start: start}

    @property
    def given_up(self) -> bool:
        return self._sheet.given_up

    def below(self, element: Element, above: Styled) -> Styled | None:
        tag = element.tag
        given = dict(element.items())
        sheet = self._sheet.declared(element)
        if not given and not sheet and tag not in _TELLING:
            return above
        inline = given.get("style", "")
        linked = self._link if tag == "a" and "href" in given else None
        attributes = _NONE
        if not _SAYING.isdisjoint(given):
            attributes = (
                given.get("text" if tag == "body" else "color"),
                given.get("bgcolor"), given.get("background"),
                given.get("size") if tag == "font" else None, "hidden" in given,
            )  # fmt: skip
        elif not inline and not sheet and linked is None and tag not in _TELLING:
            return above
        if len(inline) > _SHORT:
            look = _below(tag, linked, attributes, _merged(sheet, inline), above)
            return look and self._styles.setdefault(look, look)
        key = (id(above), tag, linked, inline, attributes, *sheet.items())
        if key not in self._known:
            look = _below(tag, linked, attributes, _merged(sheet, inline), above)
            self._known[key] = look and self._styles.setdefault(look, look)
        return self._known[key]


def _merged(sheet: Mapping[str, str], inline: str) -> Mapping[str, str]:
    own = _inline(inline) if len(inline) <= _SHORT else _wanted(inline)
    found = dict(sheet)
    for name, value in own:
        if "!important" in value or "!important" not in found.get(name, ""):
            found[name] = value
    return {name: value.replace("!important", "").strip() for name, value in found.items()}


@lru_cache(maxsize=2048)
def _inline(style: str) -> tuple[tuple[str, str], ...]:
    """Mails repeat their styles, and those of one sender share them."""
    return _wanted(style)


def _wanted(style: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in declarations(style) if pair[0] in _PROPERTIES)


def _below(
    tag: str,
    linked: Colour | None,
    attributes: _Attributes,
    style: Mapping[str, str],
    above: Styled,
) -> Styled | None:
    colour, bgcolor, background, font_size, hidden = attributes
    if hidden or _hides(style):
        return None
    look = above
    named = style.get("color", "") or colour or ""
    if named and named not in ("inherit", "currentcolor"):
        look = replace(look, colour=read_colour(named))
    elif linked and not named:
        look = replace(look, colour=linked)
    ground = _ground(style, bgcolor, background, above.ground)
    if ground != above.ground:
        look = replace(look, ground=ground)
    size = _size(tag, style, font_size, above.size)
    if size is not None:
        look = replace(look, size=size)
    weight = style.get("font-weight", "")
    if weight:
        look = replace(look, bold=bool(re.match(r"bold|[6-9]00", weight)))
    elif tag in _BOLD:
        look = replace(look, bold=True)
    return look


def _hides(style: Mapping[str, str]) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("opacity") in ("0", "0.0", "0%")
        or (style.get("overflow") == "hidden" and style.get("max-height", "1")[:1] == "0")
    )


def _ground(
    style: Mapping[str, str], bgcolor: str | None, background: str | None, above: Colour | None
) -> Colour | None:
    shorthand = style.get("background", "")
    pictured = f"{shorthand} {style.get('background-image', '')}"
    if "url(" in pictured or "gradient" in pictured or background:
        return None
    for value in (style.get("background-color", ""), shorthand, bgcolor or ""):
        if colour := read_colour(value):
            return colour
        if shines_through(value):
            return None
    return above


def _size(tag: str, style: Mapping[str, str], font_size: str | None, above: float) -> float | None:
    """Pixels; None where the element says nothing of its size."""
    said = style.get("font-size", "")
    if said in _KEYWORDS:
        return _KEYWORDS[said]
    for match in (_LENGTH.fullmatch(said), *_LENGTH.finditer(style.get("font", "")[:_SHORT])):
        if match and (match[2] or float(match[1]) == 0):  # other numbers alone are no length
            return _pixels(float(match[1]), match[2], above)
    if said == "smaller" or tag == "small":
        return above / 1.2
    if said == "larger" or tag == "big":
        return above * 1.2
    if font_size and (step := re.fullmatch(r"\s*([+-]?)(\d)\s*", font_size)):
        wanted = int(f"{step[1]}{step[2]}") + (3 if step[1] else 0)
        return _FONT_SIZES[min(7, max(1, wanted)) - 1]
    return above * _HEADINGS[tag] if tag in _HEADINGS else None


def _pixels(number: float, unit: str, above: float) -> float:
    if unit in _ABSOLUTE:
        return number * _ABSOLUTE[unit]
    if unit == "rem":
        return number * 16
    return number * above / {"%": 100, "ex": 2, "ch": 2}.get(unit, 1)
