"""The elements that are open while HTML is read, repaired as browsers repair them.

Of the tree construction of the HTML Standard (§13.2.6) what decides how text is seen and what a
link encloses: what a tag closes that nobody closed, which end tags mean nothing, and that a font
which is not closed goes on in the next paragraph. Text that stands in a table outside of its cells
stays where it is. Every step is bounded, where the standard's own repairs can take time and
memory by the square of what is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

__all__ = ["TABLE_PARTS", "VOID", "Entry", "Nesting", "Repair"]

_REACH = 200  # open elements that one repair looks at
_MOST_LOOKS = 500_000  # of all repairs of a page
_MOST_REOPENED = 8

VOID = frozenset(
    {"area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img"}
    | {"input", "keygen", "link", "meta", "param", "source", "track", "wbr"}
)
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt"}
    | {"u"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLOSES_PARAGRAPH = _HEADINGS | frozenset(
    {"address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div"}
    | {"dl", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr"}
    | {"li", "dd", "dt", "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre"}
    | {"search", "section", "summary", "ul", "xmp"}
)
_CELLS = frozenset({"td", "th", "caption"})
_GROUPS = frozenset({"tbody", "thead", "tfoot", "colgroup"})
_SPECIAL = (
    frozenset({"applet", "body", "button", "html", "iframe", "marquee", "object", "table"})
    | frozenset({"textarea", "tr"})
    | _CELLS
    | _GROUPS
    | _CLOSES_PARAGRAPH
)
_CLOSING = _CLOSES_PARAGRAPH | _CELLS | _GROUPS | {"a", "tr", "table", "button"}
TABLE_PARTS = _GROUPS | {"table", "tr"}
_ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_INSIDE_ITEMS = frozenset({"address", "div", "p"})  # are closed together with the item
_NEVER_CLOSED = frozenset({"html", "body"})  # what stands behind them is shown all the same

_FRAMED = _NEVER_CLOSED | _CELLS | {"table"}


class Entry:
    """An open element; whoever keeps more of it derives from this."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


_Entry = TypeVar("_Entry", bound=Entry)


class Repair(Generic[_Entry]):
    """What a tag did to the open elements.

    Attributes:
        closed: elements that are open no more, the innermost first.
        moved: elements that are still open and now stand in others, the outermost first.
        reopen: elements that go on in what follows and are to be opened anew, in that order.
    """

    __slots__ = ("closed", "moved", "reopen")

    def __init__(
        self,
        closed: Sequence[_Entry] = (),
        moved: Sequence[_Entry] = (),
        reopen: Sequence[_Entry] = (),
    ) -> None:
        self.closed = closed
        self.moved = moved
        self.reopen = reopen


class _Frame:
    """The page, a table, or a cell: what stands inside closes nothing that stands outside."""

    __slots__ = ("base", "kind", "open")

    def __init__(self, kind: str, base: int) -> None:
        self.kind = kind  # "", "table" or "cell"
        self.base = base  # where its own element stands
        self.open: dict[str, int] = {}  # how many elements of a name are open in it


