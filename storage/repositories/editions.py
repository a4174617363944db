"""Variants, their editions, and what screening said of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from contracts.mail import Edition, Variant
from contracts.verdict import Screening
from storage.database import upsert
from storage.documents import EDITION, SCREENING, VARIANT
from storage.errors import UnknownRecord, Unreadable
from storage.tables import editions, screenings, variants

__all__ = ["Editions"]


class Editions:
    """Both are immutable and never deleted: decisions and envelopes name them for good.
    Which of them are current changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_variants(self, draft_id: str, current: Sequence[Variant]) -> None:
        """Make these the current variants of the draft, in this order."""
        run = self._connection.execute
        run(update(variants).where(variants.c.draft_id == draft_id).values(position=None))
        for position, variant in enumerate(current):
            row = {"id": variant.id, "draft_id": draft_id, "position": position}
            upsert(self._connection, variants, {**row, "body": VARIANT.dump(variant)})

    def variants(self, draft_id: str) -> list[Variant]:
        """The current variants of the draft, in order."""
        query = select(variants.c.body).where(
            variants.c.draft_id == draft_id, variants.c.position.is_not(None)
        )
        bodies = self._connection.scalars(query.order_by(variants.c.position))
        return [VARIANT.load(body) for body in bodies]

    def variant(self, variant_id: str) -> Variant | None:
        """Any variant that ever was, current or not."""
        query = select(variants.c.body).where(variants.c.id == variant_id)
        body = self._connection.scalar(query)
        return None if body is None else VARIANT.load(body)

    def put(self, edition: Edition, draft_id: str) -> None:
        """Make this the current edition of its variant and profile.

        One compiled from the same variant before (another sender, say) is kept, but is not
        current any more.
        """
        same_place = (editions.c.variant_id == edition.variant_id) & (
            editions.c.profile == edition.profile
        )
        self._connection.execute(update(editions).where(same_place).values(current=False))
        upsert(
            self._connection,
            editions,
            {
                "id": edition.id,
                "draft_id": draft_id,
                "variant_id": edition.variant_id,
                "profile": edition.profile,
                "current": True,
                "body": EDITION.dump(edition),
            },
        )

    def keep(self, draft_id: str, edition_ids: Collection[str]) -> None:
        """Only these editions of the draft stay current: for profiles nobody needs any more."""
        own = (editions.c.draft_id == draft_id) & editions.c.id.not_in(list(edition_ids))
        self._connection.execute(update(editions).where(own).values(current=False))

    def get(self, edition_id: str) -> Edition | None:
        """Any edition that ever was, current or not.

        Raises:
            Unreadable: what is stored is not what was put under this id.
        """
        query = select(editions.c.body).where(editions.c.id == edition_id)
        body = self._connection.scalar(query)
        return None if body is None else _edition(edition_id, body)

    def for_draft(self, draft_id: str) -> list[Edition]:
        """The current editions of the current variants, ordered by variant and profile.

        Raises:
            Unreadable: one of them is not what was put.
        """
        query = (
            select(editions.c.id, editions.c.body)
            .join(variants, variants.c.id == editions.c.variant_id)
            .where(
                editions.c.draft_id == draft_id,
                editions.c.current.is_(True),
                variants.c.position.is_not(None),
            )
            .order_by(variants.c.position, editions.c.profile)
        )
        return [_edition(row.id, row.body) for row in self._connection.execute(query)]

    def put_screening(self, screening: Screening) -> None:
        """Keep the newest screening of an edition.

        Raises:
            UnknownRecord: there is no edition of that id.
        """
        query = select(editions.c.id).where(editions.c.id == screening.subject_id)
        if self._connection.scalar(query) is None:
            raise UnknownRecord("a screening names no edition; put the edition in first")
        row = {"edition_id": screening.subject_id, "at": screening.at}
        upsert(self._connection, screenings, {**row, "body": SCREENING.dump(screening)})

    def screening(self, edition_id: str) -> Screening | None:
        query = select(screenings.c.body).where(screenings.c.edition_id == edition_id)
        body = self._connection.scalar(query)
        return None if body is None else SCREENING.load(body)


def _edition(edition_id: str, body: str) -> Edition:
    edition = EDITION.load(body)
    if edition.id != edition_id:
        # The name is the hash of the content: the row was altered, or an upgrade changed what
        # an edition is. Neither may be sent.
        raise Unreadable(
            f"edition {edition_id} is not what was stored under that name; "
            "compile, screen and approve the draft again"
        )
    return edition
