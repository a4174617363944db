"""The way of a draft from written to approved."""

from __future__ import annotations

from contracts.decision import DraftState
from review.errors import IllegalStep

__all__ = ["next_states", "step"]

_S = DraftState

_STEPS: dict[DraftState, frozenset[DraftState]] = {
    _S.DRAFTED: frozenset({_S.DRAFTED, _S.BLOCKED, _S.SUBMITTED}),
    _S.BLOCKED: frozenset({_S.BLOCKED, _S.DRAFTED}),
    # A text that changes while it waits must be submitted again.
    _S.SUBMITTED: frozenset({_S.DRAFTED, _S.BLOCKED, _S.APPROVED, _S.REJECTED}),
    # An approval may be taken back, and a new screening may find what the old rules did not.
    _S.APPROVED: frozenset({_S.DRAFTED, _S.BLOCKED, _S.REJECTED}),
    _S.REJECTED: frozenset({_S.DRAFTED, _S.BLOCKED}),
}

_ADVICE: dict[DraftState, str] = {
    _S.DRAFTED: "screen it and submit it first",
    _S.BLOCKED: "change what screening blocked and screen it again",
    _S.SUBMITTED: "it waits for a reviewer's decision",
    _S.APPROVED: "it can be queued as it is; change it and submit it again for another decision",
    _S.REJECTED: "change what the reviewer asked for and submit it again",
}


def next_states(current: DraftState) -> frozenset[DraftState]:
    """The states that a draft may go to from this one."""
    return _STEPS[current]


def step(current: DraftState, to: DraftState) -> DraftState:
    """`to`, where a draft may go there from `current`.

    Raises:
        IllegalStep: it may not; the message says what to do first.
    """
    if to not in _STEPS[current]:
        raise IllegalStep(f"a draft that is {current} cannot become {to}: {_ADVICE[current]}")
    return to
