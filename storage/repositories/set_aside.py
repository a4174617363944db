"""Rules of screening that a person set aside for a time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from contracts.verdict import Suppression
from storage.database import upsert
from storage.tables import set_aside_rules

__all__ = ["SetAsideRules"]


class SetAsideRules:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, entry: Suppression, at: datetime) -> None:
        """Keep an entry; one for the same rule and mail is replaced."""
        row = {"reason": entry.reason, "by": entry.by, "until": entry.until.isoformat(), "at": at}
        upsert(self._connection, set_aside_rules, {"rule": entry.rule, "mail": entry.mail, **row})

    def remove(self, rule: str, mail: str) -> bool:
        """Whether there was such an entry."""
        table = set_aside_rules
        query = delete(table).where(table.c.rule == rule, table.c.mail == mail)
        return self._connection.execute(query).rowcount > 0

    def all(self) -> list[Suppression]:
        """Every entry, past ones included, by rule and mail."""
        table = set_aside_rules
        query = select(table).order_by(table.c.rule, table.c.mail)
        return [
            Suppression(row.rule, row.reason, row.by, date.fromisoformat(row.until), row.mail)
            for row in self._connection.execute(query)
        ]
