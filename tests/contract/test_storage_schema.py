"""The tables are what the migrations make, and opening is safe for many at once."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from storage_samples import NOW, a_draft, a_variant, an_edition

from contracts.errors import BadInput
from storage import (
    DatabaseUnavailable,
    SchemaBehind,
    Unreadable,
    UnusableUrl,
    Workspace,
    WorkspaceBusy,
    open_store,
)
from storage.database import make_engine, writing
from storage.migrations import HEAD, VERSION_TABLE
from storage.schema import alembic_config
from storage.tables import METADATA

SECRET = b"a secret for the tests, 32 bytes"


def test_the_migrations_make_the_tables_that_the_code_expects(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = make_engine(url)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    engine.dispose()
    assert found == []


def test_the_newest_step_is_the_one_that_is_named() -> None:
    from alembic.script import ScriptDirectory

    engine = make_engine("postgresql://nobody@127.0.0.1:1/none")  # is never connected
    with as_file(files("storage.migrations")) as folder:
        config = alembic_config(engine, str(folder))  # type: ignore[arg-type]
        scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert all(len(script.revision) == 4 for script in scripts.walk_revisions())


@pytest.mark.postgresql
def test_postgresql_is_migrated_when_asked(new_postgresql: Callable[[], str]) -> None:
    with open_store(new_postgresql(), SECRET) as store:
        with pytest.raises(SchemaBehind, match="migration"), store.begin():
            pass
        with pytest.raises(SchemaBehind), store.read():
            pass
        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(lambda _: store.migrate(), range(3))) == [False, False, True]
        with store.begin() as tx:
            tx.settings.put("key", "value")


def test_the_steps_can_be_taken_back(url: str) -> None:
    from alembic import command

    if url.startswith("postgresql"):
        pytest.skip("shares its tables with the other tests; the steps are the same")
    engine = make_engine(url)
    with writing(engine) as connection, as_file(files("storage.migrations")) as folder:
        command.downgrade(alembic_config(connection, str(folder)), "base")
        left = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        assert left.scalars().all() == [VERSION_TABLE]
    engine.dispose()
    with open_store(url, SECRET) as store, store.begin() as tx:
        tx.settings.put("key", "value")


def test_an_edition_that_was_altered_in_the_database_is_refused(store, url: str) -> None:
    draft = a_draft()
    edition = an_edition(a_variant(draft))
    with store.begin() as tx:
        tx.editions.put(edition, draft.id)
    engine = make_engine(url)
    change = "UPDATE editions SET body = replace(body, 'Acme', 'Evil')"
    for sql in (change, "UPDATE editions SET body = '[]'"):
        with writing(engine) as connection:
            connection.exec_driver_sql(sql)
        with store.read() as tx, pytest.raises(Unreadable, match="edition"):
            tx.editions.get(edition.id)
    engine.dispose()


_OPEN = """
import sys
from storage import open_store
with open_store(sys.argv[1], b"a secret for the tests, 32 bytes") as store:
    with store.begin() as tx:
        tx.settings.put(sys.argv[2], "value")
"""


def test_processes_that_open_a_new_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    running = [
        subprocess.Popen([sys.executable, "-c", _OPEN, url, str(n)], stderr=subprocess.PIPE)
        for n in range(4)
    ]
    errors = [process.communicate(timeout=120)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 0], errors
    with open_store(url, SECRET) as store, store.read() as tx:
        assert [tx.settings.get(str(n)) for n in range(4)] == ["value"] * 4


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    open_store(url, SECRET).close()
    engine = make_engine(url)
    with engine.connect() as connection:
        read = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert read == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:////no/where"]
)
def test_an_address_that_cannot_be_used(url: str) -> None:
    with pytest.raises(UnusableUrl):
        open_store(url, SECRET)


def test_a_secret_that_is_too_short(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="16"):
        open_store(f"sqlite:///{tmp_path / 'r.db'}", b"short")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_text("this is a letter, not a database\n" * 100)
    with pytest.raises(Unreadable):
        open_store(f"sqlite:///{path}", SECRET)
    assert path.read_text().startswith("this is a letter")


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with open_store("postgresql://u:hunter2@127.0.0.1:1/none", SECRET) as store:
        with pytest.raises(DatabaseUnavailable) as caught:
            store.migrate()
        assert "hunter2" not in str(caught.value) + repr(store)


class TestWorkspace:
    def test_the_secret_is_made_once_and_for_its_owner_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "a" / "b"
        with ThreadPoolExecutor(8) as pool:
            secrets = set(pool.map(lambda _: Workspace(folder).secret(), range(8)))
        assert len(secrets) == 1
        assert len(secrets.pop()) == 32
        assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [path.name for path in folder.iterdir()] == ["secret.key"]

    def test_a_damaged_secret_is_not_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "secret.key").write_bytes(b"short")
        with pytest.raises(Unreadable, match="backup"):
            Workspace(tmp_path).secret()

    def test_its_database_opens(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path / "a folder with spaces & ümlaut %").make()
        with open_store(workspace.url, workspace.secret()) as store, store.begin() as tx:
            tx.suppressions.add("a@example.com", "test", NOW)
        assert workspace.database.exists()

    def test_a_token_is_kept_for_its_owner_only(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path)
        assert workspace.token() is None
        workspace.write_token("mw_old")
        workspace.write_token("mw_new")
        assert workspace.token() == "mw_new"
        assert stat.S_IMODE(workspace.token_file.stat().st_mode) == 0o600

    def test_one_writer_at_a_time(self, tmp_path: Path) -> None:
        workspace = Workspace(tmp_path)
        other = Workspace(tmp_path).lock(timeout_s=0.1)
        with workspace.lock(), pytest.raises(WorkspaceBusy), other:
            pass
        with workspace.lock(timeout_s=0.1):
            assert workspace.lock_file.exists()
