"""Drafts: the current text, who had a hand in it, and how far it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.engine import Connection

from contracts.decision import DraftState
from contracts.mail import Draft
from storage.database import insert_missing, upsert
from storage.documents import DRAFT
from storage.errors import UnknownRecord
from storage.records import DraftRecord
from storage.tables import draft_authors, drafts, editions, variants

__all__ = ["Drafts"]


class Drafts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, draft: Draft, author: str, at: datetime) -> None:
        """Make this the current text of the draft.

        A changed text goes back to DRAFTED and counts its author among the authors; the same
        text again changes nothing but what of it is locked, not even `updated_at`.
        """
        before = self._connection.scalar(
            select(drafts.c.hash).where(drafts.c.id == draft.id).with_for_update()
        )
        if before == draft.hash:
            self._connection.execute(
                update(drafts).where(drafts.c.id == draft.id).values(body=DRAFT.dump(draft))
            )
            return
        upsert(
            self._connection,
            drafts,
            {
                "id": draft.id,
                "campaign": draft.campaign,
                "segment": draft.segment,
                "language": draft.language,
                "state": DraftState.DRAFTED.value,
                "hash": draft.hash,
                "updated_at": at,
                "body": DRAFT.dump(draft),
            },
        )
        self.add_author(draft.id, author)

    def get(self, draft_id: str) -> DraftRecord | None:
        row = self._connection.execute(select(drafts).where(drafts.c.id == draft_id)).first()
        return None if row is None else self._records([row])[0]

    def for_campaign(self, name: str) -> list[DraftRecord]:
        """The drafts of a campaign, ordered by segment and language."""
        query = select(drafts).where(drafts.c.campaign == name)
        rows = self._connection.execute(query.order_by(drafts.c.segment, drafts.c.language))
        # Ordered again here, because PostgreSQL sorts text by its locale.
        records = self._records(rows.all())
        return sorted(records, key=lambda record: (record.draft.segment, record.draft.language))

    def add_author(self, draft_id: str, user: str) -> None:
        """Count a user among the authors, who may not decide on the draft.

        Raises:
            UnknownRecord: there is no such draft.
        """
        self._known(draft_id)
        insert_missing(self._connection, draft_authors, [{"draft_id": draft_id, "user_id": user}])

    def set_state(self, draft_id: str, state: DraftState) -> None:
        """Say how far the draft is; whether the step is legal is for review to judge.

        Raises:
            UnknownRecord: there is no such draft.
        """
        own = drafts.c.id == draft_id
        changed = self._connection.execute(update(drafts).where(own).values(state=state.value))
        if not changed.rowcount:
            raise UnknownRecord(f"there is no draft {draft_id}; list the drafts of the campaign")

    def remove_others(self, campaign: str, keep_ids: Collection[str]) -> int:
        """Remove the drafts of segments that the brief does not have any more; how many.

        Their editions and decisions stay as a record, but nothing of them is approved any
        longer.
        """
        gone = [
            draft_id
            for draft_id in self._connection.scalars(
                select(drafts.c.id).where(drafts.c.campaign == campaign)
            )
            if draft_id not in keep_ids
        ]
        for draft_id in gone:
            run = self._connection.execute
            run(update(variants).where(variants.c.draft_id == draft_id).values(position=None))
            run(update(editions).where(editions.c.draft_id == draft_id).values(current=False))
            run(drafts.delete().where(drafts.c.id == draft_id))  # authors go with it
        return len(gone)

    def _known(self, draft_id: str) -> None:
        query = select(drafts.c.id).where(drafts.c.id == draft_id)
        if self._connection.scalar(query) is None:
            raise UnknownRecord(f"there is no draft {draft_id}; list the drafts of the campaign")

    def _records(self, rows: Iterable[Row[Any]]) -> list[DraftRecord]:
        rows = list(rows)
        query = select(draft_authors).where(draft_authors.c.draft_id.in_([row.id for row in rows]))
        authors: dict[str, set[str]] = {row.id: set() for row in rows}
        for row in self._connection.execute(query):
            authors[row.draft_id].add(row.user_id)
        return [
            DraftRecord(
                draft=DRAFT.load(row.body),
                authors=frozenset(authors[row.id]),
                state=DraftState(row.state),
                updated_at=row.updated_at,
            )
            for row in rows
        ]
