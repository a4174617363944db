"""Claims of anybody's mail: which are found, and what the cases say of them."""

from __future__ import annotations

import pytest
from claim_samples import LARCH, TEXT, CaseList, a_case, claims, rules, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Severity
from evaluation import load_packs
from evaluation.claims.anymail import MOST_CLAIMS, ClaimVerdict, claim_findings, claims_of
from evaluation.claims.checkable import StatementKind
from evaluation.view.mailview import MailView

SUPPORTED, CONTRADICTED, NOT_FOUND = (
    ClaimVerdict.SUPPORTED,
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.NOT_FOUND,
)
PACKS = load_packs()

# A true sentence, the same with another figure, and one that states nothing to check.
LANGUAGES = {
    "en": (
        "At Larch Mill Paper, unplanned downtime fell from 40 to 12 hours a month.",
        "At Larch Mill Paper, unplanned downtime fell from 40 to 6 hours a month.",
        "The webinar on 3 March takes 45 minutes.",
    ),
    "de": (
        "Bei Larch Mill Paper sanken die ungeplanten Stillstände von 40 auf 12 Stunden im Monat.",
        "Bei Larch Mill Paper sanken die ungeplanten Stillstände von 40 auf 6 Stunden im Monat.",
        "Das Webinar am 3. März dauert 45 Minuten.",
    ),
    "fr": (
        "Chez Larch Mill Paper, les arrêts non planifiés sont passés de 40 à 12 heures par mois.",
        "Chez Larch Mill Paper, les arrêts non planifiés sont passés de 40 à 6 heures par mois.",
        "Le webinaire du 3 mars dure 45 minutes.",
    ),
    "es": (
        "En Larch Mill Paper, las paradas no planificadas bajaron de 40 a 12 horas al mes.",
        "En Larch Mill Paper, las paradas no planificadas bajaron de 40 a 6 horas al mes.",
        "El seminario web del 3 de marzo dura 45 minutos.",
    ),
    "it": (
        "Da Larch Mill Paper i fermi non pianificati sono scesi da 40 a 12 ore al mese.",
        "Da Larch Mill Paper i fermi non pianificati sono scesi da 40 a 6 ore al mese.",
        "Il webinar del 3 marzo dura 45 minuti.",
    ),
    "nl": (
        "Bij Larch Mill Paper daalde de ongeplande stilstand van 40 naar 12 uur per maand.",
        "Bij Larch Mill Paper daalde de ongeplande stilstand van 40 naar 6 uur per maand.",
        "Het webinar op 3 maart duurt 45 minuten.",
    ),
    "pl": (
        "W firmie Larch Mill Paper nieplanowane przestoje spadły z 40 do 12 godzin miesięcznie.",
        "W firmie Larch Mill Paper nieplanowane przestoje spadły z 40 do 6 godzin miesięcznie.",
        "Webinar 3 marca trwa 45 minut.",
    ),
    "pt-BR": (
        "Na Larch Mill Paper, as paradas não planejadas caíram de 40 para 12 horas por mês.",
        "Na Larch Mill Paper, as paradas não planejadas caíram de 40 para 6 horas por mês.",
        "O webinar de 3 de março dura 45 minutos.",
    ),
    "zh-Hans": (
        "Larch Mill Paper 的非计划停机时间由每月40小时降至12小时。",
        "Larch Mill Paper 的非计划停机时间由每月40小时降至6小时。",
        "研讨会定于3月3日举行，时长45分钟。",
    ),
    "zh-Hant": (
        "Larch Mill Paper 的非計畫停機時間由每月40小時降至12小時。",
        "Larch Mill Paper 的非計畫停機時間由每月40小時降至6小時。",
        "研討會訂於3月3日舉行，時長45分鐘。",
    ),
    "ja": (
        "Larch Mill Paperでは、計画外停止時間が月間40時間から12時間に減りました。",
        "Larch Mill Paperでは、計画外停止時間が月間40時間から6時間に減りました。",
        "3月3日のウェビナーは45分です。",
    ),
    "ko": (
        "Larch Mill Paper에서는 돌발 정지 시간이 매달 40시간에서 12시간으로 줄었습니다.",
        "Larch Mill Paper에서는 돌발 정지 시간이 매달 40시간에서 6시간으로 줄었습니다.",
        "3월 3일 웨비나는 45분 동안 진행됩니다.",
    ),
    "ar": (
        "انخفض وقت التوقف غير المخطط له لدى Larch Mill Paper من 40 إلى 12 ساعة في الشهر.",
        "انخفض وقت التوقف غير المخطط له لدى Larch Mill Paper من 40 إلى 6 ساعات في الشهر.",
        "تستغرق الندوة يوم 3 مارس 45 دقيقة.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_true_from_false_and_leaves_the_rest_alone(language):
    true, false, plain = LANGUAGES[language]
    (claim,) = claims(true, language)
    assert (claim.verdict, claim.case) == (SUPPORTED, "larch")
    assert "from 40 to 12 hours" in claim.span.of(TEXT)
    assert claim.quote == claim.span.of(TEXT)
    assert verdicts(false, language) == [CONTRADICTED]
    assert claims(plain, language) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Larch Mill Paper cut its maintenance costs by 50%.", "en"),
        ("Larch Mill Paper halved its maintenance costs.", "en"),
        ("Larch Mill Paper hat die Instandhaltungskosten um die Hälfte gesenkt.", "de"),
        ("Larch Mill Paper 的维修费用减少了一半。", "zh-Hans"),
        ("Larch Mill Paper 的监测点达到12万个，比过去多得多。", "zh-Hans"),
        ("Machine 2 at Larch Mill Paper has tripled its output.", "en"),
        ("Energy costs at Larch Mill Paper are down by a fifth.", "en"),
        (
            "At Larch Mill Paper unplanned downtime used to take 40 hours a month; now it is 12.",
            "en",
        ),
        ("A paper mill brought its unplanned downtime down from 40 to 12 hours a month.", "en"),
        ("Larch Mill Paper has 70% less unplanned downtime.", "en"),  # 12 of 40
    ],
)
def test_numbers_are_compared_by_value(text, language):
    assert verdicts(text, language) == [SUPPORTED]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Energy costs at Larch Mill Paper went down by 35%.", "other_figure"),
        ("Energy costs at Larch Mill Paper went down by 20 dollars.", "other_unit"),
        ("Energy costs at Larch Mill Paper went up by 20%.", "other_direction"),
        ("At Larch Mill Paper, unplanned downtime rose from 12 to 40 hours.", "other_direction"),
        ("At Larch Mill Paper, complaints went down by 20%.", "other_metric"),
        ("At Tarn Valley Dairies, unplanned downtime fell from 40 to 12 hours.", "other_customer"),
        ("Customer Nordhaven Optics cut unplanned downtime from 40 to 12 hours.", "other_customer"),
        ("With Flotsam Gauge, unplanned downtime fell from 40 to 12 hours.", "unknown_name"),
        ("At Larch Mill Paper, staff turnover fell by 18%.", "not_found"),
        ("Customers save 41,000 euros a year with it.", "not_found"),
        ("We are the leading provider of leak detection.", "not_found"),
        ("Our sensors are more accurate than any other product.", "not_found"),
        ("At Larch Mill Paper, complaints dropped and delivery reliability improved.", "not_found"),
    ],
)
def test_what_is_wrong_with_a_claim_is_told(text, rule):
    assert rules(text) == [rule]


