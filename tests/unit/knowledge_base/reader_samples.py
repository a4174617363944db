"""Documents for the tests of the readers, built as their programs build them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

CHALLENGE = (
    "An oven fan fails in the middle of a shift, and roughly nine thousand buns are lost each "
    "time. The maintenance team learned of it from the smell, and the spare part was a day away."
)
SOLUTION = (
    "Sensors from Pulse sit on eighty-eight motors and report vibration to the plant's own "
    "server. The team of six was trained in two mornings."
)
OUTCOMES = (
    "Unplanned downtime on the three bun lines fell from 34 to 15 hours a month.",
    "The scrap rate fell by 5%.",
)


def story_pdf(path: Path, *, pages: int = 3) -> Path:
    """A story over several pages with running heads, page numbers, a list and a table."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
    from reportlab.platypus import Table as DrawnTable

    styles = getSampleStyleSheet()
    body = ParagraphStyle("own", parent=styles["BodyText"], fontSize=10, leading=13)

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, A4[1] - 40, "Larkmoor Bakeries | Customer story")
        canvas.drawString(280, 30, f"Page {document.page} of {pages}")

    flow: list[Any] = [
        Paragraph("Fewer stops on three bun lines", styles["Title"]),
        Paragraph("Challenge", styles["Heading2"]),
        Paragraph(CHALLENGE, body),
        Spacer(1, 8),
        Paragraph("Costs rose by 20% in a year.", body),
        PageBreak(),
        Paragraph("Solution", styles["Heading2"]),
        Paragraph(SOLUTION, body),
        PageBreak(),
        Paragraph("Outcomes", styles["Heading2"]),
        ListFlowable([Paragraph(text, body) for text in OUTCOMES], bulletType="bullet", start="•"),
        DrawnTable([["Line", "Before", "After"], ["One", "12 h", "5 h"], ["Two", "22 h", "10 h"]]),
    ]
    for number in range(4, pages + 1):
        flow += [PageBreak(), Paragraph(f"Appendix part {number}", styles["Heading3"])]
        flow += [Paragraph(f"{CHALLENGE} {SOLUTION} Section {number}.", body) for _ in range(8)]
    document = SimpleDocTemplate(str(path), pagesize=A4, title="Untitled")
    document.build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return path


def drawn_pdf(path: Path, pages: Sequence[Callable[[Any], None]], **settings: Any) -> Path:
    """A PDF whose pages are drawn by hand on a canvas of 600 by 800 points."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=(600, 800), **settings)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def zipped(path: Path, members: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def changed_package(source: Path, target: Path, changes: Mapping[str, bytes]) -> Path:
    """An Office file with some of its parts replaced or added."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    return zipped(target, {**parts, **changes})
