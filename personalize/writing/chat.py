"""A chat model through LangChain: two messages in, a checked `Answer` or a reason out.

Structured output is asked for as `json_schema`: servers that speak the OpenAI protocol
(vLLM, llama.cpp, Ollama, LM Studio and OpenAI itself) hold their decoding to the schema
then, whereas tool calls need a parser for the very model, which many of them lack.

Nothing is traced: LangSmith is switched off for the call, whatever the environment says.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar

from contracts.errors import BadInput
from personalize.errors import ModelUnavailable
from personalize.writing.answer import Answer

__all__ = ["Chat"]

_RETRIES = 1
_OPENAI = "openai"
_NOT_JSON = "its answer was not the JSON asked for"
_T = TypeVar("_T")


class Chat:
    """One model. `timeout_s` is for the whole answer, retries included.

    Raises:
        BadInput: `model` is not "provider:model".
        ModelUnavailable: the provider's package is not installed.
    """

    def __init__(self, model: str, base_url: str = "", timeout_s: float = 60.0) -> None:
        provider, _, name = model.strip().partition(":")
        if not provider or not name:
            raise BadInput(f"chat model «{model[:60]}» is not provider:model, as in openai:gpt-4.1")
        if timeout_s <= 0:
            raise BadInput("the time a chat model is given must be more than 0 seconds")
        if provider == _OPENAI and find_spec("langchain_openai") is None:
            raise ModelUnavailable(
                "langchain-openai is not installed: pip install 'mailwright[openai]'"
            )
        self._model = f"{provider}:{name}"
        self._provider = provider
        self._base_url = base_url.strip()
        self._timeout_s = timeout_s

    def ask(self, system: str, user: str) -> Answer:
        """The model's answer.

        Raises:
            ModelUnavailable: there is none that can be read; the message is the reason, as
                in "it did not answer within 60 s", without a word of prompt, answer or key.
        """
        client = self._client()  # before the clock starts: its packages take seconds to load
        return _within(self._timeout_s, lambda: self._invoke(client, system, user))

    def _invoke(self, client: Any, system: str, user: str) -> Answer:
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                runnable = client.with_structured_output(
                    Answer, method="json_schema", include_raw=True
                )
                reply: Any = runnable.invoke([("system", system), ("human", user)])
        # Each provider's package has its own errors, and a writer has one answer to them all.
        except Exception as error:
            raise ModelUnavailable(_why(error, self._timeout_s)) from error
        if isinstance(reply["parsed"], Answer):
            return reply["parsed"]
        problem = reply["parsing_error"]
        refused = "refusal" in type(problem).__name__.casefold()
        raise ModelUnavailable("it refused" if refused else _NOT_JSON) from problem

    def _client(self) -> Any:
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {}
        if self._base_url:
            options["base_url"] = self._base_url
        if self._provider == _OPENAI and self._base_url:
            # A server of one's own speaks chat completions, and often wants no key.
            options["use_responses_api"] = False
            if not os.environ.get("OPENAI_API_KEY"):
                options["api_key"] = "none"
        elif self._provider == _OPENAI and not os.environ.get("OPENAI_API_KEY"):
            raise ModelUnavailable("no OPENAI_API_KEY is set")
        try:
            return init_chat_model(
                self._model,
                temperature=0,
                timeout=self._timeout_s,
                max_retries=_RETRIES,
                **options,
            )
        except ImportError as error:
            package = f"langchain-{self._provider.replace('_', '-')}"
            raise ModelUnavailable(f"{package} is not installed: pip install {package}") from error


def _within(seconds: float, work: Callable[[], _T]) -> _T:
    """What `work` returns or raises, if it does so in time.

    A client's own timeout starts anew with every byte, and servers that send spaces while
    they think would never meet it. The thread left behind ends with its request.

    Raises:
        ModelUnavailable: the time is over.
    """
    done: list[_T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="chat-model", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise ModelUnavailable(_late(seconds))
    return done[0]


def _late(seconds: float) -> str:
    return f"it did not answer within {seconds:g} s"


def _why(error: BaseException, timeout_s: float) -> str:
    """The reason in words, by what the error and its causes are; never by what they say."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    for item in chain:
        status = getattr(item, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return f"its server answered HTTP {status}{_ADVICE.get(status, '')}"
    for item in chain:
        name = type(item).__name__.casefold()
        for sign, why in _SIGNS:
            if sign in name:
                return why or _late(timeout_s)
    return f"it failed with {type(error).__name__}"


_ADVICE = {
    401: "; check the API key",
    403: "; check the API key",
    404: "; check the model's name and the base URL",
    429: "; its quota is used up or it is overloaded",
}
_SIGNS = (
    ("timeout", ""),
    ("connect", "its server cannot be reached"),
    ("refusal", "it refused"),
    ("lengthfinish", "its answer was cut off"),
    ("contentfilter", "its provider held the answer back"),
    ("validation", _NOT_JSON),
    ("outputparser", _NOT_JSON),
    ("jsondecode", _NOT_JSON),
)
