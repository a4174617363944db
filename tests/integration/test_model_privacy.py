"""What a chat model is sent: facts of segments and passages, and nothing of any contact.

Ten thousand contacts, each with a name, a company, an address and words of their own that
stand nowhere else, go through a whole drafting with a model on loopback; every byte of every
request is looked at.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_samples import HEADER, Place, built, write_brief
from model_server import ModelServer, answering, running

from workflow.briefs import load_brief
from workflow.campaign import draft_campaign
from workflow.house import open_house
from workflow.model_usage import model_use
from workflow.model_writing import house_writer
from workflow.settings import load_settings

MANY = 10_000
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
READERS = (("US", "en", "Ms"), ("DE", "de", "Herr"), ("CN", "zh-Hans", ""))


def contacts(path: Path, count: int) -> Path:
    """A file of `count` people of one trade in three languages."""
    rows = [HEADER]
    for number in range(count):
        country, language, salutation = READERS[number % len(READERS)]
        rows.append(
            f"Zqfirst{number},Zqlast{number},{salutation},Zqcompany{number} Foods,food,{country},"
            f"{language},zqmail{number}@zqhost{number}.example,Zqsource{number},double opt-in,"
            f"2026-03-18,Zqwording{number}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("privacy")
    found = built(folder)
    write_brief(folder)
    return found


@pytest.fixture(autouse=True)
def no_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_TRACING", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def drafted(place: Place, folder: Path, count: int) -> tuple[ModelServer, int, int]:
    """Draft for so many contacts; the server with its requests, the drafts, the readers."""
    own = place.copy(folder)
    listed = contacts(folder / "people.csv", count)
    assert own.run("contacts", "import", listed).code == 0
    with running() as server:
        server.reply = answering(ANSWER)
        settings = load_settings(own.workspace).model_copy(
            update={
                "embedding_model": "hashed-words",
                "chat_model": "openai:test-model",
                "chat_base_url": server.url,
                "chat_retries": 0,
            }
        )
        files = load_brief(own.brief)
        with open_house(settings) as house:
            actor = house.user(own.tokens["anna"])
            run = draft_campaign(
                house, files.brief, files.sender, actor, writer=house_writer(house)
            )
            (used,) = model_use(house, files.brief.name)
    assert used.requests == len(server.requests)
    return server, len(run.drafts), sum(len(group.contacts) for group in run.audience.groups)


def test_ten_thousand_contacts_are_as_many_requests_as_thirty_and_none_holds_one(
    place: Place, tmp_path: Path
) -> None:
    few, few_drafts, _ = drafted(place, tmp_path / "few", 30)
    many, drafts, readers = drafted(place, tmp_path / "many", MANY)
    assert readers >= MANY
    assert drafts == few_drafts
    assert len(many.requests) == len(few.requests)
    assert drafts <= len(many.requests) <= 2 * drafts  # each with a second round at most
    assert sorted(body for _, _, body in many.requests) == sorted(
        body for _, _, body in few.requests
    )
    for path, headers, body in many.requests:
        sent = f"{path} {headers} {json.dumps(json.loads(body), ensure_ascii=False)}".casefold()
        assert not re.search(r"zq(first|last|company|mail|host|source|wording)", sent)
        # Nor of the few that the workspace has from the start.
        for word in ("whitlock", "castell", "sabine", "wiesenrade", "amberline", "prairie"):
            assert word not in sent
