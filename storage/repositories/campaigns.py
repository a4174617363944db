"""Campaigns: the brief and the sender as they were when it was last put."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from contracts.brief import Brief, Sender
from contracts.look import Look
from storage.database import insert_missing
from storage.documents import BRIEF, LOOK, SENDER
from storage.records import CampaignRecord
from storage.tables import campaigns

__all__ = ["Campaigns"]


class Campaigns:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self, name: str, brief: Brief, sender: Sender, at: datetime, look: Look | None = None
    ) -> None:
        """Add the campaign, or replace its brief, sender and look; `at` counts only when it is
        new."""
        texts = {
            "brief": BRIEF.dump(brief),
            "sender": SENDER.dump(sender),
            "look": LOOK.dump(look or Look()),
        }
        row = {"name": name, **texts, "created_at": at}
        if not insert_missing(self._connection, campaigns, [row]):
            own = campaigns.c.name == name
            self._connection.execute(campaigns.update().where(own).values(**texts))

    def get(self, name: str) -> CampaignRecord | None:
        query = select(campaigns).where(campaigns.c.name == name)
        row = self._connection.execute(query).first()
        return None if row is None else _record(row)

    def all(self) -> list[CampaignRecord]:
        """Every campaign, the oldest first."""
        query = select(campaigns).order_by(campaigns.c.created_at, campaigns.c.name)
        return [_record(row) for row in self._connection.execute(query)]


def _record(row: Row[Any]) -> CampaignRecord:
    return CampaignRecord(
        name=row.name,
        brief=BRIEF.load(row.brief),
        sender=SENDER.load(row.sender),
        created_at=row.created_at,
        look=Look() if row.look is None else LOOK.load(row.look),
    )
