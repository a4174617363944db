"""Days and times in the languages that mails are written in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.errors import BadInput
from language.dates import event_when, long_date

BERLIN = "Europe/Berlin"
START = datetime(2027, 2, 16, 14, 0, tzinfo=ZoneInfo(BERLIN))
END = datetime(2027, 2, 16, 14, 45, tzinfo=ZoneInfo(BERLIN))


@pytest.mark.parametrize(
    "language, expected",
    [
        ("en", "Tuesday, February 16, 2027, 2:00–2:45\u202fPM (Berlin time)"),
        ("en-GB", "Tuesday 16 February 2027, 14:00 to 14:45 (Berlin time)"),
        ("de", "Dienstag, 16. Februar 2027, 14:00 bis 14:45 Uhr (Ortszeit Berlin)"),
        ("fr", "mardi 16 février 2027, de 14\u00a0h\u00a000 à 14\u00a0h\u00a045 (heure de Berlin)"),
        ("es", "martes, 16 de febrero de 2027, de 14:00 a 14:45\u00a0h (hora de Berlín)"),
        ("es-419", "martes, 16 de febrero de 2027, de 14:00 a 14:45\u00a0h (hora de Berlín)"),
        ("it", "martedì 16 febbraio 2027, dalle 14:00 alle 14:45 (ora di Berlino)"),
        ("nl", "dinsdag 16 februari 2027, 14.00 tot 14.45\u00a0uur (tijd in Berlijn)"),
        ("pl", "wtorek, 16 lutego 2027 r., godz.\u00a014.00–14.45 (czas lokalny: Berlin)"),
        ("pt-BR", "terça-feira, 16 de fevereiro de 2027, das 14h00 às 14h45 (horário de Berlim)"),
        ("zh-Hans", "2027年2月16日（星期二）14:00—14:45（柏林时间）"),
        ("zh-Hant", "2027年2月16日（星期二）下午2:00至2:45（柏林時間）"),
        ("zh-Hant-HK", "2027年2月16日（星期二）下午2:00至2:45（柏林時間）"),
        ("ja", "2027年2月16日（火）14:00～14:45（ベルリン時間）"),
        ("ko", "2027년 2월 16일(화) 오후 2:00~2:45(베를린 시간)"),
        ("ar", "الثلاثاء 16 فبراير 2027، من الساعة 2:00 إلى 2:45 م (بتوقيت برلين)"),
    ],
)
def test_an_event_is_said_as_the_country_says_it(language: str, expected: str) -> None:
    said = event_when(START, END, BERLIN, language)
    assert said.replace("\u202f", " ") == expected.replace("\u202f", " ")


@pytest.mark.parametrize(
    "language, expected",
    [
        ("en", "February 16, 2027"),
        ("en-GB", "16 February 2027"),
        ("de", "16. Februar 2027"),
        ("fr", "16 février 2027"),
        ("es", "16 de febrero de 2027"),
        ("es-419", "16 de febrero de 2027"),
        ("it", "16 febbraio 2027"),
        ("nl", "16 februari 2027"),
        ("zh-Hans", "2027年2月16日"),
        ("zh-Hant-HK", "2027年2月16日"),
        ("ja", "2027年2月16日"),
        ("ko", "2027년 2월 16일"),
        ("pl", "16 lutego 2027 r."),
        ("pt-BR", "16 de fevereiro de 2027"),
        ("zh-Hant", "2027年2月16日"),
        ("ar", "16 فبراير 2027"),
    ],
)
def test_a_day_is_said_in_full(language: str, expected: str) -> None:
    assert long_date(date(2027, 2, 16), language) == expected


def test_the_clock_is_that_of_the_zone_named() -> None:
    said = event_when(START, END, "Asia/Shanghai", "en")
    assert "9:00–9:45" in said
    assert "Shanghai time" in said


@pytest.mark.parametrize(
    "zone, language, city",
    [
        ("Europe/Amsterdam", "fr", "(heure d’Amsterdam)"),
        ("Europe/Athens", "fr", "(heure d’Athènes)"),
        ("Europe/Warsaw", "pl", "(czas lokalny: Warszawa)"),
        ("America/Sao_Paulo", "pt-BR", "(horário de São Paulo)"),
        ("Asia/Shanghai", "ja", "（上海時間）"),
    ],
)
def test_a_city_is_called_as_the_language_calls_it(zone: str, language: str, city: str) -> None:
    assert event_when(START, END, zone, language).endswith(city)


def test_without_a_zone_the_distance_from_utc_is_named() -> None:
    assert event_when(START, None, "", "de").endswith("14:00 Uhr (UTC+01:00)")


def test_an_event_over_noon_names_both_halves_of_the_day() -> None:
    morning = START.replace(hour=11)
    assert "11:00 AM–2:45 PM" in event_when(morning, END, BERLIN, "en").replace("\u202f", " ")
    assert "오전 11:00~오후 2:45" in event_when(morning, END, BERLIN, "ko")


def test_an_event_of_several_days_names_both() -> None:
    later = END.replace(day=18)
    assert "18. Februar 2027, 14:45" in event_when(START, later, BERLIN, "de")


def test_what_is_no_zone_is_refused_with_what_to_write() -> None:
    with pytest.raises(BadInput, match="Europe/Berlin"):
        event_when(START, END, "Berlin", "en")
    with pytest.raises(BadInput, match="needs a zone"):
        event_when(START.replace(tzinfo=None), END, BERLIN, "en")


def test_a_language_without_dates_is_named() -> None:
    with pytest.raises(BadInput, match=r"dates\.yaml"):
        long_date(date(2027, 2, 16), "xx")


@pytest.mark.parametrize(
    "language, first, second",
    [
        ("fr", "1er mars 2027", "2 mars 2027"),
        ("it", "1º marzo 2027", "2 marzo 2027"),
        ("pt-BR", "1º de março de 2027", "2 de março de 2027"),
        ("es", "1 de marzo de 2027", "2 de marzo de 2027"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_does(language, first, second):
    assert long_date(date(2027, 3, 1), language) == first
    assert long_date(date(2027, 3, 2), language) == second
