"""A campaign from brief to queue in one call: as far as it may go, and on from there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from contracts.brief import Brief, Sender
from contracts.decision import DraftState, User
from contracts.delivery import EnvelopeState
from contracts.seams import Progress
from contracts.verdict import Severity
from workflow.approval import submit_campaign
from workflow.campaign import draft_campaign, make_variants
from workflow.house import House
from workflow.screening import Screened, screen_campaign
from workflow.sending import queue_campaign, queue_counts, work_queue

__all__ = ["RunResult", "Stopwatch", "run_campaign"]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did, in counts, and how long its steps took."""

    campaign: str
    cases: int
    passages: int
    contacts: Mapping[str, int]  # of an import: taken, mended, refused; else on_record
    segments: int
    drafts: int
    variants: int
    editions: int
    blocked: int  # editions
    blocked_by: Mapping[str, int]  # rule -> editions
    waiting: int  # drafts before a reviewer
    approved: int  # drafts
    queued: int  # envelopes that wait
    sent: int
    held: int
    left_out: Mapping[str, int]
    seconds: Mapping[str, float]
    outputs: Mapping[str, str] = field(default_factory=dict)


class Stopwatch:
    """Seconds by step, in the order in which the steps began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


def run_campaign(
    house: House,
    brief: Brief,
    sender: Sender,
    actor: User,
    *,
    progress: Progress | None = None,
    work: bool = False,
    watch: Stopwatch | None = None,
    contacts: Mapping[str, int] | None = None,
) -> RunResult:
    """Draft, vary, screen and submit; queue what is approved; with `work`, hand it over.

    Calling it again goes on from where it stands: what did not change keeps its approval,
    and a contact gets one envelope of a campaign however often this is called.

    Raises:
        NotAllowed: the actor lacks a role for a step.
        BadInput: no cases, no contacts, or nobody remains to write to.
    """
    watch = watch or Stopwatch()
    with watch.step("draft"):
        run = draft_campaign(house, brief, sender, actor, progress)
    with watch.step("variants"):
        variants = make_variants(house, brief.name, actor)
    with watch.step("screen"):
        screened = screen_campaign(house, brief.name, actor, progress)
    with watch.step("submit"):
        submit_campaign(house, brief.name, actor)
    states = _states(house, brief.name)
    if states.get(DraftState.APPROVED, 0):
        with watch.step("queue"):
            queue_campaign(house, brief.name, actor)
        if work:
            with watch.step("send"):
                work_queue(house, actor=actor)
    return result_of(
        house,
        brief,
        variants=sum(len(items) for items in variants.values()),
        screened=screened,
        drafts=len(run.drafts),
        seconds=watch.seconds,
        contacts=contacts,
    )


def _states(house: House, name: str) -> dict[DraftState, int]:
    with house.store.read() as tx:
        records = tx.drafts.for_campaign(name)
    counts: dict[DraftState, int] = {}
    for record in records:
        counts[record.state] = counts.get(record.state, 0) + 1
    return counts


def result_of(
    house: House,
    brief: Brief,
    *,
    variants: int,
    screened: list[Screened],
    drafts: int,
    seconds: Mapping[str, float],
    contacts: Mapping[str, int] | None = None,
    outputs: Mapping[str, str] | None = None,
) -> RunResult:
    """The counts of a campaign as the records hold them now."""
    states = _states(house, brief.name)
    queue = queue_counts(house, brief.name)
    with house.store.read() as tx:
        cases, people = tx.cases.count(), tx.contacts.count()
        left_out = tx.left_out.counts(brief.name)
    blocked = [item for item in screened if item.blocked]
    rules: dict[str, int] = {}
    for item in blocked:
        for rule in sorted(
            {f.rule for f in item.screening.findings if f.severity is Severity.BLOCK}
        ):
            rules[rule] = rules.get(rule, 0) + 1
    return RunResult(
        campaign=brief.name,
        cases=cases,
        passages=house.index.count(),
        contacts=contacts or {"on_record": people},
        segments=len({item.draft.draft.segment for item in screened}),
        drafts=drafts,
        variants=variants,
        editions=len(screened),
        blocked=len(blocked),
        blocked_by=rules,
        waiting=states.get(DraftState.SUBMITTED, 0),
        approved=states.get(DraftState.APPROVED, 0),
        queued=queue.get(EnvelopeState.DUE, 0),
        sent=queue.get(EnvelopeState.SENT, 0),
        held=queue.get(EnvelopeState.HELD, 0),
        left_out=left_out,
        seconds=dict(seconds),
        outputs=outputs or {},
    )
