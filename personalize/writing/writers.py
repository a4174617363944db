"""Which writer the settings ask for."""

from __future__ import annotations

from personalize.writing.composer import Composer
from personalize.writing.task import Writer

__all__ = ["open_writer"]


def open_writer(chat_model: str = "", base_url: str = "") -> Writer:
    """The composer for "", else the chat model named "provider:model"."""
    if not chat_model:
        return Composer()
    from personalize.writing.model_writer import ModelWriter

    return ModelWriter(chat_model, base_url)
