"""What a brief and a sender must be beyond the types of their fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from contracts.brief import Brief, Sender
from language import country_code, load_taxonomy
from language.taxonomy import Kind
from workflow.mail_checks import mail_mistakes
from workflow.mistakes import Mistake, Place
from workflow.writing_checks import language_mistakes, near, tag_mistakes, writing_mistakes

__all__ = ["EVIDENCE_FIELDS", "Mistake", "brief_mistakes", "sender_mistakes"]

EVIDENCE_FIELDS: tuple[Kind, ...] = ("industry", "region")  # what a segment's evidence may name

# What a mail header takes without encoding (RFC 5322, 3.4.1, dot-atom; RFC 1035 for the host).
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LINK = re.compile(r"https?://[^\s/?#@<>\"']+\.[^\s/?#@<>\"']+([/?#][^\s<>\"]*)?", re.IGNORECASE)
_FILE_NAME = re.compile(r"\w[\w.-]*")


def brief_mistakes(brief: Brief) -> Iterator[Mistake]:
    """What cannot be used in a brief that is well formed, in no special order."""
    yield from _controls(brief, lines=True)
    if not _FILE_NAME.fullmatch(brief.sender):
        yield Mistake(("sender",), "«sender» is the name of a file in senders/, without its ending")
    fallback = brief.languages.fallback
    if fallback:
        yield from tag_mistakes(("languages", "fallback"), fallback)
    ask = brief.call_to_action
    yield from language_mistakes(brief)
    for tag, url in ask.url.items():
        yield from _link(("call_to_action", "url", tag), url)
    if brief.send.start is not None and brief.send.start.tzinfo is None:
        yield Mistake(
            ("send", "start"),
            "«send.start» has no time zone: write it as 2026-12-24T10:00:00+01:00",
        )
    yield from mail_mistakes(brief)
    yield from writing_mistakes(brief)
    for number, rule in enumerate(brief.segments):
        for key, values in rule.evidence.items():
            place: Place = ("segments", number, "evidence", key)
            field = next((known for known in EVIDENCE_FIELDS if known == key), None)
            if field is None:
                yield Mistake(place, f"unknown key «{key}»; {near(key, EVIDENCE_FIELDS)}")
                continue
            taxonomy = load_taxonomy()
            for value in values:
                if not taxonomy.find(field, value):
                    hint = near(value, taxonomy.ids(field))
                    yield Mistake(place, f"no {field} is called «{value}»; {hint}")


def sender_mistakes(sender: Sender) -> Iterator[Mistake]:
    """What cannot be used in a sender that is well formed, in no special order."""
    yield from _controls(sender, lines=False)
    for key in ("from_address", "refusal_mailbox", "reply_to", "email"):
        address = getattr(sender, key)
        if (address or key in ("from_address", "refusal_mailbox")) and not _ADDRESS.fullmatch(
            address
        ):
            yield Mistake((key,), f"«{key}» is no mail address: write it as name@domain.tld")
    code = country_code(sender.country)
    if code != sender.country:
        hint = f"did you mean «{code}»?" if code else "write an ISO 3166 code such as DE"
        yield Mistake(("country",), f"«country»: no country code; {hint}")
    if sender.website:
        yield from _link(("website",), sender.website)
    for tag, url in sender.privacy_policy.items():
        yield from _link(("privacy_policy", tag), url)
    yield from _tags(
        {
            ("from_name",): sender.from_name,
            ("signatory", "name"): sender.signatory.name,
            ("signatory", "title"): sender.signatory.title,
            ("privacy_policy",): sender.privacy_policy,
        }
    )


def _tags(texts: Mapping[Place, Mapping[str, Any]]) -> Iterator[Mistake]:
    for place, by_language in texts.items():
        for tag in by_language:
            if tag:  # "" is text for every language
                yield from tag_mistakes((*place, tag), tag)


def _link(place: Place, url: str) -> Iterator[Mistake]:
    """Only what a reader may click on: no script, no file, no address without its host."""
    if not _LINK.fullmatch(url):
        name = ".".join(str(part) for part in place if part != "")
        yield Mistake(place, f"«{name}» is no web address: write it as https://host/path")


def _controls(model: BaseModel, lines: bool) -> Iterator[Mistake]:
    for place, text in _strings(model.model_dump(mode="python"), ()):
        allowed = "\n\t" if lines else ""
        found = next((c for c in text if unicodedata.category(c) == "Cc" and c not in allowed), "")
        if found:
            what = "a line break" if found in "\r\n" else "a control character"
            yield Mistake(place, f"«{'.'.join(map(str, place))}» holds {what}: take it out")


def _strings(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            # The key "" stands for a bare string, which the file has at the place itself.
            yield from _strings(item, (*place, key) if key else place)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _strings(item, (*place, number))
