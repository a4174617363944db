"""Word and PowerPoint: structure stays; comments, hidden text and notes do not."""

from __future__ import annotations

from pathlib import Path

from contracts.case import SectionKind, Span
from knowledge_base.readers import read_cases


def test_a_word_document_keeps_its_parts(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading("Fewer stops", 0)
    document.add_heading("Challenge", 1)
    document.add_paragraph("Costs rose by 20% in a year.")
    document.add_paragraph("First", style="List Bullet")
    document.add_paragraph("Second", style="List Number")
    document.add_heading("Results", 1)
    document.add_paragraph("The scrap rate fell by 5%.")
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Metric", "After"), ("Scrap", "2%")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph().add_run("What comes next").bold = True
    document.add_paragraph("Customer: Larkmoor").add_run().add_break()
    document.paragraphs[-1].add_run("Industry: food")
    document.sections[0].header.paragraphs[0].text = "Running head"
    document.save(str(tmp_path / "story.docx"))
    (case,) = read_cases(tmp_path).cases
    assert case.title == "Fewer stops"
    assert case.text.split("\n\n") == [
        "Fewer stops", "Challenge", "Costs rose by 20% in a year.", "First", "Second", "Results",
        "The scrap rate fell by 5%.", "Metric | After", "Scrap | 2%", "What comes next",
        "Customer: Larkmoor", "Industry: food",
    ]  # fmt: skip
    kinds = [section.kind for section in case.sections]
    assert kinds == [SectionKind.TITLE, SectionKind.CHALLENGE, SectionKind.OUTCOME]
    assert [o.text for o in case.outcomes] == ["The scrap rate fell by 5%."]


def test_what_a_word_document_does_not_show_is_told(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.shared import Pt, RGBColor

    document = Document()
    paragraph = document.add_paragraph("The story of a bakery")
    document.add_comment(paragraph.runs, text="do not print", author="A", initials="A")
    paragraph.add_run(" hidden words").font.hidden = True
    paragraph.add_run(" white words").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run(" tiny words").font.size = Pt(1)
    paragraph.add_run(" in the north of England.")
    deleted = OxmlElement("w:del")
    run = paragraph.add_run(" deleted words")._r
    run.addprevious(deleted)
    deleted.append(run)
    document.save(str(tmp_path / "story.docx"))
    reading = read_cases(tmp_path)
    assert reading.cases[0].text == "The story of a bakery in the north of England."
    told = {item.text for item in reading.hidden}
    assert told == {"do not print", "hidden words", "white words", "tiny words"}


def test_inserted_text_links_and_controls_are_read(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import OxmlElement

    document = Document()
    paragraph = document.add_paragraph("The story of ")
    for tag, text in (("w:ins", "a bakery "), ("w:hyperlink", "in the north of England.")):
        wrapper = OxmlElement(tag)
        run = paragraph.add_run(text)._r
        run.addprevious(wrapper)
        wrapper.append(run)
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    content.append(document.add_paragraph("In a control.")._p)
    document.element.body.insert(1, control)
    document.save(str(tmp_path / "story.docx"))
    (case,) = read_cases(tmp_path).cases
    assert case.text == "The story of a bakery in the north of England.\n\nIn a control."


def test_slides_have_places_and_no_notes(tmp_path: Path) -> None:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Fewer stops"
    first.placeholders[1].text = "The story of a bakery"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Results"
    second.placeholders[1].text = "The scrap rate fell by 5%.\nCosts fell by 20%."
    second.notes_slide.notes_text_frame.text = "Not to be said in public"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Metric", "After"), ("a", "b"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    aside = second.shapes.add_textbox(Inches(50), Inches(1), Inches(2), Inches(1))
    aside.text_frame.text = "Beside the slide"
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "A hidden slide"
    third._element.set("show", "0")
    for slide in (first, second, third):
        box = slide.shapes.add_textbox(Inches(1), Inches(6.8), Inches(3), Inches(0.3))
        box.text_frame.text = "Vendor, confidential"
    deck.save(str(tmp_path / "deck.pptx"))
    reading = read_cases(tmp_path)
    (case,) = reading.cases
    assert case.title == "Fewer stops"
    assert "public" not in case.text
    assert "Results\n\nThe scrap rate fell by 5%.\n\nCosts fell by 20%." in case.text
    assert "Metric | After\n\na | b" in case.text
    assert [place.label for place in case.places] == ["slide 1", "slide 2"]
    assert case.place_of(case.outcomes[0].span) == "slide 2"
    assert case.place_of(Span(0, 1)) == "slide 1"
    told = " ".join(item.text for item in reading.hidden)
    assert "Beside the slide" in told
    assert "A hidden slide" in told
    assert "public" not in told


def test_what_stands_on_most_slides_is_furniture(tmp_path: Path) -> None:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for number in range(4):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"Part {number} of the story"
        for top, text in ((3, f"The bakery did step {number}."), (6.8, "Vendor, confidential")):
            box = slide.shapes.add_textbox(Inches(1), Inches(top), Inches(5), Inches(0.5))
            box.text_frame.text = text
    deck.save(str(tmp_path / "deck.pptx"))
    (case,) = read_cases(tmp_path).cases
    assert "confidential" not in case.text
    assert "The bakery did step 3." in case.text
