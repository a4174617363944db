"""The audit log, out of the records and checked without them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.decision import User
from contracts.errors import BadInput
from review import ChainReport, read_lines, require, to_json_line, verify_chain
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
            yield to_json_line(entry)


def verify_file(path: Path, head: str = "") -> ChainReport:
    """Whether the chain in an exported file is whole.

    Args:
        head: hash of the newest entry, known from elsewhere; without it a tail that was
            cut off cannot be seen.

    Raises:
        BadInput: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read; give what `audit export` printed") from error
    return verify_chain(read_lines(text.splitlines()), head=head or None)
