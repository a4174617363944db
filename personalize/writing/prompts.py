"""A task and its sources as the messages that a chat model gets.

A prompt holds facts of the segment, of the product and of the cases that are told. It is
made from a `WritingTask`, which has no place for a contact, so there is nothing of one to
leave out; the names of campaign and segment, which people choose freely, stay out too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from contracts.brief import Brief, local_text
from contracts.canonical import content_hash
from contracts.mail import ModuleKind, Slot
from language.taxonomy import load_taxonomy
from personalize.errors import BadPhrases
from personalize.writing.budget import Budget
from personalize.writing.letter_book import SHORT, LetterBook
from personalize.writing.letter_evidence import Evidence, Telling
from personalize.writing.module_kinds import module_contract
from personalize.writing.presets import presets
from personalize.writing.prompt_files import PromptFile, by_language, prompt_file
from personalize.writing.task import WritingTask

__all__ = [
    "Asked",
    "Message",
    "Prompt",
    "address_of",
    "facts_of",
    "fence",
    "render_prompt",
    "write_prompt",
    "write_repair",
]

Message = tuple[Literal["system", "human", "ai"], str]

_SHORTEST_FENCE = 8
_TAG = 12  # hexadecimal digits: nobody can write a text that holds its own


@dataclass(frozen=True, slots=True)
class Asked:
    """What one letter asks of a model."""

    slots: tuple[Slot, ...]
    kinds: tuple[ModuleKind, ...]  # modules that stand in no slot
    with_result: tuple[ModuleKind, ...]  # must state a measured result

    @property
    def all_kinds(self) -> tuple[ModuleKind, ...]:
        return (*(ModuleKind(slot.value) for slot in self.slots), *self.kinds)

    def only(self, parts: Collection[str]) -> Asked:
        """These parts of it, by the names of their kinds."""
        return Asked(
            tuple(slot for slot in self.slots if slot.value in parts),
            tuple(kind for kind in self.kinds if kind.value in parts),
            self.with_result,
        )


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to a model, all of it."""

    messages: tuple[Message, ...]
    version: str


def write_prompt(
    task: WritingTask, book: LetterBook, evidence: Evidence, budget: Budget, asked: Asked
) -> Prompt:
    """The messages for one task. The same task gives the same text.

    Raises:
        BadPhrases: the prompt file is broken.
    """
    file = prompt_file()
    facts = facts_of(task)
    mark = fence([facts, *(source.shown for source in evidence.sources)])
    values: dict[str, Any] = {
        "fence": mark,
        "facts": facts,
        "language": task.language,
        "language_name": by_language(file.languages, task.language, task.language),
        "address": address_of(task.address, task.language),
        "conventions": by_language(file.conventions, task.language, ""),
        "tone": file.tones.get(task.brief.tone, task.brief.tone),
        "purpose": _purpose(task.brief),
        "preferred": _json(task.preferred),
        "forbidden": _json(task.forbidden),
        "customers": [_customer(file, evidence, telling) for telling in evidence.tellings],
        "sources": evidence.sources,
        "limits": {kind.value: told for kind, told in budget.told.items()},
        "unit": book.unit,
        "subject_tactics": _tactics(file.tactics.subject, Slot.SUBJECT, asked),
        "opener_tactics": _tactics(file.tactics.opener, Slot.OPENER, asked),
        "parts": [_part(kind, book, evidence, budget, asked) for kind in asked.kinds],
        "variation": f"{task.ordinal}.{task.seed}" if task.ordinal or task.seed else "",
    }
    return Prompt(
        (
            ("system", render_prompt(file.system, values)),
            ("human", render_prompt(file.user, values)),
        ),
        file.version,
    )


