"""The audit chain: each entry holds the hash of the one before.

Whoever alters, removes, inserts or swaps entries breaks a link, which anyone can see with
an exported file and this module. What a chain cannot show by itself: that its end was cut
off, or that it was rewritten from some entry to the end. For that, note the hash of the
head somewhere else and give it to `verify_chain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from contracts.canonical import canonical_json, content_hash
from contracts.decision import AuditEntry
from review.errors import AddressInAudit, UnreadableLine

__all__ = ["FIRST", "ChainReport", "link", "read_lines", "to_json_line", "verify_chain"]

FIRST = "0" * 64
"""What the first entry names as the one before."""

_FORMAT = 1
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")


@dataclass(frozen=True, slots=True)
class ChainReport:
    ok: bool
    count: int  # entries looked at
    first_bad: int | None = None  # place of the first one that is wrong, from 1; None: none is
    why: str = ""


def link(
    previous: AuditEntry | None,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    payload: Mapping[str, str],
) -> AuditEntry:
    """The entry that follows `previous` (None: the first of a chain).

    Args:
        at: with a zone; kept in UTC.
        subject, payload: ids, names of rules, counts; never a mail address, so that a
            person can be erased without breaking the chain.

    Raises:
        AddressInAudit: `subject` or a value of `payload` holds a mail address.
        TypeError: `at` has no zone, or `payload` holds something else than text.
    """
    if at.tzinfo is None:
        raise TypeError("an audit entry needs a time with a zone")
    if not all(isinstance(item, str) for pair in payload.items() for item in pair):
        raise TypeError("the payload of an audit entry is text by text")
    if any(_ADDRESS.search(text) for text in (subject, *payload.values())):
        raise AddressInAudit
    entry = AuditEntry(
        seq=1 if previous is None else previous.seq + 1,
        at=at.astimezone(UTC),
        actor=actor,
        action=action,
        subject=subject,
        payload=dict(payload),
        previous=FIRST if previous is None else previous.hash,
        hash="",
    )
    return replace(entry, hash=_hash(entry))


def _hash(entry: AuditEntry) -> str:
    # In UTC, because a database may give the same moment back in another zone.
    bare = replace(entry, at=entry.at.astimezone(UTC), hash="")
    return content_hash({"format": _FORMAT, "entry": bare})


def verify_chain(
    entries: Iterable[AuditEntry], head: str | None = None, contains: str | None = None
) -> ChainReport:
    """Whether the entries are one unbroken chain from the first on; empty is one.

    Args:
        head: the hash that the last entry must have; finds a cut-off or rewritten end.
        contains: a hash noted earlier that must be in the chain, which may have grown since.
    """
    count, last, seen = 0, FIRST, contains is None
    for entry in entries:
        count += 1
        why = _wrong(entry, count, last)
        if why:
            return ChainReport(ok=False, count=count, first_bad=count, why=why)
        last = entry.hash
        seen = seen or last == contains
    if head is not None and last != head:
        why = "the chain does not end with the expected head: its end is missing or was rewritten"
        return ChainReport(ok=False, count=count, first_bad=count + 1, why=why)
    if not seen:
        why = "the hash that was noted earlier is not in the chain: a part of it was replaced"
        return ChainReport(ok=False, count=count, first_bad=count + 1, why=why)
    return ChainReport(ok=True, count=count)


def _wrong(entry: AuditEntry, seq: int, last: str) -> str:
    if entry.seq != seq:
        return f"entry {entry.seq} stands where entry {seq} should: one is missing or was moved"
    if entry.previous != last:
        return f"entry {seq} does not follow the entry before it"
    if entry.at.tzinfo is None or entry.hash != _hash(entry):
        return f"entry {seq} was altered"
    return ""


def to_json_line(entry: AuditEntry) -> str:
    """The entry as one line of canonical JSON, with its line feed."""
    return canonical_json(entry) + "\n"


_ENTRY: TypeAdapter[AuditEntry] = TypeAdapter(AuditEntry)


def read_lines(lines: Iterable[str]) -> Iterator[AuditEntry]:
    """The entries of an export, one a line; give it the open file.

    Every line must be exactly what `to_json_line` writes. Empty lines are passed over.

    Raises:
        UnreadableLine: one is not; names its number, from 1.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = _ENTRY.validate_json(line)
        except ValidationError:
            raise _unreadable(number) from None  # pydantic would quote the line
        # Pydantic is lenient ("1" for 1, unknown and repeated keys): not as written is altered.
        if entry.at.tzinfo is None or to_json_line(entry).rstrip("\n") != line.rstrip("\r\n"):
            raise _unreadable(number)
        yield entry


def _unreadable(number: int) -> UnreadableLine:
    return UnreadableLine(
        f"line {number} of the audit is not as it was written; export it again and keep it "
        "unchanged, or look for who changed it"
    )
