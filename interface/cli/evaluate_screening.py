"""`mailwright eval screening`: what the rules find, and what they leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, progress
from interface.cli.session import WorkspaceOption

__all__ = ["screening"]


@guarded
def screening(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder that holds cases/cases.jsonl."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="violations or claims; may be repeated."),
    ] = None,
    by_meaning: Annotated[
        bool, typer.Option("--by-meaning", help="Search cases for claims by the model too.")
    ] = False,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Planted violations of every jurisdiction; with --data also claims."""
    from workflow.evaluating_screening import measure_screening
    from workflow.settings import load_settings

    with progress() as bars:
        measures = measure_screening(
            load_settings(workspace), data, tuple(only or ()), by_meaning=by_meaning, progress=bars
        )
    if format is Format.JSON:
        print_json(measures)
        return
    for name, groups in measures.items():
        columns = list(dict.fromkeys(key for row in groups.values() for key in row))
        print_table(
            name,
            ["group", *(key.replace("_", " ") for key in columns)],
            [(group, *(_shown(row.get(key)) for key in columns)) for group, row in groups.items()],
        )


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and value > 1 else f"{value:.3f}"
