"""What the pages need of the rooms and `workflow` does not offer yet.

The one place below `interface/web` that looks past workflow; nothing here decides or
writes. Each function belongs into the workflow module that its docstring names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contracts.decision import User
from contracts.errors import NotAllowed
from contracts.mail import Edition
from workflow.campaign import campaign_record, planned
from workflow.house import House

__all__ = [
    "TacticName",
    "approved_before",
    "campaign_names",
    "left_out_counts",
    "passage_counts",
    "tactic_names",
    "trial_editions",
    "why_not",
    "why_not_decide",
]


def why_not(user: User, action: str) -> str:
    """Why a user may not do this, "" where he may (workflow.people)."""
    from review import require

    try:
        require(user, action)
    except NotAllowed as error:
        return str(error)
    return ""


def why_not_decide(user: User, authors: Collection[str]) -> str:
    """Why a user may not decide on what these authors made, "" where he may
    (workflow.approval)."""
    from review import require_decider

    try:
        require_decider(user, authors)
    except NotAllowed as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class TacticName:
    name: str
    why: str


def tactic_names() -> Mapping[str, TacticName]:
    """Every tactic by its id, as a marketer knows it (workflow.campaign)."""
    from variants import tactics

    return {key: TacticName(item.name, item.why) for key, item in tactics().items()}


def campaign_names(house: House) -> list[str]:
    """The campaigns that were ever drafted, by name (workflow.campaign)."""
    with house.store.read() as tx:
        return sorted(record.name for record in tx.campaigns.all())


def left_out_counts(house: House, name: str) -> Mapping[str, int]:
    """Whom the last drafting or queueing of a campaign left out, by reason
    (workflow.campaign)."""
    with house.store.read() as tx:
        return dict(tx.left_out.counts(name))


def approved_before(house: House, draft_id: str) -> bool:
    """Whether some version of this draft was approved once (workflow.approval.ReviewItem)."""
    with house.store.read() as tx:
        return tx.reviews.last_approved(draft_id) is not None


def passage_counts(house: House) -> Mapping[str, int]:
    """How many passages each case is searched by, by case id (workflow.knowledge)."""
    from knowledge_base import split_passages
    from workflow.knowledge import list_cases

    return {case.id: len(split_passages(case)) for case in list_cases(house)}


def trial_editions(house: House, name: str, draft_id: str) -> tuple[Edition, ...]:
    """The mails of a draft as they would be screened now, nothing kept (workflow.screening)."""
    from evaluation import load_packs
    from personalize import build_edition

    record = campaign_record(house, name)
    packs = load_packs()
    profiles = {
        (group.segment, group.language): tuple(group.profiles)
        for group in planned(house, record.brief).groups
    }
    with house.store.read() as tx:
        variants = tx.editions.variants(draft_id)
    return tuple(
        build_edition(
            variant,
            packs.profile(code),
            record.sender,
            house.unsubscribe_base,
            versions=packs.versions,
        )
        for variant in variants
        for code in profiles.get((variant.segment, variant.language), ())
    )
