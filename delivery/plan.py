"""From recipients to envelopes: one each, in a fixed order, spread over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.canonical import content_hash
from contracts.delivery import Envelope, MergeValues
from contracts.mail import Edition
from delivery.errors import PlanRefused
from delivery.merge import printable

__all__ = ["PlannedRecipient", "envelope_key", "open_values", "plan_envelopes"]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PlannedRecipient:
    """Who gets which approved edition, with what in its named places."""

    contact_id: str
    address: str
    edition_id: str
    seal: str  # of the approval that covers the edition
    arm: str = ""  # of the experiment
    merge: MergeValues = field(default_factory=MergeValues)


def open_values(edition: Edition, known: Mapping[str, str]) -> Mapping[str, str]:
    """What a recipient puts into the fields that have a fallback: `known` of the person as far
    as the edition asks for it. What is not known is left to the fallback, and so is what could
    not stand in a mail: a control character in a company's name holds nobody's mail up.
    """
    values: dict[str, str] = {}
    for name in edition.fallbacks:
        value = known.get(name, "").strip()
        if value and printable(value):
            values[name] = value
    return values


def envelope_key(campaign: str, contact_id: str) -> str:
    """The same for a contact of a campaign, whatever edition it gets; 64 hex digits."""
    return content_hash(["envelope", campaign, contact_id])


def plan_envelopes(
    recipients: Sequence[PlannedRecipient],
    campaign: str,
    start: datetime,
    rate_per_minute: int | None = None,
) -> tuple[Envelope, ...]:
    """One envelope per recipient, ordered by key, due from `start` on.

    The order is that of the keys: the same whenever it is planned again, and unrelated to
    name, segment or arm, so that no arm of an experiment is sent earlier than another.
    With a rate, `rate_per_minute` envelopes fall due in each minute, evenly; without one
    all are due at `start`. No recipients give no envelopes.

    Raises:
        PlanRefused: a contact is listed twice, `start` has no zone, or the rate is below 1.
    """
    if start.tzinfo is None:
        raise PlanRefused("the start of a campaign needs a time zone: write it as 09:00+02:00")
    if rate_per_minute is not None and rate_per_minute < 1:
        raise PlanRefused("a send rate is at least one envelope a minute")
    by_key = {envelope_key(campaign, item.contact_id): item for item in recipients}
    if len(by_key) != len(recipients):
        raise PlanRefused("a contact is listed twice for one campaign: give each one edition")
    return tuple(
        Envelope(
            id="n_" + key[:32],
            key=key,
            campaign=campaign,
            contact_id=by_key[key].contact_id,
            edition_id=by_key[key].edition_id,
            arm=by_key[key].arm,
            address=by_key[key].address,
            merge=by_key[key].merge,
            seal=by_key[key].seal,
            due_at=start if rate_per_minute is None else start + _MINUTE * place / rate_per_minute,
        )
        for place, key in enumerate(sorted(by_key))
    )
