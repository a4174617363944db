"""Encodings, delimiters and rows of files as people export them."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import BadInput
from personalize.audience import BadContacts
from personalize.audience.table import read_table

ROW = "Herr,Jürgen,Müller,mueller@firma.example"
HEADER = "Anrede,Vorname,Nachname,E-Mail"
CHINESE = "姓,名,公司,邮箱\n王,建国,禾汐食品（苏州）有限公司,wang@hexi.example\n"
NAMES = {"Anrede", "Vorname", "Nachname", "E-Mail", "姓", "名", "公司", "邮箱", "email", "name"}


def known(cell: str) -> bool:
    return cell.strip() in NAMES


def table_of(tmp_path: Path, data: bytes, name: str = "c.csv"):  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.write_bytes(data)
    return read_table(path, known)


@pytest.mark.parametrize(
    "data, encoding",
    [
        (f"{HEADER}\n{ROW}\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + f"{HEADER}\n{ROW}\n".encode(), "utf-8 (with mark)"),
        (codecs.BOM_UTF16_LE + f"{HEADER}\n{ROW}\n".encode("utf-16-le"), "utf-16-le (with mark)"),
        (codecs.BOM_UTF16_BE + f"{HEADER}\n{ROW}\n".encode("utf-16-be"), "utf-16-be (with mark)"),
        (f"{HEADER}\n{ROW}\n".encode("cp1252"), "windows-1252"),
    ],
)
def test_encodings_are_told_by_evidence(tmp_path: Path, data: bytes, encoding: str) -> None:
    table = table_of(tmp_path, data)
    assert table.encoding == encoding
    assert table.header == ("Anrede", "Vorname", "Nachname", "E-Mail")
    assert table.rows[0].cells[1:3] == ("Jürgen", "Müller")


def test_a_chinese_list_in_gb18030(tmp_path: Path) -> None:
    table = table_of(tmp_path, CHINESE.encode("gb18030"))
    assert table.encoding == "gb18030"
    assert table.rows[0].cells[2] == "禾汐食品（苏州）有限公司"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEADER}\n{ROW}\n".replace(",", delimiter)
    table = table_of(tmp_path, text.encode())
    assert table.delimiter == delimiter
    assert table.rows[0].cells == ("Herr", "Jürgen", "Müller", "mueller@firma.example")


def test_a_delimiter_inside_texts_does_not_mislead(tmp_path: Path) -> None:
    rows = "".join(f"a{n}@x.example;Firma, Abteilung, Werk {n}\n" for n in range(20))
    table = table_of(tmp_path, f"E-Mail;name\n{rows}".encode())
    assert table.delimiter == ";"


def test_excels_own_first_row_is_obeyed(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"sep=|\r\nE-Mail|name\r\na@x.example|A\r\n")
    assert (table.delimiter, table.header) == ("|", ("E-Mail", "name"))


def test_quotes_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    table = table_of(tmp_path, b'name,E-Mail\r\n"A ""B""; C,\nD",a@x.example\r\n\r\nE,e@x.example')
    assert [row.cells for row in table.rows] == [
        ('A "B"; C,\nD', "a@x.example"),
        ("E", "e@x.example"),
    ]
    assert [row.number for row in table.rows] == [1, 3]  # the empty row counts


def test_a_quote_that_never_closes_swallows_nothing_silently(tmp_path: Path) -> None:
    with pytest.raises(BadContacts, match="line 3 never closes"):
        table_of(tmp_path, b'name,E-Mail\nA,a@x.example\n"B,b@x.example\nC,c@x.example\n')


def test_short_and_long_rows_are_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"name,E-Mail,x\nA,a@x.example\nB,b@x.example,1,,\nC,c@x,1,2\n")
    assert [(row.short_by, row.long_by) for row in table.rows] == [(1, 0), (0, 0), (0, 1)]
    assert {len(row.cells) for row in table.rows} == {3}


def test_json_lines(tmp_path: Path) -> None:
    lines = [{"name": "A", "email": "a@x.example"}, {"email": "b@x.example", "n": 3, "ok": True}]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    table = table_of(tmp_path, data, "c.jsonl")
    assert table.header == ("name", "email", "n", "ok")
    assert [row.cells for row in table.rows] == [
        ("A", "a@x.example", "", ""),
        ("", "b@x.example", "3", "true"),
    ]


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"PK\x03\x04xl/workbook.xml", "save as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "save as CSV"),
        (b"\x00\x01\x02", "not text"),
        (codecs.BOM_UTF16_LE + b"a", "save it again"),
        (b"\x81\x00", "not text"),
        (b'{"email": ["a@x.example"]}', "line 1"),
        (b'{"email": ', "line 1"),
        (b",".join(b"c%d" % n for n in range(201)) + b"\n", "201 columns"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(BadContacts, match=says) as caught:
        table_of(tmp_path, data)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadContacts, match="does not exist"):
        read_table(tmp_path / "no.csv", known)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personalize.audience.table.MAX_BYTES", 100)
    with pytest.raises(BadContacts, match="larger"):
        table_of(tmp_path, b"x" * 101)
    monkeypatch.undo()
    monkeypatch.setattr("personalize.audience.table.MAX_ROWS", 3)
    with pytest.raises(BadContacts, match="3 rows"):
        table_of(tmp_path, b"E-Mail\n" + b"a@x.example\n" * 6)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda tail: b"email;name\n" + tail),
        st.binary(max_size=200).map(lambda tail: codecs.BOM_UTF16_LE + tail),
        st.text(alphabet='",;\t|\r\n{}=a@é王\ufeff\u3000 ', max_size=120).map(str.encode),
    )
)
def test_any_bytes_are_a_table_or_bad_input(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    problem = ""
    try:
        table = read_table(path, known)
    except BadInput as error:
        problem = str(error)
    if problem:
        assert "\n" not in problem
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    assert table == read_table(path, known)


CELL = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="\ufeff"),
    max_size=12,
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELL, CELL), max_size=8), st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str
) -> None:
    import csv

    path = tmp_path / "round.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["name", "email"])
        writer.writerows(rows)
    table = read_table(path, known)
    full = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row.cells for row in table.rows] == full
