"""Countries and languages by the names that people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.countries import (
    _countries,
    country_code,
    country_name,
    language_code,
    languages_of,
    region_of,
)
from language.taxonomy import load_taxonomy


@pytest.mark.parametrize(
    "text, code",
    [
        ("USA", "US"),
        ("u.s.a.", "US"),
        ("United States", "US"),
        ("Vereinigte Staaten", "US"),
        ("美国", "US"),
        ("Deutschland", "DE"),
        ("deutschland ", "DE"),
        ("GERMANY", "DE"),
        ("DEU", "DE"),
        ("德国", "DE"),
        ("中国", "CN"),
        ("P.R. China", "CN"),
        ("VR China", "CN"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("ＵＳＡ", "US"),
        ("台灣", "TW"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Россия", "RU"),
        ("日本", "JP"),
        ("NO", "NO"),
        ("", ""),
        ("Atlantis", ""),
        ("China Town Street", ""),
    ],
)
def test_names_and_codes(text: str, code: str) -> None:
    assert country_code(text) == code


def test_every_country_is_found_by_code_and_names() -> None:
    countries = _countries()
    assert len(countries) == 249  # ISO 3166-1
    for code, country in countries.items():
        assert country_code(code) == code
        assert country_code(code.lower()) == code
        for name in (*country.names.values(), *country.also):
            assert country_code(name) == code, name
        assert set(country.names) == {"en", "de", "zh-Hans"}
        assert country_name(code, "en") == country.names["en"]


def test_regions_are_those_of_the_taxonomy() -> None:
    known = set(load_taxonomy().ids("region"))
    used = {region_of(code) for code in _countries()} - {""}
    assert used <= known
    assert used >= {"europe", "north-america", "china", "asia-pacific", "africa"}
    assert [region_of(c) for c in ("DE", "US", "CN", "JP", "BR", "AE", "ZA", "AQ", "", "XX")] == [
        "europe",
        "north-america",
        "china",
        "asia-pacific",
        "latin-america",
        "middle-east",
        "africa",
        "",
        "",
        "",
    ]


def test_main_languages() -> None:
    assert languages_of("DE") == ("de",)
    assert languages_of("us") == ("en",)
    assert languages_of("CN") == ("zh-Hans",)
    assert languages_of("TW") == ("zh-Hant",)
    assert languages_of("BR") == ("pt-BR",)
    for several in ("CH", "BE", "CA", "SG"):
        assert len(languages_of(several)) > 1
    assert languages_of("") == languages_of("XX") == ()


@pytest.mark.parametrize(
    "text, tag",
    [
        ("deutsch", "de"),
        ("German", "de"),
        ("DE", "de"),
        ("de_AT.UTF-8", "de"),
        ("中文", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("chinesisch", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("繁體中文", "zh-Hant"),
        ("EN-GB", "en"),
        ("English (US)", "en"),
        ("pt-BR", "pt-BR"),
        ("português", "pt"),
        ("no", "nb"),
        ("Klingon", ""),
        ("Deutsch/English", ""),
        ("", ""),
    ],
)
def test_languages_as_people_write_them(text: str, tag: str) -> None:
    assert language_code(text) == tag


def test_every_main_language_is_a_language_that_is_known() -> None:
    for country in _countries().values():
        for tag in country.languages:
            # Some small languages have a tag and no entry; the business ones must have one.
            assert language_code(tag) in (tag, "")
        if country.languages and country.region in ("europe", "north-america", "china"):
            assert country.languages[0] in {language_code(tag) for tag in country.languages} | {
                "fo",
                "kl",
            }


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    code = country_code(text)
    assert code == "" or code in _countries()
    assert isinstance(language_code(text), str)
