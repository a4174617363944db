"""A mail as a person and a parser see it, from whatever form it comes in."""

from __future__ import annotations

import contextlib
import email
import email.errors
import email.header
import email.policy
import html as html_entities
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from pathlib import Path

from contracts.case import Span
from contracts.mail import Edition
from evaluation.errors import UnreadableMail
from evaluation.view.htmlview import HiddenText, HtmlView, Image, Link, Marked, read_html

__all__ = ["HiddenText", "Image", "Link", "MailView", "Mailbox", "Marked", "mailboxes"]

_URL = re.compile(
    r"https?://[^\s<>\"'，。；）)\]]+|mailto:[^\s<>\"']+|\[\[\w*url\]\]", re.IGNORECASE
)
_MERGE = re.compile(r"\[\[([^\]\n]{1,60})\]\]")


_BRACKETED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_BARE = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    name: str  # the display name, "" where there is none
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes of a decoded address header, empty where it holds none.

    More lenient than the standard's grammar: an encoded display name may have held commas
    and at-signs that are not quoted any more once it is decoded.
    """
    found: list[Mailbox] = []
    position = 0
    for match in _BRACKETED.finditer(value):
        name = value[position : match.start()].strip(' ,;\t"').replace('\\"', '"')
        found.append(Mailbox(name, match.group(1)))
        position = match.end()
    if not found:
        found = [Mailbox("", match.group()) for match in _BARE.finditer(value)]
    return tuple(found)


@dataclass(frozen=True)
class MailView:
    """One mail. Build it with one of the `from_` methods; none of them fails on a broken mail.

    `headers` holds every value of a name (lower case) in order, decoded. Places name the parts
    "subject", "html", "text" and "header:From"; spans count in the visible text of the part.
    """

    subject: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    html: str = ""
    text: str = ""
    has_headers: bool = False
    has_subject: bool = False
    size_bytes: int = 0
    attachments: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    raw_subject: str = ""  # as it stood on the wire
    merge_fields: frozenset[str] = frozenset()  # names of [[fields]] that are filled later

    @classmethod
    def from_bytes(cls, raw: bytes) -> MailView:
        """Of a message as it travels (RFC 5322)."""
        defects: list[str] = []
        message: Message
        try:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            parts = _parts(message, defects)
        except Exception:  # the parser's own header code fails on malformed values
            defects.append("headers that the standard parser refuses")
            message = email.message_from_bytes(raw)
            parts = _parts(message, defects)
        headers: dict[str, list[str]] = {}
        raw_subject = ""
        for name, value in message.raw_items():
            plain = str(value)
            if name.lower() == "subject" and not raw_subject:
                raw_subject = plain
            headers.setdefault(name.lower(), []).append(_decoded(plain))
        defects.extend(type(item).__name__ for item in message.defects)
        return cls(
            subject=(headers.get("subject") or [""])[0],
            headers={name: tuple(values) for name, values in headers.items()},
            html="\n".join(parts.html),
            text="\n".join(parts.text),
            has_headers=True,
            has_subject=True,
            size_bytes=len(raw),
            attachments=tuple(parts.attachments),
            defects=tuple(dict.fromkeys(defects)),
            raw_subject=raw_subject,
        )

    @classmethod
    def from_html(cls, html: str, subject: str = "") -> MailView:
        """Of a page of HTML alone: no headers, and no subject unless one is given."""
        size = len(html.encode("utf-8", "replace"))
        return cls(subject=subject, html=html, has_subject=bool(subject), size_bytes=size)

    @classmethod
    def from_text(cls, text: str) -> MailView:
        """Of plain text alone. A first line "Subject: ..." is the subject."""
        size = len(text.encode("utf-8", "replace"))
        match = re.match(r"\ufeff?Subject:[ \t]*([^\r\n]*)\r?\n+", text)
        if match:
            subject = match.group(1).strip()
            body = text[match.end() :]
            return cls(subject=subject, text=body, has_subject=True, size_bytes=size)
        return cls(text=text, size_bytes=size)

    @classmethod
    def from_parts(
        cls,
        *,
        subject: str,
        html: str = "",
        text: str = "",
        headers: Mapping[str, str] | None = None,
        merge_fields: Sequence[str] = (),
    ) -> MailView:
        """Of a mail that is compiled but not yet a message. None: headers are not known."""
        given = {name.lower(): (value,) for name, value in (headers or {}).items()}
        return cls(
            subject=subject,
            headers=given,
            html=html,
            text=text,
            has_headers=headers is not None,
            has_subject=True,
            size_bytes=len(html.encode()) + len(text.encode()),
            merge_fields=frozenset(merge_fields),
        )

    @classmethod
    def from_edition(cls, edition: Edition, choice: int = 0) -> MailView:
        """Of an edition, with the `choice`-th value of every closed set put in (the last where
        a set is smaller). Open fields stay as [[name]]. The worker adds the unsubscribe headers
        from the sealed `unsubscribe_base`; the view shows them as it will."""
        chosen = {
            name: list(values.values())[min(choice, len(values) - 1)]
            for name, values in edition.choices.items()
            if values
        }

        def filled(text: str, markup: bool) -> str:
            def value(match: re.Match[str]) -> str:
                found = chosen.get(match.group(1))
                if found is None:
                    return match.group(0)
                return html_entities.escape(found) if markup else found

            return _MERGE.sub(value, text)

        headers = {"From": f"{edition.from_name} <{edition.from_address}>"}
        if edition.reply_to:
            headers["Reply-To"] = edition.reply_to
        if edition.unsubscribe_base:
            address = f"<{edition.unsubscribe_base}token>"
            headers["List-Unsubscribe"] = f"{address}, <mailto:{edition.refusal_mailbox}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers.update(edition.headers)
        return cls.from_parts(
            subject=filled(edition.subject, False),
            html=filled(edition.html, True),
            text=filled(edition.text, False),
            headers=headers,
            merge_fields=(*edition.fields, *edition.choices),
        )

    @classmethod
    def from_file(cls, path: Path) -> MailView:
        """Of an .eml, .html or .txt file.

        Raises:
            UnreadableMail: the file is missing, empty or of another kind.
        """
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise UnreadableMail(f"{path.name} cannot be read: give a file that exists.") from error
        if not raw.strip():
            raise UnreadableMail(f"{path.name} is empty: give a file that holds a mail.")
        kind = path.suffix.lower()
        if kind == ".eml":
            return cls.from_bytes(raw)
        if kind in (".html", ".htm"):
            return cls.from_html(_text_of(raw))
        if kind == ".txt":
            return cls.from_text(_text_of(raw))
        raise UnreadableMail(f"{path.name} is no mail: give an .eml, .html or .txt file.")

    def header(self, name: str) -> str:
        """The first value of a header, "" where there is none."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""

    def header_values(self, name: str) -> tuple[str, ...]:
        return self.headers.get(name.lower(), ())

    @cached_property
    def page(self) -> HtmlView:
        """The HTML part as a reader sees it."""
        return read_html(self.html)

    @property
    def visible(self) -> str:
        """The visible text of the HTML part, "" where there is none."""
        return self.page.text

    @property
    def hidden(self) -> tuple[HiddenText, ...]:
        return self.page.hidden

    @property
    def images(self) -> tuple[Image, ...]:
        return self.page.images

    @property
    def lang(self) -> str:
        """The lang attribute of the page."""
        return self.page.language

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Links of the HTML part, then addresses that stand in the text part, a place that
        will hold an address ("[[unsubscribe_url]]") included."""
        in_text = tuple(
            Link(match.group().rstrip(".,;:!?"), match.group(), "text", Span(*match.span()))
            for match in _URL.finditer(self.text)
        )
        return (*self.page.links, *in_text)

    @property
    def bodies(self) -> tuple[tuple[str, str], ...]:
        """(part, visible text) of each part that has any."""
        both = (("html", self.visible), ("text", self.text))
        return tuple((part, text) for part, text in both if text.strip())

    @property
    def body(self) -> str:
        """What the recipient reads: the HTML part's visible text, else the text part."""
        return self.visible if self.visible.strip() else self.text


