"""The cases of a workspace as claims are held against them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evaluation import load_packs
from evaluation.claims.anymail import ClaimVerdict, claims_of
from evaluation.view.mailview import MailView
from knowledge_base import HASHED_WORDS
from workflow.claim_search import ClaimSearch, claim_search
from workflow.house import House, open_house
from workflow.knowledge import add_cases
from workflow.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workspace")
    settings = load_settings(folder, database_url="", embedding_model=HASHED_WORDS)
    with open_house(settings) as opened:
        add_cases(opened, [ROOT / "examples" / "cases"])
        yield opened


@pytest.fixture
def search(house: House) -> ClaimSearch:
    return claim_search(house)


def test_customers_are_found_by_the_names_people_use(search):
    text = "Bei Bergtaler Molkerei und 澄岚饮品 ist das so, und bei Nordhaven Optics anders."
    found = search.customers(text)
    assert [item.span.of(text) for item in found] == ["Bergtaler Molkerei", "澄岚饮品"]
    assert [[case.id for case in item.cases] for item in found] == [
        ["bergtaler-molkerei"],
        ["chenglan-beverage"],
    ]


@pytest.mark.parametrize(
    ("text", "language", "case"),
    [
        ("Les arrêts sont passés de 41 à 12 heures.", "fr", "bergtaler-molkerei"),
        ("計画外停止時間が27時間から9時間に減りました。", "ja", "cawdrey-stampings"),
        ("The scrap rate fell from 3.4% to 2.1%.", "en", "wittgenau-wellentechnik"),
    ],
)
def test_figures_find_the_case_in_another_language(search, text, language, case):
    assert case in [found.id for found in search.candidates(text, language)]


def test_a_mail_is_held_against_the_records(search):
    text = (
        "Bei Bergtaler Molkerei sanken die ungeplanten Stillstände von 41 auf 12 Stunden.\n\n"
        "Bei Bergtaler Molkerei sanken die ungeplanten Stillstände von 41 auf 2 Stunden."
    )
    first, second = claims_of(MailView.from_text(text), "de", search, load_packs())
    assert (first.verdict, first.case) == (ClaimVerdict.SUPPORTED, "bergtaler-molkerei")
    assert second.verdict is ClaimVerdict.CONTRADICTED


def test_a_withdrawn_case_supports_nothing(house):
    with house.store.begin() as tx:
        tx.cases.withdraw("bergtaler-molkerei")
    try:
        text = "Bei Bergtaler Molkerei sanken die Stillstände von 41 auf 12 Stunden."
        withdrawn = claim_search(house)
        assert withdrawn.customers(text) == ()
        assert "bergtaler-molkerei" not in [c.id for c in withdrawn.candidates(text, "de")]
    finally:
        with house.store.begin() as tx:
            tx.cases.restore("bergtaler-molkerei")


def test_stories_of_one_customer_belong_together(house):
    from dataclasses import replace

    from knowledge_base import Ranking

    with house.store.read() as tx:
        (case,) = [case for case in tx.cases.all() if case.id == "chenglan-beverage"]
    latin = replace(case, id="in-english", customer={"": "Chenglan Beverage (Changzhou) Co., Ltd."})
    search = ClaimSearch(lambda: [case, latin], house.index, date(2026, 1, 1), Ranking.WORDS)
    (found,) = search.customers("Chenglan Beverage")
    assert {item.id for item in found.cases} == {"chenglan-beverage", "in-english"}
