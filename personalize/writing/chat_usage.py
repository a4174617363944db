"""What asking a model costs, and the budget at which a campaign stops asking."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from personalize.errors import ModelUnavailable

__all__ = [
    "Allowance",
    "ChatBudget",
    "Ledger",
    "NoLedger",
    "Prices",
    "Spent",
    "Usage",
    "most_usage",
]

_MILLION = Decimal(1_000_000)
# More tokens than any tokeniser in use makes of a text: some four characters of English are
# one token, and a Chinese or Arabic character is one or two.
_ASCII_PER_TOKEN = 2.5
_TOKENS_PER_OTHER = 2.0
_OVERHEAD = 400  # tokens of roles and schema


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request. None where the server did not say: unknown, never zero."""

    tokens_in: int | None
    tokens_out: int | None
    most_in: int  # that it can have been, whatever the server says
    most_out: int
    cached: bool = False  # answered from what was kept: nothing was asked

    @property
    def most(self) -> int:
        """Tokens to count against a budget: those known, else the most it can have been."""
        sent = self.most_in if self.tokens_in is None else self.tokens_in
        return sent + (self.most_out if self.tokens_out is None else self.tokens_out)


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens. None where nobody has said: then a cost is unknown."""

    price_in: Decimal | None = None
    price_out: Decimal | None = None
    currency: str = ""

    def cost(self, usage: Usage) -> Decimal | None:
        """Of one request, None where a price or a number of tokens is not known."""
        return self._cost(usage.tokens_in, usage.tokens_out)

    def most_cost(self, usage: Usage) -> Decimal | None:
        """The same with the most that an unknown number of tokens can have been."""
        return self._cost(
            usage.most_in if usage.tokens_in is None else usage.tokens_in,
            usage.most_out if usage.tokens_out is None else usage.tokens_out,
        )

    def _cost(self, tokens_in: int | None, tokens_out: int | None) -> Decimal | None:
        if None in (self.price_in, self.price_out, tokens_in, tokens_out):
            return None
        assert self.price_in is not None
        assert self.price_out is not None
        assert tokens_in is not None
        assert tokens_out is not None
        return (self.price_in * tokens_in + self.price_out * tokens_out) / _MILLION


@dataclass(frozen=True, slots=True)
class Spent:
    """What a campaign has used, unknown amounts taken as the most they can have been. The cost
    is that of requests whose price was known."""

    tokens: int = 0
    cost: Decimal = Decimal(0)


class Ledger(Protocol):
    """Keeps what requests used. Called from several threads at once."""

    def add(
        self,
        campaign: str,
        model: str,
        usage: Usage,
        cost: Decimal | None,
        most_cost: Decimal | None,
        currency: str,
    ) -> None: ...

    def spent(self, campaign: str) -> Spent:
        """What all requests for the campaign have used so far."""


class NoLedger:
    """Keeps nothing; for callers that do not count."""

    def add(
        self,
        campaign: str,
        model: str,
        usage: Usage,
        cost: Decimal | None,
        most_cost: Decimal | None,
        currency: str,
    ) -> None:
        del campaign, model, usage, cost, most_cost, currency

    def spent(self, campaign: str) -> Spent:
        del campaign
        return Spent()


@dataclass(frozen=True, slots=True)
class ChatBudget:
    """The most that one campaign may use; None for no limit."""

    tokens: int | None = None
    cost: Decimal | None = None


class Allowance:
    """What is left of one campaign's budget. Safe to share between threads: what a request
    may use is set aside before it is sent, so that requests that run at once do not exceed
    the budget together.
    """

    def __init__(self, campaign: str, budget: ChatBudget, prices: Prices, ledger: Ledger) -> None:
        self._budget = budget
        self._prices = prices
        self._spent = ledger.spent(campaign)
        self._lock = threading.Lock()
        self._stopped = ""

    def reserve(self, most: Usage) -> None:
        """Set aside what a request may use.

        Raises:
            ModelUnavailable: it could exceed the budget, or an earlier request of this
                campaign was stopped for that; the message is the reason.
        """
        with self._lock:
            if self._stopped:
                raise ModelUnavailable(self._stopped)
            after = self._plus(most, 1)
            budget = self._budget
            if budget.tokens is not None and after.tokens > budget.tokens:
                self._stopped = f"the campaign's budget of {budget.tokens} tokens is used up"
            elif budget.cost is not None and after.cost > budget.cost:
                amount = f"{budget.cost} {self._prices.currency}".strip()
                self._stopped = f"the campaign's budget of {amount} is used up"
            if self._stopped:
                raise ModelUnavailable(self._stopped)
            self._spent = after

    def settle(self, reserved: Usage, used: Usage | None) -> None:
        """Put what a request used in the place of what was set aside; None: it used nothing."""
        with self._lock:
            self._spent = self._plus(reserved, -1)
            if used is not None:
                self._spent = self._plus(used, 1)

    def _plus(self, usage: Usage, sign: int) -> Spent:
        cost = self._prices.most_cost(usage) or Decimal(0)
        return replace(
            self._spent,
            tokens=self._spent.tokens + sign * usage.most,
            cost=self._spent.cost + sign * cost,
        )


def most_usage(texts: Iterable[str], most_out: int) -> Usage:
    """The most that a request with these messages can use, its answer included."""
    tokens = float(_OVERHEAD)
    for text in texts:
        plain = sum(1 for char in text if char.isascii())
        tokens += plain / _ASCII_PER_TOKEN + (len(text) - plain) * _TOKENS_PER_OTHER
    return Usage(None, None, math.ceil(tokens), most_out)
