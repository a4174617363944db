"""What a campaign's model used: kept over restarts, reported by the command, held to a budget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from cli_samples import Place, built
from model_server import ModelServer, answering, running
from typer.testing import CliRunner

from interface.cli.campaign_usage import usage
from workflow.briefs import load_brief
from workflow.campaign import DraftRun, draft_campaign
from workflow.house import open_house
from workflow.model_writing import house_writer
from workflow.settings import load_settings

ANSWER = {
    "wordings": [
        {
            "slot": "subject",
            "tactic": "question",
            "sentences": [{"text": "When does a bearing start to talk?", "cites": []}],
        }
    ],
    "modules": [],
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return built(tmp_path_factory.mktemp("usage"))


@pytest.fixture
def place(first: Place, tmp_path: Path) -> Place:
    return first.copy(tmp_path / "place")


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_TRACING", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def draft(place: Place, server: ModelServer, **chosen: Any) -> DraftRun:
    """One drafting, by a process of its own: everything is opened and closed."""
    update = {
        "embedding_model": "hashed-words",
        "chat_model": "openai:test-model",
        "chat_base_url": server.url,
        "chat_retries": 0,
        "chat_repairs": 0,
        **chosen,
    }
    settings = load_settings(place.workspace).model_copy(update=update)
    files = load_brief(place.brief)
    with open_house(settings) as house:
        actor = house.user(place.tokens["anna"])
        writer = house_writer(house)
        return draft_campaign(house, files.brief, files.sender, actor, writer=writer)


def told(place: Place, *arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(usage)
    name = load_brief(place.brief).brief.name
    done = CliRunner().invoke(
        app, [name, "--workspace", str(place.workspace), *arguments], prog_name="usage"
    )
    return done.exit_code, done.stdout, done.stderr


def test_drafting_again_in_another_process_asks_nothing(place: Place) -> None:
    with running() as server:
        server.reply = answering(ANSWER)
        before = draft(place, server)
        asked = len(server.requests)
        assert asked == len(before.drafts) > 1
        again = draft(place, server)
        assert again.drafts == before.drafts
        assert len(server.requests) == asked
        draft(place, server, chat_cache=False)
        assert len(server.requests) == 2 * asked


def test_the_command_tells_tokens_and_what_they_cost(place: Place) -> None:
    prices = {"chat_price_in": "2", "chat_price_out": "8", "chat_currency": "EUR"}
    (place.workspace / "mailwright.toml").write_text(
        "\n".join(f'{key} = "{value}"' for key, value in prices.items()), encoding="utf-8"
    )
    with running() as server:
        server.reply = answering(ANSWER)
        count = len(draft(place, server).drafts)
        draft(place, server)
    code, out, _ = told(place, "--format", "json")
    assert code == 0
    report = json.loads(out)
    assert report["models"] == [
        {
            "model": "openai:test-model",
            "requests": count,
            "cached": count,
            "tokens_in": 900 * count,
            "tokens_out": 300 * count,
            "uncounted": 0,
            "cost": f"{count * 0.0042:.4f}",
            "currency": "EUR",
            "unpriced": 0,
        }
    ]
    assert report["budget_tokens"] is None
    code, out, _ = told(place)
    assert code == 0
    assert "EUR" in out


def test_what_is_not_known_is_called_unknown(place: Place) -> None:
    with running() as server:
        server.reply = answering(ANSWER, usage=None)
        count = len(draft(place, server).drafts)
    code, out, err = told(place)
    assert code == 0
    assert "unknown" in out
    assert f"{count} requests whose tokens the server did not say" in err
    assert f"{count} requests at no known cost" in err


def test_a_budget_holds_over_restarts_and_nothing_fails(place: Place) -> None:
    with running() as server:
        server.reply = answering(ANSWER)
        before = draft(place, server, chat_cache=False)
        server.requests.clear()
        used = 1200 * len(before.drafts)
        later = draft(place, server, chat_cache=False, chat_budget_tokens=used + 100)
    assert server.requests == []
    assert len(later.drafts) == len(before.drafts)
    assert {item.writer for item in later.drafts} == {"composer"}
    assert all(f"budget of {used + 100} tokens is used up" in note for note in later.notes)
    assert later.notes


def test_a_campaign_that_asked_no_model_says_so(place: Place) -> None:
    assert place.run("campaign", "draft", place.brief).code == 0
    code, out, err = told(place)
    assert (code, out) == (0, "")
    assert "no chat model was asked" in err


def test_a_campaign_that_was_never_drafted_is_wrong_use(place: Place) -> None:
    code, _, err = told(place)
    assert code == 2
    assert "campaign draft BRIEF" in err
