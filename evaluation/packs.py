"""Rule packs: what the law, the spam filters and the checkers know, read from data files.

The folder holds `everywhere.yaml` and the folders `law`, `signs`, `spam`, `claims` and
`fidelity`. A country is one file in `law`, a language one file in each of the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.audience import ConsentKind
from contracts.brief import LocalText
from contracts.mail import LegalProfile
from contracts.verdict import Severity
from evaluation.errors import BadRulePack

__all__ = [
    "Check",
    "CheckKind",
    "ClaimWords",
    "ConsentRule",
    "FidelityWords",
    "LawPack",
    "RulePacks",
    "Signal",
    "Signs",
    "SpamPack",
    "load_packs",
]

STRICT = "STRICT"


class CheckKind(StrEnum):
    """The tests that a rule file may ask for; each is one function in law.py."""

    SUBJECT_LABEL = "subject_label"
    WORDING = "wording"
    LEGAL_NAME = "legal_name"
    POSTAL_ADDRESS = "postal_address"
    CONTACT = "contact"
    REPRESENTATIVE = "representative"
    REGISTRATION = "registration"
    VAT = "vat"
    REFUSAL_ADDRESS = "refusal_address"
    UNSUBSCRIBE_LINK = "unsubscribe_link"
    ONE_CLICK = "one_click"
    REPLY_SUBJECT = "reply_subject"
    URGENT_SUBJECT = "urgent_subject"
    TERMS = "terms"
    REPLYABLE = "replyable"
    SIZE = "size"


_PARAMETERS: Mapping[CheckKind, frozenset[str]] = {
    CheckKind.SUBJECT_LABEL: frozenset({"labels"}),
    CheckKind.WORDING: frozenset({"sign"}),
    CheckKind.POSTAL_ADDRESS: frozenset({"po_box_allowed"}),
    CheckKind.CONTACT: frozenset({"any_of"}),
    CheckKind.REPRESENTATIVE: frozenset({"home"}),
    CheckKind.REGISTRATION: frozenset({"home"}),
    CheckKind.VAT: frozenset({"home"}),
    CheckKind.TERMS: frozenset({"words", "exceptions"}),
    CheckKind.SIZE: frozenset({"limit_bytes"}),
}
_NEEDED: Mapping[CheckKind, str] = {
    CheckKind.SUBJECT_LABEL: "labels",
    CheckKind.WORDING: "sign",
    CheckKind.TERMS: "words",
    CheckKind.SIZE: "limit_bytes",
}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _File(_Strict):
    version: str
    source: str


class Check(_Strict):
    """One rule of a pack. Only the parameters of its kind may be given."""

    id: str
    kind: CheckKind
    severity: Severity
    lone_severity: Severity | None = None  # for a file of which nothing else is known
    message: LocalText
    remedy: LocalText
    source: str
    verified: bool
    languages: tuple[str, ...] = ()  # of the mail; empty: every language
    labels: tuple[str, ...] = ()
    sign: str = ""
    po_box_allowed: bool = True
    any_of: tuple[Literal["email", "phone", "website"], ...] = ("email", "phone")
    home: tuple[str, ...] = ()  # senders of these countries must have the entry on record
    words: tuple[str, ...] = ()  # regular expressions
    exceptions: tuple[str, ...] = ()  # regular expressions that take a hit back
    limit_bytes: int = 0

    @model_validator(mode="after")
    def _own_parameters(self) -> Check:
        every = frozenset[str]().union(*_PARAMETERS.values())
        foreign = (self.model_fields_set & every) - _PARAMETERS.get(self.kind, frozenset())
        if foreign:
            raise ValueError(f"{self.id}: {self.kind} takes no {', '.join(sorted(foreign))}")
        needed = _NEEDED.get(self.kind)
        if needed and not getattr(self, needed):
            raise ValueError(f"{self.id}: {self.kind} needs {needed}")
        for pattern in (*self.words, *self.exceptions):
            re.compile(pattern)
        return self


class ConsentRule(_Strict):
    """Which consent on record lets a contact of this place be written to."""

    model: Literal["opt_in", "opt_in_soft", "opt_out"]
    sufficient: tuple[ConsentKind, ...]
    evidence: bool = False  # express consent counts only with a date and a wording or source
    source: str
    verified: bool

    @model_validator(mode="after")
    def _no_means_no(self) -> ConsentRule:
        if ConsentKind.REFUSED in self.sufficient:
            raise ValueError("a refusal never suffices")
        return self


class _EditionRule(_Strict):
    subject_label: LocalText = Field(default_factory=dict)
    footer: tuple[str, ...]


class LawPack(_File):
    """The law of one place as checks on a mail, consent rule and edition."""

    code: str
    countries: tuple[str, ...]
    consent: ConsentRule
    edition: _EditionRule
    include: tuple[str, ...] = ()  # packs whose checks, but for their labels, hold here too
    checks: tuple[Check, ...] = ()


class _Everywhere(_File):
    bought_lists: tuple[str, ...]  # regular expressions over where an address came from
    bought_list_source: str
    unsubscribe_addresses: tuple[str, ...]  # regular expressions over the address of a link
    unattended_mailboxes: tuple[str, ...]  # regular expressions over a mailbox nobody reads
    company_suffixes: tuple[str, ...]  # without which a company is recognised all the same
    checks: tuple[Check, ...]


class Signs(_File):
    """How one language says what the law wants said. All are regular expressions."""

    language: str
    wording: Mapping[str, tuple[str, ...]]
    legal_forms: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    po_box: tuple[str, ...] = ()
    reply_prefix: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    dated_fact: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _compiles(self) -> Signs:
        for group in (*self.wording.values(), self.legal_forms, self.address, self.po_box):
            for pattern in group:
                re.compile(pattern)
        return self

    def found(self, sign: str, text: str) -> re.Match[str] | None:
        """The first place where `text` says `sign`."""
        return _first(self.wording.get(sign, ()), text)


class Signal(_Strict):
    """One sign of spam and how much it says. `weight` is a chance, 0 to 1."""

    id: str
    test: str = ""  # a structural test in spam.py; "" where `patterns` decide
    patterns: tuple[str, ...] = ()
    where: Literal["subject", "body", "both"] = "both"
    weight: float = Field(ge=0.0, lt=1.0)
    grade: Literal["strong", "moderate", "folklore"]
    deceptive: bool = False  # only deceptive structure may block
    threshold: float = 0.0  # what the structural test measures against
    message: LocalText
    remedy: LocalText
    source: str
    verified: bool

    @model_validator(mode="after")
    def _one_way(self) -> Signal:
        if bool(self.test) == bool(self.patterns):
            raise ValueError(f"{self.id}: give either test or patterns")
        if self.patterns and self.deceptive:
            raise ValueError(f"{self.id}: words alone never block")
        for pattern in self.patterns:
            re.compile(pattern)
        return self


class SpamPack(_File):
    language: str  # "" for what holds in every language
    shorteners: tuple[str, ...] = ()
    freemail: tuple[str, ...] = ()
    signals: tuple[Signal, ...]


class ClaimWords(_File):
    """How one language speaks of results. All are regular expressions."""

    language: str
    up: tuple[str, ...]
    down: tuple[str, ...]
    results: tuple[str, ...]  # verbs that state a result of somebody
    results_alone: tuple[str, ...] = ()  # verbs that carry their number in themselves
    before: tuple[str, ...]  # word that stands before the value from which it changed
    after: tuple[str, ...]  # word that stands before the value to which it changed


class FidelityWords(_File):
    """What never belongs into a finished mail, and which words may stand in any language."""

    placeholders: tuple[str, ...]
    foreign_words_allowed: tuple[str, ...] = ()
    longest_foreign_run: int = Field(ge=1)
    scripts: Mapping[str, str]  # language -> script its sentences are written in
    script_characters: Mapping[str, str]  # script -> character class


_Model = TypeVar("_Model", bound=_File)


@dataclass(frozen=True)
class RulePacks:
    """Every pack that was read. Immutable; read once and share."""

    law: Mapping[str, LawPack]
    everywhere: _Everywhere
    signs: Mapping[str, Signs]
    spam: Mapping[str, SpamPack]
    claims: Mapping[str, ClaimWords]
    fidelity: FidelityWords

    def profile(self, code: str) -> LegalProfile:
        """The legal profile of a pack.

        Raises:
            BadRulePack: there is no pack of that code.
        """
        pack = self.law.get(code)
        if pack is None:
            known = ", ".join(sorted(self.law))
            raise BadRulePack(f"There is no rule pack {code!r}: use one of {known}.")
        return LegalProfile(
            code=pack.code,
            countries=pack.countries,
            subject_label=dict(pack.edition.subject_label),
            footer=pack.edition.footer,
            jurisdictions=(pack.code,),
        )

    def pack_for(self, country: str) -> LawPack:
        """The pack that governs a country; the strictest where none does."""
        return self.law[self._by_country.get(country.strip().upper(), STRICT)]

    def profile_for(self, country: str) -> LegalProfile:
        """The profile for a contact's country; "" or a country without a pack: STRICT."""
        return self.profile(self.pack_for(country).code)

    def checks_for(self, code: str) -> tuple[Check, ...]:
        """A pack's checks and those it includes. A label belongs to one place: another
        pack's label is not taken over, the including pack says which it wants."""
        pack = self.law[code]
        taken = [
            check
            for name in pack.include
            for check in self.law[name].checks
            if check.kind is not CheckKind.SUBJECT_LABEL
        ]
        return (*pack.checks, *taken)

    @cached_property
    def _by_country(self) -> Mapping[str, str]:
        return {country: pack.code for pack in self.law.values() for country in pack.countries}

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Version by pack: {"law/de": "2026-11-22", ...}."""
        rows = {f"law/{code.lower()}": pack.version for code, pack in self.law.items()}
        rows["everywhere"] = self.everywhere.version
        rows["fidelity"] = self.fidelity.version
        rows |= {f"signs/{name}": item.version for name, item in self.signs.items()}
        rows |= {f"spam/{name or 'common'}": item.version for name, item in self.spam.items()}
        rows |= {f"claims/{name}": item.version for name, item in self.claims.items()}
        return dict(sorted(rows.items()))

    def signs_in(self, language: str) -> tuple[Signs, ...]:
        """The signs of a language, or of every language where it is unknown."""
        own = self.signs.get(language)
        return (own,) if own else tuple(self.signs.values())


def load_packs(folder: Path | None = None) -> RulePacks:
    """Read all packs: the product's own, or those of a folder of the same shape.

    Raises:
        BadRulePack: a file is missing, is not YAML, or holds a key or value that is not known.
    """
    return _own_packs() if folder is None else _read(folder)


@cache
def _own_packs() -> RulePacks:
    return _read(resources.files("evaluation") / "rules")


def _read(root: Traversable) -> RulePacks:
    law = {pack.code: pack for pack in _folder(root, "law", LawPack)}
    if STRICT not in law:
        raise BadRulePack(f"The folder law holds no pack {STRICT}: add law/strict.yaml.")
    for pack in law.values():
        unknown = [name for name in pack.include if name not in law]
        if unknown:
            raise BadRulePack(
                f"Pack {pack.code} includes {', '.join(unknown)}: no such pack; add or remove it."
            )
    seen: dict[str, str] = {}
    for pack in law.values():
        for country in pack.countries:
            if country in seen:
                raise BadRulePack(
                    f"{country} is claimed by {seen[country]} and {pack.code}: keep it in one."
                )
            seen[country] = pack.code
    return RulePacks(
        law=law,
        everywhere=_file(root / "everywhere.yaml", _Everywhere),
        signs={item.language: item for item in _folder(root, "signs", Signs)},
        spam={item.language: item for item in _folder(root, "spam", SpamPack)},
        claims={item.language: item for item in _folder(root, "claims", ClaimWords)},
        fidelity=_file(root / "fidelity" / "common.yaml", FidelityWords),
    )


def _folder(root: Traversable, name: str, model: type[_Model]) -> list[_Model]:
    folder = root / name
    if not folder.is_dir():
        raise BadRulePack(f"The rules hold no folder {name}: add it.")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return [_file(file, model) for file in files]


def _file(file: Traversable, model: type[_Model]) -> _Model:
    try:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return model.model_validate(raw)
    except OSError as error:
        raise BadRulePack(f"The rule file {file.name} cannot be read: add it.") from error
    except yaml.YAMLError as error:
        where = str(error).replace("\n", " ")
        raise BadRulePack(f"The rule file {file.name} is not YAML: {where}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadRulePack(f"The rule file {file.name}, {key}: {first['msg']}") from error
    except re.error as error:
        raise BadRulePack(f"The rule file {file.name} holds a bad pattern: {error}") from error


def _first(patterns: tuple[str, ...], text: str) -> re.Match[str] | None:
    for pattern in patterns:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return match
    return None
