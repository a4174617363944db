"""`mailwright kb uses | withdraw | restore`: what rests on a case, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

if TYPE_CHECKING:
    from workflow.withdrawing import Resting

__all__ = ["restore", "uses", "withdraw"]

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="The case's id, from `kb list`.")]


@guarded
def uses(
    case: CaseArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's own name
) -> None:
    """What rests on a case: drafts, editions, approvals, envelopes. Changes nothing."""
    from workflow.withdrawing import resting_on

    with opened(workspace) as house:
        resting = resting_on(house, case)
    if format is Format.JSON:
        print_json(_row(resting))
        return
    _show(resting)


@guarded
def withdraw(
    case: CaseArgument,
    why: Annotated[str, typer.Option("--why", help="Kept in the audit log.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """A case may not be used any more: hold every mail that rests on it."""
    from workflow import withdrawing

    with opened(workspace) as house:
        done = withdrawing.withdraw(house, case, why, house.user())
    resting = done.resting
    if format is Format.JSON:
        print_json({"changed": done.changed, "held": done.held, **_row(resting)})
    else:
        _show(resting)
    say(
        f"{case} is withdrawn; envelopes held now: {done.held}"
        if done.changed
        else f"{case} was withdrawn before; envelopes held now: {done.held}"
    )
    if resting.sending:
        say(f"with a worker at this moment, may still arrive: {resting.sending}")
    if resting.sent:
        say(f"sent before, cannot be called back: {resting.sent}")


@guarded
def restore(
    case: CaseArgument,
    why: Annotated[str, typer.Option("--why", help="Kept in the audit log.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """A withdrawn case may be used again. What is held stays held."""
    from workflow import withdrawing

    with opened(workspace) as house:
        done = withdrawing.restore(house, case, why, house.user())
        today = house.today
    resting = done.resting
    if format is Format.JSON:
        print_json({"changed": done.changed, **_row(resting)})
    else:
        _show(resting)
    say(f"{case} may be used again" if done.changed else f"{case} was not withdrawn")
    if not resting.case.usable(today):
        say(f"its last day was {resting.case.valid_until}: it is not used until that is renewed")
    if resting.held:
        say(
            f"still held: {resting.held}; an operator lets each go with "
            "`mailwright queue release ENVELOPE`"
        )


def _row(resting: Resting) -> dict[str, Any]:
    return {
        "case": resting.case.id,
        "title": resting.case.title,
        "withdrawn": resting.case.withdrawn,
        "valid_until": resting.case.valid_until,
        "drafts": [
            {
                "draft": item.id,
                "campaign": item.campaign,
                "segment": item.segment,
                "language": item.language,
                "state": item.state.value,
            }
            for item in resting.drafts
        ],
        "variants": list(resting.variants),
        "editions": [
            {
                "edition": item.id,
                "variant": item.variant_id,
                "draft": item.draft_id,
                "campaign": item.campaign,
                "profile": item.profile,
                "current": item.current,
            }
            for item in resting.editions
        ],
        "approvals": [
            {
                "draft": item.draft_id,
                "decision": item.kind.value,
                "reviewer": item.reviewer,
                "at": item.at.isoformat(),
            }
            for item in resting.approvals
        ],
        "envelopes": [
            {
                "campaign": item.campaign,
                "due": item.due,
                "sending": item.sending,
                "held": item.held,
                "sent": item.sent,
            }
            for item in resting.envelopes
        ],
    }


def _show(resting: Resting) -> None:
    row = _row(resting)
    heads = {
        "drafts": ["draft", "campaign", "segment", "language", "state"],
        "approvals": ["draft", "decision", "reviewer", "at"],
        "envelopes": ["campaign", "due", "sending", "held", "sent"],
    }
    current = sum(item.current for item in resting.editions)
    print_table(
        f"{resting.case.id}{' (withdrawn)' if resting.case.withdrawn else ''}",
        ["rests on it", "count"],
        [
            ("drafts", len(resting.drafts)),
            ("variants", len(resting.variants)),
            ("editions", len(resting.editions)),
            ("editions of the present text", current),
            ("approvals", len(resting.approvals)),
        ],
    )
    for name, head in heads.items():
        if row[name]:
            print_table(name, head, [[item[key] for key in head] for item in row[name]])
