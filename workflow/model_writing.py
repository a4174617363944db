"""The writer of a house: by its settings, with the answers and the count that it keeps."""

from __future__ import annotations

from decimal import Decimal

from personalize import ChatBudget, ChatOptions, Prices, Spent, Usage, Writer, open_writer
from storage import ModelCall
from workflow.house import House

__all__ = ["chat_options", "house_writer"]


def house_writer(house: House) -> Writer:
    """The writer that the settings name: the composer, or a chat model whose answers are
    kept in the records and whose tokens are counted there.

    Raises:
        BadInput: the settings of the model do not go together.
        ModelUnavailable: the package for the provider is not installed.
    """
    options = chat_options(house)
    if options is None:
        return open_writer("")
    cache = _Answers(house) if house.settings.chat_cache else None
    return open_writer(options, cache=cache, ledger=_Calls(house))


def chat_options(house: House) -> ChatOptions | None:
    """How the settings want a chat model asked; None where they name none.

    Raises:
        BadInput: they do not go together.
    """
    chosen = house.settings
    if not chosen.chat_model.strip():
        return None
    return ChatOptions(
        model=chosen.chat_model,
        base_url=chosen.chat_base_url,
        timeout_s=chosen.chat_timeout_s,
        retries=chosen.chat_retries,
        requests_per_minute=chosen.chat_requests_per_minute,
        at_once=chosen.chat_at_once,
        max_output_tokens=chosen.chat_max_output_tokens,
        repairs=chosen.chat_repairs,
        prices=_prices(house),
        budget=ChatBudget(chosen.chat_budget_tokens, chosen.chat_budget_cost),
    )


class _Answers:
    """The records' kept answers. Each call is a transaction of its own: none stays open
    while a model is asked."""

    def __init__(self, house: House) -> None:
        self._house = house

    def get(self, key: str) -> str | None:
        with self._house.store.read() as tx:
            return tx.model_answers.get(key)

    def put(self, key: str, model: str, answer: str) -> None:
        with self._house.store.begin() as tx:
            tx.model_answers.put(key, model, answer, self._house.clock())


class _Calls:
    """The records' count of what models used."""

    def __init__(self, house: House) -> None:
        self._house = house

    def add(
        self,
        campaign: str,
        model: str,
        usage: Usage,
        cost: Decimal | None,
        most_cost: Decimal | None,
        currency: str,
    ) -> None:
        call = ModelCall(
            campaign=campaign,
            model=model,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            most_in=usage.most_in,
            most_out=usage.most_out,
            cached=usage.cached,
            cost=cost,
            most_cost=most_cost,
            currency=currency,
            at=self._house.clock(),
        )
        with self._house.store.begin() as tx:
            tx.model_usage.add(call)

    def spent(self, campaign: str) -> Spent:
        with self._house.store.read() as tx:
            calls = tx.model_usage.of(campaign)
        return Spent(
            tokens=sum(_usage(call).most for call in calls),
            cost=sum((self._cost(call) for call in calls), Decimal(0)),
        )

    def _cost(self, call: ModelCall) -> Decimal:
        """The most that a request can have cost, at the prices of now where those of then are
        not known or were in another currency."""
        prices = _prices(self._house)
        if call.most_cost is not None and call.currency == prices.currency:
            return call.most_cost
        return prices.most_cost(_usage(call)) or Decimal(0)


def _usage(call: ModelCall) -> Usage:
    return Usage(call.tokens_in, call.tokens_out, call.most_in, call.most_out, call.cached)


def _prices(house: House) -> Prices:
    chosen = house.settings
    return Prices(chosen.chat_price_in, chosen.chat_price_out, chosen.chat_currency)
