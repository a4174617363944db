"""Cases, and every text they ever had."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from contracts.answers import CaseAnswers
from contracts.case import Case
from storage.database import upsert
from storage.documents import ANSWERS, CASE
from storage.records import PutResult
from storage.tables import case_answers, case_versions, cases

__all__ = ["Cases"]

_IN = 500  # ids asked for in one statement


@lru_cache(maxsize=512)
def _loaded(body: str) -> Case:
    """A case as its body says; the same body is read once. A search asks for the same few
    cases again and again, and reading one takes longer than finding it."""
    return CASE.load(body)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _IN):
        yield ids[start : start + _IN]


class Cases:
    """The current record of each case, with the older texts that citations may name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, case: Case) -> PutResult:
        """Make this the current record of the case, with what was answered in its place.

        A withdrawn case stays withdrawn: importing its folder again must not undo what its
        customer asked for. `restore` does.
        """
        before = self.locked(case.id)
        if before is not None and before.withdrawn:
            case = replace(case, withdrawn=True)
        case = self.answers(case.id).on(case)
        if before is not None and CASE.dump(before) == CASE.dump(case):
            return PutResult.UNCHANGED
        self._write(case)
        return PutResult.ADDED if before is None else PutResult.REPLACED

    def answers(self, case_id: str) -> CaseAnswers:
        """What persons stated of the case beside its file; nothing where nobody did."""
        body = self._connection.scalar(
            select(case_answers.c.body).where(case_answers.c.case_id == case_id)
        )
        return CaseAnswers() if body is None else ANSWERS.load(body)

    def answer(self, case_id: str, answers: CaseAnswers, actor: str, at: datetime) -> Case | None:
        """Keep answers beside those given before, and the case as it is with them; None where
        there is no such case. They stand above what its file says, now and whenever it is
        read again.

        Args:
            actor: the user's id.
            at: with its zone.
        """
        before = self.locked(case_id)
        if before is None:
            return None
        every = answers.over(self.answers(case_id))
        row = {"case_id": case_id, "body": ANSWERS.dump(every), "actor": actor, "at": at}
        upsert(self._connection, case_answers, row)
        case = every.on(before)
        if CASE.dump(case) != CASE.dump(before):
            self._write(case)
        return case

    def get(self, case_id: str) -> Case | None:
        body = self._connection.scalar(select(cases.c.body).where(cases.c.id == case_id))
        return None if body is None else CASE.load(body)

    def many(self, case_ids: Collection[str]) -> Mapping[str, Case]:
        """The current records of these cases, without those that there are not."""
        found: dict[str, Case] = {}
        for part in _parts(sorted(case_ids)):
            rows = self._connection.execute(
                select(cases.c.id, cases.c.body).where(cases.c.id.in_(part))
            )
            found.update({case_id: _loaded(body) for case_id, body in rows})
        return found

    def version(self, case_id: str, text_hash: str) -> Case | None:
        """The case with the text that `text_hash` names, old or current.

        What may be done with it is as the current record says (named, until when, withdrawn,
        words that give the customer away), because a permission is withdrawn for old texts too.
        """
        current = self.get(case_id)
        if current is None or current.text_hash == text_hash:
            return current
        body = self._connection.scalar(
            select(case_versions.c.body).where(
                case_versions.c.case_id == case_id, case_versions.c.text_hash == text_hash
            )
        )
        if body is None:
            return None
        old = CASE.load(body)
        return replace(
            old,
            name_public=current.name_public,
            valid_until=current.valid_until,
            withdrawn=current.withdrawn,
            extra_names=tuple(
                dict.fromkeys([*old.extra_names, *current.customer.values(), *current.extra_names])
            ),
        )

    def all(self) -> list[Case]:
        """Every case, withdrawn ones too (see `Case.usable`), ordered by id."""
        bodies = self._connection.scalars(select(cases.c.body).order_by(cases.c.id))
        return [CASE.load(body) for body in bodies]

    def withdraw(self, case_id: str) -> bool:
        """The case may not be used any more; False where there is none such."""
        return self._set_withdrawn(case_id, True)

    def restore(self, case_id: str) -> bool:
        """A withdrawn case may be used again; False where there is none such."""
        return self._set_withdrawn(case_id, False)

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(cases)) or 0

    def locked(self, case_id: str) -> Case | None:
        """The current record, which nobody else changes until the transaction ends."""
        query = select(cases.c.body).where(cases.c.id == case_id).with_for_update()
        body = self._connection.scalar(query)
        return None if body is None else CASE.load(body)

    def _write(self, case: Case) -> None:
        row = {"text_hash": case.text_hash, "body": CASE.dump(case)}
        upsert(self._connection, cases, {"id": case.id, **row})
        upsert(self._connection, case_versions, {"case_id": case.id, **row})

    def _set_withdrawn(self, case_id: str, withdrawn: bool) -> bool:
        case = self.locked(case_id)
        if case is None:
            return False
        body = CASE.dump(replace(case, withdrawn=withdrawn))
        self._connection.execute(update(cases).where(cases.c.id == case_id).values(body=body))
        return True
