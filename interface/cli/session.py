"""Opens the workspace that a command works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from workflow.house import House

__all__ = ["WorkspaceOption", "opened"]

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace folder. [default: MAILWRIGHT_WORKSPACE or ./workspace]",
        show_default=False,
    ),
]


@contextmanager
def opened(workspace: Path | None, *, begin: bool = False) -> Iterator[House]:
    """The workspace of a command.

    Args:
        begin: make one where there is none. Only commands that bring the first things in
            do; for the others a folder that is not there is a slip of the pen.

    Raises:
        NoWorkspaceYet: there is none, and the command begins none.
        BadInput: the settings or the workspace cannot be used.
    """
    from workflow.errors import NoWorkspaceYet
    from workflow.house import has_workspace, open_house
    from workflow.settings import load_settings

    settings = load_settings(workspace)
    if not begin and not has_workspace(settings):
        raise NoWorkspaceYet(
            f"there is no workspace in {settings.workspace}: give its folder with --workspace, "
            "or begin one with `mailwright users add NAME --role operator --keep`"
        )
    with open_house(settings) as house:
        yield house
