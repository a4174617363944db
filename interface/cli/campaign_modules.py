"""`mailwright campaign module`: one block of a draft changed while the others stay."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

if TYPE_CHECKING:
    from contracts.mail import Draft, ModuleKind

app = typer.Typer(help="List, edit, lock and reorder the blocks of a draft.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name.")]
DraftArgument = Annotated[
    str, typer.Argument(metavar="DRAFT", help="A draft's id, or SEGMENT/LANGUAGE.")
]
ModuleArgument = Annotated[
    str, typer.Argument(metavar="MODULE", help="subject, opener, problem, proof, ps …")
]


@app.command("list")
@guarded
def list_modules(
    name: NameArgument,
    draft: DraftArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's own name
) -> None:
    """The blocks of a draft in their order: where each comes from, and whether it is locked."""
    from workflow.editing import find_draft

    with opened(workspace) as house:
        _show(find_draft(house, name, draft).draft, format)


@app.command()
@guarded
def edit(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    text: Annotated[str, typer.Option("--text", help="The new words.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="A file with the new words; - is the input.")
    ] = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Give a block other words. It is locked from then on; its figures keep their sources."""
    from contracts.errors import BadInput
    from workflow import editing

    if file is not None and not text:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    if not text.strip():
        raise BadInput("no words: give them with --text or --file")
    with opened(workspace) as house:
        made = editing.edit(house, name, draft, _kind(module), text, house.user())
    _show(made, format)
    say("screen the campaign again: the editions of this draft are no longer approved")


@app.command()
@guarded
def swap(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    tactic: Annotated[str, typer.Argument(help="The tactic whose wording comes first.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Put another wording of a subject, opener or request first."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.swap(house, name, draft, _kind(module), tactic, house.user())
    _show(made, format)


@app.command()
@guarded
def move(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    place: Annotated[int, typer.Argument(help="Its place in the body, from 1.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Put a block at another place of the letter."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.move(house, name, draft, _kind(module), place, house.user())
    _show(made, format)


@app.command()
@guarded
def remove(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Take a block out. Drafting the campaign again brings it back; a layout in the brief does
    not."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.remove(house, name, draft, _kind(module), house.user())
    _show(made, format)


@app.command()
@guarded
def lock(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Keep a block as it is when the campaign is drafted again. What is approved stays so."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.keep(house, name, draft, _kind(module), house.user())
    _show(made, format)


@app.command()
@guarded
def unlock(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Let a block be written anew with the others."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.keep(house, name, draft, _kind(module), house.user(), locked=False)
    _show(made, format)


@app.command()
@guarded
def regenerate(
    name: NameArgument,
    draft: DraftArgument,
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Write one block anew; the others stay."""
    from workflow import editing

    with opened(workspace) as house:
        made = editing.regenerate(house, name, draft, _kind(module), house.user())
    _show(made, format)


def _kind(name: str) -> ModuleKind:
    from contracts.errors import BadInput
    from contracts.mail import ModuleKind

    try:
        return ModuleKind(name.replace("-", "_"))
    except ValueError:
        known = ", ".join(kind.value for kind in ModuleKind)
        raise BadInput(f"no block is called «{name}»: choose one of {known}") from None


def _show(draft: Draft, format: Format) -> None:  # noqa: A002
    from workflow.editing import modules_of

    lines = modules_of(draft)
    if format is Format.JSON:
        print_json(
            [
                {
                    "place": line.place,
                    "module": line.kind.value,
                    "locked": line.locked,
                    "origin": line.origin,
                    "tactics": list(line.tactics),
                    "text": line.text,
                    "note": line.note,
                }
                for line in lines
            ]
        )
        return
    print_table(
        f"{draft.segment}/{draft.language}",
        ["place", "module", "locked", "text"],
        [
            (line.place or "", line.kind.value, "yes" if line.locked else "", line.text)
            for line in lines
        ],
    )
