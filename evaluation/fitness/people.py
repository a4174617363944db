"""What the records tell of the people that a mail goes to, as counts: no check sees an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["ContactHistory", "RecipientFacts", "history_of"]

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """How often one contact was written to, the mail that is judged not counted. Envelopes that
    are due count as well: they will be there before it."""

    contact_id: str
    last_7_days: int
    last_30_days: int
    hours_since_last: float | None = None  # None: never written to, or not known


def history_of(contact_id: str, times: Iterable[datetime], due_at: datetime) -> ContactHistory:
    """The history of a contact as it will stand when a mail is due.

    Args:
        times: when other mails to the contact were sent or are due, in any order.
        due_at: of the mail that is judged; what comes after it does not count.
    """
    ages = [due_at - time for time in times if time <= due_at]
    return ContactHistory(
        contact_id,
        sum(age < _WEEK for age in ages),
        sum(age < _MONTH for age in ages),
        min(ages).total_seconds() / 3600 if ages else None,
    )


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """Whom a mail goes to. A contact may count in several of them."""

    total: int
    unconfirmed: int = 0  # no double opt-in on record
    role: int = 0  # info@, sales@: mailboxes that several people read
    free_mail: int = 0  # mailboxes at a public provider, not at the company
