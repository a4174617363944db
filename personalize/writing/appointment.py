"""The event of a brief as a calendar file (RFC 5545) that any reader's program can keep.

Own code instead of a library: one event with times in UTC needs none of the zone and recurrence
rules that a calendar library is for, and the bytes are sealed, so they must be the same wherever
and whenever the mail is compiled.
"""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.brief import Brief, Sender, local_text
from contracts.canonical import content_hash
from contracts.mail import Attachment

__all__ = ["appointment"]

_LINE = 75  # octets without the line break: RFC 5545, 3.1


def appointment(brief: Brief, sender: Sender, language: str) -> Attachment | None:
    """The calendar file in `language`; None for a brief without an event.

    Its UID is that of the campaign in every language and after every change, so that a
    calendar which has the event already changes it. Times are in UTC: every calendar shows
    them in the zone of its reader.
    """
    event = brief.event
    if event is None:
        return None
    host = sender.from_address.rpartition("@")[2]
    tag = f";LANGUAGE={language}"
    agenda = local_text(event.agenda, language) or ()
    description = "\n".join(f"- {point}" for point in agenda)
    url = local_text(event.url, language) or ""
    place = local_text(event.place, language) or ""
    name = (local_text(sender.from_name, language) or sender.legal_name).replace('"', "'")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mailwright//Mailwright//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{content_hash(['event', brief.name])[:32]}@{host}",
        # No clock is read here: two compilations of one mail must be the same mail.
        f"DTSTAMP:{_utc(brief.send.start or event.start)}",
        f"DTSTART:{_utc(event.start)}",
        *([f"DTEND:{_utc(event.end)}"] if event.end else []),
        f"SUMMARY{tag}:{_text(local_text(event.title, language) or '')}",
        *([f"LOCATION{tag}:{_text(place)}"] if place else []),
        *([f"DESCRIPTION{tag}:{_text(description)}"] if description else []),
        *([f"URL:{url}"] if url else []),
        f'ORGANIZER;CN="{name}":mailto:{sender.from_address}',
        "SEQUENCE:0",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    data = "\r\n".join(_folded(line) for line in lines).encode("utf-8")
    return Attachment(f"{brief.name}.ics", "text/calendar; charset=utf-8; method=PUBLISH", data)


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A TEXT value: RFC 5545, 3.3.11."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Pieces of at most 75 octets, never cut inside a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for char in line:
        octets = len(char.encode("utf-8"))
        if size + octets > _LINE:
            pieces.append(piece)
            piece, size = "", 1  # the space that continues a line counts
        piece, size = piece + char, size + octets
    pieces.append(piece)
    return "\r\n ".join(pieces)
