"""What came back, whom a campaign left out, and the settings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from contracts.audience import LeftOut
from contracts.delivery import Event, EventKind
from storage.database import upsert
from storage.tables import events, left_out, settings

__all__ = ["Events", "LeftOuts", "Settings"]

LeftOutList = list[LeftOut]  # inside LeftOuts, `list` is the method
_CHUNK = 500


class Events:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: Event) -> None:
        self._connection.execute(
            insert(events).values(
                kind=event.kind.value,
                contact_id=event.contact_id,
                at=event.at,
                campaign=event.campaign,
                envelope_id=event.envelope_id,
                detail=event.detail,
            )
        )

    def count(self, campaign: str, kind: EventKind) -> int:
        """How many events of a kind the campaign has; one person may open twice."""
        query = select(func.count()).where(
            events.c.campaign == campaign, events.c.kind == kind.value
        )
        return self._connection.scalar(query) or 0


class LeftOuts:
    """The contacts that a campaign does not write to, as its last run found them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, campaign: str, entries: Sequence[LeftOut]) -> None:
        """Forget what the run before found and keep this."""
        self._connection.execute(left_out.delete().where(left_out.c.campaign == campaign))
        rows = [
            {
                "campaign": campaign,
                "contact_id": entry.contact_id,
                "reason": entry.reason,
                "detail": entry.detail,
            }
            for entry in entries
        ]
        for start in range(0, len(rows), _CHUNK):
            self._connection.execute(insert(left_out), rows[start : start + _CHUNK])

    def counts(self, campaign: str) -> dict[str, int]:
        """How many were left out for each reason, ordered by reason; empty for none."""
        query = select(left_out.c.reason, func.count().label("count")).where(
            left_out.c.campaign == campaign
        )
        rows = self._connection.execute(query.group_by(left_out.c.reason)).all()
        return dict(sorted((str(reason), int(count)) for reason, count in rows))

    def list(self, campaign: str) -> LeftOutList:
        """In the order in which they were given."""
        query = select(left_out).where(left_out.c.campaign == campaign).order_by(left_out.c.seq)
        return [
            LeftOut(contact_id=row.contact_id, reason=row.reason, detail=row.detail)
            for row in self._connection.execute(query)
        ]


class Settings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        value: str | None = self._connection.scalar(
            select(settings.c.value).where(settings.c.key == key)
        )
        return value

    def put(self, key: str, value: str) -> None:
        upsert(self._connection, settings, {"key": key, "value": value})
