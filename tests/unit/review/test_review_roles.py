"""Who may do what; the author is not the approver; the way of a draft."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise, product

import pytest

from contracts.decision import DraftState, Role, User
from contracts.errors import NotAllowed
from review import (
    IllegalStep,
    OwnWork,
    RoleMissing,
    UnknownAction,
    allowed,
    next_states,
    require,
    require_decider,
    role_table,
    step,
)


def user(*roles: Role, name: str = "u_anna", active: bool = True) -> User:
    return User(name, "Anna", frozenset(roles), active)


class TestRoles:
    @pytest.mark.parametrize(
        "action, who",
        [
            ("draft", {Role.MARKETER}),
            ("submit", {Role.MARKETER}),
            ("approve", {Role.REVIEWER}),
            ("reject", {Role.REVIEWER}),
            ("manage_users", {Role.OPERATOR}),
            ("release_queue", {Role.OPERATOR}),
            ("resolve_queue", {Role.OPERATOR}),
            ("hold_queue", set(Role)),
            ("withdraw_case", set(Role)),
            ("restore_case", {Role.MARKETER, Role.OPERATOR}),
        ],
    )
    def test_each_action_belongs_to_its_roles(self, action: str, who: set[Role]) -> None:
        assert {role for role in Role if allowed(user(role), action)} == who

    def test_every_action_can_be_done_by_somebody_and_by_nobody_without_a_role(self) -> None:
        for action in role_table().actions:
            assert allowed(user(*Role), action)
            assert not allowed(user(), action)
            assert not allowed(user(*Role, active=False), action)

    def test_a_misspelt_action_is_an_error_and_no_refusal(self) -> None:
        with pytest.raises(UnknownAction, match="aprove"):
            allowed(user(*Role), "aprove")

    def test_a_refusal_says_which_role_it_takes(self) -> None:
        require(user(Role.REVIEWER), "approve")
        with pytest.raises(RoleMissing, match="reviewer"):
            require(user(Role.MARKETER), "approve")
        with pytest.raises(RoleMissing, match="not active"):
            require(user(Role.REVIEWER, active=False), "approve")

    def test_the_table_says_where_it_comes_from_and_refuses_unknown_keys(self) -> None:
        table = role_table()
        assert table.version
        assert table.source
        with pytest.raises(ValueError, match="extra"):
            type(table).model_validate({**table.model_dump(), "acions": {}})
        with pytest.raises(ValueError, match="boss"):
            type(table).model_validate({**table.model_dump(), "actions": {"draft": ["boss"]}})


class TestDecider:
    def test_a_reviewer_who_had_no_hand_in_it_decides(self) -> None:
        require_decider(user(Role.REVIEWER), {"u_bert"})
        require_decider(user(Role.REVIEWER), frozenset(), "reject")

    @pytest.mark.parametrize("action", ["approve", "reject"])
    def test_an_author_does_not_with_any_roles(self, action: str) -> None:
        with pytest.raises(OwnWork) as caught:
            require_decider(user(*Role), {"u_bert", "u_anna"}, action)
        assert isinstance(caught.value, NotAllowed)
        assert "another reviewer" in str(caught.value)

    def test_nobody_else_does(self) -> None:
        with pytest.raises(RoleMissing):
            require_decider(user(Role.MARKETER, Role.OPERATOR), set())
        with pytest.raises(RoleMissing):
            require_decider(user(Role.REVIEWER, active=False), set())


class TestStates:
    def test_the_usual_way(self) -> None:
        way = [DraftState.DRAFTED, DraftState.SUBMITTED, DraftState.APPROVED]
        assert [step(a, b) for a, b in pairwise(way)] == way[1:]

    def test_only_what_was_submitted_is_decided(self) -> None:
        for state in set(DraftState) - {DraftState.SUBMITTED}:
            assert DraftState.APPROVED not in next_states(state)

    def test_every_change_leads_back_to_drafted(self) -> None:
        assert all(DraftState.DRAFTED in next_states(state) for state in DraftState)

    @pytest.mark.parametrize("current, to", list(product(DraftState, DraftState)))
    def test_a_step_is_legal_or_says_what_to_do(self, current: DraftState, to: DraftState) -> None:
        if to in next_states(current):
            assert step(current, to) is to
        else:
            with pytest.raises(IllegalStep, match=rf"{current}.*{to}: .+"):
                step(current, to)

    def test_what_was_blocked_or_rejected_is_not_submitted_unchanged(self) -> None:
        for state in (DraftState.BLOCKED, DraftState.REJECTED):
            with pytest.raises(IllegalStep, match="change what"):
                step(state, DraftState.SUBMITTED)


def test_the_public_names_are_there_and_sorted() -> None:
    for room in ("review", "storage"):
        module = import_module(room)
        names = module.__all__
        constants = sorted(name for name in names if name.isupper())
        classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
        functions = sorted(name for name in names if name[0].islower())
        assert list(names) == constants + classes + functions
        assert all(hasattr(module, name) for name in names)
