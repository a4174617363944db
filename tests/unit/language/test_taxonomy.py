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


def test_unknown_names_say_what_is_near():
    with pytest.raises(UnknownTerm, match='did you mean "logistics"'):
        TAXONOMY.industry("logistic")
    with pytest.raises(MissingForm, match="fi"):
        TAXONOMY.label("industry", "food", "fi")
    assert TAXONOMY.label("industry", "food", "de") == "Lebensmittel und Getränke"
