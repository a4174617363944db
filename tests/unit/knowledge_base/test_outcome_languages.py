"""Results in every language of the product: a plain one is sure, a doubtful one never."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.case import Outcome, Section, SectionKind, Span
from knowledge_base import extract_outcomes
from language import load_taxonomy

TAXONOMY = load_taxonomy()
LANGUAGES = [
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "zh-Hans", "zh-Hant", "ja", "ko",
]  # fmt: skip


def read(
    template: str, language: str, kind: SectionKind = SectionKind.OTHER
) -> tuple[str, tuple[Outcome, ...]]:
    """What is read of a sentence about downtime ({a}) and build time ({b})."""
    names = {}
    for key, metric in (("a", "downtime"), ("b", "build_time")):
        known = TAXONOMY.metric(metric).synonyms.get(language, ())
        if not known:
            pytest.skip(f"the taxonomy has no name of {metric} in {language} yet")
        names[key] = known[0]
    text = template.format(**names)
    text = text[0].upper() + text[1:]
    section = Section(kind, "", Span(0, len(text)))
    return text, extract_outcomes(text, (section,), language, TAXONOMY)


def facts(outcome: Outcome) -> tuple[str, ...]:
    values = (outcome.change, outcome.before, outcome.after, outcome.frame)
    return (
        outcome.metric,
        outcome.direction.value if outcome.direction else "",
        *("" if value is None else format(value.normalize(), "f") for value in values),
        outcome.unit,
        outcome.value_unit,
        outcome.period,
        outcome.frame_unit,
    )


PAIR = ("downtime", "down", "", "41", "12", "9", "hour", "hour", "quarter", "month")
PAIR_ALONE = ("downtime", "down", "", "41", "12", "9", "hour", "hour", "", "month")
CHANGE = ("build_time", "down", "12.5", "", "", "", "percent", "", "", "")

PLAIN = [
    ("en", "{a} fell from 41 to 12 hours a quarter within nine months.", PAIR),
    ("de", "{a} sank innerhalb von neun Monaten von 41 auf 12 Stunden pro Quartal.", PAIR),
    ("fr", "En neuf mois, le {a} est passé de 41 à 12 heures par trimestre.", PAIR),
    ("es", "El {a} bajó de 41 a 12 horas por trimestre en nueve meses.", PAIR),
    ("pt", "O {a} caiu de 41 para 12 horas por trimestre em nove meses.", PAIR),
    ("it", "Il {a} è sceso da 41 a 12 ore al trimestre in nove mesi.", PAIR),
    ("nl", "De {a} daalde binnen negen maanden van 41 naar 12 uur per kwartaal.", PAIR),
    ("pl", "W ciągu dziewięciu miesięcy {a} spadły z 41 do 12 godzin na kwartał.", PAIR),
    ("ar", "انخفض {a} من ٤١ إلى ١٢ ساعة خلال تسعة أشهر.", PAIR_ALONE),
    ("zh-Hans", "九个月内，{a}由每季度41小时降至12小时。", PAIR),
    ("zh-Hant", "九個月內，{a}由每季度41小時降至12小時。", PAIR),
    ("ja", "9か月で{a}が41時間から12時間に短縮されました。", PAIR_ALONE),
    ("ko", "9개월 만에 {a}이 41시간에서 12시간으로 줄었습니다.", PAIR_ALONE),
    ("en", "{b} dropped by 12.5%.", CHANGE),
    ("de", "Die {b} wurde um 12,5\u00a0% gesenkt.", CHANGE),
    ("fr", "Le {b} a baissé de 12,5\u202f%.", CHANGE),
    ("es", "El {b} se ha reducido en un 12,5 %.", CHANGE),
    ("pt", "O {b} foi reduzido em 12,5%.", CHANGE),
    ("it", "Il {b} si è ridotto del 12,5%.", CHANGE),
    ("nl", "De {b} is met 12,5% verminderd.", CHANGE),
    ("pl", "{b} skrócono o 12,5%.", CHANGE),
    ("ar", "انخفض {b} بنسبة ١٢٫٥٪.", CHANGE),
    ("zh-Hans", "{b}缩短了12.5%。", CHANGE),
    ("zh-Hant", "{b}縮短了12.5%。", CHANGE),
    ("ja", "{b}を12.5％短縮しました。", CHANGE),
    ("ko", "{b}이 12.5% 단축되었습니다.", CHANGE),
]


@pytest.mark.parametrize(("language", "template", "expected"), PLAIN)
def test_a_plain_result_is_sure_without_a_heading(language, template, expected):
    text, found = read(template, language)
    (outcome,) = found
    assert facts(outcome) == expected
    assert outcome.sure
    assert outcome.value_span is not None
    assert Span(0, len(text)).covers(outcome.value_span)


@pytest.mark.parametrize("kind", [SectionKind.TITLE, SectionKind.CHALLENGE, SectionKind.QUOTE])
@pytest.mark.parametrize(("language", "template", "expected"), PLAIN[:13])
def test_titles_challenges_and_quotations_state_no_results(language, template, expected, kind):
    assert read(template, language, kind)[1] == ()


# Negation, plan, hedge, range, comparison with others: in that order for each language.
DOUBTFUL = {
    "en": [
        "{a} did not fall by 20%.",
        "{a} is expected to have fallen by 20% by next year.",
        "{a} fell by roughly 20%.",
        "{a} fell by 20–30%.",
        "{a} was 20% lower than at competitors.",
    ],
    "de": [
        "{a} sank nicht um 20 %.",
        "{a} soll um 20 % gesenkt werden.",
        "{a} sank um rund 20 %.",
        "{a} sank um 20 bis 30 %.",
        "{a} ist um 20 % geringer als bei Wettbewerbern.",
    ],
    "fr": [
        "Le {a} n'a pas baissé de 20 %.",
        "L'objectif : un {a} réduit de 20 %.",
        "Le {a} a baissé d'environ 20 %.",
        "Le {a} a baissé de 20 à 30 %.",
        "Le {a} est inférieur de 20 % à la moyenne du secteur.",
    ],
    "es": [
        "El {a} no bajó un 20 %.",
        "Se prevé que el {a} haya bajado un 20 % en un año.",
        "El {a} bajó casi un 20 %.",
        "El {a} aumentó de 20 a 30%.",
        "El {a} es un 20 % menor que la media del sector.",
    ],
    "pt": [
        "O {a} não caiu 20%.",
        "A meta é um {a} reduzido em 20%.",
        "O {a} caiu cerca de 20%.",
        "O {a} aumentou de 20 a 50%.",
        "O {a} foi 20% menor do que nos concorrentes.",
    ],
    "it": [
        "Il {a} non è sceso del 20%.",
        "Si prevede un {a} ridotto del 20%.",
        "Il {a} è sceso di circa il 20%.",
        "Il {a} è sceso del 20-30%.",
        "Il {a} è inferiore del 20% rispetto ai concorrenti.",
    ],
    "nl": [
        "De {a} is niet met 20% gedaald.",
        "De {a} zal met 20% zijn gedaald.",
        "De {a} is met bijna 20% gedaald.",
        "De {a} is met 20 tot 30% gedaald.",
        "De {a} is 20% lager dan bij concurrenten.",
    ],
    "pl": [
        "{a} nie spadły o 20%.",
        "Celem jest, by {a} spadły o 20%.",
        "{a} spadły o około 20%.",
        "{a} spadły o 20–30%.",
        "{a} są o 20% niższe niż u konkurencji.",
    ],
    "ar": [
        "لم ينخفض {a} بنسبة 20%.",
        "من المتوقع أن يكون {a} قد انخفض بنسبة 20%.",
        "انخفض {a} بنسبة تقارب حوالي 20%.",
        "انخفض {a} بنسبة 20-30%.",
        "انخفض {a} بنسبة 20% مقارنة بالمنافسين.",
    ],
    "zh-Hans": [
        "{a}没有减少20%。",
        "预计{a}将减少20%。",
        "{a}减少约20%。",
        "{a}减少20%至30%。",
        "与同行相比，{a}减少了20%。",
    ],
    "zh-Hant": [
        "{a}沒有減少20%。",
        "預計{a}將減少20%。",
        "{a}減少約20%。",
        "{a}減少20%至30%。",
        "與同業相比，{a}減少了20%。",
    ],
    "ja": [
        "{a}は20％減少しませんでした。",
        "{a}を20％削減する予定です。",
        "{a}を約20％削減しました。",
        "{a}を20〜30％削減しました。",
        "{a}は競合他社より20％短縮されています。",
    ],
    "ko": [
        "{a}은 20% 감소하지 않았습니다.",
        "{a}을 20% 줄일 계획입니다.",
        "{a}이 약 20% 감소했습니다.",
        "{a}이 20~30% 감소했습니다.",
        "{a}이 경쟁사 대비 20% 감소했습니다.",
    ],
}


@pytest.mark.parametrize(
    ("language", "template"),
    [(language, template) for language, rows in DOUBTFUL.items() for template in rows],
)
@pytest.mark.parametrize("kind", [SectionKind.OTHER, SectionKind.OUTCOME])
def test_a_doubtful_result_is_never_sure(language, template, kind):
    assert not any(outcome.sure for outcome in read(template, language, kind)[1])


@pytest.mark.parametrize(
    ("language", "template", "kind"),
    [
        ("en", "The platform reduces {b} by 30%.", SectionKind.OTHER),  # generally so
        ("en", '"We cut {b} by 30%," says the plant manager.', SectionKind.OUTCOME),
        ("en", "Operation and {b} fell by 30%.", SectionKind.OTHER),
        ("en", "Teams used it to cut {b} by 30%.", SectionKind.OTHER),
        ("en", "You can move fast, cutting {b} by 30%.", SectionKind.OTHER),
        ("en", "{b} rose by 30%.", SectionKind.OTHER),  # for the worse
        ("en", "{b} fell by 2024.", SectionKind.OTHER),
        ("en", "{b} was three times less.", SectionKind.OTHER),
        ("es", "El {b} bajó de 1,250 a 1,100 horas.", SectionKind.OTHER),  # 1.25 or 1250
        ("ja", "{b}を30％に削減しました。", SectionKind.OTHER),  # to 30%
        ("ko", "{b}을 30%로 줄였습니다.", SectionKind.OTHER),
        ("ja", "{b}は3倍短縮されました。", SectionKind.OTHER),
    ],
)
def test_what_is_no_achievement_or_can_be_read_two_ways_is_not_sure(language, template, kind):
    assert not any(outcome.sure for outcome in read(template, language, kind)[1])


def test_results_of_one_sentence_are_several_where_each_is_clear():
    text, found = read("We cut {a} by 30% and {b} from 40 to 5 minutes.", "en")
    first, second = found
    assert first.sure
    assert second.sure
    assert first.span == second.span == Span(0, len(text))
    assert (first.metric, str(first.change), first.unit) == ("downtime", "30", "percent")
    assert (second.metric, second.before, second.after) == ("build_time", 40, 5)
    assert first.value_span is not None
    assert first.value_span.of(text) == "by 30%"
    assert second.value_span is not None
    assert second.value_span.of(text) == "from 40 to 5 minutes"


def test_one_unclear_result_makes_its_whole_sentence_unsure():
    _, found = read("We cut {a} by 30% and {b} by nearly half.", "en")
    assert [outcome.sure for outcome in found] == [False]


def test_a_change_beside_its_values_is_one_result():
    _, (outcome,) = read("{a} fell by 75% (from 40 to 10 hours).", "en")
    assert (outcome.change, outcome.before, outcome.after) == (75, 40, 10)
    assert outcome.sure
    _, found = read("{a} fell by 50% (from 40 to 10 hours).", "en")
    assert not any(outcome.sure for outcome in found)


def test_a_change_of_no_known_metric_is_kept_for_a_person():
    found = extract_outcomes("Our paperwork was cut by 30%.", (), "en", TAXONOMY)
    (outcome,) = found
    assert (outcome.metric, str(outcome.change), outcome.sure) == ("", "30", False)


def test_lengths_of_time_in_two_units_are_put_into_one_and_unsure():
    _, (outcome,) = read("{b} fell from two weeks to two days.", "en", SectionKind.OUTCOME)
    assert (outcome.before, outcome.after, outcome.value_unit) == (14, 2, "day")
    assert not outcome.sure


@pytest.mark.parametrize(
    ("tag", "key"), [("pt-BR", "pt"), ("fr-CA", "fr"), ("zh-Hans-CN", "zh-Hans")]
)
def test_a_language_is_known_by_its_tags(tag, key):
    text = "-20%"
    sections = (Section(SectionKind.OTHER, "", Span(0, len(text))),)
    assert extract_outcomes(text, sections, tag, TAXONOMY) == extract_outcomes(
        text, sections, key, TAXONOMY
    )


@settings(deadline=None)  # the first reading compiles the word lists
@given(st.text(max_size=200), st.sampled_from(LANGUAGES), st.sampled_from(list(SectionKind)))
def test_any_text_is_read_and_spans_lie_inside_their_sentence(text, language, kind):
    section = Section(kind, "", Span(0, len(text)))
    for outcome in extract_outcomes(text, (section,), language, TAXONOMY):
        assert outcome.span.of(text) == outcome.text
        assert outcome.value_span is None or outcome.span.covers(outcome.value_span)
        assert not outcome.sure or (outcome.metric and outcome.direction)


WORDS = [
    *("20%", "41", "12", "5", "±", "–", "(", ")", "%", "10", "x", "hours", "小时", "시간", "時間"),
    *(
        "from",
        "to",
        "by",
        "de",
        "a",
        "auf",
        "von",
        "から",
        "に",
        "에서",
        "로",
        "من",
        "إلى",
        "بنسبة",
    ),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from(LANGUAGES))
def test_any_row_of_telling_words_is_read(words, language):
    text = " ".join(words)
    section = Section(SectionKind.OUTCOME, "", Span(0, len(text)))
    for outcome in extract_outcomes(text, (section,), language, TAXONOMY):
        assert outcome.value_span is None or outcome.span.covers(outcome.value_span)
