"""`mailwright campaign`: from a brief to what is submitted, and on from what is approved."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interface.cli import campaign_modules
from interface.cli.campaign_translate import translate
from interface.cli.campaign_usage import usage
from interface.cli.output import (
    Format,
    FormatOption,
    guarded,
    print_json,
    print_table,
    progress,
    say,
)
from interface.cli.session import WorkspaceOption, opened
from interface.cli.summary import left_out_rows, left_out_table, summary_table

if TYPE_CHECKING:
    from workflow.screening import Screened

app = typer.Typer(help="Draft, vary, screen and submit a campaign.", no_args_is_help=True)
app.add_typer(campaign_modules.app, name="module")
app.command()(translate)
app.command()(usage)

BriefArgument = Annotated[Path, typer.Argument(help="The brief, a YAML file.")]


@app.command()
@guarded
def draft(
    brief: BriefArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Write a draft for each segment and language that has readers."""
    from workflow.briefs import load_brief
    from workflow.campaign import draft_campaign

    files = load_brief(brief)
    with opened(workspace) as house, progress() as bars:
        run = draft_campaign(house, files.brief, files.sender, house.user(), bars, look=files.look)
    rows = [
        {
            "draft": item.id,
            "segment": item.segment,
            "language": item.language,
            "writer": item.writer,
            "cases": list(item.case_ids),
            "claims": sum(len(module.claims) for module in item.modules),
        }
        for item in run.drafts
    ]
    if format is Format.JSON:
        print_json(
            {
                "drafts": rows,
                "left_out": run.audience.left_out_counts(),
                "why": left_out_rows(run.audience.left_out),
                "notes": run.notes,
            }
        )
        return
    print_table(
        "",
        list(rows[0]),
        [
            (*list(row.values())[:4], ", ".join(item.case_ids), row["claims"])
            for row, item in zip(rows, run.drafts, strict=True)
        ],
    )
    for row in left_out_rows(run.audience.left_out):
        detail = f" ({row['detail']})" if row["detail"] else ""
        say(f"left out, {row['reason']}: {row['contacts']}{detail}")
    for note in run.notes:
        say(note)


@app.command()
@guarded
def variants(
    brief: BriefArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Make the variants of every draft, each with its tactics."""
    from contracts.mail import ModuleKind
    from workflow.briefs import load_brief
    from workflow.campaign import make_variants

    name = load_brief(brief).brief.name
    with opened(workspace) as house:
        made = make_variants(house, name, house.user())
    rows = [
        {
            "draft": draft_id,
            "segment": variant.segment,
            "language": variant.language,
            "variant": variant.id,
            "tactics": dict(variant.tactics),
            "subject": variant.module(ModuleKind.SUBJECT).text,
        }
        for draft_id, items in made.items()
        for variant in items
    ]
    if format is Format.JSON:
        print_json(rows)
        return
    print_table(
        "",
        ["segment", "language", "subject", "tactics"],
        [
            (
                variant.segment,
                variant.language,
                variant.module(ModuleKind.SUBJECT).text,
                ", ".join(f"{slot}: {tactic}" for slot, tactic in variant.tactics.items()),
            )
            for items in made.values()
            for variant in items
        ],
    )


@app.command()
@guarded
def screen(
    brief: BriefArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Screen an edition of every variant for the law of its readers. Exit 1 if one blocks."""
    from interface.cli.rows import screening_row
    from interface.cli.screen import findings_table
    from workflow.briefs import load_brief
    from workflow.screening import screen_campaign

    name = load_brief(brief).brief.name
    with opened(workspace) as house, progress() as bars:
        results = screen_campaign(house, name, house.user(), bars)
    blocked = sum(item.blocked for item in results)
    if format is Format.JSON:
        print_json(
            [
                {
                    "segment": item.draft.draft.segment,
                    "language": item.draft.draft.language,
                    "profile": item.edition.profile,
                    **screening_row(item.screening),
                }
                for item in results
            ]
        )
    else:
        findings_table([(_name(item), item.screening) for item in results])
        say(f"{len(results)} editions, {blocked} blocked")
    if blocked:
        raise typer.Exit(1)


def _name(item: Screened) -> str:
    return f"{item.draft.draft.segment} · {item.edition.language} · {item.edition.profile}"


@app.command()
@guarded
def submit(
    brief: BriefArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Put every screened draft before the reviewers. Exit 1 if screening blocks one."""
    from workflow.approval import submit_campaign
    from workflow.briefs import load_brief

    name = load_brief(brief).brief.name
    with opened(workspace) as house:
        result = submit_campaign(house, name, house.user())
    counts = {
        "submitted": len(result.submitted),
        "unchanged": result.unchanged,
        "blocked": result.blocked,
    }
    if format is Format.JSON:
        print_json({**counts, "drafts": [item.draft_id for item in result.submitted]})
    else:
        print_table("", ["drafts", "count"], list(counts.items()))
    if result.blocked:
        raise typer.Exit(1)


@app.command()
@guarded
def run(
    brief: BriefArgument,
    work: Annotated[
        bool, typer.Option("--work", help="Also hand over what is due, once approved.")
    ] = False,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Everything up to submitted; once a reviewer approved, everything up to the queue.

    Exit 1 if screening blocks an edition; the others go on.
    """
    from workflow.briefs import load_brief
    from workflow.run import run_campaign

    files = load_brief(brief)
    with opened(workspace) as house, progress() as bars:
        result = run_campaign(
            house,
            files.brief,
            files.sender,
            house.user(),
            progress=bars,
            work=work,
            look=files.look,
        )
    if format is Format.JSON:
        print_json(result.to_json())
    else:
        summary_table(result)
        if result.waiting:
            say(
                f"{result.waiting} drafts wait for a reviewer: `mailwright review list`; "
                "then run this command again"
            )
    if result.blocked:
        raise typer.Exit(1)


@app.command()
@guarded
def status(
    name: Annotated[str, typer.Argument(help="The campaign's name, as its brief says.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Where each draft of a campaign stands, and what is on the queue."""
    from workflow.campaign import campaign_record, drafts_of
    from workflow.sending import queue_counts

    with opened(workspace) as house:
        campaign_record(house, name)
        drafts = drafts_of(house, name)
        counts = {state.value: count for state, count in queue_counts(house, name).items()}
        with house.store.read() as tx:
            entries = tx.left_out.list(name)
    rows = [
        {
            "draft": item.draft.id,
            "segment": item.draft.segment,
            "language": item.draft.language,
            "state": item.state.value,
            "authors": sorted(item.authors),
            "updated_at": item.updated_at.isoformat(),
        }
        for item in drafts
    ]
    if format is Format.JSON:
        left_out = dict(sorted(Counter(entry.reason for entry in entries).items()))
        why = left_out_rows(entries)
        print_json(
            {"campaign": name, "drafts": rows, "queue": counts, "left_out": left_out, "why": why}
        )
        return
    print_table(
        name,
        ["draft", "segment", "language", "state"],
        [(row["draft"], row["segment"], row["language"], row["state"]) for row in rows],
    )
    print_table("Queue", ["state", "envelopes"], list(counts.items()))
    left_out_table(entries)
