"""`mailwright kb set`, and asking in the terminal for what files do not state."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import BadInput
from interface.cli.output import Format, FormatOption, guarded, print_json, say
from interface.cli.session import WorkspaceOption, opened

if TYPE_CHECKING:
    from contracts.case import Case
    from workflow.house import House

__all__ = ["ask_for_fields", "need_terminal", "set_"]

_LISTS = ("roles", "products", "also_known_as")
_YES, _NO = ("y", "yes"), ("n", "no")


@guarded
def set_(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")],
    customer: Annotated[str | None, typer.Option(help="What the customer is called.")] = None,
    industry: Annotated[str | None, typer.Option(help="As the taxonomy knows it: food")] = None,
    region: Annotated[str | None, typer.Option(help="As the taxonomy knows it: europe")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166 code: DE")] = None,
    language: Annotated[
        str | None, typer.Option(help="Confirms the language that the text was read in.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(help="Whom the case speaks to; may be repeated.")
    ] = None,
    product: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="The last day of use: 2028-12-31")] = None,
    source: Annotated[str | None, typer.Option(help="Where the case comes from.")] = None,
    name_public: Annotated[
        bool | None,
        typer.Option("--name-public/--not-public", help="Whether the customer may be named."),
    ] = None,
    also_known_as: Annotated[
        list[str] | None,
        typer.Option(help="Another word that gives the customer away; may be repeated."),
    ] = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's own name
) -> None:
    """State fields of a case beside its file. They stay when the file is added again."""
    from workflow.case_fields import set_fields

    given = {
        "customer": customer,
        "name_public": name_public,
        "industry": industry,
        "region": region,
        "country": country,
        "language": language,
        "roles": role,
        "products": product,
        "valid_until": valid_until,
        "source": source,
        "also_known_as": also_known_as,
    }
    fields = {name: value for name, value in given.items() if value is not None and value != []}
    with opened(workspace) as house:
        changed = set_fields(house, case, fields, house.actor())
    row = {"case": changed.id, "set": sorted(fields), "missing": list(changed.missing)}
    if format is Format.JSON:
        print_json(row)
        return
    print(f"{changed.id}: set {', '.join(sorted(fields))}")
    if changed.missing:
        print(f"still missing: {', '.join(changed.missing)}")


def need_terminal() -> None:
    """Nothing, where somebody can be asked.

    Raises:
        BadInput: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise BadInput(
            "--ask needs a terminal to ask in; supply fields with `mailwright kb set CASE`"
        )


def ask_for_fields(house: House, case_ids: Sequence[str]) -> int:
    """Ask for the fields that these cases lack, one case after another, and keep what is
    answered; how many fields were. An empty answer leaves a field missing."""
    from workflow.case_fields import set_fields, unanswered

    need_terminal()
    count = 0
    for case in unanswered(house, case_ids):
        say(f"{case.id}: {case.title}")
        fields = _asked(case)
        if fields:
            set_fields(house, case.id, fields, house.actor())
            count += len(fields)
    return count


def _asked(case: Case) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in case.missing:
        if name == "name_public" and not (fields.get("customer") or any(case.customer.values())):
            continue  # nobody says whom
        hint = f" (the file says “{case.unrecognised[name]}”)" if name in case.unrecognised else ""
        value = _answer(name, f"  {name}{hint}")
        if value is not None:
            fields[name] = value
    return fields


def _answer(name: str, prompt: str) -> Any:
    """What front matter could state as well; asked again until it is, or is left empty."""
    from workflow.case_fields import check_field

    while True:
        text = str(typer.prompt(prompt, default="", show_default=False, err=True)).strip()
        if not text:
            return None
        value = _value(name, text)
        try:
            check_field(name, value)
        except BadInput as error:
            say(f"  {error}")
            continue
        return value


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    if name == "name_public" and text.casefold() in (*_YES, *_NO):
        return text.casefold() in _YES
    return text
