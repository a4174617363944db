"""What a campaign wants, and who sends it: the two files that a marketer writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

__all__ = [
    "Brief",
    "CallToAction",
    "ExperimentPlan",
    "LocalText",
    "Product",
    "SegmentRule",
    "SendPlan",
    "Sender",
    "Signatory",
]


def _by_language(value: Any) -> Any:
    return {"": value} if isinstance(value, str) else value


LocalText = Annotated[Mapping[str, str], BeforeValidator(_by_language)]
"""Text by BCP 47 language; a bare string in the file is the same in every language."""


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


class SegmentRule(_Strict):
    """`where` compares contact fields: a value, a list of values, or a comparison such as
    {not: [..]}. The first rule that holds takes the contact."""

    name: str
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
    languages: Mapping[Literal["fallback"], str] = Field(default_factory=dict)
    product: Product
    offer: LocalText
    call_to_action: CallToAction
    tone: Literal["expert", "formal", "friendly", "direct"] = "expert"
    segments: tuple[SegmentRule, ...] = Field(min_length=1)
    experiment: ExperimentPlan = ExperimentPlan()
    send: SendPlan = SendPlan()
    legal_basis: Literal["consent", "customer", "legitimate_interest"] = "consent"
