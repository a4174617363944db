"""An approved draft, said in another language.

A draft whose claims, figures and names were checked once is taken as it is: what a model
says of it in another language must hold the same figures, names, merge fields and claims,
module by module. A module that does not is the composer's of that language, and says why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from contracts.mail import Draft, Module, ModuleKind, Slot
from personalize.errors import ModelUnavailable, NoEvidence
from personalize.writing.answer import read_json
from personalize.writing.assembly import Assembly, Taken, asked_of, modules_by
from personalize.writing.budget import budget_for
from personalize.writing.chat_failure import NOT_JSON
from personalize.writing.claim_marks import marked
from personalize.writing.glossary import Glossary
from personalize.writing.inspection import Inspector
from personalize.writing.letter_book import SHORT, letter_book
from personalize.writing.letter_evidence import collect_evidence
from personalize.writing.model_writer import ModelWriter
from personalize.writing.prompt_files import by_language, prompt_file, translation_file
from personalize.writing.prompts import (
    Asked,
    Prompt,
    address_of,
    facts_of,
    fence,
    render_prompt,
    write_repair,
)
from personalize.writing.task import Writer, WritingTask
from personalize.writing.text_signs import TextSigns
from personalize.writing.translation_checks import Rendering, names_of

__all__ = ["translate_draft"]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: list[_Said]


@dataclass(frozen=True, slots=True)
class _Part:
    """One module or wording of the draft, as it is to be said in the other language."""

    id: str
    source: Module
    slot: Slot | None = None
    tactic: str = ""


def translate_draft(
    base: Draft, task: WritingTask, writer: ModelWriter, glossary: Glossary | None = None
) -> Draft:
    """`base` in the language of `task`. One request, and a second for what did not hold.

    What the composer alone may write (greeting, offer, dates, request, sign-off) is its own
    of that language, from the brief. A model that fails raises nothing.

    Args:
        base: an approved draft of the same campaign and segment, in another language.
        task: as for writing that draft anew in the language wanted; it must hold the cases
            that `base` cites.
        glossary: terms that must be said with its words.

    Raises:
        NoText, NoEvidence: as `Writer.write` does.
    """
    glossary = glossary or Glossary()
    own = _composed(base, task, writer.composer)
    book = letter_book(task.language)
    parts, asked = _parts(base, own)
    if not parts:
        return own
    evidence = collect_evidence(task, book, own, asked.all_kinds)
    budget = budget_for(own, book, asked.all_kinds, task.limits)
    names = names_of(evidence, task.cases, task.brief.product.name)
    facts = [facts_of(task), *(form for forms in names.values() for form in forms)]
    facts += [word for t in glossary.between(base.language, task.language) for word in t.target]
    limits = {kind: budget.told[kind] for kind in asked.all_kinds if kind in SHORT}
    inspector = Inspector(task, book, evidence, budget, facts, (), writer.name)
    signs = TextSigns(task.language, [part.source.text for part in parts], facts, task.forbidden)
    rendering = Rendering(
        base.language, task, inspector, signs, names, glossary, limits, writer.name
    )
    prompt = _prompt(base, task, parts, names, glossary, limits)
    assembly = Assembly(own, asked, book, budget, writer.name)
    try:
        taken = _taken(writer, prompt, parts, rendering, task.brief.name)
    except ModelUnavailable as error:
        return assembly.without_answer(str(error))
    draft = assembly.draft(taken)
    if not modules_by(draft, writer.name):
        return draft
    return replace(
        draft,
        writer=writer.name,
        sources={
            **own.sources,
            "prompts/translation": prompt.version,
            f"translated/{base.language}": base.hash,
        },
    )


def _composed(base: Draft, task: WritingTask, composer: Writer) -> Draft:
    """The composer's draft in the other language, of the same cases where they allow it."""
    told = tuple(p for p in task.passages if p.case_id in base.case_ids)
    try:
        return composer.write(replace(task, passages=told or task.passages))
    except NoEvidence:
        if told == task.passages:
            raise
        return composer.write(task)


def _parts(base: Draft, own: Draft) -> tuple[list[_Part], Asked]:
    """What of `base` a model may say in the other language: modules and wordings that it may
    write, and that the letter there has a place for."""
    here, there = asked_of(replace(base, locked=())), asked_of(own)
    slots = tuple(slot for slot in there.slots if slot in here.slots)
    kinds = tuple(kind for kind in there.kinds if kind in here.kinds)
    parts = [
        _Part(f"{item.slot.value}-{number}", item.module, item.slot, item.tactic)
        for slot in slots
        for number, item in enumerate((a for a in base.alternatives if a.slot is slot), start=1)
    ]
    parts += [_Part(m.kind.value, m) for m in base.modules if m.kind in kinds]
    return parts, Asked(slots, kinds, ())


