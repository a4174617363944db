"""Lines of PDF pages as Markdown: what is a heading, a paragraph, an item, a table row, and
what is only furniture of the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge_base.label_lines import label_line
from knowledge_base.readers.converted import escaped, paragraph, table_row
from knowledge_base.readers.pdf_lines import Line
from language import is_cjk

__all__ = ["Block", "Page", "blocks_of_pages", "markdown_of"]

_EDGE = 0.12  # of the page's height: where running heads and feet stand
_EDGE_LINES = 3  # of a page at either edge that may be furniture
_REPEATED = 3  # pages on which a line at the edge makes it a running head
_PAGE_NUMBER = re.compile(
    r"\W*(?:[^\W\d_]{1,10}\.?\s*)?\d{1,4}(?:\s*(?:/|\||[^\W\d_]{1,5})\s*\d{1,4})?\W*"
)
_LARGER = 1.15  # than the running text: a heading
_HEADING_LENGTH = 200
_BOLD_HEADING = 80
_LEADING = 1.75  # times the font size between two baselines: a new paragraph
_ITEM = re.compile(
    r"\s*(?:[•‣◦▪▫●○■□–—*·\uf0b7\uf0a7\uf02d\u2756\u27a2\u2713\u2714➔➤-]\s*(?=\S)|(\d{1,3}[.)])\s+)"
)
_ENDS = (".", "!", "?", "。", "！", "？", "”", '"', ":", "：", "»", "」")
_FIGURE = re.compile(r"\W{0,3}\d[\d.,\s]*\W{0,3}(?:[^\W\d_]{1,4})?\W{0,2}")
_HYPHEN_END = re.compile(r"[^\W\d_](?:-|\x02|\u00ad|\u2010)$")
_LAST_WORD = re.compile(r"([^\W\d_]+)[-\x02\u00ad\u2010]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_COLUMN_WORDS = 5  # words that the cells of a line have on average where columns stand side by side


@dataclass(slots=True)
class Page:
    number: int  # from 1
    height: float
    lines: list[Line]


@dataclass(slots=True)
class Block:
    kind: str  # "heading", "paragraph", "item", "row"
    page: int
    lines: list[str] = field(default_factory=list)
    size: float = 0.0
    bold: bool = False
    level: int = 0
    mark: str = ""  # of a numbered item
    right: float = 0.0  # where its last line ends


def blocks_of_pages(pages: Sequence[Page]) -> list[Block]:
    """Every block of the document; a paragraph that runs over a page's end is one, on the
    page where it begins."""
    furniture = _furniture(pages)
    kept = [
        Page(
            page.number,
            page.height,
            [line for i, line in enumerate(page.lines) if (page.number, i) not in furniture],
        )
        for page in pages
    ]
    body = _body_size(kept)
    blocks: list[Block] = []
    for page in kept:
        fresh = list(_page_blocks(page, body))
        if blocks and fresh and _runs_over(blocks[-1], fresh[0]):
            blocks[-1].lines += fresh.pop(0).lines
        blocks += fresh
    _set_levels(blocks, body)
    return blocks


def markdown_of(block: Block, words: frozenset[str]) -> str:
    """One block; `words` are those of the document, to tell a hyphen that belongs to a word
    from one that breaks it."""
    if block.kind == "row":
        return block.lines[0]
    text = paragraph(escaped(_unbroken(block.lines, words)))
    if not text:
        return ""
    if block.kind == "heading":
        return f"{'#' * block.level} {text}"
    if block.kind == "item":
        return f"{block.mark or '-'} {text}"
    return text


def _furniture(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Running heads, running feet and page numbers: page and index of the line."""
    at_edge: dict[str, list[tuple[int, int]]] = {}
    numbers: set[tuple[int, int]] = set()
    for page in pages:
        order = sorted(range(len(page.lines)), key=lambda i: -page.lines[i].top)
        candidates = {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}
        for index in candidates:
            line = page.lines[index]
            at_top = line.bottom > (1 - _EDGE) * page.height
            if not at_top and line.top >= _EDGE * page.height:
                continue
            key = f"{at_top} {re.sub(r'[0-9]+', '#', line.text)}"
            at_edge.setdefault(key, []).append((page.number, index))
            if len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text) and len(line.text) <= 20:
                numbers.add((page.number, index))
    repeated = {
        place
        for places in at_edge.values()
        if len({page for page, _ in places}) >= min(_REPEATED, max(2, len(pages)))
        for place in places
    }
    return repeated | numbers


