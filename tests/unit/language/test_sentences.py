"""Where sentences end, where they do not, and rates beside values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language import find_metrics, period_after, period_before, sentences


def split(text: str, language: str) -> list[str]:
    return [span.of(text) for span in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It fell to 2.5 hours, e.g. on Monday. Why? Yes!", 3),
        ("en", "Dr. Smith of Acme Inc. said so. See No. 5 here. She said no. Then", 4),
        ("en", "“We did.” Then it rose.", 2),
        ("en", "The U.S. market grew.", 1),
        ("en", "- first without end\n- second", 2),
        ("en", "wrapped\nline goes on.", 1),
        ("de", "Das war z. B. im 2. Quartal der Fall. Am 3. Mai sank er auf 12. Danach nicht.", 3),
        ("de", "Um 1.250,5 Mio. Euro. „Ein Lager.“ – Rauh", 3),
        ("zh-Hans", "设备停机。恢复要两小时！真的吗？", 3),
        ("zh-Hans", "“以前是机器停了。”他说。", 1),
        ("zh-Hans", "升级到2.5版本。完成", 2),
        ("fr", "Un. Deux.", 2),
        ("en", "", 0),
        ("en", " \n\n ", 0),
    ],
)
def test_sentences_end_where_a_reader_says(language, text, expected):
    assert len(split(text, language)) == expected


def test_list_marks_and_spaces_are_left_out():
    assert split("- One thing.\n\n2) Another one.  ", "en") == ["One thing.", "Another one."]


@settings(deadline=None)  # the first reading compiles the word lists
@given(st.text(max_size=300), st.sampled_from(["en", "de", "zh-Hans", "ja", "pt"]))
def test_spans_are_ordered_and_trimmed(text, language):
    end = 0
    for span in sentences(text, language):
        assert span.start >= end
        assert span.of(text) == span.of(text).strip()
        assert span.of(text)
        end = span.end


@pytest.mark.parametrize(
    ("language", "text", "metrics"),
    [
        ("en", "Unplanned downtime fell", ["unplanned_downtime"]),
        ("en", "Compressed-air  leakage and OEE", ["compressed_air_leakage", "oee"]),
        ("en", "downtimes", []),
        ("de", "an ungeplanten Stillständen", ["unplanned_downtime"]),
        ("zh-Hans", "二号线的设备综合效率（OEE）", ["oee", "oee"]),
        ("fr", "downtime", []),
    ],
)
def test_metrics_are_named_by_the_longest_synonym(language, text, metrics):
    assert [mention.metric for mention in find_metrics(text, language)] == metrics


@pytest.mark.parametrize(
    ("language", "text", "unit"),
    [
        ("en", "12 hours| a quarter within", "quarter"),
        ("en", "9| per heating season", "heating_season"),
        ("en", "12 hours| a quarterback", ""),
        ("en", "12 hours| within a year", ""),
        ("de", "12 Stunden| je Quartal", "quarter"),
        ("de", "12 Stunden| im Quartal", ""),
    ],
)
def test_a_period_is_read_right_after_a_value(language, text, unit):
    head, tail = text.split("|")
    found = period_after(head + tail, len(head), language)
    assert (found.unit if found else "") == unit


def test_chinese_states_the_period_before_the_value():
    text = "由每季度38小时"
    found = period_before(text, text.index("38"), "zh-Hans")
    assert found is not None
    assert found.unit == "quarter"
    assert found.span.of(text) == "每季度"
