"""What the HTTP service asks: who a token speaks of, and to stop writing to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.audience import ContactStatus
from contracts.delivery import Event, EventKind
from workflow.house import House

__all__ = ["Ticket", "Unsubscribing"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a valid token stands for, as far as a page may show it."""

    language: str


class Unsubscribing:
    """Answers the unsubscribe links of one workspace."""

    def __init__(self, house: House) -> None:
        self._house = house

    def check(self, token: str) -> Ticket | None:
        """What the token stands for; None for a wrong one. Changes nothing."""
        ticket = self._house.unsubscriber.read(token)
        if ticket is None:
            return None
        with self._house.store.read() as tx:
            contact = tx.contacts.get(ticket.contact_id)
        return Ticket(contact.language if contact else "")

    def unsubscribe(self, token: str) -> bool:
        """Stop all mail to the token's contact; on record when this returns. Again is no
        error. False: the token is wrong. A contact who was erased meanwhile gets no mail
        anyway, and the answer is True."""
        ticket = self._house.unsubscriber.read(token)
        if ticket is None:
            return False
        now = self._house.clock()
        with self._house.store.begin() as tx:
            contact = tx.contacts.get(ticket.contact_id)
            if contact is None or contact.status is ContactStatus.UNSUBSCRIBED:
                return True
            tx.suppressions.add(contact.email, "unsubscribed", now)
            tx.contacts.put(replace(contact, status=ContactStatus.UNSUBSCRIBED))
            tx.envelopes.drop_for_contact(contact.id, "unsubscribed")
            tx.events.add(Event(EventKind.UNSUBSCRIBED, contact.id, now, ticket.campaign))
            tx.audit.append(
                "system",
                "contact.unsubscribed",
                contact.id,
                {"campaign": ticket.campaign},
                now,
            )
        return True
