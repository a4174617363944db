"""What an HTML page holds but does not show: taken out of the tree and handed over."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["remove_element", "take_hidden"]

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0*(?:\.0+)?\s*(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:left|top|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}"
    r"|(?<![\w-])color\s*:\s*transparent"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0)}
_ALIKE = 24  # of 255 in each of red, green and blue, below which nobody tells two colours apart
_WHITE = (255, 255, 255)
_UNSHOWN = ("script", "style", "template", "head", "noscript")
_CONDITIONAL = re.compile(r"\[if\b|\[endif\]|^\s*/?wp:", re.IGNORECASE)


def take_hidden(root: Any) -> list[str]:
    """Remove comments and hidden elements from the tree; their texts, in order."""
    from lxml import etree

    hidden: list[str] = []
    doomed: list[Any] = []
    for element in root.iter():
        if isinstance(element, (etree._Comment, etree._ProcessingInstruction)):
            if isinstance(element, etree._Comment) and not _CONDITIONAL.search(element.text or ""):
                hidden.append(element.text or "")
            doomed.append(element)
        elif isinstance(element.tag, str) and element.tag not in _UNSHOWN and _is_hidden(element):
            doomed.append(element)
    inside = {id(element) for element in doomed}
    for element in doomed:
        if any(id(ancestor) in inside for ancestor in element.iterancestors()):
            continue
        if isinstance(element.tag, str):
            for unshown in list(element.iter(*_UNSHOWN)):
                if unshown is not element:
                    remove_element(unshown)
            hidden.append(" ".join(element.itertext()))
        remove_element(element)
    return hidden


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    style = element.get("style") or ""
    if _HIDING.search(style):
        return True
    colour = _colour(_COLOUR, style) or _attribute_colour(element, "color")
    return colour is not None and _alike(colour, _ground(element))


def _ground(element: Any) -> tuple[int, int, int] | None:
    """The colour behind an element: the nearest one stated, white for none, None where it
    cannot be told (a picture, a gradient, a variable, a class that may set it)."""
    for at in (element, *element.iterancestors()):
        style = at.get("style") or ""
        if _GROUND.search(style):
            return _colour(_GROUND, style)
        if (stated := _attribute_colour(at, "bgcolor")) is not None:
            return stated
        if at.get("class") and at.tag not in ("html", "body"):
            return None  # a sheet may give it a dark ground
    return _WHITE


def _attribute_colour(element: Any, name: str) -> tuple[int, int, int] | None:
    value = element.get(name)
    return _parsed(value) if value else None


def _colour(pattern: re.Pattern[str], style: str) -> tuple[int, int, int] | None:
    match = pattern.search(style)
    return _parsed(match.group(1)) if match else None


def _parsed(value: str) -> tuple[int, int, int] | None:
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if match := re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", value):
        digits = match.group(1)
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := re.match(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", value):
        red, green, blue = (int(part) for part in match.groups())
        return red, green, blue
    return None


def _alike(one: tuple[int, int, int], other: tuple[int, int, int] | None) -> bool:
    return other is not None and all(abs(a - b) < _ALIKE for a, b in zip(one, other, strict=True))


def remove_element(element: Any) -> None:
    """Take an element out but leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
