"""Rankings by meaning, by words, and by both, over a real index."""

from __future__ import annotations

import dataclasses
import hashlib
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kb_samples import TODAY

from contracts.case import Case, SectionKind
from knowledge_base import CaseIndex, EvidenceQuery, IndexFilter, Ranking, retrieve
from knowledge_base.diversity import diversified
from knowledge_base.hybrid import Question, rank_passages
from knowledge_base.index import split_passages
from knowledge_base.models import serves

TEXTS = {
    # id: (language, industry, may be named, text)
    "en-bakery": (
        "en",
        "food",
        True,
        "Unplanned downtime on the bakery line fell by 40% after sensors were fitted.",
    ),
    "en-copy": (
        "en",
        "food",
        True,
        "Unplanned downtime on the bakery line fell by 40% once sensors were fitted.",
    ),
    "en-depot": (
        "en",
        "logistics",
        False,
        "Picking errors in the warehouse dropped and parcels left on time.",
    ),
    "en-water": ("en", "utilities", True, "Leaks in the water network are found within one day."),
    "de-dairy": (
        "de",
        "food",
        True,
        "Die ungeplanten Stillstände der Abfüllanlage sanken um 30 Prozent.",
    ),
    "de-lager": (
        "de",
        "logistics",
        False,
        "Im Lager gingen die Kommissionierfehler um die Hälfte zurück.",
    ),
    "de-pumpe": ("de", "utilities", True, "Die Pumpen melden einen Schaden drei Tage vorher."),
    "zh-lager": ("zh-Hans", "logistics", True, "仓库的拣货差错减少了一半,发货更加准时。"),
    "zh-motor": ("zh-Hans", "food", True, "传感器监测电机,意外停机时间缩短了四成。"),
}
QUESTIONS = {
    "en": ("unplanned downtime of a filling line", "warehouse picking errors", "leaks in pipes"),
    "de": ("ungeplante Stillstände", "Fehler im Lager", "Schaden an Pumpen"),
    "zh-Hans": ("意外停机", "仓库拣货差错"),
}


class LettersModel:
    """Vectors out of triples of letters, nothing of which a language would have to know."""

    name = "letters"

    def __init__(self, *languages):
        self.languages = frozenset(languages)

    def embed_documents(self, texts):
        return [self.embed_query(text) for text in texts]

    @staticmethod
    @cache
    def embed_query(text):
        vector = [0.01] * 64
        for start in range(max(len(text) - 2, 1)):
            digest = hashlib.sha256(text[start : start + 3].casefold().encode()).digest()
            vector[digest[0] % 64] += 1.0 if digest[1] % 2 else -1.0
        length = sum(value * value for value in vector) ** 0.5
        return [value / length for value in vector]


