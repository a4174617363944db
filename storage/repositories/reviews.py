"""What was put before the reviewers, and what they decided."""

from __future__ import annotations

from sqlalchemy import Select, func, insert, select
from sqlalchemy.engine import Connection

from contracts.decision import Approval, DecisionKind, DraftState, Submission
from storage.documents import APPROVAL, SUBMISSION
from storage.errors import UnknownRecord
from storage.tables import decisions, drafts, editions, submissions

__all__ = ["Reviews"]


class Reviews:
    """Every submission and decision is kept; the newest of a draft counts.

    Neither `submit` nor `decide` moves the draft's state: the caller checks the step
    (review.states) and sets it (`drafts.set_state`) in the same transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def submit(self, submission: Submission) -> None:
        self._connection.execute(
            insert(submissions).values(
                draft_id=submission.draft_id,
                campaign=submission.campaign,
                at=submission.at,
                body=SUBMISSION.dump(submission),
            )
        )

    def submission(self, draft_id: str) -> Submission | None:
        """The newest submission of the draft."""
        query = select(submissions.c.body).where(submissions.c.draft_id == draft_id)
        body = self._connection.scalar(query.order_by(submissions.c.seq.desc()).limit(1))
        return None if body is None else SUBMISSION.load(body)

    def waiting(self) -> list[Submission]:
        """The newest submission of every draft that waits for a decision, the oldest first."""
        newest = (
            select(func.max(submissions.c.seq))
            .join(drafts, drafts.c.id == submissions.c.draft_id)
            .where(drafts.c.state == DraftState.SUBMITTED.value)
            .group_by(submissions.c.draft_id)
        )
        query = select(submissions.c.body).where(submissions.c.seq.in_(newest))
        bodies = self._connection.scalars(query.order_by(submissions.c.seq))
        return [SUBMISSION.load(body) for body in bodies]

    def decide(self, approval: Approval) -> None:
        """Keep a decision.

        Raises:
            UnknownRecord: the draft was never submitted and does not exist.
        """
        campaign = self._campaign(approval.draft_id)
        if campaign is None:
            raise UnknownRecord(
                f"there is no draft {approval.draft_id} to decide on; list what waits for review"
            )
        self._connection.execute(
            insert(decisions).values(
                draft_id=approval.draft_id,
                campaign=campaign,
                kind=approval.kind.value,
                at=approval.at,
                body=APPROVAL.dump(approval),
            )
        )

    def decision(self, draft_id: str) -> Approval | None:
        """The newest decision on the draft."""
        return self._first(_newest(draft_id))

    def last_approved(self, draft_id: str) -> Approval | None:
        """The newest decision on the draft that approved it, whatever came after."""
        return self._first(_newest(draft_id).where(decisions.c.kind == DecisionKind.APPROVE.value))

    def decisions(self, campaign: str) -> list[Approval]:
        """Every decision of the campaign, the oldest first."""
        query = select(decisions.c.body).where(decisions.c.campaign == campaign)
        bodies = self._connection.scalars(query.order_by(decisions.c.seq))
        return [APPROVAL.load(body) for body in bodies]

    def approved_seal(self, edition_id: str) -> str | None:
        """The seal under which the edition may be sent now; None: it may not.

        It may where its draft is APPROVED and the draft's newest decision approved this
        very edition.
        """
        query = (
            select(drafts.c.id)
            .join(editions, editions.c.draft_id == drafts.c.id)
            .where(editions.c.id == edition_id, drafts.c.state == DraftState.APPROVED.value)
        )
        draft_id = self._connection.scalar(query)
        decision = None if draft_id is None else self.decision(draft_id)
        if decision is None or decision.kind is not DecisionKind.APPROVE:
            return None
        return decision.seals.get(edition_id)

    def _campaign(self, draft_id: str) -> str | None:
        submission = self.submission(draft_id)
        if submission is not None:
            return submission.campaign
        query = select(drafts.c.campaign).where(drafts.c.id == draft_id)
        campaign: str | None = self._connection.scalar(query)
        return campaign

    def _first(self, query: Select[str]) -> Approval | None:
        body = self._connection.scalar(query.limit(1))
        return None if body is None else APPROVAL.load(body)


def _newest(draft_id: str) -> Select[str]:
    query = select(decisions.c.body).where(decisions.c.draft_id == draft_id)
    return query.order_by(decisions.c.seq.desc())
