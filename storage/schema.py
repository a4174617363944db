"""Whether the tables are those of this release, and how they become so."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, Table, Text, inspect, select, text
from sqlalchemy.engine import Connection

from storage.migrations import HEAD, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["alembic_config", "behind", "revision", "upgrade"]

_VERSION = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))
_LOCK = 0x4D_57_4D_49_47  # "MWMIG": one migration at a time on PostgreSQL


def revision(connection: Connection) -> str | None:
    """The newest step that was taken; None where there are no tables yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(_VERSION.c.version_num))
    return found


def behind(connection: Connection) -> bool:
    """Whether the tables lack a step of this release. Steps are numbered with four digits."""
    found = revision(connection)
    return found is None or found < HEAD


def alembic_config(connection: Connection, scripts: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> bool:
    """Take the steps that are missing, inside the open write transaction.

    A database with a later step than this release knows is left as it is: steps only add,
    so that a release and the one before it may run beside each other.

    Returns:
        Whether anything was done.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if not behind(connection):
        return False
    from alembic import command

    with as_file(files("storage.migrations")) as folder:
        command.upgrade(alembic_config(connection, str(folder)), "head")
    return True
