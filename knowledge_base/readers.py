"""Cases out of Markdown, JSON and JSON lines. A record that cannot be taken is refused with
its place and reason, and never stops the others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from contracts.case import Case, SectionKind
from knowledge_base.errors import NoSuchPath
from knowledge_base.fields import CaseFields, FieldError, own_fields, shared_fields
from knowledge_base.markdown import readable
from knowledge_base.outcomes import extract_outcomes
from knowledge_base.sections import own_heading, sections_of
from language import detect, load_taxonomy

__all__ = ["CaseReading", "HiddenText", "Refusal", "read_cases"]

LIMIT = 5_000_000  # bytes a file may have
_HEADER_LIMIT = 65_536  # characters of front matter
_SUFFIXES = (".md", ".json", ".jsonl")
_PARTS = {  # keys of a JSON record that hold the text in parts
    "challenge": SectionKind.CHALLENGE,
    "solution": SectionKind.SOLUTION,
    "outcomes": SectionKind.OUTCOME,
    "quote": SectionKind.QUOTE,
}
_DETECTION_SAMPLE = 3000  # characters


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken. `line` is 1 or more, 0 where the file as a whole."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text of a taken record that no reader would have seen; it was left out."""

    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseReading:
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    hidden: tuple[HiddenText, ...] = ()


class _Refused(ValueError):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def read_cases(path: Path) -> CaseReading:
    """The cases in a .md, .json or .jsonl file, or in all such files below a folder.

    Read are our own form (front matter and Markdown; in JSON the same fields with `text`,
    or `challenge`, `solution`, `outcomes`, `quote`) and the shared form of published
    stories (recognised by `lang`). Case.path is relative to the folder given. Refused are
    files over 5 MB or not in UTF-8, unknown fields, values of the wrong kind, records
    without text, and an id that was there before. Files come in the order of their names.

    Raises:
        NoSuchPath: nothing is there, or it is a file of another kind.
    """
    if path.is_dir():
        files = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in _SUFFIXES
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        root = path
    elif path.is_file() and path.suffix.lower() in _SUFFIXES:
        files, root = [path], path.parent
    elif path.is_file():
        raise NoSuchPath(f"{path.name} is not a case file; give {', '.join(_SUFFIXES)} or a folder")
    else:
        raise NoSuchPath(f"{path} does not exist; give a case file or a folder of them")
    reader = _Reader()
    for file in files:
        reader.read(file, file.relative_to(root).as_posix())
    return CaseReading(tuple(reader.cases), tuple(reader.refusals), tuple(reader.hidden))


