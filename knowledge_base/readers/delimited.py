"""CSV files as people export them: which encoding, which delimiter, which cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from knowledge_base.readers.columns import is_column
from knowledge_base.readers.converted import Converted
from knowledge_base.readers.encoding import decoded
from knowledge_base.readers.limits import CELL_CHARACTERS
from knowledge_base.readers.reading import Refused
from knowledge_base.readers.tables import Row, TableReader

__all__ = ["convert_csv"]

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 2**18
_SAMPLE_ROWS = 100


def convert_csv(data: bytes, encoding: str = "") -> Converted:
    """The rows of a file with a header row, read by line.

    The delimiter is what a first line "sep=;" says, else that of comma, semicolon, tab and
    bar which makes the most cells of the first row names of fields, else the one whose rows
    are most alike.

    Raises:
        Refused: text in no known encoding, a quotation mark that never closes, or a limit
            of `tables`.
    """
    text = decoded(data, encoding)
    text, delimiter, skipped = _declared(text)
    reader = TableReader()
    reader.take(_rows(text, delimiter or _delimiter(text), skipped))
    return reader.result()


def _declared(text: str) -> tuple[str, str, int]:
    """Excel's own first line "sep=;" taken off, what it says, and the lines taken off."""
    first, _, rest = text.partition("\n")
    word = first.strip("\r ").strip('"')
    if word[:4].lower() == "sep=" and len(word) == 5 and word[4] in _DELIMITERS:
        return rest, word[4], 1
    return text, "", 0


def _delimiter(text: str) -> str:
    sample = text[:_SAMPLE_CHARACTERS]

    def score(delimiter: str) -> tuple[int, float, int, int]:
        try:
            rows = []
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(map(str.strip, row)):
                    rows.append(row)
                if len(rows) > _SAMPLE_ROWS:
                    break
        except csv.Error:
            return (0, 0.0, 0, 0)
        if not rows:
            return (0, 0.0, 0, 0)
        width = len(rows[0])
        known = sum(map(is_column, rows[0]))
        alike = sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0
        return (known, alike, width, -_DELIMITERS.index(delimiter))

    return max(_DELIMITERS, key=score)


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[Row]:
    """Each row with the line on which it begins."""
    csv.field_size_limit(CELL_CHARACTERS + 1)
    # Strict, so that a quotation mark that never closes is told at the end of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield Row(begins + skipped, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            limit = f"{CELL_CHARACTERS:,} characters"
            reason = f"a cell of more than {limit}; shorten it, or close its quotation mark"
        elif "unexpected end" in str(error):
            reason = "a quotation mark never closes; close or remove it"
        else:
            reason = "not a row of a CSV file; mend its quotation marks"
        raise Refused(begins + skipped, reason) from error
