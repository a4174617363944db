"""A message taken apart: headers, parts, files, what is broken in it, what travels."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from contracts.mail import Attachment, Edition, EmbeddedImage
from evaluation import MailView
from evaluation.view.decoding import codec_of, decoded_words, parameters
from evaluation.view.mailview import AttachedFile, mailboxes

HEAD = b"From: a@e.example\nSubject: x\n"


def with_files() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Files"
    mail["From"] = "a@e.example"
    mail.set_content("Plain words.\n")
    mail.add_alternative("<p>Words with a picture.</p><img src='cid:one'>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<one>")  # type: ignore[union-attr,index]
    mail.add_attachment(b"PK\x03\x04", "application", "zip", filename="Preisübersicht 2026.zip")
    inner = EmailMessage()
    inner["Subject"] = "Inside"
    inner.set_content("Words of another mail.")
    mail.add_attachment(inner)
    return mail


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_part_that_is_not_shown_is_a_file(line_end: bytes) -> None:
    raw = with_files().as_bytes().replace(b"\n", line_end)
    view = MailView.from_bytes(raw)
    assert view.text.strip() == "Plain words."
    assert view.visible == "Words with a picture."
    picture, archive, mail = view.attached
    assert (picture.media_type, picture.content_id, picture.data) == (
        "image/png",
        "one",
        b"\x89PNG",
    )
    assert (archive.name, archive.disposition) == ("Preisübersicht 2026.zip", "attachment")
    assert (archive.size, archive.data) == (4, b"PK\x03\x04")
    assert mail.media_type == "message/rfc822"
    assert MailView.from_bytes(mail.data).subject == "Inside"
    assert "Preisübersicht 2026.zip" in view.attachments
    assert picture.media_type not in view.attachments
    assert view.defects == ()


def test_the_tree_of_parts_with_what_their_text_is_written_in() -> None:
    view = MailView.from_bytes(with_files().as_bytes())
    assert [str(part) for part in view.structure] == [
        "multipart/mixed",
        " multipart/alternative",
        "  text/plain",
        "  multipart/related",
        "   text/html",
        "   image/png",
        " application/zip",
        " message/rfc822",
    ]
    text = view.structure[2]
    assert (text.charset, text.encoding) == ("utf-8", "7bit")


def test_headers_keep_their_order_and_what_they_stood_as() -> None:
    subject = b"SUBJECT: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n and more\n"
    view = MailView.from_bytes(b"Received: one\n" + subject + b"received: two\nTo : a@b.c\n\n")
    assert view.header_order == ("Received", "SUBJECT", "received", "To")
    assert view.header_values("Received") == ("one", "two")
    assert view.subject == "Grüße and more"
    assert view.raw_subject == "=?utf-8?q?Gr=C3=BC=C3=9Fe?=\n and more"
    assert view.header("to") == "a@b.c"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?b?w7w=?= =?utf-8?b?w7w=?=", "üü"),
        ("=?utf-8?b?w7?= =?utf-8?b?vA?=", "ü"),  # a letter cut in two
        ("=?utf-8?b?w7w=?= x =?iso-8859-1?q?=FC?=", "ü x ü"),
        ("=?windows-1252*de?q?=80_5?=", "€ 5"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?nonsense?q?a=C3=BC?=", "aü"),
        ("=?utf-8?q?a=0Ab?=", "a b"),
        ("=?utf-8?q?a", "=?utf-8?q?a"),
        ("a\r\n b", "a b"),
        ("=?utf-7?q?+2AA-?=", "\ufffd"),
    ],
)
def test_encoded_words(value: str, read: str) -> None:
    assert decoded_words(value) == read


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=a.pdf", "a.pdf"),
        ('attachment; filename="a; \\"b\\".pdf"; size=1', 'a; "b".pdf'),
        ("attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf; filename=x.pdf", "Grüße.pdf"),
        ("attachment; filename*1=b.exe; filename*0*=utf-8''%E2%82%AC", "€b.exe"),
        ('attachment; filename="=?utf-8?b?w7wucGRm?="', "ü.pdf"),
        ("attachment; filename", ""),
        ('attachment; filename="open', "open"),
    ],
)
def test_names_of_files(header: str, name: str) -> None:
    assert parameters(header).get("filename") == name


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("UTF-8", "utf_8"),
        ("iso-8859-1", "cp1252"),
        ("GB2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("Shift_JIS", "cp932"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8_r"),
        ("punycode", ""),
        ("zlib", ""),
        ("no-such", ""),
        ("\x00", ""),
    ],
)
def test_charsets_mean_what_mail_programs_take_them_for(charset: str, codec: str) -> None:
    assert codec_of(charset) == codec


@pytest.mark.parametrize(
    ("head", "body", "text", "defect"),
    [
        (b"charset=iso-8859-1", b"\x93x\x94", "“x”", ""),
        (b"charset=utf-8", b"\xef\xbb\xbfx", "x", ""),
        (b"charset=utf-8", b"Gr\xfc\xdfe", "Grüße", "text that does not fit its declared charset"),
        (b"charset=nonsense", b"x", "x", "text in a charset that nobody knows"),
        (b"\nContent-Transfer-Encoding: base64", b"eA", "x", "a body that is wrongly encoded"),
        (b"\nContent-Transfer-Encoding: gzip", b"x", "x", "a transfer encoding that nobody knows"),
        (b"\nContent-Transfer-Encoding: Quoted-Printable", b"=C3=BC=\nx", "üx", ""),
        (b"\nContent-Transfer-Encoding: x-uuencode", b"begin 644 a\n!>```\n`\nend\n", "x", ""),
    ],
)
def test_bodies_are_decoded(head: bytes, body: bytes, text: str, defect: str) -> None:
    view = MailView.from_bytes(HEAD + b"Content-Type: text/plain; " + head + b"\n\n" + body)
    assert (view.text, view.defects) == (text, (defect,) if defect else ())


@pytest.mark.parametrize(
    ("raw", "text", "defect"),
    [
        (b"Content-Type: multipart/mixed\n\nwords", "words", "a multipart without a boundary"),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\nwords",
            "words",
            "a multipart without its boundary in it",
        ),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--bb\nmore",
            "words\n--bb\nmore",
            "a multipart that is never closed",
        ),
        (b"Subject: x\nwords: but\nno header\nwords", "no header\nwords", "headers that end"),
        (
            b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
            b"--b\n\nwords\n--b--",
            "words",
            "a multipart that is encoded itself",
        ),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b \n"
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b--\nepilogue",
            "\nwords",
            "a multipart with the boundary of another that it stands in",
        ),
    ],
)
def test_what_is_broken_is_said_and_shown_as_mail_programs_do(
    raw: bytes, text: str, defect: str
) -> None:
    view = MailView.from_bytes(raw)
    assert defect in " ".join(view.defects)
    assert view.text.strip("\n") == text.strip("\n")


def test_an_inner_part_ends_where_the_outer_one_does() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=out\n\n--out\n"
        b"Content-Type: multipart/alternative; boundary=in\n\n--in\n\none\n--out\n\ntwo\n--out--\n"
    )
    view = MailView.from_bytes(raw)
    assert view.text == "one\ntwo"
    assert view.defects == ("a multipart that is never closed",)


def test_a_message_of_the_lines_that_travel() -> None:
    raw = HEAD.replace(b"\n", b"\r\n") + b"X-Raw: \xc3\xbc\r\n\r\n" + b"y" * 1200 + b"\r\nz\r\n"
    view = MailView.from_bytes(raw)
    assert view.longest_line == (1200, 5)
    assert view.raw_size == len(raw)
    assert view.wire is not None
    assert (view.wire.over_78, view.wire.raw_headers, view.wire.zeros) == (1, ("X-Raw",), False)


def test_long_lines_are_counted_across_pieces() -> None:
    for size in (65_535, 65_536, 65_537, 200_000):
        view = MailView.from_bytes(b"\r\n" + b"a" * size + b"\r\nb\r\n" + b"c" * (size - 1))
        assert view.longest_line == (size, 2)
        assert view.wire is not None
        assert view.wire.over_78 == 2


def test_a_mail_without_files_keeps_nothing_of_the_message() -> None:
    view = MailView.from_bytes(HEAD + b"\nwords")
    assert view.attached == ()
    assert not any(isinstance(value, bytes | memoryview) for value in vars(view).values())


def test_the_files_of_an_edition_are_attached() -> None:
    edition = Edition(
        variant_id="v", campaign="c", segment="s", language="en", profile="US", subject="s",
        html="<p>x", text="x", from_name="Jo", from_address="jo@h.example", reply_to="",
        refusal_mailbox="u@h.example", unsubscribe_base="", choices={}, fields=(),
        images=(EmbeddedImage("one", "image/png", b"\x89PNG"),),
        attachments=(Attachment("fair.ics", "text/calendar; method=PUBLISH", b"BEGIN"),),
    )  # fmt: skip
    view = MailView.from_edition(edition)
    assert [(item.media_type, item.data) for item in view.attached] == [
        ("image/png", b"\x89PNG"),
        ("text/calendar", b"BEGIN"),
    ]
    assert view.attachments == ("fair.ics",)
    assert view.longest_line == (0, 0)


def test_a_broken_file_is_read_as_far_as_it_goes() -> None:
    letters = base64.b64encode(b"0123456789")
    broken = AttachedFile("a", "a/b", encoding="base64", encoded=b"?!" + letters[:-3] + b"\n")
    assert broken.data == b"0123456789"[: len(broken.data)]
    assert broken.size > 5


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('"A, B" <a@b.example>, c@d.example', [("A, B", "a@b.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("<a@>, <@b>, <@>", []),
        ("x <a@b@c>", [("x", "a@b@c")]),
        ("<" * 50_000 + "a@" * 50_000, [("", "a@" * 50_000)]),
    ],
)
def test_mailboxes(value: str, found: list[tuple[str, str]]) -> None:
    assert [(item.name, item.address) for item in mailboxes(value)] == found
