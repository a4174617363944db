"""The table at the end of a campaign run and of the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interface.cli.output import print_table

if TYPE_CHECKING:
    from workflow.summary import Summary

__all__ = ["summary_table"]


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
