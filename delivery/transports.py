"""What takes a composed mail, and what it can say about the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contracts.delivery import Envelope

__all__ = ["Fault", "Handover", "HandoverStatus", "Transport"]


class HandoverStatus(StrEnum):
    TAKEN = "taken"  # the next station answers for it now
    DEFERRED = "deferred"  # certainly not taken; may be tried again
    REFUSED = "refused"  # certainly not taken, and will not be
    UNKNOWN = "unknown"  # begun and not answered: it may have been taken


class Fault(StrEnum):
    """Whose matter a refusal is: only the recipient's may cost the recipient the mail."""

    NONE = "none"
    RECIPIENT = "recipient"
    SENDER = "sender"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Handover:
    status: HandoverStatus
    reason: str = ""  # reply and enhanced code ("550 5.1.1 at RCPT"), never the server's words
    fault: Fault = Fault.NONE


class Transport(Protocol):
    @property
    def mark(self) -> str:
        """Tells this transport from others: only the one that was given a mail can say
        whether it took it. A few letters, digits and dashes; the same in every process."""

    @property
    def leaves_the_house(self) -> bool:
        """Whether mail goes to its recipients, who then need a link that is answered."""

    def deliver(self, envelope: Envelope, raw: bytes, sender: str, recipient: str) -> Handover:
        """Hands one message over, once.

        Raises:
            TransportUnusable: nothing was handed over and settings must change first.
        """

    def was_taken(self, envelope: Envelope) -> bool | None:
        """Whether an earlier handover succeeded; None where this transport cannot know."""

    def close(self) -> None:
        """Gives back what is held open; may be used again after."""
