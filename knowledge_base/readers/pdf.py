"""PDF as Markdown, page by page.

PDFium reads it (through pypdfium2: Apache and BSD licences; 300 pages of text in 3 seconds and
50 MB, layout included, where pdfminer takes 8 for the characters). It gives characters with
place, size and weight; what they make up is worked out in `pdf_layout`. Not read: text in
pictures (a scan has to go through text recognition first), annotations, forms, attachments.
Text too small to be read or beside the page is left out and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge_base.readers.converted import Converted, Part, too_long
from knowledge_base.readers.limits import DOCUMENT_CHARACTERS, PDF_PAGES
from knowledge_base.readers.pdf_layout import Block, Page, blocks_of_pages, markdown_of
from knowledge_base.readers.pdf_lines import page_lines
from knowledge_base.readers.reading import Refused

__all__ = ["convert_pdf"]

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What programs write as a title where nobody gave one.
_NO_TITLE = re.compile(
    r"untitled|microsoft |unbenannt|无标题|.*\.(?:docx?|pptx?|indd|pdf|xlsx?)$", re.I
)


def convert_pdf(data: bytes, encoding: str = "") -> Converted:
    """One part a page, placed "page 3".

    Raises:
        Refused: encrypted, broken, more than `PDF_PAGES` pages, or without any text.
    """
    del encoding  # a PDF says for itself
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "protected by a password; save it without one"
        else:
            reason = "damaged or no PDF; open it in a reader and save it anew"
        raise Refused(0, reason) from error
    try:
        count = len(document)
        if not count:
            raise Refused(0, "has no pages; export the document anew")
        if count > PDF_PAGES:
            raise Refused(0, f"has {count:,} pages, {PDF_PAGES:,} at most; split the document")
        pages, hidden = _pages(document, count)
        title = " ".join(str(document.get_metadata_dict().get("Title", "")).split())
    finally:
        document.close()
    if not any(page.lines for page in pages):
        raise Refused(
            0, "holds no text, only pictures; run text recognition (OCR) over it and add it again"
        )
    blocks = blocks_of_pages(pages)
    return Converted(tuple(_parts(blocks)), "" if _NO_TITLE.match(title) else title, tuple(hidden))


def _pages(document: Any, count: int) -> tuple[list[Page], list[str]]:
    pages: list[Page] = []
    hidden: list[str] = []
    length = 0
    broken = 0
    import pypdfium2

    for number in range(count):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            broken += 1
            continue
        textpage = page.get_textpage()
        width, height = page.get_size()
        lines = page_lines(textpage, width, height)
        textpage.close()
        page.close()
        hidden += [line.text for line in lines if not line.seen]
        lines = [line for line in lines if line.seen]
        length += sum(len(line.text) for line in lines)
        if length > DOCUMENT_CHARACTERS:
            raise Refused(0, too_long())
        pages.append(Page(number + 1, height, lines))
    if broken:
        raise Refused(0, f"{broken} of its {count} pages are damaged; export the document anew")
    return pages, hidden


def _parts(blocks: Sequence[Block]) -> Iterator[Part]:
    words = frozenset(
        word.lower() for block in blocks for line in block.lines for word in _WORD.findall(line)
    )
    page, texts = 0, list[str]()
    for block in blocks:
        if block.page != page and texts:
            yield Part(f"page {page}", "\n\n".join(texts))
            texts = []
        page = block.page
        if text := markdown_of(block, words):
            texts.append(text)
    if texts:
        yield Part(f"page {page}", "\n\n".join(texts))
