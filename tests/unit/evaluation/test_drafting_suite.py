"""The measures of drafts: what they count, on drafts made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.case import Span
from contracts.mail import BriefCitation, CaseCitation, Claim, ClaimKind, Draft, Module, ModuleKind
from evaluation.suites.planting import plant
from evaluation.suites.readability import read_text
from evaluation.suites.sameness import own_text, shared, shared_pairs

TRUE = "At Testfield Dairy, unplanned downtime fell from 41 to 12 hours a quarter."


def a_draft(*texts: str, segment: str = "one", language: str = "en") -> Draft:
    modules = tuple(Module(ModuleKind.PROBLEM, text) for text in texts)
    return Draft("c", segment, language, modules, (), (), 0, "composer")


def a_proof() -> Module:
    citation = CaseCitation("testfield", "h" * 64, Span(0, 4), "said")
    result = Span(TRUE.index("unplanned"), len(TRUE) - 1)
    name = Span(TRUE.index("Testfield"), TRUE.index(","))
    return Module(
        ModuleKind.PROOF,
        TRUE,
        (
            Claim(name, ClaimKind.CUSTOMER, citation),
            Claim(result, ClaimKind.RESULT, citation),
        ),
    )


# --- what drafts share -----------------------------------------------------------------------


def test_equal_drafts_share_everything_and_different_ones_nothing() -> None:
    text = "a pump that fails at night costs more than the pump"
    assert shared(a_draft(text), a_draft(text)) == 1.0
    assert shared(a_draft(text), a_draft("nobody knows which valve leaks before the audit")) == 0.0


def test_characters_are_counted_where_words_are_not_spaced() -> None:
    one = a_draft("设备停机之前，贵司通常能提前多久知道？", language="zh-Hans")
    other = a_draft("设备停机之前，有没有人先听到异响？", language="zh-Hans")
    assert shared(one, one) == 1.0
    assert 0.0 <= shared(one, other) < 0.2


def test_what_the_brief_says_is_not_compared() -> None:
    offer = "We measure three machines for thirty days at no charge and send a report."
    module = Module(
        ModuleKind.OFFER,
        f"Our proposal: {offer}",
        (Claim(Span(14, 14 + len(offer)), ClaimKind.BRIEF, BriefCitation("offer.en", offer)),),
    )
    draft = Draft("c", "one", "en", (module,), (), (), 0, "composer")
    assert own_text(draft) == ("Our proposal: ",)
    assert shared(draft, draft) == 0.0


def test_only_drafts_of_different_segments_are_compared() -> None:
    text = "a pump that fails at night costs more than the pump"
    drafts = [a_draft(text), a_draft(text), a_draft(text, segment="two")]
    assert shared_pairs(drafts) == (1.0, 1.0)


# --- falsehoods ------------------------------------------------------------------------------


def test_each_kind_of_falsehood_is_planted_and_the_rest_stays() -> None:
    opener = Module(ModuleKind.OPENER, "How early does a worn bearing show up?")
    uncited = {"uncited": ("Downtime fell by 37%.",), "paraphrased": ("It was halved.",)}
    found = list(plant((opener, a_proof()), "en", uncited))
    assert {item.kind for item in found} == {
        "number", "swapped", "name", "metric", "uncited", "paraphrased"
    }  # fmt: skip
    for item in found:
        texts = [module.text for module in item.modules]
        assert texts != [opener.text, TRUE]
        assert len(texts) == 2


def test_a_planted_figure_is_another_value_and_none_that_the_case_states() -> None:
    taken = frozenset({Decimal(82), Decimal(24)})
    texts = [item.modules[0].text for item in plant((a_proof(),), "en", {}, taken)
             if item.kind == "number"]  # fmt: skip
    assert len(texts) == 2
    assert not any("82" in text or "from 41 to 24" in text for text in texts)
    assert not any("from 41 to 12" in text for text in texts)


def test_claims_still_cover_their_words_after_planting() -> None:
    for item in plant((a_proof(),), "en"):
        module = item.modules[0]
        name, result = module.claims
        assert module.text[result.span.end :] == "."
        if item.kind == "name":
            assert name.span.of(module.text) == "Nordhaven Optics"


def test_values_before_and_after_change_places() -> None:
    (swapped,) = (item for item in plant((a_proof(),), "en") if item.kind == "swapped")
    assert "from 12 to 41 hours" in swapped.modules[0].text


@pytest.mark.parametrize(
    "language, text",
    [
        ("ja", "計画外停止は41時間から12時間に減りました。"),
        ("ko", "계획에 없던 가동 중단이 41시간에서 12시간으로 줄었습니다."),
        ("zh-Hans", "非计划停机时间由41小时降至12小时。"),
        ("pl", "Nieplanowane przestoje spadły z 41 do 12 godzin."),
        ("ar", "انخفض التوقف غير المخطط من 41 ساعة إلى 12 ساعة."),
    ],
)
def test_figures_are_planted_in_every_script(language: str, text: str) -> None:
    citation = CaseCitation("c", "h" * 64, Span(0, 4), "said")
    module = Module(
        ModuleKind.PROOF, text, (Claim(Span(0, len(text)), ClaimKind.RESULT, citation),)
    )
    kinds = [item.kind for item in plant((module,), language)]
    assert kinds.count("number") == 2
    assert "swapped" in kinds


# --- reading ---------------------------------------------------------------------------------


def test_sentences_are_counted_in_words_or_characters() -> None:
    reading = read_text(["One two three. Four five six seven."], "en")
    assert (reading.size, reading.longest_sentence, reading.mean_sentence) == (7, 4, 3.5)
    wide = read_text(["设备停机了。"], "zh-Hans")
    assert (wide.size, wide.ease) == (5, None)


def test_plain_words_read_more_easily_than_long_ones() -> None:
    for language, easy, hard in (
        (
            "en",
            "We fix the pump. It runs.",
            "Comprehensive organisational transformation necessitates coordination.",
        ),
        (
            "de",
            "Die Pumpe läuft. Wir sehen nach.",
            "Instandhaltungsorganisatorische Verbesserungsmaßnahmen erfordern Abstimmungsprozesse.",
        ),
        (
            "it",
            "La pompa gira. Noi vediamo.",
            "L’implementazione organizzativa necessita collaborazioni interdipartimentali.",
        ),
    ):
        first, second = read_text([easy], language).ease, read_text([hard], language).ease
        assert first is not None
        assert second is not None
        assert first > second


def test_nothing_reads_as_nothing() -> None:
    assert read_text([], "en").size == 0
    assert read_text([], "en").ease is None
