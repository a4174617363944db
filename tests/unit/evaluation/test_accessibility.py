"""Whether everybody can read a mail."""

from __future__ import annotations

import time

import pytest
from fitness_samples import HEAD, look, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Severity
from evaluation.fitness.accessibility import judge_accessibility


def found(body: str, head: str = HEAD, language: str = "en") -> list[str]:
    return rules(judge_accessibility(look(head + body, language=language)))


def test_a_mail_that_everybody_can_read_gives_nothing() -> None:
    body = (
        '<table role="presentation"><tr><td><h1>Bearings</h1><h2>What they cost</h2>'
        '<img src="a/pump.png" alt="A pump on its test bench" width="300">'
        '<img src="line.png" alt=""><p style="color:#52606d">Words to read.</p>'
        '<a href="https://h.example/x">The measurements of spring</a></td></tr></table>'
    )
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<img src="https://h.example/img/pump.png" width="300">', "image_alt"),
        ('<img src="open.gif" width="1" height="1">', "pixel_alt"),
        ('<img src="a.png" alt="IMG_2034.JPG">', "image_name"),
        ('<img src="a.png" alt="image001.png">', "image_name"),
        ('<img src="a.png" alt="Bild">', "image_name"),
        ('<img src="a.png" alt="图片">', "image_name"),
        ('<img src="q3-chart.png" alt="Chart of the third quarter" width="500">', "image_data"),
        ('<img src="x.png" alt="价格表" width="500">', "image_data"),
        ('<a href="https://h.example/x"></a>', "link_empty"),
        ('<a href="https://h.example/x"><img src="a.png" alt=""></a>', "link_empty"),
        ('<p style="color:#aaa">pale words</p>', "contrast"),
        ('<div style="background:#333">dark ground</div>', "contrast"),
        ('<font color="silver">old ways</font>', "contrast"),
        ('<p style="font-size:9px">Small print</p>', "tiny_text"),
        ('<p style="font-size:8pt">Small print</p>', "small_text"),
        ('<font size="1">Small print</font>', "small_text"),
        ("<table><tr><td>a</td></tr></table>", "layout_table"),
        ("<h1>One</h1><h3>Three</h3>", "heading_order"),
        ("<h2> </h2>", "heading_empty"),
    ],
)
def test_each_barrier_is_found(body: str, rule: str) -> None:
    assert found(body) == [rule]


@pytest.mark.parametrize(
    "label",
    [
        "click here", "Click here!", "hier", "Klicken Sie hier", "cliquez ici", "ici »", "aquí",
        "clicca qui", "klik hier", "tutaj", "kliknij tutaj", "clique aqui", "点击这里", "點擊此處",
        "按此", "こちら", "ここをクリック", "여기를 클릭하세요", "اضغط هنا", "→ here",
    ],
)  # fmt: skip
def test_links_that_name_no_goal_are_found_in_every_language(label: str) -> None:
    (finding,) = judge_accessibility(look(f'{HEAD}<p><a href="https://h.example/x">{label}</a>'))
    assert finding.rule == "accessibility.link_vague"
    assert finding.severity is Severity.NOTE
    assert finding.place.span is not None
    assert label in finding.message


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://h.example/x" aria-label="The report"></a>',
        '<a href="https://h.example/x"><img src="a.png" alt="The report"></a>',
        '<a name="top"></a>',
        '<img src="a.png" role="presentation">',
        '<img src="q3-chart.png" alt="Stops fell from 41 to 12" width="500">',
        '<img src="chart.png" alt="Chart" width="60">',
        '<p style="display:none;color:#eee">preheader</p>',
        '<p style="color:#fefefe">hidden, which is for spam to say</p>',
        '<p style="font-size:0;line-height:0">.</p>',
        '<p style="color:#949494;font-size:24px">large and pale enough</p>',
        '<p style="color:#fff;background:url(a.png)">nobody can say</p>',
        '<p style="color:#fff;background:rgba(0,0,0,.6)">nobody can say</p>',
        '<p style="color:#ccc">•</p>',
        "<table><tr><th>Figure</th><td>12</td></tr></table>",
        '<!--[if mso]><table><tr><td style="color:#eee">x</td></tr></table><![endif]-->',
        "<h2>Two</h2><h2>Two</h2><h1>One</h1>",
    ],
)
def test_what_harms_nobody_is_left_alone(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("sheet", "rules_found"),
    [
        (".note{color:#bbb}", ["contrast"]),
        ("td .note{color:#bbb}", ["contrast"]),
        ("td>.note{color:#bbb}", ["contrast"]),
        ("th .note{color:#bbb}", []),
        (".note{color:#bbb}p.note{color:#222}", []),
        ("#n{color:#222}.note{color:#bbb}", []),
        (".note{color:#222 !important}#n{color:#bbb}", []),
        ("@media print{.note{color:#bbb}}", []),
        ("@media screen{.note{color:#bbb}}", ["contrast"]),
        (".note:hover{color:#bbb}", []),
        ("/* .note{color:#bbb} */", []),
    ],
)
def test_the_style_sheet_counts_as_programs_read_it(sheet: str, rules_found: list[str]) -> None:
    head = HEAD.replace("</head>", f"<style>{sheet}</style></head>")
    body = '<table role="none"><tr><td><p class="note" id="n">words</p></td></tr></table>'
    assert found(body, head) == rules_found


