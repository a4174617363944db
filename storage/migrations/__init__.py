"""The steps from an empty database to the tables of this release.

A step may only add: the release before must go on working beside it. `HEAD` names the
newest step, so that opening a database that is up to date needs no Alembic.
"""

from __future__ import annotations

__all__ = ["HEAD", "VERSION_TABLE"]

HEAD = "0005"
VERSION_TABLE = "mailwright_version"
