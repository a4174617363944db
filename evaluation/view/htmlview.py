"""HTML as a reader sees it: visible text with places, and apart from it what is hidden.

Only what decides visibility is computed: inline styles, attributes, and rules of the mail's
own style sheet with a single tag, class or id as selector. Conditional comments are not shown.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from contracts.case import Span

__all__ = ["HiddenText", "HtmlView", "Image", "Link", "Marked", "read_html"]

_BLOCK = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"}
    | {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr"}
    | {"ul"}
)
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"})
_SILENT = frozenset({"head", "script", "style", "template", "title", "noscript", "svg", "select"})
_ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet"})
_COLOURS = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0)}
_HTML_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str  # visible text, or the alternative text of an image
    part: str
    span: Span  # of the label in the visible text of the part


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str
    width: str = ""
    height: str = ""


@dataclass(frozen=True, slots=True)
class HiddenText:
    text: str
    why: str  # the style that hides it
    leading: bool  # stands before all visible text: the place of a preheader
    responsive: bool  # the style sheet shows it on some screens


@dataclass(frozen=True, slots=True)
class Marked:
    """Text that the mail itself marks as being in another language."""

    language: str
    span: Span


@dataclass(frozen=True, slots=True)
class HtmlView:
    text: str = ""
    hidden: tuple[HiddenText, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    marked: tuple[Marked, ...] = ()
    language: str = ""  # lang attribute of html, or of body
    title: str = ""
    active: tuple[str, ...] = ()  # script, form and embedding tags
    remote_fonts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """What an element hands down to its children."""

    why: str = ""  # hidden for good
    invisible: bool = False  # visibility: hidden, which a child may undo
    tiny: bool = False  # font size of at most one pixel, which a child may undo
    colour: tuple[int, int, int] | None = None
    ground: tuple[int, int, int] | None = None
    responsive: bool = False

    def hides(self) -> str:
        if self.why:
            return self.why
        if self.invisible:
            return "visibility"
        if self.tiny:
            return "font-size"
        if self.colour and self.ground:
            pairs = zip(self.colour, self.ground, strict=True)
            if sum(abs(one - other) for one, other in pairs) < 24:
                return "colour"
        return ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    rules: Mapping[str, Mapping[str, str]]  # simple selector -> declarations
    shown_on_some: frozenset[str]  # classes that a media query displays


class _Writer:
    """Collects visible text; breaks are written only between words."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self._gap = ""

    def gap(self, text: str) -> None:
        if len(text) > len(self._gap) or ("\n" in text and "\n" not in self._gap):
            self._gap = text

    def write(self, text: str) -> None:
        words = _HTML_SPACE.sub(" ", text)
        if not words.strip(" "):
            if words:
                self.gap(" ")
            return
        if words.startswith(" "):
            self.gap(" ")
        body = words.strip(" ")
        if self.length and self._gap:
            self._append(self._gap)
        self._gap = ""
        self._append(body)
        if words.endswith(" "):
            self.gap(" ")

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def read_html(html: str) -> HtmlView:
    """What `html` shows. Never fails: a parser's complaint leaves an empty view.

    An empty string gives an empty view. Spans index `HtmlView.text`.
    """
    if not html.strip():
        return HtmlView()
    with warnings.catch_warnings():
        # A mail that is nothing but ".xml" or an address is still a mail, and no mistake of ours.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(html, "html.parser")
    css = "\n".join(str(tag.string or "") for tag in soup.find_all("style"))
    sheet = _stylesheet(css)
    walk = _Walk(sheet)
    walk.run(soup)
    root = soup.find("html")
    body = soup.find("body")
    language = _attribute(root, "lang") or _attribute(body, "lang")
    title = soup.find("title")
    return HtmlView(
        text="".join(walk.writer.parts),
        hidden=tuple(walk.hidden),
        links=tuple(walk.links),
        images=tuple(walk.images),
        marked=tuple(walk.marked),
        language=language,
        title=title.get_text(" ", strip=True) if title else "",
        active=tuple(
            tag.name
            for tag in soup.find_all(sorted(_ACTIVE))
            if "json" not in _attribute(tag, "type")  # inert data for mail programs
        ),
        remote_fonts=tuple(_remote_fonts(soup, css)),
    )


