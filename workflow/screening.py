"""Variants become editions, and every edition is screened before anyone may approve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.decision import DraftState, User
from contracts.delivery import Envelope, MergeValues
from contracts.errors import BadInput
from contracts.mail import Edition, Variant
from contracts.seams import NoProgress, Progress
from contracts.verdict import Screening, Suppression, Verdict
from delivery import compose
from evaluation import (
    RulePacks,
    ScreeningContext,
    load_packs,
    screen_edition,
)
from evaluation.attachments.clamav import clamd_at
from personalize import address_words, build_edition
from personalize.audience import greeting_values, sample_reader
from review import require, step
from storage import CampaignRecord, DraftRecord, Transaction
from workflow.audience import Group
from workflow.campaign import campaign_record, planned
from workflow.house import House
from workflow.house_rules import HouseRules, set_aside_rules, workspace_rules

__all__ = ["Screened", "sample_message", "screen_campaign", "trial_editions"]


@dataclass(frozen=True, slots=True)
class Screened:
    draft: DraftRecord
    variant: Variant
    edition: Edition
    screening: Screening

    @property
    def blocked(self) -> bool:
        return self.screening.verdict is Verdict.BLOCK


def screen_campaign(
    house: House, name: str, actor: User, progress: Progress | None = None
) -> list[Screened]:
    """Build and screen an edition of every variant for every legal profile of its readers.

    A draft all of whose editions are blocked becomes BLOCKED and goes no further.

    Raises:
        NotAllowed: the actor may not write.
        UnknownCampaign: the campaign was never drafted.
        BadInput: its drafts have no variants yet.
    """
    require(actor, "screen")
    progress = progress or NoProgress()
    record = campaign_record(house, name)
    packs = load_packs()
    groups = {
        (group.segment, group.language): group
        for group in planned(house, record.brief, record.sender).groups
    }
    with house.store.read() as tx:
        drafts = tx.drafts.for_campaign(name)
        variants = {entry.draft.id: tx.editions.variants(entry.draft.id) for entry in drafts}
    work = [
        (entry, variant, code)
        for entry in drafts
        for variant in variants[entry.draft.id]
        for code in _profiles(groups.get((entry.draft.segment, entry.draft.language)))
    ]
    decided = workspace_rules(house), set_aside_rules(house)
    results: list[Screened] = []
    if drafts and not any(variants.values()):
        raise BadInput(
            f"«{name}» has no variants yet: run `mailwright campaign variants BRIEF` first"
        )
    progress.start("screen editions", len(work))
    for entry, variant, code in work:
        edition = _edition(house, record, packs, variant, code, _number(variants, variant))
        screening = _screen(house, record, packs, variant, edition, *decided)
        results.append(Screened(entry, variant, edition, screening))
        progress.advance()
    progress.done()
    _keep(house, name, actor, drafts, results)
    return results


def trial_editions(house: House, name: str, draft_id: str) -> tuple[Edition, ...]:
    """The mails of a draft as they would be screened now; nothing is kept.

    Raises:
        UnknownCampaign: the campaign was never drafted.
    """
    record = campaign_record(house, name)
    packs = load_packs()
    groups = {
        (group.segment, group.language): group
        for group in planned(house, record.brief, record.sender).groups
    }
    with house.store.read() as tx:
        variants = tx.editions.variants(draft_id)
    return tuple(
        _edition(house, record, packs, variant, code, number)
        for number, variant in enumerate(variants, start=1)
        for code in _profiles(groups.get((variant.segment, variant.language)))
    )


def _number(variants: Mapping[str, Sequence[Variant]], variant: Variant) -> int:
    """Which variant of its draft it is, from 1."""
    return [item.id for item in variants[variant.draft_id]].index(variant.id) + 1


def _edition(
    house: House,
    record: CampaignRecord,
    packs: RulePacks,
    variant: Variant,
    code: str,
    number: int,
) -> Edition:
    return build_edition(
        variant,
        packs.profile(code),
        record.sender,
        house.unsubscribe_base,
        packs.versions,
        brief=record.brief,
        brand=record.look.brand,
        images=record.look.images,
        number=number,
    )


def _profiles(group: Group | None) -> tuple[str, ...]:
    return tuple(group.profiles) if group else ()


def _screen(
    house: House,
    record: CampaignRecord,
    packs: RulePacks,
    variant: Variant,
    edition: Edition,
    rules: HouseRules,
    set_aside: Sequence[Suppression],
) -> Screening:
    sample_message(house, edition)  # an edition that cannot become a message is refused here
    context = ScreeningContext(
        jurisdictions=packs.profile(edition.profile).jurisdictions,
        language=edition.language,
        sender=record.sender,
        brief=record.brief,
        modules=variant.modules,
        evidence=house.evidence(),
        in_campaign=True,
        consent_judged=True,  # whoever lacks it was left out of the audience
        now=house.clock(),
        voice=record.look.voice,
        address=address_words(edition.language),
        severities=rules.severities,
        registers=rules.registers,
        scanner=clamd_at(house.settings.clamav) if house.settings.clamav else None,
        suppressions=tuple(
            replace(item, mail="") for item in set_aside if item.mail in ("", edition.campaign)
        ),
    )
    return screen_edition(edition, context, packs)


def sample_message(house: House, edition: Edition) -> bytes:
    """The edition as the invented reader of its language would get it, byte for byte but for
    the names."""
    keys = edition.choices.get("greeting", {})
    reader = sample_reader(edition.language)
    merge = greeting_values(reader, edition.language)
    chosen = dict(merge.choices) if merge.choices["greeting"] in keys else {}
    if keys and not chosen:
        chosen = {"greeting": "none" if "none" in keys else next(iter(keys))}
    reasons = edition.choices.get("reason", {})
    if reasons:
        chosen["reason"] = "double_opt_in" if "double_opt_in" in reasons else next(iter(reasons))
    text = " ".join(edition.choices[name][key] for name, key in chosen.items())
    values = {name: value for name, value in merge.values.items() if f"[[{name}]]" in text}
    now = house.clock()
    envelope = Envelope(
        id="n_sample",
        key="sample",
        campaign=edition.campaign,
        contact_id=reader.id,
        edition_id=edition.id,
        arm="",
        address=reader.email,
        merge=MergeValues(choices=chosen, values=values),
        seal="",
        due_at=now,
    )
    return compose(edition, envelope, house.unsubscribe_url(edition, envelope), now, "")


def _keep(
    house: House,
    name: str,
    actor: User,
    drafts: list[DraftRecord],
    results: list[Screened],
) -> None:
    now = house.clock()
    with house.store.begin() as tx:
        for entry in drafts:
            own = [item for item in results if item.draft.draft.id == entry.draft.id]
            for item in own:
                tx.editions.put(item.edition, entry.draft.id)
                tx.editions.put_screening(item.screening)
            tx.editions.keep(entry.draft.id, [item.edition.id for item in own])
            _state(tx, entry, own)
        tx.audit.append(
            actor.id,
            "campaign.screened",
            name,
            {item.edition.id: item.screening.verdict.value for item in results},
            now,
        )


def _state(tx: Transaction, entry: DraftRecord, own: list[Screened]) -> None:
    """Where the draft stands after screening. What was submitted or approved stays so only
    while its editions are the very ones that were put before the reviewer."""
    submission = tx.reviews.submission(entry.draft.id)
    passed = {item.edition.id for item in own if not item.blocked}
    same = submission is not None and set(submission.seals) == passed
    if own and not passed:
        state = DraftState.BLOCKED
    elif same and entry.state in (
        DraftState.SUBMITTED,
        DraftState.APPROVED,
        DraftState.REJECTED,
    ):
        state = entry.state
    else:
        state = DraftState.DRAFTED
    if state is not entry.state:
        tx.drafts.set_state(entry.draft.id, step(entry.state, state))
