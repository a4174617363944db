"""Which files are read and how each goes: text and records here, all else in the parsing
process, archives unpacked there first."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from contracts.case import Case, Place
from contracts.seams import NoProgress, Progress
from knowledge_base.errors import NoSuchPath
from knowledge_base.markdown import Readable, readable
from knowledge_base.readers.columns import record_of
from knowledge_base.readers.converted import Converted, from_message, joined
from knowledge_base.readers.encoding import decoded, decoded_utf8
from knowledge_base.readers.isolation import ParserProcess
from knowledge_base.readers.limits import INLINE_CHARACTERS, RECORDS_SECONDS
from knowledge_base.readers.making import (
    Sidecar,
    document_fields,
    make_case,
    safe_id,
    sidecar_of,
)
from knowledge_base.readers.plain import convert_text
from knowledge_base.readers.reading import CaseReading, HiddenText, Refusal, Refused
from knowledge_base.readers.records import Record, fields_and_body, front_matter, json_records
from knowledge_base.readers.source import SUFFIXES, UNREAD, kind_of, read_bytes

__all__ = ["Input", "Reader", "parsing", "read_cases"]

_SIDECAR = ".yaml"
_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read: where it lies, and the name by which a case cites it. `encoding` is
    what a server said of it."""

    file: Path
    name: str
    encoding: str = ""
    default_id: str = ""  # "": made from the name


def read_cases(
    path: Path, *, progress: Progress | None = None, parser: ParserProcess | None = None
) -> CaseReading:
    """The cases in a file, in all files below a folder, or in a zip archive of files.

    Read are the formats of `SUFFIXES`. Records with fields are our own form (front matter
    and Markdown; in JSON the same fields with `text`, or `challenge`, `solution`,
    `outcomes`, `quote`; sheets and CSV files with a header row that names such fields) and
    the shared form of published stories (recognised by `lang`). Any other document becomes
    one case: its id comes from the file's name, its title from the document, its fields from
    a file beside it ("story.pdf.yaml") or from labelled lines of its text, and what nobody
    stated is in Case.missing.

    Case.path is relative to the folder given, or begins with the archive's name. Refused
    are files above the limits of `readers.limits`, damaged or protected ones, files whose
    content is not what their name says, Markdown and JSON that is not in UTF-8, unknown
    fields, values of the wrong kind, records without text, and an id that was there before.
    Files come in the order of their names.

    Args:
        path: a file, folder or archive.
        progress: is told of every file.
        parser: the parsing process to use, for a caller that reads several paths; else one
            is started when it is first needed and ended with the call.

    Raises:
        NoSuchPath: nothing is there, or it is a file of another kind.
    """
    inputs, refusals = _inputs(path)
    progress = progress or NoProgress()
    with parsing(parser) as process:
        reader = Reader(process)
        reader.refusals += refusals
        progress.start("read cases", len(inputs))
        for item in inputs:
            reader.read(item)
            progress.advance()
        progress.done()
    return reader.result()


@contextmanager
def parsing(parser: ParserProcess | None) -> Iterator[ParserProcess]:
    """The process given, or one for the length of the block."""
    if parser is not None:
        yield parser
        return
    with ParserProcess() as own:
        yield own


def _inputs(path: Path) -> tuple[list[Input], list[Refusal]]:
    if path.is_dir():
        files = {
            _shown(file.relative_to(path).as_posix()): file
            for file in sorted(path.rglob("*"))
            if file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        }
        return _chosen(files)
    if not path.is_file():
        raise NoSuchPath(f"{path} does not exist; give a case file or a folder of them")
    suffix = path.suffix.lower()
    if suffix in UNREAD:
        raise NoSuchPath(f"{path.name} is not a case file; save it as {UNREAD[suffix]}")
    if suffix not in SUFFIXES:
        raise NoSuchPath(f"{path.name} is not a case file; give {', '.join(SUFFIXES)} or a folder")
    return [Input(path, _shown(path.name))], []


