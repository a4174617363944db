"""The error family of Mailwright.

MailwrightError
├── BadInput          what was given cannot be used; nothing was written (exit 2)
│   └── NotAllowed    the person who asks may not do this (exit 2)
├── Blocked           the work was done and found what blocks (exit 1)
└── CouldNotFinish    the work began and could not end; what to do is said (exit 3)

Every room has its own subclasses. A message says in one line what is wrong and
what to do next, and holds neither addresses nor bodies of mails.
"""

from __future__ import annotations

__all__ = ["BadInput", "Blocked", "CouldNotFinish", "MailwrightError", "NotAllowed"]


class MailwrightError(Exception):
    """Something Mailwright was asked for did not happen."""

    exit_code = 3

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])


class BadInput(MailwrightError, ValueError):
    """What was given cannot be used."""

    exit_code = 2


class NotAllowed(BadInput):
    """The person who asks may not do this."""


class Blocked(MailwrightError):
    """The work found something that blocks."""

    exit_code = 1


class CouldNotFinish(MailwrightError):
    """The work began and could not end."""

    exit_code = 3
