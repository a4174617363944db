"""What a reader sees of a page: repaired as browsers repair it, hidden text kept apart."""

from __future__ import annotations

import pytest

from evaluation.view.htmlview import HtmlView, read_html

SEEN = "Visible words, long enough to stand in front of it all."


def hidden(html: str) -> list[tuple[str, str]]:
    return [(item.text, item.why) for item in read_html(f"<p>{SEEN}</p>{html}").hidden]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
        ("a</p>b", "a\n\nb"),
        ("a</br>b", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a b\nc\n\nd"),
        ("<div/>a</div>b", "a\nb"),
        ("a</span></b></td>b", "ab"),
        ("</body></html>still shown", "still shown"),
        ("<head><title>t</title>shown", "shown"),
        ("<textarea><b>a</textarea>b", "<b>ab"),
        ("<title>a<p>b</title>c", "c"),
        ("<svg><title>x</svg>a", "a"),
        ("<svg><path><p>a", "a"),
        ("<select><option>x</select>a", "a"),
        ("<template><p>x</p></template>a", "a"),
        ("<iframe>x</iframe><noframes>x</noframes>a", "a"),
        ("<!-->a<!--->b<!-- x --!>c", "abc"),
        ("<![if !mso]>a<![endif]>b", "ab"),
        ("<a b='c", ""),
        ("1 < 2 <> 3", "1 < 2 <> 3"),
        ("&notit; &amp; &#x41;&#0; &nbsp;x", "¬it; & A\ufffd \xa0x"),
        ("V\0iagra", "Viagra"),
        (f"&#{'9' * 6000};x", "\ufffdx"),
        ("<pre>a\n  b</pre>", "a b"),
    ],
)
def test_broken_markup_is_read_as_a_browser_reads_it(html: str, text: str) -> None:
    assert read_html(html).text == text


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<div style='display:none'/>secret", "display"),
        ("<span style='display:none'><div>secret</span></div>", "display"),
        ("<p style='color:#fff'>secret", "colour"),
        ("<p style='color:hsl(0,0%,99%)'>secret", "colour"),
        ("<p style='color:rgba(0,0,0,.01)'>secret", "colour"),
        ("<p style='color:rgb(255 255 255)'>secret", "colour"),
        ("<p style='color:#ffff'>secret", "colour"),
        ("<p style='color:snow'>secret", "colour"),
        ("<p style='color:rgba(0,0,0,.03)'>secret", "colour"),
        ("<p style='color:transparent'>secret", "colour"),
        ("<p style='-webkit-text-fill-color:white'>secret", "colour"),
        ("<font color=ffffff>secret", "colour"),
        ("<font color=white><p>secret", "colour"),
        ("<p><font color=white></p><p>secret", "colour"),
        ("<table bgcolor=navy><tr><td><font color='#000080'>secret", "colour"),
        ("<div style='background:rgba(0,0,0,1)'><p style='color:#010101'>secret", "colour"),
        ("<a href='http://a.example/' style='color:white'>secret</a>", "colour"),
        ("<p style='font-size:0'><b style='font-size:1em'>secret", "font-size"),
        ("<p style='font:0/0 a'>secret", "font-size"),
        ("<p style='font-size:2px'>secret", "font-size"),
        ("<p style='opacity:.01'>secret", "opacity"),
        ("<p style='opacity:0%'>secret", "opacity"),
        ("<p style='filter:opacity(0)'>secret", "opacity"),
        ("<div style='height:1px;overflow:hidden'>secret", "height"),
        ("<div style='width:0;overflow:clip'>secret", "width"),
        ("<p style='margin-left:-9999px'>secret", "position"),
        ("<p style='position:absolute;clip:rect(0,0,0,0)'>secret", "position"),
        ("<p style='clip-path:inset(100%)'>secret", "position"),
        ("<p style='transform:scale(0)'>secret", "position"),
        ("<p style='transform:translateX(-9999px)'>secret", "position"),
        ("<p hidden>secret", "hidden"),
        ("<p style='dis/**/play:block;display:/**/none'>secret", "display"),
        (r"<p style='d\69splay:none'>secret", "display"),
        ("<p style='DISPLAY : NONE ! important'>secret", "display"),
    ],
)
def test_ways_to_hide(html: str, why: str) -> None:
    assert hidden(html) == [("secret", why)]


@pytest.mark.parametrize(
    ("css", "html"),
    [
        ("p.x{display:none}", "<p class='y x'>"),
        ("#k{display:none}", "<p id=k>"),
        (".a p{display:none}", "<div class=a><b><p>"),
        (".a > p{display:none}", "<div class=a><p>"),
        ("div p.x.y{display:none}", "<div><p class='x y'>"),
        ("[class='x']{display:none}", "<p class=x>"),
        ("p[id^=pre]{display:none}", "<p id=prefix>"),
        ("*{color:#000} p{color:#fff}", "<p>"),
        ("p{color:#000} .x{color:#fff}", "<p class=x>"),
        (".x{color:#fff!important}", "<p class=x style='color:#000'>"),
        ("<!-- p{display:none} -->", "<p>"),
        ("/* } */ p{display:none}", "<p>"),
        ("@media screen{p{display:none}}", "<p>"),
        ("@media only screen and (min-width:1px){p{display:none}}", "<p>"),
        ("body{background:#000} p{color:black}", "<p>"),
        ("p{display:none", "<p>"),
    ],
)
def test_style_sheets_hide(css: str, html: str) -> None:
    page = read_html(f"<style>{css}</style>{html}secret")
    assert [item.text for item in page.hidden] == ["secret"]
    assert page.text == ""


