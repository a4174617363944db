"""What asking chat models used, a row a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.engine import Connection

from storage.records import ModelCall
from storage.tables import model_usage

__all__ = ["ModelUsage"]


class ModelUsage:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call: ModelCall) -> None:
        """Record one request; records are never changed."""
        self._connection.execute(
            insert(model_usage).values(
                campaign=call.campaign,
                model=call.model,
                tokens_in=call.tokens_in,
                tokens_out=call.tokens_out,
                most_in=call.most_in,
                most_out=call.most_out,
                cached=call.cached,
                cost=_text(call.cost),
                most_cost=_text(call.most_cost),
                currency=call.currency,
                at=call.at,
            )
        )

    def of(self, campaign: str) -> list[ModelCall]:
        """Every request for a campaign, in the order they were recorded."""
        query = (
            select(model_usage)
            .where(model_usage.c.campaign == campaign)
            .order_by(model_usage.c.seq)
        )
        return [_call(row) for row in self._connection.execute(query)]


def _call(row: Row[Any]) -> ModelCall:
    return ModelCall(
        campaign=row.campaign,
        model=row.model,
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        most_in=row.most_in,
        most_out=row.most_out,
        cached=row.cached,
        cost=None if row.cost is None else Decimal(row.cost),
        most_cost=None if row.most_cost is None else Decimal(row.most_cost),
        currency=row.currency,
        at=row.at,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
