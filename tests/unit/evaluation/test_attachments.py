from __future__ import annotations

import bz2
import gzip
import io
import lzma
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from attachment_samples import (
    ICS,
    JPEG,
    PACK,
    PDF,
    PNG,
    PROGRAM,
    attached,
    compound,
    encrypted,
    inspected,
    of,
    office,
    packed_objects,
    pdf,
    rules,
    tarred,
    zipped,
)
from evaluation_samples import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs, screen
from evaluation.attachments.judging import attachment_report
from evaluation.attachments.kinds import sniff
from evaluation.attachments.names import read_name, shown
from evaluation.look import Look

RELATION = (
    '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)


INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
PACKED = compound("WordDocument", "\x01Ole10Native")
REMOTE = "https://x.example/t.dotm"
LOCKED = encrypted(zipped({"a.pdf": PDF}))
MACROS = office({"word/vbaProject.bin": b"x"})


def related(kind: str, target: str) -> bytes:
    relation = RELATION.format(kind=kind, target=target).encode()
    return office({"word/_rels/settings.xml.rels": relation})


def opendocument(part: str) -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", part: b"x"})


class TestWhatMarketingSends:
    @pytest.mark.parametrize(
        "name, data, media_type",
        [
            ("appointment.ics", ICS, "text/calendar; charset=utf-8; method=PUBLISH"),
            ("brochure.pdf", PDF, "application/pdf"),
            ("photo.jpg", JPEG, "image/jpeg"),
            ("photo.JPEG", JPEG, "image/jpeg"),
            ("logo.png", PNG, "image/png"),
            ("card.vcf", b"BEGIN:VCARD\r\nEND:VCARD\r\n", "text/vcard"),
            ("说明书.pdf", PDF, "application/pdf"),
            ("v2.1 – price list (EU).pdf", PDF, "application/pdf"),
            ("Broschüre Nr. 3.pdf", PDF, "application/pdf"),
            ("کاتالوگ\u200f.pdf", PDF, "application/pdf"),
        ],
    )
    def test_passes_with_nothing_said(self, name: str, data: bytes, media_type: str) -> None:
        assert rules(attached(name, data, media_type)) == set()

    def test_images_of_the_page_are_part_of_it(self) -> None:
        assert rules(attached("", PNG, "image/png", "inline", "logo@mail")) == set()

    def test_other_documents_are_better_linked(self) -> None:
        assert of("price list.docx", office()) == {"unusual_type"}
        assert of("files.zip", zipped({"a.pdf": PDF})) == {"unusual_type"}


class TestNames:
    @pytest.mark.parametrize(
        "name, expected",
        [
            ("setup.exe", {"blocked_type"}),
            ("SETUP.EXE", {"blocked_type"}),
            ("setup.exe.", {"blocked_type", "odd_name"}),
            ("setup.exe  ", {"blocked_type", "odd_name"}),
            ("dir/../../setup.exe", {"blocked_type", "odd_name"}),
            ("invoice.pdf.exe", {"blocked_type", "double_extension"}),
            ("invoice.pdf          .exe", {"blocked_type", "double_extension", "odd_name"}),
            ("invoice.pdf.js", {"blocked_type", "double_extension"}),
            ("invoice.pdf.html", {"double_extension", "page"}),
            ("invoice\u202efdp.exe", {"blocked_type", "turned_name"}),
            ("invoice\u202excod.pdf", {"turned_name", "not_as_named"}),
            ("invo\u200bice.xnk", {"blocked_outlook", "odd_name"}),
            ("link.url", {"blocked_outlook"}),
            ("tool.py", {"blocked_outlook"}),
            ("page.htm", {"page"}),
            ("archive.tar.gz", {"not_as_named", "unusual_type"}),
            ("notes.2026.01.txt", {"unusual_type"}),
            ("noending", set()),
        ],
    )
    def test_what_a_name_hides(self, name: str, expected: set[str]) -> None:
        assert of(name, b"plain words") == expected

    def test_a_name_is_shown_without_what_turns_it(self) -> None:
        assert "\u202e" not in shown("a\u202eb.exe")
        assert len(shown("x" * 5000)) < 100

    @given(st.text(max_size=400))
    def test_any_name_is_read(self, name: str) -> None:
        read_name(name)
        assert shown(name).isprintable()


class TestKinds:
    @pytest.mark.parametrize(
        "name, data, expected",
        [
            ("brochure.pdf", PROGRAM, {"program"}),
            ("photo.jpg", b"\x7fELF" + b"\0" * 50, {"program"}),
            ("notes", b"#!/bin/sh\nrm x\n", {"script_file"}),
            ("a.pdf", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 40, {"program"}),
            ("a.doc", compound() + INSTALLER, {"program", "unusual_type"}),
            ("photo.png", JPEG, {"not_as_named"}),
            ("brochure.pdf", b"<html><body>Sign in</body></html>", {"not_as_named", "page"}),
            ("brochure.pdf", b"no PDF at all", {"not_as_named"}),
            ("brochure.pdf", b"", {"empty"}),
            ("a.svg", b"<svg xmlns='x'><script>1</script></svg>", {"svg_script"}),
            ("a.svg", b"<?xml version='1.0'?><svg xmlns='x'><path/></svg>", set()),
            ("MZ.vcf", b"MZ is how this card begins", {"not_as_named"}),
        ],
    )  # fmt: skip
    def test_what_a_file_really_is(self, name: str, data: bytes, expected: set[str]) -> None:
        assert of(name, data) == expected

    def test_the_declared_type_is_held_against_it(self) -> None:
        assert rules(attached("a.png", PNG, "image/jpeg")) == {"type_mismatch"}
        assert rules(attached("a.png", PNG, "image/png")) == set()
        assert rules(attached("a.pdf", PDF, "application/pdf; name=a.pdf")) == set()
        assert rules(attached("a.pdf", PDF, "application/x-nobody-knows")) == set()


class TestDocuments:
    @pytest.mark.parametrize(
        "name, data, expected",
        [
            ("a.docx", office(), set()),
            ("a.docm", office({"word/vbaProject.bin": compound("VBA", "_VBA_PROJECT")}), {"macro"}),
            ("a.docx", MACROS, {"macro_hidden"}),
            ("a.xlsx", office({"xl/macrosheets/sheet1.xml": b"<x/>"}), {"macro_hidden"}),
            ("a.odt", opendocument("Basic/script-lc.xml"), set()),
            ("a.odt", opendocument("Basic/Standard/M.xml"), {"macro"}),
            ("a.doc", compound("WordDocument"), set()),
            ("a.doc", compound("WordDocument", "Macros", "VBA", "_VBA_PROJECT"), {"macro"}),
            ("a.xls", compound("Workbook", "_VBA_PROJECT_CUR"), {"macro"}),
            ("a.doc", PACKED, {"package"}),
            ("a.docx", compound("EncryptionInfo", "EncryptedPackage"), {"encrypted"}),
            ("a.docx", office({"word/embeddings/oleObject1.bin": PACKED}), {"package"}),
            ("a.pptx", office({"ppt/embeddings/Sheet1.xlsx": office()}), set()),
            ("a.pptx", office({"ppt/embeddings/a.xlsx": MACROS}), {"macro_hidden"}),
            ("a.pptx", office({"ppt/media/image1.png": PROGRAM}), {"program"}),
            ("a.docx", related("attachedTemplate", REMOTE), {"remote_template"}),
            ("a.docx", related("hyperlink", "https://x.example/"), set()),
            ("a.docx", related("attachedTemplate", "Normal.dotm"), set()),
            ("a.rtf", rb"{\rtf1 {\object\objemb{\*\objdata 0105}}}", {"package"}),
            ("a.rtf", rb"{\rtf1 {\*\template https://x.example/t.dotm}}", {"remote_template"}),
            ("a.rtf", rb"{\rtf1 hello}", set()),
        ],
    )  # fmt: skip
    def test_what_documents_carry(self, name: str, data: bytes, expected: set[str]) -> None:
        assert of(name, data) - {"unusual_type"} == expected

    @pytest.mark.parametrize(
        "data, expected",
        [
            (pdf(b"2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"), {"script"}),
            (pdf(b"2 0 obj<</S/J#61vaScript/J#53(app.alert(1))>>endobj"), {"script"}),
            (packed_objects(b"<</S/JavaScript/JS 3 0 R>>"), {"script"}),
            (pdf(b"2 0 obj<</S/Launch/F(a.exe)>>endobj"), {"launch"}),
            (pdf(b"2 0 obj<</Type/EmbeddedFile>>endobj"), {"files"}),
            (pdf(b"trailer<</Encrypt 5 0 R>>"), {"guarded"}),
            (pdf(b"2 0 obj<<>>\nstream\n /JS /Launch /JavaScript \nendstream\nendobj"), set()),
            (pdf(b"2 0 obj<</Name/JSX/Launcher/EncryptMetadata false>>endobj"), set()),
            (pdf(b"2 0 obj<</ObjStm 1>>\nstream\nnot packed at all\nendstream"), set()),
        ],
    )
    def test_what_a_pdf_carries(self, data: bytes, expected: set[str]) -> None:
        assert of("brochure.pdf", data) == expected

    def test_calendar_numbers_in_a_sheet_are_no_macro(self) -> None:
        text = "_VBA_PROJECT".encode("utf-16-le")
        assert of("a.doc", compound("WordDocument") + b"\x07" * 33 + text) == {"unusual_type"}


class TestArchives:
    @pytest.mark.parametrize(
        "name, data, expected",
        [
            ("a.zip", zipped({"setup.exe": PROGRAM}), {"blocked_inside"}),
            ("a.zip", zipped({"photo.jpg": PROGRAM}), {"program"}),
            ("a.zip", zipped({"invoice.pdf.exe": b"x"}), {"blocked_inside", "double_extension"}),
            ("a.zip", zipped({"inner.zip": zipped({"a.pdf": PDF})}), {"nested"}),
            ("a.zip", zipped({"inner.zip": zipped({"a.js": b"x"})}), {"nested", "blocked_inside"}),
            ("a.zip", zipped({"a.docx": office()}), set()),
            ("a.zip", zipped({"a.docx": MACROS}), {"macro_hidden"}),
            ("a.zip", LOCKED, {"encrypted"}),
            ("a.zip", encrypted(zipped({"a.exe": PROGRAM})), {"encrypted", "blocked_inside"}),
            ("a.zip", zipped({"b.zip": LOCKED}), {"nested", "encrypted_nested"}),
            ("a.zip", zipped({"../../etc/cron.d/x": b"x"}), {"leading_out"}),
            ("a.zip", zipped({"/etc/passwd": b"x"}), {"leading_out"}),
            ("a.zip", zipped({"Main.class": b"\xca\xfe\xba\xbe"}), {"program"}),
            ("a.zip", b"PK\x03\x04" + b"\0" * 60, {"damaged"}),
            ("a.zip", zipped({"a.txt": b"x"})[:-30], {"damaged"}),
            ("a.tar", tarred({"a.exe": PROGRAM}), {"blocked_inside"}),
            ("a.tar", tarred({"a.pdf": PDF}, {"l": "/etc/passwd"}), {"leading_out"}),
            ("a.tar.gz", gzip.compress(tarred({"a.vbs": b"x"})), {"blocked_inside"}),
            ("a.tgz", gzip.compress(tarred({"a.pdf": PDF})), set()),
            ("a.tar.bz2", bz2.compress(tarred({"a.vbs": b"x"})), {"blocked_inside"}),
            ("a.tar.xz", lzma.compress(tarred({"a.vbs": b"x"})), {"blocked_inside"}),
            ("a.exe.gz", gzip.compress(PROGRAM), {"blocked_inside"}),
            ("a.gz", gzip.compress(b"x") + gzip.compress(PROGRAM), set()),
            ("a.gz", b"\x1f\x8b\x08" + b"\xff" * 40, {"damaged"}),
            ("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, set()),
        ],
    )  # fmt: skip
    def test_what_lies_inside(self, name: str, data: bytes, expected: set[str]) -> None:
        assert of(name, data) - {"unusual_type"} == expected

    def test_a_member_is_named_with_its_way(self) -> None:
        finding = inspected(attached("a.zip", zipped({"dir/setup.exe": PROGRAM}))).findings
        texts = [item.message for item in finding if item.rule == "attachment.blocked_inside"]
        assert "a.zip › dir/setup.exe" in texts[0]

    def test_what_is_packed_otherwise_is_not_judged(self) -> None:
        seven = inspected(attached("a.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40)).not_judged
        assert ("attachment", "a.7z: it is packed in a way that is not opened here") in seven
        packed = zipped({"a.txt": b"x" * 100}, method=zipfile.ZIP_LZMA)
        assert any(
            "not opened here" in text for _, text in inspected(attached("a.zip", packed)).not_judged
        )

    def test_depth_ends(self) -> None:
        data = zipped({"a.pdf": PDF})
        for _ in range(6):
            data = zipped({"inner.zip": data})
        assert "nested_deep" in of("a.zip", data)
        data = PDF
        for _ in range(40):
            data = gzip.compress(data)
        assert "nested_deep" in of("a.gz", data)

    def test_many_members_end(self) -> None:
        many = zipped({f"{n}.txt": b"" for n in range(3_000)})
        assert any(
            "more than what is looked at" in text
            for _, text in inspected(attached("a.zip", many)).not_judged
        )

    def test_a_directory_of_many_records_is_not_read(self) -> None:
        data = b"PK\x03\x04" + b"PK\x01\x02" * 200_000
        start = time.perf_counter()
        assert "unusual_type" in of("a.zip", data)
        assert time.perf_counter() - start < 2


class TestBombs:
    def bomb(self) -> bytes:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
            archive.open("a.tar", "w", force_zip64=True) as member,
        ):
            member.write(tarred({"zeros": b""}))
            for _ in range(300):
                member.write(b"\0" * 1_000_000)
        return out.getvalue()

    def test_time_and_memory_are_bounded(self) -> None:
        data = self.bomb()
        tracemalloc.start()
        start = time.perf_counter()
        found = of("a.zip", data)
        assert time.perf_counter() - start < 5
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert "bomb" in found
        assert peak < 150_000_000

    @pytest.mark.parametrize("packer", [gzip.compress, bz2.compress, lzma.compress])
    def test_of_one_packed_file(self, packer: Callable[[bytes], bytes]) -> None:
        assert "bomb" in of("a.gz", packer(b"\0" * 100_000_000))

    def test_xz_that_asks_for_memory_is_not_given_it(self) -> None:
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
        data = bytearray(lzma.compress(b"x" * 100, filters=filters))
        assert of("a.xz", bytes(data)) == {"unusual_type"}

    def test_files_share_what_may_be_unpacked(self) -> None:
        big = zipped({"a.tar": tarred({"a": b"\0" * 15_000_000})})
        files = [attached(f"{n}.zip", big) for n in range(12)]
        start = time.perf_counter()
        report = inspected(*files)
        assert time.perf_counter() - start < 5
        assert any("more than what is looked at" in text for _, text in report.not_judged)


class TestSizes:
    def test_a_large_file_is_better_linked(self) -> None:
        large = PDF + b"\0" * 2_000_000
        (finding,) = inspected(attached("brochure.pdf", large)).findings
        assert finding.rule == "attachment.large"
        assert "2.0 MB" in finding.message
        assert finding.place.part == "attachment:brochure.pdf"

    def test_so_are_many_together(self) -> None:
        files = [attached(f"{n}.pdf", PDF + b"\0" * 1_000_000) for n in range(5)]
        assert rules(*files) == {"large"}
        assert rules(*files[:2]) == set()

    def test_one_rule_is_not_told_without_end(self) -> None:
        files = [attached(f"{n}.exe", PROGRAM) for n in range(500)]
        report = inspected(*files)
        assert len(report.findings) == 5
        assert any("only the first 200 of 500" in text for _, text in report.not_judged)


def test_severities_follow_their_ground() -> None:
    assert {item.severity for item in inspected(attached("a.exe", PROGRAM)).findings} == {
        Severity.BLOCK
    }
    for rule in PACK.rules:
        if rule.source == "Practice":
            assert rule.severity is not Severity.BLOCK


def test_without_a_scanner_that_is_said() -> None:
    assert ("virus" in dict(inspected(attached("a.pdf", PDF)).not_judged)) is True
    assert inspected().not_judged == ()


def test_findings_are_said_in_chinese_where_asked() -> None:
    (finding,) = inspected(attached("a.exe", PROGRAM), say="zh-Hans").findings
    assert "拒收" in finding.message


def test_the_files_of_a_mail_are_judged() -> None:
    view = MailView(attached=(attached("a.exe", PROGRAM),))
    look = Look(view, ScreeningContext(now=NOW), load_packs(), "en")
    found = attachment_report(look).findings
    assert [item.rule for item in found] == ["attachment.blocked_type"]
    packed = [attached(f"{n}.7z", b"7z\xbc\xaf\x27\x1c" + bytes([n] * 40)) for n in range(3)]
    mail = MailView.from_parts(subject="x", text="hello", attached=packed)
    unseen = screen(mail, ScreeningContext(now=NOW), load_packs(), "x").not_judged
    assert all(any(f"{n}.7z: it is packed" in text for text in unseen) for n in range(3))
    bare = Look(MailView.from_text("hello"), ScreeningContext(now=NOW), load_packs(), "en")
    assert attachment_report(bare).findings == ()


_STARTS = st.sampled_from(
    [b"", b"PK\x03\x04", b"%PDF-1.4\n", compound()[:8], b"\x1f\x8b\x08\0", b"BZh9",
     b"\xfd7zXZ\0", b"MZ", b"{\\rtf1", b"RIFF", b"<svg", b"\0\0\0\x18ftyp", b"BEGIN:VCALENDAR"]
)  # fmt: skip
_WHOLE = st.sampled_from(
    [zipped({"a.docx": office()}), MACROS, tarred({"a": b"x"}),
     gzip.compress(tarred({"a": b"x"})), compound("WordDocument"), packed_objects(b"<</JS 1>>")]
)  # fmt: skip


@settings(max_examples=300)
@given(_STARTS, st.binary(max_size=600), st.sampled_from(["a.pdf", "a.zip", "a.doc", "a", ".gz"]))
def test_any_octets_are_looked_at(start: bytes, rest: bytes, name: str) -> None:
    report = inspected(attached(name, start + rest))
    assert all(item.message for item in report.findings)
    sniff(start + rest)


@settings(max_examples=300)
@given(_WHOLE, st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=8))
def test_damaged_files_are_looked_at(data: bytes, changes: list[tuple[int, int]]) -> None:
    raw = bytearray(data)
    for at, value in changes:
        raw[at % len(raw)] = value
    inspected(attached("a.zip", bytes(raw)))
    inspected(attached("a.zip", zipped({"inner": bytes(raw)})))


def test_a_name_behind_a_zero_does_not_hide_the_ending() -> None:
    data = zipped({"invoice.pdf_.exe": PROGRAM}).replace(b"invoice.pdf_.exe", b"invoice.pdf\0.exe")
    assert "blocked_inside" in of("a.zip", data)
