"""A case on the knowledge page: read, withdrawn, restored."""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from contracts.decision import Role
from contracts.delivery import EnvelopeState
from interface.web.knowledge_outcomes import marked_text
from interface.web.parts import escape
from interface.web.texts import text
from workflow.approval import approve, waiting
from workflow.house import open_house
from workflow.knowledge import add_cases
from workflow.sending import queue_campaign, queue_counts
from workflow.settings import load_settings
from workflow.withdrawing import resting_on, withdraw

CAMPAIGN = "condition-monitoring"


def _html(app: AppTest) -> str:
    return unescape(" ".join(item.value for item in app.get("html")))


def _opened(app: AppTest, case_id: str) -> AppTest:
    app.selectbox(key="open-case").set_value(case_id).run()
    assert not app.exception
    return app


@pytest.fixture
def used(submitted) -> str:
    """A case that queued mails rest on; everything is approved and queued."""
    with open_house(load_settings(submitted.folder)) as house:
        for item in waiting(house):
            approve(house, item.draft_id, house.user(submitted.tokens[Role.REVIEWER]))
        queue_campaign(house, CAMPAIGN, house.user(submitted.tokens[Role.MARKETER]))
        with house.store.read() as tx:
            ids = [case.id for case in tx.cases.all()]
        return max(ids, key=lambda case_id: resting_on(house, case_id).due)


def _due_of(sample, case_id: str) -> int:
    with open_house(load_settings(sample.folder)) as house:
        return resting_on(house, case_id).due


def test_a_case_opens_with_its_results_marked_and_its_fields(filled, opened):
    app = opened(filled, Role.MARKETER, "knowledge")
    assert "<mark>" not in _html(app)
    app = _opened(app, "larkmoor-bakeries")
    shown = _html(app)
    assert "<mark>" in shown
    assert text("knowledge.rests_nothing") in shown
    with open_house(load_settings(filled.folder)) as house, house.store.read() as tx:
        case = tx.cases.get("larkmoor-bakeries")
    assert case.source in shown
    for outcome in case.outcomes:
        assert outcome.text.split("\n")[0] in shown


def test_what_rests_on_it_stands_before_the_button(submitted, used, opened):
    app = _opened(opened(submitted, Role.REVIEWER, "knowledge"), used)
    shown = _html(app)
    assert CAMPAIGN in shown
    assert text("knowledge.approval_of") in shown
    due = _due_of(submitted, used)
    assert any(f"{due} envelopes" in item.value for item in app.warning)
    assert not app.button(key="withdraw-button").disabled


def test_withdrawing_and_restoring_on_the_page(submitted, used, opened):
    due = _due_of(submitted, used)
    assert due > 0
    app = _opened(opened(submitted, Role.MARKETER, "knowledge"), used)
    app.button(key="withdraw-button").click().run()
    assert not app.exception
    assert "why" in app.error[0].value, "a reason is needed"
    assert _due_of(submitted, used) == due

    app.text_input(key="withdraw-why").set_value("the customer asked us to")
    app.button(key="withdraw-button").click().run()
    assert not app.exception
    assert any(f"{due} envelopes are held now" in item.value for item in app.success)
    with open_house(load_settings(submitted.folder)) as house:
        assert resting_on(house, used).case.withdrawn
        assert queue_counts(house)[EnvelopeState.HELD] == due
    assert text("knowledge.withdrawn") in _html(app)

    app.text_input(key="restore-why").set_value("they agreed after all")
    app.button(key="restore-button").click().run()
    assert not app.exception
    assert any(f"{due} envelopes stay held" in item.value for item in app.success)
    with open_house(load_settings(submitted.folder)) as house:
        assert not resting_on(house, used).case.withdrawn
        assert queue_counts(house)[EnvelopeState.HELD] == due


def test_a_reviewer_may_stop_and_not_start_again(submitted, used, opened):
    with open_house(load_settings(submitted.folder)) as house:
        withdraw(house, used, "asked", house.user(submitted.tokens[Role.REVIEWER]))
    app = _opened(opened(submitted, Role.REVIEWER, "knowledge"), used)
    button = app.button(key="restore-button")
    assert button.disabled
    assert any("operator" in item.value for item in app.caption)
    button._value = True  # as a browser that was tampered with can
    app.run()
    assert not app.exception
    with open_house(load_settings(submitted.folder)) as house:
        assert resting_on(house, used).case.withdrawn


def test_the_text_is_escaped_and_whole(filled):
    with open_house(load_settings(filled.folder)) as house, house.store.read() as tx:
        cases = tx.cases.all()
    for case in cases:
        shown = marked_text(case.text, case.outcomes)
        assert shown.count("<mark>") == sum(outcome.sure for outcome in case.outcomes)
        assert unescape(shown.replace("<mark>", "").replace("</mark>", "")) == case.text
    assert marked_text("<b>", ()) == "&lt;b&gt;"
    assert marked_text("", ()) == ""


def test_only_what_is_sure_is_marked_and_the_rest_stands_apart(filled, opened, tmp_path):
    story = tmp_path / "dairy.txt"
    story.write_text(
        "Fewer stops at a dairy\n\nResults\n\nUnplanned downtime fell by 31 percent within a "
        "year.\n\nMaintenance cost <b>fell</b> by roughly 12 percent.\n",
        "utf-8",
    )
    with open_house(load_settings(filled.folder)) as house:
        add_cases(house, [story])
        with house.store.read() as tx:
            case = tx.cases.get("dairy")
    assert [outcome.sure for outcome in case.outcomes] == [True, False]
    sure, unsure = case.outcomes
    marked = re.findall(r"<mark>(.*?)</mark>", marked_text(case.text, case.outcomes), re.DOTALL)
    assert marked == [sure.text]

    app = _opened(opened(filled, Role.MARKETER, "knowledge"), "dairy")
    titles = [item.value for item in app.markdown]
    assert any(text("knowledge.results", count=1) in title for title in titles)
    assert any(text("knowledge.unsure", count=1) in title for title in titles)
    apart = [item.value for item in app.get("html") if escape(unsure.text) in item.value]
    assert apart, "escaped, as everything that comes from a file"
    assert not any("<mark>" in item and unsure.text in item for item in apart)
