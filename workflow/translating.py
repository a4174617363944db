"""An approved draft said in other languages, so that what was approved is not written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.decision import DraftState, User
from contracts.errors import BadInput
from contracts.mail import CaseCitation, Draft
from contracts.seams import NoProgress, Progress
from personalize import (
    Glossary,
    ModelWriter,
    languages,
    load_glossary,
    rewritten,
    translate_draft,
)
from review import require
from storage import DraftRecord
from workflow.campaign import campaign_record, make_variants
from workflow.editing import find_draft
from workflow.house import House
from workflow.model_writing import house_writer
from workflow.writing_task import segment_rule, writing_task

__all__ = ["Translated", "may_translate", "translate"]


@dataclass(frozen=True, slots=True)
class Translated:
    draft: Draft
    notes: tuple[str, ...]  # "module: why" of the modules that the composer had to write


def may_translate(house: House, entry: DraftRecord) -> tuple[str, ...]:
    """The languages that a draft can be said in: those in which the campaign writes to the
    same segment. Empty without a chat model, or while the draft is not approved."""
    if entry.state is not DraftState.APPROVED or not house.settings.chat_model.strip():
        return ()
    with house.store.read() as tx:
        others = tx.drafts.for_campaign(entry.draft.campaign)
    return tuple(
        other.draft.language
        for other in others
        if other.draft.segment == entry.draft.segment and other.draft.id != entry.draft.id
    )


def translate(
    house: House,
    name: str,
    draft: str,
    into: Sequence[str],
    actor: User,
    glossary: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Translated, ...]:
    """The drafts of the same segment in the languages `into`, made of an approved draft by the
    chat model of the settings. They take the place of the drafts that were there, but for
    modules that a person has locked, and are screened and approved like any other.

    Args:
        draft: the approved draft: its id, the beginning of it, or "segment/language".
        glossary: a file of terms that must be said with its words.

    Raises:
        NotAllowed: the actor may not write.
        UnknownCampaign: the campaign was never drafted.
        BadInput: the draft is not approved, no chat model is set, or the campaign has no draft
            of the segment in one of the languages.
        NoText, NoEvidence: a text of the brief, or evidence, is missing in a language.
    """
    require(actor, "draft")
    progress = progress or NoProgress()
    record = campaign_record(house, name)
    entry = find_draft(house, name, draft)
    base = entry.draft
    if entry.state is not DraftState.APPROVED:
        raise BadInput(
            f"«{base.segment}/{base.language}» is not approved yet: only an approved draft is "
            "said in other languages; review it first"
        )
    writer = house_writer(house)
    if not isinstance(writer, ModelWriter):
        raise BadInput("no chat model is set, and only one can translate: set `chat_model`")
    terms = load_glossary(glossary) if glossary else Glossary()
    rule = segment_rule(record.brief, base.segment)
    targets = [_target(house, name, base, tag) for tag in dict.fromkeys(into)]
    if not targets:
        raise BadInput("no language to say it in: name one with --to")
    progress.start("translate", len(targets))
    made: list[Translated] = []
    for target in targets:
        task = writing_task(
            house,
            record.brief,
            record.sender,
            rule,
            target.draft.language,
            voice=record.look.voice,
            also=_cited(base),
        )
        said = translate_draft(base, task, writer, terms)
        if target.draft.locked and target.draft.preset == said.preset:
            said = rewritten(target.draft, said)
        _store(house, name, entry, target, said, actor)
        notes = tuple(f"{module.kind}: {module.note}" for module in said.modules if module.note)
        made.append(Translated(said, notes))
        progress.advance()
    progress.done()
    return tuple(made)


def _target(house: House, name: str, base: Draft, language: str) -> DraftRecord:
    if language == base.language:
        raise BadInput(f"the draft is in {language} already: name another language")
    if language not in languages():
        raise BadInput(f"«{language}» is not written: choose {', '.join(languages())}")
    return find_draft(house, name, f"{base.segment}/{language}")


def _store(
    house: House, name: str, source: DraftRecord, target: DraftRecord, said: Draft, actor: User
) -> None:
    """Keep it, unless what it rests on, or what it replaces, was changed meanwhile."""
    now = house.clock()
    with house.store.begin() as tx:
        for known in (source, target):
            current = tx.drafts.get(known.draft.id)
            if current is None or (current.draft.hash, current.state) != (
                known.draft.hash,
                known.state,
            ):
                raise BadInput("somebody has changed one of the drafts meanwhile: look again")
        tx.drafts.put(said, actor.id, now)
        details = {said.id: said.hash, "from": source.draft.id, "hash": source.draft.hash}
        tx.audit.append(actor.id, "draft.translated", name, details, now)
        varied = bool(tx.editions.variants(said.id))
    if varied:
        make_variants(house, name, actor)


def _cited(draft: Draft) -> tuple[str, ...]:
    """The cases that a draft's claims rest on."""
    return tuple(
        dict.fromkeys(
            claim.citation.case_id
            for module in draft.modules
            for claim in module.claims
            if isinstance(claim.citation, CaseCitation)
        )
    )
