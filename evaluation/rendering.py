"""Whether a finished mail is built so that every program can show it and everybody read it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from bs4.element import NavigableString, PreformattedString, Tag

from contracts.brand import LEAST_CONTRAST, contrast
from evaluation.view.stylesheet import declarations, read_sheet

__all__ = ["RenderingProblem", "judge_rendering"]

HTML_LIMIT = 102_400  # bytes: Gmail shows no more
WIDEST = 640  # pixels that an element may claim for itself
SMALLEST = 13  # pixels of text
LARGE = 24  # pixels: from here on less contrast will do (WCAG 2.1, SC 1.4.3)
LARGE_CONTRAST = 3.0

_ACTIVE = ("script", "form", "iframe", "object", "embed", "applet", "input", "textarea")
_SILENT = frozenset({"head", "script", "style", "title", "noscript", "template"})
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})[,\s]+(\d{1,3})[,\s]+(\d{1,3})\s*\)")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_REMOTE = re.compile(r"url\(\s*['\"]?(?:https?:)?//", re.IGNORECASE)
_LINK = re.compile(r"https?://|\[\[\w+\]\]$")


@dataclass(frozen=True, slots=True)
class RenderingProblem:
    rule: str  # "size", "language", "image", "remote", "contrast", "width", "table" …
    message: str


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down."""

    colour: str = "#000000"
    ground: str | None = "#ffffff"  # None: an image, nothing can be said
    size: float = 16  # pixels
    bold: bool = False
    hidden: bool = False


def judge_rendering(html: str, text: str) -> list[RenderingProblem]:
    """What is wrong with the two parts of a mail as they are built; empty where nothing is.

    Colours and sizes are those that stand on the elements: that is all that every program
    takes. Merge fields may be open. Never fails on broken markup.
    """
    with warnings.catch_warnings():
        # A part that is nothing but an address is still a part, and no mistake of ours.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(html, "html.parser")
    found = [
        *_document(soup, html),
        *_images(soup),
        *_remote(soup),
        *_layout(soup),
        *_readable(soup),
        *_text_part(soup, text),
    ]
    return list(dict.fromkeys(found))


def _document(soup: BeautifulSoup, html: str) -> Iterator[RenderingProblem]:
    size = len(html.encode("utf-8"))
    if size >= HTML_LIMIT:
        yield RenderingProblem(
            "size", f"the HTML is {size:,} bytes, programs cut it off at {HTML_LIMIT:,}: shorten it"
        )
    root = soup.find("html")
    for name in ("lang", "dir"):
        if not _attribute(root, name):
            yield RenderingProblem("language", f"<html> has no {name}: say it")
    title = soup.find("title")
    if title is None or not title.get_text(strip=True):
        yield RenderingProblem("title", "the document has no title: screen readers say it first")


def _images(soup: BeautifulSoup) -> Iterator[RenderingProblem]:
    for image in soup.find_all("img"):
        name = _attribute(image, "src")[:60]
        if not image.has_attr("alt"):
            yield RenderingProblem("image", f"the image {name} has no alt: say what it shows")
        if not re.fullmatch(r"\d+(?:px|%)?", _attribute(image, "width")):
            yield RenderingProblem("image", f"the image {name} has no width: Outlook needs it")
        source = _attribute(image, "src")
        if not source.startswith(("cid:", "https://")):
            yield RenderingProblem(
                "image", f"the image {name} is neither embedded nor at an https address"
            )


def _remote(soup: BeautifulSoup) -> Iterator[RenderingProblem]:
    for tag in soup.find_all(_ACTIVE):
        yield RenderingProblem("active", f"<{tag.name}> is removed or feared by programs: leave it")
    for tag in soup.find_all("link"):
        if "stylesheet" in _attribute(tag, "rel") or "font" in _attribute(tag, "href"):
            yield RenderingProblem("remote", "a style sheet or font is loaded from elsewhere")
    css = "\n".join(str(tag.string or "") for tag in soup.find_all("style"))
    sheet = read_sheet(css)
    if any(name in ("import", "font-face") for name, _ in sheet.at_rules):
        yield RenderingProblem("remote", "the style sheet loads a font or another sheet")
    styles = [css, *(_attribute(tag, "style") for tag in soup.find_all(style=True))]
    if any(_REMOTE.search(style) for style in styles):
        yield RenderingProblem("remote", "a style loads an image from elsewhere")


