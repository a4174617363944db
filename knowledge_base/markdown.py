"""The readable text of a Markdown document, in blocks that spans can point into."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import StrEnum

from contracts.case import Span
from knowledge_base.label_lines import label_line
from language import is_cjk

__all__ = ["Block", "BlockKind", "Readable", "readable"]

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_HIDDEN = re.compile(
    r"<(\w+)\b[^<>]*?(?:\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0)"
    r"[^<>]*>(.*?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_DROPPED = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|cite|code|dd|details|div|dl|dt|em|figcaption|figure|font"
    r"|h[1-6]|hr|i|iframe|img|input|kbd|li|mark|ol|p|pre|q|s|small|span|strong|sub|summary|sup"
    r"|table|tbody|td|th|thead|tr|u|ul|video)\b[^<>]*/?>",
    re.IGNORECASE,
)
# Characters that nobody sees: zero-width, direction marks, tags, soft hyphen.
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(.*)$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    span: Span  # in the readable text
    level: int = 0  # of a heading, 1 to 6


@dataclass(frozen=True, slots=True)
class Readable:
    """`hidden` is what a reader of the rendered page would not have seen: comments, hidden
    elements, and how many invisible characters there were. None of it is in `text`."""

    text: str
    blocks: tuple[Block, ...]
    hidden: tuple[str, ...]


def readable(markdown: str) -> Readable:
    """What a person reads of `markdown`: marks, links' addresses, images, code blocks and
    HTML tags taken away, wrapped lines joined, one blank line between blocks (paragraphs,
    headings, list items, quotations, table rows, and lines of a run that states fields, as
    "Customer: …" does). Characters that stay are unchanged."""
    source = markdown.replace("\r\n", "\n").replace("\r", "\n")
    hidden: list[str] = []
    for pattern, group in ((_COMMENT, 1), (_HIDDEN, 2)):
        hidden.extend(" ".join(m.group(group).split()) for m in pattern.finditer(source))
        source = pattern.sub("", source)
    source = _DROPPED.sub("", source)
    if unseen := _UNSEEN.findall(source):
        hidden.append(f"{len(unseen)} invisible characters")
        source = _UNSEEN.sub("", source)
    parts: list[str] = []
    blocks: list[Block] = []
    place = 0
    for kind, level, lines in _blocks(source):
        text = _inline(_join(lines))
        if not text:
            continue
        if parts:
            parts.append("\n\n")
            place += 2
        blocks.append(Block(kind, Span(place, place + len(text)), level))
        parts.append(text)
        place += len(text)
    return Readable("".join(parts), tuple(blocks), tuple(h for h in hidden if h))


def _blocks(source: str) -> list[tuple[BlockKind, int, list[str]]]:
    found: list[tuple[BlockKind, int, list[str]]] = []
    fence = ""
    open_block = False  # whether the next line may go on with the last block
    labels = 0  # lines of the open block's run that state a field, each a block of its own
    for line in source.split("\n"):
        if match := _FENCE.match(line):
            mark = match.group(1)
            if not fence:
                fence, open_block = mark, False
                continue
            if mark.startswith(fence[:3]) and len(mark) >= len(fence):
                fence = ""
                continue
        if fence:
            continue
        if not line.strip() or _RULE.match(line):
            open_block = False
        elif match := _HEADING.match(line):
            found.append((BlockKind.HEADING, len(match.group(1)), [match.group(2)]))
            open_block = False
        elif line.lstrip().startswith(">"):
            inner = re.sub(r"^\s*>\s?", "", line)
            if open_block and found[-1][0] is BlockKind.QUOTE:
                found[-1][2].append(inner)
            else:
                found.append((BlockKind.QUOTE, 0, [inner]))
            open_block, labels = bool(inner.strip()), 0
        elif match := _ITEM.match(line):
            found.append((BlockKind.ITEM, 0, [match.group(1)]))
            open_block, labels = True, 0
        elif line.lstrip().startswith("|"):
            if not _TABLE_RULE.match(line):
                cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
                found.append((BlockKind.TABLE, 0, [" | ".join(cells)]))
            open_block = False
        elif (labels or not open_block) and label_line(line) is not None:
            labels = labels + 1 if open_block else 1
            found.append((BlockKind.PARAGRAPH, 0, [line]))
            open_block = True
        elif open_block and labels < 2:
            found[-1][2].append(line)
            labels = 0
        else:
            found.append((BlockKind.PARAGRAPH, 0, [line]))
            open_block, labels = True, 0
    return found


def _join(lines: list[str]) -> str:
    """Wrapped lines as one; no space between characters of scripts that have none."""
    text = ""
    for line in (line.strip(" \t") for line in lines):
        if not line:
            continue
        glued = text and is_cjk(text[-1]) and is_cjk(line[0])
        text = text + line if glued or not text else f"{text} {line}"
    return text


def _inline(text: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'].*?[\"'])?\)", "", text)
    text = re.sub(
        r"\[([^\[\]]+)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'].*?[\"'])?\)", r"\1", text
    )
    text = re.sub(r"\[([^\[\]]+)\]\[[^\]]*\]", r"\1", text)
    text = re.sub(r"<(https?://[^>\s]+|[^>\s@]+@[^>\s]+)>", r"\1", text)
    text = _TAG.sub("", text)
    text = re.sub(r"(`+)(.+?)\1", r"\2", text)
    text = re.sub(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![^\W_])(_{1,3})(?=\S)(.+?)(?<=\S)\1(?![^\W_])", r"\2", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    text = html.unescape(text)
    return re.sub(r"[ \t\n]+", " ", text).strip()