def _body_size(pages: Sequence[Page]) -> float:
    """The size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _page_blocks(page: Page, body: float) -> Iterator[Block]:
    lines = list(_in_columns(page.lines))
    last: Block | None = None
    before: Line | None = None
    margin = max((line.right for line in lines), default=0.0)
    rows = _table_rows(lines)
    for index, line in enumerate(lines):
        if index in rows:
            if last is not None:
                yield last
            last = None
            row = table_row(paragraph(escaped(text)) for text in rows[index])
            if row:
                yield Block("row", page.number, [row])
            before = line
            continue
        fresh = _block(line, page.number, body)
        if last is not None and before is not None and _goes_on(last, before, fresh, line, margin):
            last.lines += fresh.lines
            last.right = fresh.right
        else:
            if last is not None:
                yield last
            last = fresh
        before = line
    if last is not None:
        yield last


def _block(line: Line, page: int, body: float) -> Block:
    text = line.text
    kind, mark = "paragraph", ""
    if match := _ITEM.match(text):
        kind, mark = "item", match.group(1) or ""
        text = text[match.end() :]
    if _is_heading(line, body) and (kind == "paragraph" or mark):
        kind, text, mark = "heading", line.text, ""
    return Block(
        kind, page, [text], size=_rounded(line.size), bold=line.bold, mark=mark, right=line.right
    )


def _is_heading(line: Line, body: float) -> bool:
    text = line.text
    letters = sum(char.isalpha() for char in text)
    # A number set large is a result, not a heading: "38 %", "3x faster".
    counts = any(char.isdigit() for char in text) and len(text.split()) < 4 and letters < 16
    if letters < 2 or counts or len(text) > _HEADING_LENGTH:
        return False
    if line.size >= _LARGER * body:
        return True
    plain = len(text) <= _BOLD_HEADING and not text.endswith((".", ",", ";", ":", "。", "，", "："))
    return line.bold and line.size >= 0.95 * body and plain and len(line.cells) == 1


def _goes_on(last: Block, before: Line, fresh: Block, line: Line, margin: float) -> bool:
    """Whether a line belongs to the block above it."""
    if _is_figure(last) and fresh.kind == "paragraph" and last.size > fresh.size:
        last.size = fresh.size  # "38 %" set large above what it is the figure of
        return True
    if label_line(last.lines[-1]) is not None and label_line(line.text) is not None:
        return False  # "Customer: …" above "Industry: …" are two fields, however near they stand
    if fresh.kind == "item" or last.kind == "row" or abs(last.size - fresh.size) > 0.5:
        return False
    drop = before.bottom - line.bottom
    if drop > _LEADING * line.size or drop < -line.size * 2:
        # Further down, or up again: only an unfinished sentence goes on in the next column.
        return drop < 0 and last.kind == "paragraph" == fresh.kind and _unfinished(last, fresh)
    if last.kind == "heading" or fresh.kind == "heading":
        return last.kind == fresh.kind and last.bold == fresh.bold
    if last.kind == "item":
        return line.left > before.left - 1 or line.left >= before.left - line.size * 0.5
    short = before.right < margin - 0.25 * (margin - line.left)
    return not (short and last.lines[-1].endswith(_ENDS))


def _is_figure(block: Block) -> bool:
    text = block.lines[0]
    return block.kind == "paragraph" and len(block.lines) == 1 and bool(_FIGURE.fullmatch(text))


def _unfinished(last: Block, fresh: Block) -> bool:
    end, start = last.lines[-1], fresh.lines[0]
    if not end or not start or end.endswith(_ENDS):
        return False
    return start[0].islower() or is_cjk(start[0]) or start[0].isdigit() or end.endswith(",")


def _runs_over(last: Block, first: Block) -> bool:
    same = abs(last.size - first.size) <= 0.5
    return (
        same
        and last.kind in ("paragraph", "item")
        and first.kind == "paragraph"
        and _unfinished(last, first)
    )


def _in_columns(lines: Sequence[Line]) -> Iterator[Line]:
    """Running text in columns that was written across them: one column after the other.

    Only where at least four lines one below the other have the same gutter and cells as long
    as sentences; the cells of a table are shorter.
    """
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and len(lines[end].cells) == len(lines[start].cells) > 1:
            end += 1
        group = lines[start:end]
        words = sum(len(cell.text.split()) for line in group for cell in line.cells)
        cells = sum(len(line.cells) for line in group)
        if len(group) >= 4 and words >= _COLUMN_WORDS * cells:
            for column in range(len(group[0].cells)):
                for line in group:
                    cell = line.cells[column]
                    yield Line([cell], line.top, line.bottom, line.size, line.bold)
        else:
            end = max(end, start + 1)
            yield from lines[start:end]
        start = end


def _table_rows(lines: Sequence[Line]) -> dict[int, list[str]]:
    """The lines that are table rows, with their cells: two or more lines one below the
    other with cells that begin or end in the same places."""
    rows: dict[int, list[str]] = {}
    for (at, above), (under, below) in pairwise(enumerate(lines)):
        if len(above.cells) < 2 or len(below.cells) < 2:
            continue
        near = 0 < above.bottom - below.bottom < 4 * max(above.size, below.size)
        if near and _aligned(above, below) >= min(2, len(above.cells), len(below.cells)):
            for index in (at, under):
                rows[index] = [cell.text for cell in lines[index].cells]
    return rows


def _aligned(above: Line, below: Line) -> int:
    count = 0
    for cell in below.cells:
        if any(
            min(
                abs(cell.left - other.left),
                abs(cell.right - other.right),
                abs((cell.left + cell.right) - (other.left + other.right)) / 2,
            )
            < below.size
            for other in above.cells
        ):
            count += 1
    return count


def _set_levels(blocks: Sequence[Block], body: float) -> None:
    """Levels by size, the largest first; bold headings of the running text's size last. The
    largest is the title only if it stands before all others."""
    headings = [block for block in blocks if block.kind == "heading"]
    sizes = sorted({block.size for block in headings if block.size >= _LARGER * body}, reverse=True)
    levels = {size: min(6, level) for level, size in enumerate(sizes, start=1)}
    lowest = min(6, len(sizes) + 1)
    for block in headings:
        block.level = levels.get(block.size, lowest)
    if (
        headings
        and headings[0].level > 1
        and not any(b.level == 1 and b.page == 1 for b in headings)
    ):
        headings[0].level = 1


def _unbroken(lines: Sequence[str], words: frozenset[str]) -> str:
    """Lines as one, without the hyphens that only broke a word at a line's end."""
    text = ""
    for line in lines:
        line = line.strip()
        if not text:
            text = line
        elif _HYPHEN_END.search(text) and (first := _FIRST_WORD.match(line)):
            last = _LAST_WORD.search(text)
            head = last.group(1) if last else ""
            whole, kept = f"{head}{first.group()}".lower(), f"{head}-{first.group()}".lower()
            hard = not text.endswith("\u00ad")
            keeps = hard and (not line[0].islower() or (kept in words and whole not in words))
            text = f"{text[:-1]}-{line}" if keeps else text[:-1] + line
        elif is_cjk(text[-1]) and line and is_cjk(line[0]):
            text += line
        else:
            text = f"{text} {line}"
    return text.replace("\x02", "-")
