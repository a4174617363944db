"""HTML as a reader sees it: visible text with places, and apart from it what is hidden.

Only what decides visibility is computed: inline styles, attributes, and rules of the mail's own
style sheet. Conditional comments are not shown. Time and memory grow with the length of the page
and no faster; what a page holds too much of is cut off, which `HtmlView.defects` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from contracts.case import Span
from evaluation.view.fetched import Remote, remote_in_css, remote_in_style, remote_in_tag
from evaluation.view.markup import BREAKS_OUT, SPACE, Kind, Token, attributes, tokens
from evaluation.view.nesting import VOID, Entry, Nesting, Repair
from evaluation.view.seen import HiddenText, HtmlView, Image, Link, Marked, Table
from evaluation.view.selectors import Facts, Matching, Selector, StyleRules
from evaluation.view.stylesheet import read_sheet
from evaluation.view.visibility import PROPERTIES, Sight, below, merged
from evaluation.view.writing import Writer

__all__ = ["HiddenText", "HtmlView", "Image", "Link", "Marked", "Table", "read_html"]

LONGEST_PAGE = 5_000_000  # characters of HTML; Gmail shows the first 102,400 bytes
LONGEST_TEXT = 1_000_000  # characters of visible text
_LONGEST_LABEL = 2_000
_LONGEST_SHEETS = 500_000  # characters of all style sheets
_REMEMBERED = 100_000  # characters of style sheets that are kept for the next page
_MOST_ELEMENTS = 200_000
_MOST_NOTED = 10_000  # links, images and so on, of each

_BLOCK = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt"}
    | {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr"}
    | {"ul"}
)
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"})
_GAPS = {name: "\n\n" if name in _PARAGRAPH else "\n" for name in _BLOCK} | {"td": " ", "th": " "}
_SILENT = frozenset({"template", "svg", "select"})
_IN_HEAD = frozenset(
    {"base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style"}
    | {"title"}
)
_UNSEEN = frozenset({"script", "style", "title", "iframe", "noembed", "noframes"})
_ACTIVE = frozenset({"script", "form", "iframe", "object", "embed", "applet"})
_ENDS_DRAWING = frozenset({"p", "br", "td", "th", "tr", "table", "div", "center"})
_SAYING = frozenset(  # attributes that change how text looks
    {"style", "hidden", "bgcolor", "background", "color", "text", "size"}
)
_CONTROLS = frozenset({"button", "textarea"})


def read_html(html: str) -> HtmlView:
    """What `html` shows. Never fails: broken markup is read as a browser reads it.

    An empty string gives an empty view. Spans index `HtmlView.text`.
    """
    if not html.strip():
        return HtmlView()
    cut = len(html) > LONGEST_PAGE
    if cut:
        html = html[:LONGEST_PAGE]
    if "\0" in html:  # a browser leaves it out
        html = html.replace("\0", "")
    # Twice over the tags, for a style sheet may stand behind what it styles. The tags of a long
    # page take many times its memory, so they are not kept.
    held = list(tokens(html)) if len(html) <= _HELD else ()
    walk = _Walk(held or tokens(html))
    walk.run(held or tokens(html))
    return walk.seen(cut)


class _Element:
    """What a start tag says, read once for all tags that are written alike."""

    __slots__ = (
        "attributes", "facts", "fitting", "gap", "href", "language", "name", "plain", "remote",
        "shown", "sure",
    )  # fmt: skip

    def __init__(self, name: str, text: str, rules: StyleRules, matching: Matching) -> None:
        given: Mapping[str, str] = attributes(text) if text else {}
        self.name = name
        self.attributes = given
        classes = frozenset(given["class"].split()) if "class" in given else _NO_CLASSES
        self.facts = Facts(name, given.get("id", ""), classes, given)
        self.gap = _GAPS.get(name, "")
        self.language = given.get("lang", "") if name not in ("html", "body") else ""
        self.href = given.get("href", "") if name == "a" else ""
        self.shown = not rules.shown_on_some.isdisjoint(classes)
        self.fitting = matching.fitting(self.facts)
        self.sure = not any(selector.above for selector in self.fitting)
        self.plain = not (
            self.fitting
            or self.shown
            or (given and not _SAYING.isdisjoint(given))
            or (name == "a" and "href" in given)
            or name in _CONTROLS
        )
        self.remote: tuple[tuple[str, str], ...] = ()
        if "//" in text:
            style = given.get("style", "")
            self.remote = (
                *remote_in_tag(name, given),
                *(remote_in_style(style) if "(" in style else ()),
            )


_NO_CLASSES: frozenset[str] = frozenset()


class _Open(Entry):
    """An element that is open."""

    __slots__ = ("alt", "began", "element", "part", "pictured", "sight")

    def __init__(self, element: _Element, sight: Sight, began: int, part: int) -> None:
        super().__init__(element.name)
        self.element = element
        self.sight = sight
        self.began = began  # the length of the visible text before it
        self.part = part
        self.alt: str | None = None  # of the first image in a link
        self.pictured = False  # an image is seen in a link

    @property
    def facts(self) -> Facts:
        return self.element.facts


class _Walk:
    """One pass over the tags, without recursion: mails nest deeper than Python does."""

    def __init__(self, page: Iterable[Token]) -> None:
        sheets = tuple(_sheets(page))
        size = sum(len(css) for css, _ in sheets)
        self._cut: dict[str, None] = {}
        if size > _LONGEST_SHEETS:
            self._cut["style sheets of more than 500,000 characters; they were not read"] = None
            sheets = ()
        self._rules, found = (_shared if size <= _REMEMBERED else _rules)(sheets)
        self._matching = Matching(self._rules)
        self._writer = Writer(LONGEST_TEXT)
        self._nesting: Nesting[_Open] = Nesting()
        self._elements: dict[tuple[str, str], _Element] = {}
        self._sights: dict[tuple[object, ...], Sight] = {}
        self._ground = Sight()
        self._unsure = Sight(ground=None)
        self._root = self._unsure if self._rules.unsure else self._ground
        self._silent = ""  # the element whose content is not shown, "" none
        self._depth = 0  # how many of its name are open
        self._in_head = False
        self._anchors: list[_Open] = []
        self._tables: list[list[object]] = []
        self._open_tables: list[list[object]] = []
        self._language = self._body_language = ""
