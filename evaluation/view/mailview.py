"""A mail as a person and a parser see it, from whatever form it comes in."""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from contracts.case import Span
from contracts.mail import Edition
from evaluation.errors import UnreadableMail
from evaluation.view.addresses import Mailbox, mailboxes
from evaluation.view.attached import AttachedFile
from evaluation.view.decoding import guessed
from evaluation.view.htmlview import HiddenText, HtmlView, Image, Link, Marked, read_html
from evaluation.view.message import Field, MimePart, read_message
from evaluation.view.shown import read_parts
from evaluation.view.wire import Wire, read_wire

__all__ = [
    "AttachedFile",
    "Field",
    "HiddenText",
    "HtmlView",
    "Image",
    "Link",
    "MailView",
    "Mailbox",
    "Marked",
    "MimePart",
    "Wire",
    "mailboxes",
]

_URL = re.compile(
    r"https?://[^\s<>\"'，。；）)\]]+|mailto:[^\s<>\"']+|\[\[\w*url\]\]", re.IGNORECASE
)
_MERGE = re.compile(r"\[\[([^\]\n]{1,60})\]\]")
_MOST_LINKS = 10_000  # of the text part


@dataclass(frozen=True)
class MailView:
    """One mail. Build it with one of the `from_` methods; none of them fails on a broken mail.

    `headers` holds every value of a name (lower case) in order, decoded. Places name the parts
    "subject", "html", "text" and "header:From"; spans count in the visible text of the part.
    The message itself is kept only where it has files, which are decoded when they are asked for.
    """

    subject: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    html: str = ""
    text: str = ""
    has_headers: bool = False
    has_subject: bool = False
    size_bytes: int = 0  # of the whole message as it travels
    attached: tuple[AttachedFile, ...] = ()  # every part that is not the shown text or HTML
    message_defects: tuple[str, ...] = ()
    message_cut: tuple[str, ...] = ()  # those of them that say what was left out
    raw_subject: str = ""  # as it stood on the wire
    merge_fields: frozenset[str] = frozenset()  # names of [[fields]] that are filled later
    fields: tuple[Field, ...] = ()  # the headers in their order, as they stand
    structure: tuple[MimePart, ...] = ()  # the tree of parts, each before what it holds
    wire: Wire | None = None  # what travels; None where the view was not made of a message

    @classmethod
    def from_bytes(cls, raw: bytes) -> MailView:
        """Of a message as it travels (RFC 5322)."""
        raw = bytes(raw)
        message = read_message(raw)
        parts = read_parts(raw, message)
        headers: dict[str, list[str]] = {}
        raw_headers: list[str] = []
        raw_subject = ""
        for item in message.fields:
            name = item.name.lower()
            headers.setdefault(name, []).append(item.value)
            if name == "subject" and not raw_subject:
                raw_subject = item.raw
            if not item.raw.isascii():
                raw_headers.append(item.name)
        return cls(
            subject=(headers.get("subject") or [""])[0],
            headers={name: tuple(values) for name, values in headers.items()},
            html=parts.html,
            text=parts.text,
            has_headers=True,
            has_subject=True,
            size_bytes=len(raw),
            attached=parts.attached,
            message_defects=tuple(dict.fromkeys(parts.defects)),
            message_cut=tuple(parts.cut),
            raw_subject=raw_subject,
            fields=message.fields,
            structure=tuple(message.structure),
            wire=read_wire(raw, raw[: message.head_end], raw_headers),
        )

    @classmethod
    def from_html(cls, html: str, subject: str = "") -> MailView:
        """Of a page of HTML alone: no headers, and no subject unless one is given."""
        size = _size(html)
        return cls(subject=subject, html=html, has_subject=bool(subject), size_bytes=size)

    @classmethod
    def from_text(cls, text: str) -> MailView:
        """Of plain text alone. A first line "Subject: ..." is the subject."""
        size = _size(text)
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
        attached: Sequence[AttachedFile] = (),
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
            size_bytes=_size(html) + _size(text),
            attached=tuple(attached),
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
            attached=_files(edition),
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
            return cls.from_html(guessed(raw))
        if kind == ".txt":
            return cls.from_text(guessed(raw))
        raise UnreadableMail(f"{path.name} is no mail: give an .eml, .html or .txt file.")

    def header(self, name: str) -> str:
        """The first value of a header, "" where there is none."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""

    def header_values(self, name: str) -> tuple[str, ...]:
        return self.headers.get(name.lower(), ())

    @property
    def header_order(self) -> tuple[str, ...]:
        """The names of the headers as they are written, in their order."""
        return tuple(item.name for item in self.fields) or tuple(self.headers)

    @property
    def raw_size(self) -> int:
        """Bytes of the whole message as it travels."""
        return self.size_bytes

    @property
    def longest_line(self) -> tuple[int, int]:
        """Bytes of the longest line and its number, counted from 1; (0, 0) where no message is
        known."""
        return (self.wire.longest, self.wire.longest_line) if self.wire else (0, 0)

    @property
    def attachments(self) -> tuple[str, ...]:
        """What the files are called that somebody sees as such: not an image without a name."""
        return tuple(
            item.name or item.media_type
            for item in self.attached
            if item.name or item.disposition == "attachment"
        )

    @cached_property
    def defects(self) -> tuple[str, ...]:
        """What is broken, and what was left out or cut off, each as a short plain text."""
        return tuple(dict.fromkeys((*self.message_defects, *self.cut_off)))

    @cached_property
    def cut_off(self) -> tuple[str, ...]:
        """What was left out because there is too much of it: no check has seen it."""
        more = f"more than {_MOST_LINKS:,} links in the text; the rest was not kept"
        crowded = (more,) if len(self._text_links) == _MOST_LINKS else ()
        return tuple(dict.fromkeys((*self.message_cut, *self.page.defects, *crowded)))

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
        return (*self.page.links, *self._text_links)

    @cached_property
    def _text_links(self) -> tuple[Link, ...]:
        return tuple(
            Link(match.group().rstrip(".,;:!?"), match.group(), "text", Span(*match.span()))
            for match in islice(_URL.finditer(self.text), _MOST_LINKS)
        )

    @property
    def bodies(self) -> tuple[tuple[str, str], ...]:
        """(part, visible text) of each part that has any."""
        both = (("html", self.visible), ("text", self.text))
        return tuple((part, text) for part, text in both if text.strip())

    @property
    def body(self) -> str:
        """What the recipient reads: the HTML part's visible text, else the text part."""
        return self.visible if self.visible.strip() else self.text


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _files(edition: Edition) -> tuple[AttachedFile, ...]:
    """The files that go with an edition, embedded images first."""
    images = [
        AttachedFile("", item.media_type, "inline", content_id=item.cid, encoded=item.data)
        for item in edition.images
    ]
    files = [
        AttachedFile(
            item.name, item.media_type.partition(";")[0].strip().lower(), "attachment",
            encoded=item.data,
        )
        for item in edition.attachments
    ]  # fmt: skip
    return (*images, *files)
