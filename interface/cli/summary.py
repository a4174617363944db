"""The table and the object at the end of a campaign run and of the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interface.cli.output import print_table

if TYPE_CHECKING:
    from workflow.run import RunResult

__all__ = ["summary_json", "summary_table"]


def summary_json(result: RunResult) -> dict[str, Any]:
    """The result in the form that programs rely on."""
    return {
        "campaign": result.campaign,
        "cases": result.cases,
        "passages": result.passages,
        "contacts": dict(result.contacts),
        "segments": result.segments,
        "drafts": result.drafts,
        "variants": result.variants,
        "editions": result.editions,
        "blocked": result.blocked,
        "waiting": result.waiting,
        "approved": result.approved,
        "queued": result.queued,
        "sent": result.sent,
        "held": result.held,
        "left_out": dict(result.left_out),
        "seconds": {step: round(seconds, 2) for step, seconds in result.seconds.items()},
        "outputs": dict(result.outputs),
    }


def summary_table(result: RunResult) -> None:
    contacts = result.contacts
    rows: list[tuple[str, object]] = [
        ("cases", result.cases),
        ("passages", result.passages),
        (
            "contacts",
            f"{contacts.get('taken', 0)} taken, {contacts.get('mended', 0)} mended, "
            f"{contacts.get('refused', 0)} refused"
            if "taken" in contacts
            else contacts.get("on_record", 0),
        ),
        ("segments", result.segments),
        ("drafts", result.drafts),
        ("variants", result.variants),
        ("editions", result.editions),
        ("blocked", result.blocked),
        *((f"  {rule}", count) for rule, count in result.blocked_by.items()),
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
