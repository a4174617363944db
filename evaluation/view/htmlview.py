"""HTML as a reader sees it: visible text with places, and apart from it what is hidden.

Only what decides visibility is computed: inline styles, attributes, and rules of the mail's own
style sheet. Conditional comments are not shown. Time and memory grow with the length of the page
and no faster; what a page holds too much of is cut off, which `HtmlView.defects` says.
"""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.view.elements import ACTIVE, Element, Open, Preview, Styling
from evaluation.view.fetched import Remote
from evaluation.view.markup import BREAKS_OUT, SPACE, Kind, Token, tokens
from evaluation.view.nesting import TABLE_PARTS, VOID, Nesting, Repair
from evaluation.view.noted import Notes
from evaluation.view.seen import HiddenText, HtmlView, Image, Link, Marked, Table
from evaluation.view.visibility import Sight
from evaluation.view.writing import Writer, one_line

__all__ = ["HiddenText", "HtmlView", "Image", "Link", "Marked", "Remote", "Table", "read_html"]

_LONGEST_PAGE = 2_000_000  # characters of HTML; Gmail shows the first 102,400 bytes
_LONGEST_TEXT = 1_000_000  # characters of visible text
_MOST_ELEMENTS = 200_000
_HELD = 300_000  # characters of a page whose tags are kept while it is read

_TEXT, _START, _END = Kind.TEXT, Kind.START, Kind.END  # looked up once: it takes its time
_SILENT = frozenset({"template", "svg", "select"})  # what stands inside is no text of the mail
_UNSEEN = frozenset({"script", "style", "title", "iframe", "noembed", "noframes"})
_IN_HEAD = _UNSEEN - {"iframe", "noembed"} | {"base", "basefont", "bgsound", "link", "meta"}
_IN_HEAD |= {"noscript"}
_BEGUN = frozenset({"html", "body"})  # are open from the start
_IN_TABLES = TABLE_PARTS - {"table"} | {"caption", "col", "td", "th"}
# End tags of what stands around a drawing or a list of choices end these too.
_ENDS_SILENCE = frozenset({"p", "td", "th", "tr", "table", "div", "center"})


def read_html(html: str) -> HtmlView:
    """What `html` shows. Never fails: broken markup is read as a browser reads it.

    An empty string gives an empty view. Spans index `HtmlView.text`.
    """
    if not html.strip():
        return HtmlView()
    page = html[:_LONGEST_PAGE].replace("\0", "")  # which a browser leaves out
    # The tags are gone over twice, for a style sheet may stand behind what it styles. Those of a
    # long page take many times its memory, so they are not kept.
    held = list(tokens(page)) if len(page) <= _HELD else ()
    walk = _Walk(Preview(held or tokens(page)))
    if len(html) > _LONGEST_PAGE:
        walk.cut(f"HTML of more than {_LONGEST_PAGE:,} characters; the rest was not read")
    walk.run(held or tokens(page))
    return walk.seen()


