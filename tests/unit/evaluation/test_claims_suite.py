"""The set of paragraphs by which the reading of claims is measured, and its measures."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from claim_samples import LARCH, TARN, CaseList

from evaluation import load_packs
from evaluation.claims.anymail import claims_of
from evaluation.errors import NoSuchData
from evaluation.suites import claims as suite
from evaluation.suites.claims import FALSE, TRUE, ClaimItem, claim_items, evaluate_claims, paragraph
from evaluation.view.mailview import MailView

ROOT = Path(__file__).resolve().parents[3]


def test_the_set_is_as_large_and_as_mixed_as_asked():
    items = claim_items()
    assert len(items) >= 300
    assert len({item.id for item in items}) == len(items)
    languages = Counter(item.language for item in items)
    assert set(languages) == {"en", "de", "fr", "es", "zh-Hans", "ja"}
    assert min(languages.values()) >= 50
    assert {item.kind for item in items} == {*TRUE, *FALSE, "none"}
    assert 0.25 < sum(item.aside for item in items) / len(items) < 0.4
    for item in items:
        assert ("{customer}" in item.text or "{quote}" in item.text) <= bool(item.case)
        assert ("{other}" in item.text) == bool(item.other)
        assert ("{quote}" in item.text) == (item.quote is not None)


@pytest.mark.parametrize("item", [i for i in claim_items() if i.kind == "none"], ids=lambda i: i.id)
def test_a_paragraph_without_a_claim_is_never_flagged(item):
    assert claims_of(MailView.from_text(item.text), item.language, CaseList(), load_packs()) == ()


ITEMS = (
    ClaimItem(
        id="1", kind="number", language="en", case="larch",
        text="Energy costs at {customer} went down by 20%.",
    ),
    ClaimItem(
        id="2", kind="wrong_number", language="en", case="larch", aside=True,
        text="Energy costs at {customer} went down by 35%.",
    ),
    ClaimItem(
        id="3", kind="wrong_customer", language="en", case="larch", other="tarn",
        text="Energy costs at {other} went down by 20%.",
    ),
    ClaimItem(
        id="4", kind="quotation", language="en", case="larch",
        quote=(LARCH.text.index("Before that"), LARCH.text.index("the noise,") + 9),
        text="“{quote}”, says {customer}.",
    ),
    ClaimItem(id="5", kind="none", language="en", text="The talk takes 45 minutes."),
)  # fmt: skip
CASES = {"larch": LARCH, "tarn": TARN}


def test_measures_worked_out_by_hand(monkeypatch):
    monkeypatch.setattr(suite, "claim_items", lambda: ITEMS)
    measures = evaluate_claims(CaseList(), CASES, load_packs(), "words")
    everything = measures["claims (words)"]
    assert everything["all"] == {
        "paragraphs": 5, "caught_wrong_number": 1, "caught_wrong_customer": 1, "caught_asked": 1,
        "true_flagged": 0, "true_found": 1, "none_flagged": 0,
    }  # fmt: skip
    assert everything["number"] == {
        "paragraphs": 1, "found": 1, "flagged": 0, "contradicted": 0, "right_case": 1,
    }  # fmt: skip
    assert measures["claims kept aside (words)"]["all"]["paragraphs"] == 1
    assert measures["claims worked with (words)"]["all"]["paragraphs"] == 4


def test_names_and_quotations_are_taken_from_the_cases():
    assert paragraph(ITEMS[2], CASES) == "Energy costs at Tarn Valley Dairies went down by 20%."
    assert "found out from the noise" in paragraph(ITEMS[3], CASES)
    with pytest.raises(NoSuchData, match="larch"):
        paragraph(ITEMS[0], {})


def test_the_published_cases_give_what_was_asked(tmp_path):
    data = Path(os.environ.get("MAILWRIGHT_DATA", ROOT.parent / "shared" / "data"))
    cases = data / "cases" / "cases.jsonl"
    if not cases.exists():
        pytest.skip("needs the shared cases (MAILWRIGHT_DATA)")
    from workflow.evaluating_claims import measure_claims
    from workflow.settings import load_settings

    measures = measure_claims(load_settings(tmp_path), cases)["claims (words)"]
    asked = ("wrong_number", "wrong_unit", "wrong_direction", "wrong_customer")
    for kind in asked:
        assert measures["all"][f"caught_{kind}"] >= 0.95
    assert measures["all"]["true_flagged"] <= 0.08
    assert measures["all"]["none_flagged"] == 0
