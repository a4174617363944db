"""Contacts out of a file: who is in it, what was mended, who was refused and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from contracts.audience import (
    Consent,
    ConsentKind,
    Contact,
    ContactStatus,
    ImportReport,
    RowOutcome,
    RowReport,
)
from personalize.audience.addresses import mailbox
from personalize.audience.errors import BadContacts
from personalize.audience.names import is_han
from personalize.audience.records import Record, Terms, read_record
from personalize.audience.table import Table, read_table
from personalize.audience.values import fields_by_name, required_fields, squeeze

__all__ = ["ContactReading", "read_contacts"]

_STRENGTH = (  # a later kind proves more than an earlier one
    ConsentKind.NONE,
    ConsentKind.CUSTOMER,
    ConsentKind.EXPRESS,
    ConsentKind.DOUBLE_OPT_IN,
)


@dataclass(frozen=True, slots=True)
class ContactReading:
    """What a file says. Nothing is stored: the caller does that, or does not."""

    contacts: tuple[Contact, ...]  # in the order of their rows; ids of known contacts kept
    report: ImportReport  # one entry for each row that is not empty, in order


def read_contacts(
    path: Path,
    known: Callable[[str], Contact | None],
    new_id: Callable[[], str],
    taxonomy: Terms,
) -> ContactReading:
    """The contacts of a CSV file or JSON lines.

    Of several rows with one address (in any case) the first good one is taken, the others
    are refused with its number; so is a row whose address differs by a +tag only and whose
    person is the same. A row that says unsubscribed wins over all others of its person,
    wherever it stands, and nothing brings an unsubscribed known contact back. A known
    contact keeps its id and what the file leaves empty; its consent is replaced by a
    refusal or by one that proves at least as much, never by less.

    Args:
        path: see `read_table` for encodings, delimiters and limits.
        known: the contact on record for an address, None if there is none. Asked with the
            address as read and then in lower case; a lookup that ignores case is best.
        new_id: a new random id with each call; called once for each new contact.
        taxonomy: finds industries and roles by their names.

    Raises:
        BadContacts: no table can be read, or it has no column of addresses. Bad rows raise
            nothing; they are in the report.
    """
    names = fields_by_name()
    table = read_table(path, lambda cell: squeeze(cell) in names)
    columns, unknown = _columns(table)
    records = [read_record(row, columns, taxonomy) for row in table.rows]
    refused = _duplicates(records)
    contacts: list[Contact] = []
    rows: list[RowReport] = []
    for record in records:
        reasons = (*record.refused, *refused.get(record.row, ()))
        if record.contact is None or reasons:
            rows.append(RowReport(record.row, RowOutcome.REFUSED, reasons))
            continue
        before = known(record.contact.email) or known(record.contact.email.lower())
        contact = _merged(before, record) if before else replace(record.contact, id=new_id())
        contacts.append(contact)
        outcome = RowOutcome.MENDED if record.mends else RowOutcome.TAKEN
        rows.append(RowReport(record.row, outcome, (*record.mends, *record.notes)))
    report = ImportReport(tuple(rows), table.encoding, table.delimiter, unknown)
    return ContactReading(tuple(contacts), report)


def _columns(table: Table) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """Field -> place, and the columns that are read as nothing."""
    names = fields_by_name()
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for at, cell in enumerate(table.header):
        name = names.get(squeeze(cell), "")
        if name and name not in columns:
            columns[name] = at
        elif cell:
            # A second column of one kind is not read: which of the two holds is not ours to say.
            unknown.append(cell)
    for name, examples in required_fields().items():
        if name not in columns:
            # A file without a header row has an address there; it is not repeated.
            seen = ", ".join(f'"{c[:40]}"' for c in table.header[:20] if c and "@" not in c)
            expected = ", ".join(f'"{example}"' for example in examples)
            raise BadContacts(
                f"no column of {name} addresses; columns seen: {seen or 'none'}; "
                f"name one {expected} in the first row"
            )
    return columns, tuple(unknown)


# --- the same person in several rows ---------------------------------------------------------


def _duplicates(records: Iterable[Record]) -> Mapping[int, tuple[str, ...]]:
    """Row -> why it is refused, for all rows but one of each person."""
    by_mailbox: dict[str, list[Record]] = {}
    for record in records:
        if record.contact is not None:
            by_mailbox.setdefault(mailbox(record.contact.email), []).append(record)
    refused: dict[int, tuple[str, ...]] = {}
    for same_mailbox in by_mailbox.values():
        for group in _persons(same_mailbox):
            if len(group) == 1:
                continue
            kept = next((r for r in group if _is_unsubscribed(r)), group[0])
            also = ", which is unsubscribed" if _is_unsubscribed(kept) else ""
            for record in group:
                if record is not kept:
                    tagged = _email(record) != _email(kept)
                    what = "same mailbox and person as" if tagged else "same address as"
                    refused[record.row] = (f"{what} row {kept.row}{also}",)
    return refused


def _persons(records: list[Record]) -> list[list[Record]]:
    """Rows of one mailbox, apart from its +tags, by person: those with one address or one
    name. A name in Han characters cannot be compared with one in letters, so it counts as
    the name that the address itself spells ("wang.jianguo@" for 建国 王)."""
    if len(records) == 1:
        return [records]
    spelled = any(_is_spelled(_contact(record)) for record in records)
    leader = list(range(len(records)))  # place of a row that belongs together with this one
    holder: dict[tuple[str, ...], int] = {}

    def group_of(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for at, record in enumerate(records):
        contact = _contact(record)
        keys: list[tuple[str, ...]] = [("address", _email(record))]
        if name := _name(contact):
            keys.append(("name", *name))
        if spelled and (is_han(contact.last_name) or _is_spelled(contact)):
            keys.append(("spelled", ""))
        for key in keys:
            leader[group_of(at)] = group_of(holder.setdefault(key, at))
    groups: dict[int, list[Record]] = {}
    for at, record in enumerate(records):
        groups.setdefault(group_of(at), []).append(record)
    return list(groups.values())


def _is_spelled(contact: Contact) -> bool:
    """Whether the address consists of the contact's name in letters."""
    local = _letters(mailbox(contact.email).partition("@")[0])
    first, last = _letters(contact.first_name), _letters(contact.last_name)
    return bool(first and last) and local in (first + last, last + first)


