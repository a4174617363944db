"""Whether a finished mail is built so that every program can show it and everybody read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contracts.brand import LEAST_CONTRAST, contrast
from evaluation.fitness.page import Element, Page, attribute, read_page
from evaluation.view.stylesheet import declarations

__all__ = ["RenderingProblem", "judge_rendering"]

HTML_LIMIT = 102_400  # bytes: Gmail shows no more
WIDEST = 640  # pixels that an element may claim for itself
SMALLEST = 13  # pixels of text
LARGE = 24  # pixels: from here on less contrast will do (WCAG 2.1, SC 1.4.3)
LARGE_CONTRAST = 3.0

_ACTIVE = ("script", "form", "iframe", "object", "embed", "applet", "input", "textarea")
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


def judge_rendering(html: str, text: str) -> list[RenderingProblem]:
    """What is wrong with the two parts of a mail as they are built; empty where nothing is.

    Colours and sizes are those that stand on the elements: that is all that every program
    takes. Merge fields may be open. Never fails on broken markup.
    """
    page = read_page(html)
    found = [
        *_document(page, html),
        *_images(page),
        *_remote(page),
        *_layout(page),
        *_readable(page),
        *_text_part(page, text),
    ]
    return list(dict.fromkeys(found))


def _document(page: Page, html: str) -> Iterator[RenderingProblem]:
    size = len(html.encode("utf-8", "replace"))
    if size >= HTML_LIMIT:
        yield RenderingProblem(
            "size", f"the HTML is {size:,} bytes, programs cut it off at {HTML_LIMIT:,}: shorten it"
        )
    for name in ("lang", "dir"):
        if not attribute(page.root, name):
            yield RenderingProblem("language", f"<html> has no {name}: say it")
    title = page.first("title")
    if title is None or not (title.text or "").strip():
        yield RenderingProblem("title", "the document has no title: screen readers say it first")


def _images(page: Page) -> Iterator[RenderingProblem]:
    for image in page.elements("img"):
        source = attribute(image, "src")
        name = source[:60]
        if image.get("alt") is None:
            yield RenderingProblem("image", f"the image {name} has no alt: say what it shows")
        if not re.fullmatch(r"\d+(?:px|%)?", attribute(image, "width")):
            yield RenderingProblem("image", f"the image {name} has no width: Outlook needs it")
        if not source.startswith(("cid:", "https://")):
            yield RenderingProblem(
                "image", f"the image {name} is neither embedded nor at an https address"
            )


def _remote(page: Page) -> Iterator[RenderingProblem]:
    for element in page.elements(*_ACTIVE):
        yield RenderingProblem(
            "active", f"<{element.tag}> is removed or feared by programs: leave it"
        )
    for element in page.elements("link"):
        if "stylesheet" in attribute(element, "rel") or "font" in attribute(element, "href"):
            yield RenderingProblem("remote", "a style sheet or font is loaded from elsewhere")
    if any(name in ("import", "font-face") for name, _ in page.sheet.at_rules):
        yield RenderingProblem("remote", "the style sheet loads a font or another sheet")
    styles = [page.css, *(attribute(element, "style") for element in page.elements())]
    if any(_REMOTE.search(style) for style in styles):
        yield RenderingProblem("remote", "a style loads an image from elsewhere")


def _layout(page: Page) -> Iterator[RenderingProblem]:
    for element in page.elements():
        style = _style(element)
        widths = (attribute(element, "width"), style.get("width", ""), style.get("min-width", ""))
        for value in widths:
            pixels = re.fullmatch(r"(\d{1,9})(?:px)?", value)
            if pixels and int(pixels[1]) > WIDEST:
                yield RenderingProblem(
                    "width", f"<{element.tag}> is {pixels[1]} pixels wide, small screens cut it off"
                )
    for table in page.elements("table"):
        layout = attribute(table, "role") in ("presentation", "none")
        if not layout and table.find(".//th") is None:
            yield RenderingProblem(
                "table", 'a table for layout has no role="presentation": it is read as data'
            )


def _readable(page: Page) -> Iterator[RenderingProblem]:
    for text, look in page.texts(_Look(), _below):
        words = " ".join(text.split())
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


def _below(element: Element, above: _Look) -> _Look | None:
    style = _style(element)
    if style.get("display", "").startswith("none"):
        return None
    look = above
    colour = _colour(style.get("color", "") or attribute(element, "color"))
    if colour:
        look = replace(look, colour=colour)
    shorthand = style.get("background", "")
    if "url(" in shorthand or "gradient" in shorthand or style.get("background-image"):
        look = replace(look, ground=None)
    else:
        for value in (
            style.get("background-color", ""), shorthand, attribute(element, "bgcolor"),
        ):  # fmt: skip
            if ground := _colour(value):
                look = replace(look, ground=ground)
                break
    size = re.fullmatch(r"(\d{1,6}(?:\.\d{0,6})?)px(?:\s*!important)?", style.get("font-size", ""))
    if size:
        look = replace(look, size=float(size[1]))
    if element.tag in ("b", "strong") or re.match(r"bold|[6-9]00", style.get("font-weight", "")):
        look = replace(look, bold=True)
    return look


def _text_part(page: Page, text: str) -> Iterator[RenderingProblem]:
    if not text.strip():
        yield RenderingProblem("text", "there is no plain-text part: write one")
        return
    if re.search(r"</?(?:p|br|div|table|td|a|span)\b[^<>]*>", text, re.IGNORECASE):
        yield RenderingProblem("text", "the plain-text part holds HTML tags: lay it out as text")
    for link in page.elements("a"):
        address = attribute(link, "href")
        named = any(words.strip() for words in link.itertext())
        if not named and not attribute(link.find(".//img"), "alt"):
            yield RenderingProblem("link", f"the link to {address[:60]} has no text: say where to")
        if _LINK.match(address) and address not in text:
            yield RenderingProblem("text", f"the plain-text part lacks the link to {address[:60]}")


def _style(element: Element) -> Mapping[str, str]:
    style = element.get("style")
    return dict(declarations(style)) if style else {}


def _colour(value: str) -> str:
    """ "#rrggbb" of a CSS colour; "" where it names none that is known here."""
    value = value.strip().lower()
    if match := _HEX.search(value):
        digits = match[1]
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    if match := _RGB.search(value):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return _NAMED.get(value.split(" ")[0], "")
