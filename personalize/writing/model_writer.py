"""The writer that asks a chat model, and takes of its answer what holds.

The composer writes first: its draft is the base, what greeting, offer, request and sign-off
are taken from, and what stands in where the model says something that may not be said. A
module that was replaced says so, and why, in its note.
"""

from __future__ import annotations

from dataclasses import replace

from contracts.mail import Draft
from personalize.errors import ModelUnavailable
from personalize.writing.assembly import Assembly, modules_by
from personalize.writing.budget import budget_for
from personalize.writing.chat import Chat
from personalize.writing.composer import Composer
from personalize.writing.inspection import Inspector
from personalize.writing.phrases import phrase_book
from personalize.writing.prompt_files import prompt_file
from personalize.writing.prompts import write_prompt
from personalize.writing.sources import collect_evidence
from personalize.writing.task import WritingTask

__all__ = ["ModelWriter"]


class ModelWriter:
    """Writes drafts with a chat model.

    Args:
        model: "provider:model", such as "openai:gpt-4.1"; it must take temperature 0.
        base_url: of an OpenAI-compatible server; "" for the provider's own.
        composer: writes the base of every draft.
        timeout_s: seconds that one draft waits for the model, retries included.

    Raises:
        BadInput: `model` is not "provider:model".
        ModelUnavailable: the package for the provider is not installed.
    """

    def __init__(
        self,
        model: str,
        base_url: str = "",
        composer: Composer | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self.name = f"model:{model.strip()}"
        self._chat = Chat(model, base_url, timeout_s)
        self._composer = composer or Composer()

    def write(self, task: WritingTask) -> Draft:
        """A draft for the task; see `Writer.write`. A model that fails raises nothing: the
        composer's draft comes back with the reason in the notes. The draft's writer is the
        model only where words of the model's are in it."""
        base = self._composer.write(task)
        book = phrase_book(task.language)
        evidence = collect_evidence(task, book)
        budget = budget_for(base, book, prompt_file().shares, task.limits)
        prompt = write_prompt(task, book, evidence, budget)
        assembly = Assembly(base, book, budget, self.name)
        try:
            answer = self._chat.ask(prompt.system, prompt.user)
        except ModelUnavailable as error:
            return assembly.without_answer(str(error))
        inspector = Inspector(task, book, evidence, budget, self.name)
        draft = assembly.with_answer(answer, inspector)
        if not modules_by(draft, self.name):
            return draft
        return replace(
            draft,
            writer=self.name,
            sources={**base.sources, "prompts/letter": prompt.version},
        )
