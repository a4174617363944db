"""`mailwright kb uses | withdraw | restore`, as a person and a program meet them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_samples import BRIEF, Place, built

WHY = ("--why", "they asked us to")


@pytest.fixture(scope="session")
def _queued(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = built(tmp_path_factory.getbasetemp() / "cli")
    copy = place.copy(tmp_path_factory.mktemp("withdrawing") / "place")
    assert copy.run("campaign", "run", copy.brief).code == 0
    drafts = [row["draft"] for row in copy.run("review", "list", "--format", "json").json]
    assert copy.run("review", "approve", *drafts, user="li").code == 0
    assert copy.run("queue", "add", BRIEF).code == 0
    return copy


@pytest.fixture
def queued(_queued: Place, tmp_path: Path) -> Place:
    return _queued.copy(tmp_path / "queued")


def used(place: Place) -> str:
    """A case that mails on the queue rest on."""
    cases = [row["case"] for row in place.run("kb", "list", "--format", "json").json]
    for case in cases:
        row = place.run("kb", "uses", case, "--format", "json").json
        if row["envelopes"]:
            return str(case)
    raise AssertionError("no mail on the queue rests on a case")


def test_uses_names_all_that_rests_on_a_case_and_changes_nothing(queued: Place) -> None:
    case = used(queued)
    answer = queued.run("kb", "uses", case, "--format", "json")
    row = answer.json
    assert answer.code == 0
    assert (row["case"], row["withdrawn"]) == (case, False)
    assert {item["campaign"] for item in row["drafts"]} == {BRIEF}
    assert {item["state"] for item in row["drafts"]} == {"approved"}
    assert {item["draft"] for item in row["approvals"]} == {item["draft"] for item in row["drafts"]}
    assert {item["reviewer"] for item in row["approvals"]} == {"li"}
    assert {item["variant"] for item in row["editions"]} == set(row["variants"])
    assert row["envelopes"][0]["due"] > 0
    assert queued.run("kb", "uses", case, "--format", "json").json == row
    table = queued.run("kb", "uses", case).out
    assert case in table
    assert row["drafts"][0]["draft"] in table


def test_withdrawing_holds_and_restoring_does_not_release(queued: Place) -> None:
    case = used(queued)
    due = queued.run("kb", "uses", case, "--format", "json").json["envelopes"][0]["due"]
    done = queued.run("kb", "withdraw", case, *WHY, "--format", "json")
    assert done.code == 0
    assert (done.json["changed"], done.json["held"], done.json["withdrawn"]) == (True, due, True)
    assert f"envelopes held now: {due}" in done.err
    status = queued.run("queue", "status", "--format", "json").json
    assert {item["reason"] for item in status["held"]} == {f"case withdrawn: {case}"}
    listed = {row["case"]: row for row in queued.run("kb", "list", "--format", "json").json}
    assert [name for name, row in listed.items() if row["withdrawn"]] == [case]
    assert "withdrawn" in queued.run("kb", "list").out

    held = status["held"][0]["envelope"]
    refused = queued.run("queue", "release", held)
    assert refused.code == 2
    assert f"case withdrawn: {case}" in refused.reason
    again = queued.run("kb", "withdraw", case, *WHY, "--format", "json")
    assert (again.code, again.json["changed"], again.json["held"]) == (0, False, 0)

    back = queued.run("kb", "restore", case, *WHY, "--format", "json")
    assert (back.code, back.json["changed"], back.json["withdrawn"]) == (0, True, False)
    assert back.json["envelopes"][0]["held"] == due
    assert f"still held: {due}" in back.err
    assert "queue release" in back.err
    assert queued.run("queue", "release", held).code == 0
    again = queued.run("kb", "restore", case, *WHY)
    assert (again.code, "was not withdrawn" in again.err) == (0, True)


def test_what_is_sent_already_is_said_and_is_no_failure(queued: Place) -> None:
    case = used(queued)
    sent = queued.run("queue", "work", "--format", "json").json["sent"]
    assert sent > 0
    done = queued.run("kb", "withdraw", case, *WHY)
    assert done.code == 0
    assert "sent before, cannot be called back: " in done.err
    assert "envelopes held now: 0" in done.err


def test_a_withdrawn_case_is_neither_found_nor_brought_back_by_its_file(queued: Place) -> None:
    case = used(queued)
    search = ("kb", "search", "downtime", "-n", "100", "--format", "json")
    assert case in {hit["case"] for hit in queued.run(*search).json}
    assert queued.run("kb", "withdraw", case, *WHY).code == 0
    assert queued.run("kb", "add", queued.folder / "cases").code == 0
    assert case not in {hit["case"] for hit in queued.run(*search).json}


def test_wrong_use_is_one_line(queued: Place) -> None:
    case = used(queued)
    for name in ("withdraw", "restore"):
        assert queued.run("kb", name, case).code == 2  # no reason
        assert "why" in queued.run("kb", name, case, "--why", " ").reason
        assert "kb list" in queued.run("kb", name, "nobody", *WHY).reason
        assert queued.run("kb", name, case, *WHY, user="").code == 2
    assert "kb list" in queued.run("kb", "uses", "nobody").reason
    assert queued.run("kb", "withdraw", case, *WHY, user="li").code == 0
    refused = queued.run("kb", "restore", case, *WHY, user="li")
    assert refused.code == 2
    assert "operator" in refused.reason
