"""The records on each database that they must behave the same on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from review import link
from storage import Store, open_store

SECRET = b"a secret for the tests, 32 bytes"
_ENV = "MAILWRIGHT_TEST_POSTGRESQL"
_LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

OpenAgain = Callable[[], Store]


@pytest.fixture(scope="session")
def new_postgresql() -> Iterator[Callable[[], str]]:
    """Makes fresh databases on the server, and drops them at the end."""
    psycopg = pytest.importorskip("psycopg", reason="needs psycopg: mailwright[postgresql]")
    base = os.environ.get(_ENV, _LOCAL).replace("postgresql+psycopg://", "postgresql://")
    try:
        server = psycopg.connect(base, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip(f"needs a PostgreSQL server: {_ENV}, or one at 127.0.0.1:5432")
    made: list[str] = []

    def make() -> str:
        name = f"mailwright_test_{secrets.token_hex(6)}"
        server.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return base.rpartition("/")[0] + "/" + name

    with server:
        yield make
        for name in made:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql_url(new_postgresql: Callable[[], str]) -> str:
    url = new_postgresql()
    with open_store(url, SECRET) as store:
        store.migrate()
    return url


def _empty(url: str) -> None:
    import psycopg

    from storage.tables import METADATA

    tables = ", ".join(METADATA.tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with all its tables."""
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'records.db'}"
        open_store(found, SECRET).close()
        return found
    found = str(request.getfixturevalue("postgresql_url"))
    _empty(found)
    return found


@pytest.fixture
def open_again(url: str) -> Iterator[OpenAgain]:
    """Opens the same records as another process would."""
    opened: list[Store] = []

    def again() -> Store:
        opened.append(open_store(url, SECRET, link))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: OpenAgain) -> Store:
    return open_again()
