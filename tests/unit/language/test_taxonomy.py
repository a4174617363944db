"""The taxonomy: names found as people write them, and every form that sentences need."""

from __future__ import annotations

import pytest

from contracts.case import Direction
from language import MissingForm, UnknownTerm, load_taxonomy

TAXONOMY = load_taxonomy()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("industry", "food", "food"),
        ("industry", "  ＦＯＯＤ and\tBeverage ", "food"),
        ("industry", "Lebensmittelindustrie", "food"),
        ("industry", "食品饮料", "food"),
        ("industry", "Maschinenbau", "machinery"),
        ("industry", "food poisoning", ""),
        ("industry", "", ""),
        ("region", "Lateinamerika", "latin-america"),
        ("region", "APAC", "asia-pacific"),
        ("role", "Einkauf", "procurement"),
        ("metric", "OEE", "oee"),
        ("metric", "ungeplante Stillstände", "unplanned_downtime"),
    ],
)
def test_find_takes_ids_labels_and_synonyms(kind, text, expected):
    assert TAXONOMY.find(kind, text) == expected


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Leiterin Instandhaltung", "maintenance"),
        ("Instandhaltungsleiter", "maintenance"),
        ("VP Operations", "operations"),
        ("Vice President Maintenance", "maintenance"),
        ("Production Plant Manager", "plant-manager"),
        ("Werksleiterin", "plant-manager"),
        ("Head of IT", "it"),
        ("设备部经理", "maintenance"),
        ("生产副总经理", "production"),
        ("厂长", "plant-manager"),
        ("Head of Editing", ""),  # "it" is not a word here
        ("Bitte wenden", ""),
        ("", ""),
    ],
)
def test_a_job_title_tells_the_role(title, role):
    assert TAXONOMY.find_role_in(title) == role


def test_the_wanted_entries_are_there():
    assert set(TAXONOMY.ids("industry")) >= {
        "food", "automotive", "chemicals", "logistics", "healthcare", "utilities", "machinery",
        "electronics", "software", "finance", "retail", "telecom", "education", "public",
        "media", "energy",
    }  # fmt: skip
    sections = {TAXONOMY.industry(key).isic_section for key in TAXONOMY.ids("industry")}
    assert sections == set("ABCDEFGHIJKLMNOPQRS")  # ISIC Rev. 4 but households and embassies
    assert set(TAXONOMY.ids("region")) == {
        "europe", "north-america", "china", "asia-pacific", "latin-america", "middle-east",
        "africa",
    }  # fmt: skip
    assert TAXONOMY.industry("food").isic_section == "C"
    assert TAXONOMY.metric("oee").better is Direction.UP
    assert TAXONOMY.metric("scrap_rate").better is Direction.DOWN


def test_forms_are_the_text_a_sentence_needs():
    assert TAXONOMY.industry("food").form("de", "one_dat") == "einem Lebensmittelhersteller"
    assert TAXONOMY.industry("food").form("zh-Hans", "one") == "一家食品饮料企业"
    stops = TAXONOMY.metric("unplanned_downtime")
    assert stops.form("de", "dat") == "den ungeplanten Stillständen"
    assert TAXONOMY.unit("quarter").period == {
        "en": "per quarter",
        "de": "pro Quartal",
        "zh-Hans": "每季度",
    }


@pytest.mark.parametrize("metric", TAXONOMY.metrics(), ids=lambda m: m.id)
def test_a_metric_is_found_by_its_own_forms(metric):
    """What we write must be what we read back: the claims of a draft are checked so."""
    from language import find_metrics

    for language, names in {
        "en": ("np", "noun"),
        "de": ("nom", "acc", "dat"),
        "zh-Hans": ("np",),
    }.items():
        for name in names:
            text = metric.form(language, name)
            found = {mention.metric for mention in find_metrics(text, language)}
            assert found == {metric.id}, (language, text)


def test_unknown_names_say_what_is_near():
    with pytest.raises(UnknownTerm, match='did you mean "logistics"'):
        TAXONOMY.industry("logistic")
    with pytest.raises(MissingForm, match="fi"):
        TAXONOMY.label("industry", "food", "fi")
    assert TAXONOMY.label("industry", "food", "de") == "Lebensmittel und Getränke"