def make_case(case_id):
    language, industry, named, text = TEXTS[case_id]
    return Case(
        id=case_id,
        title="",
        customer={},
        name_public=named,
        industry=industry,
        region="",
        country="",
        language=language,
        roles=(),
        products=(),
        valid_until=None,
        source="",
        path="",
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


class Records(dict):
    def current(self, case_ids):
        return {case_id: self[case_id] for case_id in case_ids if case_id in self}


RECORDS = Records({case_id: make_case(case_id) for case_id in TEXTS})


@pytest.fixture(scope="module")
def open_index(tmp_path_factory):
    """Opens an index of cases by a model that serves the languages named."""
    opened = {}

    def open_(*languages, cases=tuple(TEXTS)):
        key = (languages, tuple(cases))
        if key not in opened:
            opened[key] = CaseIndex(tmp_path_factory.mktemp("index"), LettersModel(*languages))
            opened[key].put_many(RECORDS[case_id] for case_id in cases)
        return opened[key]

    yield open_
    for index in opened.values():
        index.close()


def ranked(index, text, language, ranking=Ranking.HYBRID, k=20, tags=(), **filters):
    question = Question(text, language, tags)
    return rank_passages(index, question, IndexFilter(**filters), k, ranking)


def cases_of(hits):
    return [hit.case_id for hit in hits]


def test_a_question_that_the_model_does_not_serve_goes_by_words_alone(open_index):
    index = open_index("en")
    for text in QUESTIONS["de"]:
        by_words = ranked(index, text, "de", Ranking.WORDS)
        enough = len(by_words)
        assert enough > 0
        assert ranked(index, text, "de", k=enough) == by_words


def test_where_words_find_too_little_what_is_near_follows(open_index):
    index = open_index("en")
    by_words = ranked(index, "Schaden an Pumpen", "de", Ranking.WORDS)
    hybrid = ranked(index, "Schaden an Pumpen", "de", k=len(TEXTS))
    assert len(by_words) < len(hybrid) == len(TEXTS)
    assert cases_of(hybrid)[0] == cases_of(by_words)[0] == "de-pumpe"


def test_a_served_question_weighs_meaning_and_words(open_index):
    index = open_index("en")
    text = "downtime of the bakery line and picking errors"
    near = {hit.passage_id: hit.score for hit in ranked(index, text, "en", Ranking.DENSE)}
    words = {hit.passage_id: hit.score for hit in ranked(index, text, "en", Ranking.WORDS)}
    english = {p for p in near if p.startswith("en-")}
    most = max(near[p] for p in english)
    least = max(min(near[p] for p in english), 0)
    for hit in ranked(index, text, "en"):
        alone = words.get(hit.passage_id, 0.0)
        if hit.language == "en":
            both = 0.5 * max(near[hit.passage_id], 0) / most + 0.5 * alone
            assert hit.score == pytest.approx(both, abs=1e-5)
        else:  # of which similarity says nothing: as near as the last that could be compared
            both = 0.5 * least / most + 0.5 * alone
            assert hit.score == pytest.approx(both, abs=0.011)


def test_words_alone_do_not_count_double(open_index):
    """A German passage that shares a concept stood above the English one that shares the words."""
    index = open_index("en")
    found = ranked(index, "downtime of the bakery line", "en")
    assert found[0].language == "en"


def test_passages_in_languages_that_are_not_served_are_ordered_by_words(open_index):
    index = open_index("en")
    for text in QUESTIONS["en"]:
        enough = len(ranked(index, text, "en", k=3))
        assert enough == 3
        hybrid = [hit for hit in ranked(index, text, "en") if hit.language != "en"]
        by_words = {h.passage_id: h.score for h in ranked(index, text, "en", Ranking.WORDS)}
        order = [by_words[hit.passage_id] for hit in hybrid if hit.passage_id in by_words]
        assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("language", ["de", "zh-Hans"])
def test_with_no_case_in_a_served_language_something_near_is_still_found(open_index, language):
    cases = tuple(c for c, (its, *_) in TEXTS.items() if its == language)
    index = open_index("en", cases=cases)
    text = "entirely unrelated prose about violins"
    assert ranked(index, text, "en", Ranking.WORDS) == ()
    near = [hit for hit in ranked(index, text, "en", Ranking.DENSE) if hit.score > 0]
    found = ranked(index, text, "en")
    assert {hit.case_id for hit in found} == set(cases)
    assert cases_of(found)[: len(near)] == cases_of(near)
    only = ranked(open_index("en"), text, "en", languages=(language,))
    assert {hit.case_id for hit in only} == set(cases)


def test_a_model_of_any_language_weighs_meaning_everywhere(open_index):
    index = open_index("*")
    near = {h.passage_id: h.score for h in ranked(index, "Fehler im Lager", "de", Ranking.DENSE)}
    words = {h.passage_id: h.score for h in ranked(index, "Fehler im Lager", "de", Ranking.WORDS)}
    for hit in ranked(index, "Fehler im Lager", "de"):
        both = 0.5 * max(near[hit.passage_id], 0) / max(near.values())
        both += 0.5 * words.get(hit.passage_id, 0.0)
        assert hit.score == pytest.approx(both, abs=1e-5)


@pytest.mark.parametrize("languages", [("en",), ("de",), ("*",)])
@pytest.mark.parametrize("ranking", list(Ranking))
@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"industries": ("food",)}, lambda case: case.industry == "food"),
        ({"languages": ("zh-Hans",)}, lambda case: case.language == "zh-Hans"),
        ({"languages": ("de", "zh-Hans")}, lambda case: case.language in ("de", "zh-Hans")),
        ({"named_only": True}, lambda case: case.name_public),
        ({"case_ids": ("de-lager", "en-water")}, lambda case: case.id in ("de-lager", "en-water")),
        (
            {"industries": ("logistics",), "named_only": True},
            lambda case: case.industry == "logistics" and case.name_public,
        ),
        ({"kinds": (SectionKind.QUOTE,)}, lambda _: False),
        ({"regions": ("asia",)}, lambda _: False),
    ],
)
def test_filters_let_through_just_what_they_say(open_index, languages, ranking, filters, holds):
    index = open_index(*languages)
    passing = {case_id for case_id, case in RECORDS.items() if holds(case)}
    for language, questions in QUESTIONS.items():
        for text in questions:
            found = set(cases_of(ranked(index, text, language, ranking, **filters)))
            assert found <= passing
            if ranking is not Ranking.WORDS:
                assert found == passing


