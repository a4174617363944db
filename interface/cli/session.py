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
def opened(workspace: Path | None) -> Iterator[House]:
    from workflow.house import open_house
    from workflow.settings import load_settings

    with open_house(load_settings(workspace)) as house:
        yield house
