from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from writing_samples import BRIEF, NAMES, TODAY, make_case, make_task

from contracts.case import Case, Direction, Span
from contracts.mail import BriefCitation, CaseCitation, Claim, ClaimKind, Draft, ModuleKind, Slot
from personalize import Composer, NoEvidence, NoText

LANGUAGES = ("en", "de", "zh-Hans")
write = Composer().write


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_says_what_stands_at_its_source(language: str) -> None:
    case = make_case(language)
    draft = write(make_task(language, case))
    claims = [(module, claim) for module in draft.modules for claim in module.claims]
    assert claims
    for module, claim in claims:
        assert claim.span.of(module.text)
        if isinstance(claim.citation, CaseCitation):
            assert claim.citation.span.of(case.text) == claim.citation.quote
            assert claim.citation.text_hash == case.text_hash
        else:
            assert isinstance(claim.citation, BriefCitation)
            assert claim.citation.quote == claim.span.of(module.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", LANGUAGES)
def test_the_result_stands_in_the_proof_whatever_language_the_case_has(
    language: str, of: str
) -> None:
    draft = write(make_task(language, make_case(of)))
    proof = next(module for module in draft.modules if module.kind is ModuleKind.PROOF)
    results = [claim for claim in proof.claims if claim.kind is ClaimKind.RESULT]
    assert len(results) == 1
    text = results[0].span.of(proof.text)
    assert "41" in text
    assert "12" in text


def test_a_foreign_case_lends_its_data_and_none_of_its_sentences() -> None:
    case = make_case("de")
    draft = write(make_task("en", case))
    text = "\n".join(module.text for module in draft.modules)
    assert "Stillstände" not in text
    assert "Werk" not in text
    assert "unplanned downtime" in text.lower()


def test_a_case_in_the_readers_language_comes_first() -> None:
    draft = write(make_task("de", make_case("en"), make_case("de")))
    assert draft.case_ids == ("testfield-de",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_who_may_not_be_named_is_not(language: str) -> None:
    case = make_case(language, public=False)
    draft = write(make_task(language, case))
    everything = [*draft.modules, *(item.module for item in draft.alternatives)]
    for module in everything:
        for name in case.names():
            assert name not in module.text
        assert all(claim.kind is not ClaimKind.CUSTOMER for claim in module.claims)


def test_a_latin_reader_gets_no_name_in_another_script() -> None:
    draft = write(make_task("en", make_case("zh-Hans")))
    assert NAMES["zh-Hans"][:4] not in "".join(module.text for module in draft.modules)


def test_names_are_said_without_their_legal_form() -> None:
    draft = write(make_task("en", make_case("en")))
    text = "".join(item.module.text for item in draft.alternatives)
    assert "Testfield Dairy" in text
    assert "Inc." not in text


def test_an_expired_case_is_no_evidence() -> None:
    case = make_case("en", valid_until=TODAY - timedelta(days=1))
    with pytest.raises(NoEvidence, match="kb add"):
        write(make_task("en", case))
    assert write(make_task("en", replace(case, valid_until=TODAY)))


def test_an_unsure_result_is_never_used() -> None:
    case = make_case("en")
    unsure = replace(case, outcomes=tuple(replace(item, sure=False) for item in case.outcomes))
    draft = write(make_task("en", unsure))
    own = [
        module for module in draft.modules if module.kind in (ModuleKind.SUBJECT, ModuleKind.PROOF)
    ]
    assert not any(char.isdigit() for module in own for char in module.text)
    assert all(claim.kind is not ClaimKind.RESULT for module in own for claim in module.claims)
    with pytest.raises(NoEvidence):
        write(make_task("de", unsure))  # neither data nor words for this reader


def changed(case: Case, **changes: object) -> Case:
    return replace(case, outcomes=tuple(replace(item, **changes) for item in case.outcomes))  # type: ignore[arg-type]


def results(draft: Draft) -> list[Claim]:
    everything = [*draft.modules, *(item.module for item in draft.alternatives)]
    return [c for module in everything for c in module.claims if c.kind is ClaimKind.RESULT]


def test_a_result_for_the_worse_is_no_evidence() -> None:
    assert not results(write(make_task("en", changed(make_case("en"), direction=Direction.UP))))


def test_a_result_that_another_product_brought_is_no_evidence() -> None:
    case = make_case("en")
    text = "Unplanned downtime fell from 41 to 12 hours a quarter with Probe Two."
    other = changed(replace(case, products=("Probe One", "Probe Two")), text=text)
    assert not results(write(make_task("en", other)))


def test_data_that_says_less_than_its_sentence_is_not_retold() -> None:
    """41 to 12 hours of what time? The sentence may say it, the data does not."""
    case = changed(make_case("de"), period="")
    with pytest.raises(NoEvidence):
        write(make_task("en", case))
    assert results(write(make_task("de", case)))


def test_a_caveat_about_another_metric_is_left_out() -> None:
    draft = write(make_task("en", make_case("en")))
    assert "second plant" in "".join(module.text for module in draft.modules)
    case = make_case("en")
    text = case.text.replace(
        "The second plant is not included.", "The scrap rate of plant 2 is out."
    )
    length = len(text) - len(case.text)
    outcome = case.sections[2]
    grown = replace(outcome, span=Span(outcome.span.start, outcome.span.end + length))
    other = replace(case, text=text, sections=(*case.sections[:2], grown))
    assert "plant 2" not in "".join(m.text for m in write(make_task("en", other)).modules)


def test_the_same_task_gives_the_same_draft_and_another_seed_another() -> None:
    first, again = (write(make_task("en", make_case("en"))) for _ in range(2))
    assert first == again
    assert first.hash == again.hash
    seeds = {write(make_task("en", make_case("en"), seed=seed)).modules for seed in range(8)}
    assert len(seeds) > 1


def test_missing_text_names_the_field() -> None:
    brief = BRIEF.model_copy(update={"offer": {"en": "An offer."}})
    with pytest.raises(NoText, match=r"offer\.de"):
        write(make_task("de", make_case("de"), brief=brief))


@pytest.mark.parametrize("language", LANGUAGES)
def test_slots_have_alternatives_with_different_tactics(language: str) -> None:
    draft = write(make_task(language, make_case(language)))
    for slot in Slot:
        tactics = [item.tactic for item in draft.alternatives if item.slot is slot]
        assert len(tactics) >= 2
        assert len(tactics) == len(set(tactics))


def test_a_draft_keeps_its_id_and_changes_its_hash() -> None:
    one = write(make_task("en", make_case("en")))
    other = write(make_task("en", make_case("en"), today=date(2026, 11, 23), seed=3))
    assert one.id == other.id
