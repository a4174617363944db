"""One request to one model through LangChain: messages and a schema in, text and tokens out.

Structured output is asked for as `json_schema`: servers that speak the OpenAI protocol
(vLLM, llama.cpp, LM Studio and OpenAI itself), Ollama and Anthropic hold their decoding to
the schema then, whereas tool calls need a parser for the very model, which many lack.

Nothing is traced: LangSmith is switched off for the call, whatever the environment says.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from personalize.errors import ModelUnavailable
from personalize.writing.chat_failure import CUT_OFF, REFUSED, ChatFailure, failure_of
from personalize.writing.chat_options import ChatOptions
from personalize.writing.prompts import Message

__all__ = ["ChatClient", "Received"]

_PACKAGES = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "ollama": "langchain_ollama",
}
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_CUT = frozenset({"length", "max_tokens"})  # why an answer ended, as providers call it


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came: the text of a JSON object, read by nobody yet."""

    text: str
    tokens_in: int | None
    tokens_out: int | None


class ChatClient:
    """Safe to share between threads.

    Raises:
        ModelUnavailable: the provider's package is not installed; the message names the extra.
    """

    def __init__(self, options: ChatOptions) -> None:
        package = _PACKAGES.get(options.provider)
        if package and find_spec(package) is None:
            raise ModelUnavailable(
                f"{package.replace('_', '-')} is not installed: "
                f"pip install 'mailwright[{options.provider}]'"
            )
        self._options = options
        self._client: Any = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Load the provider's package, which takes seconds, before a clock starts.

        Raises:
            ModelUnavailable: it is not installed, or a key is missing.
        """
        with self._lock:
            if self._client is None:
                self._client = self._made()

    def ask(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        on_piece: Callable[[str], None] | None,
    ) -> Received:
        """The model's answer.

        Args:
            on_piece: gets every piece of the answer as it comes; None asks for it whole.

        Raises:
            ChatFailure: there is none.
        """
        from langsmith import tracing_context

        self.open()
        try:
            with tracing_context(enabled=False):
                runnable = self._client.with_structured_output(
                    dict(schema), include_raw=True, **_method(self._options.provider)
                )
                if on_piece is None:
                    reply = runnable.invoke(list(messages))
                else:
                    reply = _streamed(runnable, messages, on_piece)
        # Each provider's package has its own errors, and a writer has one answer to them all.
        except Exception as error:
            raise failure_of(error, self._options.timeout_s) from error
        return _received(reply)

    def _made(self) -> Any:
        from langchain.chat_models import init_chat_model

        chosen = self._options
        key = _KEYS.get(chosen.provider, "")
        settings: dict[str, Any] = {"temperature": 0}
        if chosen.base_url.strip():
            settings["base_url"] = chosen.base_url.strip()
        if key and not os.environ.get(key):
            if not chosen.base_url.strip():
                raise ModelUnavailable(f"no {key} is set")
            settings["api_key"] = "none"  # a server of one's own often wants none
        if chosen.provider == "ollama":
            settings["num_predict"] = chosen.max_output_tokens
            settings["client_kwargs"] = {"timeout": chosen.timeout_s}
        else:
            settings["max_tokens"] = chosen.max_output_tokens
            settings["timeout"] = chosen.timeout_s
            settings["max_retries"] = 0  # `Chat` tries again, by its own rules
        if chosen.provider == "openai":
            settings["stream_usage"] = True
            if chosen.base_url.strip():
                settings["use_responses_api"] = False  # such servers speak chat completions
        try:
            return init_chat_model(f"{chosen.provider}:{chosen.name}", **settings)
        except ImportError as error:
            package = f"langchain-{chosen.provider.replace('_', '-')}"
            raise ModelUnavailable(f"{package} is not installed: pip install {package}") from error
        except ValueError as error:
            raise ModelUnavailable(
                f"LangChain knows no provider «{chosen.provider}»: see chat_model in the settings"
            ) from error


def _method(provider: str) -> dict[str, Any]:
    if provider == "openai":
        return {"method": "json_schema", "strict": True}
    return {"method": "json_schema"} if provider in _PACKAGES else {}


def _streamed(
    runnable: Any, messages: Sequence[Message], on_piece: Callable[[str], None]
) -> dict[str, Any]:
    from langchain_core.callbacks import BaseCallbackHandler

    class Listener(BaseCallbackHandler):
        def on_llm_new_token(self, token: Any, **more: Any) -> None:
            del more
            if isinstance(token, str) and token:
                on_piece(token)

    reply: dict[str, Any] = {}
    for piece in runnable.stream(list(messages), config={"callbacks": [Listener()]}):
        for key, value in piece.items():
            held = reply.get(key)
            reply[key] = held + value if key == "raw" and held is not None else value
    return reply


def _received(reply: Mapping[str, Any]) -> Received:
    raw = reply["raw"]
    usage = getattr(raw, "usage_metadata", None) or {}
    tokens = (usage.get("input_tokens") or None, usage.get("output_tokens") or None)
    about = getattr(raw, "response_metadata", None) or {}
    ended = next(
        (about[k] for k in ("finish_reason", "stop_reason", "done_reason") if about.get(k)), ""
    )
    if ended == "refusal" or getattr(raw, "additional_kwargs", {}).get("refusal"):
        raise ChatFailure(REFUSED, tokens=tokens)
    if ended in _CUT:
        raise ChatFailure(CUT_OFF, tokens=tokens)
    text = str(raw.text)
    if not text.strip() and isinstance(reply.get("parsed"), dict):
        text = json.dumps(reply["parsed"], ensure_ascii=False)
    return Received(text, *tokens)
