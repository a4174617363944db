"""`mailwright queue`: what is due, what was sent, what a person has to look at."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from contracts.delivery import EnvelopeState
from contracts.errors import BadInput
from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="The send queue.", no_args_is_help=True)

EnvelopeArgument = Annotated[str, typer.Argument(help="The envelope's id, from `queue status`.")]


@app.command()
@guarded
def status(
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="Only this campaign's.")
    ] = None,
    state: Annotated[
        EnvelopeState, typer.Option("--state", help="Which envelopes to list, with their ids.")
    ] = EnvelopeState.HELD,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Envelopes by state, and each that is held with its reason."""
    from workflow.campaign import campaign_record
    from workflow.sending import queue_counts, queue_list

    with opened(workspace) as house:
        if campaign is not None:
            campaign_record(house, campaign)
        counts = {key.value: count for key, count in queue_counts(house, campaign).items()}
        listed = queue_list(house, campaign, state)
    rows = [
        {
            "envelope": item.id,
            "campaign": item.campaign,
            "contact": item.contact_id,
            "due_at": item.due_at.isoformat(),
            "reason": item.reason,
        }
        for item in listed
    ]
    if format is Format.JSON:
        print_json({"counts": counts, state.value: rows})
        return
    print_table("Queue", ["state", "envelopes"], list(counts.items()))
    if rows:
        print_table(state.value, list(rows[0]), [tuple(row.values()) for row in rows])
    hidden = counts[state.value] - len(rows)
    if hidden > 0:
        say(f"{hidden} more are {state.value} and not shown")


@app.command()
@guarded
def add(
    campaign: Annotated[str, typer.Argument(help="A campaign with approved drafts.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Queue every reader of the approved drafts of a campaign."""
    from workflow.sending import queue_campaign

    with opened(workspace) as house:
        result = queue_campaign(house, campaign, house.user())
    row = {"queued": result.queued, "already": result.already, "left_out": result.left_out}
    if format is Format.JSON:
        print_json(row)
    else:
        print_table(
            "", ["", "contacts"], [("queued", result.queued), ("already queued", result.already)]
        )
        print_table("Left out", ["reason", "contacts"], list(result.left_out.items()))


@app.command()
@guarded
def work(
    limit: Annotated[int | None, typer.Option("--limit", min=1)] = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Hand over what is due now, each envelope at most once."""
    from workflow.sending import work_queue

    with opened(workspace) as house:
        report = work_queue(house, limit, actor=house.actor())
    row = {
        "sent": report.sent,
        "held": report.held,
        "dropped": report.dropped,
        "deferred": report.deferred,
        "failed": report.failed,
    }
    if format is Format.JSON:
        print_json({**row, "stopped": report.stopped})
    else:
        print_table("", ["", "envelopes"], list(row.items()))
        if report.stopped:
            say(report.stopped)


@app.command()
@guarded
def hold(
    envelope: EnvelopeArgument,
    why: Annotated[str, typer.Option("--why")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Keep an envelope back."""
    from workflow import sending

    with opened(workspace) as house:
        done = sending.hold(house, envelope, house.user(), why)
    _answer(done, "held", "no such envelope waits: see `mailwright queue status --state due`")


@app.command()
@guarded
def release(envelope: EnvelopeArgument, workspace: WorkspaceOption = None) -> None:
    """Let a held envelope go. One of unknown outcome has to be resolved instead."""
    from workflow import sending

    with opened(workspace) as house:
        done = sending.release(house, envelope, house.user())
    _answer(
        done, "released", "no such envelope is held, or its outcome is unknown: use `queue resolve`"
    )


@app.command()
@guarded
def resolve(
    envelope: EnvelopeArgument,
    outcome: Annotated[
        Literal["sent", "due", "dropped"],
        typer.Option(
            "--outcome", help="sent: it arrived; due: it did not, send it; dropped: leave it."
        ),
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Say what became of an envelope whose outcome is unknown."""
    from workflow import sending

    with opened(workspace) as house:
        done = sending.resolve(house, envelope, house.user(), EnvelopeState(outcome))
    _answer(
        done,
        f"resolved as {outcome}",
        "no such envelope is held with its outcome unknown: see `mailwright queue status`",
    )


def _answer(done: bool, yes: str, no: str) -> None:
    if not done:
        raise BadInput(no)
    say(yes)
