"""What a campaign wants, and who sends it: the two files that a marketer writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

__all__ = [
    "Brief",
    "CallToAction",
    "Channel",
    "Event",
    "ExperimentPlan",
    "Item",
    "Languages",
    "LayoutEntry",
    "LocalText",
    "MailImage",
    "Product",
    "SegmentRule",
    "SendPlan",
    "Sender",
    "Signatory",
    "local_text",
]


def _by_language(value: Any) -> Any:
    return {"": value} if isinstance(value, str) else value


LocalText = Annotated[Mapping[str, str], BeforeValidator(_by_language)]
"""Text by BCP 47 language; a bare string in the file is the same in every language."""


_Text = TypeVar("_Text")


def local_text(texts: Mapping[str, _Text], language: str) -> _Text | None:
    """What `texts` hold for `language`: its own entry, that of the language it is a region of
    ("en" for "en-GB", "zh-Hant" for "zh-Hant-HK"), or the one that is the same in every language
    (""); None where there is none of these."""
    tag = language
    while tag:
        if tag in texts:
            return texts[tag]
        tag = tag.rpartition("-")[0]
    return texts.get("")


def _choices(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: [item] if isinstance(item, str) else item for key, item in value.items()}
    return value


LocalChoices = Annotated[Mapping[str, tuple[str, ...]], BeforeValidator(_choices)]
"""One or more wordings by language, in the same order in every language."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Signatory(_Strict):
    name: LocalText
    title: LocalText = Field(default_factory=dict)


class Sender(_Strict):
    """Who the mail is from. Everything here may be printed in a footer."""

    id: str = ""
    sample: bool = False  # an invented sender: refused by SMTP
    legal_name: str
    from_name: LocalText
    from_address: str
    reply_to: str = ""
    signatory: Signatory
    postal_address: tuple[str, ...]
    country: str
    phone: str = ""
    email: str = ""
    website: str = ""
    registration: str = ""
    vat_id: str = ""
    representative: str = ""
    refusal_mailbox: str
    privacy_policy: LocalText = Field(default_factory=dict)


class Product(_Strict):
    name: str
    description: LocalText  # a noun phrase without article


class CallToAction(_Strict):
    url: LocalText
    label: LocalChoices
    ask: LocalChoices = Field(default_factory=dict)


class Event(_Strict):
    """A webinar, a fair, a visit. `start` and `end` carry the zone in which it takes place."""

    title: LocalText
    start: datetime
    end: datetime | None = None
    zone: str = ""  # IANA name, "Europe/Berlin": how the time is called; "" as `start` has it
    place: LocalText = Field(default_factory=dict)  # "" for an online event
    url: LocalText = Field(default_factory=dict)  # where it takes place, or is described
    agenda: LocalChoices = Field(default_factory=dict)  # points, in order


class Item(_Strict):
    """An article of a newsletter."""

    title: LocalText
    text: LocalText
    url: LocalText = Field(default_factory=dict)


class MailImage(_Strict):
    """An image above the letter (`hero`) or beside one of its modules."""

    place: str = "hero"  # "hero" or the kind of a module
    file: str = ""  # beside the brief: embedded into the mail
    url: str = ""  # https: hosted, loaded by the reader's program
    alt: LocalText  # what it shows; {"": ""} marks an image that only decorates
    variants: tuple[int, ...] = ()  # numbers of the variants that show it, from 1; () all

    @model_validator(mode="after")
    def _one_source(self) -> MailImage:
        if bool(self.file) == bool(self.url):
            raise ValueError("an image has either file or url")
        return self


class Channel(_Strict):
    """A way to reach the sender outside the mail."""

    kind: Literal["wechat", "wecom", "whatsapp", "linkedin", "line", "website", "phone"]
    url: LocalText = Field(default_factory=dict)  # for wechat and wecom: what the QR code holds
    image: str = ""  # file of a QR code, beside the brief; "" makes one of `url`
    label: LocalText = Field(default_factory=dict)  # "" as the language's file calls it


class LayoutEntry(_Strict):
    """One module of a mail, in its place."""

    module: str
    optional: bool = False  # left out where there is nothing to fill it with
    when: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # segment fact -> values

    @field_validator("when", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        return _choices(value)


def _entries(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [{"module": item} if isinstance(item, str) else item for item in value]
    return value


Layout = Annotated[tuple[LayoutEntry, ...], BeforeValidator(_entries)]
"""Modules in their order; a bare name is a module that is always there."""


class Languages(_Strict):
    fallback: str = ""  # for contacts whose language is not known
    regional: tuple[str, ...] = ()  # "en-GB", "es-419": written besides the plain language


class SegmentRule(_Strict):
    """`where` compares contact fields: a value, a list of values, or a comparison such as
    {not: [..]}. The first rule that holds takes the contact. `problem`, `stage` and `touch`
    are facts of the segment that writing goes by."""

    name: str
    problem: str = ""  # taxonomy id or name of what these people have to solve
    stage: Literal["", "prospect", "lead", "customer", "former"] = ""
    # what there was between us last
    touch: Literal["", "trade_fair", "webinar", "download", "call", "quotation", "order"] = ""
    where: Mapping[str, Any] = Field(default_factory=dict)
    evidence: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)  # case field -> values
    named_only: bool = False  # only cases whose customer may be named

    @field_validator("evidence", mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        return _choices(value)


class ExperimentPlan(_Strict):
    slots: tuple[Literal["subject", "opener", "call_to_action"], ...] = ("subject",)
    max_variants: int = Field(default=1, ge=1, le=4)
    metric: Literal["open", "click", "reply"] = "click"
    holdout: float = Field(default=0.0, ge=0.0, le=0.5)  # share that gets no mail
    baseline: float = Field(default=0.03, gt=0.0, lt=1.0)  # expected rate of `metric`
    lift: float = Field(default=1.0, gt=0.0)  # relative change worth finding: 1.0 = twice


class SendPlan(_Strict):
    start: datetime | None = None  # None: as soon as approved
    rate: int | None = Field(default=None, ge=1)  # envelopes a minute


class Brief(_Strict):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    goal: str = ""
    sender: str  # name of a file in senders/
    mail: str = "case_story"  # kind of mail: a file in personalize/presets/
    languages: Languages = Languages()
    product: Product
    offer: LocalText = Field(default_factory=dict)
    news: LocalText = Field(default_factory=dict)  # what is new, in one or two sentences
    event: Event | None = None
    items: tuple[Item, ...] = ()
    steps: LocalChoices = Field(default_factory=dict)  # of a guide, in order
    deadline: date | None = None  # last day of an offer, end of a contract
    minutes: int | None = Field(default=None, ge=1, le=120)  # that a survey takes
    ps: LocalText = Field(default_factory=dict)
    call_to_action: CallToAction
    tone: Literal["expert", "formal", "friendly", "direct"] = "expert"
    voice: str = ""  # name of a file in voices/
    brand: str = ""  # name of a file in brands/
    layout: Layout = ()  # other than the preset's
    images: tuple[MailImage, ...] = ()
    channels: tuple[Channel, ...] = ()
    link_parameters: Mapping[str, str] = Field(default_factory=dict)  # utm_source …
    segments: tuple[SegmentRule, ...] = Field(min_length=1)
    experiment: ExperimentPlan = ExperimentPlan()
    send: SendPlan = SendPlan()
    legal_basis: Literal["consent", "customer", "legitimate_interest"] = "consent"
