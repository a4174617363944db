"""Workbooks and CSV files: a case a row where the header says so, else a document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from kb_samples import write
from reader_samples import workbook

from contracts.case import SectionKind
from knowledge_base.readers import read_cases
from knowledge_base.readers.columns import header_of

ROOT = Path(__file__).parents[3]
LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "zh-Hans", "zh-Hant", "ja", "ko"]

GERMAN_HEADER = ["Kunde", "Branche", "Herausforderung", "Ergebnisse", "Gültig bis",
                 "Nennung erlaubt", "Rollen"]  # fmt: skip
GERMAN_ROW = ["Bergtaler", "Lebensmittel", "Es steht immer wieder still.",
              "Die Ausschussquote sank von 3,4 % auf 2,1 %.", date(2028, 12, 31),
              "nein", "Instandhaltung; Einkauf"]  # fmt: skip


def test_a_row_of_a_workbook_is_a_case(tmp_path: Path) -> None:
    path = workbook(tmp_path / "fälle.xlsx", {"Fälle": [GERMAN_HEADER, GERMAN_ROW]})
    reading = read_cases(path)
    assert reading.refusals == ()
    (case,) = reading.cases
    assert case.customer == {"": "Bergtaler"}
    assert (case.industry, case.language, case.name_public) == ("food", "de", False)
    assert case.valid_until == date(2028, 12, 31)
    assert case.roles[0] == "maintenance"
    assert [s.kind for s in case.sections] == [SectionKind.CHALLENGE, SectionKind.OUTCOME]
    assert case.outcomes[0].sure
    assert case.text.startswith("Herausforderung")
    assert case.place_of(case.outcomes[0].span) == "sheet Fälle, row 2"
    assert {"name_public", "customer", "valid_until"}.isdisjoint(case.missing)
    assert "source" in case.missing


def test_a_case_stays_the_same_when_rows_move_or_text_is_mended(tmp_path: Path) -> None:
    other = ["Zweite", "food", "Anderes Problem.", "Es wurde alles besser.", None, "ja", None]
    path = tmp_path / "a.xlsx"
    first = {c.customer[""]: c.id for c in read_cases(
        workbook(path, {"S": [GERMAN_HEADER, GERMAN_ROW, other]})).cases}  # fmt: skip
    mended = [*GERMAN_ROW[:2], "Es steht nicht mehr still.", *GERMAN_ROW[3:]]
    second = {c.customer[""]: c.id for c in read_cases(
        workbook(path, {"S": [GERMAN_HEADER, other, mended]})).cases}  # fmt: skip
    assert first == second
    assert len(set(first.values())) == 2


def test_refused_rows_and_columns_are_named_by_line(tmp_path: Path) -> None:
    rows = [
        [],
        ["Customer", "Industry", "Text", "Owner"],
        ["One", "food", "The story of a bakery.", "x"],
        ["Two", "cheese", "The story of a dairy.", "y"],
        ["Three", "food", "", "z"],
    ]
    reading = read_cases(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert [case.customer[""] for case in reading.cases] == ["One"]
    assert [(r.line, r.reason.split(";")[0]) for r in reading.refusals] == [
        (2, 'sheet "S": columns "Owner" are no fields of a case and were not read'),
        (4, 'industry "cheese" is not known'),
        (5, "no text"),
    ]


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    text = "Customer,Client,Text\nA,B,The story of a bakery.\n"
    (refusal,) = read_cases(write(tmp_path, "a.csv", text)).refusals
    assert refusal.line == 1
    assert "both mean customer" in refusal.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file_as_people_export_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ["Cliente", "Setor", "Desafio", "Resultados"],
        [
            "Padaria São João",
            "food",
            '"O forno parou,\nmuitas vezes."',
            "O refugo caiu 5%.",
        ],
        ["", "", "", ""],
        ["Segunda", "food", "O moinho parou.", "Os custos caíram 5%."],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    reading = read_cases(tmp_path)
    assert reading.refusals == ()
    first, second = reading.cases
    assert first.customer == {"": "Padaria São João"}
    assert first.language == "pt"
    assert "O forno parou, muitas vezes." in first.text
    assert first.places[0].label == "line 2"
    assert second.places[0].label == "line 5"


def test_a_first_line_sep_is_obeyed_and_counted(tmp_path: Path) -> None:
    text = "sep=;\nCustomer;Text\nA, B;The story of a bakery, and more.\n"
    (case,) = read_cases(write(tmp_path, "a.csv", text)).cases
    assert case.customer == {"": "A, B"}
    assert case.places[0].label == "line 3"


def test_another_sheet_is_a_document_with_tables(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = workbook(
        tmp_path / "numbers.xlsx",
        {
            "Results": [["Metric of the plant", "Before", "After"], ["Scrap rate", 0.05, 0.025]],
            "Notes": [["The bakery was content with the results."]],
            "Secret": [["not for customers"]],
        },
    )
    book = load_workbook(path)
    book["Results"]["B2"].number_format = "0%"
    book["Results"]["C2"].number_format = "0.0%"
    book["Secret"].sheet_state = "hidden"
    book.save(path)
    reading = read_cases(path)
    (case,) = reading.cases
    assert case.id == "numbers"
    assert "Metric of the plant | Before | After\n\nScrap rate | 5% | 2.5%" in case.text
    assert [place.label for place in case.places] == ["sheet Results", "sheet Notes"]
    assert "customers" not in case.text
    assert "not for customers" in reading.hidden[0].text


def test_every_language_names_every_column_that_marks_a_case_table() -> None:
    data = yaml.safe_load((ROOT / "knowledge_base/data/columns.yaml").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        names = {
            field: data["columns"][field][language][0]
            for field in ("customer", "industry", "challenge", "solution", "outcomes", "quote")
        }
        header = header_of(list(names.values()), 1)
        assert header is not None
        assert list(header.fields.values()) == list(names), language
        assert header.unknown == ()


def test_no_name_of_a_column_means_two_fields() -> None:
    data = yaml.safe_load((ROOT / "knowledge_base/data/columns.yaml").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    for field, by_language in data["columns"].items():
        for names in by_language.values():
            for name in names:
                assert isinstance(name, str), name
                assert seen.setdefault(name.casefold(), field) == field, name


@pytest.mark.parametrize(
    "header", [["Customer", "Industry"], ["Text", "x"], ["Metric", "Value"], ["Text", "Text"]]
)
def test_a_header_without_a_text_and_another_field_is_none(header: list[str]) -> None:
    assert header_of(header, 1) is None