def test_a_sentence_of_the_case_that_states_it_otherwise_is_shown():
    (claim,) = claims("Energy costs at Larch Mill Paper went down by 35%.")
    assert claim.span.of(TEXT) == "Energy costs went down by 20%."
    assert "20%" in claim.why


def test_a_rate_per_another_period_is_another_unit():
    case = a_case(
        "quick", "Quick Press Tools", "Quick Press Tools ships 50 releases a day, up from 10."
    )
    assert verdicts("Quick Press Tools ships 50 releases a day.", "en", case) == [SUPPORTED]
    assert rules("Quick Press Tools ships 50 releases a month.", "en", case) == ["other_unit"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("“Before that we found out from the noise,” says Larch Mill Paper.", SUPPORTED),
        ("“The noise came too late,” is how Larch Mill Paper explains it today.", SUPPORTED),
        ("“Before that we … came too late,” reports Larch Mill Paper.", SUPPORTED),
        ("“It paid for itself in eleven weeks,” says Larch Mill Paper.", NOT_FOUND),
        (
            "“Before that we found out from the smell, and the smell came too late,” "
            "says Larch Mill Paper.",
            CONTRADICTED,
        ),
    ],
)
def test_quotations_are_word_for_word(text, verdict):
    (claim,) = claims(text)
    assert (claim.kind, claim.verdict) == (StatementKind.QUOTATION, verdict)


