"""What is noted of a page beside its text: links, images, tables and what is fetched."""

from __future__ import annotations

import re
from typing import TypeVar

from contracts.case import Span
from evaluation.view.elements import ACTIVE, Element, Open
from evaluation.view.fetched import Remote
from evaluation.view.seen import HiddenText, Image, Link, Marked, Table
from evaluation.view.visibility import Sight
from evaluation.view.writing import Writer

__all__ = ["Notes"]

_MOST = 10_000  # of each kind
_LONGEST_LABEL = 2_000  # characters
_FIRST_WORDS = 100  # characters in which the first letter of a marked text is looked for
_BREAKS = re.compile(r"[\t\r\n]+")  # an address goes on behind them (URL Standard, §4.1)
_Item = TypeVar("_Item")


class Notes:
    """Collects what a walk over the tags comes by; of each kind a bounded number.

    Attributes:
        cut: what there was too much of, each as a short plain text.
    """

    def __init__(self, writer: Writer) -> None:
        self.cut: dict[str, None] = {}
        self.hidden: list[HiddenText] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.marked: list[Marked] = []
        self.active: list[str] = []
        self.forms: list[str] = []
        self.remote: list[Remote] = []
        self.fonts: list[str] = []
        self.base = ""
        self.refresh = ""
        self._writer = writer
        self._anchors: list[Open] = []
        self._tables: list[_Table] = []
        self._open_tables: list[_Table] = []

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(Table(table.role, table.headed) for table in self._tables)

    def hide(self, text: str, sight: Sight) -> None:
        leading = self._writer.length < 40
        item = HiddenText(text, sight.hides, leading, sight.responsive)
        self._note(self.hidden, item, "hidden texts")

    def tag(self, element: Element, sight: Sight) -> None:
        """Note a start tag, of an element that stays open or not."""
        if element.remote:
            self._fetch(element, sight)
        name = element.name
        given = element.attributes
        if name in ("img", "image"):
            self._image(element, sight)
        elif name == "area":
            if href := _address(given.get("href", "")):
                span = Span(self._writer.length, self._writer.length)
                self._note(self.links, Link(href, given.get("alt", ""), "html", span), "links")
        elif name == "table":
            table = _Table(given.get("role", "").strip().lower())
            self._note(self._tables, table, "tables")
            self._open_tables.append(table)
        elif name == "th":
            if self._open_tables:
                self._open_tables[-1].headed = True
        elif name == "base":
            self.base = self.base or given.get("href", "").strip()
        elif name == "link":
            if "font" in given.get("href", "").lower():
                self._note(self.fonts, given["href"], "fonts")
        elif name == "meta":
            if given.get("http-equiv", "").strip().lower() == "refresh":
                self.refresh = self.refresh or given.get("content", "").strip()
        elif name in ACTIVE:
            self._active(element)

    def opened(self, entry: Open) -> None:
        """Note that a link begins."""
        if entry.element.attributes.get("href"):
            self._anchors.append(entry)

    def closed(self, entry: Open) -> None:
        name = entry.name
        if name == "a":
            if self._anchors and self._anchors[-1] is entry:
                self._anchors.pop()
            if entry.element.attributes.get("href"):
                self._link(entry)
        elif name == "table" and self._open_tables:
            self._open_tables.pop()
        if entry.element.language:
            self._mark(entry)

    def _note(self, items: list[_Item], item: _Item, what: str) -> None:
        if self._room(items, what):
            items.append(item)

    def _room(self, items: list[_Item], what: str) -> bool:
        if len(items) < _MOST:
            return True
        self.cut[f"more than {_MOST:,} {what}; the rest was not kept"] = None
        return False

    def _active(self, element: Element) -> None:
        # What is no program but data is inert: mail programs read it to offer what to do next.
        if "json" not in element.attributes.get("type", ""):
            self._note(self.active, element.name, "active elements")
        if element.name == "form":
            self._note(self.forms, element.attributes.get("action", "").strip(), "forms")

    def _image(self, element: Element, sight: Sight) -> None:
        given = element.attributes
        if self._anchors:
            anchor = self._anchors[-1]
            if anchor.alt is None:
                anchor.alt = given.get("alt", "")
            anchor.pictured |= not sight.gone
        if sight.gone:
            return
        style = element.style or {}
        image = Image(
            src=given.get("src", ""),
            alt=given.get("alt", ""),
            width=given.get("width", ""),
            height=given.get("height", ""),
            style_width=style.get("width", ""),
            style_height=style.get("height", ""),
            has_alt="alt" in given,
        )
        self._note(self.images, image, "images")

    def _fetch(self, element: Element, sight: Sight) -> None:
        given, style = element.attributes, element.style or {}
        width = style.get("width", "") or given.get("width", "")
        height = style.get("height", "") or given.get("height", "")
        for kind, url in element.remote:
            self._note(
                self.remote, Remote(kind, url, width, height, sight.gone), "remote addresses"
            )

    def _link(self, entry: Open) -> None:
        if not self._room(self.links, "links"):
            return
        inner, start = self._inner(entry, _LONGEST_LABEL)
        sight = entry.sight
        # A link is seen by its words or by a picture in it, whatever hides its other text.
        if sight.gone or (sight.hides and not inner.strip() and not entry.pictured):
            return
        label = inner.strip()
        end = start + len(label)
        if len(inner) == _LONGEST_LABEL:
            end = max(end, self._writer.length)
            self.cut[f"a link's text of more than {_LONGEST_LABEL:,} characters was cut"] = None
        href = _address(entry.element.attributes["href"])
        link = Link(href, label or entry.alt or "", "html", Span(start, end))
        self._note(self.links, link, "links")

    def _mark(self, entry: Open) -> None:
        if not self._room(self.marked, "marked languages"):
            return
        inner, start = self._inner(entry, _FIRST_WORDS)
        if inner.strip():
            span = Span(start, self._writer.length)
            self._note(self.marked, Marked(entry.element.language, span), "marked languages")

    def _inner(self, entry: Open, limit: int) -> tuple[str, int]:
        """The beginning of the text of an element that is about to close, and where its first
        letter stands."""
        if self._writer.length == entry.began:
            return "", entry.began
        inner = self._writer.since(entry.part, limit)
        return inner, entry.began + len(inner) - len(inner.lstrip())


class _Table:
    __slots__ = ("headed", "role")

    def __init__(self, role: str) -> None:
        self.role = role
        self.headed = False


def _address(href: str) -> str:
    return _BREAKS.sub("", href).strip()
