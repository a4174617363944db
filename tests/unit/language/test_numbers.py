"""Numbers as texts state them, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import find_numbers, format_number, same_value
from language.numbers import is_ambiguous
from language.tags import data_language

NBSP = "\u00a0"
LANGUAGES = [
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "zh-Hans", "zh-Hant", "ja", "ko",
]  # fmt: skip


def read(text: str, language: str) -> list[tuple[str, str]]:
    return [(format(n.value.normalize(), "f"), n.unit) for n in find_numbers(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "1,250.5 units", [("1250.5", "")]),
        ("en", "1.250,5 units", [("1250.5", "")]),
        ("en", "1.25", [("1.25", "")]),
        ("en", "1,250", [("1250", "")]),
        ("de", "1.250,5", [("1250.5", "")]),
        ("de", "3.900 auf 2.650 Maschinenstunden", [("3900", ""), ("2650", "machine_hour")]),
        ("de", "1,25", [("1.25", "")]),
        ("de", f"1{NBSP}250", [("1250", "")]),
        ("zh-Hans", "12万台", [("120000", "count")]),
        ("zh-Hans", "3亿元", [("300000000", "cny")]),
        ("zh-Hans", "２０％", [("20", "percent")]),
        ("zh-Hans", "百分之二十", [("20", "percent")]),
        ("zh-Hans", "两千三百元", [("2300", "cny")]),
        ("zh-Hans", "20%～30%", [("20", "percent"), ("30", "percent")]),
        ("zh-Hans", "3倍", [("3", "times")]),
        ("zh-Hans", "一半", [("50", "percent")]),
        ("zh-Hans", "两小时", [("2", "hour")]),
        ("zh-Hans", "半年内", [("0.5", "year")]),
        ("zh-Hans", "一年半", [("1.5", "year")]),
        ("zh-Hans", "两个半小时", [("2.5", "hour")]),
        ("zh-Hans", "3个半月", [("3.5", "month")]),
        ("zh-Hans", "三成", [("30", "percent")]),
        ("zh-Hans", "0.6个百分点", [("0.6", "percentage_point")]),
        ("zh-Hans", "2025年3月", [("2025", ""), ("3", "")]),
        ("zh-Hans", "第2个月", [("2", "")]),
        ("en", "20% 20 percent 20 per cent", [("20", "percent")] * 3),
        ("de", f"20{NBSP}% 20 % 20 Prozent", [("20", "percent")] * 3),
        ("en", "3x 3-fold threefold", [("3", "times")] * 3),
        ("de", "dreifach, 3-fach", [("3", "times")] * 2),
        ("en", "halved", [("50", "percent")]),
        ("de", "halbiert", [("50", "percent")]),
        ("en", "half a year", [("0.5", "year")]),
        ("de", "eines halben Jahres", [("0.5", "year")]),
        ("en", "three days", [("3", "day")]),
        ("en", "three lines", []),
        ("de", "drei Stunden", [("3", "hour")]),
        ("en", "from 41 to 12 hours", [("41", "hour"), ("12", "hour")]),
        ("en", "$186,000", [("186000", "usd")]),
        ("en", "€1.2 million", [("1200000", "eur")]),
        ("de", "5 Mio. Euro", [("5000000", "eur")]),
        ("zh-Hans", "人民币5万元", [("50000", "cny")]),
        ("en", "a 1,600-ton press", [("1600", "ton")]),
        ("en", "CO2, 3D, 2nd, COVID-19, B2B", []),
        ("de", "am 12.03.2025", [("12", ""), ("3", ""), ("2025", "")]),
        ("en", "", []),
        (
            "en",
            "by a third, by a quarter, two-thirds",
            [("33.33", "percent"), ("25", "percent"), ("66.67", "percent")],
        ),
        ("en", "12 hours a quarter", [("12", "hour")]),
        ("en", "a third machine", []),
        ("en", "4x 10-fold tripled", [("4", "times"), ("10", "times"), ("3", "times")]),
        ("en", "$5M and £3.5bn", [("5000000", "usd"), ("3500000000", "gbp")]),
        ("de", "ein Drittel, 5 Mio. €", [("33.33", "percent"), ("5000000", "eur")]),
        ("fr", "1 234,5", [("1234.5", "")]),
        ("fr", f"1{NBSP}234,5 h", [("1234.5", "hour")]),
        ("fr", "1\u202f234 € et 5 M€", [("1234", "eur"), ("5000000", "eur")]),
        (
            "fr",
            "d'un tiers, d'un quart, un quart d'heure",
            [("33.33", "percent"), ("25", "percent"), ("15", "minute")],
        ),
        ("fr", "divisé par deux, doublé", [("50", "percent"), ("2", "times")]),
        ("fr", "deux heures et demie", [("2.5", "hour")]),
        ("es", "1.234,5 horas y 12500 €", [("1234.5", "hour"), ("12500", "eur")]),
        ("es", "de dos semanas a dos días", [("2", "week"), ("2", "day")]),
        ("es", "a la mitad, una tercera parte", [("50", "percent"), ("33.33", "percent")]),
        ("pt", "1.234,5 horas", [("1234.5", "hour")]),
        (
            "pt",
            "R$ 5 mil, dobrou, um terço",
            [("5000", "brl"), ("2", "times"), ("33.33", "percent")],
        ),
        ("pt", "de 3 a 1", [("3", ""), ("1", "")]),
        ("it", "1.234,5 ore e 5mila euro", [("1234.5", "hour"), ("5000", "eur")]),
        (
            "it",
            "dimezzato, 10 volte, mezz'ora",
            [("50", "percent"), ("10", "times"), ("0.5", "hour")],
        ),
        ("nl", "1.234,5 uur, drieënhalf uur", [("1234.5", "hour"), ("3.5", "hour")]),
        (
            "nl",
            "gehalveerd, een kwart, 3 keer",
            [("50", "percent"), ("25", "percent"), ("3", "times")],
        ),
        ("pl", f"1{NBSP}234,5 zł i 12,5 tys. zł", [("1234.5", "pln"), ("12500", "pln")]),
        ("pl", "o połowę, o jedną trzecią", [("50", "percent"), ("33.33", "percent")]),
        ("pl", "z dwóch tygodni do dwóch dni", [("2", "week"), ("2", "day")]),
        ("ar", "١٢٫٥٪ و ١٬٢٣٤ ساعة", [("12.5", "percent"), ("1234", "hour")]),
        ("ar", "%30 من أسبوعين إلى يومين", [("30", "percent"), ("2", "week"), ("2", "day")]),
        ("ar", "بمقدار الثلث", [("33.33", "percent")]),
        ("ar", "خلال تسعة أشهر", [("9", "month")]),
        ("zh-Hans", "3万5千元", [("35000", "cny")]),
        ("zh-Hans", "三分之一", [("33.33", "percent")]),
        (
            "zh-Hant",
            "12萬台, 3成, 三分之一",
            [("120000", "count"), ("30", "percent"), ("33.33", "percent")],
        ),
        ("zh-Hant", "NT$500萬", [("5000000", "twd")]),
        ("zh-Hant", "兩個半小時", [("2.5", "hour")]),
        ("ja", "12万から3万", [("120000", ""), ("30000", "")]),
        ("ja", "3割, 2割5分, 半分", [("30", "percent"), ("25", "percent"), ("50", "percent")]),
        ("ja", "1億2000万円, 3分の1", [("120000000", "jpy"), ("33.33", "percent")]),
        ("ja", "5月3日", [("5", ""), ("3", "")]),
        ("ja", "2018年に3日で", [("2018", ""), ("3", "day")]),
        ("ja", "四半期あたり41時間、2四半期で", [("41", "hour"), ("2", "quarter")]),
        ("ja", "1万2,000個", [("12000", "count")]),
        ("zh-Hant", "每半年64小時", [("64", "hour")]),
        ("zh-Hans", "用了半年时间", [("0.5", "year")]),
        ("ko", "1만 2,000개", [("12000", "count")]),
        ("ko", "2만 5천 원", [("25000", "krw")]),
        ("ko", "절반, 3분의 1, 두 배", [("50", "percent"), ("33.33", "percent"), ("2", "times")]),
        ("ko", "두 시간, 제한 시간", [("2", "hour")]),
        ("ko", "2024년 5월 3일", [("2024", ""), ("5", ""), ("3", "")]),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(language, text, expected):
    assert read(text, language) == expected


@settings(deadline=None)  # the first reading compiles the word lists
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_spans_are_in_the_text_and_do_not_overlap(text, language):
    end = 0
    for number in find_numbers(text, language):
        assert number.span.start >= end
        assert number.span.of(text) == number.raw
        assert number.raw
        assert number.value >= 0
        end = number.span.end


amounts = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False)


@settings(deadline=None)  # the first reading compiles the word lists
@given(amounts, st.sampled_from([*LANGUAGES, "pt-BR", "es-419", "zh-TW"]))
def test_a_formatted_number_is_read_back(value, language):
    (found,) = find_numbers(format_number(value, language), language)
    assert found.value == value


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("12345.5", "fr", "12\u202f345,5"),
        ("1234", "es", "1234"),
        ("12345", "es", "12.345"),
        ("12345", "pl", f"12{NBSP}345"),
        ("12345", "zh-TW", "12,345"),
        ("164000", "zh-Hans", "16.4万"),
        ("164000", "zh-TW", "16.4萬"),
        ("123456", "zh-Hans", "123456"),
        ("300000000", "ja", "3億"),
        ("41000", "ko", "4.1만"),
        ("1250", "de", "1.250"),
        ("12345", "pt-BR", "12.345"),
        ("12345", "ko", "12,345"),
    ],
)
def test_thousands_are_set_apart_as_the_language_does(value, language, expected):
    assert format_number(Decimal(value), language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "1,250 horas", True),
        ("en", "1.250 hours", True),
        ("en", "1,250 hours", False),
        ("en", "1.25 hours", False),
        ("de", "0,125", False),
        ("fr", "12,5 %", False),
    ],
)
def test_digits_that_two_countries_read_differently_are_ambiguous(language, text, expected):
    (number,) = find_numbers(text, language)
    assert is_ambiguous(number, language) == expected


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ("pt-BR", "pt"),
        ("es-419", "es"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("DE-at", "de"),
        ("sv", "sv"),
        ("", ""),
    ],
)
def test_a_tag_names_the_language_of_the_data(tag, key):
    assert data_language(tag) == key


@pytest.mark.parametrize("value", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_amount_is_not_written(value):
    with pytest.raises(ValueError, match="finite"):
        format_number(value, "en")


def test_same_value_compares_value_and_unit():
    (english,) = find_numbers("fell by 18%", "en")
    (german,) = find_numbers(f"um 18{NBSP}%", "de")
    (hours,) = find_numbers("18 hours", "en")
    (count,) = find_numbers("17次", "zh-Hans")
    (bare,) = find_numbers("17", "en")
    assert same_value(english, german)
    assert not same_value(english, hours)
    assert same_value(count, bare)