@given(
    st.sampled_from([("en",), ("de", "zh"), ("*",), ("fr",)]),
    st.sampled_from([(lang, text) for lang, texts in QUESTIONS.items() for text in texts]),
    st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_rankings_are_complete_ordered_and_the_same_again(open_index, languages, asked, k):
    language, text = asked
    index = open_index(*languages)
    found = ranked(index, text, language, k=k)
    assert found == ranked(index, text, language, k=k)
    assert len(found) == len({hit.passage_id for hit in found}) == min(k, len(TEXTS))
    assert [(-h.score, h.passage_id) for h in found] == sorted(
        (-h.score, h.passage_id) for h in found
    )
    assert all(0 <= hit.score <= 1 for hit in found)


def test_two_indexes_of_the_same_cases_answer_the_same(open_index, tmp_path):
    with CaseIndex(tmp_path / "again", LettersModel("en")) as again:
        again.put_many(RECORDS[case_id] for case_id in reversed(TEXTS))
        for language, questions in QUESTIONS.items():
            for text in questions:
                first = ranked(open_index("en"), text, language)
                second = ranked(again, text, language)
                assert cases_of(first) == cases_of(second)
                assert [h.score for h in first] == pytest.approx([h.score for h in second])


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("picking errors in the warehouse", "en", "zh-lager"),
        ("unplanned downtime", "en", "zh-motor"),
        ("仓库拣货差错", "zh-Hans", "en-depot"),
        ("意外停机", "zh-Hans", "en-bakery"),
        ("仓库拣货差错", "zh-Hans", "de-lager"),
    ],
)
def test_concepts_reach_across_languages(open_index, text, language, wanted):
    wanted_language = TEXTS[wanted][0]
    for ranking in (Ranking.WORDS, Ranking.HYBRID):
        found = ranked(open_index("en"), text, language, ranking, languages=(wanted_language,))
        assert wanted in cases_of(found)[:2]
    everywhere = ranked(open_index("en"), text, language, Ranking.WORDS)
    assert wanted in cases_of(everywhere)


def test_tags_find_cases_whose_words_say_something_else(open_index):
    found = ranked(open_index("en"), "violins", "en", Ranking.WORDS, tags=("#industry:utilities",))
    assert set(cases_of(found)) == {"en-water", "de-pumpe"}


def test_nothing_is_found_for_nothing(open_index, tmp_path):
    index = open_index("en")
    for ranking in Ranking:
        assert ranked(index, " \n", "en", ranking) == ()
        assert ranked(index, "downtime", "en", ranking, k=0) == ()
        with CaseIndex(tmp_path / ranking, LettersModel("en")) as empty:
            assert ranked(empty, "downtime", "en", ranking) == ()


# --- diversity -------------------------------------------------------------------------------


def test_a_near_copy_comes_later(open_index):
    index = open_index("en")
    asked = EvidenceQuery("unplanned downtime of the bakery line, errors", "en", TODAY)
    plain = [p.case_id for p in retrieve(index, RECORDS, asked, 5)]
    assert set(plain[:2]) == {"en-bakery", "en-copy"}
    varied = dataclasses.replace(asked, relevance=0.5)
    spread = [p.case_id for p in retrieve(index, RECORDS, varied, len(TEXTS))]
    assert spread[0] == plain[0]
    assert spread.index(plain[1]) > 1


@given(
    order=st.permutations(list(range(len(TEXTS)))),
    scores=st.lists(st.floats(0, 1, allow_nan=False), min_size=len(TEXTS), max_size=len(TEXTS)),
    k=st.integers(1, 12),
    relevance=st.floats(0, 1),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_diversity_keeps_the_first_and_loses_nothing(open_index, order, scores, k, relevance):
    snapshot = open_index("en").words()
    hits = [
        snapshot.hit(row, score)
        for row, score in zip(order, sorted(scores, reverse=True), strict=True)
    ]
    found = diversified(hits, snapshot, k, relevance)
    assert found[0] == hits[0]
    assert len(found) == len({hit.passage_id for hit in found}) == min(k, len(hits))
    assert set(found) <= set(hits)
    assert diversified(hits, snapshot, k, 1.0) == tuple(hits[:k])
    assert diversified(hits, snapshot, k + 1, relevance)[:k] == found


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9), st.floats(0, 0.99))
@settings(max_examples=50, deadline=None)
def test_what_the_words_index_does_not_know_repeats_nothing(open_index, scores, relevance):
    snapshot = open_index("en").words()
    hit = snapshot.hit(0)
    hits = [
        dataclasses.replace(hit, passage_id=f"unknown-{n}", score=score)
        for n, score in enumerate(sorted(scores, reverse=True))
    ]
    found = diversified(hits, snapshot, len(hits), relevance)
    gains = [relevance * hit.score for hit in found]
    assert gains == sorted(gains, reverse=True)
    assert diversified([], snapshot, 3, relevance) == ()
    assert diversified(hits, None, 1, relevance) == (hits[0],)


def test_served_languages_go_by_their_base_tag():
    assert serves(frozenset({"zh"}), "zh-Hant")
    assert serves(frozenset({"*"}), "sw")
    assert not serves(frozenset({"en", "de"}), "fr")
    assert not serves(frozenset(), "en")


def test_every_passage_keeps_its_own_text(open_index):
    for passage in retrieve(
        open_index("en"), RECORDS, EvidenceQuery("warehouse errors", "en", TODAY), 9
    ):
        assert passage.text in TEXTS[passage.case_id][3]
        assert passage.text == split_passages(RECORDS[passage.case_id])[0].text
        assert np.isfinite(passage.score)
