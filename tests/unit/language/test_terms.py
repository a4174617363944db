"""The taxonomy in every language: nothing lacks a name, and values of real fields are found."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.taxonomy import Kind, load_taxonomy
from language.taxonomy_files import load_terms, terms_languages

TAXONOMY = load_taxonomy()
KINDS: tuple[Kind, ...] = ("industry", "role", "region", "metric", "problem")
LANGUAGES = {
    "ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "zh-Hans", "zh-Hant",
}  # fmt: skip


def test_the_languages_are_those_of_the_product() -> None:
    assert set(TAXONOMY.label_languages) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_language_lacks_a_name(language: str) -> None:
    terms = load_terms(language)
    for kind in KINDS:
        wanted, given_ = set(TAXONOMY.ids(kind)), terms.names[kind]
        assert set(given_) == wanted, (kind, sorted(set(given_) ^ wanted))
        mute = [key for key, names in given_.items() if not names.in_text]
        assert not mute, f"{kind}: nothing to look for in text: {mute}"
        thin = [key for key, names in given_.items() if len(names.synonyms) < 2]
        assert kind == "metric" or not thin, f"{kind}: a label and no synonym: {thin}"
        doubled = [label for label, n in Counter(n.label for n in given_.values()).items() if n > 1]
        assert not doubled, (kind, doubled)
    lacking = [role for role in TAXONOMY.ids("role") if not terms.titles.get(role)]
    assert not lacking, f"no parts of job titles: {lacking}"
    assert set(terms.titles) <= set(TAXONOMY.ids("role"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_name_finds_its_entry(kind: Kind, language: str) -> None:
    for key, names in TAXONOMY.names(kind, language).items():
        for name in names.synonyms:
            assert TAXONOMY.find(kind, name) == key
            assert TAXONOMY.find(kind, f" {name.upper()} ") == key


def test_no_part_of_a_title_tells_of_two_roles() -> None:
    owner: dict[str, str] = {}
    for language in terms_languages():
        for role, parts in load_terms(language).titles.items():
            for part in parts:
                assert owner.setdefault(part.casefold(), role) == role, (language, part)


@pytest.mark.parametrize(
    ("tag", "label"),
    [
        ("pt-BR", "Alimentos e bebidas"),
        ("es-419", "Alimentación y bebidas"),
        ("zh-TW", "食品飲料"),
        ("zh-HK", "食品飲料"),
        ("zh", "食品饮料"),
        ("de-AT", "Lebensmittel und Getränke"),
    ],
)
def test_labels_are_found_by_any_tag_of_a_language(tag: str, label: str) -> None:
    assert TAXONOMY.label("industry", "food", tag) == label


@pytest.mark.parametrize(
    ("value", "industry"),
    [
        ("Maschinenbau", "machinery"),
        ("机械制造", "machinery"),
        ("Agroalimentaire", "food"),
        ("Sante", "healthcare"),
        ("Logistyka", "logistics"),
        ("LOGISTICA", "logistics"),
        ("الرعاية الصحية", "healthcare"),
        ("الاغذية", "food"),
        ("製造業", "machinery"),
        ("물류", "logistics"),
        ("BTP", "construction"),
        ("Construção civil", "construction"),
        ("Construcao civil", "construction"),
        ("Bouw", "construction"),
        ("Budownictwo", "construction"),
        ("營建", "construction"),
        ("건설", "construction"),
        ("Immobilien", "real-estate"),
        ("Bienes raíces", "real-estate"),
        ("Hospitality", "hospitality"),
        ("ホテル", "hospitality"),
        ("Oil & Gas", "oil-gas"),
        ("النفط والغاز", "oil-gas"),
        ("Pharma", "pharma"),
        ("Non-profit", "nonprofit"),
        ("半導体", "electronics"),
        ("金融业务部", ""),  # never a part of a longer text
    ],
)
def test_values_of_fields_are_found(value: str, industry: str) -> None:
    assert TAXONOMY.find("industry", value) == industry


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Director of Sales", "sales"),
        ("VP Supply Chain", "logistics"),
        ("Personal Assistant", ""),
        ("Leiterin Personalwesen", "hr"),
        ("Datenschutzbeauftragter", "legal"),
        ("Directrice des achats", "procurement"),
        ("DIRECTEUR GENERAL", "executive"),
        ("Jefa de mantenimiento", "maintenance"),
        ("Gerente de Manutenção", "maintenance"),
        ("Responsabile acquisti", "procurement"),
        ("Hoofd Technische Dienst", "maintenance"),
        ("Kierownik Utrzymania Ruchu", "maintenance"),
        ("Główna księgowa", "finance"),
        ("مدير المبيعات", "sales"),
        ("مدير قسم للصيانة", "maintenance"),
        ("設計部 部長", "engineering"),
        ("設計部經理", "design"),
        ("業務經理", "sales"),
        ("情報システム部長", "it"),
        ("영업팀장", "sales"),
        ("采购总监", "procurement"),
    ],
)
def test_titles_tell_the_role_in_every_language(title: str, role: str) -> None:
    assert TAXONOMY.find_role_in(title) == role


def test_a_problem_names_metrics_that_there_are() -> None:
    assert TAXONOMY.problem("data-silos").label("fr") == "Silos de données"
    for problem in TAXONOMY.problems():
        assert problem.metrics
        assert set(problem.metrics) <= set(TAXONOMY.ids("metric"))


@given(st.text(max_size=60))
def test_any_field_and_title_is_answered(text: str) -> None:
    for kind in KINDS:
        assert TAXONOMY.find(kind, text) in {"", *TAXONOMY.ids(kind)}
    assert TAXONOMY.find_role_in(text) in {"", *TAXONOMY.ids("role")}
