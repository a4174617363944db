"""Uploaded mails on their way through screening, and what may be downloaded of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Protocol

from contracts.errors import BadInput
from contracts.verdict import Finding, Screening
from interface.cli.rows import screening_row
from interface.report.sarif import sarif
from interface.report.screened_files import screening_page
from interface.web.texts import text
from workflow.file_screening import screen_files
from workflow.house import House
from workflow.house_rules import FILE, set_aside_rules
from workflow.quoted_words import quoted_words

__all__ = ["KINDS", "MEGABYTE", "MOST_FILES", "MOST_MB", "Download", "Refused", "Results"]
__all__ += ["ScreenedMail", "UploadedMail", "mail_name", "screen_uploads"]

KINDS = (".eml", ".html", ".htm", ".txt")
MEGABYTE = 1_000_000
MOST_MB = 25  # larger mails are refused by Gmail and Outlook.com, too
MOST_FILES = 20  # at once: one session must not keep the studio from the others
_NAME_BYTES = 200  # file systems end at 255


class UploadedMail(Protocol):
    """A file as a browser sends it."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True, slots=True)
class ScreenedMail:
    """`words` has the quoted words of each finding, in the same order."""

    name: str
    screening: Screening
    words: tuple[str, ...]

    @property
    def quoted(self) -> Sequence[tuple[Finding, str]]:
        return tuple(zip(self.screening.findings, self.words, strict=True))


@dataclass(frozen=True, slots=True)
class Refused:
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Results:
    """Of the last upload. `downloads` by format; none where no mail was screened."""

    mails: tuple[ScreenedMail, ...]
    refused: tuple[Refused, ...]
    places: tuple[str, ...]
    downloads: Mapping[str, Download]


def screen_uploads(
    house: House, files: Sequence[UploadedMail], places: Sequence[str], say: str = ""
) -> Results:
    """Screen uploaded mails by the rules of this workspace. They lie in a folder of their own
    that is gone afterwards; one that cannot be read keeps none of the others back.

    Raises:
        BadInput: the workspace's screening.yaml cannot be used.
    """
    mails: list[ScreenedMail] = []
    refused = [
        Refused(_base(file.name), text("screening.too_many", most=MOST_FILES))
        for file in files[MOST_FILES:]
    ]
    taken: set[str] = set()
    with TemporaryDirectory(prefix="mailwright-") as folder:
        for number, file in enumerate(files[:MOST_FILES]):
            try:
                path = _written(file, Path(folder) / str(number))
                shown = _once(path.name, taken)
                mails.append(_screened(house, path, shown, places, say))
            except BadInput as error:
                refused.append(Refused(_base(file.name), str(error)))
            finally:
                _emptied(Path(folder) / str(number))
    return Results(tuple(mails), tuple(refused), tuple(places), _downloads(mails))


def mail_name(name: str) -> str:
    """The name under which an uploaded mail is read: no folders, nothing hidden, no sign that
    does not show.

    Raises:
        BadInput: it is of a kind that is not screened, or the name is too long.
    """
    base = _base(name)
    if PurePath(base).suffix.lower() not in KINDS:
        raise BadInput(text("screening.wrong_kind"))
    if len(base.encode("utf-8", "replace")) > _NAME_BYTES:
        raise BadInput(text("screening.long_name"))
    return base


def _written(file: UploadedMail, folder: Path) -> Path:
    name = mail_name(file.name)
    if file.size > MOST_MB * MEGABYTE:
        raise BadInput(
            text("screening.too_large", size=f"{file.size / MEGABYTE:.1f}", most=MOST_MB)
        )
    folder.mkdir()
    path = folder / name
    with path.open("wb") as copy:
        copy.write(file.getbuffer())
    return path


def _emptied(folder: Path) -> None:
    """A mail is deleted as soon as it was screened, not when the last one was."""
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()


def _screened(
    house: House, path: Path, shown: str, places: Sequence[str], say: str
) -> ScreenedMail:
    own = house.settings.workspace / FILE
    (found,) = screen_files(
        [path],
        places,
        house.clock,
        say=say,
        rules=own if own.exists() else None,
        # An entry for one mail names a campaign; a file of that name is another mail.
        suppressions=tuple(item for item in set_aside_rules(house) if not item.mail),
        clamav=house.settings.clamav,
        spam_filters=house.settings.spam_filters,
    )
    screening = replace(found.screening, subject_id=shown)
    words = quoted_words(path, [finding.place for finding in screening.findings])
    return ScreenedMail(shown, screening, words)


def _once(name: str, taken: set[str]) -> str:
    """The name, with a number where an earlier file has the same."""
    shown, number = name, 1
    while shown in taken:
        number += 1
        shown = f"{PurePath(name).stem} ({number}){PurePath(name).suffix}"
    taken.add(shown)
    return shown


def _downloads(mails: Sequence[ScreenedMail]) -> Mapping[str, Download]:
    if not mails:
        return {}
    named = [(mail.name, mail.screening) for mail in mails]
    rows = [{"file": name, **screening_row(item)} for name, item in named]
    return {
        "json": Download("screening.json", "application/json", _json(rows)),
        "sarif": Download(
            "screening.sarif", "application/sarif+json", _json(sarif(named, version("mailwright")))
        ),
        # A lone surrogate of a mail has no bytes in UTF-8.
        "html": Download(
            "screening.html", "text/html", screening_page(named).encode("utf-8", "replace")
        ),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace")


def _base(name: str) -> str:
    """The last part of a path, without dots before it; signs that a file system or a line of
    text could stumble over are replaced."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char if char.isprintable() else "_" for char in last)
    return re.sub(r'[:*?"<>|]', "_", shown).lstrip(". ") or "?"
