"""The command line as a person and a program meet it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import click
import pytest
import typer
from cli_samples import BRIEF, EXAMPLES, Place, built, run, write_cases

from contracts.seams import system_clock
from interface.cli.main import app
from storage import OUTCOME_UNKNOWN
from workflow.house import open_house
from workflow.settings import load_settings

# What the design promises; keys may be added, not renamed.
COMMANDS = """
demo | screen | language | serve | ui
kb add | kb search | kb list | kb check | kb set
contacts import | contacts list | contacts segments
campaign draft | campaign variants | campaign screen | campaign submit | campaign run
campaign status
review list | review show | review approve | review reject
queue status | queue add | queue work | queue hold | queue release | queue resolve
audit export | audit verify
users add | users list | users token
"""


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return built(tmp_path_factory.getbasetemp() / "cli")


@pytest.fixture
def place(base: Place, tmp_path: Path) -> Place:
    """A copy that a test may spoil."""
    return base.copy(tmp_path / "place")


@pytest.fixture(scope="session")
def listed(base: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """With its campaign before the reviewers; not to be spoilt."""
    copy = base.copy(tmp_path_factory.mktemp("listed") / "place")
    assert copy.run("campaign", "run", copy.brief).code == 0
    return copy


@pytest.fixture
def submitted(listed: Place, tmp_path: Path) -> Place:
    return listed.copy(tmp_path / "submitted")


@pytest.fixture
def queued(submitted: Place) -> Place:
    approve_all(submitted)
    assert submitted.run("queue", "add", BRIEF).code == 0
    return submitted


def drafts(place: Place) -> list[str]:
    return [row["draft"] for row in place.run("review", "list", "--format", "json").json]


def approve_all(place: Place) -> None:
    done = place.run("review", "approve", *drafts(place), user="li")
    assert done.code == 0, done.err


def envelopes(place: Place, state: str) -> list[str]:
    answer = place.run("queue", "status", "--state", state, "--format", "json")
    return [row["envelope"] for row in answer.json[state]]


# Help.


def commands(command: click.Command, words: tuple[str, ...] = ()) -> dict[str, click.Command]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return {" ".join(words): command}
    return {
        name: found
        for word, child in inner.items()
        for name, found in commands(child, (*words, word)).items()
    }


def test_every_promised_command_is_there_and_explains_itself() -> None:
    have = commands(typer.main.get_command(app))
    promised = {name.strip() for name in re.split(r"[|\n]", COMMANDS) if name.strip()}
    assert promised <= set(have)
    for name in have:
        answer = run(*name.split(), "--help")
        assert answer.code == 0
        assert answer.out.startswith(f"Usage: mailwright {name} "), name
        _, _, about = answer.out.partition("\n\n")  # a long usage takes more than one line
        assert len(about.splitlines()[0].strip()) > 10, name


@pytest.mark.parametrize("arguments", [("kbb",), ("kb", "list", "--fmt", "json"), ("kb", "add")])
def test_wrong_use_is_exit_2(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert "Usage: mailwright" in answer.err


# Tables and JSON.

LISTING = (
    ("kb", "search", "downtime"),
    ("kb", "list"),
    ("kb", "check"),
    ("kb", "check", "--rebuild"),
    ("kb", "add", "{cases}"),
    ("contacts", "import", "{contacts}"),
    ("contacts", "list"),
    ("contacts", "segments", "{brief}"),
    ("campaign", "draft", "{brief}"),
    ("campaign", "variants", "{brief}"),
    ("campaign", "screen", "{brief}"),
    ("campaign", "submit", "{brief}"),
    ("campaign", "status", BRIEF),
    ("campaign", "run", "{brief}"),
    ("review", "list"),
    ("review", "show", "{draft}"),
    ("queue", "status"),
    ("queue", "work"),
    ("users", "list"),
)


@pytest.mark.parametrize("command", LISTING, ids=" ".join)
def test_json_stands_alone_on_standard_output(listed: Place, command: tuple[str, ...]) -> None:
    names = {
        "{cases}": str(listed.folder / "cases"),
        "{contacts}": str(listed.folder / "p.csv"),
        "{brief}": str(listed.brief),
        "{draft}": drafts(listed)[0] if "{draft}" in command else "",
    }
    words = [names.get(word, word) for word in command]
    answer = listed.run(*words, "--format", "json")
    assert answer.code == 0, answer.err
    assert isinstance(answer.json, (list, dict))
    for line in answer.err.splitlines():
        assert re.fullmatch(r".+ …|.+: done", line), line
    table = listed.run(*words, "--format", "table")
    assert table.code == 0, table.err
    assert table.out.strip()
    with pytest.raises(ValueError):
        json.loads(table.out)


def test_a_hit_has_the_promised_keys_and_its_span_is_its_text(base: Place) -> None:
    hits = base.run("kb", "search", "Stillstand Abfülllinien", "-n", "3", "--format", "json").json
    assert len(hits) == 3
    with open_house(load_settings(base.workspace)) as house, house.store.read() as tx:
        for hit in hits:
            assert {"case", "title", "language", "text", "span", "source", "score"} <= set(hit)
            case = tx.cases.get(hit["case"])
            assert case is not None
            assert case.text[slice(*hit["span"])] == hit["text"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert hits[0]["case"] == "bergtaler-molkerei"


def test_a_run_reports_the_promised_counts(listed: Place) -> None:
    counts = listed.run("campaign", "run", listed.brief, "--format", "json").json
    whole = ("cases", "passages", "segments", "drafts", "variants", "blocked", "approved")
    for key in (*whole, "queued", "sent", "held"):
        assert isinstance(counts[key], int), key
    assert {"taken", "mended", "refused"} <= set(counts["contacts"])
    assert (counts["cases"], counts["drafts"], counts["approved"]) == (3, 3, 0)
    assert counts["seconds"]["draft"] >= 0
    assert isinstance(counts["outputs"], dict)


def test_languages_line_by_line(tmp_path: Path) -> None:
    text = "Guten Tag, wie geht es Ihnen heute?\r\n\n今天天气很好，我们去公园。\nOne\u2028text\n"
    file = tmp_path / "texts.txt"
    file.write_bytes(text.encode())
    rows = run("language", file, "--format", "json").json
    assert rows == run("language", "-", "--format", "json", stdin=text.encode()).json
    assert [row["text"] for row in rows] == [
        "Guten Tag, wie geht es Ihnen heute?",
        "今天天气很好，我们去公园。",
        "One\u2028text",
    ]
    assert [row["language"] for row in rows[:2]] == ["de", "zh-Hans"]
    for row in rows:
        assert 0 <= row["confidence"] <= 1
        assert row["reason"]


# Screening files.

SPAM = "Subject: You have WON!!! Act NOW\n\nWINNER!!! 100% FREE $$$ Click here now!!!\n"


def test_screening_a_file_names_what_blocks_and_what_was_not_judged(tmp_path: Path) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text(SPAM, encoding="utf-8")
    answer = run("screen", mail, "--country", "DE", "--country", "us", "--format", "json")
    assert answer.code == 1
    (row,) = answer.json
    assert row["file"] == str(mail)
    assert row["verdict"] == "block"
    assert set(row["jurisdictions"]) == {"DE", "US"}
    assert set(row["jurisdictions"].values()) <= {"pass", "warn", "block"}
    assert any("consent" in item for item in row["not_judged"])
    assert 0 < row["spam_score"] <= 1
    assert row["packs"]["law/de"]
    for finding in row["findings"]:
        assert finding["severity"] in {"block", "warn", "note"}
        assert {"rule", "jurisdiction", "message", "source", "verified", "remedy"} <= set(finding)
        span = finding["place"]["span"]
        assert finding["place"]["part"]
        assert span is None or span[0] <= span[1]
    table = run("screen", mail, "--country", "DE")
    assert table.code == 1
    assert f"{mail}: block" in table.out


def test_a_harmless_file_passes_with_exit_0_and_needs_no_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mail = tmp_path / "mail.txt"
    mail.write_text("Subject: Tuesday\n\nShall we meet on Tuesday at ten?\n", encoding="utf-8")
    answer = run("screen", mail, "--format", "json")
    assert answer.code == 0
    assert answer.json[0]["verdict"] != "block"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mail.txt"]


@pytest.mark.parametrize(
    "country, pack", [("Deutschland", "DE"), ("cn", "CN"), ("KZ", "STRICT"), ("Narnia", "STRICT")]
)
def test_a_country_by_any_name_and_an_unknown_one_by_the_strictest(
    tmp_path: Path, country: str, pack: str
) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text(SPAM, encoding="utf-8")
    (row,) = run("screen", mail, "--country", country, "--format", "json").json
    assert pack in row["jurisdictions"]


# Cases.


def test_the_same_case_twice_changes_nothing(place: Place) -> None:
    before = place.run("kb", "search", "downtime", "--format", "json").json
    answer = place.run("kb", "add", place.folder / "cases", "--format", "json").json
    assert (answer["added"], answer["replaced"], answer["unchanged"]) == (0, 0, 3)
    assert answer["passages"] == 0
    assert place.run("kb", "search", "downtime", "--format", "json").json == before


def test_a_changed_case_replaces_its_passages(place: Place) -> None:
    old, new = "Each sensor records vibration", "Every zither plays vibration"
    case = place.folder / "cases" / "larkmoor-bakeries.md"
    case.write_text(case.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    answer = place.run("kb", "add", place.folder / "cases", "--format", "json").json
    assert (answer["added"], answer["replaced"], answer["unchanged"]) == (0, 1, 2)
    assert answer["passages"] > 0
    hits = place.run("kb", "search", "zither sensor", "-n", "100", "--format", "json").json
    texts = [hit["text"] for hit in hits]
    assert any(new in text for text in texts)
    assert not any(old in text for text in texts)
    assert len(texts) == len(set(texts))


def test_a_refused_case_is_named_and_the_others_are_taken(place: Place) -> None:
    folder = write_cases(place.folder / "more", "thornhollow-brewing")
    (folder / "broken.md").write_text("---\nid: no end\n", encoding="utf-8")
    answer = place.run("kb", "add", folder, "--format", "json")
    assert answer.code == 0
    assert answer.json["added"] == 1
    assert [item["path"] for item in answer.json["refused"]] == ["broken.md"]
    table = place.run("kb", "add", folder)
    assert "refused: broken.md line 1: " in table.err


def test_two_cases_of_one_id_in_two_places_are_not_mixed(place: Place) -> None:
    first = write_cases(place.folder / "first", "cawdrey-stampings")
    second = write_cases(place.folder / "second", "cawdrey-stampings")
    file = second / "cawdrey-stampings.md"
    same = place.run("kb", "add", first, second, "--format", "json").json
    assert (same["cases"], same["refused"]) == (1, [])
    file.write_text(file.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    answer = place.run("kb", "add", first, second, "--format", "json").json
    assert (answer["cases"], len(answer["refused"])) == (1, 1)
    hits = place.run("kb", "search", "One more line", "-n", "100", "--format", "json").json
    assert not any("One more line" in hit["text"] for hit in hits)


def test_the_index_is_made_anew_from_the_records(place: Place) -> None:
    search = ("kb", "search", "downtime", "--format", "json")
    before = place.run(*search).json
    shutil.rmtree(place.workspace / "chroma")
    lost = place.run(*search)
    assert (lost.code, lost.out) == (3, "")
    assert "kb check --rebuild" in lost.reason
    assert place.run("kb", "check", "--rebuild").code == 0
    assert place.run(*search).json == before


# A campaign, from the brief to the queue.


def test_the_steps_one_by_one(place: Place) -> None:
    def step(name: str) -> object:
        answer = place.run("campaign", name, place.brief, "--format", "json")
        assert answer.code == 0, answer.err
        return answer.json

    drafted = step("draft")
    assert isinstance(drafted, dict)
    assert {row["language"] for row in drafted["drafts"]} == {"en", "de", "zh-Hans"}
    assert all(row["claims"] > 0 for row in drafted["drafts"])
    made = step("variants")
    assert isinstance(made, list)
    assert len({row["variant"] for row in made}) == len(made) == 9
    screened = step("screen")
    assert isinstance(screened, list)
    assert {row["profile"] for row in screened} == {"US", "DE", "CN"}
    sent = step("submit")
    assert isinstance(sent, dict)
    assert (sent["submitted"], sent["unchanged"]) == (3, 0)
    again = step("submit")
    assert isinstance(again, dict)
    assert (again["submitted"], again["unchanged"]) == (0, 3)


def test_a_step_out_of_order_says_which_comes_first(place: Place) -> None:
    assert "campaign draft" in place.run("campaign", "variants", place.brief).reason
    assert "campaign draft" in place.run("campaign", "screen", place.brief).reason
    assert place.run("campaign", "draft", place.brief).code == 0
    early = place.run("campaign", "screen", place.brief)
    assert early.code == 2
    assert "campaign variants" in early.reason
    assert place.run("campaign", "variants", place.brief).code == 0
    assert "campaign screen" in place.run("campaign", "submit", place.brief).reason
    assert place.run("campaign", "screen", place.brief).code == 0
    assert "approved" in place.run("queue", "add", BRIEF).reason


def test_a_run_stops_at_submitted_and_goes_on_once_approved(submitted: Place) -> None:
    place = submitted

    def counts(*options: str) -> dict[str, int]:
        answer = place.run("campaign", "run", place.brief, *options, "--format", "json")
        assert answer.code == 0, answer.err
        found = answer.json
        return {key: found[key] for key in ("waiting", "approved", "queued", "sent")}

    stopped = {"waiting": 3, "approved": 0, "queued": 0, "sent": 0}
    assert counts("--work") == stopped
    assert "review list" in place.run("campaign", "run", place.brief).err
    approve_all(place)
    assert counts() == {"waiting": 0, "approved": 3, "queued": 4, "sent": 0}
    done = {"waiting": 0, "approved": 3, "queued": 4, "sent": 4}
    assert counts("--work") == done
    assert counts("--work") == done
    assert len(list((place.workspace / "maildir" / "new").iterdir())) == 4


def test_what_blocks_is_exit_1_and_goes_to_no_reviewer(place: Place) -> None:
    brief = place.brief
    sender = place.folder / "senders" / "korvane.yaml"
    text = sender.read_text(encoding="utf-8")
    assert "registration:" in text  # which German law asks for
    sender.write_text(text.replace("registration:", "# registration:"), encoding="utf-8")
    answer = place.run("campaign", "run", brief, "--format", "json")
    assert answer.code == 1, answer.err
    counts = answer.json
    assert counts["blocked"] == 3
    assert counts["waiting"] == 2  # the other two languages go on
    assert place.run("campaign", "screen", brief).code == 1
    submit = place.run("campaign", "submit", brief, "--format", "json")
    assert submit.code == 1
    assert submit.json["blocked"] == 1
    states = place.run("campaign", "status", BRIEF, "--format", "json").json["drafts"]
    assert sorted(row["state"] for row in states) == ["blocked", "submitted", "submitted"]


# Review.


def test_the_author_may_not_approve_whatever_roles_she_has(submitted: Place) -> None:
    draft = drafts(submitted)[0]
    refused = submitted.run("review", "approve", draft)  # Anna wrote it and is a reviewer
    assert refused.code == 2
    assert "hand in" in refused.reason
    assert draft in drafts(submitted)
    no_role = submitted.run("review", "approve", draft, user="max")
    assert no_role.code == 2
    assert "reviewer" in no_role.reason


def test_a_reviewer_sees_claims_findings_and_decides(submitted: Place) -> None:
    first, second, third = drafts(submitted)
    shown = submitted.run("review", "show", first, "--format", "json").json
    assert shown["state"] == "submitted"
    assert shown["authors"] == ["anna"]
    claims = [
        claim
        for variant in shown["variants"]
        for module in variant["modules"]
        for claim in module["claims"]
    ]
    assert claims
    assert all(claim["quote"] and claim["source"] for claim in claims)
    assert len(shown["screenings"]) == 3
    assert submitted.run("review", "approve", first, second, user="li").code == 0
    assert submitted.run("review", "reject", third, "--why", "Too long.", user="li").code == 0
    assert drafts(submitted) == []
    again = submitted.run("review", "approve", first, user="li")
    assert again.code == 2
    assert "approved" in again.reason
    counts = submitted.run("campaign", "run", submitted.brief, "--format", "json").json
    assert (counts["approved"], counts["waiting"]) == (2, 0)
    assert counts["left_out"]["not_approved"] >= 1


@pytest.mark.parametrize("options", [(), ("--why", "  ")])
def test_a_rejection_needs_a_reason(submitted: Place, options: tuple[str, ...]) -> None:
    answer = submitted.run("review", "reject", drafts(submitted)[0], *options, user="li")
    assert answer.code == 2
    assert "why" in answer.err
    assert len(drafts(submitted)) == 3


@pytest.mark.parametrize(
    "command", [("show",), ("approve",), ("reject", "--why", "no")], ids=lambda words: words[0]
)
def test_an_unknown_draft_is_named(base: Place, command: tuple[str, ...]) -> None:
    answer = base.run("review", command[0], "d_none", *command[1:], user="li")
    assert answer.code == 2
    assert "«d_none»" in answer.reason


# The queue.


def test_an_envelope_is_held_and_released(queued: Place) -> None:
    one = envelopes(queued, "due")[0]
    assert queued.run("queue", "hold", one, "--why", "wait for Li", user="li").code == 0
    status = queued.run("queue", "status", "--format", "json").json
    assert status["counts"]["held"] == 1
    assert [row["envelope"] for row in status["held"]] == [one]
    assert "wait for Li" in status["held"][0]["reason"]
    assert "wait for Li" in queued.run("queue", "status").out
    work = queued.run("queue", "work", "--format", "json").json
    assert (work["sent"], work["failed"]) == (3, 0)
    refused = queued.run("queue", "release", one, user="li")
    assert refused.code == 2
    assert "operator" in refused.reason
    assert queued.run("queue", "release", one).code == 0
    assert queued.run("queue", "work", "--limit", "5", "--format", "json").json["sent"] == 1
    assert envelopes(queued, "due") == []
    assert len(envelopes(queued, "sent")) == 4


def test_an_unknown_outcome_is_resolved_by_an_operator_only(queued: Place) -> None:
    one, two = envelopes(queued, "due")[:2]
    with open_house(load_settings(queued.workspace)) as house:
        for _ in range(2):
            now = system_clock()
            taken = house.store.outbox.claim(now, "w", timedelta(minutes=1), lambda _: "")
            assert taken is not None
            assert taken.envelope is not None
            assert house.store.outbox.hold(
                taken.envelope.id, f"{OUTCOME_UNKNOWN}: the power went", taken.envelope.claim
            )
    assert sorted(envelopes(queued, "held")) == sorted((one, two))
    release = queued.run("queue", "release", one)
    assert release.code == 2
    assert "queue resolve" in release.reason
    assert queued.run("queue", "resolve", one, "--outcome", "sent", user="max").code == 2
    assert queued.run("queue", "resolve", one, "--outcome", "lost").code == 2
    assert queued.run("queue", "resolve", one, "--outcome", "sent").code == 0
    assert queued.run("queue", "resolve", two, "--outcome", "due").code == 0
    assert envelopes(queued, "sent") == [one]
    assert two in envelopes(queued, "due")


def test_queueing_again_adds_nobody_twice(queued: Place) -> None:
    again = queued.run("queue", "add", BRIEF, "--format", "json").json
    assert (again["queued"], again["already"]) == (0, 4)


@pytest.mark.parametrize(
    "command",
    [("hold", "n_none"), ("release", "n_none"), ("resolve", "n_none", "--outcome", "sent")],
    ids=lambda words: words[0],
)
def test_an_unknown_envelope_changes_nothing(base: Place, command: tuple[str, ...]) -> None:
    answer = base.run("queue", *command)
    assert answer.code == 2
    assert "queue" in answer.reason


def test_a_reviewer_does_not_send(queued: Place) -> None:
    for command in (("queue", "work"), ("queue", "add", BRIEF)):
        answer = queued.run(*command, user="li")
        assert answer.code == 2
        assert "needs the role" in answer.reason
    assert len(envelopes(queued, "due")) == 4


# Who acts.


def test_the_token_comes_from_the_variable_or_else_from_the_file(place: Place) -> None:
    command = ("campaign", "draft", place.brief)
    nobody = place.run(*command, user="")
    assert nobody.code == 2
    assert "MAILWRIGHT_TOKEN" in nobody.reason
    wrong = place.run(*command, token="mw_wrong")
    assert wrong.code == 2
    assert "mw_wrong" not in wrong.err
    file = place.workspace / "token"
    file.write_text(place.tokens["max"] + "\n", encoding="utf-8")
    assert place.run(*command, user="").code == 0
    assert place.run(*command, user="li").code == 2  # the variable stands above the file
    authors = place.run("campaign", "status", BRIEF, "--format", "json").json["drafts"]
    assert {name for row in authors for name in row["authors"]} == {"max"}


def test_users_are_added_listed_and_given_new_tokens(tmp_path: Path) -> None:
    place = Place(tmp_path, {})
    first = place.run("users", "add", "Anna Berg", "--role", "operator", "--keep", user="")
    assert first.code == 0
    assert first.out.startswith("mw_")
    assert first.out.strip() not in first.err
    assert (place.workspace / "token").stat().st_mode & 0o077 == 0
    # From here on the kept token speaks for Anna.
    made = place.run("users", "add", "李娜", "--role", "reviewer", "--id", "li", "--format", "json")
    assert made.json["id"] == "li"
    rows = place.run("users", "list", "--format", "json").json
    assert [(row["id"], row["roles"]) for row in rows] == [
        ("anna-berg", ["operator"]),
        ("li", ["reviewer"]),
    ]
    assert "token" not in json.dumps(rows)
    old = made.json["token"]
    new = place.run("users", "token", "li", "--format", "json").json["token"]
    assert new != old
    other = place.run("users", "token", "anna-berg", token=new)
    assert other.code == 2
    assert place.run("audit", "export", token=old).code == 2
    assert place.run("audit", "export", token=new).code == 0


def test_only_an_operator_adds_users_and_the_first_is_one(base: Place, tmp_path: Path) -> None:
    first = run("users", "add", "Max", "--role", "marketer", "-w", tmp_path / "new")
    assert first.code == 2
    assert "--role operator" in first.reason
    for user in ("li", ""):
        answer = base.run("users", "add", "Eve", "--role", "operator", user=user)
        assert answer.code == 2
        assert answer.out == ""
    assert len(base.run("users", "list", "--format", "json").json) == 3


@pytest.mark.parametrize(
    "arguments, why",
    [
        (("Li", "--role", "marketer"), "already"),
        ((" ", "--role", "marketer"), "name"),
        (("Eve", "--role", "marketer", "--id", "eve@mail.example"), "--id"),
        (("Eve", "--role", "king"), "king"),
    ],
)
def test_a_user_that_cannot_be(base: Place, arguments: tuple[str, ...], why: str) -> None:
    answer = base.run("users", "add", *arguments)
    assert answer.code == 2
    assert why in answer.err


# The audit log.


def test_an_export_is_verified_without_the_workspace(submitted: Place, tmp_path: Path) -> None:
    draft = drafts(submitted)[0]
    # A separator that is no line feed may stand in what people write.
    assert submitted.run("review", "reject", draft, "--why", "no\u2028no", user="li").code == 0
    export = submitted.run("audit", "export")
    assert export.code == 0
    lines = export.out.rstrip("\n").split("\n")
    entries = [json.loads(line) for line in lines]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert "@" not in export.out
    file = tmp_path / "audit.jsonl"
    file.write_text(export.out, encoding="utf-8")
    whole = run("audit", "verify", file, "--head", entries[-1]["hash"], "--format", "json")
    assert whole.code == 0
    assert whole.json == {"ok": True, "entries": len(entries), "first_bad": None, "why": ""}
    assert "unbroken" in run("audit", "verify", file).err

    def verdict(changed: list[str], *options: str) -> tuple[int, int | None]:
        file.write_text("\n".join(changed) + "\n", encoding="utf-8")
        answer = run("audit", "verify", file, *options, "--format", "json")
        assert answer.json["ok"] is (answer.code == 0)
        return answer.code, answer.json["first_bad"]

    last = len(lines)
    assert verdict([lines[0].replace("anna", "emma"), *lines[1:]]) == (1, 1)
    assert verdict([*lines[:2], *lines[3:]]) == (1, 3)
    assert verdict([*lines[:-1], lines[-1] + " "]) == (1, last)
    assert verdict([*lines[:-1], lines[-1][:-9]]) == (1, last)
    assert verdict(lines[:-1]) == (0, None)
    assert verdict(lines[:-1], "--head", entries[-1]["hash"]) == (1, last)
    assert run("audit", "verify", file, "--head", entries[-1]["hash"]).code == 1


def test_the_log_is_for_reviewers_and_operators(base: Place) -> None:
    answer = base.run("audit", "export", user="max")
    assert answer.code == 2
    assert answer.out == ""


# As a real process.


def process(
    *arguments: str | Path, place: Place | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MAILWRIGHT_")
    }
    environment |= {"MAILWRIGHT_EMBEDDING_MODEL": "hashed-words"}
    if place is not None:
        environment["MAILWRIGHT_WORKSPACE"] = str(place.workspace)
        environment["MAILWRIGHT_TOKEN"] = place.tokens["anna"]
    return subprocess.run(
        [sys.executable, "-m", "interface.cli.main", *map(str, arguments)],
        capture_output=True,
        env=environment | variables,
        cwd=EXAMPLES.parent,
        timeout=60,
    )


def test_output_is_utf_8_whatever_the_terminal_speaks(base: Place) -> None:
    for variables in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252"}):
        done = process("contacts", "list", "--format", "json", place=base, **variables)
        assert done.returncode == 0, done.stderr
        assert "沐岬饮料" in {row["company"] for row in json.loads(done.stdout.decode("utf-8"))}
        assert done.stderr == b""


def test_a_reader_that_goes_away_is_no_error(base: Place) -> None:
    code = (
        "import subprocess, sys\n"
        "first = subprocess.Popen([sys.executable, '-m', 'interface.cli.main', 'contacts', 'list'],"
        " stdout=subprocess.PIPE, stderr=subprocess.PIPE)\n"
        "first.stdout.close()\n"
        "print(first.stderr.read().decode(), first.wait())\n"
    )
    environment = os.environ | {"MAILWRIGHT_WORKSPACE": str(base.workspace)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        cwd=EXAMPLES.parent,
        timeout=60,
    )
    assert done.stdout.strip() == "0", done


def test_an_error_is_one_line_and_its_exit_code(base: Place, tmp_path: Path) -> None:
    done = process("campaign", "run", tmp_path / "none.yaml", place=base)
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("mailwright: ")


def test_names_that_are_no_text(base: Place, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"mail-\xff.txt")
    file.write_text("Subject: Tuesday\n\nShall we meet on Tuesday at ten?\n", encoding="utf-8")
    done = process("screen", file, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["file"] == str(file)
    refused = process("users", "add", os.fsdecode(b"A\xff"), "--role", "reviewer", place=base)
    assert refused.returncode == 2
    assert refused.stderr.decode().splitlines() == [
        "mailwright: an argument is not text in UTF-8: write it in that encoding"
    ]


# PostgreSQL.


@pytest.mark.postgresql
def test_an_operator_makes_the_tables_on_postgresql(tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg", reason="needs psycopg: mailwright[postgresql]")
    name = f"mailwright_cli_{os.getpid()}"
    server = os.environ.get(
        "MAILWRIGHT_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    ).replace("postgresql+psycopg://", "postgresql://")
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("needs a PostgreSQL server: MAILWRIGHT_TEST_POSTGRESQL, or 127.0.0.1:5432")
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        env = {"MAILWRIGHT_DATABASE_URL": server.rpartition("/")[0] + f"/{name}"}
        place = Place(tmp_path, {})
        try:
            add = ("users", "add", "Anna", "--role", "operator", "--keep")
            early = place.run(*add, env=env)
            assert early.code == 3
            assert "mailwright migrate" in early.reason
            assert place.run("migrate", env=env).code == 0
            assert place.run("migrate", env=env).code == 0
            assert place.run(*add, env=env).code == 0
            assert len(place.run("users", "list", "--format", "json", env=env).json) == 1
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
