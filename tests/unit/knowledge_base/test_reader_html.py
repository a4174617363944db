"""Web pages and plain text: structure stays, what stands around the text goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kb_samples import write

from contracts.case import SectionKind
from knowledge_base.markdown import readable
from knowledge_base.readers import read_cases
from knowledge_base.readers.converted import escaped, paragraph, table_row

PAGE = """<!doctype html><html><head><title>Larkmoor | Vendor</title>
<style>p { color: red }</style><script>var tracked = "no text";</script></head><body>
<div class="cookie-banner"><p>We use cookies. <a href="/c">Settings</a></p></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/p">Products</a></li></ul></nav></header>
<main><h1>Fewer stops</h1>
<dl><dt>Customer</dt><dd>Larkmoor &amp; Sons</dd><dt>Industry:</dt><dd>Food</dd></dl>
<h2>Challenge</h2><p>Costs rose by <b>20&nbsp;%</b> in a year.<br>Nobody knew why.</p>
<h2>Solution</h2><ul><li>Sensors <ul><li>on 88 motors</li></ul></li><li><p>Training</p></li></ul>
<h2>Results</h2><table><tr><th>Metric</th><th>After</th></tr><tr><td>Scrap</td><td>2%</td></tr></table>
<ol><li>Unplanned downtime fell from 34 to 15 hours a month.</li></ol>
<blockquote><p>Great.</p><footer>Dale</footer></blockquote></main>
<aside class="related"><a href="1">More stories</a></aside>
<footer>Imprint, 2026</footer></body></html>"""


def test_a_page_keeps_its_parts_and_loses_what_is_around(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, "page.html", PAGE)).cases
    assert case.title == "Fewer stops"
    assert case.text.split("\n\n") == [
        "Fewer stops", "Customer: Larkmoor & Sons", "Industry: Food", "Challenge",
        "Costs rose by 20\u00a0% in a year.", "Nobody knew why.", "Solution", "Sensors",
        "on 88 motors", "Training", "Results", "Metric | After", "Scrap | 2%",
        "Unplanned downtime fell from 34 to 15 hours a month.", "Great.", "Dale",
    ]  # fmt: skip
    kinds = [section.kind for section in case.sections]
    assert kinds[-3:] == [SectionKind.OUTCOME, SectionKind.QUOTE, SectionKind.QUOTE]
    assert case.outcomes[0].sure
    assert case.places == ()


def test_a_page_without_a_main_element_or_with_little_in_it(tmp_path: Path) -> None:
    long = "The story of a bakery in the north of England is told here. " * 8
    body = f"<html><body><main><p>Menu</p></main><div><h2>Results</h2><p>{long}</p></div></body>"
    (case,) = read_cases(write(tmp_path, "a.html", body)).cases
    assert long.strip() in case.text
    theme = f'<html><body><div class="sidebar-layout modal"><p>{long}</p></div></body></html>'
    (case,) = read_cases(write(tmp_path, "a.html", theme)).cases
    assert case.text == long.strip()


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display: none">secret words</p>',
        "<p hidden>secret words</p>",
        "<!-- secret words -->",
        '<p style="color:#ffffff">secret words</p>',
        '<div style="background:#000"><p style="color:black">secret words</p></div>',
        '<font color="white">secret words</font>',
        '<span style="font-size:0">secret words</span>',
        '<div style="position:absolute; left:-9999px">secret words</div>',
        '<p style="opacity:0">secret words</p>',
        '<p style="visibility:hidden"><b>secret</b> words</p>',
    ],
)
def test_what_a_page_does_not_show_is_left_out_and_told(tmp_path: Path, hidden: str) -> None:
    body = f"<html><body><p>The story of a bakery in England.</p>{hidden} <p>The end.</p></body>"
    reading = read_cases(write(tmp_path, "a.html", body))
    assert reading.cases[0].text == "The story of a bakery in England.\n\nThe end."
    assert [item.text for item in reading.hidden] == ["secret words"]


@pytest.mark.parametrize(
    "shown",
    [
        '<div style="background:#003366"><p style="color:#fff">words to see</p></div>',
        '<div class="hero"><p style="color:white">words to see</p></div>',
        '<p style="opacity:0.9">words to see</p>',
        '<p style="font-size:0.9em">words to see</p>',
        '<p style="border-color:#fff">words to see</p>',
    ],
)
def test_what_a_page_shows_is_kept(tmp_path: Path, shown: str) -> None:
    body = f"<html><body><p>The story of a bakery in England.</p>{shown}</body></html>"
    reading = read_cases(write(tmp_path, "a.html", body))
    assert "words to see" in reading.cases[0].text
    assert reading.hidden == ()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_page_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    told = "windows-1252" if encoding == "cp1252" else encoding
    page = f'<html><head><meta charset="{told}"></head><body><p>Die Käserei läuft für uns.</p>'
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    (case,) = read_cases(tmp_path).cases
    assert case.text == "Die Käserei läuft für uns."


def test_plain_text_has_a_title_parts_and_items(tmp_path: Path) -> None:
    text = (
        "Fewer stops in a bakery\n\nCustomer: Larkmoor\nIndustry: food\n\nResults:\n"
        "- The scrap rate fell by 5%.\n- Unplanned downtime fell\n  by 7%.\n\n"
        "2024 was a *good*\nyear."
    )
    (case,) = read_cases(write(tmp_path, "a.txt", text)).cases
    assert case.title == "Fewer stops in a bakery"
    assert case.text.split("\n\n")[1:] == [
        "Customer: Larkmoor", "Industry: food", "Results", "The scrap rate fell by 5%.",
        "Unplanned downtime fell by 7%.", "2024 was a *good* year.",
    ]  # fmt: skip
    assert len(case.outcomes) == 2


@pytest.mark.parametrize(
    "encoding, text",
    [
        ("cp1252", "Die Bäckerei läuft jetzt für alle Kunden ohne Störung."),
        ("utf-16", "Die Bäckerei läuft jetzt für alle Kunden ohne Störung."),
        ("gb18030", "这是一个客户的故事，我们的产品在工厂中使用，为他们降低了成本。"),
        ("cp932", "この会社の工場では、センサーを導入してから停止時間が減少しました。"),
        ("big5", "這是一個客戶的故事，我們的產品在工廠中使用，為他們降低了成本。"),
        ("cp949", "이 회사의 공장에서는 센서를 도입한 이후로 가동 중단 시간이 줄었습니다."),
    ],
)
def test_plain_text_in_any_usual_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (case,) = read_cases(tmp_path).cases
    assert case.text == text


def test_markdown_without_front_matter_is_a_document(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# Fewer stops\n\n## Results\n\n- The scrap rate fell by 5%.\n")
    (case,) = read_cases(tmp_path).cases
    assert (case.id, case.title) == ("a", "Fewer stops")
    assert case.outcomes[0].sure
    assert "customer" in case.missing


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_escaped_text_is_read_as_it_is(text: str) -> None:
    """No character that a document holds is taken for a mark, wherever it stands."""
    assert readable(paragraph(escaped(text))).text == text
    assert readable(paragraph(escaped(f"x {text} y"))).text == f"x {text} y"
    row = readable(table_row([escaped(text), escaped("z")])).text
    assert row.strip() == f"{text} | z".strip()
