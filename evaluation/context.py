"""What is known of a mail besides the mail itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from contracts.brief import Brief, Sender
from contracts.case import Case
from contracts.mail import Module
from contracts.verdict import Severity, Suppression
from contracts.voice import AddressWords, Voice
from evaluation.attachments.clamav import Scanner
from evaluation.fitness.people import RecipientFacts
from evaluation.support import ClientData

__all__ = ["Evidence", "ScreeningContext"]


class Evidence(Protocol):
    """Cases as they were when they were cited."""

    def case(self, case_id: str, text_hash: str) -> Case | None:
        """That version of the case, with its present right of use; None where there is none."""


@dataclass(frozen=True, slots=True)
class ScreeningContext:
    """`jurisdictions` are pack codes or countries. Inside a campaign, records decide what a
    lone file cannot show; `consent_judged` says that contacts were judged one by one."""

    jurisdictions: tuple[str, ...] = ()
    language: str = ""
    sender: Sender | None = None
    brief: Brief | None = None
    modules: tuple[Module, ...] = ()
    evidence: Evidence | None = None
    in_campaign: bool = False
    consent_judged: bool = False
    now: datetime = field(kw_only=True)
    merge_fields: tuple[str, ...] = ()  # names of [[fields]] that a worker will fill
    voice: Voice | None = None  # how the organisation wants to sound
    address: AddressWords | None = None  # how the language's forms of address are recognised
    say: str = ""  # language in which findings are worded; "" English
    each_sentence: bool = True  # look for sentences in another language, which takes longest
    first_contact: bool | None = None  # whether the mail is the first to its recipients
    registers: Mapping[str, date] = field(default_factory=dict)  # lists asked, and when
    client_data: ClientData | None = None  # what mail programs support
    recipients: RecipientFacts | None = None  # how far their addresses are confirmed
    severities: Mapping[str, Severity] = field(default_factory=dict)  # the organisation's own
    suppressions: tuple[Suppression, ...] = ()
    scanner: Scanner | None = None  # looks for viruses in attachments

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now needs a zone")
