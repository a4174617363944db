"""Pieces of a case that are retrieved: small enough to say one thing, whole enough to read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from contracts.case import Case, Passage, Section, SectionKind, Span
from language import sentences

__all__ = ["passage_of", "split_passages"]

LIMIT = 900  # letters of a passage; only a single longer sentence exceeds it
# A Han or Kana character says as much as some three letters, and takes as much of what an
# embedding model reads (256 tokens for the bundled one).
_WEIGHT = 3
_DENSE = re.compile("[\u3005-\ud7af\uf900-\ufaff]")
_BREAK = re.compile(r"\n\n")


def split_passages(case: Case) -> tuple[Passage, ...]:
    """The passages of a case in order of kind and place; none for an empty text.

    Challenge, solution and quotation by paragraph; each outcome sentence by itself; what
    else stands under an outcome heading, and other text, in runs of paragraphs up to 900
    characters (300 of Chinese or Japanese). A longer paragraph is split between sentences.
    The title is no passage. Ids are stable: case, kind, position within the
    kind, and a short hash of the text.
    """
    found: list[tuple[SectionKind, Span]] = []
    for section in case.sections or (Section(SectionKind.OTHER, "", Span(0, len(case.text))),):
        if section.kind is SectionKind.TITLE:
            continue
        found.extend(_of_section(case, section))
    ordinals: dict[SectionKind, int] = {}
    passages = []
    for kind, span in found:
        ordinals[kind] = ordinals.get(kind, 0) + 1
        passages.append(passage_of(case, kind, span, ordinals[kind]))
    return tuple(passages)


def passage_of(case: Case, kind: SectionKind, span: Span, ordinal: int) -> Passage:
    """The passage at `span` of the case's text; `ordinal` counts from 1 within the kind."""
    text = span.of(case.text)
    short = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    return Passage(
        id=f"{case.id}:{kind.value}:{ordinal}:{short}",
        case_id=case.id,
        title=case.title,
        kind=kind,
        text=text,
        language=case.language,
        span=span,
        text_hash=case.text_hash,
        source=case.source,
        path=case.path,
        place=case.place_of(span),
    )


def _of_section(case: Case, section: Section) -> Iterator[tuple[SectionKind, Span]]:
    if section.kind is not SectionKind.OUTCOME:
        joined = section.kind is SectionKind.OTHER
        for span in _runs(case, list(_paragraphs(case.text, section.span)), joined):
            yield section.kind, span
        return
    # Several results of one sentence are one passage.
    stated = list(dict.fromkeys(o.span for o in case.outcomes if section.span.covers(o.span)))
    for span in stated:
        yield SectionKind.OUTCOME, span
    rest = [
        part
        for paragraph in _paragraphs(case.text, section.span)
        for part in _without(case, paragraph, stated)
    ]
    for span in _runs(case, rest, joined=True):
        yield SectionKind.OTHER, span


def _paragraphs(text: str, within: Span) -> Iterator[Span]:
    start = within.start
    for match in _BREAK.finditer(text, within.start, within.end):
        if match.start() > start:
            yield Span(start, match.start())
        start = match.end()
    if within.end > start:
        yield Span(start, within.end)


def _without(case: Case, paragraph: Span, stated: Sequence[Span]) -> Iterator[Span]:
    """What is left of a paragraph beside the sentences that are passages already."""
    inside = sorted((s for s in stated if paragraph.covers(s)), key=lambda s: s.start)
    start = paragraph.start
    for span in [*inside, Span(paragraph.end, paragraph.end)]:
        left = case.text[start : span.start]
        lead = len(left) - len(left.lstrip())
        if left.strip():
            yield Span(start + lead, start + len(left.rstrip()))
        start = span.end


def _runs(case: Case, parts: Sequence[Span], joined: bool) -> Iterator[Span]:
    """Parts as they are or, joined, neighbours together up to the limit; long ones split."""
    current: Span | None = None
    for part in (piece for span in parts for piece in _fitting(case, span)):
        if current is None:
            current = part
        elif (
            joined
            and _size(case.text, current.start, part.end) <= LIMIT
            and _adjacent(case, current, part)
        ):
            current = Span(current.start, part.end)
        else:
            yield current
            current = part
    if current is not None:
        yield current


def _size(text: str, start: int, end: int) -> int:
    dense = sum(1 for _ in _DENSE.finditer(text, start, end))
    return end - start + dense * (_WEIGHT - 1)


def _adjacent(case: Case, first: Span, second: Span) -> bool:
    return not case.text[first.end : second.start].strip()


def _fitting(case: Case, span: Span) -> Iterator[Span]:
    if _size(case.text, span.start, span.end) <= LIMIT:
        yield span
        return
    start = end = span.start
    for sentence in sentences(span.of(case.text), case.language):
        last = span.start + sentence.end
        if end > start and _size(case.text, start, last) > LIMIT:
            yield Span(start, end)
            start = span.start + sentence.start
        end = last
    if end > start:
        yield Span(start, end)
