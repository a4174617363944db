"""What running text speaks of, in every language of the product."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.countries import country_code, country_name
from language.mentions import find_metrics, find_terms
from language.taxonomy import load_taxonomy
from language.taxonomy_files import terms_languages

LANGUAGES = terms_languages()


def named(text: str, language: str) -> set[str]:
    return {f"{m.kind} {m.id}" for m in find_terms(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "A dairy in the UK cut unplanned downtime; data silos had slowed the finance team.",
            "industry food, country GB, metric unplanned_downtime, problem unplanned-downtime, "
            "problem data-silos, role finance",
        ),
        (
            "de",
            "Der Fachkräftemangel traf den Maschinenbauer in Österreich; die Fehlerquote stieg.",
            "problem skills-shortage, industry machinery, country AT, metric error_rate",
        ),
        (
            "fr",
            "Le fabricant de boissons belge subissait des retards de livraison ; ses coûts "
            "énergétiques ont baissé.",
            "industry food, problem late-deliveries, metric energy_cost",
        ),
        (
            "es",
            "La empresa de logística de México redujo los plazos de entrega.",
            "industry logistics, country MX, metric delivery_time",
        ),
        (
            "pt-BR",
            "A construtora sofria com sistemas legados; o tempo de espera caiu.",
            "industry construction, problem legacy-systems, metric waiting_time",
        ),
        (
            "it",
            "I colli di bottiglia di un'acciaieria in Germania e i tempi di consegna.",
            "problem capacity-bottlenecks, industry metals, country DE, metric delivery_time",
        ),
        (
            "nl",
            "Een woningcorporatie in Nederland had verouderde systemen en lange wachttijden.",
            "industry real-estate, country NL, problem legacy-systems, problem slow-support, "
            "metric waiting_time",
        ),
        (
            "pl",
            "Producent maszyn w Niemczech obniżył koszty energii mimo częstych awarii.",
            "industry machinery, country DE, metric energy_cost, problem unplanned-downtime, "
            "metric failures",
        ),
        (
            "ar",
            "وارتفع رضا العملاء في القطاع الصحي بالسعودية رغم نقص العمالة.",
            "metric customer_satisfaction, industry healthcare, country SA, "
            "problem skills-shortage",
        ),
        (
            "zh-Hans",
            "德国食品企业的能耗下降，数据孤岛\n已消除。",
            "country DE, industry food, metric energy_use, problem data-silos",
        ),
        (
            "zh-TW",
            "台灣的半導體廠縮短了回應時間，缺工嚴重。",
            "country TW, industry electronics, metric response_time, problem skills-shortage",
        ),
        (
            "ja",
            "日本の食品メーカーは人手不足に悩み、リードタイムを短縮した。",
            "country JP, industry food, problem skills-shortage, metric lead_time",
        ),
        (
            "ko",
            "한국의 식품 제조업체에서는 인력 부족으로 처리시간이 늘었고 고객만족도가 떨어졌다.",
            "country KR, industry food, problem skills-shortage, metric processing_time, "
            "metric customer_satisfaction",
        ),
    ],
)
def test_terms_are_found_in_running_text(language: str, text: str, expected: str) -> None:
    assert named(text, language) == set(expected.split(", "))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It was us who made it so; a product line of china and turkey."),
        ("en", "Jordan and Georgia run the product."),
        ("en", "We moved the data. Silos hold grain."),  # two sentences are no phrase
        ("ko", "운전자는 오만한 수단을 쓴 말이란 말이다."),  # syllables inside other words
        ("ja", "マリンの写真"),
        ("fi", "Downtime in Germany"),  # a language without names
        ("en", ""),
    ],
)
def test_what_only_looks_like_a_term_is_none(language: str, text: str) -> None:
    assert named(text, language) == set()


def test_the_longest_hides_the_shorter_but_the_metric_of_a_problem() -> None:
    text = "High energy costs"
    found = [(m.kind, m.id, m.span.of(text)) for m in find_terms(text, "en")]
    assert found == [
        ("problem", "high-energy-cost", "High energy costs"),
        ("metric", "energy_cost", "energy costs"),
    ]
    # "energy" would be an industry, "costs" another metric; neither is spoken of.


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_found_by_each_of_its_names(language: str) -> None:
    for key, names in load_taxonomy().names("metric", language).items():
        for name in names.in_text:
            assert {m.metric for m in find_metrics(name, language)} == {key}, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_entry_is_found_by_each_of_its_names(language: str) -> None:
    for kind in ("problem", "industry", "role", "region"):
        for key, names in load_taxonomy().names(kind, language).items():
            for name in names.in_text:
                found = [(m.kind, m.id) for m in find_terms(name, language)]
                assert (kind, key) in found, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_have_a_name_in_every_language(language: str) -> None:
    for code in ("DE", "FR", "CN", "JP", "BR", "SA", "US", "GB", "KR", "PL"):
        name = country_name(code, language)
        assert country_code(name) == code
        assert f"country {code}" in named(name, language)
    assert country_name("DE", "pt-BR") == "Alemanha"
    assert country_name("DE", "zh-TW") == "德國"
    assert country_name("DE", "tlh") == "Germany"


def test_a_long_text_takes_a_few_milliseconds() -> None:
    text = ("The dairy in Germany cut energy costs; manual data entry went on. " * 90)[:5000]
    find_terms(text, "en")
    took = min(_seconds(text) for _ in range(5))
    assert took < 0.05  # some 5 ms on one core; the rest is for slow machines


def _seconds(text: str) -> float:
    start = time.perf_counter()
    find_terms(text, "en")
    return time.perf_counter() - start


@settings(deadline=None)
@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_spans_fit(text: str, language: str) -> None:
    found = find_terms(text, language)
    assert list(found) == sorted(found, key=lambda m: (m.span.start, -m.span.end, m.kind, m.id))
    for mention in found:
        assert 0 <= mention.span.start < mention.span.end <= len(text)