def _shown(name: str) -> str:
    """A file's name as it can be printed and stored, whatever bytes it is made of."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _chosen(files: Mapping[str, Path]) -> tuple[list[Input], list[Refusal]]:
    """Of files by name: those to read, and what can be said of the others at once."""
    inputs: list[Input] = []
    refusals: list[Refusal] = []
    for name, file in files.items():
        suffix = file.suffix.lower()
        if suffix in SUFFIXES:
            inputs.append(Input(file, name))
        elif suffix in UNREAD:
            refusals.append(
                Refusal(name, 0, f"this format is not read; save it as {UNREAD[suffix]}")
            )
        elif suffix == _SIDECAR:
            document = name[: -len(_SIDECAR)]
            if PurePosixPath(document).suffix.lower() in SUFFIXES and document not in files:
                base = PurePosixPath(document).name
                refusals.append(Refusal(name, 0, f"there is no {base} beside it; add it"))
    return inputs, refusals


class Reader:
    """Takes one file after the other; what came of them is in `result`."""

    def __init__(self, parser: ParserProcess) -> None:
        self._parser = parser
        self._cases: list[Case] = []
        self._hidden: list[HiddenText] = []
        self._seen: dict[str, str] = {}
        self.refusals: list[Refusal] = []

    def result(self) -> CaseReading:
        return CaseReading(tuple(self._cases), tuple(self.refusals), tuple(self._hidden))

    def read(self, item: Input) -> None:
        """Read one file; never raises for what is in it."""
        try:
            kind = kind_of(item.file)
            if kind == "zip":
                self._archive(item)
            elif kind in ("json", "jsonl"):
                text = decoded_utf8(read_bytes(item.file, kind))
                self._records(json_records(text, kind == "jsonl"), item)
            elif kind in ("md", "txt"):
                self._text(item, kind)
            else:
                self._converted(item, self._convert(item, kind))
        except Refused as refused:
            self._refuse(item.name, refused)

    def _refuse(self, name: str, refused: Refused) -> None:
        # A reason quotes what stands in the file, which may be of any length.
        reason = " ".join(refused.reason.split())
        if len(reason) > _REASON_LENGTH:
            reason = f"{reason[: _REASON_LENGTH // 2]} … {reason[-_REASON_LENGTH // 2 :]}"
        self.refusals.append(Refusal(refused.path or name, refused.line, reason))

    def _readable(self, markdown: str) -> Readable:
        """Markdown that somebody else wrote can be made so that reading it takes time that
        grows with the square of its length; long ones go where time is limited."""
        if len(markdown) <= INLINE_CHARACTERS:
            return readable(markdown)
        return from_message(self._parser.ask({"do": "read", "markdown": markdown}))

    def _text(self, item: Input, kind: str) -> None:
        data = read_bytes(item.file, kind)
        if kind == "txt":
            self._converted(item, convert_text(decoded(data, item.encoding)))
            return
        text = decoded_utf8(data)
        record = front_matter(text, PurePosixPath(item.name).stem)
        if record is not None:
            self._records([record], item)
        else:
            self._document(item, self._readable(text), line=1)

    def _convert(self, item: Input, kind: str) -> Converted:
        answer = self._parser.ask(
            {"do": "convert", "path": str(item.file), "kind": kind, "encoding": item.encoding}
        )
        return Converted.from_json(answer)

    def _converted(self, item: Input, converted: Converted) -> None:
        for line, reason in converted.notes:
            self.refusals.append(Refusal(item.name, line, reason))
        if converted.rows is None:
            document, places = joined(converted.parts, converted.hidden)
            self._document(item, document, title=converted.title, places=places)
            return
        stem = _default_id(item)
        rows = converted.rows
        records = (Record(row.line, record_of(row, stem), place=row.place) for row in rows)
        self._records(records, item)

    def _records(self, records: Iterable[Record], item: Input) -> None:
        until = time.monotonic() + RECORDS_SECONDS
        for record in records:
            try:
                if time.monotonic() > until:
                    reason = f"the records above took {RECORDS_SECONDS:g} seconds; split the file"
                    self._refuse(item.name, Refused(record.line, reason))
                    return
                fields, body = fields_and_body(record)
                document = self._readable(body)
                places = (Place(0, record.place),) if record.place else ()
                case = make_case(fields, document, item.name, record.line, places=places)
                self._keep(case, document, record.line)
            except Refused as refused:
                self._refuse(item.name, refused)

    def _document(
        self,
        item: Input,
        document: Readable,
        *,
        title: str = "",
        places: tuple[Place, ...] = (),
        line: int = 0,
    ) -> None:
        sidecar = _sidecar(item)
        fields = document_fields(document, _default_id(item), sidecar)
        case = make_case(fields, document, item.name, line, title=title, places=places)
        self._keep(case, document, line)

    def _keep(self, case: Case, document: Readable, line: int) -> None:
        if case.id in self._seen:
            raise Refused(line, f'id "{case.id}" was read before, from {self._seen[case.id]}')
        self._seen[case.id] = case.path
        self._cases.append(case)
        self._hidden.extend(HiddenText(case.id, text) for text in document.hidden)

    def _archive(self, item: Input) -> None:
        with tempfile.TemporaryDirectory(prefix="mailwright-") as folder:
            answer = self._parser.ask({"do": "unpack", "path": str(item.file), "into": folder})
            self.refusals += [
                Refusal(f"{item.name}/{name}", 0, reason) for name, reason in answer["notes"]
            ]
            files = {f"{item.name}/{name}": Path(folder) / file for name, file in answer["members"]}
            inputs, refusals = _chosen(files)
            self.refusals += refusals
            if not files and not answer["notes"]:
                raise Refused(0, f"holds no case file; pack {', '.join(SUFFIXES)}")
            until = time.monotonic() + RECORDS_SECONDS
            for inner in inputs:
                if time.monotonic() > until:
                    reason = (
                        f"the files before it took {RECORDS_SECONDS:g} seconds; split the archive"
                    )
                    self._refuse(inner.name, Refused(0, reason))
                    continue
                beside = files.get(inner.name + _SIDECAR)
                if beside is not None:  # where `_sidecar` looks for it
                    beside.rename(inner.file.with_name(inner.file.name + _SIDECAR))
                self.read(replace(inner, default_id=_archive_id(item, inner)))


def _default_id(item: Input) -> str:
    return item.default_id or safe_id(PurePosixPath(item.name).stem)


def _archive_id(archive: Input, inner: Input) -> str:
    """Of a file in an archive: as it would be unpacked, or below the archive's address."""
    name = PurePosixPath(inner.name[len(archive.name) + 1 :]).stem
    return safe_id(f"{archive.default_id}/{name}" if archive.default_id else name)


def _sidecar(item: Input) -> Sidecar | None:
    file = item.file.with_name(item.file.name + _SIDECAR)
    if not file.is_file():
        return None
    name = item.name + _SIDECAR
    try:
        return sidecar_of(decoded_utf8(read_bytes(file, "md")), name)
    except Refused as refused:
        raise Refused(refused.line, refused.reason, path=name) from refused
