"""Outcomes: what is read with certainty, and what is left to a person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.case import Direction, Outcome, Section, SectionKind, Span
from knowledge_base import extract_outcomes
from language import load_taxonomy
from personalize import language_book

TAXONOMY = load_taxonomy()


def outcomes(
    text: str, language: str, kind: SectionKind = SectionKind.OUTCOME
) -> tuple[Outcome, ...]:
    return extract_outcomes(text, (Section(kind, "", Span(0, len(text))),), language, TAXONOMY)


def facts(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.metric,
        outcome.direction.value if outcome.direction else "",
        *(str(v) if v is not None else "" for v in (outcome.change, outcome.before, outcome.after)),
        outcome.unit,
        outcome.value_unit,
        outcome.period,
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Unplanned downtime on the two filling lines fell from 41 to 12 hours a quarter within "
            "nine months.",
            ("unplanned_downtime", "down", "", "41", "12", "hour", "hour", "quarter"),
        ),
        (
            "de",
            "Der Druckluftverbrauch sank um 18 % innerhalb eines halben Jahres.",
            ("compressed_air_use", "down", "18", "", "", "percent", "", ""),
        ),
        (
            "de",
            "Die ungeplanten Stillstände gingen innerhalb von neun Monaten von 41 auf 12 Stunden "
            "je Quartal zurück.",
            ("unplanned_downtime", "down", "", "41", "12", "hour", "hour", "quarter"),
        ),
        (
            "zh-Hans",
            "三条灌装线的非计划停机时间在一年内由每季度38小时降至14小时。",
            ("unplanned_downtime", "down", "", "38", "14", "hour", "hour", "quarter"),
        ),
        (
            "zh-Hans",
            "设备维修费用第一年减少46万元。",
            ("maintenance_cost", "down", "460000", "", "", "cny", "", ""),
        ),
        (
            "en",
            "Maintenance cost for the 1,600-ton line fell by $186,000 in the first year.",
            ("maintenance_cost", "down", "186000", "", "", "usd", "", ""),
        ),
        (
            "en",
            "Overall equipment effectiveness (OEE) on line 2 rose from 68% to 74%.",
            ("oee", "up", "", "68", "74", "percent", "percent", ""),
        ),
        (
            "en",
            "OEE improved from 68% to 74%.",
            ("oee", "up", "", "68", "74", "percent", "percent", ""),
        ),
        (
            "en",
            "The scrap rate fell by 0.6 percentage points in the first year.",
            ("scrap_rate", "down", "0.6", "", "", "percentage_point", "", ""),
        ),
        (
            "en",
            "Emergency call-outs at night fell from 26 to 9 in the first year.",
            ("call_outs", "down", "", "26", "9", "count", "count", ""),
        ),
        (
            "en",
            "An 18% reduction in energy consumption was measured.",
            ("energy_use", "down", "18", "", "", "percent", "", ""),
        ),
        (
            "de",
            "Die Rüstzeit wurde halbiert.",
            ("setup_time", "down", "50", "", "", "percent", "", ""),
        ),
        ("en", "Throughput doubled.", ("throughput", "up", "2", "", "", "times", "", "")),
        (
            "ja",
            "ダウンタイムが41時間から12時間に減少しました。",
            ("downtime", "down", "", "41", "12", "hour", "hour", ""),
        ),
    ],
)
def test_a_plain_result_is_sure(language, text, expected):
    (outcome,) = outcomes(text, language)
    assert facts(outcome) == expected
    assert outcome.sure
    assert outcome.text == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Energy consumption was cut by about 20%."),
        ("en", "Energy consumption fell by 20-30%."),
        ("en", "Energy consumption fell by up to 20%."),
        ("en", "Energy consumption did not fall by 20%."),
        ("en", "Energy consumption should fall by 20%."),
        ("en", "Downtime fell by 20% and maintenance cost by 5%."),
        ("en", "Downtime fell by 20% and costs rose."),
        ("en", "Inventory counting time fell by 20%."),
        ("en", "Downtime rose from 41 to 12 hours."),
        ("en", "Downtime fell from 900 to 700 kilojoules."),
        ("en", "Downtime fell from 3 days to 12 hours."),
        ("en", "Downtime fell from 41 to 12 hours per line."),
        ("en", "Downtime fell to 12 hours."),
        ("en", "Downtime fell by 20% at a price of $3,000."),
        ("en", "Something fell by 20%."),
        ("de", "Die Kosten sanken um rund 20 %."),
        ("de", "Die Kosten sollen um 20 % sinken."),
        ("zh-Hans", "预计能耗下降20%。"),
        ("zh-Hans", "产量提高3倍。"),  # three times as much, or four
        ("zh-Hans", "能耗下降约20%。"),
    ],
)
def test_what_can_be_read_two_ways_is_never_sure(language, text):
    assert not any(outcome.sure for outcome in outcomes(text, language))


@pytest.mark.parametrize("kind", list(SectionKind))
def test_titles_challenges_and_quotations_state_no_results(kind):
    found = outcomes("Downtime fell by 20%.", "en", kind)
    if kind in {SectionKind.CHALLENGE, SectionKind.QUOTE, SectionKind.TITLE}:
        assert found == ()
    else:
        assert [outcome.sure for outcome in found] == [True]


def test_sentences_without_a_change_are_no_outcomes():
    assert outcomes("OEE is recorded on line 2 only. The 38 machines are old.", "en") == ()
    assert outcomes("", "en") == ()
    assert outcomes("Downtime fell by 20%.", "sv") == ()


def test_a_time_frame_is_not_a_value():
    (outcome,) = outcomes("Within nine months downtime fell by 20%.", "en")
    assert (str(outcome.change), outcome.unit) == ("20", "percent")
    assert outcome.sure


@settings(deadline=None)
@given(
    st.integers(2, 10_000),
    st.integers(1, 9_999),
    st.sampled_from([m.id for m in TAXONOMY.metrics()]),
    st.sampled_from(["hours", "days", "MWh", ""]),
)
def test_before_and_after_are_read_as_written(before, after, metric, unit):
    after = min(after, before - 1)
    name = language_book("en").terms.metrics[metric]["np"]
    text = f"{name[0].upper()}{name[1:]} fell from {before:,} to {after:,} {unit}".strip() + "."
    (outcome,) = outcomes(text, "en")
    assert outcome.sure
    assert (outcome.metric, outcome.direction) == (metric, Direction.DOWN)
    assert (outcome.before, outcome.after) == (before, after)
    assert outcome.change is None


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "de", "zh-Hans", "ja", "pt"]))
def test_any_text_is_read_and_spans_fit(text, language):
    for outcome in outcomes(text, language):
        assert outcome.span.of(text) == outcome.text
        assert not outcome.sure or (outcome.metric and outcome.direction)


def test_a_run_of_text_without_an_end_is_no_sentence():
    text = "The scrap rate fell by 20%, " + "1 " * 600 + "times."
    assert extract_outcomes(text, (), "en", load_taxonomy()) == ()
