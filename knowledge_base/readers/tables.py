"""Rows of a sheet or a CSV file: a case a row, or a document with a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.readers.columns import Header, header_of
from knowledge_base.readers.converted import Converted, Part, TableRow, escaped, table_row
from knowledge_base.readers.limits import (
    CELL_CHARACTERS,
    DOCUMENT_CHARACTERS,
    SHEET_COLUMNS,
    SHEET_ROWS,
)
from knowledge_base.readers.reading import Refused

__all__ = ["Row", "TableReader"]


@dataclass(frozen=True, slots=True)
class Row:
    line: int  # as the program that made the file numbers it
    cells: Sequence[str]


class TableReader:
    """Takes sheet after sheet, within the limits on a whole file."""

    def __init__(self) -> None:
        self._rows: list[TableRow] = []
        self._parts: list[Part] = []
        self._notes: list[tuple[int, str]] = []
        self._count = 0
        self._characters = 0

    def take(self, rows: Iterable[Row], sheet: str = "") -> None:
        """Read rows until they end or a limit is reached; what is left is noted.

        Raises:
            Refused: a row with more than `SHEET_COLUMNS` cells, a cell of more than
                `CELL_CHARACTERS`, two columns for one field.
        """
        header: Header | None = None
        first = True
        lines: list[str] = []
        within = f'sheet "{sheet}": ' if sheet else ""
        for row in rows:
            _check(row, within)
            if not any(cell.strip() for cell in row.cells):
                continue
            if first:
                first, header = False, header_of(row.cells, row.line)
                if header is not None and header.unknown:
                    names = ", ".join(f'"{name[:40]}"' for name in header.unknown[:10])
                    note = "no fields of a case and were not read; rename or remove them"
                    self._notes.append((row.line, f"{within}columns {names} are {note}"))
                if header is not None:
                    continue
            size = sum(map(len, row.cells))
            if self._count >= SHEET_ROWS or (
                header is None and self._characters + size > DOCUMENT_CHARACTERS // 2
            ):
                self._notes.append((row.line, f"{within}{_beyond()}"))
                break
            self._count += 1
            self._characters += size
            if header is not None:
                place = f"sheet {sheet}, row {row.line}" if sheet else f"line {row.line}"
                self._rows.append(TableRow(row.line, place, header.cells(row.cells)))
            else:
                lines.append(table_row(escaped(cell) for cell in row.cells))
        if lines:
            place = f"sheet {sheet}" if sheet else ""
            head = f"## {escaped(sheet)}\n\n" if sheet else ""
            self._parts.append(Part(place, head + "\n".join(lines)))

    def result(self, title: str = "", hidden: Sequence[str] = ()) -> Converted:
        """Cases where any sheet has them (the other sheets are notes about them and are
        left out, which is told), else one document."""
        notes = list(self._notes)
        if not self._rows:
            return Converted(tuple(self._parts), title, tuple(hidden), None, tuple(notes))
        for part in self._parts:
            notes.append(
                (0, f"{part.place} has no header row that names fields of a case; not read")
            )
        return Converted((), title, tuple(hidden), tuple(self._rows), tuple(notes))


def _check(row: Row, within: str) -> None:
    if len(row.cells) > SHEET_COLUMNS:
        raise Refused(
            row.line,
            f"{within}{len(row.cells):,} columns, {SHEET_COLUMNS} at most; remove some",
        )
    if any(len(cell) > CELL_CHARACTERS for cell in row.cells):
        raise Refused(
            row.line, f"{within}a cell of more than {CELL_CHARACTERS:,} characters; shorten it"
        )


def _beyond() -> str:
    return (
        f"from this row on nothing was read: a file may have {SHEET_ROWS:,} rows "
        f"and {DOCUMENT_CHARACTERS // 2:,} characters in tables; split it"
    )
