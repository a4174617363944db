"""Files made to do harm, or merely broken: each is refused with what to do, in time, and the
next file is read."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import threading
import time
import zipfile
from pathlib import Path

import pytest
from kb_samples import ENGLISH, write
from reader_samples import changed_package, drawn_pdf, story_pdf, workbook, zipped

from knowledge_base.readers import ParserProcess, read_cases
from knowledge_base.readers.limits import MEMORY_BYTES
from knowledge_base.readers.reading import Refused

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    + b"]><x>&m;</x>"
)


def one_reason(path: Path, **limits: float) -> str:
    """Why the only file was refused; a refusal is one line and ends in what to do."""
    start = time.monotonic()
    with ParserProcess(**limits) as parser:  # type: ignore[arg-type]
        reading = read_cases(path, parser=parser)
    assert time.monotonic() - start < 60
    assert reading.cases == ()
    (refusal,) = reading.refusals
    assert "\n" not in refusal.reason
    assert re.search(r"[;:] \w", refusal.reason), "says nothing of what to do"
    return refusal.reason


def word_file(path: Path, *texts: str) -> Path:
    from docx import Document

    document = Document()
    for text in texts or ("The scrap rate fell by 5% within a year of use.",):
        document.add_paragraph(text)
    document.save(str(path))
    return path


def deck(path: Path) -> Path:
    from pptx import Presentation

    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[0])
    slide.shapes.title.text = "A story"
    presentation.save(str(path))
    return path


# Office packages.


def test_entities_in_office_files_are_refused(tmp_path: Path) -> None:
    sources = {
        "docx": (word_file(tmp_path / "a.docx"), "word/document.xml"),
        "xlsx": (workbook(tmp_path / "a.xlsx", {"S": [["a"]]}), "xl/worksheets/sheet1.xml"),
        "pptx": (deck(tmp_path / "a.pptx"), "ppt/slides/slide1.xml"),
    }
    for kind, (source, part) in sources.items():
        bomb = changed_package(source, tmp_path / f"bomb.{kind}", {part: BOMB})
        assert "entities" in one_reason(bomb)
        wide = BOMB.decode("ascii").encode("utf-16")
        bomb = changed_package(source, tmp_path / f"wide.{kind}", {part: wide})
        assert "entities" in one_reason(bomb)


def test_an_office_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    source = word_file(tmp_path / "a.docx")
    large = b"<w:document>" + b" " * 110_000_000
    bomb = changed_package(source, tmp_path / "bomb.docx", {"word/document.xml": large})
    assert "too large" in one_reason(bomb)
    many = {f"word/media/{number}.bin": b"" for number in range(5_001)}
    assert "parts" in one_reason(changed_package(source, tmp_path / "many.docx", many))


def test_a_package_without_its_parts_is_refused(tmp_path: Path) -> None:
    for kind, part in (("docx", "word/document.xml"), ("pptx", "ppt/presentation.xml")):
        path = zipped(tmp_path / f"hollow.{kind}", {"[Content_Types].xml": "<x/>", part: "<x/>"})
        assert "save it anew" in one_reason(path)
    hollow = zipped(
        tmp_path / "hollow.xlsx", {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}
    )
    assert "save it anew" in one_reason(hollow)


def test_a_sheet_of_ten_thousand_columns_is_refused(tmp_path: Path) -> None:
    wide = workbook(tmp_path / "wide.xlsx", {"S": [[f"c{n}" for n in range(10_000)]]})
    assert "10,000 columns, 256 at most" in one_reason(wide)
    assert "columns, 256" in one_reason(write(tmp_path, "wide.csv", "a," * 10_000))


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is(tmp_path: Path) -> None:
    source = workbook(
        tmp_path / "a.xlsx", {"S": [["Metric", "Value"], ["Scrap rate of the whole plant", "5%"]]}
    )
    with zipfile.ZipFile(source) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    sheet = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet)
    sheet = sheet.replace(b'<row r="2"', b'<row r="1048576"').replace(b'"A2"', b'"A1048576"')
    sheet = sheet.replace(b'"B2"', b'"B1048576"')
    lying = changed_package(source, tmp_path / "lying.xlsx", {"xl/worksheets/sheet1.xml": sheet})
    source.unlink()
    start = time.monotonic()
    read_cases(lying)
    assert time.monotonic() - start < 30


def test_protected_office_files_say_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "password" in one_reason(path)


# PDF.


def test_broken_and_protected_pdfs_are_refused(tmp_path: Path) -> None:
    data = story_pdf(tmp_path / "whole.pdf").read_bytes()
    (tmp_path / "whole.pdf").unlink()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(data[:60] + b"\0" * 400)
    assert "damaged" in one_reason(broken)
    broken.unlink()
    locked = drawn_pdf(
        tmp_path / "locked.pdf", [lambda c: c.drawString(50, 700, "Secret")], encrypt="secret"
    )
    assert "password" in one_reason(locked)


def test_a_pdf_without_text_says_that_it_must_be_recognised(tmp_path: Path) -> None:
    scan = drawn_pdf(tmp_path / "scan.pdf", [lambda c: c.rect(50, 50, 200, 200, fill=1)])
    assert "OCR" in one_reason(scan)


def test_a_pdf_of_a_hundred_thousand_pages_is_refused(tmp_path: Path) -> None:
    kids = b" ".join([b"3 0 R"] * 100_000)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 100000/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    trailer = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    path = tmp_path / "endless.pdf"
    path.write_bytes(body + table + trailer)
    assert "100,000 pages, 1,000 at most" in one_reason(path)


def test_arrays_nested_without_end_in_a_pdf_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj\n" + b"[" * 500_000 + b"\nendobj\ntrailer<</Root 1 0 R>>")
    assert one_reason(path)


# Text.


def test_html_nested_without_end_or_with_entities_is_refused(tmp_path: Path) -> None:
    deep = "<html><body>" + "<div>" * 100_000 + "text"
    assert "nested deeper" in one_reason(write(tmp_path, "deep.html", deep))
    (tmp_path / "deep.html").unlink()
    (tmp_path / "bomb.html").write_bytes(BOMB)
    assert "entities" in one_reason(tmp_path / "bomb.html")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "9" * 100_000])
def test_json_made_to_break_parsers_is_refused(tmp_path: Path, text: str) -> None:
    assert "JSON" in one_reason(write(tmp_path, "deep.json", text))


@pytest.mark.parametrize(
    "unit", ["*a ", "![", "<p hidden>", "`a ``b ", "[a](", "<!--", "_a ", "<style>"]
)
def test_markdown_that_takes_the_square_of_its_length_is_cut_off(tmp_path: Path, unit: str) -> None:
    write(tmp_path, "slow.md", "The story of a bakery. " + unit * (3_000_000 // len(unit)))
    write(tmp_path, "story.md", ENGLISH)
    start = time.monotonic()
    with ParserProcess(time_seconds=3) as parser:
        reading = read_cases(tmp_path, parser=parser)
    assert time.monotonic() - start < 30
    assert "larkmoor" in {case.id for case in reading.cases}


@pytest.mark.parametrize("unit", ["1 ", "1,", "5% ", "from 5 to "])
def test_a_sentence_without_end_is_not_searched_for_results(tmp_path: Path, unit: str) -> None:
    body = "---\nid: x\nlanguage: en\n---\n## Results\n\nCosts fell by 5%.\n\n"
    write(tmp_path, "x.md", body + unit * 100_000 + "\n\nThe scrap rate fell by 7%.\n")
    start = time.monotonic()
    (case,) = read_cases(tmp_path).cases
    assert time.monotonic() - start < 20
    assert [o.text for o in case.outcomes] == ["Costs fell by 5%.", "The scrap rate fell by 7%."]


def test_half_characters_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.json", '{"id": "a", "language": "en", "text": "x \\ud800 y"}')
    assert "half a character" in one_reason(tmp_path)
    (tmp_path / "a.json").unlink()
    write(tmp_path, "a.md", '---\nid: a\ncustomer: "\\uD800"\nlanguage: en\n---\nText.')
    assert "half a character" in one_reason(tmp_path)


def test_a_reason_never_quotes_without_end(tmp_path: Path) -> None:
    write(tmp_path, "a.json", '{"id": "a", "%s\\n": 1}' % ("x" * 100_000))
    assert len(one_reason(tmp_path)) < 600


@pytest.mark.parametrize(
    "name, data, says",
    [
        ("a.md", b"%PDF-1.7 and so on", "PDF"),
        ("a.pdf", b"Just some text of a story.", "not a PDF"),
        ("a.txt", b"{\\rtf1 text}", "Rich Text"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 40, "zip"),
        ("a.html", b"%PDF-1.4", "PDF"),
        ("a.csv", b"PK\x03\x04" + b"\0" * 40, "zip"),
        ("a.zip", b"no zip at all", "zip archive"),
        ("a.pdf", b"", "empty"),
        ("a.csv", b"\0\0\0\0", "empty"),
        ("a.txt", b"a\0b" * 200, "encoding"),
        ("a.csv", bytes(range(1, 256)) * 20, "encoding"),
        ("a.html", b"<html>\0\0\0</html>" * 9, "encoding"),
    ],
)
def test_content_that_is_not_what_the_name_says(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert says in one_reason(tmp_path)


def test_a_quotation_mark_that_never_closes(tmp_path: Path) -> None:
    assert "never closes" in one_reason(write(tmp_path, "a.csv", 'a,b\n"x,y\nz,w\n'))
    (tmp_path / "a.csv").unlink()
    assert "quotation" in one_reason(write(tmp_path, "b.csv", 'a,b\n"' + "x" * 200_000))


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.md", "Some text of a story.")
    real = os.fstat
    calls = []

    def fstat(number: int) -> os.stat_result:
        result = real(number)
        if stat.S_ISREG(result.st_mode) and len(calls) < 1:
            calls.append(number)
            with path.open("a", encoding="utf-8") as file:
                file.write("More.")
        return result

    monkeypatch.setattr(os, "fstat", fstat)
    assert "changed while" in one_reason(path)


def test_names_of_any_bytes_can_be_told(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m.json")
    try:
        (tmp_path / name).write_text("{", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    (refusal,) = read_cases(tmp_path).refusals
    assert refusal.path.isprintable()
    refusal.path.encode("utf-8")


# The parsing process.


def test_a_crash_costs_one_file(tmp_path: Path) -> None:
    """The process is killed over the first file, as a crash of a library would."""
    first = story_pdf(tmp_path / "a.pdf", pages=300)
    second = story_pdf(tmp_path / "b.pdf")
    with ParserProcess() as parser:
        read_cases(second, parser=parser)
        pid = parser.pid
        assert pid is not None
        threading.Timer(0.3, os.kill, (pid, 9)).start()
        reading = read_cases(first, parser=parser)
        assert "broke down" in reading.refusals[0].reason
        assert read_cases(second, parser=parser).cases
        assert parser.pid not in (None, pid)


def test_a_time_out_costs_one_file(tmp_path: Path) -> None:
    slow = story_pdf(tmp_path / "a.pdf", pages=300)
    quick = write(tmp_path, "b.html", "<p>The story of a bakery in the north of England.</p>")
    with ParserProcess(time_seconds=1.5) as parser:
        read_cases(quick, parser=parser)
        assert "longer than 1.5 seconds" in read_cases(slow, parser=parser).refusals[0].reason
        assert read_cases(quick, parser=parser).cases


def test_memory_is_limited(tmp_path: Path) -> None:
    path = story_pdf(tmp_path / "a.pdf")
    reason = one_reason(path, memory_bytes=60_000_000)
    assert "memory" in reason
    assert MEMORY_BYTES == 1_000_000_000


def test_the_process_ends_with_its_block_and_knows_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILWRIGHT_TOKEN", "secret")
    with ParserProcess() as parser:
        with pytest.raises(Refused):
            parser.ask({"do": "convert", "path": str(tmp_path / "none.pdf"), "kind": "pdf"})
        pid = parser.pid
        environment = Path(f"/proc/{pid}/environ")
        if environment.exists():
            assert b"secret" not in environment.read_bytes()
    assert parser.pid is None
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_text_and_records_need_no_process(tmp_path: Path) -> None:
    write(tmp_path, "a.md", ENGLISH)
    write(tmp_path, "b.txt", "The story of a bakery in the north of England.")
    with ParserProcess() as parser:
        assert len(read_cases(tmp_path, parser=parser).cases) == 2
        assert parser.pid is None


def test_a_zip_with_overlapping_members_is_counted(tmp_path: Path) -> None:
    """Each entry of the directory names the same packed bytes, as in the flat zip bombs."""
    source = io.BytesIO()
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a000.txt", b"0" * 4_000_000)
    data = source.getvalue()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = [entry.replace(b"a000.txt", b"a%03d.txt" % n) for n in range(500)]
    directory = b"".join(entries)
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 500, 500, len(directory), start, 0)
    path = tmp_path / "flat.zip"
    path.write_bytes(data[:start] + directory + tail)
    reading = read_cases(path)
    assert reading.cases == ()
    assert reading.refusals
