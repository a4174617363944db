"""Who may do what, and that nobody decides on his own work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from contracts.decision import Role, User
from review.errors import OwnWork, RoleMissing, UnknownAction

__all__ = ["RoleTable", "allowed", "require", "require_decider", "role_table"]


class RoleTable(BaseModel):
    """`data/roles.yaml`: each action with the roles that may do it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str = Field(min_length=1)
    actions: Mapping[str, frozenset[Role]]


@cache
def role_table() -> RoleTable:
    text = files("review").joinpath("data/roles.yaml").read_text(encoding="utf-8")
    return RoleTable.model_validate(yaml.safe_load(text))


def allowed(user: User, action: str) -> bool:
    """Whether one of the user's roles may do this; never for a user who is not active.

    Raises:
        UnknownAction: the table has no such action, so that a misspelt one is not a "no".
    """
    roles = role_table().actions.get(action)
    if roles is None:
        raise UnknownAction(
            f"there is no action {action!r}; see review/data/roles.yaml for those there are"
        )
    return user.active and not roles.isdisjoint(user.roles)


def require(user: User, action: str) -> None:
    """Nothing, where the user may do this.

    Raises:
        RoleMissing: no role of the user may, or the user is not active.
        UnknownAction: see `allowed`.
    """
    if allowed(user, action):
        return
    if not user.active:
        raise RoleMissing("this user is not active any more; ask an operator")
    roles = " or ".join(sorted(role_table().actions[action]))
    raise RoleMissing(
        f"{action.replace('_', ' ')} needs the role {roles}; ask an operator for it "
        "or a colleague who has it"
    )


def require_decider(user: User, authors: Collection[str], action: str = "approve") -> None:
    """Nothing, where the user may decide on what these authors made.

    Having the reviewer's role besides the author's does not help: invariant 5 is about
    persons, not about roles.

    Raises:
        RoleMissing: the user is no reviewer.
        OwnWork: the user is one of the authors.
    """
    require(user, action)
    if user.id in authors:
        raise OwnWork
