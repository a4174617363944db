"""How a chat model is asked: the part of the settings that the writing room needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.errors import BadInput
from personalize.writing.chat_usage import ChatBudget, Prices

__all__ = ["ChatOptions"]


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """One model and how it is asked.

    Raises:
        BadInput: the model is not "provider:model", a number is out of its range, or a
            cost is limited and the prices are not known.
    """

    model: str  # "openai:gpt-4.1", "anthropic:…", "ollama:…"; it must take temperature 0
    base_url: str = ""  # of a server of one's own; "" for the provider's
    timeout_s: float = 60.0  # seconds that one attempt may take
    retries: int = 2  # attempts after the first, where the failure may pass
    backoff_s: float = 1.0  # before the first of them; doubled each time
    longest_wait_s: float = 120.0  # seconds between attempts, all together
    requests_per_minute: float = 0.0  # 0: as many as come
    at_once: int = 4  # drafts that are written at the same time
    max_output_tokens: int = 4000  # of one answer
    repairs: int = 1  # times that a letter's faulty parts are asked for again, 0 or 1
    prices: Prices = field(default_factory=Prices)
    budget: ChatBudget = field(default_factory=ChatBudget)

    def __post_init__(self) -> None:
        if not self.provider or not self.name:
            raise BadInput(
                f"chat model «{self.model[:60]}» is not provider:model, as in openai:gpt-4.1"
            )
        if self.timeout_s <= 0:
            raise BadInput("the time a chat model is given must be more than 0 seconds")
        if self.repairs not in (0, 1):
            raise BadInput("a letter's faulty parts are asked for again once or never: 0 or 1")
        if self.budget.cost is not None and None in (self.prices.price_in, self.prices.price_out):
            raise BadInput(
                "chat_budget_cost needs chat_price_in and chat_price_out, the prices per "
                "million tokens: set them, or limit chat_budget_tokens instead"
            )

    @property
    def provider(self) -> str:
        return self.model.strip().partition(":")[0]

    @property
    def name(self) -> str:
        return self.model.strip().partition(":")[2]
