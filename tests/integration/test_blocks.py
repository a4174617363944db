"""One block of a draft changed by command: what stays, what is found, what has to be done anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_samples import BRIEF, Answer, Place, built, write_brief

DRAFT = "food plants/en"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = built(tmp_path_factory.mktemp("blocks") / "base")
    assert place.run("campaign", "run", place.brief).code == 0
    return place


@pytest.fixture
def place(base: Place, tmp_path: Path) -> Place:
    return base.copy(tmp_path / "place")


def module(place: Place, *arguments: str, **given: Any) -> Answer:
    return place.run("campaign", "module", *arguments, "--format", "json", **given)


def blocks(place: Place, draft: str = DRAFT) -> dict[str, dict[str, Any]]:
    listed = module(place, "list", BRIEF, draft).json
    return {row["module"]: row for row in listed}


def draft_again(place: Place) -> None:
    done = place.run("campaign", "draft", place.brief)
    assert done.code == 0, done.err


def screened(place: Place) -> list[dict[str, Any]]:
    done = place.run("campaign", "screen", place.brief, "--format", "json")
    assert done.code in (0, 1), done.err
    rows = done.json if isinstance(done.json, list) else done.json["screenings"]
    return [finding for row in rows for finding in row["findings"]]


def test_an_edited_block_stays_when_the_campaign_is_drafted_again(place: Place) -> None:
    words = "Which of your lines would you measure first?"
    done = module(place, "edit", BRIEF, DRAFT, "opener", "--text", words)
    assert done.code == 0, done.err
    before = blocks(place)
    assert (before["opener"]["text"], before["opener"]["locked"]) == (words, True)
    draft_again(place)
    assert blocks(place)["opener"]["text"] == words
    assert blocks(place)["problem"] == before["problem"]
    assert module(place, "unlock", BRIEF, DRAFT, "opener").code == 0
    draft_again(place)
    assert blocks(place)["opener"]["text"] != words


def test_an_edited_result_keeps_its_source_and_a_wrong_one_is_blocked(place: Place) -> None:
    proof = blocks(place)["proof"]["text"]
    figures = [part for part in proof.split() if part.isdigit()]
    longer = f"{proof} That is one site."
    assert module(place, "edit", BRIEF, DRAFT, "proof", "--text", longer).code == 0
    assert not [f for f in screened(place) if f["severity"] == "block"]
    wrong = proof.replace(figures[0], "97")
    assert module(place, "edit", BRIEF, DRAFT, "proof", "--text", wrong).code == 0
    assert [f for f in screened(place) if f["rule"].startswith("claims.")]


def test_words_may_come_from_the_input(place: Place) -> None:
    done = module(
        place, "edit", BRIEF, DRAFT, "opener", "--file", "-", stdin="May I ask one thing?"
    )
    assert done.code == 0, done.err
    assert blocks(place)["opener"]["text"] == "May I ask one thing?"


def test_written_anew_it_reads_differently_and_the_others_stay(place: Place) -> None:
    before = blocks(place)
    done = module(place, "regenerate", BRIEF, DRAFT, "problem")
    assert done.code == 0, done.err
    after = blocks(place)
    assert after["problem"]["text"] != before["problem"]["text"]
    assert {k: v["text"] for k, v in after.items() if k != "problem"} == {
        k: v["text"] for k, v in before.items() if k != "problem"
    }


def test_blocks_are_moved_swapped_and_removed(place: Place) -> None:
    tactics = blocks(place)["subject"]["tactics"]
    assert module(place, "swap", BRIEF, DRAFT, "subject", tactics[1]).code == 0
    assert blocks(place)["subject"]["tactics"][0] == tactics[1]
    place_of = blocks(place)["offer"]["place"]
    assert module(place, "move", BRIEF, DRAFT, "offer", str(place_of - 1)).code == 0
    assert blocks(place)["offer"]["place"] == place_of - 1
    assert module(place, "remove", BRIEF, DRAFT, "problem").code == 0
    assert "problem" not in blocks(place)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("edit", BRIEF, DRAFT, "opener", "--text", "  "), "--text"),
        (("edit", BRIEF, DRAFT, "prooof", "--text", "x"), "choose one of"),
        (("edit", BRIEF, "food plants/fr", "opener", "--text", "x"), "choose food plants/"),
        (("edit", "autumn", DRAFT, "opener", "--text", "x"), "campaign draft"),
        (("swap", BRIEF, DRAFT, "subject", "shouting"), "shouting"),
        (("move", BRIEF, DRAFT, "offer", "99"), "99"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    place: Place, arguments: tuple[str, ...], why: str
) -> None:
    done = module(place, *arguments)
    assert done.code == 2
    assert why in done.reason


def test_a_locked_block_is_not_written_anew(place: Place) -> None:
    assert module(place, "lock", BRIEF, DRAFT, "opener").code == 0
    assert "unlock" in module(place, "regenerate", BRIEF, DRAFT, "opener").reason


def test_a_reviewer_may_change_nothing(place: Place) -> None:
    done = module(place, "edit", BRIEF, DRAFT, "opener", "--text", "x", user="li")
    assert done.code == 2
    assert "marketer" in done.err


def test_a_changed_draft_is_not_the_one_that_was_submitted(place: Place) -> None:
    listed = place.run("review", "list", "--format", "json").json
    (row,) = (r for r in listed if (r["segment"], r["language"]) == ("food plants", "en"))
    assert module(place, "edit", BRIEF, DRAFT, "opener", "--text", "Which line first?").code == 0
    done = place.run("review", "approve", row["draft"], user="li")
    assert done.code == 2


def test_a_voice_is_heard_in_the_findings(place: Place) -> None:
    voices = place.folder / "voices"
    voices.mkdir()
    (voices / "calm.yaml").write_text(
        "name: calm\nlanguages: {en: {forbid: [measurement plan]}}\n", encoding="utf-8"
    )
    write_brief(place.folder, ("tone: expert", "tone: expert\nvoice: calm"))
    draft_again(place)
    found = [f for f in screened(place) if f["rule"] == "voice.forbidden_word"]
    assert found
    assert {f["severity"] for f in found} == {"warn"}


def test_a_region_is_written_where_the_brief_asks_for_it(place: Place) -> None:
    people = place.folder / "gb.csv"
    rows = (place.folder / "p.csv").read_text(encoding="utf-8").splitlines()
    us = next(line for line in rows if ",US," in line)
    people.write_text(
        "\n".join([rows[0], us.replace(",US,", ",GB,").replace("dana@amberline", "jo@hull")]),
        encoding="utf-8",
    )
    assert place.run("contacts", "import", people).code == 0
    write_brief(place.folder, ("fallback: en", "fallback: en, regional: [en-GB]"))
    draft_again(place)
    listed = place.run("campaign", "status", BRIEF, "--format", "json")
    assert "en-GB" in listed.out
    written = blocks(place, "food plants/en-GB")
    assert written["sign_off"]["origin"].startswith("languages/en-GB/")
