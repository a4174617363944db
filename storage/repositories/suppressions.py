"""Whom not to write to, kept as keyed hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from storage.addresses import AddressKeys
from storage.database import insert_missing
from storage.tables import suppressions

__all__ = ["Suppressions"]

_UNSTATED = "suppressed"


class Suppressions:
    """Addresses and domains. What was added first stays: its reason and its time."""

    def __init__(self, connection: Connection, keys: AddressKeys) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, address: str, reason: str, at: datetime) -> None:
        """Never write to this address again; safe to call again.

        Raises:
            UnusableAddress: it has no name or no domain.
        """
        self._add(self._keys.address(address), "address", reason, at)

    def add_domain(self, domain: str, reason: str, at: datetime) -> None:
        """Never write to this domain or to one below it; safe to call again.

        Raises:
            UnusableAddress: it is not a domain of two labels or more.
        """
        self._add(self._keys.domain(domain), "domain", reason, at)

    def reason_for(self, address: str) -> str | None:
        """Why the address must not be written to (the address before its domain), or None."""
        keys = self._keys.of(address)
        query = select(suppressions.c.key, suppressions.c.reason)
        rows = self._connection.execute(query.where(suppressions.c.key.in_(keys)))
        found = {row.key: str(row.reason) for row in rows}
        return next((found[key] for key in keys if key in found), None)

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(suppressions)) or 0

    def _add(self, key: str, scope: str, reason: str, at: datetime) -> None:
        # Never an empty reason: callers tell "suppressed" from "not" by it.
        row = {"key": key, "scope": scope, "reason": reason or _UNSTATED, "at": at}
        insert_missing(self._connection, suppressions, [row])
