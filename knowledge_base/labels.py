"""Fields of a case that a document states in labelled lines of its own text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.case import Span
from knowledge_base.label_lines import LabelLine, label_line
from knowledge_base.markdown import BlockKind, Readable
from knowledge_base.planted import planted_in

__all__ = ["stated_fields", "stated_lines", "stated_twice"]

_NEAR = 30  # blocks from the top and from the end within which a line may state a field


def stated_fields(document: Readable) -> Mapping[str, Any]:
    """The fields that lines such as "Customer: …" of `document` state, in the words of our
    own form (see `fields.OWN_KEYS`); empty where none does.

    Lines, list items and rows of two cells near the top or the end count, by a label known in
    any language (`data/labels.yaml`, `data/columns.yaml`). Values are as written, whether
    they are known or not. Nothing is guessed: a field that two lines state differently is
    left out (see `stated_twice`), and so is a value that speaks to a machine.
    """
    return {name: lines[0].value for name, lines in _by_field(document).items() if len(lines) == 1}


def stated_twice(document: Readable) -> Mapping[str, str]:
    """The fields that lines state differently, with all that they say."""
    return {
        name: " / ".join(line.written for line in lines)
        for name, lines in _by_field(document).items()
        if len(lines) > 1
    }


def stated_lines(document: Readable) -> tuple[Span, ...]:
    """Where the lines stand that state a field, in order: they are no part of the story."""
    return tuple(span for span, _ in _lines(document))


def _by_field(document: Readable) -> Mapping[str, list[LabelLine]]:
    """The different values that are stated of each field."""
    found: dict[str, list[LabelLine]] = {}
    for _, line in _lines(document):
        there = found.setdefault(line.field, [])
        if all(line.value != other.value for other in there) and not planted_in(line.written):
            there.append(line)
    return {name: lines for name, lines in found.items() if lines}


def _lines(document: Readable) -> Iterator[tuple[Span, LabelLine]]:
    blocks = document.blocks
    for number, block in enumerate(blocks):
        near = number < _NEAR or number >= len(blocks) - _NEAR
        if not near or block.kind in (BlockKind.HEADING, BlockKind.QUOTE):
            continue
        line = label_line(block.span.of(document.text))
        if line is not None:
            yield block.span, line
