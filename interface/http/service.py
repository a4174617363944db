"""What the HTTP service needs done. Workflow does it."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Ticket", "UnsubscribeService"]


class Ticket(Protocol):
    """What a valid token stands for, as far as a page may show it."""

    @property
    def language(self) -> str:
        """BCP 47 language of the mail that the token came with; "" unknown."""


class UnsubscribeService(Protocol):
    def check(self, token: str) -> Ticket | None:
        """What the token stands for, None for a wrong one. Changes nothing."""

    def unsubscribe(self, token: str) -> bool:
        """Stops mail to the token's contact, on record when this returns; again is no error.
        False: the token is wrong."""
