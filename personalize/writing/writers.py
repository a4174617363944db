"""Which writer a workspace uses, by its settings."""

from __future__ import annotations

from personalize.writing.chat import AnswerCache
from personalize.writing.chat_options import ChatOptions
from personalize.writing.chat_usage import Ledger
from personalize.writing.composer import Composer
from personalize.writing.model_writer import ModelWriter
from personalize.writing.task import Writer

__all__ = ["open_writer"]


def open_writer(
    chat: ChatOptions | str,
    base_url: str = "",
    cache: AnswerCache | None = None,
    ledger: Ledger | None = None,
) -> Writer:
    """The composer for "", a `ModelWriter` for a chat model.

    Args:
        chat: the model and how it is asked; or only its name, such as "openai:gpt-4.1", or
            "openai:" and the name under which an OpenAI-compatible server offers its model.
        base_url: with a name, that server's address, "http://127.0.0.1:8000/v1"; "" for the
            provider's own.
        cache: where answers are kept; None keeps none.
        ledger: where tokens are counted; None counts none.

    Raises:
        BadInput: the name is not "provider:model".
        ModelUnavailable: the package for the provider is not installed.
    """
    if isinstance(chat, str):
        if not chat.strip():
            return Composer()
        chat = ChatOptions(chat, base_url)
    return ModelWriter(chat, cache, ledger)
