from __future__ import annotations

from pathlib import Path

import pytest
from evaluation_samples import message
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.mail import Edition
from evaluation import MailView, UnreadableMail


def test_a_message_is_read_as_a_person_sees_it() -> None:
    view = MailView.from_bytes(message("CN"))
    assert view.subject == "广告 更早发现轴承磨损"
    assert view.header("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    assert "李经理：" in view.visible
    assert "李经理：" in view.text
    assert view.lang == "zh-Hans"
    assert {link.part for link in view.links} == {"html", "text"}


def test_places_of_links_lie_in_the_visible_text() -> None:
    view = MailView.from_bytes(message("DE"))
    bodies = dict(view.bodies)
    assert len(view.links) == 4
    for link in view.links:
        assert link.span.of(bodies[link.part]) == link.label


def test_blocks_break_lines_and_inline_elements_do_not() -> None:
    html = "<p>One <b>two</b>three</p><table><tr><td>a</td><td>b</td></tr></table>c<br>d"
    assert MailView.from_html(html).visible == "One twothree\n\na b\n\nc\nd"


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("display:none", "display"),
        ("visibility: hidden", "visibility"),
        ("font-size:0", "font-size"),
        ("font-size:1px;", "font-size"),
        ("opacity:0", "opacity"),
        ("max-height:0;overflow:hidden", "max-height"),
        ("position:absolute;left:-9999px", "position"),
        ("text-indent:-9999px", "text-indent"),
        ("color:#fff;background-color:#ffffff", "colour"),
        ("color:#fefefe;background:white", "colour"),
    ],
)
def test_hidden_text_is_kept_apart(style: str, why: str) -> None:
    seen = "Visible words, long enough to stand in front of it."
    view = MailView.from_html(f'<p>{seen}</p><div style="{style}">secret</div>')
    assert view.visible == seen
    assert [(item.text, item.why, item.leading) for item in view.hidden] == [("secret", why, False)]


def test_style_sheets_hide_too_but_not_what_small_screens_show() -> None:
    html = (
        "<style>.gone{display:none} @media (max-width:600px){.phone{display:block !important}}"
        ".phone{display:none}</style><p>Visible words, long enough to stand in front.</p>"
        '<p class="gone">secret</p><p class="phone">for phones</p>'
    )
    hidden = MailView.from_html(html).hidden
    assert [(item.text, item.responsive) for item in hidden] == [
        ("secret", False),
        ("for phones", True),
    ]


def test_a_child_may_undo_a_zero_font_size() -> None:
    view = MailView.from_html(
        '<td style="font-size:0"><div style="font-size:16px">shown</div></td>'
    )
    assert view.visible == "shown"
    assert view.hidden == ()


def test_a_preheader_is_leading() -> None:
    view = MailView.from_html('<div style="display:none">Preview</div><p>Body of the mail</p>')
    assert [item.leading for item in view.hidden] == [True]


def test_comments_scripts_and_conditional_parts_are_not_text() -> None:
    html = "<!--[if mso]><p>Outlook</p><![endif]--><script>x()</script><p>Shown</p><!-- no -->"
    view = MailView.from_html(html)
    assert view.visible == "Shown"
    assert view.page.active == ("script",)


def test_deep_nesting_is_read() -> None:
    assert MailView.from_html("<div>" * 5000 + "deep" + "</div>" * 5000).visible == "deep"


def test_a_wrong_charset_is_said_and_survived() -> None:
    raw = b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nGr\xfc\xdfe"
    view = MailView.from_bytes(raw)
    assert view.text == "Grüße"
    assert view.defects


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n\n",
        b"Subject: =?utf-8?b?////?=\nFrom: <<>>@\n\nx",
        b"Content-Type: text/plain; charset=no-such-thing\n\nx",
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed;"
        b" boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x",
        b"Content-Type: multipart/alternative\n\n<p>no boundary</p>",
        b"Content-Type: ;;;==\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"From: a@b, , ;; <c\nTo:\x00\xff\nDate: never\n\n\xff\xfe\x00",
    ],
)
def test_broken_mails_give_a_view(raw: bytes) -> None:
    view = MailView.from_bytes(raw)
    assert isinstance(view.visible, str)
    assert isinstance(view.links, tuple)


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=400))
@example(b".xml")
def test_any_bytes_give_a_view(raw: bytes) -> None:
    view = MailView.from_bytes(b"Content-Type: text/html\n\n" + raw)
    assert isinstance(view.body, str)
    assert isinstance(MailView.from_bytes(raw).body, str)


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="<>/ab =\"'!-divp&;\n", max_size=120))
def test_link_places_never_leave_the_text(html: str) -> None:
    view = MailView.from_html(f'{html}<a href="http://x.example">y</a>')
    for link in view.links:
        assert link.span.end <= len(view.visible)


def test_files_by_their_kind(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message("US"))
    (tmp_path / "b.html").write_text("<p>Hello</p>", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Subject: Hi\n\nHello", encoding="utf-8")
    assert MailView.from_file(tmp_path / "a.eml").has_headers
    assert MailView.from_file(tmp_path / "b.html").visible == "Hello"
    text = MailView.from_file(tmp_path / "c.txt")
    assert (text.subject, text.text, text.has_subject) == ("Hi", "Hello", True)


def test_other_files_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    (tmp_path / "b.eml").write_bytes(b" \n")
    for name in ("a.pdf", "b.eml", "none.eml"):
        with pytest.raises(UnreadableMail) as caught:
            MailView.from_file(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_an_edition_shows_each_choice_and_the_coming_headers() -> None:
    edition = Edition(
        variant_id="v",
        campaign="c",
        segment="s",
        language="en",
        profile="US",
        subject="Hello",
        html="<p>[[greeting]]</p><a href='[[unsubscribe_url]]'>Unsubscribe</a>",
        text="[[greeting]]\nUnsubscribe: [[unsubscribe_url]]",
        from_name="Jo",
        from_address="jo@h.example",
        reply_to="",
        refusal_mailbox="u@h.example",
        unsubscribe_base="https://h.example/u/",
        choices={"greeting": {"ms": "Dear Ms [[last_name]] & Co,", "none": "Hello,"}},
        fields=("last_name", "unsubscribe_url"),
    )
    first, second = MailView.from_edition(edition), MailView.from_edition(edition, 7)
    assert first.visible.startswith("Dear Ms [[last_name]] & Co,")
    assert second.text.startswith("Hello,")
    assert first.header("List-Unsubscribe").startswith("<https://h.example/u/")
    assert "last_name" in first.merge_fields
    assert [link.part for link in first.links] == ["html", "text"]
