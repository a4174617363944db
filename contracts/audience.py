"""A contact, the consent on record, and what an import did with each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = [
    "Consent",
    "ConsentKind",
    "Contact",
    "ContactStatus",
    "ImportReport",
    "LeftOut",
    "RowOutcome",
    "RowReport",
    "Salutation",
]


class ConsentKind(StrEnum):
    NONE = "none"  # nothing on record
    REFUSED = "refused"  # on record: does not want mail
    EXPRESS = "express"  # said yes, not confirmed
    DOUBLE_OPT_IN = "double_opt_in"  # said yes and confirmed from the mailbox
    CUSTOMER = "customer"  # gave the address with a purchase of similar goods


class ContactStatus(StrEnum):
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    UNDELIVERABLE = "undeliverable"


class Salutation(StrEnum):
    """As the contact's own record says; never guessed from a name."""

    MS = "ms"
    MR = "mr"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Consent:
    kind: ConsentKind = ConsentKind.NONE
    at: date | None = None
    source: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One person. `id` is random, so that it tells nothing of the address."""

    id: str
    email: str  # as written to: local part as given, domain in lower case, IDN as A-labels
    first_name: str = ""
    last_name: str = ""
    salutation: Salutation = Salutation.UNKNOWN
    title: str = ""  # "Dr.", "经理"
    company: str = ""
    job_title: str = ""
    role: str = ""  # taxonomy id, "" unknown
    industry: str = ""  # taxonomy id, "" unknown
    country: str = ""  # ISO 3166-1 alpha-2, "" unknown
    language: str = ""  # BCP 47 as the product writes it: "en", "de", "zh-Hans"; "" unknown
    language_reason: str = ""
    source: str = ""  # where the address came from
    consent: Consent = Consent()
    status: ContactStatus = ContactStatus.ACTIVE


class RowOutcome(StrEnum):
    TAKEN = "taken"
    MENDED = "mended"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    row: int  # data row, the first below the header is 1
    outcome: RowOutcome
    reasons: tuple[str, ...] = ()  # what was mended or why it was refused


@dataclass(frozen=True, slots=True)
class ImportReport:
    rows: tuple[RowReport, ...]
    encoding: str = ""
    delimiter: str = ""
    unknown_columns: tuple[str, ...] = ()

    def count(self, outcome: RowOutcome) -> int:
        return sum(1 for row in self.rows if row.outcome is outcome)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contact that a campaign does not write to, and why."""

    contact_id: str
    reason: str  # code: "no_segment", "no_consent", "no_text", "no_passage", "suppressed" …
    detail: str = ""