def test_a_customer_and_what_it_uses():
    assert verdicts("Larch Mill Paper relies on Korvane sensors.") == [SUPPORTED]
    assert verdicts("Larch Mill Paper relies on Zephyr robots.") == [NOT_FOUND]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ms Carter, I hope that the week has begun well.",
        "The Professional plan costs 49 euros per user and month; from 100 users on 15% off.",
        "Order by 30 June and save 20% on the first year. The code is SPRING20.",
        "Sample Software Ltd, 12 Harbour Street, Dublin D02 X285. Phone +353 1 555 0142.",
        "Our guide has 24 pages and takes about 10 minutes to read (PDF, 2.3 MB).",
        "How many hours does a changeover cost you? Could it be half?",
        "Would you have 30 minutes for a call with us, on Tuesday at 2 pm?",
        'Our new guide "Five ways to shorter changeovers" is out.',
        "Version 4.2 comes with 12 connectors and runs on Windows 11.",
        "Larch Mill Paper, Inc., 12 Mill Road, Augusta, ME 04330",
        "Meet Larch Mill Paper at our booth in hall 7 on 14 May at 10:00.",
        "In the second half of the year we shall be at three trade fairs.",
        "",
    ],
)
def test_nothing_to_check_is_left_alone(text):
    assert claims(text) == ()


def test_a_question_that_states_something_counts():
    asked = "Did you know that Larch Mill Paper cut its energy costs by 35%?"
    assert verdicts(asked) == [CONTRADICTED]


def test_sentences_that_follow_are_about_the_customer_named_before():
    text = "Take Larch Mill Paper. Energy costs went down by 20%. Scrap went down by 7%."
    assert verdicts(text)[0] is SUPPORTED


def test_a_name_behind_the_result_is_whose_it_is_said_to_be():
    text = "Unplanned downtime fell from 40 to 12 hours a month. This is from Nordhaven Optics."
    assert rules(text) == ["unknown_name"]


def test_the_same_sentence_in_both_bodies_is_one_claim():
    sentence = "Energy costs at Larch Mill Paper went down by 35%."
    view = MailView.from_parts(subject=sentence, html=f"<p>{sentence}</p>", text=sentence)
    (claim,) = claims_of(view, "en", CaseList(), PACKS)
    assert claim.place.part == "subject"
    view = MailView.from_parts(subject="News", html=f"<p>{sentence}</p>", text=sentence)
    (claim,) = claims_of(view, "en", CaseList(), PACKS)
    assert claim.place.part == "html"
    assert claim.place.span.of(view.visible) == sentence


def test_contradicted_claims_block_and_unproven_ones_warn():
    text = "Energy costs at Larch Mill Paper went down by 35%.\n\nCustomers save 900 euros with it."
    found = list(claim_findings(claims(text), PACKS))
    assert [(f.rule, f.severity) for f in found] == [
        ("claims.other_figure", Severity.BLOCK),
        ("claims.not_found", Severity.WARN),
    ]
    assert "20%" in found[0].message


def test_findings_are_worded_in_the_language_asked_for():
    view = MailView.from_text("Energy costs at Larch Mill Paper went down by 35%.")
    (claim,) = claims_of(view, "en", CaseList(), PACKS, say="zh-Hans")
    assert claim.why.startswith("案例中的数字与此不同")


def test_a_language_without_words_has_no_claims():
    assert claims("Larch Mill Paper a redus costurile cu 20%.", "ro") == ()


def test_names_of_the_sender_are_no_other_customers():
    raw = (
        b"From: Flotsam Gauge <news@flotsam.example>\r\nSubject: News\r\n\r\n"
        b"With Flotsam Gauge, unplanned downtime fell from 40 to 12 hours a month.\r\n"
    )
    (claim,) = claims_of(MailView.from_bytes(raw), "en", CaseList(), PACKS)
    assert claim.verdict is SUPPORTED


def test_no_more_than_so_many_claims_are_looked_at():
    text = "\n\n".join(f"Energy costs went down by {n}.5% with us." for n in range(1, 300))
    assert len(claims(text)) == MOST_CLAIMS


HOSTILE = st.lists(
    st.sampled_from(
        ["Larch Mill Paper", "fell", "from", "40", "to", "12", "hours", "%", "3x", "“", "”", '"',
         "says", "than any other", ".", "?", "\n", "half", "成", "万", "減りました", "から", "5",
         "\ud800", "\x00", "€", "—", "ein Drittel", "GmbH", " "]
    ),
    max_size=60,
)  # fmt: skip


@given(HOSTILE, st.sampled_from(sorted(LANGUAGES)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_failing_and_always_alike(parts, language):
    text = " ".join(parts)
    view = MailView(text=text)
    found = claims_of(view, language, CaseList(), PACKS)
    assert found == claims_of(view, language, CaseList(), PACKS)
    for claim in found:
        assert len(claim.text) == claim.place.span.end - claim.place.span.start
        if claim.span is not None:
            assert claim.span.end <= len(LARCH.text)
            assert claim.case


@pytest.mark.parametrize("text", ["1," * 60_000, "5% " * 40_000, "“a " * 30_000, "Aa " * 40_000])
@pytest.mark.timeout(20)
def test_long_runs_of_anything_end_soon(text):
    claims(text)
