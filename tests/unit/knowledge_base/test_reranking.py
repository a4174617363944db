"""A second look at passages by a cross-encoder."""

from __future__ import annotations

import dataclasses
import shutil

import pytest
from folder_models import cross_encoder_folder, state_languages
from hypothesis import given
from hypothesis import strategies as st
from kb_samples import TODAY, Records, sample_cases

from knowledge_base import (
    HASHED_WORDS,
    CaseIndex,
    EvidenceQuery,
    LanguagesUnknown,
    ModelNotFound,
    open_embeddings,
    open_reranker,
    retrieve,
)
from knowledge_base.reranking import POOL, reranked, serves_both

TEXTS = ["unplanned downtime fell", "the scrap rate fell", "costs rose", "sensors on motors"]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return cross_encoder_folder(tmp_path_factory.mktemp("rerankers") / "made", seed=3)


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "own-ranker")


@pytest.fixture
def records(tmp_path):
    return Records(sample_cases(tmp_path / "cases"))


@pytest.fixture
def index(tmp_path, records):
    with CaseIndex(tmp_path / "index", open_embeddings(HASHED_WORDS)) as index:
        index.put_many(records.values())
        yield index


# --- models ----------------------------------------------------------------------------------


def test_a_folder_is_opened_and_prints_nothing(folder, capfd):
    reranker = open_reranker(str(folder), ("en",))
    scores = reranker.scores("downtime of the line", TEXTS)
    assert len(set(scores)) == len(TEXTS)
    assert all(type(score) is float for score in scores)
    again = reranker.scores("downtime of the line", TEXTS[::-1])
    assert again[::-1] == pytest.approx(scores, abs=1e-5)
    assert reranker.scores("costs", TEXTS) != pytest.approx(scores, abs=1e-4)
    assert reranker.scores("downtime", []) == []
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


def test_its_languages_are_known_or_asked_for(folder):
    with pytest.raises(LanguagesUnknown, match="rerank_languages") as caught:
        open_reranker(str(folder))
    assert "embedding" not in str(caught.value)
    with pytest.raises(LanguagesUnknown, match='"gibberish" in rerank_languages'):
        open_reranker(str(folder), ("gibberish",))
    state_languages(folder, "language: [en, zh]")
    assert open_reranker(str(folder)).languages == {"en", "zh"}
    assert open_reranker("BAAI/bge-reranker-v2-m3").languages == {"*"}
    assert open_reranker("cross-encoder/ms-marco-MiniLM-L6-v2").languages == {"en"}


def test_what_cannot_be_loaded_is_named(folder, capfd):
    with pytest.raises(ModelNotFound, match="/no/such/folder"):
        open_reranker("/no/such/folder")
    (folder / "model.safetensors").write_bytes(b"garbage" * 100)
    with pytest.raises(ModelNotFound, match=r"own-ranker cannot be loaded; name a folder"):
        open_reranker(str(folder), ("en",)).scores("downtime", TEXTS)
    output = capfd.readouterr()
    assert (output.out, output.err) == ("", "")


def test_both_languages_must_be_served():
    @dataclasses.dataclass
    class Of:
        languages: frozenset

    english = Of(frozenset({"en"}))
    assert serves_both(english, "en", "en-GB")
    assert not serves_both(english, "de", "en")
    assert not serves_both(english, "en", "de")
    assert serves_both(Of(frozenset({"*"})), "de", "zh-Hans")


# --- the order -------------------------------------------------------------------------------


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_only_those_with_a_score_change_places(scores):
    order = list(range(len(scores)))
    found = reranked(order, scores)
    assert sorted(found) == order
    for place, score in enumerate(scores):
        assert (scores[found[place]] is None) == (score is None)
        if score is None:
            assert found[place] == place
    judged = [item for item in found if scores[item] is not None]
    assert judged == sorted(judged, key=lambda item: (-scores[item], item))


class ByLength:
    """Prefers short texts."""

    def __init__(self, *languages):
        self.languages = frozenset(languages)
        self.asked = []

    def scores(self, question, texts):
        self.asked.extend(texts)
        return [-float(len(text)) for text in texts]


QUERY = EvidenceQuery("unplanned downtime, Druckluft", "en", TODAY)


def found(index, records, reranker, k=20, **fields):
    return retrieve(index, records, dataclasses.replace(QUERY, **fields), k, reranker=reranker)


def test_passages_of_other_languages_keep_their_places(index, records):
    plain = found(index, records, None)
    assert {passage.language for passage in plain} == {"en", "de"}
    reranker = ByLength("en")
    again = found(index, records, reranker)
    assert [p.language for p in again] == [p.language for p in plain]
    german = [(place, p.id) for place, p in enumerate(plain) if p.language == "de"]
    assert [(place, p.id) for place, p in enumerate(again) if p.language == "de"] == german
    english = [f"{p.title}\n{p.text}" for p in again if p.language == "en"]
    assert english == sorted(english, key=len)
    assert sorted(reranker.asked) == sorted(english)
    assert [p.id for p in again] != [p.id for p in plain]
    # Scores still fall along the list: a place keeps the one that it had.
    assert [p.score for p in again] == [p.score for p in plain]


def test_a_question_that_it_does_not_serve_changes_nothing(index, records):
    reranker = ByLength("en")
    plain = found(index, records, None, text_language="de")
    assert found(index, records, reranker, text_language="de") == plain
    assert reranker.asked == []


def test_it_looks_beyond_what_is_asked_for(index, records):
    everything = found(index, records, ByLength("*"))
    assert found(index, records, ByLength("*"), k=1) == everything[:1]


def test_diversity_does_not_undo_its_order(index, records):
    reranker = ByLength("*")
    judged = found(index, records, reranker)
    scores = [p.score for p in judged]
    varied = found(index, records, reranker, relevance=0.999)
    unlike = [place for place, score in enumerate(scores) if scores.count(score) == 1]
    assert len(unlike) > 2
    assert [varied[place].id for place in unlike] == [judged[place].id for place in unlike]
    assert found(index, records, reranker, relevance=0.5)[0].id == judged[0].id


def test_it_looks_at_a_limited_number(tmp_path, records):
    case = records["larkmoor"]
    many = Records({f"c{n:02}": dataclasses.replace(case, id=f"c{n:02}") for n in range(20)})
    reranker = ByLength("en")
    with CaseIndex(tmp_path / "many", open_embeddings(HASHED_WORDS)) as index:
        index.put_many(many.values())
        passages = found(index, many, reranker, k=60)
    assert len(passages) == len({p.id for p in passages}) == 60
    assert len(reranker.asked) == POOL


def test_a_real_model_gives_the_order(index, records, folder):
    reranker = open_reranker(str(folder), ("en",))
    plain = found(index, records, None)
    again = found(index, records, reranker)
    english = [p for p in again if p.language == "en"]
    scores = reranker.scores(QUERY.text, [f"{p.title}\n{p.text}" for p in english])
    assert scores == sorted(scores, reverse=True)
    assert {p.id for p in again} == {p.id for p in plain}
    assert found(index, records, reranker) == again