def _prompt(
    base: Draft,
    task: WritingTask,
    parts: Sequence[_Part],
    names: Mapping[str, tuple[str, ...]],
    glossary: Glossary,
    limits: Mapping[ModuleKind, int],
) -> Prompt:
    file, letter = translation_file(), prompt_file()
    texts = [marked(p.source.text, [c.span for c in p.source.claims]) for p in parts]
    shown = [
        {"id": part.id, "text": text, "limit": _limit(part, limits)}
        for part, text in zip(parts, texts, strict=True)
    ]
    values: dict[str, Any] = {
        "fence": fence(texts),
        "source_language": base.language,
        "source_name": by_language(letter.languages, base.language, base.language),
        "language": task.language,
        "language_name": by_language(letter.languages, task.language, task.language),
        "address": address_of(task.address, task.language),
        "conventions": by_language(letter.conventions, task.language, ""),
        "tone": letter.tones.get(task.brief.tone, task.brief.tone),
        "names": json.dumps([forms[0] for forms in names.values()], ensure_ascii=False),
        "glossary": glossary.shown(
            [part.source.text for part in parts], base.language, task.language
        ),
        "parts": shown,
    }
    return Prompt(
        (
            ("system", render_prompt(file.system, values)),
            ("human", render_prompt(file.user, values)),
        ),
        file.version,
    )


def _limit(part: _Part, limits: Mapping[ModuleKind, int]) -> str:
    most = limits.get(part.source.kind, 0)
    return f"{most} characters" if most else ""


def _taken(
    writer: ModelWriter,
    prompt: Prompt,
    parts: Sequence[_Part],
    rendering: Rendering,
    campaign: str,
) -> Taken:
    """What holds of the answer, and of a second one for the parts that did not.

    Raises:
        ModelUnavailable: there is no answer at all.
    """
    held: dict[str, Module] = {}
    faults: dict[str, str] = {}
    rounds = [prompt]
    for number in range(1 + writer.repairs):
        asked = [part for part in parts if part.id not in held]
        schema = _schema([part.id for part in asked])
        try:
            received = writer.chat.ask(rounds[-1], schema, campaign)
        except ModelUnavailable:
            if number:
                break
            raise
        answer = read_json(received, _Answer)
        if answer is None:
            faults = faults if number else {part.id: NOT_JSON for part in asked}
        else:
            writer.chat.keep(rounds[-1], schema, received)
            faults = {}
            texts = {item.id: item.text for item in answer.parts}
            for part in asked:
                found = rendering.module(part.source, texts.get(part.id, ""))
                if found.module is None:
                    faults[part.id] = found.why
                else:
                    held[part.id] = found.module
        if not faults:
            break
        template = translation_file().repair
        rounds.append(write_repair(prompt, received, faults, answer is None, template))
    return _joined(parts, held, faults)


def _joined(parts: Sequence[_Part], held: Mapping[str, Module], faults: Mapping[str, str]) -> Taken:
    """By slot and tactic, and by kind, as a draft is put together."""
    slots: dict[Slot, dict[str, Module]] = {}
    lost: dict[Slot, dict[str, str]] = {}
    modules: dict[ModuleKind, Module] = {}
    missing: dict[str, str] = {}
    for part in parts:
        module, why = held.get(part.id), faults.get(part.id, "")
        if part.slot is None and module is not None:
            modules[part.source.kind] = module
        elif part.slot is None:
            missing[part.source.kind.value] = why
        elif module is not None:
            slots.setdefault(part.slot, {})[part.tactic] = module
        else:
            lost.setdefault(part.slot, {})[part.tactic] = why
            missing.setdefault(part.slot.value, why)
    return Taken(slots, lost, modules, missing)


def _schema(ids: Sequence[str]) -> dict[str, Any]:
    part = {
        "type": "object",
        "properties": {"id": {"type": "string", "enum": list(ids)}, "text": {"type": "string"}},
        "required": ["id", "text"],
        "additionalProperties": False,
    }
    return {
        "title": "Translation",
        "description": "The parts of the email in the other language.",
        "type": "object",
        "properties": {"parts": {"type": "array", "items": part}},
        "required": ["parts"],
        "additionalProperties": False,
    }
