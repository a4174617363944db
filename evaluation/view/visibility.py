"""Whether text is seen, and if not, why: what an element makes of what it inherits.

Sizes are computed as CSS does; what lies behind a text is the ground that was declared last, and
the white of an empty page where none was. A picture or a colour that nobody can tell is no ground,
and hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from evaluation.view.colours import BLACK, WHITE, Colour, Paint, read_paint
from evaluation.view.selectors import important
from evaluation.view.stylesheet import declarations, unescaped_css, without_comments

__all__ = ["CONTROLS", "PROPERTIES", "Sight", "below", "merged"]

PROPERTIES = frozenset(
    {"display", "visibility", "opacity", "filter", "font-size", "font", "color", "background"}
    | {"background-color", "background-image", "overflow", "overflow-x", "overflow-y"}
    | {"max-height", "height", "max-width", "width", "text-indent", "position", "left", "top"}
    | {"right", "bottom", "margin", "margin-left", "margin-top", "clip", "clip-path"}
    | {"transform", "content-visibility", "-webkit-text-fill-color"}
)
"""All that is asked of a style."""

_SHORT = 500  # characters of a style attribute that is remembered
_TINY = 2.0  # pixels: no letter can be told
_ALIKE = 24  # a sum of differences: so close in colour that it is there to be hidden
_FAINT = 0.05  # of opacity
_FAR = -200  # pixels off the page
_FARTHER = -500  # pixels that no layout moves a text by
_LINK = Colour(0, 0, 238)  # HTML Standard, §15.3.4: a link that no style colours
_GROWING = frozenset({"table", "tbody", "tr", "td", "th"})  # a height is the least one of these
CONTROLS = frozenset({"button", "textarea"})  # have a ground of their own

_LENGTH = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))([a-z%]{0,4})(?![\w%])")
_UNITS = {
    "px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54,
    "rem": 16.0, "vw": 6.0, "vh": 6.0,
}  # fmt: skip  # the view is taken to be 600 pixels wide and high
_KEYWORDS = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
    "x-large": 24.0, "xx-large": 32.0, "initial": 16.0,
}  # fmt: skip  # CSS Fonts Level 4, §2.5, at 16 pixels
_FONT_SIZES = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)  # <font size=1 …>, HTML Standard, §15.3.4
_FONT_SIZE = re.compile(r"\s*([+-]?)(\d)")
_NOT_TOLD = re.compile(r"[({\[%]")  # a variable, a function, a place that a template fills
_MOVED = re.compile(r"translate(?:x|y|3d)?\(\s*(?:[^,()]*,\s*)?(-\d{3,9}(?:\.\d+)?)(?:px|%|em|)")
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*(?:0?\.0\d*|0)\s*[,)]")
_CLIPPED = re.compile(r"rect\(\s*([01])(?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?")
_FILTERED = re.compile(r"opacity\(\s*(?:0?\.0\d*|0)%?\s*\)")
_CUT_OFF = re.compile(r"inset\(\s*(?:[5-9]\d|1\d\d)%|circle\(\s*0|polygon\(\s*0[\s0,]*\)")


@dataclass(slots=True, eq=False)
class Sight:
    """What is inherited, and whether text is seen by it. Never changed once it is made."""

    why: str = ""  # hidden for good, whatever stands inside
    invisible: bool = False  # visibility: hidden, which a child may undo
    size: float = 16.0  # pixels of the font
    colour: Colour | None = BLACK  # None: one that cannot be told
    clear: bool = False  # the colour is transparent
    ground: Colour | None = WHITE  # None: a picture, or a colour that cannot be told
    responsive: bool = False  # the style sheet shows it on some screens
    gone: str = field(init=False)  # why not even a picture is seen, "" where it is
    hides: str = field(init=False)  # why text is not seen, "" where it is

    def __post_init__(self) -> None:
        gone = self.why or ("visibility" if self.invisible else "")
        self.gone = gone
        self.hides = gone or self._unreadable()

    def _unreadable(self) -> str:
        if self.size <= _TINY:
            return "font-size"
        if self.clear:
            return "colour"
        if self.colour and self.ground and self.colour.apart(self.ground) < _ALIKE:
            return "colour"
        return ""


def merged(rules: Iterable[tuple[str, str]], inline: str) -> Mapping[str, str]:
    """What holds of the declarations of a style sheet, the weakest first, and of a style
    attribute (CSS Cascading Level 4, §6: what is important comes last)."""
    found: dict[str, str] = {}
    pressing: dict[str, str] = {}
    own = _inline(inline) if len(inline) <= _SHORT else _wanted(inline)
    for name, value in chain(rules, own):
        if "!" in value:
            plain, is_important = important(value)
            (pressing if is_important else found)[name] = plain
        else:
            found[name] = value
    return {**found, **pressing} if pressing else found


def _wanted(style: str) -> tuple[tuple[str, str], ...]:
    css = without_comments(unescaped_css(style)) if "\\" in style or "/" in style else style
    return tuple(pair for pair in declarations(css) if pair[0] in PROPERTIES)


@lru_cache(maxsize=4096)
def _inline(style: str) -> tuple[tuple[str, str], ...]:
    """Mails repeat their styles, and those of one sender share them."""
    return _wanted(style)


def below(
    above: Sight, tag: str, attributes: Mapping[str, str], style: Mapping[str, str], shown: bool
) -> Sight:
    """What an element hands down.

    Args:
        style: what `merged` says of it.
        shown: the style sheet displays it on some screens.
    """
    ground = _ground(tag, attributes, style, above.ground)
    colour, clear = _colour(tag, attributes, style, above, ground)
    visibility = style.get("visibility")
    size = _font_size(tag, attributes, style, above.size)
    return Sight(
        why=above.why or _why_hidden(tag, attributes, style),
        invisible=visibility in ("hidden", "collapse") if visibility else above.invisible,
        size=above.size if size is None else size,
        colour=colour,
        clear=clear,
        ground=ground,
        responsive=above.responsive or shown,
    )


def _colour(
    tag: str,
    attributes: Mapping[str, str],
    style: Mapping[str, str],
    above: Sight,
    ground: Colour | None,
) -> tuple[Colour | None, bool]:
    """The colour of text, and whether it is transparent."""
    said = style.get("-webkit-text-fill-color") or style.get("color", "")
    paint = read_paint(said)
    if paint is None and tag in ("font", "basefont"):
        paint = read_paint(attributes.get("color", "").strip().lower(), bare=True)
    if paint is None and tag == "body":
        paint = read_paint(attributes.get("text", "").strip().lower(), bare=True)
    if paint is not None:
        colour = paint.colour if paint.alpha >= 1 else paint.over(ground or WHITE)
        return colour, paint.alpha <= _FAINT
    if _NOT_TOLD.search(said):
        return None, False
    if tag == "a" and "href" in attributes and said not in ("inherit", "currentcolor"):
        return _LINK, False
    if tag in CONTROLS:
        return None, False
    return above.colour, above.clear


def _ground(
    tag: str, attributes: Mapping[str, str], style: Mapping[str, str], above: Colour | None
) -> Colour | None:
    shorthand = style.get("background", "")
    pictures = f"{shorthand} {style.get('background-image', '')}"
    if "url(" in pictures or "gradient" in pictures or attributes.get("background"):
        return None
    if tag in CONTROLS:
        above = None
    for value in (style.get("background-color", ""), shorthand):
        if paint := read_paint(value):
            return _under(paint, above)
        if _NOT_TOLD.search(value):
            return None
    if bgcolor := attributes.get("bgcolor", "").strip().lower():
        if paint := read_paint(bgcolor, bare=True):
            return paint.colour
        return None if _NOT_TOLD.search(bgcolor) else above
    return above


def _under(paint: Paint, above: Colour | None) -> Colour | None:
    if paint.alpha >= 1:
        return paint.colour
    if paint.alpha <= 0:
        return above
    return paint.over(above) if above else None


def _font_size(
    tag: str, attributes: Mapping[str, str], style: Mapping[str, str], above: float
) -> float | None:
    """Pixels; None where the element says nothing of it."""
    said = style.get("font-size", "")
    if said in _KEYWORDS:
        return _KEYWORDS[said]
    if match := _LENGTH.match(said):
        return _pixels(match, above)
    for match in _LENGTH.finditer(style.get("font", "")[:200]):
        if match[2] or float(match[1]) == 0:  # other numbers alone are a weight
            return _pixels(match, above)
    if tag == "font" and (step := _FONT_SIZE.match(attributes.get("size", ""))):
        wanted = int(f"{step[1]}{step[2]}") + (3 if step[1] else 0)
        return _FONT_SIZES[min(7, max(1, wanted)) - 1]
    return 13.0 if tag in CONTROLS else None


def _pixels(match: re.Match[str], above: float) -> float | None:
    number, unit = float(match[1]), match[2]
    if unit in _UNITS:
        return number * _UNITS[unit]
    share = {"%": 0.01, "em": 1.0, "ex": 0.5, "ch": 0.5}.get(unit)
    return None if share is None else number * share * above


@lru_cache(maxsize=4096)
def _length(value: str) -> float | None:
    """Pixels; a share counts as if of 100 pixels. None where it is no length."""
    match = _LENGTH.match(value)
    return _pixels(match, 16.0 if match[2] != "%" else 100.0) if match else None


def _at_most(style: Mapping[str, str], name: str, pixels: float) -> bool:
    value = style.get(name)
    if not value or len(value) > 100:
        return False
    length = _length(value)
    return length is not None and length <= pixels


def _why_hidden(tag: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> str:
    if "hidden" in attributes and "display" not in style:
        return "hidden"
    if not style:
        return ""
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return "display"
    if _faint(style.get("opacity", "")) or _FILTERED.search(style.get("filter", "")):
        return "opacity"
    if any(style.get(name) in ("hidden", "clip") for name in _OVERFLOWS):
        for name in ("max-height", "height", "max-width", "width"):
            if _at_most(style, name, 0 if tag in _GROWING else 1):
                return name
    if _at_most(style, "text-indent", _FAR):
        return "text-indent"
    if _off_page(style):
        return "position"
    return ""


_OVERFLOWS = ("overflow", "overflow-x", "overflow-y")


def _faint(opacity: str) -> bool:
    length = _length(opacity) if 0 < len(opacity) < 100 else None
    return length is not None and length <= _FAINT * (100 if "%" in opacity else 1)


def _off_page(style: Mapping[str, str]) -> bool:
    placed = style.get("position") in ("absolute", "fixed")
    if placed:
        if any(_at_most(style, name, _FAR) for name in ("left", "top", "right", "bottom")):
            return True
        if _CLIPPED.search(style.get("clip", "")):
            return True
    if any(_at_most(style, name, _FARTHER) for name in ("margin-left", "margin-top")):
        return True
    margin = style.get("margin", "")
    if "-" in margin and any((_length(part) or 0) <= _FARTHER for part in margin[:100].split()):
        return True
    transform = style.get("transform", "")
    if transform:
        moved = _MOVED.search(transform)
        if _SHRUNK.search(transform) or (moved and float(moved[1]) <= _FARTHER):
            return True
    return bool(_CUT_OFF.search(style.get("clip-path", "")))
