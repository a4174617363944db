"""`mailwright kb`: cases in, passages out."""

from __future__ import annotations

from typing import Annotated

import typer

from interface.cli.kb_fields import ask_for_fields, need_terminal, set_
from interface.cli.kb_withdrawing import restore, uses, withdraw
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

app = typer.Typer(help="The knowledge base of customer cases.", no_args_is_help=True)
app.command("set")(set_)


@app.command()
@guarded
def add(
    paths: Annotated[
        list[str],  # not Path, which makes one slash of the two in an address
        typer.Argument(
            metavar="PATH|URL...",
            help="Documents (Markdown, text, HTML, PDF, Word, PowerPoint, Excel, CSV, JSON), "
            "folders or zip archives of them, or web addresses.",
        ),
    ],
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for the fields that the cases do not state.")
    ] = False,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's own name
) -> None:
    """Add cases. Adding one again changes nothing; a changed one replaces the old."""
    from workflow.knowledge import add_cases

    if ask:
        need_terminal()
    with opened(workspace, begin=True) as house:
        with progress() as bars:
            result = add_cases(house, paths, house.actor(), bars)
        if ask:
            ask_for_fields(house, result.case_ids)
    row = {
        "cases": result.cases,
        "added": result.added,
        "replaced": result.replaced,
        "unchanged": result.unchanged,
        "passages": result.passages,
        "refused": [
            {"path": str(item.path), "line": item.line, "why": item.reason}
            for item in result.refusals
        ],
    }
    if format is Format.JSON:
        print_json(row)
        return
    shown = [(key, row[key]) for key in ("cases", "added", "replaced", "unchanged")]
    print_table("Knowledge base", ["", ""], [*shown, ("passages indexed", result.passages)])
    for item in result.refusals:
        line = f" line {item.line}" if item.line else ""
        say(f"refused: {item.path}{line}: {item.reason}")


@app.command()
@guarded
def search(
    text: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100)] = 8,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """The passages that fit best, each with its place in its case."""
    from workflow.case_fields import named_cases
    from workflow.knowledge import search as find

    with opened(workspace) as house:
        hits = find(house, text, count)
        named = named_cases(house, {hit.case_id for hit in hits})
    if format is Format.JSON:
        print_json(
            [
                {
                    "case": hit.case_id,
                    "title": hit.title,
                    "kind": hit.kind.value,
                    "language": hit.language,
                    "name_public": named.get(hit.case_id, False),
                    "text": hit.text,
                    "span": [hit.span.start, hit.span.end],
                    "file": hit.path,
                    "place": hit.place,
                    "source": hit.source,
                    "score": round(hit.score, 4),
                }
                for hit in hits
            ]
        )
        return
    print_table(
        "",
        ["score", "case", "kind", "language", "text"],
        [(f"{hit.score:.3f}", hit.case_id, hit.kind.value, hit.language, hit.text) for hit in hits],
    )


@app.command("list")
@guarded
def list_(workspace: WorkspaceOption = None, format: FormatOption = Format.TABLE) -> None:  # noqa: A002
    """Every case on record."""
    from workflow.knowledge import list_cases

    with opened(workspace) as house:
        cases = list_cases(house)
    if format is Format.JSON:
        print_json(
            [
                {
                    "case": case.id,
                    "title": case.title,
                    "customer": dict(case.customer) if case.name_public else None,
                    "name_public": case.name_public,
                    "industry": case.industry,
                    "region": case.region,
                    "language": case.language,
                    "valid_until": case.valid_until,
                    "withdrawn": case.withdrawn,
                    "outcomes": len(case.outcomes),
                    "sure": sum(outcome.sure for outcome in case.outcomes),
                    "source": case.source,
                }
                for case in cases
            ]
        )
        return
    print_table(
        "",
        ["case", "industry", "region", "language", "named", "valid until", "results"],
        [
            (
                case.id,
                case.industry,
                case.region,
                case.language,
                "yes" if case.name_public else "no",
                "withdrawn" if case.withdrawn else case.valid_until or "",
                f"{sum(outcome.sure for outcome in case.outcomes)}/{len(case.outcomes)}",
            )
            for case in cases
        ],
    )


@app.command()
@guarded
def check(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the vector index anew from the records.")
    ] = False,
    case: Annotated[str, typer.Option("--case", metavar="ID", help="Only this case.")] = "",
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """What a person should look at: missing fields, past dates, unsure results.

    Exit code 1 where a case holds text that speaks to a machine.
    """
    from contracts.verdict import Severity
    from workflow.knowledge import check_cases, rebuild_index

    with opened(workspace) as house:
        if rebuild:
            with progress() as bars:
                rebuild_index(house, house.actor(), bars)
        notes = check_cases(house, case)
    rows = [
        {
            "case": note.case_id,
            "severity": note.severity.value,
            "rule": note.rule,
            "message": note.message,
            "span": [note.span.start, note.span.end] if note.span else None,
        }
        for note in notes
    ]
    if format is Format.JSON:
        print_json(rows)
    else:
        print_table(
            "",
            ["case", "severity", "rule", "what to look at"],
            [(note.case_id, note.severity.value, note.rule, note.message) for note in notes],
        )
    if any(note.severity is Severity.BLOCK for note in notes):
        raise typer.Exit(1)


app.command()(uses)
app.command()(withdraw)
app.command()(restore)
