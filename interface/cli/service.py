"""`mailwright demo`, `migrate`, `serve` and `ui`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, progress, say
from interface.cli.session import WorkspaceOption, opened

if TYPE_CHECKING:
    from workflow.house import House
    from workflow.summary import Summary

__all__ = ["demo", "migrate", "serve", "ui"]

_REPOSITORY = Path(__file__).resolve().parents[2]


@guarded
def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the outputs go.")] = Path("demo"),
    examples: Annotated[
        Path | None, typer.Option("--examples", help="The sample workspace.", show_default=False)
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """The whole main job on the samples: cases to messages, with a report to look at."""
    from interface.cli.summary import summary_table
    from workflow.demo import run_demo

    folder = examples or next(
        (path for path in (Path("examples"), _REPOSITORY / "examples") if path.is_dir()),
        Path("examples"),
    )
    with progress() as bars:
        result = run_demo(folder, out, _report, bars)
    if format is Format.JSON:
        print_json(result.result.to_json())
        return
    summary_table(result.result)
    if result.own_approval_refused:
        say("the author's own approval was tried and refused, as it must be")
    say(f"open {result.result.outputs['report']} in a browser")


def _report(house: House, counts: Summary, path: Path) -> None:
    from interface.report import write_report
    from workflow.results import campaign_view

    write_report(campaign_view(house, counts.campaign, counts), path)


@guarded
def migrate(workspace: WorkspaceOption = None) -> None:
    """Bring the tables of the database up to this release. SQLite needs no asking."""
    from workflow.house import migrate as upgrade
    from workflow.settings import load_settings

    done = upgrade(load_settings(workspace))
    say("the tables are those of this release now" if done else "nothing was to do")


@guarded
def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8725,
    workspace: WorkspaceOption = None,
) -> None:
    """Answer unsubscribe links. Put a proxy with TLS in front and set public_url."""
    import uvicorn

    from interface.http import create_app
    from workflow.unsubscribing import Unsubscribing

    with opened(workspace) as house:
        if not house.settings.public_url:
            say("public_url is not set: links in mails lead nowhere, and SMTP stays refused")
        # No access log: the address of a request is the token of a person.
        uvicorn.run(
            create_app(Unsubscribing(house)),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
        )


@guarded
def ui(
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8501,
    workspace: WorkspaceOption = None,
) -> None:
    """Open the studio in a browser."""
    from interface.web import launch

    environment = launch.environment(workspace)
    raise typer.Exit(subprocess.call(launch.command(port), env=environment))  # noqa: S603 - ours
