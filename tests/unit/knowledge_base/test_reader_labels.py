"""Fields in labelled lines, close below one another as people set them, in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.case import Case
from knowledge_base.readers import read_cases

FIELDS = ("Customer: Hollerbach Brewery GmbH", "Industry: Brewing", "Country: Germany")
BODY = "The bottling line stopped several times a week because bearings failed without warning."


def pdf(path: Path) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()
    parts = [Paragraph("Fewer stops in a brewery", style["Title"])]
    parts += [Paragraph(line, style["Normal"]) for line in FIELDS]
    parts += [Paragraph("Challenge", style["Heading1"]), Paragraph(BODY, style["Normal"])]
    SimpleDocTemplate(str(path)).build(parts)


def word(path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Fewer stops in a brewery", 0)
    run = document.add_paragraph().add_run()
    for number, line in enumerate(FIELDS):
        if number:
            run.add_break()
        run.add_text(line)
    document.add_heading("Challenge", 1)
    document.add_paragraph(BODY)
    document.save(str(path))


def slides(path: Path) -> None:
    from pptx import Presentation

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Fewer stops in a brewery"
    slide.placeholders[1].text = "\v".join(FIELDS)  # line breaks within one paragraph
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Challenge"
    second.placeholders[1].text = BODY
    deck.save(str(path))


def page(path: Path) -> None:
    path.write_text(
        "<html><body><main><h1>Fewer stops in a brewery</h1><p>"
        + "<br>".join(FIELDS)
        + f"</p><h2>Challenge</h2><p>{BODY}</p></main></body></html>",
        encoding="utf-8",
    )


def plain(path: Path) -> None:
    text = "\n".join(["# Fewer stops in a brewery", "", *FIELDS, "", "## Challenge", "", BODY])
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("suffix", "write"),
    [("pdf", pdf), ("docx", word), ("pptx", slides), ("html", page), ("md", plain), ("txt", plain)],
)
def test_each_label_states_its_own_field(
    tmp_path: Path, suffix: str, write: Callable[[Path], None]
) -> None:
    file = tmp_path / f"brewery.{suffix}"
    write(file)
    case = one(file)
    assert dict(case.customer) == {"": "Hollerbach Brewery GmbH"}
    assert (case.industry, case.country, case.region) == ("food", "DE", "europe")
    assert case.unrecognised == {}
    assert BODY in case.text


def one(file: Path) -> Case:
    reading = read_cases(file)
    assert reading.refusals == ()
    (case,) = reading.cases
    return case
