"""The lines of a PDF page as PDFium sees them: text, cells, place, size, weight."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Cell", "Line", "page_lines"]

_CELL_GAP = 1.0  # of the font size: what separates two cells; words rarely stand so far apart
_WORD_GAP = 0.7  # between pieces that were written one by one and are one text
_SAME_LINE = 0.35  # of the font size
_UNREADABLE = 2.0  # points: no reader sees text that small
_HYPHENS = ("\x02", "\u00ad")  # how PDFium writes a hyphen at a line's end
_BULLET = re.compile(
    r"[•‣◦▪▫●○■□–—*·\uf0b7\uf0a7\uf02d\u2756\u27a2\u2713\u2714➔➤-]|\(?\w{1,2}[.)]|\d{1,3}[.)]"
)


@dataclass(slots=True)
class Cell:
    text: str
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """Points, with `top` and `bottom` counted from the lower edge of the page."""

    cells: list[Cell]
    top: float
    bottom: float
    size: float
    bold: bool
    seen: bool = True  # False: too small, or beside the page

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right


def page_lines(textpage: Any, width: float, height: float) -> list[Line]:
    """The lines of one page in the order in which they were written, which is that of
    reading: column after column. Pieces side by side are cells of one line."""
    from pypdfium2 import raw

    count = raw.FPDFText_CountChars(textpage)
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = sides
    references = [ctypes.byref(side) for side in sides]
    lines: list[Line] = []
    run: _Run | None = None
    space = False
    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage, index)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if 0xD800 <= code < 0xDC00 and index + 1 < count:
            low = raw.FPDFText_GetUnicode(textpage, index + 1)
            if 0xDC00 <= low < 0xE000:
                char = chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))
        if char in ("\r", "\n"):
            if run is not None:
                run.close_into(lines)
            run, space = None, False
            continue
        if char in (" ", "\u3000", "\t", ""):
            space = space or char != ""
            continue
        if not raw.FPDFText_GetCharBox(textpage, index, *references):
            continue
        if run is None or not run.goes_on(left.value, bottom.value, top.value):
            if run is not None:
                run.close_into(lines)
            run, space = _Run(*_font(raw, textpage, index, top.value - bottom.value)), False
        run.add(char, space, left.value, right.value, bottom.value, top.value)
        space = False
    if run is not None:
        run.close_into(lines)
    for line in lines:
        across = line.right > 0 and line.left < width
        down = line.top > 0 and line.bottom < height
        line.seen = line.size >= _UNREADABLE and across and down
    return _beside(lines)


class _Run:
    """Characters of one font on one line, written one after the other."""

    def __init__(self, size: float, bold: bool) -> None:
        self._size, self._bold = size, bold
        self._cells: list[list[str]] = []
        self._sides: list[list[float]] = []
        self._bottom, self._top = math.inf, -math.inf

    def goes_on(self, left: float, bottom: float, top: float) -> bool:
        """Whether a character there belongs to this line: not one that jumps back (the
        next column) or up or down."""
        overlaps = min(top, self._top) - max(bottom, self._bottom)
        near = overlaps > 0 or abs(bottom - self._bottom) < _SAME_LINE * self._size
        return near and left > self._sides[-1][1] - self._size

    def add(
        self, char: str, space: bool, left: float, right: float, bottom: float, top: float
    ) -> None:
        gap = left - self._sides[-1][1] if self._sides else 0.0
        if not self._cells or gap > _CELL_GAP * self._size:
            self._cells.append([char])
            self._sides.append([left, right])
        else:
            self._cells[-1].append(f" {char}" if space else char)
            self._sides[-1][1] = max(right, self._sides[-1][1])
        self._bottom, self._top = min(bottom, self._bottom), max(top, self._top)

    def close_into(self, lines: list[Line]) -> None:
        cells = [
            Cell("".join(chars).strip(), left, right)
            for chars, (left, right) in zip(self._cells, self._sides, strict=True)
        ]
        cells = [cell for cell in cells if cell.text]
        if not cells:
            return
        if len(cells) > 1 and _BULLET.fullmatch(cells[0].text):
            mark, first = cells[0], cells[1]
            cells[:2] = [Cell(f"{mark.text} {first.text}", mark.left, first.right)]
        lines.append(Line(cells, self._top, self._bottom, self._size, self._bold))


def _font(raw: Any, textpage: Any, index: int, height: float) -> tuple[float, bool]:
    """Size in points as it is seen, and whether it is bold."""
    size = raw.FPDFText_GetFontSize(textpage, index)
    matrix = raw.FS_MATRIX()
    if raw.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.b, matrix.d)
    if not 0 < size < 1000:
        size = height or 1.0
    if raw.FPDFText_GetFontWeight(textpage, index) >= 600:
        return size, True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, len(name), ctypes.byref(flags))
    return size, bool(re.search(rb"bold|black|heavy|semibold|demi", name.value, re.IGNORECASE))


def _beside(lines: Sequence[Line]) -> list[Line]:
    """Pieces that were written one after the other on the same height become the cells of
    one line, if each begins to the right of the last."""
    merged: list[Line] = []
    for line in lines:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.seen == line.seen
            and line.left > last.right - 1
            and abs(line.bottom - last.bottom) < _SAME_LINE * max(line.size, last.size)
        ):
            gap = line.left - last.right
            near = gap < _WORD_GAP * max(line.size, last.size)
            if near or (len(last.cells) == 1 and _BULLET.fullmatch(last.text)):
                space = " " if gap > 0.1 * line.size else ""
                first = line.cells[0]
                last.cells[-1] = Cell(
                    f"{last.cells[-1].text}{space}{first.text}", last.cells[-1].left, first.right
                )
                last.cells += line.cells[1:]
            else:
                last.cells += line.cells
            last.bold = last.bold and line.bold
            last.size = max(last.size, line.size)
            last.top, last.bottom = max(last.top, line.top), min(last.bottom, line.bottom)
        else:
            merged.append(line)
    return merged
