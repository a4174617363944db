"""Whether a built mail can be shown and read, rule by rule."""

from __future__ import annotations

import pytest

from evaluation.rendering import judge_rendering

TEXT = "Hello\nhttps://a.example/x\n"


def page(body: str = "", root: str = 'lang="de" dir="ltr"', head: str = "<title>T</title>") -> str:
    link = '<a href="https://a.example/x" style="color:#0b5cad">Read on</a>'
    return f"<html {root}><head>{head}</head><body>{body}<p>Hello {link}</p></body></html>"


def rules(html: str, text: str = TEXT) -> list[str]:
    return [problem.rule for problem in judge_rendering(html, text)]


def test_a_mail_as_it_should_be_has_no_problem() -> None:
    good = (
        '<table role="presentation" width="600"><tr><td bgcolor="#ffffff">'
        '<img src="cid:a@b" alt="" width="544" height="20"><p style="color:#52606d">Words</p>'
        "</td></tr></table>"
    )
    assert rules(page(good)) == []


@pytest.mark.parametrize(
    "html, rule",
    [
        (page(root='dir="ltr"'), "language"),
        (page(root='lang="de"'), "language"),
        (page(head=""), "title"),
        (page('<img src="cid:a@b" width="10">'), "image"),
        (page('<img src="cid:a@b" alt="x">'), "image"),
        (page('<img src="http://a.example/x.png" alt="x" width="10">'), "image"),
        (page('<img src="pump.png" alt="x" width="10">'), "image"),
        (page("<script>1</script>"), "active"),
        (page("<form></form>"), "active"),
        (page(head='<title>T</title><link rel="stylesheet" href="https://a.example">'), "remote"),
        (page(head="<title>T</title><style>@import url(x.css);</style>"), "remote"),
        (page(head="<title>T</title><style>@font-face{src:url(x)}</style>"), "remote"),
        (page('<p style="background:url(https://a.example/x.png)">a</p>'), "remote"),
        (page('<p style="color:#aaaaaa">pale</p>'), "contrast"),
        (page('<table role="none" bgcolor="#333"><tr><td>dark</td></tr></table>'), "contrast"),
        (page('<p style="background-color:rgb(40, 40, 40)"><b>dark</b></p>'), "contrast"),
        (page('<p style="font-size:11px">small</p>'), "font size"),
        (page('<table role="presentation" width="700"><tr><td></td></tr></table>'), "width"),
        (page('<div style="width:641px">a</div>'), "width"),
        (page('<div style="min-width:800px">a</div>'), "width"),
        (page("<table><tr><td>a</td></tr></table>"), "table"),
        (page('<a href="https://a.example/x"></a>'), "link"),
        (page('<a href="https://a.example/y">Read</a>'), "text"),
        (page('<a href="[[unsubscribe_url]]">Stop</a>'), "text"),
        (page("<p>" + "x" * 102_400 + "</p>"), "size"),
    ],
)  # fmt: skip
def test_each_fault_is_seen(html: str, rule: str) -> None:
    assert rules(html) == [rule]


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color:#949494;font-size:24px">large and pale enough</p>',
        '<p style="color:#949494;font-size:19px;font-weight:bold">bold and pale enough</p>',
        '<div style="display:none;font-size:1px;color:#ffffff">preheader</div>',
        '<p style="color:#ffffff;background:#0b5cad">button</p>',
        '<p style="color:#ffffff;background-image:url(cid:a@b)">nobody can say</p>',
        '<!--[if mso]><table width="900"><tr><td><![endif]-->',
        "<table><tr><th>Figure</th><td>12</td></tr></table>",
        '<a href="tel:+4940">+49 40</a>',
    ],
)
def test_what_is_right_is_left_alone(body: str) -> None:
    assert rules(page(body)) == []


def test_the_text_part_is_judged_too() -> None:
    assert rules(page(), "") == ["text"]
    assert rules(page(), TEXT + "<br>") == ["text"]


@pytest.mark.parametrize("html", ["", "<", "<html", "https://a.example", "<p style='color:'>x"])
def test_broken_mails_are_judged_and_never_fail(html: str) -> None:
    assert "language" in rules(html)
