"""The shape of law packs: one file a jurisdiction. Unknown keys, parameters that a kind of check
does not take and patterns that do not compile are refused when the file is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.audience import ConsentKind
from contracts.brief import LocalText
from contracts.verdict import Severity

__all__ = [
    "Check",
    "CheckBase",
    "ConsentRule",
    "Contact",
    "EverywherePack",
    "KindTexts",
    "LawPack",
    "LegalName",
    "MailLanguage",
    "Notice",
    "OneClick",
    "PostalAddress",
    "Pretence",
    "Record",
    "RefusalAddress",
    "Register",
    "ReplySubject",
    "Replyable",
    "SaidIn",
    "SenderName",
    "Size",
    "SubjectLabel",
    "SubjectPromise",
    "Terms",
    "Tracking",
    "UnsubscribeLink",
    "UnsubscribeTerms",
    "UrgentSubject",
    "When",
    "Wording",
]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Strict):
    """Where a check applies. What a lone mail cannot show is not taken for granted."""

    languages: tuple[str, ...] = ()  # of the mail; empty: every language
    said: str = ""  # only where the mail says this sign, and then to the letter
    unless_said: str = ""  # not where the mail says this sign: "you subscribed"
    first_contact: bool = False  # only in the first mail to a recipient


class CheckBase(_Strict):
    id: str = Field(pattern=r"^[a-z_]+(?:\.[a-z0-9_]+)+$")
    severity: Severity
    lone_severity: Severity | None = None  # for a mail whose sender's record is not at hand
    message: LocalText = Field(default_factory=dict)  # empty: that of the kind
    remedy: LocalText = Field(default_factory=dict)
    source: str
    verified: bool
    when: When = When()


class SubjectLabel(CheckBase):
    kind: Literal["subject_label"]
    labels: tuple[str, ...]  # forms that the law or its practice takes, at the very front


class Wording(CheckBase):
    kind: Literal["wording"]
    sign: str


class LegalName(CheckBase):
    kind: Literal["legal_name"]


class PostalAddress(CheckBase):
    kind: Literal["postal_address"]
    po_box_allowed: bool = True


class Contact(CheckBase):
    kind: Literal["contact"]
    any_of: tuple[Literal["email", "phone", "website"], ...] = ("email", "phone")


class Record(CheckBase):
    """An entry of the sender's record that the mail must show."""

    kind: Literal["representative", "registration", "vat"]
    home: tuple[str, ...] = ()  # senders of these countries must have the entry


class RefusalAddress(CheckBase):
    kind: Literal["refusal_address"]


class UnsubscribeLink(CheckBase):
    kind: Literal["unsubscribe_link"]


class UnsubscribeTerms(CheckBase):
    """That the mail says nothing which makes refusing dear, laborious, short-lived or slow."""

    kind: Literal["unsubscribe_terms"]
    free: bool = False
    simple: bool = False  # no login, no data beyond the address
    days_alive: int = 0  # the way out must work so long, days; 0: not asked
    days_to_act: int | None = None  # calendar days until a refusal counts, at most


class OneClick(CheckBase):
    kind: Literal["one_click"]


class ReplySubject(CheckBase):
    kind: Literal["reply_subject"]


class UrgentSubject(CheckBase):
    kind: Literal["urgent_subject"]


class Pretence(CheckBase):
    """A subject or sender that passes for something else: an invoice, an authority."""

    kind: Literal["pretence"]


class SenderName(CheckBase):
    """That the name shown as sender is one that the mail or its domain stands by."""

    kind: Literal["sender_name"]


class SubjectPromise(CheckBase):
    """That figures and "free" in the subject are borne out by the body."""

    kind: Literal["subject_promise"]


class Terms(CheckBase):
    kind: Literal["terms"]
    words: tuple[str, ...]  # regular expressions
    exceptions: tuple[str, ...] = ()  # regular expressions that take a hit back

    @model_validator(mode="after")
    def _compiles(self) -> Terms:
        for pattern in (*self.words, *self.exceptions):
            re.compile(pattern)
        return self


class Notice(CheckBase):
    """A privacy notice: these signs, said in the mail or behind a link that says so."""

    kind: Literal["notice"]
    signs: tuple[str, ...]


class MailLanguage(CheckBase):
    """That the mail is (also) in one of these languages, at least as long as in any other."""

    kind: Literal["mail_language"]
    in_languages: tuple[str, ...]
    as_prominent: bool = True


class SaidIn(CheckBase):
    """That a sign is said in each of these languages."""

    kind: Literal["said_in"]
    sign: str
    in_languages: tuple[tuple[str, ...], ...]  # each inner list: one of them


class Tracking(CheckBase):
    kind: Literal["tracking"]


class Register(CheckBase):
    """That a public register of objections was asked, which only records can show."""

    kind: Literal["register"]
    register_name: str


class Replyable(CheckBase):
    kind: Literal["replyable"]


class Size(CheckBase):
    kind: Literal["size"]
    limit_bytes: int = Field(gt=0)


Check = Annotated[
    SubjectLabel
    | Wording
    | LegalName
    | PostalAddress
    | Contact
    | Record
    | RefusalAddress
    | UnsubscribeLink
    | UnsubscribeTerms
    | OneClick
    | ReplySubject
    | UrgentSubject
    | Pretence
    | SenderName
    | SubjectPromise
    | Terms
    | Notice
    | MailLanguage
    | SaidIn
    | Tracking
    | Register
    | Replyable
    | Size,
    Field(discriminator="kind"),
]


class ConsentRule(_Strict):
    """Which consent on record lets a contact of this place be written to."""

    model: Literal["opt_in", "opt_in_soft", "opt_out"]
    sufficient: tuple[ConsentKind, ...]
    evidence: bool = False  # express consent counts only with a date and a wording or source
    # without any consent, only where the brief rests on legitimate interest
    needs_interest: bool = False
    source: str
    verified: bool

    @model_validator(mode="after")
    def _no_means_no(self) -> ConsentRule:
        if ConsentKind.REFUSED in self.sufficient:
            raise ValueError("a refusal never suffices")
        return self


class EditionRule(_Strict):
    """What an edition for this place carries; `as_in` takes that of another pack, so that both
    places get the same edition."""

    as_in: str = ""
    subject_label: LocalText = Field(default_factory=dict)
    footer: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> EditionRule:
        if bool(self.as_in) == bool(self.footer):
            raise ValueError("give either footer or as_in")
        return self


class LawPack(_Strict):
    """The law of one place as checks on a mail, consent rule and edition."""

    version: str
    source: str
    code: str  # ISO 3166-1, or 3166-2 for a part: "CA-QC"
    countries: tuple[str, ...]
    part_of: str = ""  # the pack whose checks hold here too, and whose consent rule
    consent: ConsentRule
    edition: EditionRule
    include: tuple[str, ...] = ()  # packs whose checks, but for their labels, hold here too
    not_included: tuple[str, ...] = ()  # ids of included checks that do not hold here
    checks: tuple[Check, ...] = ()


class EverywherePack(_Strict):
    version: str
    source: str
    bought_lists: tuple[str, ...]  # regular expressions over where an address came from
    bought_list_source: str
    unsubscribe_addresses: tuple[str, ...]  # regular expressions over the address of a link
    unattended_mailboxes: tuple[str, ...]  # regular expressions over a mailbox nobody reads
    checks: tuple[Check, ...]


class KindTexts(_Strict):
    """What a kind of check says, by language; `{name}` is filled in. `details` say which of
    several things is wrong."""

    message: LocalText
    remedy: LocalText
    details: Mapping[str, LocalText] = Field(default_factory=dict)
