"""The elements of a page as Markdown blocks."""

from __future__ import annotations

import re
from typing import Any

from knowledge_base.readers.converted import escaped, paragraph, split_lines, table_row

__all__ = ["blocks_of"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_BREAK = "\n"


def blocks_of(element: Any) -> list[str]:
    """Markdown blocks of everything in `element`, in order; none is empty."""
    writer = _Writer()
    writer.walk(element)
    writer.close()
    return writer.blocks


class _Writer:
    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._inline: list[str] = []

    def walk(self, element: Any) -> None:
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child)
            self._text(child.tail)

    def close(self) -> None:
        """End the paragraph that is open."""
        text, self._inline = "".join(self._inline), []
        for line in split_lines(text):
            if flat := paragraph(line):
                self.blocks.append(flat)

    def _child(self, child: Any) -> None:
        tag = child.tag
        if tag not in _BLOCKS:
            self._inline_child(child)
            return
        self.close()
        if tag in _HEADINGS:
            if text := _flat(child):
                self.blocks.append(f"{'#' * _HEADINGS[tag]} {text}")
        elif tag in ("ul", "ol", "dir"):
            self._list(child)
        elif tag == "blockquote":
            self._nested(child, "> ")
        elif tag == "table":
            self._table(child)
        elif tag == "dl":
            self._definitions(child)
        else:
            self.walk(child)
        self.close()

    def _inline_child(self, child: Any) -> None:
        if child.tag == "br":
            self._inline.append(_BREAK)
        elif child.tag == "q":
            self._inline.append("“")
            self.walk(child)
            self._inline.append("”")
        else:
            self.walk(child)

    def _text(self, text: str | None) -> None:
        if text:
            self._inline.append(escaped(text).replace("\n", " ").replace("\r", " "))

    def _nested(self, element: Any, prefix: str) -> None:
        inner = _Writer()
        inner.walk(element)
        inner.close()
        for block in inner.blocks:
            self.blocks.append(block if block.startswith(("#", "|", "- ")) else prefix + block)

    def _list(self, element: Any) -> None:
        for item in element:
            if not isinstance(item.tag, str):
                continue
            inner = _Writer()
            inner.walk(item) if item.tag == "li" else inner._child(item)
            inner.close()
            if not inner.blocks:
                continue
            first, *rest = inner.blocks
            self.blocks.append(first if first.startswith(("#", "|", "> ", "- ")) else f"- {first}")
            self.blocks += rest

    def _definitions(self, element: Any) -> None:
        """Each term with its text as "term: text": how a fact box reads."""
        term = ""
        for item in element.iter("dt", "dd"):
            if item.tag == "dt":
                if term:
                    self.blocks.append(paragraph(term))
                term = _flat(item)
                continue
            inner = _Writer()
            inner.walk(item)
            inner.close()
            if inner.blocks and term:
                colon = "" if term.endswith((":", "：")) else ":"
                if not inner.blocks[0].startswith(("#", "|", "> ", "- ")):
                    inner.blocks[0] = paragraph(f"{term}{colon} {inner.blocks[0]}")
                else:
                    self.blocks.append(paragraph(term))
            term = ""
            self.blocks += inner.blocks
        if term:
            self.blocks.append(paragraph(term))

    def _table(self, element: Any) -> None:
        rows = [
            [cell for cell in row if cell.tag in ("td", "th")]
            for row in element.iter("tr")
            if next(row.iterancestors("table"), None) is element
        ]
        caption = element.find("caption")
        if caption is not None and (text := _flat(caption)):
            self.blocks.append(paragraph(text))
        if element.find(".//table") is not None or all(len(row) < 2 for row in rows):
            for row in rows:  # a table for the layout: its cells are the text
                for cell in row:
                    self.walk(cell)
                    self.close()
            return
        for row in rows:
            line = table_row(_cell(cell) for cell in row)
            if line:
                self.blocks.append(line)


def _cell(cell: Any) -> str:
    inner = _Writer()
    inner.walk(cell)
    inner.close()
    return " ".join(re.sub(r"^(?:- |> |#+ |\| | +)", "", block) for block in inner.blocks)


def _flat(element: Any) -> str:
    """The text of an element as one escaped line."""
    inner = _Writer()
    inner.walk(element)
    text = "".join(inner._inline)
    return " ".join(" ".join([*inner.blocks, text]).split())