def _layout(soup: BeautifulSoup) -> Iterator[RenderingProblem]:
    for tag in soup.find_all(True):
        style = dict(declarations(_attribute(tag, "style")))
        for value in (_attribute(tag, "width"), style.get("width", ""), style.get("min-width", "")):
            pixels = re.fullmatch(r"(\d+)(?:px)?", value)
            if pixels and int(pixels[1]) > WIDEST:
                yield RenderingProblem(
                    "width", f"<{tag.name}> is {pixels[1]} pixels wide, small screens cut it off"
                )
    for table in soup.find_all("table"):
        if _attribute(table, "role") not in ("presentation", "none") and not table.find("th"):
            yield RenderingProblem(
                "table", 'a table for layout has no role="presentation": it is read as data'
            )


def _readable(soup: BeautifulSoup) -> Iterator[RenderingProblem]:
    steps: list[tuple[Tag, _Look]] = [(soup, _Look())]
    while steps:
        tag, above = steps.pop()
        if tag.name in _SILENT:
            continue
        look = _below(tag, above)
        if look.hidden:
            continue
        for child in tag.contents:
            if isinstance(child, Tag):
                steps.append((child, look))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                words = " ".join(child.split())
                if words.strip("\u00a0\u200c "):
                    yield from _judge_words(words, look)


def _judge_words(words: str, look: _Look) -> Iterator[RenderingProblem]:
    shown = words if len(words) <= 30 else f"{words[:30]}…"
    if look.size < SMALLEST:
        yield RenderingProblem(
            "font size", f"«{shown}» is {look.size:g} pixels high, readers need {SMALLEST}"
        )
    if look.ground is None:
        return
    large = look.size >= LARGE or (look.bold and look.size >= LARGE * 0.78)
    least = LARGE_CONTRAST if large else LEAST_CONTRAST
    ratio = contrast(look.colour, look.ground)
    if ratio < least:
        yield RenderingProblem(
            "contrast",
            f"«{shown}»: {look.colour} on {look.ground} has a contrast of "
            f"{int(ratio * 10) / 10} to 1, readers need {least} to 1",
        )


def _below(tag: Tag, above: _Look) -> _Look:
    style: Mapping[str, str] = dict(declarations(_attribute(tag, "style")))
    look = above
    colour = _colour(style.get("color", "") or _attribute(tag, "color"))
    if colour:
        look = replace(look, colour=colour)
    shorthand = style.get("background", "")
    if "url(" in shorthand or "gradient" in shorthand or style.get("background-image"):
        look = replace(look, ground=None)
    else:
        for value in (style.get("background-color", ""), shorthand, _attribute(tag, "bgcolor")):
            if ground := _colour(value):
                look = replace(look, ground=ground)
                break
    size = re.fullmatch(r"([\d.]+)px(?:\s*!important)?", style.get("font-size", ""))
    if size:
        look = replace(look, size=float(size[1]))
    if tag.name in ("b", "strong") or re.match(r"bold|[6-9]00", style.get("font-weight", "")):
        look = replace(look, bold=True)
    if style.get("display", "").startswith("none"):
        look = replace(look, hidden=True)
    return look


def _text_part(soup: BeautifulSoup, text: str) -> Iterator[RenderingProblem]:
    if not text.strip():
        yield RenderingProblem("text", "there is no plain-text part: write one")
        return
    if re.search(r"</?(?:p|br|div|table|td|a|span)\b[^>]*>", text, re.IGNORECASE):
        yield RenderingProblem("text", "the plain-text part holds HTML tags: lay it out as text")
    for link in soup.find_all("a"):
        address = _attribute(link, "href")
        if not link.get_text(strip=True) and not _attribute(link.find("img"), "alt"):
            yield RenderingProblem("link", f"the link to {address[:60]} has no text: say where to")
        if _LINK.match(address) and address not in text:
            yield RenderingProblem("text", f"the plain-text part lacks the link to {address[:60]}")


def _colour(value: str) -> str:
    """ "#rrggbb" of a CSS colour; "" where it names none that is known here."""
    value = value.strip().lower()
    if match := _HEX.search(value):
        digits = match[1]
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    if match := _RGB.search(value):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return _NAMED.get(value.split(" ")[0], "")


def _attribute(tag: object, name: str) -> str:
    if not isinstance(tag, Tag):
        return ""
    value = tag.get(name)
    if value is None:
        return ""
    return (value if isinstance(value, str) else " ".join(value)).strip()
