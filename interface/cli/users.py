"""`mailwright users`: who may do what."""

from __future__ import annotations

from typing import Annotated

import typer

from contracts.decision import Role
from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

app = typer.Typer(help="Users, their roles and tokens.", no_args_is_help=True)


@app.command()
@guarded
def add(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Annotated[list[Role], typer.Option("--role", help="May be given more than once.")],
    user_id: Annotated[
        str, typer.Option("--id", help="A short name; made of the name if left out.")
    ] = "",
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Also write the token to the workspace's token file."),
    ] = False,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Add a user; the token is shown this once. The first user must be an operator."""
    from workflow.people import add_user

    with opened(workspace, begin=True) as house:
        made = add_user(house, name, role, house.actor(), user_id)
        if keep:
            house.workspace.write_token(made.token)
    if format is Format.JSON:
        print_json({"id": made.user.id, "token": made.token})
        return
    say(f"user {made.user.id} may sign in with this token; it is not shown again:")
    print(made.token)


@app.command("list")
@guarded
def list_(workspace: WorkspaceOption = None, format: FormatOption = Format.TABLE) -> None:  # noqa: A002
    """Every user with their roles."""
    from workflow.people import list_users

    with opened(workspace) as house:
        rows = [
            {
                "id": user.id,
                "name": user.name,
                "roles": sorted(role.value for role in user.roles),
                "active": user.active,
            }
            for user in list_users(house)
        ]
    if format is Format.JSON:
        print_json(rows)
        return
    print_table(
        "",
        ["id", "name", "roles", "active"],
        [(row["id"], row["name"], ", ".join(row["roles"]), row["active"]) for row in rows],  # type: ignore[arg-type]
    )


@app.command()
@guarded
def token(
    user_id: Annotated[str, typer.Argument(help="Whose token; the old one ends at once.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """Make a new token for a user."""
    from workflow.people import renew_token

    with opened(workspace) as house:
        made = renew_token(house, user_id, house.user())
    if format is Format.JSON:
        print_json({"id": made.user.id, "token": made.token})
        return
    say("the new token; it is not shown again:")
    print(made.token)
