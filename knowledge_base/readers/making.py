"""A case out of its fields and its readable text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.case import Case, Place, Section, SectionKind, Span
from knowledge_base.fields import CaseFields, FieldError, own_fields
from knowledge_base.labels import stated_fields, stated_lines, stated_twice
from knowledge_base.markdown import Readable
from knowledge_base.outcomes import extract_outcomes
from knowledge_base.planted import planted_within, without_planted
from knowledge_base.readers.reading import Refused
from knowledge_base.readers.records import check_characters, mapping_with_lines
from knowledge_base.sections import sections_of
from language import detect, load_taxonomy

__all__ = ["Sidecar", "document_fields", "make_case", "safe_id", "sidecar_of"]

_DETECTION_SAMPLE = 3000  # characters
_TITLE_LENGTH = 200
_HIDDEN_TEXTS = 20  # kept with a case, for `kb check` to tell later
_HIDDEN_LENGTH = 500  # characters of each
# Characters without the end of a sentence: no person wrote that, and looking for results in
# it takes time that grows with the square of its length.
_ENDLESS = 4_000
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")


class Sidecar:
    """The fields that a file beside a document states, each with its line."""

    def __init__(self, path: str, values: Mapping[str, Any], lines: Mapping[str, int]) -> None:
        self.path, self.values, self._lines = path, values, lines

    def check(self) -> None:
        try:
            check_characters(self.values, 1)
        except Refused as refused:
            raise Refused(1, refused.reason, path=self.path) from refused

    def refused(self, error: FieldError) -> Refused:
        return Refused(self._lines.get(error.key, 1), str(error), path=self.path)


def sidecar_of(text: str, path: str) -> Sidecar:
    """Raises Refused, with `path`, where the text is no YAML mapping."""
    try:
        values, lines = mapping_with_lines(text, 0, "the file")
    except Refused as refused:
        raise Refused(refused.line, refused.reason, path=path) from refused
    return Sidecar(path, values, lines)


def safe_id(name: str) -> str:
    """An id out of a file's name or an address: letters, digits, and . _ / - only."""
    made = re.sub(r"[^\w./-]+", "-", name)
    made = re.sub(r"^[\W_]+|[\W_]+$", "", re.sub(r"-{2,}", "-", made))
    return made[:200] or "document"


def document_fields(document: Readable, default_id: str, sidecar: Sidecar | None) -> CaseFields:
    """What is stated of a document that has no fields of its own: in its sidecar, or else in
    labelled lines of its text. A labelled line whose value is not known states nothing, and
    is told in `CaseFields.unrecognised`.

    Raises:
        Refused: a field of the sidecar is unknown or has a value that cannot be taken.
    """
    stated: dict[str, Any] = {}
    unrecognised = dict(stated_twice(document))
    for key, value in stated_fields(document).items():
        try:
            own_fields({key: value}, default_id)
        except FieldError:
            unrecognised[key] = value if isinstance(value, str) else ", ".join(value)
            continue
        stated[key] = value
    own = sidecar.values if sidecar else {}
    if sidecar is not None:
        sidecar.check()
    try:
        fields = own_fields({**stated, **own}, default_id)
        still = {key: value for key, value in unrecognised.items() if key not in own}
        return replace(fields, unrecognised=still)
    except FieldError as error:
        if sidecar is None:
            raise Refused(0, str(error)) from error
        raise sidecar.refused(error) from error


def make_case(
    fields: CaseFields,
    document: Readable,
    path: str,
    line: int,
    *,
    title: str = "",
    places: Sequence[Place] = (),
) -> Case:
    """The case with its sections and outcomes. `title` is what a document says of itself,
    for where neither a field nor a heading does.

    Raises:
        Refused: there is no text, or its language cannot be told.
    """
    if not document.text:
        raise Refused(line, "no text; write the case's challenge, solution and outcomes")
    left_out = stated_lines(document)
    if len(left_out) == len(document.blocks):
        raise Refused(line, "no text but fields; write the case's challenge, solution and outcomes")
    blocks = [block.span for block in document.blocks]
    sections = sections_of(document, left_out, planted_within(document.text, blocks))
    language = fields.language
    if not language:
        language = detect(document.text[:_DETECTION_SAMPLE]).language
        if not language:
            raise Refused(line, "the language cannot be told; state it as `language`")
    heading = next((s.heading for s in sections if s.kind is SectionKind.TITLE), "")
    return Case(
        id=fields.id,
        title=fields.title or heading or title[:_TITLE_LENGTH] or fields.id,
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
        path=path,
        text=document.text,
        text_hash=hashlib.sha256(document.text.encode("utf-8")).hexdigest(),
        sections=sections,
        outcomes=without_planted(
            document.text,
            extract_outcomes(
                document.text, _without_endless(document.text, sections), language, load_taxonomy()
            ),
        ),
        sample=fields.sample,
        missing=fields.missing,
        extra_names=fields.extra_names,
        places=tuple(places),
        hidden=tuple(text[:_HIDDEN_LENGTH] for text in document.hidden[:_HIDDEN_TEXTS]),
        unrecognised=fields.unrecognised,
    )


def _without_endless(text: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without the paragraphs that hold an endless sentence: no result is looked
    for in these."""
    kept: list[Section] = []
    for section in sections:
        start = section.span.start
        last = start
        for match in re.finditer(r"[^\n]+", section.span.of(text)):
            pieces = _SENTENCE_END.split(match.group())
            if max(map(len, pieces)) <= _ENDLESS:
                continue
            if start + match.start() > last:
                kept.append(replace(section, span=Span(last, start + match.start())))
            last = start + match.end()
        if last < section.span.end or last == start:
            kept.append(replace(section, span=Span(last, section.span.end)))
    return tuple(kept)
