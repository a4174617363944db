"""The connections: one way to begin, read and write on both databases."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contracts.errors import CouldNotFinish
from storage.errors import AlreadyTaken, DatabaseUnavailable, Unreadable, UnusableUrl

__all__ = ["insert_missing", "make_engine", "reading", "translated", "upsert", "writing"]

_BUSY_TIMEOUT_S = 30
_READ = "mailwright_read"


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`; nothing is connected yet.

    Raises:
        UnusableUrl: any other address, a database in memory, or a file in no folder.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableUrl from None  # the cause quotes the address, and with it a password
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed)
    if backend in ("postgresql", "postgres"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise UnusableUrl


def _sqlite(url: URL) -> Engine:
    # One database in memory for each connection would be a different one for each thread.
    if not url.database or url.database == ":memory:" or "mode" in url.query:
        raise UnusableUrl("records need a file; give sqlite:///FILE")
    if not Path(url.database).absolute().parent.is_dir():
        raise UnusableUrl("the folder of the database file does not exist; make it first")
    engine = create_engine(
        url,
        hide_parameters=True,  # errors would quote addresses
        connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False},
        pool_size=5,
        max_overflow=20,
        pool_timeout=_BUSY_TIMEOUT_S,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, record: object) -> None:
        del record
        # The driver would begin a deferred transaction by itself, just before the first
        # write; two of those that have read already can never both go on.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {_BUSY_TIMEOUT_S * 1000}",
            # Not NORMAL: that may forget the last commits at a power cut, and a forgotten
            # claim is a mail sent twice.
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        _use_wal(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read = connection.get_execution_options().get(_READ, False)
        connection.exec_driver_sql("BEGIN" if read else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            # The audit chain reads its head after it has the lock, and must then see it.
            isolation_level="READ COMMITTED",
            pool_size=5,
            max_overflow=20,
            pool_timeout=_BUSY_TIMEOUT_S,
            pool_pre_ping=True,
        )
    except (ImportError, NoSuchModuleError) as error:
        raise UnusableUrl(
            "PostgreSQL needs one more library; run pip install 'mailwright[postgresql]'"
        ) from error


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, so that readers and the writer do not wait for each other.

    SQLite does not wait for others here as it does elsewhere, so this does.
    """
    until = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the database as errors of Mailwright.

    Raises:
        DatabaseUnavailable: unreachable, locked, or out of connections.
        AlreadyTaken: a rule of the tables was broken.
        CouldNotFinish: anything else that the database refused.
    """
    try:
        yield
    except IntegrityError:
        # Without its cause: PostgreSQL quotes the row, which may hold an address.
        raise AlreadyTaken(
            "a record breaks a rule of the tables (something unique is taken, or what it "
            "belongs to is missing); nothing was written"
        ) from None
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if isinstance(error, OperationalError) and "readonly" in str(error.orig):
            raise CouldNotFinish(
                "the records can only be read here; write inside Store.begin(), and see that "
                "the database file may be written"
            ) from error
        raise DatabaseUnavailable from error
    except sqlite3.OperationalError as error:  # from the hook that sets up a connection
        raise DatabaseUnavailable from error
    except sqlite3.DatabaseError as error:
        raise Unreadable("the file is no database of Mailwright; give another") from error
    except DBAPIError as error:
        if type(error.orig) is sqlite3.DatabaseError:  # "malformed", "not a database"
            raise Unreadable("the database file is damaged; restore it from a backup") from error
        raise CouldNotFinish(
            f"the database refused ({type(error.orig).__name__}); nothing was written, "
            "see that the text holds no null characters and try again"
        ) from None
    except StatementError as error:  # a value of ours was refused before it left
        raise error.orig or error from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any error.

    SQLite takes the write lock at the start (BEGIN IMMEDIATE): keep what is inside short,
    and call no network from it.
    """
    with translated(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One view of the records as they stand now; a write inside it is refused."""
    with translated(), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection = connection.execution_options(**{_READ: True})
            with connection.begin() as transaction:
                connection.exec_driver_sql("PRAGMA query_only = ON")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("PRAGMA query_only = OFF")
                    transaction.rollback()
            return
        connection = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with connection.begin() as transaction:
            try:
                yield connection
            finally:
                transaction.rollback()


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or replace the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    statement = _insert(connection, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=rest))


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], chunk: int = 500
) -> int:
    """Insert the rows whose unique values are not there yet; how many those were."""
    count = 0
    for start in range(0, len(rows), chunk):  # SQLite takes 32 766 values a statement
        batch = [dict(row) for row in rows[start : start + chunk]]
        statement = _insert(connection, table).values(batch).on_conflict_do_nothing()
        # Counted by what comes back: the drivers do not agree on the row count.
        count += len(connection.execute(statement.returning(*table.primary_key)).all())
    return count