class _Walk:
    """One pass over the tree, without recursion: mails nest deeper than Python does."""

    def __init__(self, sheet: _Sheet) -> None:
        self.sheet = sheet
        self.writer = _Writer()
        self.hidden: list[HiddenText] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.marked: list[Marked] = []

    def run(self, root: Tag) -> None:
        steps: list[tuple[PageElement, _State, bool, int, int]] = [(root, _State(), True, 0, 0)]
        while steps:
            node, state, entering, began, part = steps.pop()
            if isinstance(node, NavigableString):
                self._string(node, state)
            elif isinstance(node, Tag):
                if not entering:
                    self._leave(node, state, began, part)
                    continue
                if node.name in _SILENT:
                    continue
                below = self._state(node, state)
                self._enter(node, below)
                steps.append((node, below, False, self.writer.length, len(self.writer.parts)))
                steps.extend((child, below, True, 0, 0) for child in reversed(node.contents))

    def _string(self, node: NavigableString, state: _State) -> None:
        if isinstance(node, PreformattedString):  # comments, doctypes, declarations
            return
        why = state.hides()
        if not why:
            self.writer.write(str(node))
            return
        text = _HTML_SPACE.sub(" ", str(node)).strip()
        if text:
            leading = self.writer.length < 40
            self.hidden.append(HiddenText(text, why, leading, state.responsive))

    def _enter(self, tag: Tag, state: _State) -> None:
        name = tag.name
        if name == "br":
            self.writer.gap("\n")
        elif name in _PARAGRAPH:
            self.writer.gap("\n\n")
        elif name in _BLOCK:
            self.writer.gap("\n")
        elif name in ("td", "th"):
            self.writer.gap(" ")
        elif name == "img" and not state.hides():
            self.images.append(
                Image(
                    src=_attribute(tag, "src"),
                    alt=_attribute(tag, "alt"),
                    width=_attribute(tag, "width"),
                    height=_attribute(tag, "height"),
                )
            )

    def _leave(self, tag: Tag, state: _State, began: int, part: int) -> None:
        name = tag.name
        inner = "".join(self.writer.parts[part:])
        gap = len(inner) - len(inner.lstrip())
        span = Span(began + gap, began + max(gap, len(inner)))
        if name == "a" and _attribute(tag, "href") and not state.hides():
            label = inner.strip()
            if not label:
                image = tag.find("img")
                label = _attribute(image, "alt")
            self.links.append(Link(_attribute(tag, "href").strip(), label, "html", span))
        language = _attribute(tag, "lang")
        if language and name not in ("html", "body") and inner.strip():
            self.marked.append(Marked(language, span))
        if name in _PARAGRAPH:
            self.writer.gap("\n\n")
        elif name in _BLOCK:
            self.writer.gap("\n")
        elif name in ("td", "th"):
            self.writer.gap(" ")

    def _state(self, tag: Tag, above: _State) -> _State:
        classes = _attribute(tag, "class").split()
        style = self._style(tag, classes)
        state = above
        responsive = above.responsive or bool(self.sheet.shown_on_some.intersection(classes))
        if responsive != above.responsive:
            state = replace(state, responsive=responsive)
        ground = _ground(tag, style)
        if ground is not _SAME:
            state = replace(state, ground=ground if isinstance(ground, tuple) else None)
        colour = _colour(style.get("color", "") or _attribute(tag, "color"))
        if colour:
            state = replace(state, colour=colour)
        if style.get("visibility"):
            state = replace(state, invisible=style["visibility"] in ("hidden", "collapse"))
        size = style.get("font-size", "")
        if size:
            pixels = _length(size)
            state = replace(state, tiny=pixels is not None and pixels <= 1)
        why = _why_hidden(tag, style)
        return replace(state, why=why) if why and not state.why else state

    def _style(self, tag: Tag, classes: list[str]) -> Mapping[str, str]:
        keys = [tag.name, *(f".{name}" for name in classes)]
        keys += [f"{tag.name}.{name}" for name in classes]
        identity = _attribute(tag, "id")
        if identity:
            keys.append(f"#{identity}")
        found: dict[str, str] = {}
        for key in keys:
            found.update(self.sheet.rules.get(key, {}))
        found.update(_declarations(_attribute(tag, "style")))
        return found


_SAME = object()  # the ground is the parent's


