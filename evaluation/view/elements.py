"""What each element of a page says, and how text looks in it.

Mails repeat their tags a lot: what one says is read once for all that are written alike, and each
combination of a tag and what it inherits is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from evaluation.view.fetched import remote_in_css, remote_in_style, remote_in_tag
from evaluation.view.markup import MOST_ATTRIBUTES, Kind, Token, attributes
from evaluation.view.nesting import Entry
from evaluation.view.selectors import Facts, Matching, Selector, StyleRules
from evaluation.view.stylesheet import crowded, read_sheet
from evaluation.view.visibility import CONTROLS, PROPERTIES, Sight, below, merged

__all__ = ["ACTIVE", "Element", "Open", "Preview", "Styling"]

_LONGEST_SHEETS = 500_000  # characters of all style sheets of a page
_MOST_KEPT = 5_000  # tags, and looks of them, that are remembered
_LONG_TAG = 400  # characters: shorter ones cannot be crowded
_MOST_TAGS = 1_000  # of html or body that are asked
_REMEMBERED = 50_000  # characters of style sheets that are kept for the next page

_BLOCK = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"}
    | {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr"}
    | {"ul"}
)
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"})
_GAPS = {name: "\n\n" if name in _PARAGRAPH else "\n" for name in _BLOCK} | {"td": " ", "th": " "}
_SAYING = frozenset(  # attributes that change how text looks
    {"style", "hidden", "bgcolor", "background", "color", "text", "size"}
)
ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet"})
_NOTED = ACTIVE | {"area", "base", "image", "img", "link", "meta", "table", "th"}
_NO_CLASSES: frozenset[str] = frozenset()
_NO_STYLE: Mapping[str, str] = {}

Remotes = tuple[tuple[str, str], ...]  # kind and address of each


class Preview:
    """What has to be known of a whole page before its text is read: a style sheet may stand
    behind what it styles, and what is said of the body holds wherever it is said.

    Attributes:
        html: the attributes of the root, as they stand, of all its tags.
        body: those of the body.
        rules: what the style sheets say of elements.
        remote: kind and address of what the style sheets fetch.
        cut: the style sheets are too long, and not all of them was read.
        unsure: a ground may be set by what was not read or not understood.
    """

    def __init__(self, page: Iterable[Token]) -> None:
        sheets: list[tuple[str, str]] = []
        said: dict[str, list[str]] = {"html": [], "body": []}
        room = _LONGEST_SHEETS
        self.cut = self.unsure = False
        media = ""
        for kind, name, text in page:
            if name == "style":
                if kind is Kind.START:
                    media = attributes(text).get("media", "") if text else ""
                elif kind is Kind.RAW:
                    self.cut |= len(text) > room
                    sheets.append((_bare(text[:room]), media))
                    room -= min(room, len(text))
            elif name == "link":
                self.unsure |= "stylesheet" in text.lower()
            elif name in said and kind is Kind.START and len(said[name]) < _MOST_TAGS:
                said[name].append(text)
        # A later tag only adds what no earlier one said, which is how attributes are read.
        self.html, self.body = (" ".join(texts) for texts in said.values())
        short = _LONGEST_SHEETS - room <= _REMEMBERED
        self.rules, self.remote = (_shared if short else _read)(tuple(sheets))
        self.cut |= self.rules.cut
        self.unsure |= self.rules.unsure or any(kind == "stylesheet" for kind, _ in self.remote)


def _bare(css: str) -> str:
    """A style sheet without the marks that hid it from the browsers of the nineties."""
    return css.replace("<!--", " ").replace("-->", " ")


def _read(sheets: tuple[tuple[str, str], ...]) -> tuple[StyleRules, Remotes]:
    texts = [f"@media {media} {{{css}}}" if media.strip() else css for css, media in sheets]
    rules = StyleRules((read_sheet(text) for text in texts), PROPERTIES)
    return rules, tuple(chain.from_iterable(remote_in_css(css) for css, _ in sheets))


@lru_cache(maxsize=16)
def _shared(sheets: tuple[tuple[str, str], ...]) -> tuple[StyleRules, Remotes]:
    """The mails of one campaign have one style sheet."""
    return _read(sheets)


class Element:
    """What a start tag says."""

    __slots__ = (
        "attributes", "ends", "facts", "fitting", "gap", "language", "name", "noted", "plain",
        "remote", "shown", "style",
    )  # fmt: skip

    def __init__(self, name: str, text: str, rules: StyleRules, matching: Matching) -> None:
        given: Mapping[str, str] = attributes(text) if text else _NO_STYLE
        classes = frozenset(given["class"].split()) if "class" in given else _NO_CLASSES
        self.name = name
        self.attributes = given
        self.facts = Facts(name, given.get("id", ""), classes, given)
        self.gap = _GAPS.get(name, "")
        self.language = given.get("lang", "") if name not in ("html", "body") else ""
        self.ends = bool(self.gap or self.language or name == "a")  # its end says something
        self.shown = not rules.shown_on_some.isdisjoint(classes)
        self.fitting = matching.fitting(self.facts)
        self.plain = not (
            self.fitting
            or self.shown
            or (given and not _SAYING.isdisjoint(given))
            or (name == "a" and "href" in given)
            or name in CONTROLS
        )  # text looks in it as it looks around it
        self.style: Mapping[str, str] | None = None  # None: it depends on where it stands
        if not any(selector.above for selector in self.fitting):
            self.style = _style(self.fitting, given)
        self.remote: Remotes = ()
        if "//" in text:
            style = given.get("style", "")
            in_style = remote_in_style(style) if "(" in style else ()
            self.remote = (*remote_in_tag(name, given), *in_style)
        self.noted = bool(self.remote) or name in _NOTED  # something of it is kept


def _style(fitting: Iterable[Selector], given: Mapping[str, str]) -> Mapping[str, str]:
    inline = given.get("style", "")
    if not fitting and not inline:
        return _NO_STYLE
    return merged(chain.from_iterable(item.declarations for item in fitting), inline)


class Open(Entry):
    """An element that is open."""

    __slots__ = ("alt", "began", "element", "facts", "part", "pictured", "sight")

    def __init__(self, element: Element, sight: Sight, began: int, part: int) -> None:
        self.name = element.name
        self.element = element
        self.facts = element.facts
        self.sight = sight
        self.began = began  # the length of the visible text before it
        self.part = part  # how many pieces that text has
        self.alt: str | None = None  # of the first image in a link
        self.pictured = False  # an image is seen in a link


class Styling:
    """How text looks in the elements of one page."""

    def __init__(self, preview: Preview) -> None:
        self.crowded = False  # a tag says more than was read of it
        self.matching = Matching(preview.rules)
        self._rules = preview.rules
        self._elements: dict[tuple[str, str], Element] = {}
        self._sights: dict[tuple[Sight, Element, tuple[Selector, ...]], Sight] = {}
        self.root = Sight(ground=None) if preview.unsure else Sight()

    def element(self, name: str, text: str) -> Element:
        key = (name, text)
        known = self._elements.get(key)
        if known is None:
            if len(self._elements) >= _MOST_KEPT:
                self._elements.clear()
            known = self._elements[key] = Element(name, text, self._rules, self.matching)
            if len(text) > _LONG_TAG:
                given = known.attributes
                self.crowded |= len(given) >= MOST_ATTRIBUTES or crowded(given.get("style", ""))
        return known

    def sight(self, element: Element, above: Sight, ancestors: Sequence[Open], count: int) -> Sight:
        """How text looks in an element that stands in the first `count` of `ancestors`, the
        outermost first."""
        if element.plain:
            return above
        fitting: tuple[Selector, ...] = ()
        if element.style is None and not self.matching.given_up:
            within = self.matching.within
            fitting = tuple(
                item for item in element.fitting if not item.above or within(item, ancestors, count)
            )
        key = (above, element, fitting)
        known = self._sights.get(key)
        if known is None:
            style = element.style
            if style is None:
                style = _style(fitting, element.attributes)
            known = below(above, element.name, element.attributes, style, shown=element.shown)
            if len(self._sights) >= _MOST_KEPT:
                self._sights.clear()
            self._sights[key] = known
        return known
