"""What is still missing on a case: asked for, checked, kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from contracts.case import Case
from contracts.decision import Role
from interface.web.knowledge_fields import asked_fields, fields_missing, lacks_fields
from interface.web.texts import text
from knowledge_base import read_cases
from workflow.case_fields import ANSWERABLE
from workflow.house import open_house
from workflow.knowledge import add_cases
from workflow.settings import load_settings

STORY = """Fewer stops at a dairy

Industry: Milk & more

The line stopped twice a week until sensors were fitted.

Unplanned downtime fell by 31 percent within a year.
"""


@pytest.fixture
def story(tmp_path) -> Case:
    file = tmp_path / "dairy.txt"
    file.write_text(STORY, "utf-8")
    return read_cases(file).cases[0]


@pytest.fixture
def lacking(filled, tmp_path):
    """The samples and one case of which little is stated."""
    file = tmp_path / "dairy.txt"
    file.write_text(STORY, "utf-8")
    with open_house(load_settings(filled.folder)) as house:
        add_cases(house, [file])
    return filled


def _form(opened, sample, role: Role) -> AppTest:
    app = opened(sample, role, "knowledge")
    app.selectbox(key="open-case").set_value("dairy").run()
    assert not app.exception
    return app


def _kept(sample) -> Case:
    with open_house(load_settings(sample.folder)) as house, house.store.read() as tx:
        case = tx.cases.get("dairy")
    assert case is not None
    return case


def test_just_what_is_missing_is_asked_for(story):
    whole = replace(story, missing=(), unrecognised={})
    assert asked_fields(whole) == ()
    assert not lacks_fields(whole)
    assert fields_missing(whole) == ""
    one = replace(whole, missing=("source",))
    assert asked_fields(one) == ("source",)
    assert fields_missing(one) == text("knowledge.missing_one")
    assert asked_fields(replace(whole, missing=("region",))) == ("region", "country")
    assert asked_fields(replace(whole, missing=("customer",))) == ("customer", "also_known_as")
    assert asked_fields(replace(whole, unrecognised={"industry": "Milk"})) == ("industry",)
    assert set(asked_fields(replace(whole, missing=ANSWERABLE))) == set(ANSWERABLE)


def test_what_is_stated_and_not_known_is_shown(lacking, opened):
    app = _form(opened, lacking, Role.MARKETER)
    said = text("knowledge.stated", value="Milk & more")
    assert said in [item.value for item in app.caption]


def test_what_a_person_states_is_kept_and_asked_for_no_more(lacking, opened):
    app = _form(opened, lacking, Role.MARKETER)
    app.text_input(key="case-dairy-customer").set_value("Bergtaler Molkerei")
    app.text_area(key="case-dairy-also_known_as").set_value("BTM\n\n Bergtaler ")
    app.radio(key="case-dairy-name_public").set_value(True)
    assert "Food and beverages" in app.selectbox(key="case-dairy-industry").options
    app.selectbox(key="case-dairy-industry").set_value("food")
    assert "Germany" in app.selectbox(key="case-dairy-country").options
    app.selectbox(key="case-dairy-country").set_value("DE")
    app.checkbox(key="case-dairy-language").check()
    app.multiselect(key="case-dairy-roles").set_value(["maintenance"])
    app.date_input(key="case-dairy-valid_until").set_value(date(2031, 12, 31))
    app.button(key="save-case-dairy").click().run()
    assert not app.exception
    assert any("Bergtaler" not in m.value and "dairy" in m.value for m in app.success)
    case = _kept(lacking)
    assert case.customer[""] == "Bergtaler Molkerei"
    assert case.extra_names == ("BTM", "Bergtaler")
    assert case.name_public
    assert (case.industry, case.country, case.region) == ("food", "DE", "europe")
    assert case.roles == ("maintenance",)
    assert case.valid_until == date(2031, 12, 31)
    assert set(case.missing) == {"products", "source"}
    assert not case.unrecognised
    assert [item.key for item in app.text_input if "case-dairy" in (item.key or "")] == [
        "case-dairy-source"
    ]

    app.text_area(key="case-dairy-products").set_value("Korvane Pulse")
    app.text_input(key="case-dairy-source").set_value("told by phone")
    app.button(key="save-case-dairy").click().run()
    assert not app.exception
    assert not _kept(lacking).missing
    assert "save-case-dairy" not in [button.key for button in app.button]


def test_nobody_is_named_whom_nobody_named(lacking, opened):
    app = _form(opened, lacking, Role.OPERATOR)
    app.button(key="save-case-dairy").click().run()
    assert [item.value for item in app.error] == [text("knowledge.nothing_given")]
    app.radio(key="case-dairy-name_public").set_value(True)
    app.button(key="save-case-dairy").click().run()
    assert [item.value for item in app.error] == [text("knowledge.named_nobody")]
    assert not _kept(lacking).name_public


def test_a_reviewer_sees_the_form_and_why_it_is_closed(lacking, opened):
    app = _form(opened, lacking, Role.REVIEWER)
    assert app.text_input(key="case-dairy-customer").disabled
    assert any("marketer or operator" in item.value for item in app.caption)
    button = app.button(key="save-case-dairy")
    assert button.disabled
    app.text_input(key="case-dairy-source")._value = "told by phone"
    button._value = True  # as a browser that was tampered with can
    app.run()
    assert not app.exception
    assert "source" in _kept(lacking).missing
