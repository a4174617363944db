"""Which mails rest on which cases, and whether those cases may be used.

A mail rests on a case where a claim of one of its modules cites it. That is read out of the
variants, which never change, so there is no second record of it that could differ.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from contracts.case import Case
from contracts.mail import CaseCitation, ClaimKind, Module
from storage.documents import DRAFT, VARIANT
from storage.records import CaseStop, EditionUse, Standing, UnusableCase
from storage.repositories.cases import Cases
from storage.tables import cases, drafts, editions, variants

__all__ = ["Citations"]

_IN = 500  # ids asked for in one statement


class Citations:
    def __init__(self, connection: Connection, records: Cases) -> None:
        self._connection = connection
        self._cases = records

    def cases_of(self, edition_id: str) -> frozenset[str]:
        """The cases that an edition rests on; none where there is no such edition."""
        return frozenset(self._named_by(edition_id))

    def editions(self, case_id: str) -> list[EditionUse]:
        """Every edition that rests on the case, current or not, ordered by draft, variant
        and profile."""
        named = _names(variants.c.body, case_id)
        query = select(variants.c.id, variants.c.position, variants.c.body).where(named)
        rows = [
            row for row in self._connection.execute(query) if case_id in _cited_by_variant(row.body)
        ]
        found = {row.id: VARIANT.load(row.body) for row in rows}
        current = {row.id for row in rows if row.position is not None}
        uses = []
        for part in _parts(sorted(found)):
            own = editions.c.variant_id.in_(part)
            for row in self._connection.execute(select(editions).where(own)):
                variant = found[row.variant_id]
                uses.append(
                    EditionUse(
                        id=row.id,
                        variant_id=row.variant_id,
                        draft_id=row.draft_id,
                        campaign=variant.campaign,
                        segment=variant.segment,
                        language=variant.language,
                        profile=row.profile,
                        current=bool(row.current) and row.variant_id in current,
                    )
                )
        return sorted(uses, key=lambda use: (use.draft_id, use.variant_id, use.profile, use.id))

    def drafts(self, case_id: str) -> list[str]:
        """The ids of the drafts that were written from the case or cite it, in order."""
        query = select(drafts.c.id, drafts.c.body).where(_names(drafts.c.body, case_id))
        return sorted(
            row.id for row in self._connection.execute(query) if case_id in _used_by_draft(row.body)
        )

    def unusable(self, edition_id: str, day: date) -> UnusableCase | None:
        """A case that the edition rests on and that may not be used on `day`; None: all may."""
        named = self._named_by(edition_id)
        return _first_unusable(named, self._cases.many(named), day)

    def standing(self, edition_id: str, day: date) -> Standing:
        """The same for a claim: the cases are locked against change until it is committed,
        so that a withdrawal comes wholly before the claim or wholly after it.

        A case that another transaction is changing right now makes the standing `busy`: to
        wait for it here, while it waits for the envelope, would be a deadlock.
        """
        named = self._named_by(edition_id)
        ids = named.keys()
        if not ids:
            return Standing()
        query = select(cases.c.id).where(cases.c.id.in_(sorted(ids)))
        ours = query.with_for_update(read=True, skip_locked=True)  # SQLite has one writer
        locked = set(self._connection.scalars(ours))
        if locked != ids and locked != set(self._connection.scalars(query)):
            return Standing(busy=True)
        return Standing(unusable=_first_unusable(named, self._cases.many(locked), day))

    def _named_by(self, edition_id: str) -> Mapping[str, bool]:
        """The cases that an edition rests on, and whether it names their customers."""
        query = (
            select(variants.c.body)
            .join(editions, editions.c.variant_id == variants.c.id)
            .where(editions.c.id == edition_id)
        )
        body = self._connection.scalar(query)
        return {} if body is None else _cited_by_variant(body)


def _first_unusable(
    named: Mapping[str, bool], found: Mapping[str, Case], day: date
) -> UnusableCase | None:
    for case_id in sorted(named):
        case = found.get(case_id)
        if case is None:
            return UnusableCase(case_id, CaseStop.MISSING)
        if case.withdrawn:
            return UnusableCase(case_id, CaseStop.WITHDRAWN)
        if not case.usable(day):
            return UnusableCase(case_id, CaseStop.EXPIRED)
        if named[case_id] and not case.name_public:
            return UnusableCase(case_id, CaseStop.UNNAMED)
    return None


def _names(body: ColumnElement[str], case_id: str) -> ColumnElement[bool]:
    """Bodies in which the id stands as a string of its own: few, each to be read after."""
    return body.contains(json.dumps(case_id, ensure_ascii=False), autoescape=True)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _IN] for start in range(0, len(ids), _IN))


def _cited(modules: Iterable[Module]) -> dict[str, bool]:
    """The cases that modules cite, and whether one of them says who the customer is."""
    found: dict[str, bool] = {}
    for module in modules:
        for claim in module.claims:
            if isinstance(claim.citation, CaseCitation):
                case_id = claim.citation.case_id
                names = claim.kind is ClaimKind.CUSTOMER
                found[case_id] = names or found.get(case_id, False)
    return found


# Read once for each text: a worker asks for the same few variants at every claim.
@lru_cache(maxsize=512)
def _cited_by_variant(body: str) -> Mapping[str, bool]:
    return _cited(VARIANT.load(body).modules)


def _used_by_draft(body: str) -> Collection[str]:
    draft = DRAFT.load(body)
    others = [item.module for item in draft.alternatives]
    others += [item.preheader for item in draft.alternatives if item.preheader is not None]
    return {*draft.case_ids, *_cited([*draft.modules, *others])}
