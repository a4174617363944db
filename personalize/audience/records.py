"""One row of a list as a contact: every cell cleaned, read, and what was done said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from contracts.audience import Consent, ConsentKind, Contact, ContactStatus, Salutation
from language.countries import country_code, language_code
from personalize.audience.addresses import Address, is_role_account, read_address
from personalize.audience.cells import clean, cut, formula, is_shouted, unlike_a_name
from personalize.audience.language import decide_language
from personalize.audience.names import academic_title, calm, calm_name, is_han, split_name
from personalize.audience.table import Row
from personalize.audience.values import (
    is_placeholder,
    read_consent,
    read_date,
    read_flag,
    read_salutation,
    read_status,
)

__all__ = ["Record", "Terms", "read_record"]

_LIMITS: Mapping[str, int] = {  # characters; longer names are refused, other texts are cut
    "first_name": 80,
    "last_name": 80,
    "full_name": 160,
    "title": 60,
    "company": 250,
    "job_title": 200,
    "source": 200,
    "consent_source": 200,
    "consent_wording": 4000,
}
_NAMES = ("first_name", "last_name", "full_name")
_LABELS: Mapping[str, str] = {
    "first_name": "first name",
    "last_name": "last name",
    "full_name": "name",
    "job_title": "job title",
    "consent_at": "date of consent",
    "consent_source": "source of consent",
    "consent_wording": "text of consent",
    "wrote": "message",
}


class Terms(Protocol):
    """What is needed of the taxonomy."""

    def find(self, kind: Literal["industry", "role", "region", "metric"], text: str) -> str: ...

    def find_role_in(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Record:
    """A row as read. `contact` is None where `refused` says why; its id is ""."""

    row: int
    contact: Contact | None
    mends: tuple[str, ...] = ()  # values that are not as they stood
    notes: tuple[str, ...] = ()  # what was not understood; nothing was changed
    refused: tuple[str, ...] = ()
    own_language: bool = False  # the language is the contact's own statement


@dataclass(slots=True)
class _Notebook:
    mends: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_record(row: Row, columns: Mapping[str, int], terms: Terms) -> Record:
    """The contact of a row, or why it is refused.

    A row that is marked as unsubscribed is taken as soon as its address can be read: who
    said no is remembered even where the name is spoilt or the address is a function's.
    Reasons name fields, never what stands in a name or an address.

    Args:
        columns: field -> place in the row; has "email".
    """
    book = _Notebook()
    if row.short_by:
        book.notes.append(f"{row.short_by} cells missing at the end of the row")
    if row.long_by:
        book.refused.append("more cells than columns: put a text with the delimiter in quotes")
    raw = {name: row.cells[at] for name, at in columns.items()}
    address = read_address(raw.pop("email"))
    texts = {name: _text(name, cell, book) for name, cell in raw.items()}
    status, consent = _standing(texts, book)
    unsubscribed = status is ContactStatus.UNSUBSCRIBED
    if unsubscribed:
        book.mends.extend(f"{reason}; left out" for reason in book.refused)
        book.refused.clear()
    contact, own = _contact(address, texts, status, consent, terms, book)
    if address.refused:
        book.refused.insert(0, address.refused)
    elif is_role_account(address.email) and not unsubscribed:
        book.refused.append("address of a function, not of a person")
    return Record(
        row.number,
        None if book.refused else contact,
        tuple(dict.fromkeys([*address.mends, *book.mends])),
        tuple(dict.fromkeys(book.notes)),
        tuple(dict.fromkeys(book.refused)),
        own,
    )


# --- cells ---------------------------------------------------------------------------------


def _text(name: str, raw: str, book: _Notebook) -> str:
    """The text of a cell, "" where it holds nothing that may be kept."""
    label = _LABELS.get(name, name)
    cell = clean(raw)
    text = cell.text
    # "keine" and "unknown" say something in these columns.
    if name not in ("consent", "status", "unsubscribed", "salutation") and is_placeholder(text):
        return ""
    limit = _LIMITS.get(name)
    if limit is None:
        return text  # looked up, not kept: nothing that is stored was mended
    book.mends.extend(f"{label}: {what}" for what in cell.mends)
    if formula(text):
        if name in ("source", "consent_source", "consent_wording"):
            book.mends.append(f"{label} begins like a spreadsheet formula; left out")
        else:
            book.refused.append(f"{label} begins like a spreadsheet formula")
        return ""
    if text[:1] in "+-@" and name != "consent_wording":
        text = text.lstrip("+-@ ")
        book.mends.append(f"{label}: mark in front of it removed")
    if name in _NAMES and unlike_a_name(text):
        book.refused.append(f"{label} holds a link, an address or markup")
        return ""
    if len(text) > limit:
        if name in _NAMES:
            book.refused.append(f"{label} is longer than {limit} characters")
            return ""
        text = cut(text, limit)
        book.mends.append(f"{label} cut to {limit} characters")
    return text


def _quoted(text: str) -> str:
    return f'"{cut(text, 40)}"'


# --- consent and status --------------------------------------------------------------------


def _standing(texts: Mapping[str, str], book: _Notebook) -> tuple[ContactStatus, Consent]:
    """Whether they may be written to, as far as the row tells. Every "no" wins."""
    status = _status(texts.get("status", ""), book)
    kind = _consent_kind(texts.get("consent", ""), book)
    if flag := texts.get("unsubscribed", ""):
        said = read_flag(flag)
        if said is None and not is_placeholder(flag):
            book.notes.append("the mark for unsubscribed is not known; taken as unsubscribed")
            said = True
        if said:
            status = ContactStatus.UNSUBSCRIBED
    when = read_date(texts.get("consent_at", ""))
    if when.problem:
        book.mends.append(f"date of consent {when.problem}")
    if kind is ConsentKind.REFUSED or status is ContactStatus.UNSUBSCRIBED:
        # A date of consent is not the date of the refusal, unless the column says refused.
        at = when.date if kind is ConsentKind.REFUSED else None
        return ContactStatus.UNSUBSCRIBED, Consent(
            ConsentKind.REFUSED, at, texts.get("consent_source", "")
        )
    if kind is ConsentKind.NONE:
        if when.date or texts.get("consent_wording"):
            book.notes.append("a date or text of consent, but no consent: none recorded")
        return status, Consent()
    return status, Consent(
        kind, when.date, texts.get("consent_source", ""), texts.get("consent_wording", "")
    )


def _status(text: str, book: _Notebook) -> ContactStatus:
    if is_placeholder(text):
        return ContactStatus.ACTIVE
    status = read_status(text)
    if status is None:
        # It may well mean "do not write", so nobody is written to on a guess.
        book.refused.append(f"status {_quoted(text)} is not known")
        return ContactStatus.ACTIVE
    return status


def _consent_kind(text: str, book: _Notebook) -> ConsentKind:
    kind = read_consent(text)
    if kind is None and not is_placeholder(text):
        book.notes.append(f"consent {_quoted(text)} is not known: none recorded")
    return kind or ConsentKind.NONE


# --- the contact ---------------------------------------------------------------------------


def _contact(
    address: Address,
    texts: Mapping[str, str],
    status: ContactStatus,
    consent: Consent,
    terms: Terms,
    book: _Notebook,
) -> tuple[Contact, bool]:
    salutation, title = _salutation(texts, book)
    first, last = texts.get("first_name", ""), texts.get("last_name", "")
    if not first and len(last) > 1 and is_han(last):
        whole = last
    else:
        whole = "" if first or last else texts.get("full_name", "")
    if whole:
        name = split_name(whole)
        first, last = name.first, name.last
        title = title or name.title
        if salutation is Salutation.UNKNOWN:
            salutation = name.salutation
        if name.sure:
            book.notes.append("full name in one cell taken apart")
        elif not is_han(whole):
            book.notes.append("a name of one word taken as the last name")
    company, job_title = texts.get("company", ""), texts.get("job_title", "")
    first, last, company, job_title = _calmed(first, last, company, job_title, book)
    country = _country(texts.get("country", ""), book)
    stated = texts.get("language", "")
    if stated and not language_code(stated):
        book.notes.append(f"language {_quoted(stated)} is not known")
    language = decide_language(stated, texts.get("wrote", ""), country)
    return Contact(
        id="",
        email=address.email,
        first_name=first,
        last_name=last,
        salutation=salutation,
        title=title,
        company=company,
        job_title=job_title,
        role=_role(texts.get("role", ""), job_title, terms, book),
        industry=_industry(texts.get("industry", ""), terms, book),
        country=country,
        language=language.language,
        language_reason=language.reason,
        source=texts.get("source", ""),
        consent=consent,
        status=status,
    ), bool(stated and language_code(stated))


def _salutation(texts: Mapping[str, str], book: _Notebook) -> tuple[Salutation, str]:
    """The form of address, and the title; "Frau Dr." in one cell is both."""
    text, title = texts.get("salutation", ""), texts.get("title", "")
    if is_placeholder(text):
        return Salutation.UNKNOWN, title
    said = read_salutation(text)
    if said is None:
        first, _, rest = text.partition(" ")
        said = read_salutation(first)
        if said is not None and (academic := academic_title(rest)):
            return said, title or academic
        said = None
    if said is None:
        book.notes.append(f"salutation {_quoted(text)} is not known")
        return Salutation.UNKNOWN, title
    return said, title


def _calmed(
    first: str, last: str, company: str, job_title: str, book: _Notebook
) -> tuple[str, str, str, str]:
    """Out of capitals, where the person's name shows that the row was typed so."""
    names = [name for name in (first, last) if name]
    shouted = [name for name in names if is_shouted(name)]
    # "LI" alone or initials such as "JP" are no capitals by accident.
    if len(shouted) != len(names) or sum(map(len, shouted)) < 4:
        return first, last, company, job_title
    book.mends.append("name out of capitals")
    if is_shouted(company) and len(company) > 5:
        company = calm(company)
        book.mends.append("company out of capitals")
    if is_shouted(job_title) and len(job_title) > 4:
        job_title = calm(job_title)
        book.mends.append("job title out of capitals")
    return calm_name(first), calm_name(last), company, job_title


def _country(text: str, book: _Notebook) -> str:
    code = country_code(text)
    if text and not code:
        book.notes.append(f"country {_quoted(text)} is not known")
    return code


def _industry(text: str, terms: Terms, book: _Notebook) -> str:
    found = terms.find("industry", text) if text else ""
    if text and not found:
        book.notes.append(f"industry {_quoted(text)} is not in the taxonomy")
    return found


def _role(text: str, job_title: str, terms: Terms, book: _Notebook) -> str:
    if text:
        if found := terms.find("role", text) or terms.find_role_in(text):
            return found
        book.notes.append(f"role {_quoted(text)} is not in the taxonomy")
    return terms.find_role_in(job_title) if job_title else ""
