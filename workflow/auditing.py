"""The audit log, out of the records and checked without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.decision import AuditEntry, User
from contracts.errors import BadInput
from review import (
    ChainReport,
    UnreadableLine,
    read_lines,
    require,
    to_json_line,
    verify_chain,
)
from workflow.house import House

__all__ = ["export_lines", "verify_file"]


def export_lines(house: House, actor: User) -> Iterator[str]:
    """Every entry as one line of JSON, the first first.

    Raises:
        NotAllowed: the actor may not export the log.
    """
    require(actor, "export_audit")
    with house.store.read() as tx:
        for entry in tx.audit.entries():
            yield to_json_line(entry).rstrip("\n")


def verify_file(path: Path, head: str = "") -> ChainReport:
    """Whether the chain in an exported file is whole.

    Args:
        head: hash of the newest entry, known from elsewhere; without it a tail that was
            cut off cannot be seen.

    Raises:
        BadInput: the file cannot be read, or not even its first line is an entry.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read; give what `audit export` printed") from error
    if not text.strip():
        raise BadInput(f"{path}: holds no entries; give what `audit export` printed")
    read = 0

    def entries() -> Iterator[AuditEntry]:
        nonlocal read
        # Only "\n" ends a line: other line separators stand in what people wrote.
        for entry in read_lines(text.split("\n")):
            read += 1
            yield entry

    try:
        return verify_chain(entries(), head=head or None)
    except UnreadableLine as error:
        if not read:
            raise BadInput(f"{path}: no audit log; give what `audit export` printed") from error
        return ChainReport(ok=False, count=read, first_bad=read + 1, why=str(error))
