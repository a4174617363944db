"""Which part of a case a heading opens, as stories in every language head their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.case import SectionKind
from knowledge_base.sections import _file, heading_of, own_heading

CHALLENGE, SOLUTION, OUTCOME = SectionKind.CHALLENGE, SectionKind.SOLUTION, SectionKind.OUTCOME


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("1. Ausgangslage", CHALLENGE),
        ("Teil 2: Die Umsetzung", SOLUTION),
        ("II. Solution", SOLUTION),
        ("The Challenge: 40 plants, no overview", CHALLENGE),
        ("**RESULTS**", OUTCOME),
        ("Les enjeux", CHALLENGE),
        ("L’impact", OUTCOME),
        ("El reto", CHALLENGE),
        ("I risultati", OUTCOME),
        ("De aanpak", SOLUTION),
        ("Efekty wdrożenia", OUTCOME),
        ("التَّحدّي", CHALLENGE),
        ("٣. النتائج", OUTCOME),
        ("【导入效果】", OUTCOME),
        ("三、实施成效", OUTCOME),
        ("第二部分 解决方案", SOLUTION),
        ("面臨的挑戰", CHALLENGE),
        ("■ 課題", CHALLENGE),
        ("①導入の背景", CHALLENGE),
        ("＜導入効果＞", OUTCOME),
        ("課題：在庫が見えない", CHALLENGE),
        ("◆ 도입 배경", CHALLENGE),
        ("03. 도입 효과", OUTCOME),
        ("お客様の声", SectionKind.QUOTE),
        ("Kundenstimme", SectionKind.QUOTE),
    ],
)
def test_numbered_and_decorated_headings(heading: str, kind: SectionKind) -> None:
    assert heading_of(heading) is kind


@pytest.mark.parametrize(
    "heading",
    [
        "What was your biggest challenge?",
        "Wie sah die Lösung aus?",
        "Our solutions partner in Ohio",
        "A challenging market",
        "Company profile",
        "Background",
        "企业简介",
        "会社概要",
        "Resultadoss",
        "Note: results may vary",
        "1.",
        "",
    ],
)
def test_what_only_sounds_like_one_is_none(heading: str) -> None:
    assert heading_of(heading) is SectionKind.OTHER


def test_every_kind_is_there_in_every_language_and_none_contradicts_another() -> None:
    headings = _file().headings
    languages = {frozenset(by_language) for by_language in headings.values()}
    assert len(languages) == 1
    assert len(next(iter(languages))) == 13
    for kind, by_language in headings.items():
        for language, names in by_language.items():
            assert own_heading(kind, language) == names[0]
            assert {heading_of(name) for name in names} == {kind}, (kind, language)


@given(st.text(max_size=60))
def test_any_heading_is_of_some_kind(heading: str) -> None:
    assert heading_of(heading) in SectionKind