@pytest.mark.parametrize(
    "html",
    [
        "<body bgcolor=black><font color=white>shown",
        "<font color=white>shown</font><body bgcolor=black>",
        "<table bgcolor=black><tr><td><font color=white>shown",
        "<table background=x.png><tr><td><font color=white>shown",
        "<p style='background:url(x.png)'><font color=white>shown",
        "<p style='background:linear-gradient(red,blue)'><font color=white>shown",
        "<p style='background:{{brand}}'><font color=white>shown",
        "<p style='background:var(--b)'><font color=white>shown",
        "<style>td + td{background:#000}</style><font color=white>shown",
        "<link rel=stylesheet href=https://e.example/a.css><font color=white>shown",
        "<p style='color:#fff'><a href='http://a.example/'>shown</a>",
        "<div><font color=white><div></font>shown</div></div>",
        "<table><tr><td><font color=white></td><td>shown",
        "<td style='font-size:0'><b style='font-size:14px'>shown</b>",
        "<p style='visibility:hidden'><b style='visibility:visible'>shown</b>",
        "<p style='opacity:.9;height:0;text-indent:-10px;margin:-20px'>shown",
        "<table><tr><td style='height:1px;overflow:hidden'>shown",
        "<p hidden style='display:block'>shown",
        "<style>@media print{p{display:none}}</style><p>shown",
        "<style>.a > p{display:none}</style><div class=a><b><i>shown",
        "<style>p:hover{display:none}</style><p>shown",
        "<p style='color:#fff;color:red'>shown",
        "<noscript>shown</noscript>",
    ],
)
def test_what_is_seen_is_not_taken_for_hidden(html: str) -> None:
    page = read_html(html)
    assert (page.text, page.hidden) == ("shown", ())


def test_links_reach_as_far_as_browsers_let_them() -> None:
    page = read_html(
        "<a href='http://a.example/\n1'>one<a href=two>two</a> "
        "<a href=three><table><tr><td>in a table</td></tr></table></a>"
        "<map><area href=four alt='a map'></map>"
    )
    assert [(link.href, link.label) for link in page.links] == [
        ("http://a.example/1", "one"),
        ("two", "two"),
        ("three", "in a table"),
        ("four", "a map"),
    ]
    assert [link.span.of(page.text) for link in page.links][:3] == ["one", "two", "in a table"]


def test_images_are_seen_whatever_hides_text() -> None:
    page = read_html(
        "<td style='font-size:0px'><a href=x><img src=a.png alt='A picture' width=600></a></td>"
        "<div style='display:none'><img src=b.png></div>"
    )
    assert [image.src for image in page.images] == ["a.png"]
    assert [(link.href, link.label) for link in page.links] == [("x", "A picture")]
    assert page.alt_words == 2


def test_a_link_in_the_colour_of_its_ground_is_no_link_to_be_seen() -> None:
    assert read_html("<a href=x style='color:white'>unsubscribe</a>").links == ()


def test_what_is_fetched_from_elsewhere() -> None:
    page = read_html(
        "<head><link rel='stylesheet' href='https://e.example/s.css'><style>"
        "@import url('https://e.example/i.css?a=1;b'); .a{background:url(//e.example/b.png)}"
        "@font-face{src:url(https://e.example/f.woff)}</style></head>"
        "<body background='https://e.example/bg.png'>"
        "<img src='https://e.example/t.gif' width=1 height=1><img src=cid:x>"
        "<img src='https://e.example/s.gif' style='width:600px;height:1px'>"
        "<p style='display:none'><img src='//e.example/h.gif'></p>"
        "<td style=\"background:url('https://e.example/u.png')\">"
    )
    assert {(item.kind, item.url.rpartition("/")[2]) for item in page.remote} == {
        ("stylesheet", "s.css"),
        ("stylesheet", "i.css?a=1;b"),
        ("background", "b.png"),
        ("font", "f.woff"),
        ("background", "bg.png"),
        ("image", "t.gif"),
        ("image", "s.gif"),
        ("image", "h.gif"),
        ("background", "u.png"),
    }
    assert {item.url.rpartition("/")[2] for item in page.remote if item.pixel} == {
        "t.gif",
        "h.gif",
    }
    assert page.remote_fonts == ("https://e.example/i.css?a=1;b", "https://e.example/f.woff")


def test_what_a_page_says_of_itself() -> None:
    page = read_html(
        "<html LANG=de><head><base href='https://e.example/'><title> A &amp; b </title>"
        "<meta http-equiv=Refresh content='0;url=http://e.example/'></head><body dir=RTL>"
        "<form action='https://e.example/f'><input></form><table role=presentation><tr><td>x"
        "<table><tr><th>h</table></table><p lang=en>text</p><script type='application/ld+json'>"
    )
    assert (page.language, page.direction, page.title) == ("de", "rtl", "A & b")
    assert (page.base, page.forms) == ("https://e.example/", ("https://e.example/f",))
    assert page.refresh == "0;url=http://e.example/"
    assert [(table.role, table.headed) for table in page.tables] == [
        ("presentation", False),
        ("", True),
    ]
    assert [mark.span.of(page.text) for mark in page.marked] == ["text"]
    assert page.active == ("form",)


def test_an_empty_page_is_an_empty_view() -> None:
    assert read_html(" \n") == HtmlView()
