"""Which writer a workspace uses, by its setting."""

from __future__ import annotations

from personalize.writing.composer import Composer
from personalize.writing.model_writer import ModelWriter
from personalize.writing.task import Writer

__all__ = ["open_writer"]


def open_writer(chat_model: str, base_url: str = "") -> Writer:
    """The composer for "", a `ModelWriter` for "provider:model".

    Args:
        chat_model: such as "openai:gpt-4.1", or "openai:" and the name under which an
            OpenAI-compatible server offers its model.
        base_url: that server's address, "http://127.0.0.1:8000/v1"; "" for the provider's own.

    Raises:
        BadInput: `chat_model` is not of that form.
        ModelUnavailable: the package for the provider is not installed.
    """
    return ModelWriter(chat_model, base_url) if chat_model.strip() else Composer()
