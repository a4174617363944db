"""Folders and zip archives of documents."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from kb_samples import ENGLISH, GERMAN, write
from reader_samples import story_pdf, zipped

from contracts.seams import NoProgress
from knowledge_base.readers import archive, read_cases
from knowledge_base.readers.limits import ARCHIVE_RATIO

STORY = "# A story\n\nThe story of a bakery in the north of England."


def reasons(path: Path) -> dict[str, str]:
    return {refusal.path: refusal.reason for refusal in read_cases(path).refusals}


def test_an_archive_is_read_like_the_folder_in_it(tmp_path: Path) -> None:
    pdf = story_pdf(tmp_path / "x.pdf").read_bytes()
    path = zipped(
        tmp_path / "bundle.zip",
        {
            "in/larkmoor.md": ENGLISH,
            "in/story.pdf": pdf,
            "in/story.pdf.yaml": "industry: food\nlanguage: en\n",
            "geschichte ü.md": GERMAN,
            "__MACOSX/in/._story.pdf": b"x",
            ".hidden.md": ENGLISH,
            "picture.png": b"x",
        },
    )
    reading = read_cases(path)
    assert reading.refusals == ()
    cases = {case.path: case for case in reading.cases}
    assert set(cases) == {
        "bundle.zip/in/larkmoor.md", "bundle.zip/in/story.pdf", "bundle.zip/geschichte ü.md",
    }  # fmt: skip
    assert cases["bundle.zip/in/story.pdf"].industry == "food"
    assert cases["bundle.zip/in/story.pdf"].id == "story"


def test_members_that_are_not_taken_are_named(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../up.md", STORY)
        file.writestr("/abs.md", STORY)
        file.writestr("C:/win.md", STORY)
        file.writestr(link, "/etc/passwd")
        file.writestr("inner.zip", b"PK")
        file.writestr("old.doc", b"x")
        file.writestr("lone.pdf.yaml", "id: x\n")
        file.writestr("good.md", STORY)
    found = reasons(path)
    assert {name.removeprefix("b.zip/") for name in found} == {
        "../up.md", "/abs.md", "C:/win.md", "link.md", "inner.zip", "old.doc", "lone.pdf.yaml",
    }  # fmt: skip
    assert "leads out" in found["b.zip/../up.md"]
    assert "link" in found["b.zip/link.md"]
    assert "inside an archive" in found["b.zip/inner.zip"]
    assert ".docx" in found["b.zip/old.doc"]
    assert [case.id for case in read_cases(path).cases] == ["good"]


def test_an_encrypted_member_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"a.md": STORY, "b.md": STORY})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1  # the flag of encryption, of the first member
    path.write_bytes(bytes(data))
    assert "password" in reasons(path)["b.zip/a.md"]
    assert [case.id for case in read_cases(path).cases] == ["b"]


def test_a_damaged_member_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"a.md": STORY * 50, "b.md": STORY})
    data = bytearray(path.read_bytes())
    at = data.index(b"a.md") + 6
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(data))
    assert "damaged" in reasons(path)["b.zip/a.md"]
    assert [case.id for case in read_cases(path).cases] == ["b"]


def test_bombs_are_refused(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "ratio.zip", {"a.txt": b"0" * 50_000_000})
    assert bomb.stat().st_size * ARCHIVE_RATIO < 50_000_000
    assert f"{ARCHIVE_RATIO} times" in reasons(bomb)["ratio.zip"]
    many = zipped(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(1_001)})
    assert "1,001 files, 1,000 at most" in reasons(many)["many.zip"]


def test_the_size_of_all_members_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "ARCHIVE_BYTES", 3_000_000)
    path = zipped(tmp_path / "b.zip", {f"{n}.txt": bytes([65 + n]) * 900_000 for n in range(5)})
    with pytest.raises(ValueError, match="unpacks to more than 3 MB"):
        archive.unpack(path, tmp_path)


def test_an_archive_with_nothing_to_read_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", {"a.png": b"x"})
    assert "holds no case file" in reasons(path)["b.zip"]


def test_a_folder_reads_all_kinds_and_tells_progress_of_each(tmp_path: Path) -> None:
    class Watched(NoProgress):
        def __init__(self) -> None:
            self.total: int | None = 0
            self.count = 0

        def start(self, step: str, total: int | None) -> None:
            self.total = total

        def advance(self, count: int = 1) -> None:
            self.count += count

    story_pdf(tmp_path / "a.pdf")
    write(tmp_path, "b.md", ENGLISH)
    write(tmp_path, "sub/c.html", "<p>The story of a bakery in the north of England.</p>")
    write(tmp_path, "d.odt", "x")
    write(tmp_path, "e.png", "x")
    progress = Watched()
    reading = read_cases(tmp_path, progress=progress)
    assert [case.path for case in reading.cases] == ["a.pdf", "b.md", "sub/c.html"]
    assert [refusal.path for refusal in reading.refusals] == ["d.odt"]
    assert (progress.total, progress.count) == (3, 3)


def test_the_same_story_in_two_formats_is_taken_once(tmp_path: Path) -> None:
    story_pdf(tmp_path / "story.pdf")
    write(tmp_path, "story.html", "<p>The story of a bakery in the north of England.</p>")
    reading = read_cases(tmp_path)
    assert [case.path for case in reading.cases] == ["story.html"]
    assert "read before, from story.html" in reading.refusals[0].reason
