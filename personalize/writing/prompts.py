"""A task and its sources as the two messages that a chat model gets.

A prompt holds facts of the segment, of the product and of one case. It is made from a
`WritingTask`, which has no place for a contact, so there is nothing of one to leave out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from language.taxonomy import load_taxonomy
from personalize.errors import BadPhrases
from personalize.writing.budget import Budget
from personalize.writing.composer import local
from personalize.writing.phrases import Pattern, PhraseBook
from personalize.writing.prompt_files import PromptFile, prompt_file
from personalize.writing.sources import Evidence, Source
from personalize.writing.task import WritingTask

__all__ = ["Prompt", "fence", "write_prompt"]

_SHORTEST_FENCE = 8


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to a model, all of it."""

    system: str
    user: str
    version: str


def write_prompt(task: WritingTask, book: PhraseBook, evidence: Evidence, budget: Budget) -> Prompt:
    """The messages for one task. The same task gives the same text.

    Raises:
        BadPhrases: the prompt file is broken.
    """
    file = prompt_file()
    facts = _facts(task)
    mark = fence([facts, *(source.shown for source in evidence.sources)])
    values: dict[str, Any] = {
        "fence": mark,
        "facts": facts,
        "language": task.language,
        "language_name": file.languages.get(task.language, task.language),
        "address": file.address.get(task.language, ""),
        "tone": file.tones.get(task.brief.tone, task.brief.tone),
        "customer": _customer(file, evidence),
        "passages": [_shown(source) for source in evidence.sources],
        "limits": {
            "subject": budget.subject,
            "preheader": budget.preheader,
            "opener": budget.opener,
            "problem": budget.problem,
            "proof": budget.proof,
            "unit": book.limits.count,
        },
        "subject_tactics": _tactics(file, book.subjects),
        "opener_tactics": _tactics(file, book.openers),
    }
    return Prompt(_render(file.system, values), _render(file.user, values), file.version)


def fence(texts: Iterable[str]) -> str:
    """A line of tildes that stands in none of `texts`: one longer than their longest run."""
    runs = (len(run) for text in texts for run in re.findall("~+", text))
    return "~" * max(_SHORTEST_FENCE, max(runs, default=0) + 1)


def _facts(task: WritingTask) -> str:
    """What is known of the segment and the product. JSON, so that a value stays a value."""
    product = task.brief.product
    facts = {
        "segment": task.segment,
        "industry": _label("industry", task.industry, task.language),
        "role": _label("role", task.role, task.language),
        "product": product.name,
        "product_description": local(product.description, task.language),
    }
    return json.dumps({key: value for key, value in facts.items() if value}, ensure_ascii=False)


def _label(kind: Literal["industry", "role"], term_id: str, language: str) -> str:
    if not term_id:
        return ""
    labels = load_taxonomy().term(kind, term_id).labels
    return labels.get(language) or labels.get("en") or term_id


def _customer(file: PromptFile, evidence: Evidence) -> str:
    if evidence.name:
        return _render(file.customer_named, {"name": evidence.name})
    if evidence.anonymous:
        return _render(file.customer_unnamed, {"name": evidence.anonymous})
    return file.customer_unknown


def _shown(source: Source) -> Mapping[str, str]:
    return {
        "label": source.label,
        "kind": source.kind.value,
        "language": source.case.language,
        "text": source.shown,
    }


def _tactics(file: PromptFile, patterns: Sequence[Pattern]) -> list[Mapping[str, str]]:
    ids = dict.fromkeys(pattern.tactic for pattern in patterns)
    return [{"id": name, "text": file.tactics.get(name, name)} for name in ids]


def _render(text: str, values: Mapping[str, Any]) -> str:
    from jinja2 import TemplateError

    try:
        return str(_environment().from_string(text).render(values)).strip()
    except TemplateError as error:
        raise BadPhrases(f"prompts/letter.yaml: {error}") from error


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