@dataclass
class _Parts:
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)


def _parts(message: Message, defects: list[str]) -> _Parts:
    found = _Parts()
    for part in _leaves(message):
        kind = part.get_content_type()
        name = part.get_filename() or ""
        if part.get_content_disposition() == "attachment" or kind not in (
            "text/html",
            "text/plain",
        ):
            if name or part.get_content_disposition() == "attachment":
                found.attachments.append(name or kind)
            continue
        target = found.html if kind == "text/html" else found.text
        target.append(_content(part, defects))
        defects.extend(type(item).__name__ for item in part.defects)
    return found


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold content; a mail inside the mail is an attachment, not text of it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting.extend(reversed([item for item in payload if isinstance(item, Message)]))
        elif part.get_content_maintype() != "message":
            yield part


def _content(part: Message, defects: list[str]) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        defects.append("text that does not fit its declared charset")
        return _text_of(payload)


def _decoded(value: str) -> str:
    """A header's value with its encoded words read (RFC 2047)."""
    value = re.sub(r"\r?\n(?=[ \t])", "", value)
    # A broken encoded word is shown as it stands.
    with contextlib.suppress(ValueError, LookupError, email.errors.HeaderParseError):
        value = str(email.header.make_header(email.header.decode_header(value)))
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


def _text_of(raw: bytes) -> str:
    """Bytes as text: UTF-8, else what the page declares, else Latin-1, which takes anything."""
    declared = re.search(rb"charset=[\"']?([\w-]{2,20})", raw[:4096])
    names = ["utf-8-sig", *([declared.group(1).decode("ascii")] if declared else [])]
    for name in names:
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")
