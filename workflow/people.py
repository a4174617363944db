"""Users: who may sign in, by what token, in which roles."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from contracts.decision import Role, User
from contracts.errors import BadInput, NotAllowed
from review import new_token, require, token_hash
from workflow.house import House

__all__ = ["NewUser", "add_user", "list_users", "renew_token", "why_not"]


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class NewUser:
    user: User
    token: str  # shown once; only its hash is kept


def add_user(
    house: House, name: str, roles: Collection[Role], actor: User | None, user_id: str = ""
) -> NewUser:
    """A new user and the token that only this answer holds.

    The first user of a workspace may be added by anyone who can reach it and must be an
    operator; after that, only operators add users.

    Raises:
        NotAllowed: the actor is no operator.
        BadInput: no role, no name, or the first user is no operator.
    """
    if not roles or not name.strip():
        raise BadInput("a user needs a name and at least one role (--role marketer)")
    user_id = user_id or _id(name)
    if not _ID.fullmatch(user_id):
        raise BadInput("--id takes letters, digits and hyphens, 40 at most: choose another")
    token = new_token()
    with house.store.begin() as tx:
        first = not tx.users.all()
        if first and Role.OPERATOR not in roles:
            raise BadInput("the first user must be an operator: add --role operator")
        if not first:
            if actor is None:
                raise BadInput("an operator must be signed in to add users: set MAILWRIGHT_TOKEN")
            require(actor, "manage_users")
        if any(user.id == user_id for user in tx.users.all()):
            raise BadInput(f"there is a user «{user_id}» already: choose another --id")
        user = User(user_id, name.strip(), frozenset(roles))
        tx.users.put(user, token_hash(token))
        tx.audit.append(
            actor.id if actor else "system",
            "user.added",
            user.id,
            {"roles": " ".join(sorted(role.value for role in roles))},
            house.clock(),
        )
    return NewUser(user, token)


def list_users(house: House) -> list[User]:
    with house.store.read() as tx:
        return tx.users.all()


def renew_token(house: House, user_id: str, actor: User) -> NewUser:
    """A new token for a user; the old one ends at once. Users renew their own, operators
    anybody's.

    Raises:
        NotAllowed: somebody else's token without being an operator.
        BadInput: there is no such user.
    """
    if actor.id != user_id:
        require(actor, "manage_users")
    token = new_token()
    with house.store.begin() as tx:
        user = tx.users.get(user_id)
        if user is None:
            raise BadInput(f"there is no user «{user_id}»: see `mailwright users list`")
        tx.users.set_token(user_id, token_hash(token))
        tx.audit.append(actor.id, "user.token_renewed", user_id, {}, house.clock())
    return NewUser(user, token)


def why_not(user: User, action: str) -> str:
    """Why a user may not do this, "" where they may: for pages that show it beforehand."""
    try:
        require(user, action)
    except NotAllowed as error:
        return str(error)
    return ""


def _id(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    return slug[:40].rstrip("-") or f"user-{secrets.token_hex(4)}"
