"""Sorted mails to measure the score of spam on: read from a folder, brought into one form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Any

from evaluation.errors import NoSuchData
from evaluation.providers.domains import organisational_domain
from evaluation.view.mailview import MailView, mailboxes

__all__ = [
    "Campaign",
    "SortedMail",
    "in_one_form",
    "read_campaigns",
    "read_sorted",
    "read_templates",
    "sender_of",
]

NEWSLETTERS = "hard-ham"
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_MESSAGES = "eml"


@dataclass(frozen=True, slots=True)
class SortedMail:
    name: str  # folder and file
    raw: bytes
    spam: bool
    newsletter: bool  # honest mail to many


@dataclass(frozen=True, slots=True)
class Campaign:
    """One mail of a campaign in one language."""

    name: str
    language: str
    subject: str
    body: str


def read_sorted(folder: Path) -> tuple[SortedMail, ...]:
    """The mails of a folder of folders: spam where the name begins with "spam", newsletters
    where it begins with "hard-ham"; files in the order of their names.

    Raises:
        NoSuchData: it is no such folder, or spam or newsletters are missing.
    """
    root = folder / _MESSAGES if (folder / _MESSAGES).is_dir() else folder
    try:
        found = tuple(
            SortedMail(
                f"{group.name}/{file.name}",
                file.read_bytes(),
                group.name.startswith("spam"),
                group.name.startswith(NEWSLETTERS),
            )
            for group in sorted(item for item in root.iterdir() if item.is_dir())
            for file in sorted(group.glob("*.eml"))
        )
    except OSError as error:
        raise NoSuchData(f"{error.filename}: cannot be read ({error.strerror}); mend it") from error
    if not any(item.spam for item in found) or not any(item.newsletter for item in found):
        raise NoSuchData(f"{folder} must hold folders of .eml files, spam… and {NEWSLETTERS}…")
    return found


def read_campaigns(file: Path) -> tuple[Campaign, ...]:
    """Mails as records with `id`, `lang`, `subjects` and `body`, markup taken out.

    Raises:
        NoSuchData: the file is not as described.
    """
    found = []
    try:
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                row: Any = json.loads(line)
                body = _TAG.sub("", str(row["body"]))
                found.append(
                    Campaign(str(row["id"]), str(row["lang"]), str(row["subjects"][0]), body)
                )
    except OSError as error:
        raise NoSuchData(f"{file}: cannot be read ({error.strerror}); mend it") from error
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoSuchData(f"{file}: a record is not as expected ({error}); mend it") from error
    return tuple(found)


def read_templates(folder: Path) -> Iterator[MailView]:
    """The .html and .txt files of a folder, each as a mail without headers.

    Raises:
        NoSuchData: there are none.
    """
    files = sorted(file for file in folder.glob("*") if file.suffix in (".html", ".txt"))
    if not files:
        raise NoSuchData(f"{folder} holds no .html or .txt files")
    return (MailView.from_file(file) for file in files)


def in_one_form(subject: str, body: str) -> bytes:
    """A message of a subject and plain paragraphs, the same in all but these: so that form does
    not tell mails of different times apart."""
    paragraphs = [" ".join(part.split()) for part in _PARAGRAPH.split(_visible(body))]
    paragraphs = [part for part in paragraphs if part]
    message = EmailMessage(policy=SMTP)
    message["From"] = "The team <team@sender.example>"
    message["To"] = "A reader <reader@reader.example>"
    message["Subject"] = " ".join(_visible(subject).split())
    message["Date"] = "Tue, 10 Nov 2026 09:00:00 +0000"
    message["Message-ID"] = "<one@sender.example>"
    message.set_content("\n\n".join(paragraphs) + "\n", cte="base64")
    page = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    message.add_alternative(f"<html><body>{page}</body></html>", subtype="html", cte="base64")
    return message.as_bytes()


def _visible(text: str) -> str:
    """Text that can be encoded: no lone surrogates, no controls but line ends."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(
        char for char in whole if char in "\n\t" or char.isprintable() or char == "\u200b"
    )


def sender_of(view: MailView, freemail: Sequence[str]) -> str:
    """Who sent a mail, by the domain of its From header; "" for a free mailbox, as many share
    its domain."""
    people = mailboxes(view.header("From"))
    owner = organisational_domain(people[0].domain) if people else ""
    return "" if owner in freemail else owner
