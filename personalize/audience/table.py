"""A file of rows as people export them: which encoding, which delimiter, which cells."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from personalize.audience.errors import BadContacts

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Row", "Table", "read_table"]

MAX_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 1_000_000

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_END = "\ue000end\ue000"  # stands in a row of its own behind the file; see `_rows`
_HAN_SHARE = 0.85  # of the characters beyond ASCII that GB 2312 must hold; see `_without_mark`


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # the first below the header is 1; empty rows count, as in a spreadsheet
    cells: tuple[str, ...]  # as many as the header has
    short_by: int = 0  # cells that the row lacked at its end
    long_by: int = 0  # cells with something in them beyond the header's


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str  # "utf-8", "utf-8 (with mark)", "utf-16-le (with mark)", "gb18030" …
    delimiter: str  # "" for JSON lines


def read_table(path: Path, is_header: Callable[[str], bool]) -> Table:
    """The rows of a CSV file or of JSON lines, every cell a string as it stands.

    Encoding: a byte order mark (UTF-8, UTF-16) decides; else strict UTF-8; else GB 18030
    or Windows-1252, by which of them makes common characters of the bytes. Delimiter: of
    comma, semicolon, tab and bar the one that makes the most cells of the first row names
    `is_header` knows, then the one whose rows are most alike. A first row "sep=;" is
    obeyed. Empty rows are left out but counted.

    Args:
        path: at most 50 MB, 200 columns and 1,000,000 rows.
        is_header: whether a cell is the name of a column.

    Raises:
        BadContacts: missing, too large, a spreadsheet program's own format, not text,
            without rows, or with a quotation mark that never closes.
    """
    data = _bytes(path)
    text, encoding = _decoded(data)
    if not text.strip():
        raise BadContacts("the file is empty: give a CSV file with a header row")
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"} or text.lstrip()[:1] == "{":
        return _json_lines(text, encoding)
    text, delimiter = _declared(text)
    delimiter = delimiter or _delimiter(text, is_header)
    rows = _rows(text, delimiter)
    top = next((at for at, cells in enumerate(rows) if any(map(str.strip, cells))), None)
    if top is None:
        raise BadContacts("the file has no header row: write the names of the columns into row 1")
    header = tuple(cell.strip().strip("\ufeff") for cell in rows[top])
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > MAX_COLUMNS:
        raise BadContacts(f"the file has {len(header)} columns, {MAX_COLUMNS} at most: remove some")
    body = [
        _row(number, cells, len(header))
        for number, cells in enumerate(rows[top + 1 :], start=1)
        if any(map(str.strip, cells))
    ]
    return _table(header, body, encoding, delimiter)


def _table(header: Sequence[str], body: Sequence[Row], encoding: str, delimiter: str) -> Table:
    if len(body) > MAX_ROWS:
        raise BadContacts(f"the file has {len(body)} rows, {MAX_ROWS} at most: split it")
    return Table(tuple(header), tuple(body), encoding, delimiter)


def _row(number: int, cells: Sequence[str], width: int) -> Row:
    kept = list(cells)
    while len(kept) > width and not kept[-1].strip():
        kept.pop()
    short_by = max(0, width - len(kept))
    long_by = max(0, len(kept) - width)
    return Row(number, tuple(kept[:width] + [""] * short_by), short_by, long_by)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise BadContacts(f"{path.name} does not exist: check the path") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadContacts(f"{path.name} cannot be read ({reason})") from error
    if len(data) > MAX_BYTES:
        raise BadContacts(f"{path.name} is larger than {MAX_BYTES // 2**20} MB: split it")
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadContacts(
            f"{path.name} is a spreadsheet or an archive, not text: "
            "open it and save as CSV (UTF-8), then import that file"
        )
    return data


# --- encoding ------------------------------------------------------------------------------


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), f"{name} (with mark)"
            except UnicodeDecodeError as error:
                raise BadContacts(
                    f"the file begins as {name} but byte {error.start + len(mark)} is not: "
                    "save it again as CSV (UTF-8)"
                ) from error
    # A stray zero byte is a control character; every second one is UTF-16 without a mark.
    if data.count(0) * 20 > len(data):
        raise BadContacts("the file is not text in a known encoding: save it as CSV (UTF-8)")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _without_mark(data)


def _without_mark(data: bytes) -> tuple[str, str]:
    """GB 18030 or Windows-1252. Every byte pair of an accented letter and an ASCII letter is
    some Han character too, but a rare one: the characters of GB 2312, which a Chinese list
    consists of, take two bytes above A0."""
    chinese = _strict(data, "gb18030")
    western = _strict(data, "cp1252")
    if chinese is not None:
        beyond = Counter(c for c in chinese if c > "\x7f")
        common = sum(n for c, n in beyond.items() if _strict_encode(c))
        if western is None or common >= _HAN_SHARE * beyond.total():
            return chinese, "gb18030"
    if western is not None:
        return western, "windows-1252"
    raise BadContacts(
        "the file is neither UTF-8, UTF-16, GB18030 nor Windows-1252: save it as CSV (UTF-8)"
    )


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _strict_encode(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


# --- delimiter and rows --------------------------------------------------------------------


def _declared(text: str) -> tuple[str, str]:
    """Excel's own first row "sep=;" taken off, and what it says."""
    first, newline, rest = text.partition("\n")
    word = first.strip().strip('"')
    if word[:4].lower() == "sep=" and len(word) == 5 and word[4] in _DELIMITERS:
        return (rest if newline else ""), word[4]
    if first.lower().startswith("sep=\t"):
        return rest, "\t"
    return text, ""


