"""Who gets in, as whom, and how the session ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from contracts.decision import Role
from interface.web.texts import text
from workflow.house import open_house
from workflow.people import add_user, renew_token
from workflow.settings import load_settings

APP = Path(__file__).parents[3] / "app.py"


def _open() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def _signed_in(token: str) -> AppTest:
    app = _open()
    app.text_input(key="typed").set_value(token)
    app.button(key="sign-in-button").click().run()
    assert not app.exception, app.exception
    return app


def _sidebar(app: AppTest) -> str:
    return " ".join(item.value for item in app.sidebar.get("html"))


@pytest.fixture
def operator(empty: Path) -> str:
    with open_house(load_settings(empty)) as house:
        return add_user(house, "Olga", {Role.OPERATOR, Role.MARKETER}, None).token


def test_without_users_only_the_command_is_shown(empty):
    app = _open()
    assert text("app.nobody_yet") in [item.value for item in app.info]
    assert "mailwright users add" in app.code[0].value
    assert not app.text_input
    assert not app.button


def test_the_right_token_opens_the_studio_and_names_the_person(operator):
    app = _signed_in(operator)
    assert "Olga" in _sidebar(app)
    assert "marketer, operator" in _sidebar(app)
    assert app.title[0].value == text("campaign.title")


def test_a_wrong_token_opens_nothing(operator):
    app = _signed_in(operator + "x")
    assert [item.value for item in app.error] == [text("sign_in.wrong")]
    assert "token" not in app.session_state
    assert "Olga" not in _sidebar(app)


def test_an_empty_token_never_borrows_the_one_of_the_machine(operator, empty, monkeypatch):
    monkeypatch.setenv("MAILWRIGHT_TOKEN", operator)
    with open_house(load_settings(empty)) as house:
        house.workspace.write_token(operator)
    for typed in ("", "   "):
        app = _signed_in(typed)
        assert len(app.error) == 1
        assert "Olga" not in _sidebar(app)


def test_a_token_in_the_address_is_ignored(operator):
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["token"] = operator
    app.run()
    assert "Olga" not in _sidebar(app)
    assert app.text_input(key="typed").value == ""


def test_signing_out_forgets_everything(operator):
    app = _signed_in(operator)
    app.session_state["hits"] = ("something of Olga's",)
    app.button(key="sign-out").click().run()
    assert app.text_input(key="typed").value == ""
    assert "token" not in app.session_state
    assert "hits" not in app.session_state


def test_a_renewed_token_ends_the_session_at_once(operator, empty):
    app = _signed_in(operator)
    with open_house(load_settings(empty)) as house:
        renew_token(house, "olga", house.user(operator))
    app.run()
    assert [item.value for item in app.warning] == [text("sign_in.ended")]
    assert "Olga" not in _sidebar(app)


def test_a_workspace_that_does_not_read_is_one_line(operator, empty):
    (empty / "mailwright.toml").write_text("transprt = 'smtp'\n", encoding="utf-8")
    app = _open()
    assert len(app.error) == 1
    assert "transport" in app.error[0].value
    assert not app.text_input


def test_a_reviewer_begins_at_the_review(operator, empty):
    with open_house(load_settings(empty)) as house:
        made = add_user(house, "Ruben", {Role.REVIEWER}, house.user(operator))
    app = _signed_in(made.token)
    assert app.title[0].value == text("review.title")
