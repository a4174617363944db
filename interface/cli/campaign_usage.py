"""`mailwright campaign usage`: what a chat model used for a campaign."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from interface.cli.output import Format, FormatOption, guarded, print_json, print_table, say
from interface.cli.session import WorkspaceOption, opened

__all__ = ["usage"]


@guarded
def usage(
    name: Annotated[str, typer.Argument(help="The campaign's name, as its brief says.")],
    workspace: WorkspaceOption = None,
    format: FormatOption = Format.TABLE,  # noqa: A002
) -> None:
    """What the chat model used for a campaign: requests, tokens and, where prices are set, cost."""
    from workflow.model_usage import model_use

    with opened(workspace) as house:
        used = model_use(house, name)
        budget = house.settings.chat_budget_tokens, house.settings.chat_budget_cost
    rows = [
        {
            "model": item.model,
            "requests": item.requests,
            "cached": item.cached,
            "tokens_in": item.tokens_in,
            "tokens_out": item.tokens_out,
            "uncounted": item.uncounted,
            "cost": None if item.cost is None else _amount(item.cost),
            "currency": item.currency,
            "unpriced": item.unpriced,
        }
        for item in used
    ]
    if format is Format.JSON:
        print_json(
            {
                "campaign": name,
                "models": rows,
                "budget_tokens": budget[0],
                "budget_cost": None if budget[1] is None else _amount(budget[1]),
            }
        )
        return
    if not rows:
        say(f"{name}: no chat model was asked")
        return
    print_table(
        name,
        ["model", "requests", "cached", "tokens in", "tokens out", "cost"],
        [
            (
                row["model"],
                row["requests"],
                row["cached"],
                row["tokens_in"],
                row["tokens_out"],
                "unknown" if row["cost"] is None else f"{row['cost']} {row['currency']}".strip(),
            )
            for row in rows
        ],
    )
    for row in rows:
        if row["uncounted"]:
            say(f"{row['model']}: {row['uncounted']} requests whose tokens the server did not say")
        if row["unpriced"]:
            say(
                f"{row['model']}: {row['unpriced']} requests at no known cost; set chat_price_in "
                "and chat_price_out before drafting to have it counted"
            )


def _amount(value: Decimal) -> str:
    """An amount without an exponent; no digit of it is rounded away."""
    return format(value.normalize(), "f")
