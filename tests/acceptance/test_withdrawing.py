"""A case is taken back in the middle of a campaign: nothing that rests on it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Sample

from contracts.case import Case
from contracts.decision import DraftState
from contracts.delivery import Envelope, EnvelopeState
from contracts.errors import BadInput, NotAllowed
from contracts.verdict import Verdict
from delivery import Handover, HandoverStatus, MaildirTransport
from workflow.approval import approve, waiting
from workflow.campaign import draft_campaign
from workflow.house import House, open_house
from workflow.screening import screen_campaign
from workflow.sending import queue_campaign, queue_counts, queue_list, release, work_queue
from workflow.settings import load_settings
from workflow.withdrawing import resting_on, restore, withdraw

WHY = "the customer asked us to stop"


def queue_all(house: House, sample: Sample) -> list[Envelope]:
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    queue_campaign(house, sample.files.brief.name, sample.marketer)
    return queue_list(house, limit=None)


def case_of_many(house: House) -> str:
    """A case that some of the queued mails rest on and others do not."""
    envelopes = queue_list(house, limit=None)
    with house.store.read() as tx:
        ids = sorted(case.id for case in tx.cases.all())
    counts = {case_id: resting_on(house, case_id).due for case_id in ids}
    case_id = max(counts, key=lambda item: counts[item])
    assert 0 < counts[case_id] < len(envelopes)
    return case_id


def resting_ids(house: House, case_id: str) -> set[str]:
    editions = {use.id for use in resting_on(house, case_id).editions}
    return {item.id for item in queue_list(house, limit=None) if item.edition_id in editions}


def send(house: House, folder: Path) -> int:
    return work_queue(house, transport=MaildirTransport(folder)).sent


def held_ids(house: House) -> set[str]:
    return {item.id for item in queue_list(house, state=EnvelopeState.HELD, limit=None)}


def test_nothing_of_a_withdrawn_case_is_sent_and_all_else_is(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queued = queue_all(house, sample)
    case_id = case_of_many(house)
    concerned = resting_ids(house, case_id)
    before = resting_on(house, case_id)
    assert (before.due, before.held) == (len(concerned), 0)
    assert before.drafts
    assert before.approvals
    assert {item.reviewer for item in before.approvals} == {sample.reviewer.id}

    done = withdraw(house, case_id, WHY, sample.reviewer)
    assert (done.changed, done.held, done.resting.due) == (True, len(concerned), 0)
    assert held_ids(house) == concerned
    assert {item.reason for item in queue_list(house, state=EnvelopeState.HELD)} == {
        f"case withdrawn: {case_id}"
    }
    assert send(house, tmp_path / "mail") == len(queued) - len(concerned)
    assert held_ids(house) == concerned

    again = withdraw(house, case_id, WHY, sample.reviewer)
    assert (again.changed, again.held, again.resting.held) == (False, 0, len(concerned))

    victim = sorted(concerned)[0]
    with pytest.raises(BadInput, match="withdrawn"):
        release(house, victim, sample.marketer)
    with pytest.raises(NotAllowed):
        restore(house, case_id, "they agreed", sample.reviewer)
    back = restore(house, case_id, "they agreed after all", sample.marketer)
    assert (back.changed, back.resting.held) == (True, len(concerned))
    assert send(house, tmp_path / "mail") == 0
    assert held_ids(house) == concerned
    assert release(house, victim, sample.marketer)
    assert send(house, tmp_path / "mail") == 1
    assert held_ids(house) == concerned - {victim}
    with house.store.read() as tx:
        entries = [item for item in tx.audit.entries() if item.subject == case_id]
    assert [item.action for item in entries] == ["case.withdrawn", "case.restored"]
    assert entries[0].payload["held"] == str(len(concerned))
    assert entries[0].payload["why"] == WHY
    assert entries[0].actor == sample.reviewer.id


def test_what_was_sent_already_is_said(house: House, sample: Sample, tmp_path: Path) -> None:
    queue_all(house, sample)
    case_id = case_of_many(house)
    count = len(resting_ids(house, case_id))
    send(house, tmp_path / "mail")
    done = withdraw(house, case_id, WHY, sample.marketer)
    assert (done.held, done.resting.sent) == (0, count)


def test_queueing_again_refuses_and_a_later_envelope_is_held_at_its_claim(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    with house.store.read() as tx:
        names = sorted(case.id for case in tx.cases.all())
    used = [case_id for case_id in names if resting_on(house, case_id).editions]
    withdraw(house, used[0], WHY, sample.marketer)
    result = queue_campaign(house, sample.files.brief.name, sample.marketer)
    assert result.left_out["case_withdrawn"] > 0
    assert result.queued > 0
    assert resting_on(house, used[0]).envelopes == ()
    for case_id in used[1:]:
        withdraw(house, case_id, WHY, sample.marketer)
    with pytest.raises(BadInput, match="case withdrawn"):
        queue_campaign(house, sample.files.brief.name, sample.marketer)
    assert send(house, tmp_path / "mail") == 0


def test_a_case_that_is_withdrawn_before_the_decision_cannot_be_approved(
    house: House, sample: Sample
) -> None:
    submission = waiting(house)[0]
    with house.store.read() as tx:
        edition_id = next(iter(submission.seals))
        case_id = min(tx.citations.cases_of(edition_id))
    withdraw(house, case_id, WHY, sample.marketer)
    with pytest.raises(BadInput, match="case withdrawn"):
        approve(house, submission.draft_id, sample.reviewer)


def spoilt_screening(house: House, sample: Sample, spoil: Callable[[str], None]) -> None:
    """An approved draft whose case is spoilt is blocked by the next screening."""
    queue_all(house, sample)
    case_id = case_of_many(house)
    drafts = {item.id for item in resting_on(house, case_id).drafts}
    spoil(case_id)
    results = screen_campaign(house, sample.files.brief.name, sample.marketer)
    mine = [item for item in results if item.draft.draft.id in drafts]
    assert mine
    for item in mine:
        assert item.screening.verdict is Verdict.BLOCK
        rules = {finding.rule for finding in item.screening.findings}
        assert "claims.case_not_usable" in rules
    assert {item.state for item in resting_on(house, case_id).drafts} == {DraftState.BLOCKED}


def test_the_next_screening_blocks_what_cites_a_withdrawn_case(
    house: House, sample: Sample
) -> None:
    def spoil(case_id: str) -> None:
        withdraw(house, case_id, WHY, sample.marketer)

    spoilt_screening(house, sample, spoil)


def ended(house: House, case_id: str) -> Case:
    """Let the right to use a case end yesterday."""
    with house.store.begin() as tx:
        case = tx.cases.get(case_id)
        assert case is not None
        case = replace(case, valid_until=house.today - timedelta(days=1))
        tx.cases.put(case)
    return case


def test_the_next_screening_blocks_what_cites_an_expired_case(house: House, sample: Sample) -> None:
    def spoil(case_id: str) -> None:
        ended(house, case_id)

    spoilt_screening(house, sample, spoil)


def test_what_rests_on_a_case_that_has_expired_since_is_held_at_its_claim(
    house: House, sample: Sample, tmp_path: Path
) -> None:
    queued = queue_all(house, sample)
    case_id = case_of_many(house)
    concerned = resting_ids(house, case_id)
    ended(house, case_id)
    report = work_queue(house, transport=MaildirTransport(tmp_path / "mail"))
    assert (report.sent, report.held) == (len(queued) - len(concerned), len(concerned))
    assert held_ids(house) == concerned
    assert {item.reason for item in queue_list(house, state=EnvelopeState.HELD)} == {
        f"case expired: {case_id}"
    }


def test_who_would_get_the_mail_after_the_last_day_is_left_out(
    house: House, sample: Sample
) -> None:
    for submission in waiting(house):
        approve(house, submission.draft_id, sample.reviewer)
    name = sample.files.brief.name
    start = datetime.now(UTC) + timedelta(days=3)
    with house.store.begin() as tx:
        record = tx.campaigns.get(name)
        assert record is not None
        send_plan = record.brief.send.model_copy(update={"start": start})
        brief = record.brief.model_copy(update={"send": send_plan})
        tx.campaigns.put(name, brief, record.sender, house.clock())
        case_id = next(
            case.id
            for case in tx.cases.all()
            if tx.citations.editions(case.id) and case.usable(house.today)
        )
        case = tx.cases.get(case_id)
        assert case is not None
        tx.cases.put(replace(case, valid_until=house.today + timedelta(days=1)))
    result = queue_campaign(house, name, sample.marketer)
    assert result.left_out["case_expired"] > 0
    assert resting_on(house, case_id).due == 0


class Slow:
    """A transport that lets something happen while it has the first mail in hand."""

    mark = "slow"
    leaves_the_house = False

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.meanwhile = meanwhile
        self.handed: list[str] = []

    def deliver(self, envelope: Envelope, raw: bytes, sender: str, recipient: str) -> Handover:
        del raw, sender, recipient
        if not self.handed:
            self.meanwhile()
        self.handed.append(envelope.id)
        return Handover(HandoverStatus.TAKEN)

    def was_taken(self, envelope: Envelope) -> bool | None:
        return envelope.id in self.handed

    def close(self) -> None:
        pass


def test_a_worker_that_runs_on_sends_nothing_after_the_withdrawal(
    house: House, sample: Sample
) -> None:
    """The withdrawal comes from another process while a long-lived worker is at it."""
    queued = queue_all(house, sample)
    case_id = case_of_many(house)
    concerned = resting_ids(house, case_id)
    first = min(queued, key=lambda item: item.due_at)
    sending: list[int] = []

    def meanwhile() -> None:
        with open_house(load_settings(sample.folder)) as other:
            sending.append(withdraw(other, case_id, WHY, sample.reviewer).resting.sending)

    transport = Slow(meanwhile)
    work_queue(house, transport=transport)
    assert concerned & set(transport.handed) <= {first.id}
    assert sending == [int(first.id in concerned)]
    assert len(transport.handed) + len(held_ids(house)) == len(queued)


def test_a_withdrawal_between_claim_and_handover_holds_the_mail(
    house: House, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_all(house, sample)
    with house.store.read() as tx:
        due = tx.envelopes.list(state=EnvelopeState.DUE, limit=1)[0]
        case_id = min(tx.citations.cases_of(due.edition_id))
    claim = house.store.outbox.claim

    def claim_then_withdraw(*args, **kwargs):  # type: ignore[no-untyped-def]
        claimed = claim(*args, **kwargs)
        if not resting_on(house, case_id).case.withdrawn:
            withdraw(house, case_id, WHY, sample.marketer)
        return claimed

    monkeypatch.setattr(house.store.outbox, "claim", claim_then_withdraw)
    transport = Slow(lambda: None)
    work_queue(house, transport=transport)
    assert due.id not in transport.handed
    assert due.id in held_ids(house)
    assert queue_counts(house)[EnvelopeState.SENDING] == 0


def test_drafting_again_finds_other_evidence(house: House, sample: Sample) -> None:
    queue_all(house, sample)
    case_id = case_of_many(house)
    withdraw(house, case_id, WHY, sample.marketer)
    run = draft_campaign(house, sample.files.brief, sample.files.sender, sample.marketer)
    assert all(case_id not in draft.case_ids for draft in run.drafts)
    assert resting_on(house, case_id).drafts == ()


def test_withdrawing_needs_a_reason_and_a_case(house: House, sample: Sample) -> None:
    with pytest.raises(BadInput, match="why"):
        withdraw(house, "larkmoor-bakeries", "  ", sample.marketer)
    for act in (withdraw, restore):
        with pytest.raises(BadInput, match="kb list"):
            act(house, "no-such-case", WHY, sample.marketer)
    with pytest.raises(BadInput, match="no-such-case"):
        resting_on(house, "no-such-case")
    assert not restore(house, "larkmoor-bakeries", WHY, sample.marketer).changed