class Nesting(Generic[_Entry]):
    """The open elements, the outermost first.

    Attributes:
        tangled: so much had to be repaired that the rest is read more simply.
    """

    def __init__(self) -> None:
        self.stack: list[_Entry] = []
        self.tangled = False
        self._frames = [_Frame("", -1)]
        self._left = _MOST_LOOKS

    def is_open(self, name: str) -> bool:
        """Whether an end tag of this name would close something."""
        frame = self._frames[-1]
        if name in frame.open:
            return True
        return len(self._frames) > 1 and (name in ("table", "tr") or name in _CELLS)

    @property
    def around(self) -> int:
        """How many of the open elements are around what stands here: in a table outside of its
        cells the table is not, for a browser moves it out."""
        frame = self._frames[-1]
        if frame.kind == "table" and self.stack[-1].name in TABLE_PARTS:
            return frame.base
        return len(self.stack)

    def push(self, entry: _Entry) -> None:
        name = entry.name
        if name == "table":
            self._frames.append(_Frame("table", len(self.stack)))
        elif name in _CELLS and self._frames[-1].kind == "table":
            self._frames.append(_Frame("cell", len(self.stack)))
        else:
            counts = self._frames[-1].open
            counts[name] = counts.get(name, 0) + 1
        self.stack.append(entry)

    def before(self, name: str) -> Repair[_Entry] | None:
        """Close what cannot stay open once an element of this name begins."""
        if name not in _CLOSING:
            return None
        opened = self._frames[-1].open
        if name in _CLOSES_PARAGRAPH:
            if "p" in opened:
                return self._close_to(self._innermost("p"))
            if name in _ITEMS:
                return self._before_item(_ITEMS[name])
            if name in _HEADINGS and self.stack and self.stack[-1].name in _HEADINGS:
                return self._close_to(len(self.stack) - 1)
        elif name == "a":
            if "a" in opened:
                return self._end_formatting("a")
        elif name == "tr" or name in _CELLS or name in _GROUPS:
            return self._before_row_or_cell(name)
        elif name == "table":
            frame = self._frames[-1]
            if frame.kind == "table":
                return self._cut(frame.base)
        elif name == "button" and "button" in opened:
            return self._close_to(self._innermost("button"))
        return None

    def end_last(self, name: str) -> _Entry | None:
        """Close the innermost element where it is of this name, the common case of an end tag;
        None where it is not, or more is to be done."""
        last = self.stack[-1]
        if last.name != name or name in _FRAMED:
            return None
        counts = self._frames[-1].open
        left = counts[name] - 1
        if left:
            counts[name] = left
        else:
            del counts[name]
        return self.stack.pop()

    def end(self, name: str) -> Repair[_Entry] | None:
        """Close what an end tag of this name closes; None where it means nothing."""
        opened = self._frames[-1].open
        if name in _FORMATTING:
            return self._end_formatting(name) if name in opened else None
        if name == "table" or name == "tr" or name in _CELLS or name in _GROUPS:
            return self._end_in_table(name)
        if name in _HEADINGS:
            if _HEADINGS.isdisjoint(opened):
                return None
            return self._close_to(self._innermost(*_HEADINGS))
        if name not in opened or name in _NEVER_CLOSED:
            return None
        if name in _SPECIAL:
            return self._close_to(self._innermost(name))
        return self._end_other(name)

    def rest(self) -> list[_Entry]:
        """Everything that is open at the end, the innermost first."""
        return list(self._cut(0).closed)

    def _innermost(self, *names: str) -> int:
        """Where the innermost element of these names stands; one of them is open. What is looked
        at on the way is closed, so that nothing is looked at twice."""
        at = len(self.stack) - 1
        while self.stack[at].name not in names:
            at -= 1
        return at

    def _look(self) -> range:
        """The places of the innermost elements of the frame, as far as a repair may look."""
        top = len(self.stack) - 1
        reach = _REACH if self._left > 0 else 1
        return range(top, max(self._frames[-1].base, top - reach), -1)

    def _spend(self, looks: int) -> None:
        self._left -= looks
        self.tangled |= self._left <= 0

    def _cut(self, at: int) -> Repair[_Entry]:
        """Close everything from a place on."""
        first = len(self.stack)
        while len(self._frames) > 1 and self._frames[-1].base >= at:
            first = self._frames.pop().base
        self._forget(self.stack[at:first])
        closed = self.stack[at:]
        closed.reverse()
        del self.stack[at:]
        return Repair(closed)

    def _forget(self, entries: Iterable[_Entry]) -> None:
        counts = self._frames[-1].open
        for entry in entries:
            left = counts[entry.name] - 1
            if left:
                counts[entry.name] = left
            else:
                del counts[entry.name]

    def _close_to(self, at: int) -> Repair[_Entry]:
        """Close an element of the frame with what stands in it; its fonts go on behind it."""
        if at == len(self.stack) - 1:
            return self._cut(at)
        inside = self.stack[-1 : max(at, len(self.stack) - 1 - _REACH) : -1]
        reopen = [item for item in inside if item.name in _FORMATTING and item.name != "a"]
        repair = self._cut(at)
        repair.reopen = reopen[:_MOST_REOPENED][::-1]
        return repair

    def _before_item(self, names: tuple[str, ...]) -> Repair[_Entry] | None:
        if not any(name in self._frames[-1].open for name in names):
            return None
        looks = 0
        for at in self._look():
            looks += 1
            name = self.stack[at].name
            if name in names:
                return self._close_to(at)
            if name in _SPECIAL and name not in _INSIDE_ITEMS:
                break
        self._spend(looks)
        return None

    def _before_row_or_cell(self, name: str) -> Repair[_Entry] | None:
        frame = self._frames[-1]
        at = len(self.stack)
        if frame.kind == "cell":
            at = frame.base
            frame = self._frames[-2]
        if name not in _CELLS:
            ends = ("tr", *_GROUPS) if name in _GROUPS else ("tr",)
            opened = [end for end in ends if end in frame.open]
            if opened:
                floor = at
                while opened:  # the row, then its group
                    floor -= 1
                    if self.stack[floor].name in opened:
                        opened.remove(self.stack[floor].name)
                        at = floor
        if frame.kind == "table":  # what stands in it outside of its cells ends here
            while self.stack[at - 1].name not in TABLE_PARTS:
                at -= 1
        return self._cut(at) if at < len(self.stack) else None

    def _end_in_table(self, name: str) -> Repair[_Entry] | None:
        frame = self._frames[-1]
        if name in _CELLS:
            if name in frame.open:  # a cell of no table
                return self._close_to(self._innermost(name))
            own = frame.kind == "cell" and self.stack[frame.base].name == name
            return self._cut(frame.base) if own else None
        at = len(self.stack)
        if frame.kind == "cell":
            at = frame.base
            frame = self._frames[-2]
        if name == "table":
            return self._cut(frame.base) if frame.kind == "table" else None
        if name not in frame.open:
            return None
        at -= 1
        while self.stack[at].name != name:
            at -= 1
        return self._cut(at)

    def _end_formatting(self, name: str) -> Repair[_Entry] | None:
        """The adoption agency (§13.2.6.4.7): blocks inside of a font stay open without it."""
        block = -1
        found = -1
        places = self._look()
        for at in places:
            entry = self.stack[at]
            if entry.name == name:
                found = at
                break
            if entry.name in _SPECIAL:
                block = at
        if block >= 0 or found < 0:  # otherwise all of it is closed
            self._spend(len(self.stack) - found if found >= 0 else len(places))
        if found < 0:
            return None
        if block < 0:
            return self._close_to(found)
        between = self.stack[found + 1 : block]
        kept = [entry for entry in between if entry.name in _FORMATTING]
        closed = [entry for entry in reversed(between) if entry.name not in _FORMATTING]
        closed.append(self.stack[found])
        self._forget(closed)
        self.stack[found:block] = kept
        return Repair(closed, self.stack[found:])

    def _end_other(self, name: str) -> Repair[_Entry] | None:
        looks = 0
        for at in self._look():
            looks += 1
            entry = self.stack[at]
            if entry.name == name:
                return self._close_to(at)
            if entry.name in _SPECIAL:
                break
        self._spend(looks)
        return None
