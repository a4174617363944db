"""`mailwright eval screening`: what the rules find, and what they leave alone; and
`mailwright eval train-spam`: the score of spam learnt anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interface.cli.output import (
    Format,
    FormatOption,
    guarded,
    print_json,
    print_table,
    progress,
    say,
)
from interface.cli.session import WorkspaceOption

__all__ = ["screening", "train_spam"]


@guarded
def screening(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder that holds cases/cases.jsonl, spamassassin …"),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="violations, claims or spam; may be repeated."),
    ] = None,
    by_meaning: Annotated[
        bool, typer.Option("--by-meaning", help="Search cases for claims by the model too.")
    ] = False,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Planted violations of every jurisdiction; with --data also claims and spam."""
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


@guarded
def train_spam(
    data: Annotated[
        Path, typer.Option("--data", help="Folder that holds spamassassin, with sorted mails.")
    ],
    write: Annotated[
        Path | None,
        typer.Option("--write", help="The file to write; without it the product's own model."),
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Learn the weights of the score of spam from sorted mails, and write them."""
    from contracts.seams import system_clock
    from workflow.training_spam import train_spam as train

    model, target = train(data, write, system_clock)
    say(f"{target} is written, version {model.version}")
    measured = dict(model.measured)
    if format is Format.JSON:
        print_json(measured)
        return
    rows = [(name.replace("_", " "), f"{value:.4f}") for name, value in measured.items()]
    print_table("Measured on mails not learnt from", ["measure", "value"], rows)


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and value > 1 else f"{value:.3f}"
