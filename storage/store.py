"""The records as a whole: open, begin, read, migrate, close."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from contracts.delivery import Envelope
from storage.addresses import AddressKeys
from storage.database import make_engine, reading, writing
from storage.errors import OpenTransaction, SchemaBehind
from storage.outbox import Outbox
from storage.records import Link
from storage.repositories.audit import Audit
from storage.repositories.campaigns import Campaigns
from storage.repositories.cases import Cases
from storage.repositories.citations import Citations
from storage.repositories.contacts import Contacts
from storage.repositories.drafts import Drafts
from storage.repositories.editions import Editions
from storage.repositories.envelopes import Envelopes
from storage.repositories.events import Events, LeftOuts, Settings
from storage.repositories.model_answers import ModelAnswers
from storage.repositories.model_usage import ModelUsage
from storage.repositories.reviews import Reviews
from storage.repositories.set_aside import SetAsideRules
from storage.repositories.suppressions import Suppressions
from storage.repositories.users import Users
from storage.schema import behind, upgrade

__all__ = ["Store", "Transaction", "open_store"]


class Transaction:
    """The repositories on one transaction; good until its `with` block ends."""

    def __init__(self, connection: Connection, keys: AddressKeys, link: Link | None) -> None:
        self.cases = Cases(connection)
        self.contacts = Contacts(connection)
        self.suppressions = Suppressions(connection, keys)
        self.campaigns = Campaigns(connection)
        self.drafts = Drafts(connection)
        self.editions = Editions(connection)
        self.reviews = Reviews(connection)
        self.users = Users(connection)
        self.audit = Audit(connection, link)
        self.events = Events(connection)
        self.left_out = LeftOuts(connection)
        self.settings = Settings(connection)
        self.model_answers = ModelAnswers(connection)
        self.model_usage = ModelUsage(connection)
        self.set_aside = SetAsideRules(connection)
        self.citations = Citations(connection, self.cases)
        self.envelopes = Envelopes(connection, self.suppressions, self.citations)

    def enqueue(self, envelopes: Iterable[Envelope]) -> int:
        """Put envelopes on the queue with everything else that this transaction commits."""
        return self.envelopes.enqueue(envelopes)


class Store:
    """The records of one workspace. Safe to share between threads."""

    def __init__(self, engine: Engine, keys: AddressKeys, link: Link | None) -> None:
        self._engine = engine
        self._keys = keys
        self._link = link
        self._thread = threading.local()
        self._checked = False
        self.outbox = Outbox(self._write_envelopes, self._read_envelopes)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction that may write: committed at the end, rolled back on any error.

        Raises:
            OpenTransaction: this thread has one open already; the second would wait for
                the first for ever.
            SchemaBehind: the tables are not those of this release.
            DatabaseUnavailable: the database cannot be reached or stays locked.
        """
        if getattr(self._thread, "writing", False):
            raise OpenTransaction
        self._check()
        self._thread.writing = True
        try:
            with writing(self._engine) as connection:
                yield Transaction(connection, self._keys, self._link)
        finally:
            self._thread.writing = False

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """The records as they stand now, all from one moment; a write is refused.

        Raises:
            SchemaBehind, DatabaseUnavailable: as for `begin`.
        """
        self._check()
        with reading(self._engine) as connection:
            yield Transaction(connection, self._keys, self._link)

    def migrate(self) -> bool:
        """Bring the tables up to this release; whether anything was to do.

        Safe to call from several processes at once: one does it, the others wait.
        """
        with writing(self._engine) as connection:
            done = upgrade(connection)
        self._checked = True
        return done

    def close(self) -> None:
        """Close every connection; the store opens new ones if it is used again."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self._engine.dialect.name})"  # never the address: it may hold a password

    def _check(self) -> None:
        if self._checked:
            return
        with reading(self._engine) as connection:
            if behind(connection):
                raise SchemaBehind
        self._checked = True

    @contextmanager
    def _write_envelopes(self) -> Iterator[Envelopes]:
        with self.begin() as tx:
            yield tx.envelopes

    @contextmanager
    def _read_envelopes(self) -> Iterator[Envelopes]:
        with self.read() as tx:
            yield tx.envelopes


def open_store(url: str, secret: bytes, link: Link | None = None) -> Store:
    """Open the records at `sqlite:///FILE` or `postgresql://USER@HOST/NAME`.

    An SQLite file is made and brought up to this release at once. On PostgreSQL that is
    `Store.migrate`, for an operator to run when it suits.

    Args:
        secret: at least 16 bytes; keys the hashes of suppressed addresses. The same one
            must be given for the same records.
        link: makes the next entry of the audit chain (review.link). Without it the audit
            can be read, not written.

    Raises:
        UnusableUrl: the address or the secret cannot be used.
        DatabaseUnavailable: the file cannot be opened.
    """
    store = Store(make_engine(url), AddressKeys(secret), link)
    if url.startswith("sqlite"):
        try:
            store.migrate()
        except BaseException:
            store.close()
            raise
    return store
