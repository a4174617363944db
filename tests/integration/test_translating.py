"""An approved draft said in another language, by command and page, through the real client."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cli_samples import Answer, Place, built
from model_server import ModelServer, asked_text, completion, running, send

from contracts.decision import DraftState
from contracts.mail import ModuleKind
from workflow import editing
from workflow.campaign import drafts_of
from workflow.house import House, open_house
from workflow.settings import load_settings
from workflow.translating import may_translate

CAMPAIGN = "condition-monitoring"
OPENER = "woran erkennt Ihre Mannschaft, dass ein Lager bald Aufmerksamkeit braucht?"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A campaign whose drafts are all approved, written by the composer."""
    place = built(tmp_path_factory.mktemp("translating"))
    for step in ("draft", "variants", "screen", "submit"):
        done = place.run("campaign", step, place.brief, user="max")
        assert done.code == 0, done.err
    with house_of(place) as house:
        for entry in drafts_of(house, CAMPAIGN):
            done = place.run("review", "approve", entry.draft.id, user="li")
            assert done.code == 0, done.err
    return place


@pytest.fixture
def place(first: Place, tmp_path: Path) -> Place:
    return first.copy(tmp_path / "place")


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_TRACING", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def house_of(place: Place, **chosen: Any) -> Any:
    update = {"embedding_model": "hashed-words", **chosen}
    return open_house(load_settings(place.workspace).model_copy(update=update))


def found(house: House, language: str) -> Any:
    return next(e for e in drafts_of(house, CAMPAIGN) if e.draft.language == language)


def translate(place: Place, server: ModelServer | None, *more: str, user: str = "max") -> Answer:
    env = {
        "MAILWRIGHT_CHAT_MODEL": "openai:test-model" if server else "",
        "MAILWRIGHT_CHAT_BASE_URL": server.url if server else "",
        "MAILWRIGHT_CHAT_REPAIRS": "0",
    }
    return place.run(
        *("campaign", "translate", CAMPAIGN, "food plants/en", *more, "--format", "json"),
        user=user,
        env=env,
    )


def says_the_opener(handler: Any) -> None:
    """Translates openers, and says nothing of the other parts."""
    ids = dict.fromkeys(
        re.findall(
            r"(?m)^\S+ ((?:subject|opener|preheader|problem|proof|solution)\S*)",
            asked_text(handler),
        )
    )
    parts = [{"id": key, "text": OPENER if key.startswith("opener") else ""} for key in ids]
    send(handler, 200, completion(json.dumps({"parts": parts})))


def test_what_the_model_says_well_is_taken_and_the_rest_is_the_composers(place: Place) -> None:
    with running() as server:
        server.reply = says_the_opener
        done = translate(place, server, "--to", "de")
    assert done.code == 0, done.err
    (row,) = done.json["drafts"]
    assert (row["language"], row["writer"]) == ("de", "model:openai:test-model")
    assert any(note.startswith("proof: ") for note in row["notes"])
    with house_of(place) as house:
        english, german = found(house, "en"), found(house, "de")
    opener = next(m for m in german.draft.modules if m.kind is ModuleKind.OPENER)
    assert opener.text == OPENER
    assert german.draft.sources["translated/en"] == english.draft.hash
    # What was approved stays approved; what was made has to be looked at.
    assert (english.state, german.state) == (DraftState.APPROVED, DraftState.DRAFTED)
    exported = place.run("audit", "export", user="anna").out
    assert exported.count('"draft.translated"') == 1


def test_a_block_that_a_person_locked_stays(place: Place) -> None:
    own = "Guten Tag, eine Frage vorab: Wie planen Sie Wartung heute?"
    with house_of(place) as house:
        editing.edit(
            house, CAMPAIGN, "food plants/de", ModuleKind.OPENER, own,
            house.user(place.tokens["max"]),
        )  # fmt: skip
    with running() as server:
        server.reply = says_the_opener
        assert translate(place, server, "--to", "de").code == 0
    with house_of(place) as house:
        german = found(house, "de").draft
    assert own in [module.text for module in german.modules]


def test_only_an_approved_draft_is_translated(place: Place) -> None:
    with house_of(place) as house:
        max_ = house.user(place.tokens["max"])
        editing.edit(house, CAMPAIGN, "food plants/en", ModuleKind.OPENER, "A question.", max_)
    with running() as server:
        done = translate(place, server, "--to", "de")
        assert not server.requests
    assert "not approved" in done.reason


@pytest.mark.parametrize(
    ("to", "why"), [("en", "already"), ("xx", "choose"), ("fr", "draft"), ("ja", "draft")]
)
def test_a_language_that_makes_no_sense_is_refused_before_anything_is_asked(
    place: Place, to: str, why: str
) -> None:
    with running() as server:
        done = translate(place, server, "--to", to)
        assert not server.requests
    assert why in done.reason


def test_without_a_model_there_is_nobody_to_translate(place: Place) -> None:
    assert "chat_model" in translate(place, None, "--to", "de").reason


def test_a_reviewer_may_not(place: Place) -> None:
    with running() as server:
        assert "marketer" in translate(place, server, "--to", "de", user="li").err
        assert not server.requests


def test_the_page_offers_the_campaigns_other_languages(place: Place) -> None:
    with house_of(place, chat_model="openai:test-model") as house:
        assert set(may_translate(house, found(house, "en"))) == {"de", "zh-Hans"}
    with house_of(place) as house:
        assert may_translate(house, found(house, "en")) == ()
