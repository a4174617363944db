"""What several commands count: a campaign as a whole, and who is left out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from interface.cli.output import print_table

if TYPE_CHECKING:
    from contracts.audience import LeftOut
    from workflow.summary import Summary

__all__ = ["left_out_rows", "left_out_table", "summary_table"]


def left_out_rows(entries: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """How many are left out for which reason, with what is missing; no row names a person."""
    counts = Counter((entry.reason, entry.detail) for entry in entries)
    return [
        {"reason": reason, "detail": detail, "contacts": count}
        for (reason, detail), count in sorted(counts.items())
    ]


def left_out_table(entries: Iterable[LeftOut]) -> None:
    print_table(
        "Who is left out",
        ["reason", "contacts", "why"],
        [(row["reason"], row["contacts"], row["detail"]) for row in left_out_rows(entries)],
    )


def summary_table(result: Summary) -> None:
    contacts = result.contacts
    imported = contacts.taken + contacts.mended + contacts.refused
    rows: list[tuple[str, object]] = [
        ("cases", result.cases),
        ("passages", result.passages),
        (
            "contacts",
            f"{contacts.taken} taken, {contacts.mended} mended, {contacts.refused} refused"
            if imported
            else contacts.on_record,
        ),
        ("segments", result.segments),
        ("drafts", result.drafts),
        ("variants", result.variants),
        ("editions", result.editions),
        ("blocked", result.blocked),
        *((f"  {reason.rule}: {reason.message}", reason.editions) for reason in result.blocked_by),
        ("waiting for review", result.waiting),
        ("approved", result.approved),
        ("queued", result.queued),
        ("sent", result.sent),
        ("held", result.held),
        *((f"left out: {reason}", count) for reason, count in result.left_out.items()),
    ]
    print_table(f"Campaign {result.campaign}", ["", "count"], rows)
    if result.seconds:
        print_table("", ["step", "seconds"], [(k, f"{v:.1f}") for k, v in result.seconds.items()])
    if result.outputs:
        print_table("", ["output", "path"], list(result.outputs.items()))
