"""Documents as large as the limits allow, with the memory and time that they take."""

from __future__ import annotations

import random
import resource
import string
import sys
import time
from pathlib import Path

import pytest
from reader_samples import story_pdf

from knowledge_base.readers import CaseReading, ParserProcess, read_cases
from knowledge_base.readers.limits import MEMORY_BYTES, SHEET_ROWS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="measures processes through /proc"),
]
PARENT_MEGABYTES = 400  # that reading adds to the process that asks


def measured(path: Path, seconds: float) -> CaseReading:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with ParserProcess() as parser:
        reading = read_cases(path, parser=parser)
        took = time.monotonic() - start
        status = Path(f"/proc/{parser.pid}/status").read_text(encoding="ascii")
    peak = {
        line.split(":")[0]: int(line.split()[1]) // 1024
        for line in status.splitlines()
        if line.startswith(("VmHWM", "VmPeak"))
    }
    parent = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    size = path.stat().st_size / 1e6
    print(f"{path.name} {size:.1f} MB: {took:.1f} s, child {peak} MB, parent +{parent} MB")
    assert peak["VmPeak"] * 1024 * 1024 <= MEMORY_BYTES
    assert parent < PARENT_MEGABYTES
    assert took < seconds
    return reading


def test_a_pdf_of_three_hundred_pages(tmp_path: Path) -> None:
    reading = measured(story_pdf(tmp_path / "long.pdf", pages=300), 60)
    assert reading.refusals == ()
    (case,) = reading.cases
    assert [place.label for place in case.places] == [f"page {n}" for n in range(1, 301)]
    assert "Page 77 of" not in case.text


def test_a_workbook_of_fifty_megabytes_with_tables(tmp_path: Path) -> None:
    """Read as far as a document goes; the rest is told with the row."""
    reading = measured(_workbook(tmp_path / "large.xlsx", 60_000, case_table=False), 110)
    (case,) = reading.cases
    (refusal,) = reading.refusals
    assert refusal.line > 100
    assert "from this row on nothing was read" in refusal.reason
    assert len(case.text) > 900_000


def test_a_workbook_of_fifty_megabytes_with_cases(tmp_path: Path) -> None:
    reading = measured(_workbook(tmp_path / "large.xlsx", 60_000, case_table=True), 400)
    assert len(reading.cases) == SHEET_ROWS
    (refusal,) = reading.refusals
    assert refusal.line == SHEET_ROWS + 2


def _workbook(path: Path, rows: int, *, case_table: bool) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    chance = random.Random(7)
    if case_table:
        sheet.append(["ID", "Customer", "Language", "Challenge", "Outcomes"])
    for number in range(rows):
        noise = "".join(chance.choices(string.ascii_letters, k=1_100 if case_table else 40))
        if case_table:
            outcome = f"The scrap rate fell by {number % 50 + 1}% within a year."
            sheet.append([f"c{number}", f"Customer {number}", "en", f"It stood still. {noise}",
                          outcome])  # fmt: skip
        else:
            cells = ["".join(chance.choices(string.ascii_letters, k=40)) for _ in range(29)]
            sheet.append([noise, *cells])
    book.save(path)
    assert path.stat().st_size > 50_000_000
    return path
