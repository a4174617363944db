"""Whatever a mail holds: no exception, places inside of the text, bounded time and memory, and
what was cut off is said."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluation import MailView
from evaluation.suites.fuzz_mails import LARGEST, fuzzed_mails
from evaluation.view.mailview import mailboxes

HEAD = b"From: a@e.example\nSubject: x\n"
PAGE = HEAD + b"Content-Type: text/html\n\n"
SECONDS = 12  # a few on a quiet machine


def look_at_all_of(view: MailView) -> None:
    """Everything that a check may ask, and that every place lies in the text it speaks of."""
    texts = {"html": view.visible, "text": view.text}
    for link in view.links:
        assert 0 <= link.span.start <= link.span.end <= len(texts[link.part])
    for link in view.page.links:
        seen = link.span.of(view.visible)
        assert not seen or len(link.label) >= 2_000 or seen.strip() == link.label
    for mark in view.page.marked:
        assert 0 <= mark.span.start < mark.span.end <= len(view.visible)
    said = [view.subject, view.visible, view.text, *view.defects, *view.attachments]
    said += [value for values in view.headers.values() for value in values]
    said += [item.text for item in view.hidden] + [link.href for link in view.links]
    for text in said:
        text.encode("utf-8")  # no half of a character
    for file in view.attached:
        assert file.size == len(file.data)
    for values in view.headers.values():
        for value in values:
            mailboxes(value)
    assert len(view.structure) <= 1_000
    assert isinstance(view.longest_line, tuple)


def nested_parts(count: int) -> bytes:
    parts = [HEAD + b"Content-Type: multipart/mixed; boundary=b0\n\n"]
    parts += [
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (at, at + 1)
        for at in range(count)
    ]
    return b"".join(parts) + b"--b%d\n\ndeep" % count


MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
SELECTORS = b",".join(b".a > .b .c%d" % at for at in range(4_000)) + b"{color:red}"

# The mail, and what its defects must speak of ("" nothing was cut off).
EXTREMES: dict[str, tuple[Callable[[], bytes], str]] = {
    "50 MB of text": (lambda: HEAD + b"\n" + b"a line of text\n" * 3_400_000, "text of more than"),
    "50 MB in one line": (lambda: HEAD + b"\n" + b"x" * 50_000_000, "text of more than"),
    "50 MB of HTML": (lambda: PAGE + b"<p>words </p>\n" * 3_600_000, "HTML of more than"),
    "a million links": (
        lambda: PAGE + b"".join(b"<a href=//e.example/%d>l</a> " % at for at in range(1_000_000)),
        "more than 10,000 links",
    ),
    "a million links in text": (
        lambda: HEAD + b"\n" + b"http://e.example/ " * 1_000_000,
        "more than 10,000 links in the text",
    ),
    "100,000 nested tags": (lambda: PAGE + b"<div>" * 100_000 + b"x" + b"</div>" * 100_000, ""),
    "nested tags, each with a style": (
        lambda: PAGE + b"".join(b"<b id=%d style='color:#%06x'>" % (n, n) for n in range(50_000)),
        "",
    ),
    "fonts that go on and on": (
        lambda: PAGE + b"<b style=color:red>" * 40_000 + b"<div>" * 150 + b"</b>" * 40_000,
        "too many wrong orders",
    ),
    "formats that browsers repeat": (
        lambda: PAGE + b"<p>" + b"<b class=x>" * 5_000 + b"</p>" + b"<p>x</p>" * 5_000,
        "",
    ),
    "end tags of nothing": (lambda: PAGE + b"<div>" * 50_000 + b"</b></i></p>" * 50_000, ""),
    "links around tables": (
        lambda: PAGE + b"<a href=x><table><td>" * 60_000 + b"w " * 50_000,
        "a link's text of more than",
    ),
    "a tag of many attributes": (
        lambda: PAGE + b"<p " + b"".join(b"a%d=1 " % at for at in range(100_000)) + b">x",
        "tags with more attributes",
    ),
    "languages in each other": (lambda: PAGE + b"<div lang=de>x" * 60_000, "marked languages"),
    "unclosed quotes": (lambda: PAGE + b'<a href="' * 200_000, ""),
    "comments never closed": (lambda: PAGE + b"<!--" * 400_000, ""),
    "a large style sheet": (
        lambda: PAGE + b"<style>" + b".a .b .c{color:red}" * 20_000 + b"</style>"
        + b"<div class='a b c'>" * 30_000,
        "style sheets too large",
    ),
    "selectors by the thousand": (
        lambda: PAGE + b"<style>" + SELECTORS + b"</style>" + b"<div class='a b'>" * 500
        + b"".join(b"<p class=c%d>" % at for at in range(4_000)),
        "",
    ),
    "a style of a million declarations": (
        lambda: PAGE + b"<p style='" + b"a:b;" * 400_000 + b"'>x",
        "tags with more attributes or styles",
    ),
    "brackets in a style": (lambda: PAGE + b"<p style='" + b'("' * 400_000 + b"'>x", ""),
    "100,000 nested parts": (lambda: nested_parts(100_000), "nested more than 50 deep"),
    "100,000 parts": (lambda: MIXED + b"--b\n\nwords\n" * 100_000, "more than 1,000 parts"),
    "lines that are nearly boundaries": (lambda: MIXED + b"--bb\n" * 4_000_000, "never closed"),
    "a header of 8 MB": (lambda: b"Subject: " + b"x" * 8_000_000 + b"\n\nx", "a header of more"),
    "encoded words of 8 MB": (
        lambda: b"Subject: " + b"=?utf-8?q?abc?=\n " * 470_000 + b"\n\nx",
        "a header of more",
    ),
    "a million headers": (lambda: b"X-A: y\n" * 1_000_000 + b"\nx", "more headers than are read"),
    "an address of 8 MB": (lambda: b"To: " + b"<a@" * 2_600_000 + b"\n\nx", "a header of more"),
    "parameters of 8 MB": (
        lambda: b"Content-Type: text/plain; " + b"a*0=1;" * 1_300_000 + b"\n\nx",
        "a header of more",
    ),
    "NULs": (lambda: PAGE + b"\0" * 5_000_000 + b"x", "HTML of more than"),
    "halves of characters": (
        lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+2AA-" * 100_000,
        "",
    ),
    "a charset that takes its time": (
        lambda: HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"abc-" * 200_000,
        "charset",
    ),
}  # fmt: skip


LARGE = ("50 MB", "a million", "a large", "lines that", "nested tags, each", "links around")


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow if n.startswith(LARGE) else ()) for n in EXTREMES],
)
def test_time_is_bounded_and_what_is_cut_off_is_said(name: str) -> None:
    build, defect = EXTREMES[name]
    raw = build()
    started = time.perf_counter()
    view = MailView.from_bytes(raw)
    view.page, view.links, view.body  # noqa: B018
    assert time.perf_counter() - started < SECONDS
    said = " | ".join(view.defects)
    assert defect in said
    if not defect:
        assert "read" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "50 MB of text",
        "50 MB of HTML",
        "a million links",
        "a header of 8 MB",
        "100,000 nested parts",
    ],
)
def test_memory_is_bounded(name: str) -> None:
    raw = EXTREMES[name][0]()
    tracemalloc.start()
    try:
        view = MailView.from_bytes(raw)
        view.page, view.links, view.defects  # noqa: B018
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000


def test_a_long_file_is_kept_once() -> None:
    raw = HEAD + b"Content-Type: application/zip; name=a.zip\n\n" + b"P" * 20_000_000
    tracemalloc.start()
    try:
        view = MailView.from_bytes(raw)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert view.attached[0].encoded_size == 20_000_000


NAMES = [
    b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"Subject", b"From",
    b"To",
    b"content-type ", b"", b"X\xff", b" ", b"Content-ID",
]  # fmt: skip
VALUES = [
    b"multipart/mixed; boundary=b", b'multipart/x; boundary="b b"', b"text/html", b"base64",
    b"text/plain; charset=utf-7", b'text/html; charset="gb2312', b"quoted-printable",
    b"attachment; filename*0*=a'b'c%", b"message/rfc822", b"=?utf-8?b?w7w=?= =?x?q?=ff?=",
    b'"a" <b@c>, <', b"x\r\n folded",
]  # fmt: skip
HEADERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.binary(max_size=60), st.sampled_from(VALUES))),
    max_size=6,
)
PIECES = st.sampled_from(
    [b"--b", b"--b--", b"--b b", b"", b"words", b"<p>", b"<td", b"=3D=", b"w7w=", b"\xff\0", b"--"]
)
BREAKS = st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n"])
LINES = st.lists(st.tuples(st.one_of(PIECES, st.binary(max_size=20)), BREAKS), max_size=30)


@st.composite
def messages(draw: st.DrawFn, depth: int = 3) -> bytes:
    """Headers and lines, with messages like themselves between boundaries."""
    head = b"".join(name + b":" + value + draw(BREAKS) for name, value in draw(HEADERS))
    body = b"".join(piece + end for piece, end in draw(LINES))
    if depth and draw(st.booleans()):
        inner = draw(messages(depth=depth - 1))
        body += b"--b" + draw(BREAKS) + inner + draw(BREAKS) + b"--b--" + draw(BREAKS)
    return head + draw(BREAKS) + body


@settings(deadline=None, max_examples=200)
@given(messages())
def test_any_message_gives_a_view(raw: bytes) -> None:
    look_at_all_of(MailView.from_bytes(raw))


TAGS = ["p", "div", "a href=x", "b", "font color=white", "table", "tr", "td", "th", "li", "ul"]
TAGS += ["span lang=de", "img alt=y", "br", "svg", "select", "option", "template", "title", "head"]
TAGS += ["body bgcolor=#fff", "html lang=en", "style", "h1", "button", "p style='font-size:0'"]
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS]),
        st.sampled_from([f"</{tag.partition(' ')[0]}>" for tag in TAGS]),
        st.sampled_from(
            ["words ", " ", "\xa0", "&nbsp;x", "&#0;", "<!--", "-->", "<", "p{color:#fff}"]
        ),
        st.text(max_size=5),
    ),
    max_size=60,
).map("".join)


@settings(deadline=None, max_examples=400)
@given(MARKUP)
@example("<a href=x> \xa0 <table><td>w</a>")
@example("<b><td><div></b></td></div>")
def test_any_page_gives_a_view(html: str) -> None:
    look_at_all_of(MailView.from_html(html))


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_gives_a_view(text: str) -> None:
    look_at_all_of(MailView.from_html(text))
    look_at_all_of(MailView.from_text(text))


def test_fuzzed_mails_give_a_view() -> None:
    for raw in fuzzed_mails(2, 1_500):
        assert len(raw) <= LARGEST
        look_at_all_of(MailView.from_bytes(raw))


def test_a_seed_gives_the_same_mails_again() -> None:
    first = list(fuzzed_mails(5, 40))
    assert first == list(fuzzed_mails(5, 40))
    assert list(fuzzed_mails(5, 7)) == first[:7]
    assert first != list(fuzzed_mails(6, 40))
    assert len(set(first)) == 40
