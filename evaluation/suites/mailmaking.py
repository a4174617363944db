"""Mails out of a few lines of text, all of one form, and the changes that break them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.errors import BadInput

__all__ = ["Change", "Original", "made", "message_of"]

_LINK = re.compile(r"\[([^\]\n]{1,300})\]\(([^()\s]{1,500})\)")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Original(_Strict):
    """A lawful mail. The body is paragraphs, `[label](url)` is a link, `---` a rule."""

    id: str
    language: str
    sender: str = Field(alias="from")
    to: str
    subject: str
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: str


class Change(_Strict):
    """One edit: text that stands once is put in place of, or a header set or taken away."""

    place: Literal["body", "subject", "from", "to", "header", "html"] = Field(alias="in")
    find: str = ""
    name: str = ""
    put: str | None = ""


def message_of(mail: Original, changes: tuple[Change, ...] = ()) -> bytes:
    """The mail as it travels, with `changes` made one after the other.

    Raises:
        BadInput: a text that is to be changed does not stand exactly once.
    """
    parts = {"body": mail.body, "subject": mail.subject, "from": mail.sender, "to": mail.to}
    headers = dict(mail.headers)
    for change in changes:
        if change.place == "header":
            headers = {k: v for k, v in headers.items() if k.lower() != change.name.lower()}
            if change.put is not None:
                headers[change.name] = change.put
        elif change.place != "html":
            parts[change.place] = _changed(parts[change.place], change, mail.id)
    page = _page(parts["body"], mail.language)
    for change in changes:
        if change.place == "html":
            page = _changed(page, change, mail.id)
    return made(
        sender=parts["from"],
        to=parts["to"],
        subject=parts["subject"],
        text=_plain(parts["body"]),
        page=page,
        headers=headers,
    )


def _changed(text: str, change: Change, mail: str) -> str:
    put = change.put or ""
    if not change.find:
        return put
    if text.count(change.find) != 1:
        raise BadInput(f"{mail}: «{change.find[:60]}» stands {text.count(change.find)} times")
    return text.replace(change.find, put)


def made(
    *, sender: str, to: str, subject: str, text: str, page: str, headers: Mapping[str, str]
) -> bytes:
    """A message of two parts with the headers that every mail server sets."""
    mail = EmailMessage(policy=SMTP)
    given = {
        "Date": "Mon, 16 Nov 2026 09:12:00 +0000",
        "Message-ID": "<20261116091200.1@mail.example>",
        "From": sender,
        "To": to,
        "Subject": subject,
        **headers,
    }
    for name, value in given.items():
        # A name with a comma or a colon is no list: the standard library wants it encoded.
        mail[name] = value if name not in ("From", "To") else _mailbox(value)
    mail.set_content(text, charset="utf-8")
    mail.add_alternative(page, subtype="html", charset="utf-8")
    return mail.as_bytes()


def _mailbox(value: str) -> str:
    name, bracket, rest = value.rpartition("<")
    name = name.strip().strip('"')
    return f'"{name}" <{rest}' if bracket and name else value


def _plain(body: str) -> str:
    return _LINK.sub(lambda match: f"{match[1]}: {match[2]}", body)


def _page(body: str, language: str) -> str:
    blocks = []
    for block in re.split(r"\n\s*\n", body.strip()):
        if block.strip() == "---":
            blocks.append("<hr>")
        else:
            blocks.append(f"<p>{_marked(block)}</p>")
    direction = "rtl" if language.split("-")[0] in ("ar", "he") else "ltr"
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head>'
        f'<meta charset="utf-8"><title></title></head>\n<body>\n{chr(10).join(blocks)}\n'
        "</body></html>\n"
    )


def _marked(text: str) -> str:
    found: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        found.append(html.escape(text[position : match.start()], quote=False))
        label = html.escape(match[1], quote=False)
        found.append(f'<a href="{html.escape(match[2])}">{label}</a>')
        position = match.end()
    found.append(html.escape(text[position:], quote=False))
    return "".join(found).replace("\n", "<br>\n")
