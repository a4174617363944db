"""The pages on a real workspace: what each shows, does and refuses."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from contracts.decision import DraftState, Role
from contracts.delivery import EnvelopeState
from interface.web.texts import term, text
from workflow.approval import approve, review_item, waiting
from workflow.campaign import drafts_of
from workflow.house import open_house
from workflow.people import add_user
from workflow.sending import hold, queue_campaign, queue_counts, queue_list
from workflow.settings import load_settings

CAMPAIGN = "condition-monitoring"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _html(app: AppTest) -> str:
    return unescape(" ".join(item.value for item in app.get("html")))


def _states(sample) -> set[DraftState]:
    with open_house(load_settings(sample.folder)) as house:
        return {record.state for record in drafts_of(house, CAMPAIGN)}


def _force(app: AppTest, key: str) -> None:
    """Press a button that is disabled, as a browser that was tampered with can."""
    button = app.button(key=key)
    assert button.disabled
    button._value = True
    app.run()
    assert not app.exception


def _messages(app: AppTest) -> str:
    return " ".join(item.value for item in [*app.success, *app.error, *app.warning])


class TestCampaign:
    def test_the_audience_is_shown_before_anything_is_drafted(self, filled, opened):
        app = opened(filled, Role.MARKETER, "campaign")
        assert int(app.metric[0].value) > 0
        shown = _html(app)
        assert "food plants" in shown
        assert term("language", "zh-Hans") in shown
        assert term("reason", "no_consent") in shown
        assert app.button(key="screen-button").disabled
        assert text("campaign.nothing_drafted") in [item.value for item in app.info]

    def test_draft_screen_and_submit_by_the_buttons(self, filled, opened):
        app = opened(filled, Role.MARKETER, "campaign")
        app.button(key="draft-button").click().run()
        assert not app.exception
        assert _states(filled) == {DraftState.DRAFTED}
        assert term("state", "drafted") in _html(app)
        assert "<mark>" in _html(app)
        assert app.get("iframe"), "the mail can be seen before it is screened"

        app.button(key="screen-button").click().run()
        assert not app.exception
        assert len(app.success) == 1
        assert text("findings.not_screened") not in [item.value for item in app.info]

        app.button(key="submit-button").click().run()
        assert not app.exception
        assert DraftState.SUBMITTED in _states(filled)
        assert DraftState.DRAFTED not in _states(filled)
        assert term("state", "submitted") in _html(app)
        assert app.button(key="submit-button").disabled

    def test_each_draft_can_be_looked_at_in_each_variant(self, submitted, opened):
        app = opened(submitted, Role.MARKETER, "campaign")
        picker = app.selectbox(key="draft")
        assert len(picker.options) > 3
        seen = set()
        for option in range(len(picker.options)):
            app.selectbox(key="draft").select_index(option).run()
            assert not app.exception
            seen.add(_html(app))
        assert len(seen) == len(picker.options)
        before = _html(app)
        variants = [radio for radio in app.radio if (radio.key or "").startswith("variant-")]
        variants[0].set_value(1).run()
        assert not app.exception
        assert _html(app) != before

    def test_a_malformed_brief_is_one_line_with_its_place(self, filled, opened):
        brief = filled.folder / "briefs" / f"{CAMPAIGN}.yaml"
        brief.write_text(brief.read_text("utf-8").replace("\ntone:", "\ntonne:"), "utf-8")
        app = opened(filled, Role.MARKETER, "campaign")
        assert len(app.error) == 1
        assert re.search(r"line \d+.*tonne.*tone", app.error[0].value)
        assert not app.metric

    def test_without_a_brief_the_page_says_where_one_goes(self, filled, opened):
        for brief in (filled.folder / "briefs").glob("*.yaml"):
            brief.unlink()
        app = opened(filled, Role.MARKETER, "campaign")
        assert "briefs" in app.info[0].value

    def test_a_reviewer_may_look_and_not_draft(self, filled, opened):
        app = opened(filled, Role.REVIEWER, "campaign")
        assert app.button(key="draft-button").disabled
        assert "marketer" in app.caption[0].value
        _force(app, "draft-button")
        assert not _states(filled)

    def test_a_failure_of_the_program_shows_its_kind_and_no_data(
        self, submitted, opened, monkeypatch
    ):
        app = opened(submitted, Role.MARKETER, "campaign")

        def fail(*_: object) -> None:
            raise ValueError("jane.doe@example.com is no number")

        monkeypatch.setattr("interface.web.campaign.planned", fail)
        app.run()
        assert len(app.exception) == 1
        assert "jane.doe" not in str(app.exception[0].proto)

    def test_no_page_of_the_campaign_shows_an_address_of_a_contact(self, submitted, opened):
        with open_house(load_settings(submitted.folder)) as house, house.store.read() as tx:
            addresses = {contact.email for contact in tx.contacts.all()}
        app = opened(submitted, Role.MARKETER, "campaign")
        everything = " ".join(
            [_html(app), *(str(item.proto) for item in app.get("iframe")), app.code[0].value]
        )
        assert not addresses & set(ADDRESS.findall(everything))

    def test_a_rejected_draft_shows_the_reason(self, submitted, opened):
        from workflow.approval import reject

        with open_house(load_settings(submitted.folder)) as house:
            record = drafts_of(house, CAMPAIGN)[-1]
            reviewer = house.user(submitted.tokens[Role.REVIEWER])
            reject(house, record.draft.id, reviewer, "the tone is too loud")
        app = opened(submitted, Role.MARKETER, "campaign")
        assert "the tone is too loud" not in _messages(app)
        app.selectbox(key="draft").set_value(record.draft.id).run()
        assert "the tone is too loud" in _messages(app)


class TestReview:
    def test_a_draft_is_shown_with_all_that_a_decision_needs(self, submitted, opened):
        app = opened(submitted, Role.REVIEWER, "review")
        shown = _html(app)
        assert "Mira Marketer" in shown
        assert "<mark>" in shown
        assert "<blockquote>" in shown
        assert app.get("iframe")
        assert text("review.never_approved") in [item.value for item in app.info]
        assert not app.button(key="approve").disabled

    def test_approving_takes_it_off_the_queue(self, submitted, opened):
        app = opened(submitted, Role.REVIEWER, "review")
        before = app.selectbox(key="to-review").options
        app.button(key="approve").click().run()
        assert not app.exception
        assert len(app.selectbox(key="to-review").options) == len(before) - 1
        assert len(app.success) == 1
        assert DraftState.APPROVED in _states(submitted)

    def test_rejecting_needs_a_reason(self, submitted, opened):
        app = opened(submitted, Role.REVIEWER, "review")
        app.button(key="reject").click().run()
        assert [item.value for item in app.error] == [text("review.say_why")]
        assert DraftState.REJECTED not in _states(submitted)
        app.text_area[0].set_value("no such offer")
        app.button(key="reject").click().run()
        assert not app.exception
        assert DraftState.REJECTED in _states(submitted)

    def test_who_is_no_reviewer_sees_why_and_is_refused_when_forced(self, submitted, opened):
        app = opened(submitted, Role.MARKETER, "review")
        assert app.button(key="approve").disabled
        assert app.button(key="reject").disabled
        assert "reviewer" in app.warning[0].value
        _force(app, "approve")
        assert DraftState.APPROVED not in _states(submitted)

    def test_an_author_who_is_a_reviewer_is_refused_when_forced(
        self, submitted, opened, monkeypatch
    ):
        with open_house(load_settings(submitted.folder)) as house, house.store.begin() as tx:
            reviewer = house.user(submitted.tokens[Role.REVIEWER])
            for record in tx.drafts.for_campaign(CAMPAIGN):
                tx.drafts.add_author(record.draft.id, reviewer.id)
        app = opened(submitted, Role.REVIEWER, "review")
        assert app.button(key="approve").disabled
        # A page that forgot to ask: the wall stands behind it.
        monkeypatch.setattr("interface.web.review.why_not_decide", lambda *_: "")
        app.run()
        assert not app.button(key="approve").disabled
        app.button(key="approve").click().run()
        assert not app.exception
        assert len(app.error) == 1
        assert DraftState.APPROVED not in _states(submitted)

    def test_a_change_since_the_last_approval_is_shown_word_by_word(self, submitted, opened):
        from workflow.approval import submit_campaign
        from workflow.briefs import load_brief
        from workflow.campaign import draft_campaign, make_variants
        from workflow.screening import screen_campaign

        brief = submitted.folder / "briefs" / f"{CAMPAIGN}.yaml"
        with open_house(load_settings(submitted.folder)) as house:
            reviewer = house.user(submitted.tokens[Role.REVIEWER])
            marketer = house.user(submitted.tokens[Role.MARKETER])
            for entry in waiting(house):
                approve(house, entry.draft_id, reviewer)
            changed = brief.read_text("utf-8").replace("for 30 days", "for 45 days")
            brief.write_text(changed.replace("30 Tage", "45 Tage").replace("30天", "45天"), "utf-8")
            files = load_brief(brief)
            draft_campaign(house, files.brief, files.sender, marketer)
            make_variants(house, CAMPAIGN, marketer)
            screen_campaign(house, CAMPAIGN, marketer)
            submit_campaign(house, CAMPAIGN, marketer)
            assert review_item(house, waiting(house)[0].draft_id).changes
        shown = _html(opened(submitted, Role.REVIEWER, "review"))
        assert "<del>30</del>" in shown
        assert "<ins>45</ins>" in shown

    def test_an_empty_queue_says_so(self, filled, opened):
        app = opened(filled, Role.REVIEWER, "review")
        assert [item.value for item in app.info] == [text("review.nothing")]


@pytest.fixture
def approved(submitted):
    with open_house(load_settings(submitted.folder)) as house:
        reviewer = house.user(submitted.tokens[Role.REVIEWER])
        for entry in waiting(house):
            approve(house, entry.draft_id, reviewer)
    return submitted


@pytest.fixture
def queued(approved):
    with open_house(load_settings(approved.folder)) as house:
        queue_campaign(house, CAMPAIGN, house.user(approved.tokens[Role.MARKETER]))
    return approved


def _count(sample, state: EnvelopeState) -> int:
    with open_house(load_settings(sample.folder)) as house:
        return queue_counts(house).get(state, 0)


class TestQueue:
    def test_queue_and_work_by_the_buttons(self, approved, opened):
        app = opened(approved, Role.MARKETER, "queue")
        app.button(key="queue-button").click().run()
        assert not app.exception
        due = _count(approved, EnvelopeState.DUE)
        assert due > 0
        app.button(key="work-button").click().run()
        assert not app.exception
        sent = _count(approved, EnvelopeState.SENT)
        assert sent > 0
        files = [path for path in (approved.folder / "maildir").rglob("*") if path.is_file()]
        assert len(files) >= sent

    def test_nothing_approved_is_one_line(self, submitted, opened):
        app = opened(submitted, Role.MARKETER, "queue")
        app.button(key="queue-button").click().run()
        assert not app.exception
        assert len(app.error) == 1
        assert CAMPAIGN in app.error[0].value

    @pytest.mark.parametrize("role", list(Role))
    def test_no_address_is_shown_to_anybody(self, queued, opened, role):
        shown = _html(opened(queued, role, "queue"))
        with open_house(load_settings(queued.folder)) as house:
            one = queue_list(house, state=EnvelopeState.DUE)[0]
        assert one.contact_id in shown
        assert one.address.rpartition("@")[2] in shown
        assert not ADDRESS.search(shown)

    def test_a_reviewer_may_stop_and_not_let_go(self, queued, opened):
        app = opened(queued, Role.REVIEWER, "queue")
        assert app.button(key="queue-button").disabled
        assert app.button(key="work-button").disabled
        app.text_input(key="hold-why").set_value("wrong date in the offer")
        app.button(key="hold-button").click().run()
        assert not app.exception
        assert _count(queued, EnvelopeState.HELD) == 1
        assert "wrong date in the offer" in _html(app)
        assert app.button(key="release-button").disabled
        for key in ("release-button", "resolve-button", "work-button", "queue-button"):
            _force(app, key)
        assert _count(queued, EnvelopeState.HELD) == 1
        assert _count(queued, EnvelopeState.SENT) == 0

    def test_an_operator_lets_a_held_envelope_go(self, queued, opened):
        with open_house(load_settings(queued.folder)) as house:
            operator = house.user(queued.tokens[Role.OPERATOR])
            hold(house, queue_list(house, state=EnvelopeState.DUE)[0].id, operator, "")
        app = opened(queued, Role.OPERATOR, "queue")
        app.button(key="release-button").click().run()
        assert not app.exception
        assert _count(queued, EnvelopeState.HELD) == 0
        assert text("queue.released") in [item.value for item in app.success]

    def test_an_operator_resolves_what_nobody_knows(self, queued, opened):
        with open_house(load_settings(queued.folder)) as house:
            first = queue_list(house, state=EnvelopeState.DUE)[0]
            house.store.outbox.hold(first.id, "outcome unknown: the worker was stopped")
        app = opened(queued, Role.OPERATOR, "queue")
        app.button(key="release-button").click().run()
        assert text("queue.not_done") in [item.value for item in app.warning]
        app.radio(key="outcome").set_value(EnvelopeState.DROPPED)
        app.button(key="resolve-button").click().run()
        assert not app.exception
        assert _count(queued, EnvelopeState.DROPPED) == 1

    def test_before_anything_is_drafted_the_page_says_so(self, filled, opened):
        app = opened(filled, Role.MARKETER, "queue")
        assert [item.value for item in app.info] == [text("queue.nothing_drafted")]


CASE = b"""---
id: new-case
customer: Example Works
name_public: false
industry: food
language: en
valid_until: 2031-12-31
source: told by the customer
---