def write_repair(
    prompt: Prompt, received: str, findings: Mapping[str, str], unreadable: bool, template: str
) -> Prompt:
    """The prompt again with the answer that came and what is wrong with it, by part."""
    values = {
        "findings": [{"part": part, "why": why} for part, why in findings.items()],
        "unreadable": unreadable,
    }
    messages: tuple[Message, ...] = (
        *prompt.messages,
        ("ai", received or "{}"),
        ("human", render_prompt(template, values)),
    )
    return Prompt(messages, prompt.version)


def fence(texts: Iterable[str]) -> str:
    """A mark that stands in none of `texts` and that none of them could foresee: tildes, one
    more than in their longest run, and the beginning of their hash."""
    held = list(texts)
    runs = (len(run) for text in held for run in re.findall("~+", text))
    tildes = "~" * max(_SHORTEST_FENCE, max(runs, default=0) + 1)
    return f"{tildes}{content_hash(held)[:_TAG]}"


def address_of(form: str, language: str) -> str:
    """How readers of `language` are addressed in this form, as an instruction; "" where it
    goes without saying."""
    address = prompt_file().address
    texts = address.familiar if form == "familiar" else address.formal
    return by_language(texts, language, "")


def facts_of(task: WritingTask) -> str:
    """What is known of the segment and the product. JSON, so that a value stays a value."""
    file, product = prompt_file(), task.brief.product
    facts = {
        "industry": _label("industry", task.industry, task.language),
        "role": _label("role", task.role, task.language),
        "problem": _label("problem", task.problem, task.language),
        "relation": file.stages.get(task.stage, task.stage),
        "last_contact": file.touches.get(task.touch, task.touch),
        "product": product.name,
        "product_description": local_text(product.description, task.language),
    }
    return json.dumps({key: value for key, value in facts.items() if value}, ensure_ascii=False)


def _label(kind: Literal["industry", "role", "problem"], term_id: str, language: str) -> str:
    if not term_id:
        return ""
    labels = load_taxonomy().term(kind, term_id).labels
    return by_language(labels, language, "") or labels.get("en") or term_id


def _purpose(brief: Brief) -> str:
    kind = presets().get(brief.mail)
    return kind.purpose if kind else ""


def _customer(file: PromptFile, evidence: Evidence, telling: Telling) -> Mapping[str, str]:
    if telling.name:
        text = render_prompt(file.customer_named, {"name": telling.name})
    elif telling.anonymous:
        text = render_prompt(file.customer_unnamed, {"name": telling.anonymous})
    else:
        text = file.customer_unknown
    return {"passages": _range(evidence.labels(telling.case.id)), "text": text}


def _range(labels: Sequence[str]) -> str:
    return f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else "".join(labels)


def _tactics(texts: Mapping[str, str], slot: Slot, asked: Asked) -> list[Mapping[str, str]]:
    if slot not in asked.slots:
        return []
    return [{"id": name, "text": text} for name, text in texts.items()]


def _part(
    kind: ModuleKind, book: LetterBook, evidence: Evidence, budget: Budget, asked: Asked
) -> Mapping[str, Any]:
    contract = module_contract(kind)
    only = _range(evidence.labels(evidence.case_for(kind))) if len(evidence.tellings) > 1 else ""
    return {
        "kind": kind.value,
        "purpose": contract.purpose,
        "limit": budget.told[kind],
        "unit": "characters" if kind in SHORT else book.unit,
        "single": kind in SHORT,
        "cites_all": contract.cites_all,
        "result": kind in asked.with_result,
        "only": only,
        "fields": ", ".join(f"[[{name}]]" for name in contract.fields),
    }


def _json(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False) if words else ""


def render_prompt(text: str, values: Mapping[str, Any]) -> str:
    """A text of a prompt file with its values.

    Raises:
        BadPhrases: it names a value that there is not, or is no Jinja2.
    """
    from jinja2 import TemplateError

    try:
        return str(_environment().from_string(text).render(values)).strip()
    except TemplateError as error:
        raise BadPhrases(f"personalize/prompts: {error}; mend the file") from error


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