class _Reader:
    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.refusals: list[Refusal] = []
        self.hidden: list[HiddenText] = []
        self._seen: dict[str, str] = {}

    def read(self, file: Path, name: str) -> None:
        try:
            text = _decoded(file)
        except _Refused as refused:
            self.refusals.append(Refusal(name, refused.line, refused.reason))
            return
        for raw in _records(file, text):
            try:
                self._take(name, raw)
            except _Refused as refused:
                self.refusals.append(Refusal(name, refused.line, refused.reason))

    def _take(self, name: str, raw: _Raw) -> None:
        if raw.error:
            raise _Refused(raw.line, raw.error)
        fields, body = _fields(raw)
        if fields.id in self._seen:
            raise _Refused(
                raw.line, f'id "{fields.id}" was read before, from {self._seen[fields.id]}'
            )
        case, hidden = _case(fields, body, name, raw.line)
        self._seen[case.id] = name
        self.cases.append(case)
        self.hidden.extend(HiddenText(case.id, text) for text in hidden)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A record before anything is made of it; `error` where it is not even that."""

    line: int
    record: Mapping[str, Any]
    body: str = ""
    key_lines: Mapping[str, int] = field(default_factory=dict)
    error: str = ""


def _decoded(file: Path) -> str:
    try:
        if file.stat().st_size > LIMIT:
            raise _Refused(0, f"larger than {LIMIT // 1_000_000} MB; split the file")
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused(0, "not in UTF-8; save the file in that encoding") from error
    except OSError as error:
        raise _Refused(0, f"cannot be read ({error.strerror}); check its permissions") from error
    if "\0" in text:
        raise _Refused(0, "not a text file; give Markdown or JSON in UTF-8")
    return text


def _records(file: Path, text: str) -> Iterator[_Raw]:
    suffix = file.suffix.lower()
    if suffix == ".md":
        yield _markdown(text, file.stem)
    elif suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield _parsed(line, number)
    else:
        whole = _parsed(text, 1)
        if whole.error or not isinstance(whole.record.get("cases"), list):
            yield whole
            return
        for item in whole.record["cases"]:
            yield _as_record(item, 1)


def _parsed(text: str, line: int) -> _Raw:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = line + getattr(error, "lineno", 1) - 1
        return _Raw(at, {}, error="not valid JSON; mend or take out the record")
    if isinstance(value, list):
        return _Raw(line, {"cases": value})
    return _as_record(value, line)


def _as_record(value: object, line: int) -> _Raw:
    if not isinstance(value, dict):
        return _Raw(line, {}, error="not a record; give an object with id, language and text")
    return _Raw(line, value)


def _markdown(text: str, stem: str) -> _Raw:
    """A Markdown file as a record, with the line of every field."""
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines or lines[0].strip() != "---":
        return _Raw(1, {}, error="no front matter; begin the file with --- and the case's fields")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() in {"---", "..."}), 0)
    if not end:
        return _Raw(1, {}, error="the front matter does not end; close it with ---")
    header = "\n".join(lines[1:end])
    body = "\n".join(lines[end + 1 :])
    if len(header) > _HEADER_LIMIT:
        return _Raw(1, {}, error="the front matter is too long; give only the case's fields")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(header)):
            return _Raw(2, {}, error="YAML aliases are not read; write the values out")
        node = yaml.compose(header, yaml.SafeLoader)
        record = yaml.safe_load(header)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return _Raw(
            mark.line + 2 if mark else 2, {}, error="the front matter is not valid YAML; mend it"
        )
    if not isinstance(node, yaml.MappingNode) or not isinstance(record, dict):
        return _Raw(2, {}, error="the front matter must be fields and values, one a line")
    key_lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 2
        if str(key.value) in key_lines:
            return _Raw(line, {}, error=f'field "{key.value}" is there twice; take one out')
        key_lines[str(key.value)] = line
    record.setdefault("id", stem)
    return _Raw(1, {str(key): value for key, value in record.items()}, body, key_lines)


def _fields(raw: _Raw) -> tuple[CaseFields, str]:
    """The fields and the Markdown of a record of either form."""
    try:
        if "lang" in raw.record:
            return shared_fields(raw.record), _body_text(raw.record.get("text"))
        if raw.key_lines:
            return own_fields(raw.record, ""), raw.body
        known = ("text", *_PARTS)
        parts = {key: value for key, value in raw.record.items() if key in known}
        rest = {key: value for key, value in raw.record.items() if key not in known}
        fields = own_fields(rest, "")
        return fields, _body_text(parts.pop("text", None)) or _assembled(parts, fields)
    except FieldError as error:
        raise _Refused(raw.key_lines.get(error.key, raw.line), str(error)) from error


def _body_text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FieldError("text", "text must be Markdown text")
    return value


def _assembled(parts: Mapping[str, Any], fields: CaseFields) -> str:
    """Markdown out of the parts of a JSON record, under headings of the case's language."""
    blocks = [f"# {fields.title}"] if fields.title else []
    for key, kind in _PARTS.items():
        value = parts.get(key)
        if not value:
            continue
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = "\n".join(f"- {item}" for item in value)
        if not isinstance(value, str):
            raise FieldError(key, f"{key} must be text or a list of texts")
        blocks += [f"## {own_heading(kind, fields.language)}", value]
    return "\n\n".join(blocks)


def _case(fields: CaseFields, body: str, name: str, line: int) -> tuple[Case, tuple[str, ...]]:
    document = readable(body)
    if not document.text:
        raise _Refused(line, "no text; write the case's challenge, solution and outcomes")
    sections = sections_of(document)
    language = fields.language
    if not language:
        language = detect(document.text[:_DETECTION_SAMPLE]).language
        if not language:
            raise _Refused(line, "the language cannot be told; state it as `language`")
    title = fields.title or next(
        (s.heading for s in sections if s.kind is SectionKind.TITLE), fields.id
    )
    case = Case(
        id=fields.id,
        title=title,
        customer=fields.customer,
        name_public=fields.name_public,
        industry=fields.industry,
        region=fields.region,
        country=fields.country,
        language=language,
        roles=fields.roles,
        products=fields.products,
        valid_until=fields.valid_until,
        source=fields.source,
        path=name,
        text=document.text,
        text_hash=hashlib.sha256(document.text.encode("utf-8")).hexdigest(),
        sections=sections,
        outcomes=extract_outcomes(document.text, sections, language, load_taxonomy()),
        sample=fields.sample,
        missing=fields.missing,
        extra_names=fields.extra_names,
    )
    return case, document.hidden