def _delimiter(text: str, is_header: Callable[[str], bool]) -> str:
    sample = "".join(io.StringIO(text[: 2**18], newline="").readlines()[: _SAMPLE_ROWS + 1])

    def score(delimiter: str) -> tuple[int, float, int, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            return (0, 0.0, 0, 0)
        rows = [row for row in rows if any(map(str.strip, row))]
        if not rows:
            return (0, 0.0, 0, 0)
        width = len(rows[0])
        known = sum(1 for cell in rows[0] if is_header(cell))
        alike = sum(1 for row in rows if len(row) == width) / len(rows)
        return (known, alike if width > 1 else 0.0, width, -_DELIMITERS.index(delimiter))

    return max(_DELIMITERS, key=score)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Every row, in order. A quotation mark that never closes would swallow the rest of the
    file without a word, so a row of our own behind it must come out as it went in."""
    if not text.endswith(("\n", "\r")):
        text += "\n"
    reader = csv.reader(io.StringIO(text + _END + "\n", newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    begins = 1
    try:
        for cells in reader:
            if len(rows) > MAX_ROWS + 1:
                break
            if cells == [_END]:
                return rows
            if any(_END in cell for cell in cells):
                raise BadContacts(
                    f"a quotation mark in line {begins} never closes: close or remove it"
                )
            rows.append(cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadContacts(
            f"line {begins} is not a row of a CSV file ({error}): mend it and import again"
        ) from error
    raise BadContacts(f"the file has more than {MAX_ROWS} rows: split it")


# --- JSON lines ----------------------------------------------------------------------------


def _json_lines(text: str, encoding: str) -> Table:
    objects: list[tuple[int, dict[str, str]]] = []
    header: dict[str, None] = {}
    number = 0
    for line_number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        number += 1
        if number > MAX_ROWS:
            raise BadContacts(f"the file has more than {MAX_ROWS} rows: split it")
        row = _json_row(line, line_number)
        header.update(dict.fromkeys(row))
        if len(header) > MAX_COLUMNS:
            raise BadContacts(f"the file has more than {MAX_COLUMNS} keys: remove some")
        objects.append((number, row))
    body = [Row(n, tuple(row.get(key, "") for key in header)) for n, row in objects]
    return _table(tuple(header), body, encoding, "")


def _json_row(line: str, number: int) -> dict[str, str]:
    hint = "JSON lines hold one object of plain values a line"
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadContacts(f"line {number} is not JSON: {hint}") from error
    if not isinstance(value, dict):
        raise BadContacts(f"line {number} is no object: {hint}")
    row: dict[str, str] = {}
    for key, item in value.items():
        if isinstance(item, (dict, list)):
            raise BadContacts(f"line {number}: a value holds a list or an object; {hint}")
        if isinstance(item, bool):
            item = "true" if item else "false"
        # A lone half of a surrogate pair is no character, and no database takes it.
        row[key] = "" if item is None else str(item).encode("utf-8", "replace").decode("utf-8")
    return row
