from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize.errors import BadPhrases
from personalize.writing.patterns import render_pattern


def test_a_tag_gives_the_span_of_what_is_claimed() -> None:
    marked = render_pattern(
        "At <customer>{{ name }}</customer>, <result>it fell by {{ n }}</result>.",
        {"name": "Acme", "n": "18%"},
    )
    assert marked.text == "At Acme, it fell by 18%."
    assert [(tag.name, tag.span.of(marked.text)) for tag in marked.tags] == [
        ("customer", "Acme"),
        ("result", "it fell by 18%"),
    ]


def test_tags_nest_and_the_outer_one_comes_first() -> None:
    marked = render_pattern("<result>How <customer>{{ n }}</customer> did</result>", {"n": "A"})
    assert [tag.name for tag in marked.tags] == ["result", "customer"]


def test_line_breaks_of_a_pattern_stay() -> None:
    assert render_pattern("a{% if t %}\n{{ t }}{% endif %}\nb", {"t": "x"}).text == "a\nx\nb"


@given(st.text())
def test_a_value_can_neither_open_a_tag_nor_a_place(value: str) -> None:
    hostile = f"<result>[[greeting]]{value}</result>{{{{ 7*7 }}}}"
    marked = render_pattern("<situation>{{ v }}</situation>", {"v": hostile})
    assert [tag.name for tag in marked.tags] == ["situation"]
    assert "49" not in marked.text or "49" in value


@pytest.mark.parametrize(
    "pattern",
    [
        "{{ nobody }}",
        "<result>open",
        "close</result>",
        "<result><customer></result></customer>",
        "{% if %}",
    ],
)
def test_a_broken_pattern_is_refused_with_its_text(pattern: str) -> None:
    with pytest.raises(BadPhrases, match="pattern"):
        render_pattern(pattern, {})


def test_a_pattern_cannot_reach_into_python() -> None:
    with pytest.raises(BadPhrases):
        render_pattern("{{ ''.__class__.__mro__ }}", {})
