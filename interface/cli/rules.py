"""`mailwright rules`: what screening asks, and what is set aside for a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="The rules of screening.", no_args_is_help=True)


@app.command("list")
@guarded
def list_rules(
    country: Annotated[str, typer.Option("--country", help="Only the rules of this place.")] = "",
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Every rule: what it asks, how gravely, and the source it rests on."""
    from workflow.rule_book import rule_rows

    rows = rule_rows(country)
    if format is Format.JSON:
        print_json([row.as_dict() for row in rows])
        return
    print_table(
        "Rules",
        ["law", "rule", "severity", "what it says", "source", "verified"],
        [
            (row.place, row.rule, row.severity, row.message, row.source, str(row.verified).lower())
            for row in rows
        ],
    )


@app.command("set-aside")
@guarded
def set_aside(
    rule: Annotated[str, typer.Argument(help="A rule, or de.* for a family; empty lists.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it does not hold here.")] = "",
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    mail: Annotated[str, typer.Option("--campaign", help="Only for this campaign.")] = "",
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Set a rule aside until a day. Its findings stay as notes, and the audit log keeps who
    did it and why. Without a rule: what is set aside now."""
    from contracts.errors import BadInput
    from workflow.house_rules import set_aside as keep
    from workflow.house_rules import set_aside_rules

    with opened(workspace) as house:
        if rule:
            actor = house.user()
            if until is None:
                raise BadInput("say with --until which day is the last: 2026-12-31")
            keep(house, actor, rule, reason=reason, until=until.date(), mail=mail)
            say(f"{rule} is set aside until {until.date()}")
        entries = set_aside_rules(house)
    rows = [
        {
            "rule": item.rule,
            "campaign": item.mail,
            "reason": item.reason,
            "by": item.by,
            "until": item.until.isoformat(),
        }
        for item in entries
    ]
    if format is Format.JSON:
        print_json(rows)
    elif rows:
        print_table("Set aside", list(rows[0]), [tuple(row.values()) for row in rows])
    else:
        print("nothing is set aside")


@app.command()
@guarded
def restore(
    rule: Annotated[str, typer.Argument(help="The rule as it was set aside.")],
    mail: Annotated[str, typer.Option("--campaign", help="As it was set aside.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Let a rule hold again before its day."""
    from workflow.house_rules import restore_rule

    with opened(workspace) as house:
        restore_rule(house, house.user(), rule, mail)
    say(f"{rule} holds again")


@app.command()
@guarded
def document() -> None:
    """The page docs/rules.md, made of the packs."""
    from workflow.rule_book import rule_document

    print(rule_document(), end="")
