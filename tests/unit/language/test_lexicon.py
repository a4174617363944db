"""Concepts found in texts of every language, and the words of texts as they are searched by."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from language import concept_words, find_concepts, index_words, query_words
from language.lexicon import lexicon_languages
from language.stems import stem_words

FILES = {
    entry.name: yaml.load(entry.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for entry in files("language").joinpath("data", "lexicon").iterdir()
    if entry.name.endswith(".yaml")
}
CONCEPTS = [
    (name, concept, words) for name, f in FILES.items() for concept, words in f["concepts"].items()
]


def concepts(text, language):
    return {mention.concept for mention in find_concepts(text, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Unplanned downtime in our warehouses was costly."),
        ("de", "Stillstände in unseren Lagerhallen waren teuer; die Ausfallzeiten stiegen."),
        ("fr", "Les temps d'arrêt dans nos entrepôts coûtaient cher."),
        ("es", "El tiempo de inactividad en nuestros almacenes salía caro."),
        ("pt-BR", "O tempo de inatividade nos nossos armazéns saía caro."),
        ("it", "I fermi macchina nei nostri magazzini costavano molto."),
        ("nl", "De stilstand in onze magazijnen was duur."),
        ("pl", "Przestoje w naszych magazynach były kosztowne."),
        ("ar", "كان وقت التوقف في مستودعاتنا مكلفاً، وفي المستودع الرئيسي خاصة."),
        ("zh-Hans", "我们仓库的停机代价很高。"),
        ("zh-TW", "我們倉庫的停機代價很高。"),
        ("ja", "当社の倉庫のダウンタイムは高くついた。"),
        ("ko", "당사 창고의 다운타임은 비용이 많이 들었습니다."),
    ],
)
def test_one_concept_is_found_in_every_language(language, text):
    assert {"warehouse", "downtime"} <= concepts(text, language)


def test_there_are_enough_concepts_and_each_is_whole():
    seen = {}
    for name, concept, words in CONCEPTS:
        assert concept not in seen, f"{concept} in {name} and {seen[concept]}"
        seen[concept] = name
        assert set(words) == set(lexicon_languages()), f"{concept} in {name}"
    assert len(seen) >= 600


@pytest.mark.parametrize("language", lexicon_languages())
def test_every_word_of_the_lexicon_is_found_by_itself(language):
    lost = [
        f"{concept}: {word}"
        for _, concept, words in CONCEPTS
        for word in words[language]
        if concept not in concepts(str(word), language)
    ]
    assert lost == []


def test_longer_words_hold_shorter_ones_but_do_not_cross():
    found = [(m.concept, m.span) for m in find_concepts("数据中心", "zh-Hans")]
    assert found[0][0] == "data_center" or found[0][1].end == 4
    assert all(span.start >= 0 and span.end <= 4 for _, span in found)


def test_latin_words_in_other_scripts_are_english_ones():
    assert "downtime" in concepts("减少 downtime 很重要", "zh-Hans")
    assert "downtime" in concepts("снизить downtime", "ru")
    assert concepts("снизить простои", "ru") == set()


@pytest.mark.parametrize(
    ("language", "text", "concept"),
    [("zh-Hans", "打开客户端即可", "customer"), ("ja", "プレスリリースを配信", "release")],
)
def test_a_longer_word_of_another_sense_hides_what_it_holds(language, text, concept):
    assert concept not in concepts(text, language)


def test_korean_words_may_be_written_together_but_do_not_cross_words():
    assert "downtime" in concepts("가동 중단", "ko") & concepts("가동중단", "ko")
    assert "server" in concepts("서버를 교체", "ko")
    assert "server" not in concepts("화면에서 버튼", "ko")


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("pt-BR", "pt"), ("es-419", "es"), ("zh", "zh-Hans"), ("zh-HK", "zh-Hant"), ("de-AT", "de")],
)
def test_tags_are_looked_up_under_what_the_lexicon_has(tag, kept):
    assert concept_words("warehouse", tag) == concept_words("warehouse", kept)


def test_what_is_not_known_is_empty():
    assert concept_words("no_such_concept", "en") == ()
    assert concept_words("warehouse", "vi") == ()
    assert find_concepts("", "en") == ()


@settings(deadline=None)  # the first text in a language loads its words
@given(st.text(max_size=80), st.sampled_from([*lexicon_languages(), "ru", "th", "vi"]))
def test_places_lie_in_the_text_whatever_it_is(text, language):
    for mention in find_concepts(text, language):
        assert 0 <= mention.span.start < mention.span.end <= len(text)
    for stem in stem_words(text, language):
        assert stem.span.of(text)
        assert stem.word
    assert all(index_words(text, language))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "delivery times", "delivery time"),
        ("de", "die verkürzten Lieferzeiten", "der verkürzten Lieferzeit"),
        ("pl", "magazynami", "magazyny"),
        ("zh-Hans", "仓库管理", "仓库 管理"),
        ("th", "ลดต้นทุน", "ต้นทุน ลด"),
        ("ja", "納期", "納期"),
        ("ko", "납기를", "납기"),
    ],
)
def test_forms_of_a_word_share_what_they_are_searched_by(language, one, other):
    assert set(index_words(one, language)) & set(index_words(other, language))


def test_traditional_and_simplified_chinese_find_each_other():
    assert index_words("軟體倉庫", "zh-Hant") == index_words("软体仓库", "zh-Hans")


def test_a_name_is_looked_for_as_each_language_stems_it():
    words = query_words("我们想了解 Adidas 的做法", "zh-Hans", ["en", "de"])
    for language in ("en", "de"):
        assert set(index_words("Adidas", language)) <= set(words)
