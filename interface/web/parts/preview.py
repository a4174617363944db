"""A mail as its recipient will see it, locked into a frame that runs and fetches nothing."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

import streamlit as st

from interface.web.parts.markup import facts
from interface.web.texts import text

__all__ = ["MailParts", "frame", "mail_parts", "show_preview"]

DESKTOP_PX = 760
PHONE_PX = 390
HEIGHT_PX = 820

# Nothing is fetched (a remote image would tell that somebody looked) and nothing runs.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True, slots=True)
class MailParts:
    """What a mail program shows of a message."""

    sender: str
    recipient: str
    subject: str
    html: str
    text: str


def mail_parts(message: bytes) -> MailParts:
    """The visible parts of a message; "" for a part that it does not have."""
    mail = message_from_bytes(message, policy=modern)

    def body(kind: str) -> str:
        part = mail.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    return MailParts(
        sender=_sender(mail),
        recipient=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        html=_with_pictures(mail, body("html")),
        text=body("plain"),
    )


def _with_pictures(mail: EmailMessage, page: str) -> str:
    """The HTML with the pictures that the message carries in it, since a frame has no parts."""
    for part in mail.walk():
        assert isinstance(part, EmailMessage)  # the policy that it was read with makes it so
        name = str(part["Content-ID"] or "").strip("<> ")
        if not name or part.get_content_maintype() != "image" or f"cid:{name}" not in page:
            continue
        data = base64.b64encode(part.get_content()).decode("ascii")
        page = page.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return page


def _sender(mail: EmailMessage) -> str:
    """The name and address as a mail program shows them, without the quotes of the header."""
    header = mail["From"]
    if header is None or not header.addresses:
        return ""
    first = header.addresses[0]
    return f"{first.display_name} <{first.addr_spec}>".strip()


def frame(body: str, width_px: int, title: str) -> str:
    """A page that shows `body` in a sandbox of its own: no scripts, no forms, no links that
    open, no origin to share with the studio. Wider than the screen, it scrolls sideways."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return (
        "<!doctype html><style>html,body{margin:0;height:100%;background:transparent}"
        "div{overflow-x:auto;height:100%}iframe{display:block;margin:0 auto;height:100%;"
        "box-sizing:border-box;border:1px solid #d5dbe3;border-radius:10px;background:#fff}"
        f'</style><div><iframe sandbox="" width="{width_px}" title="{html.escape(title)}" '
        f'srcdoc="{html.escape(policy + body)}"></iframe></div>'
    )


def show_preview(message: bytes, key: str) -> None:
    """Heads, a choice of width, the HTML in its frame and the plain text."""
    parts = mail_parts(message)
    st.html(
        facts(
            [
                (text("preview.from"), parts.sender),
                (text("preview.to"), parts.recipient),
                (text("preview.subject"), parts.subject),
            ]
        )
    )
    seen, words = st.tabs([text("preview.html"), text("preview.text")])
    with seen:
        desktop, phone = text("preview.desktop"), text("preview.phone")
        width = st.segmented_control(
            text("preview.width"),
            [desktop, phone],
            default=desktop,
            required=True,
            key=f"width-{key}",
            label_visibility="collapsed",
        )
        pixels = PHONE_PX if width == phone else DESKTOP_PX
        label = text("preview.frame")
        st.iframe(frame(parts.html, pixels, label), height=HEIGHT_PX, alt=label)
        st.caption(text("preview.sample"))
    with words:
        st.code(parts.text, language=None, wrap_lines=True)
