"""Files and addresses on their way into the knowledge base, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from contracts.decision import User
from contracts.errors import BadInput, MailwrightError
from interface.web.parts import plain
from interface.web.session import Studio
from interface.web.texts import text
from workflow.intake import read_suffixes, refused
from workflow.knowledge import CasesAdded, add_cases

if TYPE_CHECKING:
    from workflow.intake import Refusal

__all__ = ["AddingProgress", "Upload", "WhatCame", "add_address", "add_files", "safe_name"]

SIDECAR = ".yaml"  # beside a document: story.pdf.yaml
_NAME_BYTES = 240  # file systems end at 255, and a sidecar's ending comes to it


class Upload(Protocol):
    """A file as a browser sends it."""

    @property
    def name(self) -> str: ...
    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True, slots=True)
class WhatCame:
    """What became of files or an address: either `done`, or `error`, or all were refused."""

    done: CasesAdded | None = None
    refusals: tuple[Refusal, ...] = ()
    error: str = ""


class AddingProgress:
    """Satisfies `contracts.seams.Progress`: a bar that names each file while it is read, then
    counts passages.

    Args:
        names: the files in the order in which they are read.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._names = names
        self._step, self._total, self._count = "", 0, 0
        self._bar = st.progress(0.0, text=text("knowledge.adding"))

    def __enter__(self) -> AddingProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.empty()

    def start(self, step: str, total: int | None) -> None:
        self._step, self._total, self._count = step, total or 0, 0
        self._show()

    def advance(self, count: int = 1) -> None:
        self._count += count
        self._show()

    def done(self) -> None:
        self._count = self._total
        self._show()

    def _show(self) -> None:
        share = min(1.0, self._count / self._total) if self._total else 0.0
        self._bar.progress(share, text=self.words)

    @property
    def words(self) -> str:
        """What the bar says now, as Markdown."""
        match self._step:
            case "read cases" if self._total == len(self._names) > self._count:
                return text(
                    "knowledge.reading_file",
                    name=plain(self._names[self._count]),
                    number=self._count + 1,
                    total=self._total,
                )
            case "read cases" | "embed" if self._total:
                key = f"knowledge.step_{self._step.replace(' ', '_')}"
                return text(key, number=self._count, total=self._total)
            case "read address":
                return text("knowledge.step_read_address")
            case _:
                return text("knowledge.adding")


def add_files(studio: Studio, user: User, files: Sequence[Upload]) -> WhatCame:
    """Take the cases of uploaded files. They go through a folder of their own: a case cites
    its file by name only, and a sidecar lies beside its document."""
    suffixes = read_suffixes()
    refusals: list[Refusal] = []
    with TemporaryDirectory(prefix="mailwright-") as folder:
        for file in files:
            try:
                path = Path(folder) / safe_name(file.name)
                if path.exists():
                    raise BadInput(text("knowledge.file_twice"))
            except BadInput as error:
                refusals.append(refused(_base(file.name) or "?", str(error)))
                continue
            with path.open("wb") as copy:
                copy.write(file.getbuffer())
        names = [path.name for path in sorted(Path(folder).iterdir())]
        if not names:
            return WhatCame(refusals=tuple(refusals))
        read = [name for name in names if PurePath(name).suffix.lower() in suffixes]
        return _add(studio, user, Path(folder), AddingProgress(read), refusals)


def add_address(studio: Studio, user: User, address: str) -> WhatCame:
    """Take the cases of one page or document of the web; without a scheme, by https. It is
    never read as the path of a file of this machine."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    return _add(studio, user, address, AddingProgress(), [])


def _add(
    studio: Studio,
    user: User,
    path: Path | str,
    progress: AddingProgress,
    before: Sequence[Refusal],
) -> WhatCame:
    try:
        with progress, studio.busy:
            done = add_cases(studio.house, [path], user, progress)
    except MailwrightError as error:
        return WhatCame(refusals=tuple(before), error=str(error))
    return WhatCame(done, (*before, *done.refusals))


def safe_name(name: str) -> str:
    """The name under which an uploaded file is read: no folders, nothing hidden.

    Raises:
        BadInput: it is no file that cases are read from and no file beside one, or its name
            is too long.
    """
    suffixes = read_suffixes()
    base = _base(name)
    lower = base.lower()
    document = lower.removesuffix(SIDECAR)
    if lower.endswith(SIDECAR) and not _names_document(document, suffixes):
        raise BadInput(text("knowledge.file_sidecar"))
    if not _names_document(document, suffixes):
        raise BadInput(text("knowledge.file_kind"))
    if len(base.encode("utf-8", "replace")) > _NAME_BYTES:
        raise BadInput(text("knowledge.file_long"))
    return base


def _names_document(name: str, suffixes: Sequence[str]) -> bool:
    return any(name.endswith(suffix) and name != suffix for suffix in suffixes)


def _base(name: str) -> str:
    """The last part of a path, without dots before it; signs that a file system or a line of
    text could stumble over are replaced."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char if char.isprintable() else "_" for char in last)
    return re.sub(r'[:*?"<>|]', "_", shown).lstrip(". ")
