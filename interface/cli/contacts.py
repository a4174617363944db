"""`mailwright contacts`: people in, segments out."""

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
from interface.cli.summary import left_out_rows, left_out_table

app = typer.Typer(help="Contacts, their languages and segments.", no_args_is_help=True)


@app.command("import")
@guarded
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV (any usual encoding and delimiter) or JSON lines.")
    ],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Import contacts, with a report of every row that was mended or refused."""
    from contracts.audience import RowOutcome
    from workflow.audience import import_contacts

    with opened(workspace, begin=True) as house, progress() as bars:
        report = import_contacts(house, file, house.actor(), bars)
    counts = {outcome.value: report.count(outcome) for outcome in RowOutcome}
    if format is Format.JSON:
        print_json(
            {
                **counts,
                "encoding": report.encoding,
                "delimiter": report.delimiter,
                "unknown_columns": list(report.unknown_columns),
                "rows": [
                    {"row": row.row, "outcome": row.outcome.value, "reasons": list(row.reasons)}
                    for row in report.rows
                ],
            }
        )
        return
    print_table(
        "Rows that were mended or refused",
        ["row", "outcome", "why"],
        [
            (row.row, row.outcome.value, "; ".join(row.reasons))
            for row in report.rows
            if row.outcome is not RowOutcome.TAKEN
        ],
    )
    print_table("", ["rows", "count"], list(counts.items()))
    if report.unknown_columns:
        say(f"columns that were not used: {', '.join(report.unknown_columns)}")


@app.command("list")
@guarded
def list_(workspace: WorkspaceOption = None, format: FormatOption = Format.TABLE) -> None:  # noqa: A002
    """Every contact on record, with the language and why it was decided so."""
    from workflow.audience import list_contacts

    with opened(workspace) as house:
        contacts = list_contacts(house)
    rows = [
        {
            "id": contact.id,
            "email": contact.email,
            "name": f"{contact.first_name} {contact.last_name}".strip(),
            "company": contact.company,
            "role": contact.role,
            "industry": contact.industry,
            "country": contact.country,
            "language": contact.language,
            "language_reason": contact.language_reason,
            "consent": contact.consent.kind.value,
            "status": contact.status.value,
        }
        for contact in contacts
    ]
    if format is Format.JSON:
        print_json(rows)
        return
    print_table("", list(rows[0]) if rows else ["id"], [tuple(row.values()) for row in rows])


@app.command()
@guarded
def segments(
    brief: Annotated[Path, typer.Argument(help="The brief whose segments are asked for.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Who a brief would write to, by segment, language and law, and who is left out why."""
    from workflow.briefs import load_brief
    from workflow.campaign import planned

    files = load_brief(brief)
    with opened(workspace) as house:
        audience = planned(house, files.brief, files.sender)
    groups = [
        {
            "segment": group.segment,
            "language": group.language,
            "contacts": len(group.contacts),
            "profiles": {code: len(ids) for code, ids in group.profiles.items()},
        }
        for group in audience.groups
    ]
    left_out = audience.left_out_counts()
    if format is Format.JSON:
        print_json(
            {"groups": groups, "left_out": left_out, "why": left_out_rows(audience.left_out)}
        )
        return
    print_table(
        "Who is written to",
        ["segment", "language", "contacts", "legal profiles"],
        [
            (
                group["segment"],
                group["language"],
                group["contacts"],
                ", ".join(f"{code} {count}" for code, count in dict(group["profiles"]).items()),  # type: ignore[call-overload]
            )
            for group in groups
        ],
    )
    left_out_table(audience.left_out)