# Fewer stops in a bakery

## Challenge

The line stopped twice a week.

## Solution

Sensors were fitted to three machines.

## Outcomes

Unplanned downtime fell by 31 percent within a year.
"""


class TestKnowledge:
    def test_the_cases_stand_in_a_table(self, filled, opened):
        app = opened(filled, Role.MARKETER, "knowledge")
        shown = _html(app)
        assert "larkmoor-bakeries.md" in shown
        assert "(expired)" in shown
        assert app.metric[0].value == "16"

    def test_a_search_shows_hits_with_their_place(self, filled, opened):
        app = opened(filled, Role.MARKETER, "knowledge")
        app.text_input(key="search-words").set_value("downtime in bakeries")
        app.button(key="search-button").click().run()
        assert not app.exception
        hits = [item.value for item in app.get("html") if 'class="mw-hit"' in item.value]
        assert re.search(r"\.md \N{MIDDLE DOT} characters \d+ to \d+", hits[0])
        assert text("knowledge.best") in hits[0]

    def test_an_uploaded_case_is_taken(self, filled, opened):
        app = opened(filled, Role.MARKETER, "knowledge")
        app.file_uploader(key="case-files").upload("new-case.md", CASE, "text/markdown")
        app.button(key="upload-button").click().run()
        assert not app.exception
        assert "Fewer stops in a bakery" in _html(app)
        assert "new-case.md" in _html(app)
        assert app.metric[0].value == "17"

    def test_a_file_that_is_no_case_is_one_line(self, filled, opened):
        app = opened(filled, Role.MARKETER, "knowledge")
        app.file_uploader(key="case-files").upload("broken.jsonl", b"{", "application/json")
        app.button(key="upload-button").click().run()
        assert not app.exception
        assert [item.value for item in app.error] == [text("knowledge.nothing_added")]
        assert re.search(r"<p>[^\n]*broken\.jsonl line 1: [^\n]*</p>", _html(app))

    def test_a_reviewer_may_not_add(self, filled, opened):
        app = opened(filled, Role.REVIEWER, "knowledge")
        assert app.button(key="upload-button").disabled
        assert app.file_uploader(key="case-files").disabled
        assert app.text_input(key="case-address").disabled
        assert any("marketer or operator" in item.value for item in app.caption)
        app.text_input(key="case-address")._value = "http://127.0.0.1/story"
        _force(app, "address-button")
        assert not _messages(app)

    def test_an_empty_knowledge_base_says_how_to_fill_it(self, empty, opened):
        with open_house(load_settings(empty)) as house:
            token = add_user(house, "Olga", {Role.OPERATOR}, None).token

        class Users:
            tokens = {Role.OPERATOR: token}  # noqa: RUF012

        app = opened(Users, Role.OPERATOR, "knowledge")
        assert "mailwright kb add" in app.info[0].value
        assert Path(empty).is_dir()
