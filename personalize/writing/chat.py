"""A chat model that is asked with patience, within a budget, and never twice the same thing."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.canonical import content_hash
from personalize.errors import ModelUnavailable
from personalize.writing.chat_client import ChatClient, Received
from personalize.writing.chat_failure import ChatFailure, late
from personalize.writing.chat_options import ChatOptions
from personalize.writing.chat_usage import Allowance, Ledger, NoLedger, Usage, most_usage
from personalize.writing.prompts import Prompt

__all__ = ["AnswerCache", "Chat", "NoCache", "OnText"]

OnText = Callable[[str], None]
"""Gets the answer as far as it has come, from its beginning, in the thread that asked."""


class AnswerCache(Protocol):
    """Keeps answers by a hash of everything that they were asked with. Called from several
    threads at once."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, model: str, answer: str) -> None: ...


class NoCache:
    """Keeps nothing."""

    def get(self, key: str) -> str | None:
        del key
        return None

    def put(self, key: str, model: str, answer: str) -> None:
        del key, model, answer


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str


class Chat:
    """One model. Safe to share between threads.

    Args:
        cache: where answers are kept; None keeps none.
        ledger: where tokens are counted; None counts none.

    Raises:
        ModelUnavailable: the provider's package is not installed.
    """

    def __init__(
        self,
        options: ChatOptions,
        cache: AnswerCache | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.options = options
        self._client = ChatClient(options)
        self._cache: AnswerCache = cache or NoCache()
        self._ledger: Ledger = ledger or NoLedger()
        self._allowances: dict[str, Allowance] = {}
        self._lock = threading.Lock()
        self._limiter = _limiter(options.requests_per_minute)

    def ask(
        self,
        prompt: Prompt,
        schema: Mapping[str, Any],
        campaign: str,
        on_text: OnText | None = None,
    ) -> str:
        """The model's answer, as it came: the text of a JSON object if the model kept to it.

        An answer that was kept is given again, and nothing is asked. Failures that may pass
        (HTTP 408, 409, 425, 429 and 5xx, time-outs, lost connections) are tried again with
        growing pauses, or after the time that the server names.

        Raises:
            ModelUnavailable: there is none; the message is the reason, as in "it did not
                answer within 60 s", without a word of prompt, answer or key.
        """
        key = self._key(prompt, schema)
        kept = self._cache.get(key)
        if kept is not None:
            self._count(campaign, Usage(0, 0, 0, 0, cached=True))
            if on_text is not None:
                on_text(kept)
            return kept
        self._client.open()
        return self._patiently(prompt, schema, campaign, on_text).text

    def keep(self, prompt: Prompt, schema: Mapping[str, Any], answer: str) -> None:
        """Give this answer from now on whenever the same is asked."""
        self._cache.put(self._key(prompt, schema), self.options.model.strip(), answer)

    def _patiently(
        self,
        prompt: Prompt,
        schema: Mapping[str, Any],
        campaign: str,
        on_text: OnText | None,
    ) -> Received:
        waited = 0.0
        for attempt in range(self.options.retries + 1):
            try:
                return self._attempt(prompt, schema, campaign, on_text)
            except ChatFailure as failure:
                pause = self._pause(attempt, failure)
                out_of_patience = waited + pause > self.options.longest_wait_s
                if not failure.passing or attempt == self.options.retries or out_of_patience:
                    raise ModelUnavailable(failure.why) from failure
            time.sleep(pause)
            waited += pause
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, attempt: int, failure: ChatFailure) -> float:
        """Seconds before the next attempt. With chance in it, so that requests which failed
        together do not come back together."""
        chance = random.random()  # noqa: S311 - spreads load, keeps no secret
        if failure.wait_s is not None:
            return failure.wait_s + chance * self.options.backoff_s
        return float(self.options.backoff_s * 2**attempt * (0.5 + chance))

    def _attempt(
        self,
        prompt: Prompt,
        schema: Mapping[str, Any],
        campaign: str,
        on_text: OnText | None,
    ) -> Received:
        allowance = self._allowance(campaign)
        most = most_usage((text for _, text in prompt.messages), self.options.max_output_tokens)
        allowance.reserve(most)
        used: Usage | None = None
        try:
            if self._limiter is not None:
                self._limiter.acquire()
            used = most  # what is not known to be free may have been used, whatever ends this
            received = self._within(prompt, schema, on_text)
            used = Usage(received.tokens_in, received.tokens_out, most.most_in, most.most_out)
            return received
        except ChatFailure as failure:
            used = None if failure.free else Usage(*failure.tokens, most.most_in, most.most_out)
            raise
        finally:
            allowance.settle(most, used)
            if used is not None:
                self._count(campaign, used)

    def _within(
        self, prompt: Prompt, schema: Mapping[str, Any], on_text: OnText | None
    ) -> Received:
        """The answer, if it comes in time.

        A client's own timeout starts anew with every byte, and servers that send spaces
        while they think would never meet it. The thread left behind ends with its request.

        Raises:
            ChatFailure: there is none, or the time is over.
        """
        events: queue.SimpleQueue[_Piece | Received | BaseException] = queue.SimpleQueue()

        def run() -> None:
            on_piece = (lambda text: events.put(_Piece(text))) if on_text else None
            try:
                events.put(self._client.ask(prompt.messages, schema, on_piece))
            except BaseException as error:
                events.put(error)

        threading.Thread(target=run, name="chat-model", daemon=True).start()
        end = time.monotonic() + self.options.timeout_s
        so_far = ""
        while True:
            try:
                event = events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise ChatFailure(late(self.options.timeout_s), passing=True) from None
            while isinstance(event, _Piece):
                so_far += event.text
                if events.empty():
                    break
                event = events.get()
            if so_far and on_text is not None:
                on_text(so_far)
            if isinstance(event, Received):
                return event
            if isinstance(event, BaseException):
                raise event

    def _allowance(self, campaign: str) -> Allowance:
        with self._lock:
            if campaign not in self._allowances:
                self._allowances[campaign] = Allowance(
                    campaign, self.options.budget, self.options.prices, self._ledger
                )
            return self._allowances[campaign]

    def _count(self, campaign: str, usage: Usage) -> None:
        prices = self.options.prices
        self._ledger.add(
            campaign,
            self.options.model.strip(),
            usage,
            prices.cost(usage),
            prices.most_cost(usage),
            prices.currency,
        )

    def _key(self, prompt: Prompt, schema: Mapping[str, Any]) -> str:
        return content_hash(
            {
                "model": self.options.model.strip(),
                "server": self.options.base_url.strip(),
                "prompt": prompt.version,
                "messages": prompt.messages,
                "schema": schema,
                "temperature": 0,
                "max_output_tokens": self.options.max_output_tokens,
            }
        )


def _limiter(per_minute: float) -> Any:
    """LangChain's token bucket: so many requests a minute, evenly; None for no limit."""
    if per_minute <= 0:
        return None
    from langchain_core.rate_limiters import InMemoryRateLimiter

    per_second = per_minute / 60
    return InMemoryRateLimiter(
        requests_per_second=per_second,
        check_every_n_seconds=min(0.1, 0.5 / per_second),
        max_bucket_size=1,
    )
