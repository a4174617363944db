"""The writer that asks a chat model, and takes of its answer what holds.

The composer writes first: its draft is the base, what greeting, offer, request and sign-off
are taken from, and what stands in where the model says something that may not be said. What
fails is asked for once more, with the reasons. A module that was replaced in the end says
so, and why, in its note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from contracts.mail import Draft
from personalize.errors import ModelUnavailable
from personalize.writing.answer import Answer, answer_schema, partial_texts, read_json
from personalize.writing.assembly import Assembly, Taken, asked_of, modules_by
from personalize.writing.budget import budget_for
from personalize.writing.chat import AnswerCache, Chat
from personalize.writing.chat_failure import NOT_JSON
from personalize.writing.chat_options import ChatOptions
from personalize.writing.chat_usage import Ledger
from personalize.writing.composer import Composer
from personalize.writing.inspection import Inspector
from personalize.writing.letter_book import letter_book
from personalize.writing.letter_evidence import collect_evidence
from personalize.writing.prompt_files import prompt_file
from personalize.writing.prompts import Asked, Prompt, facts_of, write_prompt, write_repair
from personalize.writing.task import Writer, WritingTask

__all__ = ["ModelWriter", "OnPartial"]

OnPartial = Callable[[Mapping[str, str]], None]
"""Gets the text of each part as far as it has come, by "subject", "proof" and so on. It is
called in the thread that asked for the draft. Nothing of the text was checked: it may be
shown while the draft is being written, and is not the draft."""


class ModelWriter:
    """Writes drafts with a chat model. Safe to share between threads.

    Args:
        options: the model and how it is asked.
        cache: where answers are kept, so that drafting again asks nothing.
        ledger: where tokens are counted.
        composer: writes the base of every draft.

    Raises:
        ModelUnavailable: the package for the provider is not installed.
    """

    def __init__(
        self,
        options: ChatOptions,
        cache: AnswerCache | None = None,
        ledger: Ledger | None = None,
        composer: Writer | None = None,
    ) -> None:
        self.name = f"model:{options.model.strip()}"
        self.at_once = options.at_once  # drafts that may be asked for at the same time
        self.repairs = options.repairs  # times that faulty parts are asked for again
        self.composer: Writer = composer or Composer()
        self._chat = Chat(options, cache, ledger)

    @property
    def chat(self) -> Chat:
        """The model itself, for others that ask it within the same limits."""
        return self._chat

    def write(self, task: WritingTask, on_partial: OnPartial | None = None) -> Draft:
        """A draft for the task; see `Writer.write`. A model that fails raises nothing: the
        composer's draft comes back with the reason in the notes. The draft's writer is the
        model only where words of the model's are in it.

        Args:
            on_partial: what is told of the text while it comes; None waits for it whole.
        """
        base = self.composer.write(task)
        asked = asked_of(base)
        if not asked.all_kinds:
            return base
        book = letter_book(task.language)
        evidence = collect_evidence(task, book, base, asked.all_kinds)
        budget = budget_for(base, book, asked.all_kinds, task.limits)
        prompt = write_prompt(task, book, evidence, budget, asked)
        assembly = Assembly(base, asked, book, budget, self.name)
        inspector = Inspector(
            task, book, evidence, budget, [facts_of(task)], asked.with_result, self.name
        )
        try:
            taken = self._taken(prompt, asked, assembly, inspector, task.brief.name, on_partial)
        except ModelUnavailable as error:
            return assembly.without_answer(str(error))
        draft = assembly.draft(taken)
        if not modules_by(draft, self.name):
            return draft
        return replace(
            draft,
            writer=self.name,
            sources={**base.sources, "prompts/letter": prompt.version},
        )

    def _taken(
        self,
        prompt: Prompt,
        asked: Asked,
        assembly: Assembly,
        inspector: Inspector,
        campaign: str,
        on_partial: OnPartial | None,
    ) -> Taken:
        """What holds of the answer, and of a second one for the parts that did not.

        Raises:
            ModelUnavailable: there is no answer at all.
        """
        shown: dict[str, str] = {}

        def show(received: str) -> None:
            if on_partial is not None:
                on_partial({**shown, **partial_texts(received)})

        on_text = show if on_partial is not None else None
        schema = answer_schema(asked.slots, asked.kinds)
        received = self._chat.ask(prompt, schema, campaign, on_text)
        answer = read_json(received, Answer)
        if answer is None:
            taken = Taken(faults={kind.value: NOT_JSON for kind in asked.all_kinds})
        else:
            self._chat.keep(prompt, schema, received)
            taken = assembly.take(answer, inspector, asked)
        if not taken.faults or not self.repairs:
            return taken
        shown.update(partial_texts(received))
        again = asked.only(taken.faults)
        repair = write_repair(prompt, received, taken.faults, answer is None, prompt_file().repair)
        schema = answer_schema(again.slots, again.kinds)
        try:
            received = self._chat.ask(repair, schema, campaign, on_text)
        except ModelUnavailable:
            return taken
        mended = read_json(received, Answer)
        if mended is None:
            return taken
        self._chat.keep(repair, schema, received)
        return taken.with_later(assembly.take(mended, inspector, again))