def _name(contact: Contact) -> tuple[str, ...]:
    return tuple(sorted(f"{contact.first_name} {contact.last_name}".casefold().split()))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalpha())


def _contact(record: Record) -> Contact:
    assert record.contact is not None
    return record.contact


def _email(record: Record) -> str:
    return _contact(record).email.casefold()


def _is_unsubscribed(record: Record) -> bool:
    return _contact(record).status is ContactStatus.UNSUBSCRIBED


# --- a contact that is on record already -----------------------------------------------------


def _merged(before: Contact, record: Record) -> Contact:
    new = _contact(record)
    texts = {
        name: getattr(new, name) or getattr(before, name)
        for name in (
            "first_name",
            "last_name",
            "title",
            "company",
            "job_title",
            "role",
            "industry",
            "country",
            "source",
        )
    }
    # What they said themselves is not replaced by what their country suggests.
    if new.language and (record.own_language or not _is_own(before)):
        texts["language"], texts["language_reason"] = new.language, new.language_reason
    return replace(
        before,
        **texts,
        salutation=new.salutation if new.salutation != "unknown" else before.salutation,
        consent=_stronger(before, new),
        status=before.status if new.status is ContactStatus.ACTIVE else _worse(before, new),
    )


def _is_own(contact: Contact) -> bool:
    return contact.language_reason.startswith("own field")


def _worse(before: Contact, new: Contact) -> ContactStatus:
    if ContactStatus.UNSUBSCRIBED in (before.status, new.status):
        return ContactStatus.UNSUBSCRIBED
    return new.status


def _stronger(before: Contact, new: Contact) -> Consent:
    for contact in (new, before):
        if (
            contact.status is ContactStatus.UNSUBSCRIBED
            or contact.consent.kind is ConsentKind.REFUSED
        ):
            said = contact.consent
            return said if said.kind is ConsentKind.REFUSED else Consent(ConsentKind.REFUSED)
    if new.consent.kind is ConsentKind.NONE:
        return before.consent
    stronger = _STRENGTH.index(new.consent.kind) - _STRENGTH.index(before.consent.kind)
    if stronger < 0:
        return before.consent
    if stronger == 0 and not _proves_more(new.consent, before.consent):
        return before.consent
    return new.consent


def _proves_more(new: Consent, before: Consent) -> bool:
    """Of two consents of one kind: the one with more on record, then the later."""

    def record(consent: Consent) -> tuple[int, str]:
        kept = bool(consent.at) + bool(consent.source or consent.wording)
        return kept, consent.at.isoformat() if consent.at else ""

    return record(new) > record(before)
