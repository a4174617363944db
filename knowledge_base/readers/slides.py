"""PowerPoint presentations as Markdown, slide by slide.

Speaker notes are not case text: they are written for one speaker and often say what must not
be printed, so they are neither taken nor reported. Charts and diagrams are not read either.
Left out and reported: hidden slides, hidden shapes, text beside the slide. Dates, footers,
slide numbers and what stands on most slides are left out.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.readers.converted import (
    Converted,
    Part,
    escaped,
    paragraph,
    split_lines,
    table_row,
)
from knowledge_base.readers.limits import SLIDES
from knowledge_base.readers.package import check_package
from knowledge_base.readers.reading import Refused

__all__ = ["convert_pptx"]

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FURNITURE = frozenset(("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"))
_BULLETED = frozenset(("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"))
_GROUPS = 20  # groups inside one another
_REPEATED = 3  # slides on which a short line makes it furniture, if these are most of them
_REPEATED_LENGTH = 80


@dataclass(slots=True)
class _Slide:
    number: int
    title: str = ""
    blocks: list[str] = field(default_factory=list)


def convert_pptx(data: bytes, encoding: str = "") -> Converted:
    """One part a slide, placed "slide 2".

    Raises:
        Refused: encrypted, damaged, no presentation, or more than `SLIDES` slides.
    """
    del encoding
    check_package(data)
    from pptx import Presentation

    try:
        deck = Presentation(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise Refused(
            0, "damaged or no presentation; open it in PowerPoint and save it anew"
        ) from error
    count = len(deck.slides)
    if count > SLIDES:
        raise Refused(0, f"has {count:,} slides, {SLIDES:,} at most; split it")
    hidden: list[str] = []
    slides: list[_Slide] = []
    bounds = (deck.slide_width or 0, deck.slide_height or 0)
    for number, slide in enumerate(deck.slides, start=1):
        read = _Slide(number)
        _read(slide, read, bounds, hidden)
        if slide._element.get("show") in ("0", "false"):
            hidden.append(" ".join([read.title, *read.blocks]))
        else:
            slides.append(read)
    title = " ".join(str(deck.core_properties.title or "").split())
    if title.lower() in ("powerpoint presentation", "powerpoint-präsentation"):
        title = ""
    return Converted(tuple(_parts(slides)), title, tuple(hidden))


def _parts(slides: list[_Slide]) -> Iterator[Part]:
    seen = Counter(block for slide in slides for block in set(slide.blocks))
    often = max(_REPEATED, (len(slides) + 1) // 2)
    for index, slide in enumerate(slides):
        mark = "##" if index else "#"
        kept = [
            block for block in slide.blocks if len(block) > _REPEATED_LENGTH or seen[block] < often
        ]
        texts = [*([f"{mark} {slide.title}"] if slide.title else []), *kept]
        if texts:
            yield Part(f"slide {slide.number}", "\n\n".join(texts))


def _read(slide: Any, into: _Slide, bounds: tuple[int, int], hidden: list[str]) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        into.title = paragraph(escaped(" ".join(title.text_frame.text.split())))
    for shape in _shapes(slide.shapes, 0):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        kind = shape.placeholder_format.type.name if _has_kind(shape) else ""
        if kind in _FURNITURE:
            continue
        blocks = list(_blocks(shape, kind))
        if _is_unseen(shape, bounds):
            hidden += blocks
        else:
            into.blocks += blocks


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """In the order of the slide, which is that of reading aloud; groups opened."""
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _GROUPS:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _has_kind(shape: Any) -> bool:
    return (
        bool(getattr(shape, "is_placeholder", False)) and shape.placeholder_format.type is not None
    )


def _blocks(shape: Any, kind: str) -> Iterator[str]:
    if getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            if line := table_row(escaped(cell.text_frame.text) for cell in row.cells):
                yield line
        return
    if not getattr(shape, "has_text_frame", False):
        return
    paragraphs = [p for p in shape.text_frame.paragraphs if p.text.strip()]
    for item in paragraphs:
        properties = item._p.find(f"{_A}pPr")
        bulleted = kind in _BULLETED and len(paragraphs) > 1
        if properties is not None:
            if properties.find(f"{_A}buNone") is not None:
                bulleted = False
            elif any(
                properties.find(f"{_A}{name}") is not None for name in ("buChar", "buAutoNum")
            ):
                bulleted = True
        text = escaped(item.text.replace("\v", "\n"))
        lines = [text] if bulleted else split_lines(item.text.replace("\v", "\n"))
        for line in lines:
            if flat := paragraph(line if bulleted else escaped(line)):
                yield f"- {flat}" if bulleted else flat


def _is_unseen(shape: Any, bounds: tuple[int, int]) -> bool:
    properties = next(shape._element.iter("{*}cNvPr"), None)
    if properties is not None and properties.get("hidden") in ("1", "true"):
        return True
    if shape._element.getparent().tag.endswith("}grpSp"):
        return False  # counted within its group
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if left is None or top is None or width is None or height is None or not all(bounds):
        return False
    return bool(left >= bounds[0] or top >= bounds[1] or left + width <= 0 or top + height <= 0)