class _Walk:
    """One pass over the tags, without recursion: mails nest deeper than Python does."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        self._styling = Styling(preview)
        self._writer = Writer(_LONGEST_TEXT)
        self._notes = Notes(self._writer)
        self._nesting: Nesting[Open] = Nesting()
        self._count = 0
        self._title: str | None = None
        self._in_head = False
        self._silent = ""  # the element whose content is not shown, "" none
        self._depth = 0  # how many of its name are open in each other
        self._root = self._begin("html", preview.html)
        self._body = self._begin("body", preview.body)

    def _begin(self, name: str, text: str) -> Element:
        """Open an element that every page has, whether it has a tag or not."""
        element = self._styling.element(name, text)
        stack = self._nesting.stack
        sight = self._styling.sight(element, self._sight(), stack, len(stack))
        self._notes.tag(element, sight)
        self._push(element, sight)
        return element

    def cut(self, what: str) -> None:
        self._notes.cut[what] = None

    def run(self, page: Iterable[Token]) -> None:
        for kind, name, text in page:
            if kind is _TEXT:
                self._text(text)
            elif kind is _START:
                self._count += 1
                if self._count > _MOST_ELEMENTS or self._writer.full:
                    break
                self._start(name, text)
            elif kind is _END:
                self._end(name)
            elif name == "title":
                if self._title is None:
                    self._title = text.strip()
            elif name not in _UNSEEN:
                self._text(text)
        for entry in self._nesting.rest():
            if entry.element.ends:
                self._leave(entry)
        self._say_what_was_cut()

    def seen(self) -> HtmlView:
        notes = self._notes
        remote = tuple(Remote(kind, url) for kind, url in self._preview.remote)
        loaded = (item for item in remote if item.kind in ("stylesheet", "font"))
        return HtmlView(
            text="".join(self._writer.parts),
            hidden=tuple(notes.hidden),
            links=tuple(notes.links),
            images=tuple(notes.images),
            marked=tuple(notes.marked),
            language=self._said("lang"),
            title=self._title or "",
            active=tuple(notes.active),
            remote_fonts=(*notes.fonts, *(item.url for item in loaded)),
            direction=self._said("dir").strip().lower(),
            base=notes.base,
            forms=tuple(notes.forms),
            remote=(*notes.remote, *remote),
            tables=notes.tables,
            refresh=notes.refresh,
            elements=self._count,
            defects=tuple(notes.cut),
        )

    def _said(self, attribute: str) -> str:
        return self._root.attributes.get(attribute) or self._body.attributes.get(attribute) or ""

    def _say_what_was_cut(self) -> None:
        if self._count > _MOST_ELEMENTS:
            self.cut(f"more than {_MOST_ELEMENTS:,} HTML elements; the rest was not read")
        if self._writer.full:
            self.cut(f"visible text of more than {_LONGEST_TEXT:,} characters; the rest was cut")
        if self._preview.cut or self._styling.matching.given_up:
            self.cut("style sheets too large to be followed; not all of their rules were applied")
        if self._styling.crowded:
            self.cut("tags with more attributes or styles than are read")
        if self._nesting.tangled:
            self.cut("HTML elements closed in too many wrong orders; they were read more simply")

    def _sight(self) -> Sight:
        stack = self._nesting.stack
        if not stack:
            return self._styling.root
        last = stack[-1]
        return last.sight if last.name not in TABLE_PARTS else stack[self._nesting.around - 1].sight

    def _text(self, text: str) -> None:
        if self._silent:
            return
        if self._in_head:
            if not text.strip(SPACE):
                return
            self._in_head = False
        sight = self._sight()
        if not sight.hides:
            self._writer.write(text)
        elif words := one_line(text):
            self._notes.hide(words, sight)

    def _start(self, name: str, text: str) -> None:
        if self._silent and not self._breaks_silence(name):
            if name in ACTIVE:
                self._notes.tag(self._styling.element(name, text), self._sight())
            return
        if self._in_head:
            if name in _IN_HEAD:
                self._notes.tag(self._styling.element(name, text), self._sight())
                return
            self._in_head = False
        if name == "head" or name in _BEGUN:
            self._in_head = name == "head" and len(self._nesting.stack) == 2
            return
        repair = self._nesting.before(name)
        if repair is not None:
            self._apply(repair)
        element = self._styling.element(name, text)
        stack = self._nesting.stack
        above = stack[-1].sight if name in _IN_TABLES else self._sight()
        sight = self._styling.sight(element, above, stack, len(stack))
        if element.noted:
            self._notes.tag(element, sight)
        if name == "br":
            self._writer.gap("\n")
        elif element.gap:
            self._writer.gap(element.gap)
        if name in VOID or name in _UNSEEN:
            return
        if name in _SILENT:
            self._silent, self._depth = name, 1
            if name == "svg" and text.endswith("/"):
                self._silent = ""
            return
        self._push(element, sight)

    def _push(self, element: Element, sight: Sight) -> None:
        entry = Open(element, sight, self._writer.length, len(self._writer.parts))
        self._nesting.push(entry)
        if entry.name == "a":
            self._notes.opened(entry)

    def _breaks_silence(self, name: str) -> bool:
        """Whether a start tag ends a drawing or a list of choices that nobody closed."""
        if name == self._silent:
            if name == "select":
                self._silent = ""
            else:
                self._depth += 1
            return False
        ends = (self._silent == "svg" and name in BREAKS_OUT) or (
            self._silent == "select" and name in ("input", "textarea", "keygen")
        )
        if ends:
            self._silent = ""
        return ends

    def _end(self, name: str) -> None:
        if self._silent:
            if name == self._silent:
                self._depth -= 1
                if not self._depth:
                    self._silent = ""
                return
            if self._silent == "template" or name not in _ENDS_SILENCE:
                return
            if not self._nesting.is_open(name):
                return
            self._silent = ""
        if self._in_head:
            self._in_head = name != "head"
            return
        last = self._nesting.end_last(name)
        if last is not None:
            if last.element.ends:
                self._leave(last)
            return
        repair = self._nesting.end(name)
        if repair is not None:
            self._apply(repair)
        elif name == "br":
            self._writer.gap("\n")
        elif name == "p":  # a browser makes it an empty paragraph
            self._writer.gap("\n\n")

    def _apply(self, repair: Repair[Open]) -> None:
        for entry in repair.closed:
            if entry.element.ends:
                self._leave(entry)
        if not (repair.moved or repair.reopen):
            return
        stack = self._nesting.stack
        for at in range(len(stack) - len(repair.moved), len(stack)):
            above = stack[at - 1].sight if at else self._styling.root
            entry = stack[at]
            entry.sight = self._styling.sight(entry.element, above, stack, at)
        for entry in repair.reopen:
            if not entry.element.plain:
                element = entry.element
                sight = self._styling.sight(element, self._sight(), stack, len(stack))
                self._push(element, sight)

    def _leave(self, entry: Open) -> None:
        self._notes.closed(entry)
        if entry.element.gap:
            self._writer.gap(entry.element.gap)
