"""What persons stated of a case stands above its file, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from storage_samples import NOW, a_case

from contracts.answers import CaseAnswers
from storage import PutResult, Store


def test_answers_stand_above_what_is_read_again(store: Store, open_again) -> None:
    case = a_case()
    case = replace(case, industry="", missing=("industry", "valid_until", "also_known_as"))
    answers = CaseAnswers(industry="food", name_public=False, extra_names=("Jing 精",))
    with store.begin() as tx:
        tx.cases.put(case)
        answered = tx.cases.answer(case.id, answers, "u_anna", NOW)
    assert answered is not None
    assert (answered.industry, answered.name_public) == ("food", False)
    assert answered.missing == ("valid_until",)
    with open_again().begin() as tx:
        assert tx.cases.put(case) is PutResult.UNCHANGED
        assert tx.cases.get(case.id) == answered
        newer = a_case("Ein anderer Text, länger.")
        assert tx.cases.put(newer) is PutResult.REPLACED
        current = tx.cases.get(case.id)
        assert current is not None
        assert (current.text, current.industry) == (newer.text, "food")
        old = tx.cases.version(case.id, case.text_hash)
        assert old is not None
        assert old.name_public is False


def test_a_later_answer_replaces_its_own_field_only(store: Store) -> None:
    with store.begin() as tx:
        tx.cases.put(a_case())
        tx.cases.answer("wuxi-die-casting", CaseAnswers(source="Gespräch"), "u_anna", NOW)
        until = CaseAnswers(valid_until=date(2031, 1, 1))
        tx.cases.answer("wuxi-die-casting", until, "u_li", NOW)
    with store.read() as tx:
        answers = tx.cases.answers("wuxi-die-casting")
        case = tx.cases.get("wuxi-die-casting")
    assert answers == CaseAnswers(source="Gespräch", valid_until=date(2031, 1, 1))
    assert case is not None
    assert (case.source, case.valid_until) == ("Gespräch", date(2031, 1, 1))


def test_a_withdrawn_case_stays_withdrawn_and_one_that_is_not_there_is_none(store: Store) -> None:
    with store.begin() as tx:
        tx.cases.put(a_case())
        tx.cases.withdraw("wuxi-die-casting")
        answered = tx.cases.answer("wuxi-die-casting", CaseAnswers(country="DE"), "u_anna", NOW)
        assert answered is not None
        assert answered.withdrawn
        assert tx.cases.answer("none", CaseAnswers(country="DE"), "u_anna", NOW) is None
        assert tx.cases.answers("none") == CaseAnswers()