def test_one_finding_tells_of_all_images_and_one_of_each_pair_of_colours() -> None:
    images = "".join(f'<img src="{name}.png">' for name in "abcde")
    pale = '<p style="color:#aaa">one</p><p style="color:#aaa">two</p><p style="color:#bbb">x</p>'
    image, worst, other = judge_accessibility(look(HEAD + images + pale))
    assert "a.png, b.png, c.png (+2)" in image.message
    assert "#bbbbbb on #ffffff" in worst.message
    assert "1.9 to 1" in worst.message
    assert "#aaaaaa" in other.message
    assert other.place.span is not None
    assert other.place.span.of("one\n\ntwo\n\nx") == "one"


@pytest.mark.parametrize(
    ("root", "language", "rules_found"),
    [
        ('<html lang="en_US">', "en", ["language_tag"]),
        ('<html lang="english please">', "en", ["language_tag"]),
        ('<html lang="zh-Hant-HK">', "zh-Hant", []),
        ("<html>", "", ["language_missing"]),
        ("<html>", "en", []),  # fidelity says so
        ('<html lang="ar">', "ar", ["direction"]),
        ('<html lang="ar" dir="rtl">', "ar", []),
        ('<html lang="ar"><div dir="rtl">', "ar", []),
        ('<html lang="en" dir="rtl">', "en", ["direction_wrong"]),
    ],
)
def test_language_and_direction(root: str, language: str, rules_found: list[str]) -> None:
    html = f"{root}<head><title>T</title></head><body><p>Words</p>"
    assert rules(judge_accessibility(look(html, language=language))) == rules_found


def test_a_document_needs_a_title_and_a_piece_of_html_none() -> None:
    assert found("<p>x", "<html><head></head><body>") == ["title"]
    assert found("<p>x", "<div>") == []


def test_the_european_act_is_noted_where_the_mail_goes_there_and_a_breach_is_plain() -> None:
    html = f'{HEAD}<img src="a.png"><p style="color:#ccc">pale</p>'
    inside = list(judge_accessibility(look(html, jurisdictions=("de",))))
    assert inside[-1].rule == "accessibility.european_act"
    assert inside[-1].severity is Severity.NOTE
    assert "1.1.1, 1.4.3" in inside[-1].message
    assert "european_act" not in rules(judge_accessibility(look(html, jurisdictions=("US",))))
    small = f"{HEAD}<h1>a</h1><h3>b</h3>"
    assert rules(judge_accessibility(look(small, jurisdictions=("DE",)))) == ["heading_order"]


def test_nothing_blocks_and_a_mail_without_html_gives_nothing() -> None:
    html = f'<html><img src="a.png"><a href="x"></a><p style="color:#ddd;font-size:3px">{"x" * 9}'
    assert all(item.severity is not Severity.BLOCK for item in judge_accessibility(look(html)))
    assert list(judge_accessibility(look(text="Plain words."))) == []


def test_findings_are_worded_in_the_language_that_is_asked_for() -> None:
    html = f'{HEAD}<img src="a.png">'
    (finding,) = judge_accessibility(look(html, say="zh-Hans"))
    assert "没有替代文字" in finding.message


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="<>/ab =\"'!-divptrhx1;:{}#.&%\n", max_size=200), st.booleans())
def test_broken_markup_never_fails_and_places_lie_in_the_text(html: str, styled: bool) -> None:
    one = look(f"<style>{html}</style>{html}" if styled else html + "<h1>x</h1><h3>y</h3>")
    for finding in judge_accessibility(one):
        span = finding.place.span
        assert span is None or span.end <= len(one.view.visible)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 30_000 + "deep",
        "<table><tr><td>" * 3_000 + "x",
        "<h1>" * 3_000 + "x" * 200_000,
        "<style>" + ".a .b .c .d{color:#bbb}" * 5_000 + "</style>" + '<p class="d">x</p>' * 5_000,
        "<style>" + "/*" * 15_000 + "</style><p>x",
        "<style>" + "@media{" * 20_000 + "</style><p>x",
        '<p style="' + "color:rgb(" * 50_000 + '">x',
        '<p style="font:' + "1" * 200_000 + '">x',
        "".join(f'<p style="color:#{n:06x}">w{n}</p>' for n in range(0xAAAAAA, 0xAAAAAA + 4_000)),
    ],
    ids=["deep", "tables", "headings", "selectors", "comments", "media", "colour", "font", "many"],
)
def test_hostile_mails_take_a_bounded_time(html: str) -> None:
    one = look(html)
    page = one.view.page
    assert page is not None
    started = time.perf_counter()
    list(judge_accessibility(one))
    assert time.perf_counter() - started < 5
