"""The audit chain as stored. What links it is given from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text
from sqlalchemy.engine import Connection

from contracts.decision import AuditEntry
from storage.documents import PAYLOAD
from storage.errors import NoAuditLink
from storage.records import Link
from storage.tables import audit

__all__ = ["Audit"]

_LOCK = 0x4D_57_41_55_44  # "MWAUD": one writer of the chain at a time on PostgreSQL
_BATCH = 500


class Audit:
    def __init__(self, connection: Connection, link: Link | None) -> None:
        self._connection = connection
        self._link = link

    def append(
        self, actor: str, action: str, subject: str, payload: Mapping[str, str], at: datetime
    ) -> AuditEntry:
        """Add an entry to the end of the chain; it is written when the transaction commits.

        Others who append wait until then, so append last in a transaction.

        Raises:
            NoAuditLink: the store was opened without `link`.
        """
        if self._link is None:
            raise NoAuditLink
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer as it is
            lock = text("SELECT pg_advisory_xact_lock(:key)")
            self._connection.execute(lock, {"key": _LOCK})
        entry = self._link(self.head(), at, actor, action, subject, payload)
        self._connection.execute(
            insert(audit).values(
                seq=entry.seq,
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                payload=PAYLOAD.dump(entry.payload),
                previous=entry.previous,
                hash=entry.hash,
            )
        )
        return entry

    def entries(self, after: int = 0) -> Iterator[AuditEntry]:
        """The entries with a higher `seq` than `after`, in order, read as they are asked for."""
        while True:
            query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(_BATCH)
            rows = self._connection.execute(query).all()
            for row in rows:
                yield _entry(row)
            if len(rows) < _BATCH:
                return
            after = rows[-1].seq

    def head(self) -> AuditEntry | None:
        """The newest entry; None where nothing was written yet."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        payload=PAYLOAD.load(row.payload),
        previous=row.previous,
        hash=row.hash,
    )
