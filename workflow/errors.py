"""What can go wrong where the rooms are joined.

MailwrightError
├── BadInput
│   ├── NoWorkspaceYet     a command needs records that nothing has written yet
│   ├── UnusableWorkspace  the workspace is no folder that may be written
│   ├── UnknownCampaign    no campaign of that name was drafted
│   ├── NotSignedIn        nobody is known by the token
│   ├── LabelsDoNotFit     labelled passages are not of the cases given
│   └── NobodyRemains      every contact of a campaign is left out
├── Blocked
│   └── ChangedSince       what was submitted is not what stands there now
└── CouldNotFinish
    ├── IndexEmpty         there are cases, and the index holds none of them
    └── TablesBehind       the database lacks the tables of this release
"""

from __future__ import annotations

from contracts.errors import BadInput, Blocked, CouldNotFinish

__all__ = [
    "ChangedSince",
    "IndexEmpty",
    "LabelsDoNotFit",
    "NoWorkspaceYet",
    "NobodyRemains",
    "NotSignedIn",
    "TablesBehind",
    "UnknownCampaign",
    "UnusableWorkspace",
]


class NoWorkspaceYet(BadInput):
    """There is no workspace; `mailwright users add` begins one."""


class UnusableWorkspace(BadInput):
    """The workspace cannot be used; give another folder with --workspace."""


class UnknownCampaign(BadInput):
    """There is no campaign of that name: run `mailwright campaign draft BRIEF` first."""


class NotSignedIn(BadInput):
    """Nobody is known by this token: set MAILWRIGHT_TOKEN, or ask an operator for one
    (`mailwright users token`)."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or "nobody is known by this token: set MAILWRIGHT_TOKEN or write it to the "
            "workspace's token file (`mailwright users add` makes one)"
        )


class LabelsDoNotFit(BadInput):
    """The labelled passages are not of these cases; give those that they were made of."""


class NobodyRemains(BadInput):
    """Every contact is left out; the message counts the reasons."""


class ChangedSince(Blocked):
    """The draft changed after it was submitted: submit it again."""

    def __init__(self) -> None:
        super().__init__(
            "the draft changed after it was submitted: submit it again and review that"
        )


class IndexEmpty(CouldNotFinish):
    """There are cases on record but none in the index; run `mailwright kb check --rebuild`."""


class TablesBehind(CouldNotFinish):
    """The database lacks the tables of this release; run `mailwright migrate`."""
