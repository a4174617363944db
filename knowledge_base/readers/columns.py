"""Tables whose header row names the fields of a case: one case a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge_base.readers.converted import TableRow
from knowledge_base.readers.reading import Refused
from language import DataFile, fold, load_data

__all__ = ["TEXT_FIELDS", "Header", "header_of", "is_column", "record_of"]

TEXT_FIELDS = ("text", "challenge", "solution", "outcomes", "quote")
_LISTS = ("roles", "products", "also_known_as")
_FLAGS = ("name_public", "sample")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_BRACKETS = re.compile(r"\s*[(（\[].*?[)）\]]\s*$")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


class _ColumnsFile(DataFile):
    columns: Mapping[str, Mapping[str, tuple[str, ...]]]  # field -> language -> names
    answers: Mapping[str, Mapping[str, tuple[str, ...]]]  # "yes", "no" -> language -> words


@dataclass(frozen=True, slots=True)
class Header:
    """Which field each column holds, by its index; the names of the columns that hold none."""

    fields: Mapping[int, str]
    unknown: tuple[str, ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field; several columns of text for one field are joined."""
        found: dict[str, str] = {}
        for index, name in self.fields.items():
            value = row[index].strip() if index < len(row) else ""
            if value:
                found[name] = f"{found[name]}\n{value}" if name in found else value
        return found


def is_column(name: str) -> bool:
    """Whether a column of that name holds a field of a case."""
    return bool(_field(name))


def header_of(row: Sequence[str], line: int) -> Header | None:
    """What the header row of a case table says; None for a row that is none. One is a row
    that names two fields or more, of which one holds text of the case.

    Raises:
        Refused: two columns mean the same field, which is not one of text.
    """
    fields = {index: name for index, cell in enumerate(row) if (name := _field(cell))}
    if len(set(fields.values())) < 2 or not set(fields.values()) & set(TEXT_FIELDS):
        return None
    first: dict[str, int] = {}
    for index, name in fields.items():
        if name in first and name not in TEXT_FIELDS:
            raise Refused(
                line,
                f'columns "{row[first[name]].strip()}" and "{row[index].strip()}" both mean '
                f"{name}; rename one",
            )
        first.setdefault(name, index)
    unknown = tuple(
        cell.strip() for index, cell in enumerate(row) if cell.strip() and index not in fields
    )
    return Header(fields, unknown)


def record_of(row: TableRow, stem: str) -> dict[str, Any]:
    """A row as a record in our own form.

    A row without an id is known by customer and title, so that it stays the same case when
    rows are moved or its text is mended; where it has neither, by its text.
    """
    record: dict[str, Any] = {}
    for name, value in row.cells.items():
        if name in _LISTS:
            record[name] = [part.strip() for part in re.split(r"[;；、\n|]", value) if part.strip()]
        elif name in _FLAGS:
            record[name] = _answer(value)
        elif name == "valid_until":
            record[name] = _day(value)
        elif name == "outcomes":
            lines = [re.sub(r"^\s*[-•*·]\s+", "", line) for line in value.split("\n")]
            record[name] = [line.strip() for line in lines if line.strip()]
        else:
            record[name] = value
    if not record.get("id"):
        known_by = [row.cells.get(name, "") for name in ("customer", "title")]
        if not any(known_by):
            known_by = [row.cells.get(name, "") for name in TEXT_FIELDS]
        digest = hashlib.sha256("\n".join(map(fold, known_by)).encode("utf-8")).hexdigest()
        record["id"] = f"{stem}-{digest[:10]}"
    return record


def _field(name: str) -> str:
    return _index().get(_key(name), "") or _index().get(_key(_BRACKETS.sub("", name)), "")


def _key(name: str) -> str:
    """As names of columns are compared: "Valid_until:" is "valid until"."""
    return fold(_AROUND.sub("", re.sub(r"[_\s]+", " ", name)))


def _answer(value: str) -> bool | str:
    return _answers().get(fold(value), value)


def _day(value: str) -> str:
    """A day as ISO 8601 writes it, from forms that leave no doubt which number is the month."""
    value = value.strip()
    if match := _DAY.fullmatch(value):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = match.groups()
    else:
        return value
    return f"{year}-{int(month):02}-{int(day):02}"


@cache
def _file() -> _ColumnsFile:
    return load_data("knowledge_base", "columns.yaml", _ColumnsFile)


@cache
def _index() -> Mapping[str, str]:
    index: dict[str, str] = {}
    for name, by_language in _file().columns.items():
        index[_key(name)] = name
        for names in by_language.values():
            index.update({_key(own): name for own in names})
    return index


@cache
def _answers() -> Mapping[str, bool]:
    return {
        fold(word): answer == "yes"
        for answer, by_language in _file().answers.items()
        for words in by_language.values()
        for word in words
    }