def _ground(tag: Tag, style: Mapping[str, str]) -> object:
    shorthand = style.get("background", "")
    if "url(" in shorthand or "gradient" in shorthand or style.get("background-image"):
        return None
    if _attribute(tag, "background"):
        return None
    for value in (style.get("background-color", ""), shorthand, _attribute(tag, "bgcolor")):
        colour = _colour(value)
        if colour:
            return colour
    return _SAME


def _why_hidden(tag: Tag, style: Mapping[str, str]) -> str:
    if tag.has_attr("hidden"):
        return "hidden"
    if style.get("display") == "none":
        return "display"
    if (_length(style.get("opacity", "")) or 1) <= 0 or style.get("opacity") in ("0", "0.0"):
        return "opacity"
    if style.get("overflow") == "hidden":
        for key in ("max-height", "height", "max-width", "width"):
            if key in style and _length(style[key]) == 0:
                return key
    if (_length(style.get("text-indent", "")) or 0) <= -200:
        return "text-indent"
    if style.get("position") in ("absolute", "fixed"):
        for key in ("left", "top", "right", "bottom"):
            if (_length(style.get(key, "")) or 0) <= -200:
                return "position"
    if style.get("color") == "transparent":
        return "colour"
    return ""


@lru_cache(maxsize=4096)
def _declarations(css: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for item in css.split(";"):
        key, colon, value = item.partition(":")
        if colon:
            found[key.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def _stylesheet(css: str) -> _Sheet:
    css = re.sub(r"/\*.*?\*/", " ", css, flags=re.DOTALL)
    plain, queries = _split_queries(css)
    rules: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain):
        for selector in selectors.split(","):
            key = selector.strip()
            if re.fullmatch(r"[a-zA-Z0-9]*(?:[.#][\w-]+)?", key) and key:
                rules.setdefault(key, {}).update(_declarations(body))
    shown = set()
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", queries):
        display = _declarations(body).get("display", "none")
        if display != "none":
            shown.update(re.findall(r"\.([\w-]+)", selectors))
    return _Sheet(rules, frozenset(shown))


def _split_queries(css: str) -> tuple[str, str]:
    """The rules outside and inside of @-blocks."""
    outside: list[str] = []
    inside: list[str] = []
    position = 0
    for match in re.finditer(r"@[\w-]+[^{};]*([{;])", css):
        if match.start() < position:
            continue
        outside.append(css[position : match.start()])
        position = match.end()
        if match.group(1) == "{":
            depth, start = 1, position
            while position < len(css) and depth:
                depth += {"{": 1, "}": -1}.get(css[position], 0)
                position += 1
            inside.append(css[start : position - 1])
    outside.append(css[position:])
    return "".join(outside), "\n".join(inside)


@lru_cache(maxsize=4096)
def _colour(value: str) -> tuple[int, int, int] | None:
    value = value.strip().lower()
    match = re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", value)
    if match:
        digits = match.group(1)
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    match = re.search(r"rgb\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)", value)
    if match:
        red, green, blue = (min(255, int(item)) for item in match.groups())
        return (red, green, blue)
    first = value.split(" ")[0] if value else ""
    return _COLOURS.get(first)


@lru_cache(maxsize=4096)
def _length(value: str) -> float | None:
    """Pixels, counting other units as if they were; None where it is no number."""
    match = re.match(r"\s*(-?\d*\.?\d+)\s*(px|pt|em|rem|%|)", value)
    if not match:
        return None
    number = float(match.group(1))
    if match.group(2) in ("em", "rem"):
        return number * 16
    if match.group(2) == "%":
        return number / 100 * 16
    return number


def _remote_fonts(soup: BeautifulSoup, css: str) -> Iterator[str]:
    for tag in soup.find_all("link"):
        href = _attribute(tag, "href")
        if "font" in href.lower():
            yield href
    for match in re.finditer(r"@import\s+(?:url\()?['\"]?(https?:[^'\")\s]+)", css):
        yield match.group(1)
    for block in re.findall(r"@font-face\s*\{([^}]*)\}", css):
        yield from re.findall(r"url\(['\"]?(https?:[^'\")\s]+)", block)


def _attribute(tag: object, name: str) -> str:
    if not isinstance(tag, Tag):
        return ""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)
