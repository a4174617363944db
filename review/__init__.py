"""Review: who may decide, what was decided on, and the chain that remembers it."""

from review.audit import FIRST, ChainReport, link, read_lines, to_json_line, verify_chain
from review.difference import Change, Run, RunKind, difference, word_runs
from review.errors import (
    AddressInAudit,
    IllegalStep,
    NotComparable,
    OwnWork,
    RoleMissing,
    UnknownAction,
    UnreadableLine,
)
from review.roles import RoleTable, allowed, require, require_decider, role_table
from review.seal import seal, verify
from review.states import next_states, step
from review.tokens import new_token, token_hash

__all__ = [
    "FIRST",
    "AddressInAudit",
    "ChainReport",
    "Change",
    "IllegalStep",
    "NotComparable",
    "OwnWork",
    "RoleMissing",
    "RoleTable",
    "Run",
    "RunKind",
    "UnknownAction",
    "UnreadableLine",
    "allowed",
    "difference",
    "link",
    "new_token",
    "next_states",
    "read_lines",
    "require",
    "require_decider",
    "role_table",
    "seal",
    "step",
    "to_json_line",
    "token_hash",
    "verify",
    "verify_chain",
    "word_runs",
]
