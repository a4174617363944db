"""`mailwright queue`: what is due, what was sent, what a person has to look at."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="The send queue.", no_args_is_help=True)

EnvelopeArgument = Annotated[str, typer.Argument(help="The envelope's id, from `queue status`.")]


@app.command()
@guarded
def status(
    campaign: Annotated[str | None, typer.Option("--campaign")] = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Envelopes by state, and each that is held with its reason."""
    from contracts.delivery import EnvelopeState
    from workflow.sending import queue_counts, queue_list

    with opened(workspace) as house:
        counts = {state.value: count for state, count in queue_counts(house, campaign).items()}
        held = queue_list(house, campaign, EnvelopeState.HELD)
    if format is Format.JSON:
        print_json(
            {
                "counts": counts,
                "held": [{"envelope": item.id, "reason": item.reason} for item in held],
            }
        )
        return
    print_table("Queue", ["state", "envelopes"], list(counts.items()))
    if held:
        print_table("Held", ["envelope", "reason"], [(item.id, item.reason) for item in held])


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
    _answer(done, "held", "it is not waiting: see `mailwright queue status`")


@app.command()
@guarded
def release(envelope: EnvelopeArgument, workspace: WorkspaceOption = None) -> None:
    """Let a held envelope go. One of unknown outcome has to be resolved instead."""
    from workflow import sending

    with opened(workspace) as house:
        done = sending.release(house, envelope, house.user())
    _answer(done, "released", "it is not held, or its outcome is unknown: use `queue resolve`")


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
    from contracts.delivery import EnvelopeState
    from workflow import sending

    with opened(workspace) as house:
        done = sending.resolve(house, envelope, house.user(), EnvelopeState(outcome))
    _answer(done, f"resolved as {outcome}", "it is not held: see `mailwright queue status`")


def _answer(done: bool, yes: str, no: str) -> None:
    say(yes if done else no)
    if not done:
        raise typer.Exit(2)
