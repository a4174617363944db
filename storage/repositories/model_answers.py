"""Answers of chat models, by a hash of everything that they were asked with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage.database import upsert
from storage.tables import model_answers

__all__ = ["ModelAnswers"]


class ModelAnswers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The answer kept under `key`, character for character; None if there is none."""
        query = select(model_answers.c.answer).where(model_answers.c.key == key)
        return self._connection.scalar(query)

    def put(self, key: str, model: str, answer: str, at: datetime) -> None:
        """Keep an answer; it takes the place of one that is there."""
        row = {"key": key, "model": model, "answer": answer, "at": at}
        upsert(self._connection, model_answers, row)
