"""`mailwright campaign translate`: an approved draft said in other languages."""

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
from interface.cli.session import WorkspaceOption, opened

__all__ = ["translate"]


@guarded
def translate(
    name: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name.")],
    draft: Annotated[
        str,
        typer.Argument(metavar="DRAFT", help="The approved draft: its id, or SEGMENT/LANGUAGE."),
    ],
    to: Annotated[list[str], typer.Option("--to", help="A language to say it in; repeat it.")],
    glossary: Annotated[
        Path | None, typer.Option("--glossary", help="A YAML file of terms to keep to.")
    ] = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Say an approved draft in other languages with the chat model of the settings.

    Figures, names and sources stay what was approved; what the model gets wrong is the
    composer's. The drafts made are screened and approved like any other.
    """
    from workflow.translating import translate as say_in

    with opened(workspace) as house, progress() as bars:
        made = say_in(house, name, draft, to, house.user(), glossary, bars)
    rows = [
        {
            "draft": item.draft.id,
            "segment": item.draft.segment,
            "language": item.draft.language,
            "writer": item.draft.writer,
            "notes": list(item.notes),
        }
        for item in made
    ]
    if format is Format.JSON:
        print_json({"campaign": name, "drafts": rows})
        return
    print_table(
        f"{name}: said in other languages",
        ["draft", "language", "writer", "notes"],
        [(row["draft"], row["language"], row["writer"], "\n".join(row["notes"])) for row in rows],
    )
    say("screen the campaign next: `mailwright campaign screen BRIEF`")
