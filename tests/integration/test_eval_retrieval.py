"""`mailwright eval retrieval` as a person runs it on files of their own."""

from __future__ import annotations

import json

import pytest
from cli_samples import run
from folder_models import model_folder, state_languages

RANKINGS = {"dense", "words", "hybrid"}
MEASURES = {"recall1", "recall5", "mrr10"}
PARAGRAPHS = [
    ("en", "Unplanned downtime of the filling line fell by a third."),
    ("en", "Picking errors in the warehouse were halved."),
    ("en", "Leaks in the water network are found within a day."),
    ("de", "Der Energieverbrauch der Kälteanlage sank deutlich."),
    ("de", "Die Rüstzeiten an den Pressen wurden halbiert."),
]
QUESTIONS = [
    ("en", "By how much did unplanned downtime fall?", 0),
    ("en", "What happened to picking errors?", 1),
    ("en", "How fast are leaks in the network found?", 2),
    ("de", "Wie entwickelte sich der Energieverbrauch?", 3),
    ("de", "Was geschah mit den Rüstzeiten?", 4),
]


def write(file, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "own-questions"
    write(
        folder / "paragraphs.jsonl",
        [{"para_id": f"p{n}", "lang": its, "text": t} for n, (its, t) in enumerate(PARAGRAPHS)],
    )
    write(
        folder / "questions.jsonl",
        [{"lang": its, "question": text, "para_id": f"p{n}"} for its, text, n in QUESTIONS],
    )
    return folder


@pytest.fixture
def measured(tmp_path):
    def measure(*arguments, **variables):
        workspace = tmp_path / "workspace"
        env = {f"MAILWRIGHT_{name.upper()}": value for name, value in variables.items()}
        answer = run("eval", "retrieval", *arguments, "--workspace", workspace, env=env)
        assert not workspace.exists()  # nothing of it is touched
        return answer

    return measure


def test_json_has_the_shape_that_others_rely_on(data, measured):
    answer = measured("--data", data, "--format", "json")
    assert answer.code == 0, answer.err
    found = answer.json
    assert found.keys() == {"own-questions"}
    assert found["own-questions"].keys() == {"en", "de"}
    for group in found["own-questions"].values():
        assert group.keys() == RANKINGS
        for measures in group.values():
            assert measures.keys() >= MEASURES
            assert all(0 <= measures[name] <= 1 for name in MEASURES)
    # The words of each question stand in one paragraph alone.
    assert found["own-questions"]["en"]["words"] == {
        "recall1": 1.0,
        "recall5": 1.0,
        "mrr10": 1.0,
        "questions": 3,
    }
    assert found["own-questions"]["de"]["words"]["questions"] == 2


def test_the_table_says_the_same(data, measured):
    answer = measured("--data", data)
    assert answer.code == 0, answer.err
    lines = [line for line in answer.out.splitlines() if "own-questions" in line]
    assert len(lines) == 2 * len(RANKINGS)
    for line in lines:
        assert any(ranking in line for ranking in RANKINGS)
    assert any("words" in line and "en" in line and "1.000" in line for line in lines)


def test_one_language_and_a_limit(data, measured):
    answer = measured("--data", data, "--language", "en", "--limit", "2", "--format", "json")
    assert answer.json["own-questions"].keys() == {"en"}
    assert answer.json["own-questions"]["en"]["hybrid"]["questions"] == 2


def test_several_folders_of_both_kinds(data, tmp_path, measured):
    stories = tmp_path / "stories"
    write(
        stories / "cases.jsonl",
        [
            {"id": "a-en", "lang": "en", "text": PARAGRAPHS[0][1], "parallel_id": 1, **FIELDS},
            {"id": "b-en", "lang": "en", "text": PARAGRAPHS[1][1], "parallel_id": 2, **FIELDS},
        ],
    )
    write(
        stories / "parallel_en_zh.jsonl",
        [
            {"case": 1, "en": PARAGRAPHS[0][1], "zh": "灌装线的意外停机时间减少了三分之一。"},
            {"case": 2, "en": PARAGRAPHS[1][1], "zh": "仓库的拣货差错减少了一半。"},
        ],
    )
    answer = measured("--data", data, "--data", stories, "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json.keys() == {"own-questions", "stories"}
    assert answer.json["stories"].keys() == {"en", "zh", "zh-bare"}
    assert answer.json["stories"]["en"]["words"]["recall1"] == 1.0
    # Concepts are what a Chinese question and an English story share.
    assert answer.json["stories"]["zh-bare"]["words"]["recall1"] == 1.0


FIELDS = {"title": "A story", "company": "Example Works", "industry": "food"}


def test_a_story_that_is_refused_does_not_count_as_not_found(tmp_path, measured):
    stories = tmp_path / "stories"
    text = PARAGRAPHS[0][1]
    write(
        stories / "cases.jsonl",
        [{"id": "a-en", "lang": "en", "text": text, "parallel_id": 1, "no_such_field": 1}],
    )
    write(stories / "parallel_en_zh.jsonl", [{"case": 1, "en": text, "zh": "停机"}])
    answer = measured("--data", stories)
    assert answer.code == 2
    assert "no_such_field" in answer.reason


def test_a_model_folder_of_the_user(data, tmp_path, measured):
    folder = model_folder(tmp_path / "own-model")
    own = {"embedding_model": str(folder)}
    refused = measured("--data", data, **own)
    assert refused.code == 2
    assert "own-model" in refused.reason
    assert "embedding_languages" in refused.reason
    stated = measured("--data", data, "--format", "json", embedding_languages='["en"]', **own)
    assert stated.code == 0, stated.err
    state_languages(folder, "language: en")
    by_card = measured("--data", data, "--format", "json", **own)
    assert by_card.code == 0, by_card.err
    assert by_card.json == stated.json
    groups = stated.json["own-questions"]
    assert groups["de"]["hybrid"] == groups["de"]["words"]  # nothing of a model is in it
    assert groups["en"].keys() == RANKINGS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--data", "/no/such/folder"), "holds no retrieval set"),
        (("--language", "ja"), "it has de, en"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line(data, measured, arguments, said):
    given = arguments if "--data" in arguments else ("--data", data, *arguments)
    answer = measured(*given)
    assert answer.code == 2
    assert said in answer.reason
    assert answer.out == ""
