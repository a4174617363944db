"""Plain text as Markdown: the headings that its lines are."""

from __future__ import annotations

import re

from contracts.case import SectionKind
from knowledge_base.readers.converted import Converted, Part, escaped, paragraph, split_lines
from knowledge_base.sections import heading_of

__all__ = ["convert_text"]

_TITLE_LENGTH = 120
_ENDS = (".", ",", ";", "。", "，", "；", "!", "！")
_BULLET = re.compile(r"\s*(?:[-*+•–·]|\d{1,3}[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|\*{3,}|_{3,})\s*$")


def convert_text(text: str) -> Converted:
    """A line of its own that is the name of a case's part ("Results") opens that part; a
    first line of its own that is no sentence is the title; lines with bullets are items;
    indented or wrapped lines belong to their paragraph."""
    groups = [
        [line for line in group.split("\n") if line.strip() and not _UNDERLINE.match(line)]
        for group in re.split(r"\n[ \t\f]*\n", text.strip("\n"))
    ]
    groups = [group for group in groups if group]
    blocks: list[str] = []
    for index, group in enumerate(groups):
        alone = len(group) == 1
        first = group[0].strip()
        if heading_of(first) is not SectionKind.OTHER:
            blocks.append(f"## {paragraph(escaped(first.rstrip(':：')))}")
            group = group[1:]
        elif not index and alone and len(groups) > 1 and _is_title(first):
            blocks.append(f"# {paragraph(escaped(first))}")
            group = []
        blocks += _blocks(group)
    return Converted((Part("", "\n\n".join(blocks)),))


def _is_title(line: str) -> bool:
    return (
        len(line) <= _TITLE_LENGTH
        and not line.endswith(_ENDS)
        and not _BULLET.match(line)
        and not re.match(r"[^:：]{1,40}[:：]\s*\S", line)
    )


def _blocks(lines: list[str]) -> list[str]:
    pieces: list[tuple[bool, list[str]]] = []
    for line in lines:
        if match := _BULLET.match(line):
            pieces.append((True, [line[match.end() :]]))
        elif pieces and (not pieces[-1][0] or line[:1].isspace()):
            pieces[-1][1].append(line)
        else:
            pieces.append((False, [line]))
    blocks: list[str] = []
    for item, texts in pieces:
        if item:
            blocks.append(f"- {paragraph(escaped(' '.join(texts)))}")
        else:
            written = (paragraph(escaped(line)) for line in split_lines("\n".join(texts)))
            blocks += [line for line in written if line]
    return blocks
