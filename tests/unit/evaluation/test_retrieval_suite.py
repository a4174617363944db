"""Sets of questions out of people's files, and measures worked out by hand."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import NoSuchData
from evaluation.suites.retrieval import DEPTH, load_retrieval_sets, score_ranks


@pytest.mark.parametrize(
    ("ranks", "recall1", "recall5", "mrr10"),
    [
        ([1], 1, 1, 1),
        ([None], 0, 0, 0),
        ([1, 2, 5, None], 1 / 4, 3 / 4, (1 + 1 / 2 + 1 / 5) / 4),
        ([6, 10], 0, 0, (1 / 6 + 1 / 10) / 2),
        ([11, 1], 1 / 2, 1 / 2, 1 / 2),  # the eleventh place does not count
    ],
)
def test_measures_by_hand(ranks, recall1, recall5, mrr10):
    score = score_ranks(ranks)
    assert (score.recall1, score.recall5) == (recall1, recall5)
    assert score.mrr10 == pytest.approx(mrr10)
    assert score.questions == len(ranks)


def test_no_questions_give_no_measure():
    with pytest.raises(ValueError, match="no questions"):
        score_ranks([])


@given(st.lists(st.none() | st.integers(1, 30), min_size=1))
def test_measures_are_shares_in_order(ranks):
    score = score_ranks(ranks)
    assert 0 <= score.recall1 <= score.recall5 <= 1
    assert score.recall1 <= score.mrr10 <= 1
    assert score.mrr10 <= score.recall1 + (1 - score.recall1) / 2 + 1e-12
    assert score_ranks(ranks[::-1]).mrr10 == pytest.approx(score.mrr10)
    better = [rank if rank is None or rank == 1 else rank - 1 for rank in ranks]
    assert score_ranks(better).mrr10 >= score.mrr10 or math.isclose(
        score_ranks(better).mrr10, score.mrr10
    )
    beyond = [None if rank is None or rank > DEPTH else rank for rank in ranks]
    assert score_ranks(beyond) == score


# --- files -----------------------------------------------------------------------------------

PARAGRAPHS = (
    {"para_id": "de1", "lang": "de", "text": "Der Umsatz stieg."},
    {"para_id": "de2", "lang": "de", "text": "Die Pumpe steht."},
    {"para_id": "fr1", "lang": "fr", "text": "La pompe est arrêtée."},
)
QUESTIONS = (
    {"lang": "fr", "question": "Quelle pompe ?", "para_id": "fr1"},
    {"lang": "de", "question": "Was stieg?", "para_id": "de1"},
    {"lang": "de", "question": "Was steht?", "para_id": "de2"},
)
CASES = (
    {"id": "a-en", "lang": "en", "text": "Downtime fell.", "parallel_id": 1, "customer": "A"},
    {"id": "a-zh", "lang": "zh-Hans", "text": "停机减少。", "parallel_id": 1},
    {"id": "b-en", "lang": "en", "text": "Errors fell.", "parallel_id": 2},
)
PAIRS = (
    {"case": 1, "en": "Downtime fell by 5%.", "zh": "停机减少了5%,OEE提高。"},
    {"case": 2, "en": "Errors fell.", "zh": "ERP 2024"},
    {"case": 99, "en": "Of a story that is not here.", "zh": "不在这里。"},
)


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        text = (
            rows
            if isinstance(rows, str)
            else "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        )
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_paragraphs_and_questions_by_language(tmp_path):
    folder = write(tmp_path / "own", paragraphs=PARAGRAPHS, questions=QUESTIONS)
    german, french = load_retrieval_sets(folder)
    assert (german.name, german.group, french.group) == ("own", "de", "fr")
    assert [d.id for d in german.documents] == ["de1", "de2"]
    assert [(a.text, a.language, a.relevant) for a in german.questions] == [
        ("Was stieg?", "de", "de1"),
        ("Was steht?", "de", "de2"),
    ]
    assert [d.text for d in french.documents] == ["La pompe est arrêtée."]
    assert german.collection != french.collection
    assert [s.group for s in load_retrieval_sets(folder, ["fr"])] == ["fr"]


def test_rows_without_a_language_are_chinese_and_may_be_named_by_id(tmp_path):
    folder = write(
        tmp_path / "zh",
        paragraphs=[{"id": 7, "text": "水泵停了。"}],
        questions=[{"question": "什么停了?", "para_id": 7}],
    )
    (chinese,) = load_retrieval_sets(folder)
    assert (chinese.group, chinese.documents[0].id, chinese.questions[0].relevant) == (
        "zh",
        "7",
        "7",
    )


def test_a_folder_is_named_also_where_it_is_the_one_that_one_is_in(tmp_path, monkeypatch):
    folder = write(tmp_path / "own", paragraphs=PARAGRAPHS, questions=QUESTIONS)
    monkeypatch.chdir(folder)
    assert {s.name for s in load_retrieval_sets(type(folder)())} == {"own"}


def test_stories_in_two_languages(tmp_path):
    folder = write(tmp_path / "stories", cases=CASES, parallel_en_zh=PAIRS)
    english, chinese, bare = load_retrieval_sets(folder)
    assert [s.group for s in (english, chinese, bare)] == ["en", "zh", "zh-bare"]
    assert {s.collection for s in (english, chinese, bare)} == {english.collection}
    assert [d.id for d in english.documents] == ["a-en", "b-en"]
    assert english.documents[0].record == CASES[0]
    assert [(a.text, a.relevant) for a in english.questions] == [
        ("Downtime fell by 5%.", "a-en"),
        ("Errors fell.", "b-en"),
    ]
    assert [a.relevant for a in chinese.questions] == ["a-en", "b-en"]
    assert {a.language for a in (*chinese.questions, *bare.questions)} == {"zh-Hans"}
    # Without Latin letters and digits nothing is left of the second.
    assert [a.relevant for a in bare.questions] == ["a-en"]
    assert not any(c.isascii() and c.isalnum() for a in bare.questions for c in a.text)


def test_a_group_of_which_nothing_is_left_is_no_set(tmp_path):
    folder = write(tmp_path / "stories", cases=CASES, parallel_en_zh=PAIRS[1:2])
    assert [s.group for s in load_retrieval_sets(folder)] == ["en", "zh"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, r"needs paragraphs.jsonl and questions.jsonl"),
        ({"questions": QUESTIONS}, r"paragraphs.jsonl: cannot be read"),
        ({"parallel_en_zh": PAIRS}, r"cases.jsonl: cannot be read"),
        ({"paragraphs": PARAGRAPHS, "questions": "{"}, r"questions.jsonl, line 1: "),
        ({"paragraphs": PARAGRAPHS, "questions": "\n[1]"}, r"questions.jsonl, line 2: no object"),
        ({"paragraphs": "null", "questions": QUESTIONS}, r"paragraphs.jsonl, line 1: no object"),
        ({"paragraphs": PARAGRAPHS, "questions": [{"lang": "de"}]}, r"lacks 'question'"),
        ({"paragraphs": [{"id": 1}], "questions": QUESTIONS}, r"lacks 'text'"),
        ({"paragraphs": PARAGRAPHS[:2], "questions": QUESTIONS}, r"no paragraph fr1 in fr"),
        ({"paragraphs": PARAGRAPHS, "questions": ""}, r"no such questions; it has none at all"),
        ({"cases": CASES, "parallel_en_zh": PAIRS[2:]}, r"it has none at all"),
        ({"cases": [{"id": "x"}], "parallel_en_zh": PAIRS}, r"lacks 'lang'"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tmp_path, files, said):
    folder = write(tmp_path / "broken", **files)
    with pytest.raises(NoSuchData, match=said) as caught:
        load_retrieval_sets(folder)
    assert "\n" not in str(caught.value)
    assert "broken" in str(caught.value)


def test_bytes_that_are_no_text_are_said(tmp_path):
    folder = write(tmp_path / "broken", paragraphs=PARAGRAPHS)
    (folder / "questions.jsonl").write_bytes(b'{"question": "\xff"}')
    with pytest.raises(NoSuchData, match="not as expected"):
        load_retrieval_sets(folder)


def test_a_language_that_is_not_there_names_those_that_are(tmp_path):
    folder = write(tmp_path / "own", paragraphs=PARAGRAPHS, questions=QUESTIONS)
    with pytest.raises(NoSuchData, match="it has de, fr"):
        load_retrieval_sets(folder, ["ja"])


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NoSuchData, match="nowhere holds no retrieval set"):
        load_retrieval_sets(tmp_path / "nowhere")
