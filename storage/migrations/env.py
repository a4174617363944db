"""Alembic's way in. The connection comes from `storage.schema`, never from a file."""

from __future__ import annotations

from alembic import context

from storage.migrations import VERSION_TABLE
from storage.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    # SQLite cannot alter a column in place; Alembic copies the table instead.
    render_as_batch=connection.dialect.name == "sqlite",
)
# No transaction of its own: `storage.schema` holds one around all the steps.
context.run_migrations()
