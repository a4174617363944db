"""Blocks of a draft, and an approved draft said in another language, as pages do it."""

from __future__ import annotations

import json
import re

import pytest
from model_server import asked_text, completion, running, send, stream

from contracts.decision import DraftState, Role
from contracts.mail import ModuleKind
from interface.web.texts import term, text
from workflow.approval import approve
from workflow.campaign import drafts_of
from workflow.house import open_house
from workflow.settings import load_settings

CAMPAIGN = "condition-monitoring"


def draft_of(sample, segment, language):
    with open_house(load_settings(sample.folder)) as house:
        return next(
            entry
            for entry in drafts_of(house, CAMPAIGN)
            if (entry.draft.segment, entry.draft.language) == (segment, language)
        )


def shown(app, draft):
    """The campaign page with this draft chosen."""
    app.selectbox(key="draft").set_value(draft.id).run()
    assert not app.exception
    return app


def area(app, kind):
    return next(item for item in app.text_area if item.key.endswith(f"-{kind}"))


@pytest.fixture
def model(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-for-tests")
    monkeypatch.setenv("MAILWRIGHT_CHAT_MODEL", "openai:test-model")
    monkeypatch.setenv("MAILWRIGHT_CHAT_REPAIRS", "0")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with running() as server:
        monkeypatch.setenv("MAILWRIGHT_CHAT_BASE_URL", server.url)
        yield server


def test_a_block_is_edited_and_locked(submitted, opened):
    draft = draft_of(submitted, "food plants", "en").draft
    app = shown(opened(submitted, Role.MARKETER, "campaign"), draft)
    area(app, "opener").set_value("Which line would you look at first?").run()
    app.button(key=f"save-{draft.id}-opener").click().run()
    assert not app.exception
    assert text("blocks.changed") in " ".join(item.value for item in app.success)
    entry = draft_of(submitted, "food plants", "en")
    assert entry.state is DraftState.DRAFTED
    assert ModuleKind.OPENER in entry.draft.locked
    assert area(app, "opener").value == "Which line would you look at first?"
    assert app.button(key=f"anew-{draft.id}-opener").disabled


def test_a_block_moves_and_another_wording_comes_first(submitted, opened):
    draft = draft_of(submitted, "food plants", "en").draft
    app = shown(opened(submitted, Role.MARKETER, "campaign"), draft)
    app.button(key=f"up-{draft.id}-offer").click().run()
    assert not app.exception
    kinds = [m.kind for m in draft_of(submitted, "food plants", "en").draft.modules]
    before = [m.kind for m in draft.modules]
    assert kinds.index(ModuleKind.OFFER) == before.index(ModuleKind.OFFER) - 1
    chosen = next(b for b in app.selectbox if (b.key or "").endswith("-subject"))
    chosen.select_index(1).run()
    assert not app.exception
    subject = next(
        m
        for m in draft_of(submitted, "food plants", "en").draft.modules
        if m.kind is ModuleKind.SUBJECT
    )
    assert subject.text != draft.modules[0].text


def test_a_reviewer_sees_the_blocks_and_changes_none(submitted, opened):
    draft = draft_of(submitted, "food plants", "en").draft
    app = shown(opened(submitted, Role.REVIEWER, "campaign"), draft)
    assert area(app, "opener").disabled
    assert app.button(key=f"save-{draft.id}-opener").disabled


def test_nothing_is_offered_for_a_draft_that_is_not_approved(submitted, opened, model):
    draft = draft_of(submitted, "food plants", "en").draft
    app = shown(opened(submitted, Role.MARKETER, "campaign"), draft)
    assert not [item for item in app.multiselect if item.key.startswith("translate-to-")]
    assert not model.requests


def test_an_approved_draft_is_said_in_another_language(submitted, opened, model):
    entry = draft_of(submitted, "food plants", "en")
    with open_house(load_settings(submitted.folder)) as house:
        approve(house, entry.draft.id, house.user(submitted.tokens[Role.REVIEWER]))
    opener = "woran erkennt Ihre Mannschaft, dass ein Lager bald Aufmerksamkeit braucht?"

    def reply(handler):
        ids = dict.fromkeys(
            re.findall(r"(?m)^\S+ (opener-\d+|preheader|problem)", asked_text(handler))
        )
        parts = [{"id": key, "text": opener} for key in ids if key.startswith("opener")]
        send(handler, 200, completion(json.dumps({"parts": parts})))

    model.reply = reply
    app = shown(opened(submitted, Role.MARKETER, "campaign"), entry.draft)
    choice = app.multiselect(key=f"translate-to-{entry.draft.id}")
    assert term("language", "de") in choice.options
    choice.set_value(["de"]).run()
    app.button(key=f"translate-{entry.draft.id}").click().run()
    assert not app.exception
    german = draft_of(submitted, "food plants", "de").draft
    assert opener in [module.text for module in german.modules]
    assert draft_of(submitted, "food plants", "en").state is DraftState.APPROVED


def test_a_model_that_streams_writes_the_drafts(filled, opened, model):
    answer = {
        "wordings": [
            {
                "slot": "subject",
                "tactic": "question",
                "sentences": [{"text": "When does a bearing start to talk?", "cites": []}],
            }
        ],
        "modules": [],
    }

    def reply(handler):
        assert json.loads(handler.body).get("stream") is True
        stream(handler, json.dumps(answer))

    model.reply = reply
    app = opened(filled, Role.MARKETER, "campaign")
    app.button(key="draft-button").click().run()
    assert not app.exception
    english = draft_of(filled, "food plants", "en").draft
    assert "When does a bearing start to talk?" in [
        item.module.text for item in english.alternatives
    ]
    assert text("campaign.coming") not in " ".join(item.value for item in app.get("html"))
