"""A mail's HTML as a tree: parsed once, shared by every check that asks for elements.

What a reader sees of it, and where, says `MailView.page`; this is what it is built of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, TypeVar

from lxml import etree

from evaluation.view.stylesheet import Sheet, read_sheet

__all__ = ["LONGEST", "Element", "Page", "attribute", "one_line", "read_page"]

Element: TypeAlias = Any  # of lxml, which ships no types
_State = TypeVar("_State")

LONGEST = 500_000  # characters: Gmail shows the first 102,400 bytes of any mail
# What stands behind these is shown by every program, and libxml2 would stop reading there.
_ENDS = re.compile(r"</(?:body|html)\b[^<>]{0,200}>", re.IGNORECASE)
_SHARED = 50_000  # characters of a style sheet that is remembered
# Attributes by the thousand take the parser time by the square of their number.
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_MOST_ATTRIBUTES = 300
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SILENT = frozenset({"head", "script", "style", "title", "noscript", "template"})


class Page:
    """The elements of a mail, without comments. Conditional comments are for one program alone,
    which knows what stands in them, so they are no part of it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root = _parsed(source)

    def elements(self, *names: str) -> Iterator[Element]:
        """Every element of these names in reading order; all elements where none is given."""
        if self.root is None:
            return
        for element in self.root.iter(*names):
            if isinstance(element.tag, str):
                yield element

    def first(self, name: str) -> Element | None:
        return next(self.elements(name), None)

    @cached_property
    def css(self) -> str:
        return "\n".join(element.text or "" for element in self.elements("style"))

    @cached_property
    def sheet(self) -> Sheet:
        return _sheet(self.css) if len(self.css) <= _SHARED else read_sheet(self.css)

    def texts(
        self, start: _State, below: Callable[[Element, _State], _State | None]
    ) -> Iterator[tuple[str, _State]]:
        """Every text in reading order with what its element inherits.

        Args:
            start: what the root inherits.
            below: what an element hands down, given what it inherits; None leaves out the
                element with all that stands in it.
        """
        if self.root is None:
            return
        steps: list[tuple[Element, _State, bool]] = [(self.root, start, False)]
        while steps:
            element, above, over = steps.pop()
            if over:
                if element.tail:
                    yield element.tail, above
                continue
            if element.tail:
                steps.append((element, above, True))
            if not isinstance(element.tag, str) or element.tag in _SILENT:
                continue
            state = below(element, above)
            if state is None:
                continue
            if element.text:
                yield element.text, state
            steps.extend((child, state, False) for child in reversed(element))


@lru_cache(maxsize=16)
def _sheet(css: str) -> Sheet:
    """The mails of one campaign have one style sheet."""
    return read_sheet(css)


def read_page(html: str) -> Page:
    """The tree of `html`. Never fails: what no parser can read has no elements. Of a very long
    mail the beginning is read, which is more than any program shows."""
    return _page(html[:LONGEST])


@lru_cache(maxsize=2)
def _page(source: str) -> Page:
    return Page(source)


def one_line(text: str) -> str:
    """A text of the tree as a reader sees it: with single spaces, but for those that do not
    break."""
    return _SPACES.sub(" ", text).strip(" ")


def attribute(element: Element | None, name: str) -> str:
    """The value of an attribute without spaces around it, "" where there is none."""
    value = None if element is None else element.get(name)
    return value.strip() if value else ""


def _parsed(html: str) -> Element | None:
    if not html.strip():
        return None
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        text = _LONG_TAG.sub(_uncrowded, _ENDS.sub(" ", html.replace("\x00", "")))
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):  # nothing that could be an element
        return None


def _uncrowded(tag: re.Match[str]) -> str:
    """A long tag as it stands (an image may be in it), or nothing where it is crowded."""
    words = tag[0]
    crowded = words.count("=") > _MOST_ATTRIBUTES or len(words.split()) > 3 * _MOST_ATTRIBUTES
    return " " if crowded else words
