"""Fields of a case that a person states beside its file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from contracts.answers import ANSWERABLE, CaseAnswers
from contracts.case import Case
from contracts.decision import User
from contracts.errors import BadInput
from review import require
from workflow.house import House

__all__ = ["ANSWERABLE", "check_field", "named_cases", "set_fields", "unanswered"]


def set_fields(house: House, case_id: str, fields: Mapping[str, Any], actor: User | None) -> Case:
    """State fields of a case: they stand above what its file says, also when it is read
    again. Passages follow at once.

    Args:
        fields: as front matter has them, by the names in `ANSWERABLE`; those that are not
            given stay as they are.
        actor: who states them; None while the workspace has no users.

    Raises:
        BadInput: there is no such case, no field, or a field or value that front matter could
            not have either; it may be named, but nobody says how; it is said to be in
            another language than it was read in.
        NotAllowed: the actor may not keep cases.
    """
    if actor is not None:
        require(actor, "manage_cases")
    answers = _answers(case_id, fields)
    who = actor.id if actor else "system"
    with house.store.begin() as tx:
        before = tx.cases.get(case_id)
        if before is None:
            raise BadInput(f'there is no case "{case_id}"; `mailwright kb list` shows all')
        _check(before, answers)
        case = tx.cases.answer(case_id, answers, who, house.clock())
        assert case is not None  # it was there in the same transaction
        tx.audit.append(
            who, "case.fields_set", case_id, {"fields": ", ".join(sorted(fields))}, house.clock()
        )
    house.index.put_many([case])
    return case


def check_field(name: str, value: Any) -> None:
    """Nothing, where front matter could state this.

    Raises:
        BadInput: why it could not.
    """
    _answers("case", {name: value})


def unanswered(house: House, case_ids: Collection[str]) -> tuple[Case, ...]:
    """Those of the cases that lack fields, in the order given."""
    with house.store.read() as tx:
        there = tx.cases.many(case_ids)
    return tuple(there[i] for i in case_ids if i in there and there[i].missing)


def named_cases(house: House, case_ids: Collection[str]) -> Mapping[str, bool]:
    """Whether the customer of each of these cases may be named."""
    with house.store.read() as tx:
        return {case_id: case.name_public for case_id, case in tx.cases.many(case_ids).items()}


def _answers(case_id: str, fields: Mapping[str, Any]) -> CaseAnswers:
    from knowledge_base import FieldError, own_fields

    if not fields:
        raise BadInput("no field is given; give at least one, such as --industry food")
    other = next((name for name in fields if name not in ANSWERABLE), None)
    if other is not None:
        raise BadInput(f'"{other}" cannot be set; {", ".join(ANSWERABLE)} can')
    empty = next((name for name, value in fields.items() if value in ("", None, [], {}, ())), None)
    if empty is not None:
        raise BadInput(f"{empty} is empty; give a value, or leave it out to keep what there is")
    try:
        read = own_fields(fields, case_id)
    except FieldError as error:
        raise BadInput(str(error)) from error
    region = read.region if "region" in fields or "country" in fields else ""
    return CaseAnswers(
        customer=read.customer or None,
        name_public=read.name_public if "name_public" in fields else None,
        industry=read.industry or None,
        region=region or None,
        country=read.country or None,
        language=read.language or None,
        roles=read.roles or None,
        products=read.products or None,
        valid_until=read.valid_until,
        source=read.source or None,
        extra_names=read.extra_names or None,
    )


def _check(before: Case, answers: CaseAnswers) -> None:
    if answers.language and answers.language != before.language:
        raise BadInput(
            f'its text was read as "{before.language}"; state language: {answers.language} in '
            "its file and add it again"
        )
    if answers.name_public and not answers.customer and not any(before.customer.values()):
        raise BadInput("nobody says what the customer is called; give --customer NAME too")
