"""What a converter makes of a document: Markdown by place, or the rows of a case table.

It crosses from the parsing process to ours as JSON, so it holds nothing but text, numbers
and lists of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts.case import Place, Span
from knowledge_base.markdown import Block, BlockKind, Readable, readable
from knowledge_base.readers.limits import DOCUMENT_CHARACTERS
from knowledge_base.readers.reading import Refused

__all__ = [
    "Converted",
    "Part",
    "TableRow",
    "escaped",
    "from_message",
    "joined",
    "paragraph",
    "split_lines",
    "table_row",
    "to_message",
    "told",
    "too_long",
]

_HIDDEN_TEXTS = 100  # told of one document; the rest are counted
_HIDDEN_LENGTH = 500
# What `readable` would take for a mark. References are the one escape that nothing in
# Markdown reaches before they are resolved.
_MARKS = str.maketrans({mark: f"&#{ord(mark)};" for mark in "\\`*_[]<>&|~#"})
_LINE_START = re.compile(r"(\s*)([-+•]|\d{1,3}[.)])(?=\s)")
_LABEL = re.compile(r"\s*[^\W\d_][^:：.!?\n]{0,39}[:：]\s*\S")
_LINE_ENDS = (".", "!", "?", "。", "！", "？", ":", "：", ";")
_RULE = re.compile(r"\s*-[\s-]*-\s*$")
# Layout, not text: where a word may be broken, and control characters of the formats.
_LAYOUT = dict.fromkeys([0xAD, *range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])


@dataclass(frozen=True, slots=True)
class Part:
    """`place` is what a citation says of where it stands ("page 3"), "" for nowhere."""

    place: str
    markdown: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a case table: `cells` by field, as `columns` names them."""

    line: int
    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Converted:
    """`title` is what the document says of itself beside its text. `notes` are parts that
    were not read, each with its line and a reason: they become refusals beside the case."""

    parts: tuple[Part, ...] = ()
    title: str = ""
    hidden: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] | None = None  # None: a document
    notes: tuple[tuple[int, str], ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Converted:
        rows = value["rows"]
        return cls(
            parts=tuple(Part(**part) for part in value["parts"]),
            title=value["title"],
            hidden=tuple(value["hidden"]),
            rows=None if rows is None else tuple(TableRow(**row) for row in rows),
            notes=tuple((line, reason) for line, reason in value["notes"]),
        )


def escaped(text: str) -> str:
    """`text` so that `readable` gives it back as it is, but for runs of spaces."""
    return text.translate(_LAYOUT).translate(_MARKS)


def paragraph(text: str) -> str:
    """Escaped text as one paragraph: what looks like the mark of a list item stays text."""
    flat = re.sub(r"[ \t\n\r]+", " ", text).strip()
    if match := _LINE_START.match(flat):
        mark = match.group(2)
        return flat.replace(mark[-1], f"&#{ord(mark[-1])};", 1)
    return flat.replace("-", "&#45;", 1) if _RULE.match(flat) else flat


def split_lines(text: str) -> list[str]:
    """A paragraph at its line breaks, where they end a sentence or part labelled lines
    ("Customer: …"); elsewhere they were made for the layout, and the lines are one."""
    lines: list[str] = []
    for piece in text.split("\n"):
        last = lines[-1].rstrip() if lines else ""
        joins = last and piece.strip() and not last.endswith(_LINE_ENDS)
        if joins and not (_LABEL.match(piece) or _LABEL.match(last)):
            lines[-1] = f"{last} {piece.strip()}"
        else:
            lines.append(piece)
    return [line for line in lines if line.strip()]


def table_row(cells: Iterable[str]) -> str:
    """Escaped cells as one row; "" where all are empty."""
    flat = [" ".join(cell.split()) for cell in cells]
    while flat and not flat[-1]:
        flat.pop()
    if not any(flat):
        return ""
    return f"| {' | '.join(flat)} |"


def joined(
    parts: Sequence[Part], extra_hidden: Sequence[str]
) -> tuple[Readable, tuple[Place, ...]]:
    """The parts as one readable document, and where in its text each place begins.

    Raises:
        Refused: the parts are longer than `DOCUMENT_CHARACTERS`.
    """
    if sum(len(part.markdown) for part in parts) > DOCUMENT_CHARACTERS:
        raise Refused(0, too_long())
    texts: list[str] = []
    blocks: list[Block] = []
    hidden: list[str] = []
    places: list[Place] = []
    at = 0
    for part in parts:
        piece = readable(part.markdown)
        hidden += piece.hidden
        if not piece.text:
            continue
        if texts:
            at += 2
        if part.place and (not places or places[-1].label != part.place):
            places.append(Place(at, part.place))
        for block in piece.blocks:
            span = Span(block.span.start + at, block.span.end + at)
            blocks.append(Block(block.kind, span, block.level))
        texts.append(piece.text)
        at += len(piece.text)
    return Readable("\n\n".join(texts), tuple(blocks), told((*hidden, *extra_hidden))), tuple(
        places
    )


def to_message(document: Readable) -> dict[str, Any]:
    """A readable document as it crosses between the processes."""
    blocks = [(b.kind.value, b.span.start, b.span.end, b.level) for b in document.blocks]
    return {"text": document.text, "blocks": blocks, "hidden": list(told(document.hidden))}


def from_message(message: Mapping[str, Any]) -> Readable:
    """The document that `to_message` was given."""
    blocks = tuple(
        Block(BlockKind(kind), Span(start, end), level)
        for kind, start, end, level in message["blocks"]
    )
    return Readable(message["text"], blocks, tuple(message["hidden"]))


def too_long() -> str:
    return f"longer than {DOCUMENT_CHARACTERS:,} characters; split the document"


def told(hidden: Iterable[str]) -> tuple[str, ...]:
    """Hidden texts as they are reported: each once, short, and not without end."""
    flat = dict.fromkeys(" ".join(text.split())[:_HIDDEN_LENGTH] for text in hidden)
    flat.pop("", None)
    kept = list(flat)
    if len(kept) > _HIDDEN_TEXTS:
        kept = [*kept[:_HIDDEN_TEXTS], f"{len(kept) - _HIDDEN_TEXTS} more hidden texts"]
    return tuple(kept)
