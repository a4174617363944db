"""What chat models used for a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from storage import ModelCall
from workflow.campaign import campaign_record
from workflow.house import House

__all__ = ["ModelUse", "model_use", "model_uses"]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What one model used for one campaign, at the prices of one currency. Sums are of what is
    known; how many requests they leave out is told beside them."""

    model: str
    currency: str
    requests: int  # that were sent
    cached: int  # answered from what was kept
    tokens_in: int
    tokens_out: int
    uncounted: int  # requests of which the server did not say the tokens
    cost: Decimal | None  # None: of no request
    unpriced: int  # requests whose cost is not known


def model_use(house: House, campaign: str) -> Sequence[ModelUse]:
    """What a campaign has used so far, by model and currency, in the order of first use.

    Raises:
        UnknownCampaign: it was never drafted.
    """
    campaign_record(house, campaign)
    with house.store.read() as tx:
        return model_uses(tx.model_usage.of(campaign))


def model_uses(calls: Sequence[ModelCall]) -> tuple[ModelUse, ...]:
    """The sums of `calls`, by model and currency."""
    groups: dict[tuple[str, str], list[ModelCall]] = {}
    for call in calls:
        groups.setdefault((call.model, call.currency), []).append(call)
    return tuple(_sum(model, currency, own) for (model, currency), own in groups.items())


def _sum(model: str, currency: str, calls: Sequence[ModelCall]) -> ModelUse:
    sent = [call for call in calls if not call.cached]
    costs = [call.cost for call in sent if call.cost is not None]
    return ModelUse(
        model=model,
        currency=currency,
        requests=len(sent),
        cached=len(calls) - len(sent),
        tokens_in=sum(call.tokens_in or 0 for call in sent),
        tokens_out=sum(call.tokens_out or 0 for call in sent),
        uncounted=sum(1 for call in sent if None in (call.tokens_in, call.tokens_out)),
        cost=sum(costs, Decimal(0)) if costs else None,
        unpriced=len(sent) - len(costs),
    )
