"""Mails as nobody should write them, to hold every check against.

A mail is built of invented parts and then broken a few times. The same seed gives the same mails,
each for itself: mail 7 of a seed does not depend on the six before it.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Iterator
from random import Random

__all__ = ["fuzzed_mails"]

LARGEST = 400_000  # bytes of a mail
_HUGE_ONE_IN = 400  # mails of which one is as large as that

_Change = Callable[[Random, bytes], bytes]

_WORDS = (
    "offer", "Lager", "réunion", "предложение", "広告", "取消订阅", "إلغاء", "구독", "กำไร", "%",
    "50 %", "1,000", "FREE", "unsubscribe", "№", "ﬁne", "Ａｂｃ", "a\u200bb", "\u202eexe.pdf",
    "\ufeff", "\u00ad", "e\u0301", "🎉", "\u2028", "\x0b", "[[name]]", "{{x}}", "=?",
    "http://e.example/?a=b&c", "https://\u0430pple.example/",
)  # fmt: skip
_CHARSETS = (
    "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "gb2312", "gb18030", "big5", "shift_jis",
    "iso-2022-jp", "euc-kr", "koi8-r", "utf-16", "utf-16le", "utf-32", "utf-7", "hz", "punycode",
    "idna", "unicode_escape", "zlib", "hex", "x-unknown", "", "\"", "utf-8*en", "cp\x00", "é",
)  # fmt: skip
_ENCODINGS = ("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary", "gzip", "", ";")
_TYPES = (
    "text/plain", "text/html", "TEXT/HTML", "text/calendar", "text/x-amp-html", "image/png",
    "text", "application/zip", "message/rfc822", "message/delivery-status", "multipart/mixed",
    "/", "a/b/c",
)  # fmt: skip
_MULTIPARTS = ("mixed", "alternative", "related", "digest", "report", "signed", "x", "")
_TAGS = (
    "p", "div", "span", "a", "b", "font", "table", "tr", "td", "th", "ul", "li", "h1", "img",
    "br", "hr", "style", "script", "title", "head", "body", "html", "svg", "math", "select",
    "option", "textarea", "template", "form", "input", "iframe", "object", "plaintext",
    "noscript", "center", "o:p", "x" * 300,
)  # fmt: skip
_ATTRIBUTES = (
    "href='http://e.example/a'", "href=\"mailto:a@e.example\"", "href=javascript:x()", "href",
    "src=cid:1", "src=//t.example/p.gif width=1 height=1", "style='display:none'",
    "style=\"color:#fff\"", "style='font-size:0'",
    "style='background:url(http://e.example/b.png)'", "bgcolor=black", "hidden", "color=white",
    "class='a b'", "id=x", "lang=ar", "dir=rtl", "alt='x & y'", "title=\"", "=", "a=b=c", "'",
    "style='}{;:!important;color:;;;'", "style='\\64 isplay:none'", "width=999999999999999999999",
)  # fmt: skip
_CSS = (
    ".a{display:none}", "@media (max-width:1px){.a{display:block}}", "p>a, #x .b{color:white}",
    "@import url(x);", "/*", "*/", "}", "{", "@font-face{src:url(http://e.example/f.woff)}",
    "a{b:c;d}", "*{", "@", "<!--", "\\",
)  # fmt: skip
_HEADERS = (
    "From: \"A, B\" <a@e.example>", "From: a@e.example, b@f.example",
    "From: =?utf-8?b?////?= <<>>@", "To: undisclosed-recipients:;", "Cc: <a@@b>, <",
    "Reply-To: =?x?q?=00?=", "Date: 32 Foo 99999", "Date: Mon, 1 Jan 2024 10:00:00 +9999",
    "Message-ID: <>", "Received: from x by y; z",
    "List-Unsubscribe: <https://e.example/u>, <mailto:u@e.example",
    "DKIM-Signature: v=1; d=; b==;;", "Subject: Re: =?gb2312?b?xOO6ww?= =?gb2312?q?=C4?=",
    "Subject:", "Subject : two", "Content-ID: <1>", "MIME-Version: 9",
    "Content-Disposition: attachment; filename*0*=utf-8''%E2%82; filename*1=.exe",
    "Authentication-Results: ;;;=", "X-Long: " + "y" * 3_000,
)  # fmt: skip
# Lines that no header begins with: what follows them may be taken for the body.
_BROKEN_HEADERS = ("X-\x01: y", ": nothing", "no colon", " folded first", "\x00: \x00", "", "é: y")
_PIECES = (
    b"\0", b"\r", b"\n\n", b"--b\n", b"--b--\n", b"--", b"<", b">", b'"', b"&", b"=", b"=?", b"?=",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"<table>", b"</td>",
    b"<div hidden>",
)  # fmt: skip
_MARKUP = ("<!--", "-->", "<!--[if mso]>", "<![endif]-->", "&#x;", "&#99999999999;", "<")


def fuzzed_mails(seed: int, count: int) -> Iterator[bytes]:
    """`count` broken mails, in bytes as they would travel, each of at most 400,000 bytes."""
    for number in range(count):
        rng = Random(f"{seed}/{number}")  # noqa: S311 - the mails must come out the same again
        mail = _mail(rng)
        for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
            mail = rng.choice(_CHANGES)(rng, mail)[:LARGEST]
        if number % _HUGE_ONE_IN == _HUGE_ONE_IN - 1:
            mail = _repeated(rng, mail)
        yield mail[:LARGEST]


def _mail(rng: Random) -> bytes:
    lines = [rng.choice(_HEADERS) for _ in range(rng.randrange(8))]
    if rng.random() < 0.1:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(_BROKEN_HEADERS))
    lines.append(f"Subject: {_text(rng, 6)}")
    break_ = rng.choice((b"\n", b"\n", b"\r\n", b"\r\n", b"\r"))
    head = "\n".join(lines).encode("utf-8", "replace").replace(b"\n", break_)
    return head + break_ + _part(rng, rng.choice((0, 0, 0, 1, 1, 2, 4))).replace(b"\n", break_)


def _part(rng: Random, depth: int) -> bytes:
    """A part with its headers."""
    if depth and rng.random() < 0.8:
        boundary = rng.choice(("b", "b--", f"=_{rng.randrange(99)}", "a b", "é", "x" * 200))
        kind = f"multipart/{rng.choice(_MULTIPARTS)}"
        said = f'"{boundary}"' if rng.random() < 0.8 else rng.choice((boundary, "", '"'))
        line = f"--{boundary}\n".encode("utf-8", "replace")
        parts = [line + _part(rng, depth - 1) for _ in range(rng.randrange(4))]
        end = rng.choice((line[:-1] + b"--\n", b"", line))
        return f"Content-Type: {kind}; boundary={said}\n\n".encode() + b"\n".join(parts) + end
    kind = "text/html" if rng.random() < 0.5 else rng.choice(_TYPES)
    charset = "utf-8" if rng.random() < 0.5 else rng.choice(_CHARSETS)
    encoding = "8bit" if rng.random() < 0.5 else rng.choice(_ENCODINGS)
    name = f"; name={rng.choice(_WORDS)}.zip" if rng.random() < 0.2 else ""
    head = (
        f"Content-Type: {kind}; charset={charset}{name}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    body = _html(rng) if "html" in kind.lower() or rng.random() < 0.1 else _text(rng, 60)
    return head.encode("utf-8", "replace") + _encoded(rng, body, charset, encoding)


def _encoded(rng: Random, body: str, charset: str, encoding: str) -> bytes:
    """A body in what it is declared in, or in something else."""
    if rng.random() < 0.2:
        charset = rng.choice(_CHARSETS)
    if rng.random() < 0.2:
        encoding = rng.choice(_ENCODINGS)
    try:
        raw = body.encode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        raw = body.encode("utf-8", "replace")
    if encoding == "base64":
        return base64.encodebytes(raw)
    return quopri.encodestring(raw) if encoding == "quoted-printable" else raw


def _text(rng: Random, most: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randrange(most) + 1))


def _html(rng: Random) -> str:
    out = [rng.choice(("", "<!DOCTYPE html>", "<html><body>", "\ufeff<html lang=de>"))]
    if rng.random() < 0.4:
        css = "".join(rng.choice(_CSS) for _ in range(rng.randrange(8)))
        out.append(f"<style>{css}</style>")
    for _ in range(rng.randrange(60)):
        roll = rng.random()
        tag = rng.choice(_TAGS)
        if roll < 0.45:
            said = " ".join(rng.choice(_ATTRIBUTES) for _ in range(rng.choice((0, 0, 1, 1, 2, 5))))
            out.append(f"<{tag} {said}{rng.choice(('>', '>', '>', '/>', ''))}")
        elif roll < 0.7:
            out.append(f"</{tag}>")
        elif roll < 0.95:
            out.append(_text(rng, 8))
        else:
            out.append(rng.choice(_MARKUP))
    return "".join(out)


def _cut(rng: Random, mail: bytes) -> bytes:
    start = rng.randrange(len(mail) + 1)
    return mail[:start] + mail[start + rng.randrange(200) :]


def _ended(rng: Random, mail: bytes) -> bytes:
    return mail[: rng.randrange(len(mail) + 1)]


def _doubled(rng: Random, mail: bytes) -> bytes:
    start = rng.randrange(len(mail) + 1)
    return mail[:start] + mail[start : start + rng.randrange(2_000)] * 2 + mail[start:]


def _shuffled(rng: Random, mail: bytes) -> bytes:
    """Lines in another order."""
    lines = mail.split(b"\n")
    start = rng.randrange(len(lines))
    some = lines[start : start + rng.randrange(30)]
    rng.shuffle(some)
    return b"\n".join(lines[:start] + some + lines[start + len(some) :])


def _strewn(rng: Random, mail: bytes) -> bytes:
    """Random bytes at random places."""
    out = bytearray(mail)
    for _ in range(rng.randrange(1, 40)):
        at = rng.randrange(len(out) + 1)
        out[at : at + rng.randrange(2)] = rng.randbytes(rng.choice((1, 1, 1, 4)))
    return bytes(out)


def _marked(rng: Random, mail: bytes) -> bytes:
    """Bytes that mean something, where they are not expected."""
    piece = rng.choice(_PIECES)
    at = rng.randrange(len(mail) + 1)
    return mail[:at] + piece * rng.choice((1, 1, 3, 50)) + mail[at:]


def _nested(rng: Random, mail: bytes) -> bytes:
    """Parts or tags inside of each other, far deeper than anybody writes them."""
    deep = rng.choice((30, 200, 2_000))
    if rng.random() < 0.5:
        tag = rng.choice(("div", "table><tr><td", "b", "font color=red", "p", "a href=x", "ul><li"))
        return mail + f"<{tag}>".encode() * deep
    parts = [
        f"Content-Type: multipart/mixed; boundary=n{at}\n\n--n{at}\n".encode() for at in range(deep)
    ]
    return b"".join(parts) + mail


def _repeated(rng: Random, mail: bytes) -> bytes:
    """One piece over and over, up to the largest size."""
    at = rng.randrange(len(mail) + 1)
    piece = mail[at : at + rng.choice((1, 7, 80, 900))] or b"x"
    return mail[:at] + piece * (LARGEST // len(piece)) + mail[at:]


_CHANGES: tuple[_Change, ...] = (
    _cut, _ended, _doubled, _shuffled, _strewn, _marked, _marked, _nested,
)  # fmt: skip
