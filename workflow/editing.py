"""One module of a draft changed by a person while the others stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.case import Case
from contracts.decision import User
from contracts.errors import BadInput
from contracts.mail import CaseCitation, Draft, ModuleKind
from personalize import (
    edit_module,
    lock,
    move_module,
    remove_module,
    rewritten,
    swap_module,
)
from review import require
from storage import DraftRecord
from workflow.campaign import campaign_record, make_variants
from workflow.house import House
from workflow.model_writing import house_writer
from workflow.writing_task import segment_rule, writing_task

__all__ = [
    "ModuleLine",
    "edit",
    "find_draft",
    "keep",
    "modules_of",
    "move",
    "regenerate",
    "remove",
    "swap",
]

_TRIES = 12  # seeds that are tried for another wording of one module


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module as a list of them shows it."""

    place: int  # in the body, from 1; 0 for subject and preheader
    kind: ModuleKind
    locked: bool
    origin: str
    tactics: tuple[str, ...]  # of the wordings that there are, the first one in use
    text: str
    note: str


def find_draft(house: House, name: str, draft: str) -> DraftRecord:
    """A draft of a campaign by its id, the beginning of it, or "segment/language".

    Raises:
        UnknownCampaign: the campaign was never drafted.
        BadInput: no draft, or more than one, is meant; the message lists them.
    """
    campaign_record(house, name)
    with house.store.read() as tx:
        entries = tx.drafts.for_campaign(name)
    found = [
        entry
        for entry in entries
        if entry.draft.id.startswith(draft)
        or f"{entry.draft.segment}/{entry.draft.language}" == draft
    ]
    if len(found) != 1:
        known = ", ".join(f"{e.draft.segment}/{e.draft.language}" for e in entries)
        raise BadInput(f"«{draft}» is {len(found) or 'no'} draft(s) of «{name}»: choose {known}")
    return found[0]


def modules_of(draft: Draft) -> tuple[ModuleLine, ...]:
    """The modules of a draft in their order."""
    lines: list[ModuleLine] = []
    place = 0
    for module in draft.modules:
        body = module.kind not in (ModuleKind.SUBJECT, ModuleKind.PREHEADER)
        place += body
        tactics = tuple(
            item.tactic for item in draft.alternatives if item.slot.value == module.kind.value
        )
        lines.append(
            ModuleLine(
                place=place if body else 0,
                kind=module.kind,
                locked=module.kind in draft.locked,
                origin=module.origin,
                tactics=tactics,
                text=module.text,
                note=module.note,
            )
        )
    return tuple(lines)


def edit(house: House, name: str, draft: str, kind: ModuleKind, text: str, actor: User) -> Draft:
    """Other words for a module, which is kept from then on when the campaign is drafted again.

    Raises:
        NotAllowed: the actor may not write.
        BadInput: no such draft or module, or an empty text.
    """
    return _changed(
        house, name, draft, actor, f"edited {kind}",
        lambda entry, cases: edit_module(entry.draft, kind, text, cases),
    )  # fmt: skip


def swap(house: House, name: str, draft: str, kind: ModuleKind, tactic: str, actor: User) -> Draft:
    """The wording of another tactic first; see `edit` for what is raised."""
    return _changed(
        house, name, draft, actor, f"swapped {kind}",
        lambda entry, _: swap_module(entry.draft, kind, tactic),
    )  # fmt: skip


def move(house: House, name: str, draft: str, kind: ModuleKind, place: int, actor: User) -> Draft:
    """A module at another place of the body, from 1; see `edit` for what is raised."""
    return _changed(
        house, name, draft, actor, f"moved {kind}",
        lambda entry, _: move_module(entry.draft, kind, place),
    )  # fmt: skip


def remove(house: House, name: str, draft: str, kind: ModuleKind, actor: User) -> Draft:
    """The draft without a module; see `edit` for what is raised."""
    return _changed(
        house, name, draft, actor, f"removed {kind}",
        lambda entry, _: remove_module(entry.draft, kind),
    )  # fmt: skip


def keep(
    house: House, name: str, draft: str, kind: ModuleKind, actor: User, *, locked: bool = True
) -> Draft:
    """A module kept, or no longer kept, when the campaign is drafted again; what is approved
    stays approved. See `edit` for what is raised."""
    return _changed(
        house, name, draft, actor, f"{'locked' if locked else 'unlocked'} {kind}",
        lambda entry, _: lock(entry.draft, [kind], locked=locked),
    )  # fmt: skip


def regenerate(house: House, name: str, draft: str, kind: ModuleKind, actor: User) -> Draft:
    """Another wording of one module by the writer of the settings; the others stay.

    Raises:
        BadInput: the module is locked, or there is no other wording of it.
        and as `edit` does.
    """
    require(actor, "draft")
    record = campaign_record(house, name)
    entry = find_draft(house, name, draft)
    old = entry.draft
    if kind in old.locked:
        raise BadInput(f"«{kind}» is locked: unlock it first, or edit it")
    before = next((module.text for module in old.modules if module.kind is kind), None)
    if before is None:
        raise BadInput(f"the draft has no module «{kind}»")
    writer = house_writer(house)
    rule = segment_rule(record.brief, old.segment)
    for seed in range(1, _TRIES + 1):
        task = writing_task(
            house, record.brief, record.sender, rule, old.language, seed, record.look.voice
        )
        made = rewritten(old, writer.write(task), [kind])
        if any(module.kind is kind and module.text != before for module in made.modules):
            return _stored(house, name, entry, made, actor, f"regenerated {kind}")
    raise BadInput(f"there is no other wording of «{kind}» for this segment: edit it instead")


def _changed(
    house: House,
    name: str,
    draft: str,
    actor: User,
    what: str,
    change: Callable[[DraftRecord, Mapping[str, Case]], Draft],
) -> Draft:
    require(actor, "draft")
    entry = find_draft(house, name, draft)
    made = change(entry, _cited_cases(house, entry.draft))
    return _stored(house, name, entry, made, actor, what)


def _stored(
    house: House, name: str, entry: DraftRecord, made: Draft, actor: User, what: str
) -> Draft:
    """Keep it, unless somebody else changed the draft meanwhile."""
    now = house.clock()
    with house.store.begin() as tx:
        current = tx.drafts.get(entry.draft.id)
        if current is None or current.draft.hash != entry.draft.hash:
            raise BadInput("somebody else has changed this draft meanwhile: look at it again")
        tx.drafts.put(made, actor.id, now)
        tx.audit.append(actor.id, "draft.changed", name, {made.id: made.hash, "what": what}, now)
        varied = bool(tx.editions.variants(made.id))
    if varied:  # what is screened next is what was written last
        make_variants(house, name, actor)
    return made


def _cited_cases(house: House, draft: Draft) -> Mapping[str, Case]:
    evidence = house.evidence()
    cases: dict[str, Case] = {}
    for module in draft.modules:
        for claim in module.claims:
            if isinstance(claim.citation, CaseCitation):
                case = evidence.case(claim.citation.case_id, claim.citation.text_hash)
                if case is not None:
                    cases[case.id] = case
    return cases
