"""From a brief to drafts and variants: who is written to, with what evidence, in what words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from contracts.audience import LeftOut
from contracts.brief import Brief, Sender
from contracts.decision import DraftState, User
from contracts.errors import BadInput
from contracts.look import Look
from contracts.mail import Draft, Variant
from contracts.seams import NoProgress, Progress
from evaluation import load_packs
from personalize import NoEvidence, OnWriting, Writer, rewritten, write_all
from review import require
from storage import CampaignRecord, DraftRecord
from variants import Design, design, generate, tactics
from workflow.audience import Audience, Group, plan_audience
from workflow.errors import NobodyRemains, UnknownCampaign
from workflow.house import House
from workflow.model_writing import house_writer
from workflow.writing_task import segment_rule, writing_task

__all__ = [
    "Coming",
    "DraftRun",
    "TacticName",
    "arms_of",
    "campaign_names",
    "campaign_record",
    "draft_campaign",
    "drafts_of",
    "left_out_counts",
    "make_variants",
    "planned",
    "tactic_names",
]


Coming = Callable[[str, str, Mapping[str, str]], None]
"""Gets segment, language and the text of each part as far as a model has written it, unchecked,
in the thread that asked for the drafts."""


@dataclass(frozen=True, slots=True)
class DraftRun:
    """What drafting made, and whom it could not serve."""

    drafts: tuple[Draft, ...]
    audience: Audience
    notes: tuple[str, ...] = ()  # what a model's draft had to be helped with


def campaign_record(house: House, name: str) -> CampaignRecord:
    """The campaign as it was last drafted.

    Raises:
        UnknownCampaign: it was never drafted.
    """
    with house.store.read() as tx:
        record = tx.campaigns.get(name)
    if record is None:
        raise UnknownCampaign(
            f"there is no campaign «{name}»: run `mailwright campaign draft BRIEF` first"
        )
    return record


def campaign_names(house: House) -> list[str]:
    """The campaigns that were ever drafted, sorted by name."""
    with house.store.read() as tx:
        return sorted(record.name for record in tx.campaigns.all())


def left_out_counts(house: House, name: str) -> Mapping[str, int]:
    """Whom the last drafting or queueing of a campaign left out, by reason."""
    with house.store.read() as tx:
        return dict(tx.left_out.counts(name))


@dataclass(frozen=True, slots=True)
class TacticName:
    name: str
    why: str


def tactic_names() -> Mapping[str, TacticName]:
    """Every tactic by its id, as a marketer knows it."""
    return {key: TacticName(item.name, item.why) for key, item in tactics().items()}


def drafts_of(house: House, name: str) -> list[DraftRecord]:
    with house.store.read() as tx:
        return tx.drafts.for_campaign(name)


def planned(house: House, brief: Brief, sender: Sender | None = None) -> Audience:
    """Who would be written to now, and who would be left out for what reason."""
    packs = load_packs()
    with house.store.read() as tx:
        return plan_audience(tx, brief, packs, sender)


def draft_campaign(
    house: House,
    brief: Brief,
    sender: Sender,
    actor: User,
    progress: Progress | None = None,
    writer: Writer | None = None,
    look: Look | None = None,
    coming: Coming | None = None,
) -> DraftRun:
    """One draft for each segment and language that has somebody to write to.

    The number of drafts, and of calls to a model, follows from segments and languages and
    never from the number of contacts. Drafting again with the same brief and cases gives
    the same drafts and keeps their state; modules that a person has locked stay as they are.

    Args:
        writer: who writes; None is the one of the settings.
        look: brand, voice and images; None is the product's own look and no voice.
        coming: what is told of letters while a model writes them.

    Raises:
        NotAllowed: the actor may not write.
        BadInput: no contacts or no cases are on record.
        NobodyRemains: nobody is left to write to; the message counts the reasons.
    """
    require(actor, "draft")
    progress = progress or NoProgress()
    writer = writer or house_writer(house)
    look = look or Look()
    audience = planned(house, brief, sender)
    _something_to_do(house, audience)
    drafts: list[Draft] = []
    notes: list[str] = []
    left_out = list(audience.left_out)
    kept: list[Group] = []
    before = {entry.draft.id: entry.draft for entry in drafts_of(house, brief.name)}
    tasks = [
        writing_task(
            house,
            brief,
            sender,
            segment_rule(brief, group.segment),
            group.language,
            voice=look.voice,
        )
        for group in audience.groups
    ]
    results = write_all(writer, tasks, progress, coming and _by_name(coming))
    for group, written in zip(audience.groups, results, strict=True):
        draft = written.draft
        if draft is None:
            reason = "no_passage" if isinstance(written.why, NoEvidence) else "no_text"
            why = str(written.why)
            left_out += [LeftOut(contact.id, reason, why) for contact in group.contacts]
            continue
        old = before.get(draft.id)
        if old is not None and old.locked and old.preset == draft.preset:
            draft = rewritten(old, draft)
        drafts.append(draft)
        kept.append(group)
        notes += [
            f"{draft.segment}, {draft.language}: {module.note}"
            for module in draft.modules
            if module.note
        ]
    audience = replace(audience, groups=tuple(kept), left_out=tuple(left_out))
    if not drafts:
        raise NobodyRemains(_nobody(audience))
    _keep(house, brief, sender, look, actor, drafts, audience)
    return DraftRun(tuple(drafts), audience, tuple(notes))


def make_variants(house: House, name: str, actor: User) -> dict[str, tuple[Variant, ...]]:
    """The variants of each draft of a campaign, by draft id.

    Raises:
        NotAllowed: the actor may not write.
        UnknownCampaign: it was never drafted.
    """
    require(actor, "draft")
    record = campaign_record(house, name)
    plan = record.brief.experiment
    made: dict[str, tuple[Variant, ...]] = {}
    with house.store.begin() as tx:
        for entry in tx.drafts.for_campaign(name):
            variants = generate(entry.draft, plan.slots, plan.max_variants)
            if [item.id for item in tx.editions.variants(entry.draft.id)] != [
                item.id for item in variants
            ]:
                tx.editions.put_variants(entry.draft.id, variants)
                tx.drafts.add_author(entry.draft.id, actor.id)
                if entry.state is not DraftState.DRAFTED:
                    tx.drafts.set_state(entry.draft.id, DraftState.DRAFTED)
            made[entry.draft.id] = variants
        tx.audit.append(
            actor.id,
            "campaign.varied",
            name,
            {key: " ".join(item.id for item in variants) for key, variants in made.items()},
            house.clock(),
        )
    return made


def arms_of(brief: Brief, recipients: int, variants: int) -> Design:
    """How many arms a group of recipients can bear."""
    return design(recipients, variants, brief.experiment)


def _by_name(coming: Coming) -> OnWriting:
    return lambda task, texts: coming(task.segment, task.language, texts)


def _something_to_do(house: House, audience: Audience) -> None:
    with house.store.read() as tx:
        cases, contacts = tx.cases.count(), tx.contacts.count()
    if not contacts:
        raise BadInput("there are no contacts: run `mailwright contacts import FILE.csv`")
    if not cases:
        raise BadInput("the knowledge base is empty: run `mailwright kb add PATH`")
    if not audience.groups:
        raise NobodyRemains(_nobody(audience))


def _nobody(audience: Audience) -> str:
    reasons = ", ".join(f"{reason} {count}" for reason, count in audience.left_out_counts().items())
    return f"nobody remains to write to ({reasons}): see `mailwright contacts segments BRIEF`"


def _keep(
    house: House,
    brief: Brief,
    sender: Sender,
    look: Look,
    actor: User,
    drafts: list[Draft],
    audience: Audience,
) -> None:
    now = house.clock()
    with house.store.begin() as tx:
        before = tx.campaigns.get(brief.name)
        tx.campaigns.put(brief.name, brief, sender, now, look)
        # They are sealed with every edition: who changes one of them is an author of all.
        changed = before is None or (
            (before.brief, before.sender, before.look) != (brief, sender, look)
        )
        for draft in drafts:
            tx.drafts.put(draft, actor.id, now)
            if changed:
                tx.drafts.add_author(draft.id, actor.id)
        tx.drafts.remove_others(brief.name, [draft.id for draft in drafts])
        tx.left_out.replace(brief.name, audience.left_out)
        tx.audit.append(
            actor.id,
            "campaign.drafted",
            brief.name,
            {draft.id: draft.hash for draft in drafts},
            now,
        )
