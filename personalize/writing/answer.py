"""What a chat model is asked to return: sentences, each with the passages that say it.

The shape keeps to what the strict JSON schemas of OpenAI-compatible servers allow: every
key is required, none is unknown, and no value carries a length or a pattern. What the
sentences may hold is judged afterwards, module by module, so that one bad sentence costs
one module and not the answer.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Answer", "Sentence", "Wording"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(_Strict):
    """One sentence of the email."""

    text: str = Field(description="the sentence, in the language asked for")
    cites: list[str] = Field(description="labels of the passages that say it; empty if none")


class Wording(_Strict):
    """One way of saying it."""

    tactic: str = Field(description="id of the tactic")
    sentences: list[Sentence]


class Answer(_Strict):
    """The parts of the email that were asked for."""

    subjects: list[Wording]
    preheader: list[Sentence]
    openers: list[Wording]
    problem: list[Sentence]
    proof: list[Sentence]
