"""From the blocks of a draft to the compiled mail that is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from contracts.canonical import LATER, content_hash
from contracts.case import Span

__all__ = [
    "Alternative",
    "Attachment",
    "BriefCitation",
    "CaseCitation",
    "Claim",
    "ClaimKind",
    "Draft",
    "Edition",
    "EmbeddedImage",
    "LegalProfile",
    "Module",
    "ModuleKind",
    "ModuleLink",
    "Slot",
    "Variant",
]


class ModuleKind(StrEnum):
    SUBJECT = "subject"
    PREHEADER = "preheader"
    GREETING = "greeting"
    OPENER = "opener"
    PROBLEM = "problem"
    SOLUTION = "solution"  # what was done in the case that the proof tells
    PROOF = "proof"
    SOCIAL_PROOF = "social_proof"  # a further case, in one line
    OFFER = "offer"
    EVENT = "event"  # what, when and where
    ITEMS = "items"  # articles of a newsletter, steps of a guide
    CALL_TO_ACTION = "call_to_action"
    PS = "ps"
    SIGN_OFF = "sign_off"
    FOOTER = "footer"


class Slot(StrEnum):
    """The modules that an experiment may vary."""

    SUBJECT = "subject"
    OPENER = "opener"
    CALL_TO_ACTION = "call_to_action"


class ClaimKind(StrEnum):
    RESULT = "result"  # a measured outcome of a case
    CUSTOMER = "customer"  # who a case is about
    SITUATION = "situation"  # a challenge or a solution as a case tells it
    QUOTATION = "quotation"  # words of a case in quotation marks
    BRIEF = "brief"  # offers, dates and facts of the sender


@dataclass(frozen=True, slots=True)
class CaseCitation:
    case_id: str
    text_hash: str  # names the stored text that `span` points into
    span: Span
    quote: str  # the characters at `span`
    source: str = ""


@dataclass(frozen=True, slots=True)
class BriefCitation:
    field: str  # "offer.de", "product.name", "sender.phone"
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    span: Span  # in the module's text
    kind: ClaimKind
    citation: CaseCitation | BriefCitation


@dataclass(frozen=True, slots=True)
class ModuleLink:
    """A link below one paragraph of a module."""

    paragraph: int  # from 0
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Module:
    """One block. Paragraphs are separated by a blank line; `[[name]]` are merge fields.
    A call to action's button is `label`, its address `url`."""

    kind: ModuleKind
    text: str
    claims: tuple[Claim, ...] = ()
    origin: str = ""  # "phrases/de/opener/question-1", "brief/offer", "model:openai:…"
    label: str = ""
    url: str = ""
    lang: str = ""  # only where it is not the draft's own language, as a rule pack demands
    note: str = ""  # said openly on the draft: why the model's module was replaced, say
    links: tuple[ModuleLink, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another wording for a slot of the experiment, with the tactic it stands for."""

    slot: Slot
    tactic: str  # id in variants/data/tactics.yaml
    module: Module
    preheader: Module | None = None  # goes with a subject


@dataclass(frozen=True, slots=True)
class Draft:
    """The ordered modules for one segment in one language. `modules` hold the first
    alternative of each slot; no legal footer yet: that comes with the edition."""

    campaign: str
    segment: str
    language: str
    modules: tuple[Module, ...]
    alternatives: tuple[Alternative, ...]
    case_ids: tuple[str, ...]
    seed: int
    writer: str  # "composer" or "model:provider:name"
    sources: Mapping[str, str] = field(default_factory=dict)  # phrase file -> version
    preset: str = field(default="case_story", metadata=LATER)  # file in personalize/presets/
    style: str = field(default="expert", metadata=LATER)
    # kept as they are when the draft is written again
    locked: tuple[ModuleKind, ...] = field(default=(), metadata=LATER)

    @property
    def id(self) -> str:
        """Stable over rewrites: one draft per campaign, segment and language."""
        return "d_" + content_hash([self.campaign, self.segment, self.language])[:16]

    @property
    def hash(self) -> str:
        """Of the content: changes with every rewrite, not with what is locked."""
        return content_hash(replace(self, locked=()))


@dataclass(frozen=True, slots=True)
class Variant:
    """One complete email of an experiment, without what the law of a place adds."""

    draft_id: str
    campaign: str
    segment: str
    language: str
    modules: tuple[Module, ...]  # subject and preheader first
    tactics: Mapping[str, str]  # slot -> tactic
    # decides how people are greeted
    style: str = field(default="expert", metadata=LATER)

    @property
    def id(self) -> str:
        return "v_" + content_hash(self)[:24]

    def module(self, kind: ModuleKind) -> Module:
        """The one module of a kind.

        Raises:
            KeyError: the variant has none.
        """
        for module in self.modules:
            if module.kind is kind:
                return module
        raise KeyError(kind)


@dataclass(frozen=True, slots=True)
class LegalProfile:
    """What the law of a country or a group of countries makes a mail carry."""

    code: str  # "DE", "US", "CN", "STRICT"
    countries: tuple[str, ...]  # ISO 3166-1; empty for the strictest profile
    subject_label: Mapping[str, str]  # language of the mail -> exact label, "" key: any language
    footer: tuple[str, ...]  # names of footer blocks, in order
    jurisdictions: tuple[str, ...]  # rule packs that judge an edition of this profile


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """An image that travels inside the mail; the HTML shows it as `cid:` and its name."""

    cid: str  # Content-ID without angle brackets
    media_type: str  # "image/png", "image/jpeg" or "image/gif"
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mail, the same for every recipient."""

    name: str  # plain ASCII
    media_type: str  # with its parameters: "text/calendar; charset=utf-8; method=PUBLISH"
    data: bytes


@dataclass(frozen=True, slots=True)
class Edition:
    """A variant under one legal profile, compiled. All of it is sealed: `[[name]]` marks
    the places that a worker fills, and nothing else may change."""

    variant_id: str
    campaign: str
    segment: str
    language: str
    profile: str
    subject: str
    html: str
    text: str
    from_name: str
    from_address: str
    reply_to: str
    refusal_mailbox: str
    unsubscribe_base: str  # https address that the unsubscribe token is appended to
    choices: Mapping[str, Mapping[str, str]]  # closed sets: greeting, reason
    fields: tuple[str, ...]  # open fields that values may be given for
    headers: Mapping[str, str] = field(default_factory=dict)
    rule_packs: Mapping[str, str] = field(default_factory=dict)  # profile and phrase versions
    images: tuple[EmbeddedImage, ...] = ()
    attachments: tuple[Attachment, ...] = field(default=(), metadata=LATER)
    # what stands in an open field where a recipient has no value for it
    fallbacks: Mapping[str, str] = field(default_factory=dict, metadata=LATER)

    @property
    def id(self) -> str:
        return "e_" + content_hash(self)[:32]
