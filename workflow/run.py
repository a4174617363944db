"""A campaign from brief to queue in one call: as far as it may go, and on from there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from contracts.audience import ImportReport
from contracts.brief import Brief, Sender
from contracts.decision import DraftState, User
from contracts.look import Look
from contracts.seams import Progress
from workflow.approval import submit_campaign
from workflow.campaign import draft_campaign, make_variants
from workflow.house import House
from workflow.screening import screen_campaign
from workflow.sending import queue_campaign, work_queue
from workflow.summary import Summary, summary

__all__ = ["Stopwatch", "run_campaign"]


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
    contacts: ImportReport | None = None,
    look: Look | None = None,
) -> Summary:
    """Draft, vary, screen and submit; queue what is approved; with `work`, hand it over.

    Calling it again goes on from where it stands: what did not change keeps its approval,
    and a contact gets one envelope of a campaign however often this is called.

    Raises:
        NotAllowed: the actor lacks a role for a step.
        BadInput: no cases, no contacts, or nobody remains to write to.
    """
    watch = watch or Stopwatch()
    with watch.step("draft"):
        draft_campaign(house, brief, sender, actor, progress, look=look)
    with watch.step("variants"):
        make_variants(house, brief.name, actor)
    with watch.step("screen"):
        screen_campaign(house, brief.name, actor, progress)
    with watch.step("submit"):
        submit_campaign(house, brief.name, actor)
    states = _states(house, brief.name)
    if states.get(DraftState.APPROVED, 0):
        with watch.step("queue"):
            queue_campaign(house, brief.name, actor)
        if work:
            with watch.step("send"):
                work_queue(house, actor=actor)
    return summary(house, brief.name, contacts=contacts, seconds=watch.seconds)


def _states(house: House, name: str) -> dict[DraftState, int]:
    with house.store.read() as tx:
        records = tx.drafts.for_campaign(name)
    counts: dict[DraftState, int] = {}
    for record in records:
        counts[record.state] = counts.get(record.state, 0) + 1
    return counts
