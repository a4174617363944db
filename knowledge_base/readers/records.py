"""Records as people write them, before anything is made of them: front matter above
Markdown, JSON, JSON lines, and the sidecar beside a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from contracts.case import SectionKind
from knowledge_base.fields import OWN_KEYS, CaseFields, FieldError, own_fields, shared_fields
from knowledge_base.readers.reading import Refused
from knowledge_base.sections import own_heading
from language import detect

__all__ = [
    "Record",
    "check_characters",
    "fields_and_body",
    "front_matter",
    "json_records",
    "mapping_with_lines",
]

_HEADER_LIMIT = 65_536  # characters of front matter or of a sidecar
_DETECTION_SAMPLE = 3000  # characters
_PARTS = {  # keys of a JSON record that hold the text in parts
    "challenge": SectionKind.CHALLENGE,
    "solution": SectionKind.SOLUTION,
    "outcomes": SectionKind.OUTCOME,
    "quote": SectionKind.QUOTE,
}
_FIELD_LINE = re.compile(rf"(?:{'|'.join(OWN_KEYS)})\s*:")


@dataclass(frozen=True, slots=True)
class Record:
    """`error` says why there is none where it is not even a record."""

    line: int
    values: Mapping[str, Any]
    body: str = ""
    key_lines: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    place: str = ""  # in its document, for the citation


def json_records(text: str, by_line: bool) -> Iterator[Record]:
    """One record a line, or one in all, or those of a list (bare, or as `cases`)."""
    if by_line:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield _parsed(line, number)
        return
    whole = _parsed(text, 1)
    if whole.error or not isinstance(whole.values.get("cases"), list):
        yield whole
        return
    for item in whole.values["cases"]:
        yield _as_record(item, 1)


def _parsed(text: str, line: int) -> Record:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = line + getattr(error, "lineno", 1) - 1
        return Record(at, {}, error="not valid JSON; mend or take out the record")
    if isinstance(value, list):
        return Record(line, {"cases": value})
    return _as_record(value, line)


def _as_record(value: object, line: int) -> Record:
    if not isinstance(value, dict):
        return Record(line, {}, error="not a record; give an object with id, language and text")
    return Record(line, value)


def front_matter(text: str, stem: str) -> Record | None:
    """A Markdown file with front matter as a record, with the line of every field; None
    where it has none, which is for a document to say."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---":
        if _has_lost_its_mark(lines):
            error = "the front matter does not begin; put --- above the case's fields"
            return Record(1, {}, error=error)
        return None
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() in {"---", "..."}), 0)
    if not end:
        return Record(1, {}, error="the front matter does not end; close it with ---")
    header = "\n".join(lines[1:end])
    try:
        values, key_lines = mapping_with_lines(header, 1, "the front matter")
    except Refused as refused:
        return Record(refused.line, {}, error=refused.reason)
    return Record(1, {"id": stem, **values}, "\n".join(lines[end + 1 :]), key_lines)


def _has_lost_its_mark(lines: list[str]) -> bool:
    """Fields of a case above a closing ---, in a file that does not open with one."""
    fields = 0
    for line in lines:
        if line.strip() == "---":
            return fields >= 2
        fields += bool(_FIELD_LINE.match(line))
        if line.startswith("#") and not fields:
            return False
    return False


def mapping_with_lines(text: str, above: int, what: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The fields of a YAML mapping and the line of each; `above` lines stand over it in its
    file, and `what` names it in messages.

    Raises:
        Refused: too long, not YAML, with aliases, no mapping, or a field that is there twice.
    """
    if len(text) > _HEADER_LIMIT:
        raise Refused(1, f"{what} is too long; give only the case's fields")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise Refused(above + 1, "YAML aliases are not read; write the values out")
        node = yaml.compose(text, yaml.SafeLoader)
        values = yaml.safe_load(text)
    except Refused:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Refused(above + line, f"{what} is not valid YAML; mend it") from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise Refused(above + 1, f"{what} must be fields and values, one a line")
    key_lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1 + above
        if str(key.value) in key_lines:
            raise Refused(line, f'field "{key.value}" is there twice; take one out')
        key_lines[str(key.value)] = line
    return {str(key): value for key, value in values.items()}, key_lines


def fields_and_body(record: Record) -> tuple[CaseFields, str]:
    """The fields and the Markdown of a record of either form.

    Raises:
        Refused: a field is unknown or has a value that cannot be taken.
    """
    if record.error:
        raise Refused(record.line, record.error)
    values = record.values
    check_characters(values, record.line)
    try:
        if "lang" in values:
            return shared_fields(values), _body_text(values.get("text"))
        if record.key_lines:
            return own_fields(values, ""), record.body
        known = ("text", *_PARTS)
        parts = {key: value for key, value in values.items() if key in known}
        rest = {key: value for key, value in values.items() if key not in known}
        fields = own_fields(rest, "")
        return fields, _body_text(parts.pop("text", None)) or _assembled(parts, fields)
    except FieldError as error:
        raise Refused(record.key_lines.get(error.key, record.line), str(error)) from error


def check_characters(values: Mapping[str, Any], line: int) -> None:
    """Raises Refused for half of a surrogate pair, which JSON and YAML can spell but which
    is no character and cannot be stored."""
    try:
        json.dumps(values, ensure_ascii=False, default=str).encode("utf-8")
    except (UnicodeEncodeError, RecursionError, TypeError) as error:
        raise Refused(line, "holds half a character (a lone surrogate); mend the text") from error


def _body_text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FieldError("text", "text must be Markdown text")
    return value


def _assembled(parts: Mapping[str, Any], fields: CaseFields) -> str:
    """Markdown out of the parts of a JSON record, under headings of the case's language."""
    texts: dict[SectionKind, str] = {}
    for key, kind in _PARTS.items():
        value = parts.get(key)
        if not value:
            continue
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = "\n".join(f"- {item}" for item in value)
        if not isinstance(value, str):
            raise FieldError(key, f"{key} must be text or a list of texts")
        texts[kind] = value
    # Headings in another language than the text would mislead what detects it later.
    language = fields.language or detect("\n".join(texts.values())[:_DETECTION_SAMPLE]).language
    blocks = [f"# {fields.title}"] if fields.title else []
    for kind, text in texts.items():
        blocks += [f"## {own_heading(kind, language)}", text]
    return "\n\n".join(blocks)
