"""Composes the bytes that go on the wire, from a sealed edition and one envelope.

Assembled header by header rather than through `email.message`: the stdlib's refolding of
long non-ASCII address headers differs between Python versions, and what was approved must
not change with one. The stdlib's encoders (RFC 2045, RFC 2047) do the parts that are hard.
"""

from __future__ import annotations

import base64
import quopri
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from contracts.delivery import Envelope
from contracts.mail import Attachment, Edition, EmbeddedImage
from delivery.errors import AddressRefused, MessageRefused
from delivery.merge import Filled, fill

__all__ = ["SYSTEM_FIELDS", "compose"]

SYSTEM_FIELDS = ("unsubscribe_url",)
"""Places that the worker fills; no recipient's record may."""

_LINE = 76  # RFC 2045, 6.7 and RFC 2047, 2
# RFC 5321, 4.1.2 (dot-string) and 4.5.3.1; quoted local parts and address literals are left
# out on purpose: nobody's business address needs them, and they are how headers are broken.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?=.{{1,253}}\Z)(?P<host>[A-Za-z0-9.-]+)\Z")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}\Z")  # printable ASCII without < and >
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}\Z")
_LANGUAGE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\Z")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
_CONTENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,253}\Z")  # RFC 2392, plain
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.[a-z0-9]{1,8}\Z")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}(?:; [a-z]+=[A-Za-z0-9_-]{1,40}){0,4}\Z")
_OWN_HEADERS = frozenset(
    {
        *("bcc", "cc", "date", "from", "message-id", "received", "reply-to", "return-path"),
        *("resent-bcc", "resent-cc", "resent-to", "sender", "subject", "to"),
        *("content-transfer-encoding", "content-type", "mime-version"),
        *("dkim-signature", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
        "x-mailwright-envelope",
    }
)


def compose(
    edition: Edition, envelope: Envelope, unsubscribe_url: str, date: datetime, host: str
) -> bytes:
    """One RFC 5322 message, multipart/alternative with the text first, in 7-bit lines. The HTML
    and its images are one multipart/related; with attachments all of it is multipart/mixed.

    The same arguments give the same bytes. `host` names this installation in Message-ID and
    List-Id; "" takes the domain of the sender. One-click unsubscribing (RFC 8058) is offered
    where `unsubscribe_url` is https, as that standard demands. Line ends are CRLF, no line
    is longer than 998 bytes (RFC 5322, 2.1.1).

    Raises:
        MergeRefused: a place and a value do not fit.
        AddressRefused: an address is not plain ASCII.
        MessageRefused: a header would be broken, the date has no zone, or an image or an
            attachment is named or typed as none may be.
    """
    if date.tzinfo is None:
        raise MessageRefused("the date of a mail needs a time zone")
    filled = fill(edition, envelope.merge, {"unsubscribe_url": unsubscribe_url})
    headers = [
        *_headers(edition, envelope, unsubscribe_url, date, host),
        _text_header("Subject", filled.subject),
        "MIME-Version: 1.0",
    ]
    body = _body(edition, filled, f"mailwright_{_id(envelope.key, 'key')}")
    return "\r\n".join([*headers, *body, ""]).encode("ascii")


def _headers(
    edition: Edition, envelope: Envelope, unsubscribe_url: str, date: datetime, host: str
) -> Iterator[str]:
    sender_domain = _domain(edition.from_address, "sender")
    _domain(envelope.address, "recipient")
    place = host or sender_domain
    if not _is_domain(place):
        raise MessageRefused("the host that signs mails is no domain name: set it in the settings")
    yield f"Date: {format_datetime(date)}"
    yield f"Message-ID: <{envelope.key}@{place}>"
    yield _mailbox_header("From", edition.from_name, edition.from_address)
    if edition.reply_to:
        _domain(edition.reply_to, "reply")
        yield f"Reply-To: {edition.reply_to}"
    yield f"To: {envelope.address}"
    yield from _list_headers(edition, unsubscribe_url, place)
    if not _LANGUAGE.match(edition.language):
        raise MessageRefused("the language of the edition is no BCP 47 tag: draft it again")
    if "content-language" not in {name.lower() for name in edition.headers}:
        yield f"Content-Language: {edition.language}"
    yield f"X-Mailwright-Envelope: {_id(envelope.id, 'id')}"
    for name, value in sorted(edition.headers.items()):
        if not _HEADER_NAME.match(name) or name.lower() in _OWN_HEADERS:
            raise MessageRefused(f"the edition may not set the header {name!r}: approve without it")
        yield _text_header(name, value)


def _list_headers(edition: Edition, unsubscribe_url: str, place: str) -> Iterator[str]:
    if not _URL.match(unsubscribe_url):
        raise MessageRefused("the unsubscribe link is no plain http address: check public_url")
    ways = [f"<{unsubscribe_url}>"]
    if edition.refusal_mailbox:
        _domain(edition.refusal_mailbox, "refusal")
        mailbox = quote(edition.refusal_mailbox, safe="@+")  # RFC 6068, 2
        ways.append(f"<mailto:{mailbox}?subject=unsubscribe>")
    yield "List-Unsubscribe: " + ",\r\n ".join(ways)
    if unsubscribe_url.startswith("https://"):
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    label = re.sub(r"[^a-z0-9]+", "-", edition.campaign.lower()).strip("-") or "campaign"
    yield f"List-Id: <{label[:63]}.{place}>"


def _body(edition: Edition, filled: Filled, name: str) -> list[str]:
    """The lines from the mail's Content-Type on.

    No boundary may begin with another one: a line that begins with the outer boundary ends the
    inner part (RFC 2046, 5.1.1).
    """
    html = _text_part("html", filled.html)
    if edition.images:
        images = [_image_part(image) for image in edition.images]
        kind = 'related;\r\n type="text/html"'  # RFC 2387, 3.1
        html = _multipart(kind, f"=_related_{name}", [html, *images])
    mail = _multipart("alternative", f"=_{name}", [_text_part("plain", filled.text), html])
    if edition.attachments:
        files = [_attachment_part(file) for file in edition.attachments]
        mail = _multipart("mixed", f"=_mixed_{name}", [mail, *files])
    return mail


def _multipart(kind: str, boundary: str, parts: Sequence[Sequence[str]]) -> list[str]:
    lines = [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"', ""]
    for part in parts:
        lines += [f"--{boundary}", *part]
    return [*lines, f"--{boundary}--"]


def _text_part(kind: str, content: str) -> list[str]:
    way, encoded = _encoded_body(content)
    return [
        f"Content-Type: text/{kind}; charset=utf-8",
        f"Content-Transfer-Encoding: {way}",
        "",
        encoded,
    ]


def _image_part(image: EmbeddedImage) -> list[str]:
    if image.media_type not in _IMAGE_TYPES:
        raise MessageRefused("an image is neither PNG, JPEG nor GIF: approve without it")
    if not _CONTENT_ID.match(image.cid):
        raise MessageRefused("the name of an image is no Content-ID: draft the mail again")
    return [
        f"Content-Type: {image.media_type}",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: inline",
        f"Content-ID: <{image.cid}>",
        "",
        _base64(image.data),
    ]


def _attachment_part(file: Attachment) -> list[str]:
    if not _FILE_NAME.match(file.name):
        raise MessageRefused("the name of an attachment is not plain ASCII: draft the mail again")
    if not _MEDIA_TYPE.match(file.media_type):
        raise MessageRefused("the type of an attachment is no media type: draft the mail again")
    return [
        f"Content-Type: {file.media_type}",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment;\r\n filename="{file.name}"',
        "",
        _base64(file.data),
    ]


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii").rstrip("\n").replace("\n", "\r\n")


def _encoded_body(content: str) -> tuple[str, str]:
    """Quoted-printable while it stays readable, base64 for text mostly of other scripts."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    raw = lines.encode("utf-8")
    if len(raw) > 1.3 * len(lines):
        return "base64", _base64(lines.replace("\n", "\r\n").encode("utf-8"))
    encoded = quopri.encodestring(raw)
    return "quoted-printable", encoded.decode("ascii").replace("\n", "\r\n")


def _text_header(name: str, value: str) -> str:
    return f"{name}: {_header_words(_printable(name, value), len(name) + 2)}"


def _mailbox_header(name: str, display: str, address: str) -> str:
    display = _printable(name, display.strip())
    if not display:
        return f"{name}: {address}"
    if display.isascii() and "=?" not in display and len(display) < _LINE - 10:
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{quoted}"\r\n <{address}>'
    return f"{name}: {_encoded_words(display, len(name) + 2)}\r\n <{address}>"


def _header_words(value: str, taken: int) -> str:
    """`value` as it is where that is safe and fits one line, else as encoded words."""
    plain = value.isascii() and "=?" not in value and value == value.strip()
    return value if plain and taken + len(value) <= _LINE else _encoded_words(value, taken)


def _encoded_words(value: str, taken: int) -> str:
    header = Header(value, "utf-8", maxlinelen=_LINE, header_name="x" * (taken - 2))
    return header.encode(linesep="\r\n")


def _printable(name: str, value: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value):
        raise MessageRefused(f"{name} holds a line break or a control character: approve again")
    return value


def _id(value: str, what: str) -> str:
    if not _ID.match(value):
        raise MessageRefused(f"the {what} of an envelope holds what no id holds: plan again")
    return value


def _domain(address: str, whose: str) -> str:
    found = _ADDRESS.match(address)
    if not found or len(address) > 254 or len(address.partition("@")[0]) > 64:
        raise AddressRefused(f"the {whose} address is not a plain ASCII address: correct it")
    if not _is_domain(found["host"]):
        raise AddressRefused(f"the domain of the {whose} address is no domain name: correct it")
    return found["host"].lower()


def _is_domain(host: str) -> bool:
    return len(host) <= 253 and all(_LABEL.match(label) for label in host.split("."))
