"""Users, found by the hash of their token."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from contracts.decision import User
from storage.database import upsert
from storage.documents import ROLES
from storage.errors import AlreadyTaken, UnknownRecord
from storage.tables import users

__all__ = ["Users"]


class Users:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, user: User, token_hash: str) -> None:
        """Add or replace a user; an empty `token_hash` is a user who cannot sign in.

        Raises:
            AlreadyTaken: another user has that token.
        """
        self._free(user.id, token_hash)
        upsert(
            self._connection,
            users,
            {
                "id": user.id,
                "name": user.name,
                "roles": ROLES.dump(user.roles),
                "active": user.active,
                "token_hash": token_hash or None,
            },
        )

    def by_token_hash(self, token_hash: str) -> User | None:
        """The active user with that token; None for nobody or somebody inactive."""
        query = select(users).where(users.c.token_hash == token_hash, users.c.active.is_(True))
        row = self._connection.execute(query).first()
        return None if row is None else _user(row)

    def get(self, user_id: str) -> User | None:
        row = self._connection.execute(select(users).where(users.c.id == user_id)).first()
        return None if row is None else _user(row)

    def all(self) -> list[User]:
        """Every user, inactive ones too, ordered by id."""
        rows = self._connection.execute(select(users))
        return sorted((_user(row) for row in rows), key=lambda user: user.id)

    def set_token(self, user_id: str, token_hash: str) -> None:
        """Replace the user's token; the one before stops working.

        Raises:
            UnknownRecord: there is no such user.
            AlreadyTaken: another user has that token.
        """
        self._free(user_id, token_hash)
        change = users.update().where(users.c.id == user_id).values(token_hash=token_hash or None)
        if not self._connection.execute(change).rowcount:
            raise UnknownRecord(f"there is no user {user_id}; list the users")

    def _free(self, user_id: str, token_hash: str) -> None:
        query = select(users.c.id).where(users.c.token_hash == token_hash, users.c.id != user_id)
        if self._connection.scalar(query) is not None:
            raise AlreadyTaken("that token belongs to another user; make a new one")


def _user(row: Row[Any]) -> User:
    return User(id=row.id, name=row.name, roles=ROLES.load(row.roles), active=row.active)
