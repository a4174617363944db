"""`mailwright audit`: the chain of everything that was done, to keep and to verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.command()
@guarded
def export(workspace: WorkspaceOption = None) -> None:
    """Print every entry as a line of JSON; `audit verify` checks it without the workspace."""
    from workflow.auditing import export_lines

    with opened(workspace) as house:
        for line in export_lines(house, house.user()):
            print(line)


@app.command()
@guarded
def verify(
    file: Annotated[Path, typer.Argument(help="What `audit export` printed.")],
    head: Annotated[
        str,
        typer.Option("--head", help="Hash of the last entry, kept elsewhere: shows a cut tail."),
    ] = "",
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Check the chain of an export. Exit 1 if an entry was changed, removed or added."""
    from workflow.auditing import verify_file

    report = verify_file(file, head)
    if format is Format.JSON:
        print_json(
            {
                "ok": report.ok,
                "entries": report.count,
                "first_bad": report.first_bad,
                "why": report.why,
            }
        )
    elif report.ok:
        say(f"{report.count} entries, unbroken")
    else:
        say(f"broken at entry {report.first_bad}: {report.why}")
    if not report.ok:
        raise typer.Exit(1)
