"""Contacts: one for each mailbox, and what an import may not undo."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from contracts.audience import ConsentKind, Contact, ContactStatus
from contracts.delivery import EnvelopeState, MergeValues
from storage.addresses import normal_address
from storage.database import upsert
from storage.documents import CONTACT, MERGE
from storage.errors import AlreadyTaken
from storage.records import OUTCOME_UNKNOWN, DropReason, PutResult
from storage.tables import contacts, envelopes

__all__ = ["Contacts"]


class Contacts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, contact: Contact, *, fresh_consent: bool = False) -> PutResult:
        """Add the contact, or replace the one with its id, but for what must last:

        - who unsubscribed stays unsubscribed, whatever is put;
        - an address found undeliverable stays so, unless it is another address now;
        - a refusal on record stays, unless `fresh_consent` says that the person has agreed
          since (which also lets an undeliverable address be tried again).

        Raises:
            AlreadyTaken: another contact has this address.
        """
        key = normal_address(contact.email)
        owner = self._connection.scalar(select(contacts.c.id).where(contacts.c.email_key == key))
        if owner is not None and owner != contact.id:
            raise AlreadyTaken(
                f"contact {contact.id} has the address of contact {owner}; put it in under that id"
            )
        before = self._locked(contact.id)
        if before is not None:
            contact = _merged(before, contact, fresh_consent=fresh_consent)
            if contact == before:
                return PutResult.UNCHANGED
        upsert(
            self._connection,
            contacts,
            {
                "id": contact.id,
                "email_key": key,
                "status": contact.status.value,
                "body": CONTACT.dump(contact),
            },
        )
        return PutResult.ADDED if before is None else PutResult.REPLACED

    def get(self, contact_id: str) -> Contact | None:
        body = self._connection.scalar(select(contacts.c.body).where(contacts.c.id == contact_id))
        return None if body is None else CONTACT.load(body)

    def by_email(self, email: str) -> Contact | None:
        """The contact of a mailbox, however the address is written."""
        query = select(contacts.c.body).where(contacts.c.email_key == normal_address(email))
        body = self._connection.scalar(query)
        return None if body is None else CONTACT.load(body)

    def all(self) -> list[Contact]:
        """Every contact of any status, ordered by id."""
        bodies = self._connection.scalars(select(contacts.c.body).order_by(contacts.c.id))
        return [CONTACT.load(body) for body in bodies]

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(contacts)) or 0

    def erase(self, contact_id: str) -> bool:
        """Forget the person: the record, and what envelopes hold of it.

        Envelopes, events and the audit keep the contact's random id, so that counts and the
        chain stay whole. A suppression stays too (it is a keyed hash): to forget it would
        let the next import write to the person again.

        Returns:
            False where there is no such contact.
        """
        own = envelopes.c.contact_id == contact_id
        waiting = envelopes.c.state.in_((EnvelopeState.DUE.value, EnvelopeState.HELD.value))
        known = ~envelopes.c.reason.startswith(OUTCOME_UNKNOWN, autoescape=True)
        self._connection.execute(
            update(envelopes)
            .where(own, waiting, known)
            .values(state=EnvelopeState.DROPPED.value, reason=DropReason.CONTACT_GONE.value)
        )
        self._connection.execute(
            update(envelopes).where(own).values(address="", merge=MERGE.dump(MergeValues()))
        )
        gone = self._connection.execute(contacts.delete().where(contacts.c.id == contact_id))
        return gone.rowcount > 0

    def _locked(self, contact_id: str) -> Contact | None:
        query = select(contacts.c.body).where(contacts.c.id == contact_id).with_for_update()
        body = self._connection.scalar(query)
        return None if body is None else CONTACT.load(body)


def _merged(before: Contact, new: Contact, *, fresh_consent: bool) -> Contact:
    same_mailbox = normal_address(before.email) == normal_address(new.email)
    keep_status = before.status is ContactStatus.UNSUBSCRIBED or (
        before.status is ContactStatus.UNDELIVERABLE
        and new.status is ContactStatus.ACTIVE
        and same_mailbox
        and not fresh_consent
    )
    keep_consent = before.consent.kind is ConsentKind.REFUSED and not fresh_consent
    return replace(
        new,
        status=before.status if keep_status else new.status,
        consent=before.consent if keep_consent else new.consent,
    )
