"""Excel workbooks: a case a row where a header row says so, else tables by sheet.

openpyxl reads them row by row, so that a sheet of any length takes the same memory; faster
readers hold all cells at once and do not tell that a cell shows 0.18 as 18%. Hidden sheets
are left out and reported; hidden rows and columns are read. Formulas count as what they came
to when the file was saved.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from knowledge_base.readers.converted import Converted
from knowledge_base.readers.limits import SHEET_ROWS, SHEETS
from knowledge_base.readers.package import check_package
from knowledge_base.readers.reading import Refused
from knowledge_base.readers.tables import Row, TableReader

__all__ = ["convert_xlsx"]

_PERCENT = re.compile(r"0(?:[.,](0+))?\s*%")
_CURRENCY = re.compile(r"[€$£¥₩₹]")
_HIDDEN_ROWS = 20  # of a hidden sheet that are reported
_EMPTY_ROWS = 2_000  # after so many the sheet is taken to have ended


def convert_xlsx(data: bytes, encoding: str = "") -> Converted:
    """The visible sheets, placed "sheet Results" or, for a case, "sheet Results, row 7".

    Raises:
        Refused: encrypted, damaged, more than `SHEETS` sheets, or a sheet beyond a limit.
    """
    del encoding
    check_package(data)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if len(book.worksheets) > SHEETS:
        raise Refused(0, f"has {len(book.worksheets)} sheets, {SHEETS} at most; split it")
    reader = TableReader()
    hidden: list[str] = []
    for sheet in book.worksheets:
        rows = _rows(sheet)
        if sheet.sheet_state == "visible":
            reader.take(rows, sheet.title)
        else:
            cells = [cell for row in islice(rows, _HIDDEN_ROWS) for cell in row.cells if cell]
            hidden.append(f"sheet {sheet.title}: {' | '.join(cells)}")
    return reader.result(" ".join(str(book.properties.title or "").split()), hidden)


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says of its size need not be so
    empty = 0
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        empty = 0 if texts else empty + 1
        if empty > _EMPTY_ROWS or line > SHEET_ROWS * 100:
            return
        if texts:
            yield Row(line, texts)


def _text(cell: Any) -> str:
    """A cell as its reader sees it, as far as numbers, percentages and days go."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _number(value: float, shown_as: str) -> str:
    if match := _PERCENT.search(shown_as):
        return f"{value * 100:.{len(match.group(1) or '')}f}%"
    text = f"{value:.15g}"
    currency = _CURRENCY.search(shown_as)
    return f"{currency.group()}{text}" if currency else text
