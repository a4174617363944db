"""Word documents as Markdown.

python-docx opens them; the body is walked here, because what it offers leaves out text boxes,
tracked insertions and content controls. Headings come from styles, outline levels and short
bold lines; running heads, tables of contents, footnotes and deleted text are left out.
Comments and hidden runs (hidden font, white on no ground, one point high) are left out and
reported.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from knowledge_base.readers.converted import (
    Converted,
    Part,
    escaped,
    paragraph,
    split_lines,
    table_row,
)
from knowledge_base.readers.package import check_package
from knowledge_base.readers.reading import Refused

__all__ = ["convert_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    f"{_W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sectPr")
)
_HEADING = re.compile(r"heading\s*([1-9])")
_BOLD_LENGTH = 80
_BOLD_LEVEL = 3
_TINY = 4  # half points


def convert_docx(data: bytes, encoding: str = "") -> Converted:
    """The document as one part.

    Raises:
        Refused: encrypted, damaged, or no Word document.
    """
    del encoding
    check_package(data)
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise Refused(0, "damaged or no Word document; open it in Word and save it anew") from error
    walker = _Walker(_styles(document))
    walker.walk(document.element.body)
    hidden = [*walker.hidden, *_comments(document)]
    title = " ".join(str(document.core_properties.title or "").split())
    return Converted((Part("", "\n\n".join(walker.blocks())),), title, tuple(hidden))


class _Style:
    level: int  # of a heading, 0 for none
    title: bool
    item: bool
    quote: bool
    hidden: bool
    bold: bool

    def __init__(self, element: Any, base: _Style | None) -> None:
        name = element.find(f"{_W}name")
        self.name = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        self.level = base.level if base else 0
        if match := _HEADING.fullmatch(self.name):
            self.level = int(match.group(1))
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None:
            value = int(outline.get(f"{_W}val") or 9)
            self.level = value + 1 if value < 9 else 0
        self.title = self.name == "title" or bool(base and base.title)
        numbered = element.find(f"{_W}pPr/{_W}numPr") is not None
        self.item = (
            (numbered and not self.level)
            or self.name.startswith("list")
            or bool(base and base.item)
        )
        self.quote = "quote" in self.name or bool(base and base.quote)
        self.contents = self.name.startswith(("toc ", "table of figures", "index "))
        properties = element.find(f"{_W}rPr")
        self.hidden = _on(properties, "vanish") or bool(base and base.hidden)
        self.bold = _on(properties, "b") or bool(base and base.bold)


def _styles(document: Any) -> dict[str, _Style]:
    elements = {e.get(f"{_W}styleId"): e for e in document.styles.element.iter(f"{_W}style")}
    made: dict[str, _Style] = {}

    def make(name: str, depth: int) -> _Style | None:
        if name in made or name not in elements or depth > 20:  # a style based on itself
            return made.get(name)
        based = elements[name].find(f"{_W}basedOn")
        base = make(based.get(f"{_W}val"), depth + 1) if based is not None else None
        made[name] = _Style(elements[name], base)
        return made[name]

    for name in elements:
        make(name, 0)
    return made


class _Walker:
    def __init__(self, styles: dict[str, _Style]) -> None:
        self._styles = styles
        self._blocks: list[tuple[str, int, str]] = []  # kind, level, escaped text
        self.hidden: list[str] = []

    def blocks(self) -> Iterator[str]:
        """The Markdown blocks. Below a line in the style Title, headings go one level down."""
        titled = any(kind == "title" for kind, _, _ in self._blocks)
        for kind, level, text in self._blocks:
            if kind == "title":
                yield f"# {text}"
            elif kind == "heading":
                yield f"{'#' * min(6, level + titled)} {text}"
            elif kind == "item":
                yield f"- {text}"
            elif kind == "quote":
                yield f"> {text}"
            else:
                yield text

    def walk(self, container: Any, in_table: bool = False) -> None:
        for child in container.iterchildren():
            tag = child.tag
            if tag == f"{_W}p":
                self._paragraph(child, in_table)
            elif tag == f"{_W}tbl":
                self._table(child)
            elif tag not in _SKIPPED and tag != _FALLBACK and isinstance(tag, str):
                self.walk(child, in_table)  # content controls, insertions, smart tags

    def _paragraph(self, element: Any, in_table: bool) -> None:
        properties = element.find(f"{_W}pPr")
        style = self._styles.get(_value(properties, "pStyle")) or self._styles.get("Normal")
        if style is not None and style.contents:
            return
        boxes: list[Any] = []
        shaded = in_table or _has(properties, "shd")
        texts = list(self._runs(element, style, shaded, boxes))
        text = "".join(text for text, _ in texts)
        bold = bool(text.strip()) and all(bold for text, bold in texts if text.strip())
        self._add(properties, style, text, bold, in_table)
        for box in boxes:
            self.walk(box, in_table=True)  # its shape may have a ground of its own

    def _add(
        self, properties: Any, style: _Style | None, text: str, bold: bool, in_table: bool
    ) -> None:
        level = style.level if style else 0
        outline = _value(properties, "outlineLvl")
        if outline.isdigit() and int(outline) < 9:
            level = int(outline) + 1
        numbering = None if properties is None else properties.find(f"{_W}numPr/{_W}numId")
        if numbering is not None:
            item = numbering.get(f"{_W}val") != "0"
        else:
            item = bool(style and style.item)
        if style is not None and style.title:
            kind = "title"
        elif level:
            kind = "heading"
        elif item:
            kind = "item"
        elif style is not None and style.quote:
            kind = "quote"
        else:
            kind = "paragraph"
        flat = " ".join(text.split())
        short = len(flat) <= _BOLD_LENGTH and not flat.endswith((".", ",", ";", ":", "：", "。"))
        if kind == "paragraph" and bold and short and not in_table and any(map(str.isalpha, flat)):
            kind, level = "heading", _BOLD_LEVEL
        lines = split_lines(escaped(text)) if kind in ("paragraph", "quote") else [escaped(text)]
        for line in lines:
            if written := paragraph(line):
                self._blocks.append((kind, level, written))

    def _runs(
        self, element: Any, style: _Style | None, shaded: bool, boxes: list[Any]
    ) -> Iterator[tuple[str, bool]]:
        """The visible runs of a paragraph with whether they are bold."""
        for child in element.iterchildren():
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED or tag == _FALLBACK:
                continue
            if tag != f"{_W}r":
                yield from self._runs(child, style, shaded, boxes)
                continue
            text = _run_text(child, boxes)
            if not text:
                continue
            properties = child.find(f"{_W}rPr")
            own = self._styles.get(_value(properties, "rStyle"))
            if self._is_hidden(properties, own, style, shaded):
                self.hidden.append(text)
                continue
            bold = _on(properties, "b", bool((style and style.bold) or (own and own.bold)))
            yield text, bold

    def _is_hidden(
        self, properties: Any, own: _Style | None, style: _Style | None, shaded: bool
    ) -> bool:
        inherited = bool((own and own.hidden) or (style and style.hidden))
        if _on(properties, "vanish", inherited):
            return True
        size = _value(properties, "sz")
        if size.isdigit() and int(size) < _TINY:
            return True
        ground = shaded or _has(properties, "shd") or _has(properties, "highlight")
        return not ground and _value(properties, "color").upper() == "FFFFFF"

    def _table(self, table: Any) -> None:
        rows = [
            [cell for cell in row.iter(f"{_W}tc") if _owner(cell) is row]
            for row in table.iter(f"{_W}tr")
            if next(row.iterancestors(f"{_W}tbl"), None) is table
        ]
        if all(len(cells) < 2 for cells in rows):  # a frame around text
            for cells in rows:
                for cell in cells:
                    self.walk(cell, in_table=True)
            return
        for cells in rows:
            texts: list[str] = []
            for cell in cells:
                inner = _Walker(self._styles)
                inner.walk(cell, in_table=True)
                self.hidden += inner.hidden
                texts.append(" ".join(text.strip("| ") for _, _, text in inner._blocks))
                span = _value(cell.find(f"{_W}tcPr"), "gridSpan")
                texts += [""] * (min(int(span), 64) - 1 if span.isdigit() else 0)
            if row := table_row(texts):
                self._blocks.append(("row", 0, row))


def _owner(cell: Any) -> Any:
    return next(cell.iterancestors(f"{_W}tr"), None)


def _run_text(run: Any, boxes: list[Any]) -> str:
    """The text of a run itself; text boxes that hang on it are put aside."""
    parts: list[str] = []
    for child in run.iterchildren():
        tag = child.tag
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append(" ")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif isinstance(tag, str) and tag not in _SKIPPED:
            boxes += [
                box
                for box in child.iter(f"{_W}txbxContent")
                if next(box.iterancestors(_FALLBACK), None) is None
                and next(box.iterancestors(f"{_W}r"), None) is run
            ]
    return "".join(parts)


def _comments(document: Any) -> list[str]:
    try:
        return [comment.text for comment in document.comments]
    except (KeyError, AttributeError, ValueError):
        return []


def _value(properties: Any, name: str) -> str:
    element = None if properties is None else properties.find(f"{_W}{name}")
    return "" if element is None else str(element.get(f"{_W}val") or "")


def _has(properties: Any, name: str) -> bool:
    return properties is not None and properties.find(f"{_W}{name}") is not None


def _on(properties: Any, name: str, inherited: bool = False) -> bool:
    element = None if properties is None else properties.find(f"{_W}{name}")
    if element is None:
        return inherited
    return str(element.get(f"{_W}val") or "true").lower() not in ("0", "false", "off", "none")
