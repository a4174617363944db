"""The page for mails from anyone: what it takes, refuses, shows and lets a person decide."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from contracts.decision import Role
from contracts.errors import BadInput
from interface.web import screening_files
from interface.web.screening_files import KINDS, MEGABYTE, mail_name, screen_uploads
from interface.web.screening_places import law_of, place_name
from interface.web.texts import text
from workflow.house import open_house
from workflow.house_rules import set_aside, set_aside_rules
from workflow.quoted_words import LONGEST
from workflow.screening_choices import known_rules, screened_places
from workflow.settings import load_settings

PRESSING = b"Subject: Hello\n\nAct now! Only today.\n\nBest regards\n"
HOSTILE = (
    b"From: <script>alert(1)</script> <a@example.org>\r\nTo: b@example.com\r\n"
    b"Subject: <img src=x onerror=alert(2)> ACT NOW!!!\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Act now &lt;script&gt;alert(3)&lt;/script&gt; &lt;img src=x onerror=alert(4)&gt;</p>"
    b'<a href="http://192.0.2.1/x">https://example.net</a>\r\n'
)


class Sent:
    """A file as a browser sends it."""

    def __init__(self, name: str, data: bytes, size: int | None = None) -> None:
        self.name, self._data = name, data
        self.size = len(data) if size is None else size

    def getbuffer(self) -> memoryview:
        return memoryview(self._data)


def _html(app: AppTest) -> str:
    return unescape(" ".join(item.value for item in app.get("html")))


def _screened(app: AppTest, places: list[str], *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="mail-files").set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    app.multiselect(key="mail-places").set_value(places)
    app.button(key="screen-mails-button").click().run()
    assert not app.exception, app.exception
    return app


def test_a_mail_is_judged_by_each_chosen_place_with_words_remedy_source_and_certificate(
    filled, opened
):
    app = _screened(
        opened(filled, Role.MARKETER, "screening"), ["DE", "CA-QC"], ("a.txt", PRESSING)
    )
    shown = _html(app)
    for expected in (
        "de.<wbr>legal_<wbr>name",
        "ca_<wbr>qc.<wbr>language",
        "Canada: Quebec",
        "DDG §5(1) no. 1",
        text("findings.verified_yes"),
        text("findings.verified_no"),
        ">Act now</blockquote>",
        "spam.<wbr>en.<wbr>urgency",
        text("screening.not_judged"),
        text("ruled.not_judged"),
    ):
        assert expected in shown
    labels = [item.label for item in app.expander]
    assert any(label.startswith("Germany: block") for label in labels)
    assert any(label.startswith("Canada: Quebec: block") for label in labels)
    severities = [label.split(":")[0] for label in labels[:3]]
    assert severities == ["Blocks", "Warnings", "Notes"]


def test_one_bad_file_keeps_no_other_back_and_each_refusal_says_why(filled, opened):
    app = _screened(
        opened(filled, Role.REVIEWER, "screening"),
        ["US"],
        ("good.txt", PRESSING),
        ("good.txt", PRESSING),
        ("empty.eml", b"  \n"),
    )
    shown = _html(app)
    assert text("screening.refused", count=1) in [item.value for item in app.warning]
    assert "empty.eml is empty: give a file that holds a mail." in shown
    assert app.selectbox(key="mail-shown").options == ["good.txt", "good (2).txt"]


def test_nothing_chosen_is_said(filled, opened):
    app = _screened(opened(filled, Role.MARKETER, "screening"), [])
    assert text("screening.choose_file") in [item.value for item in app.error]
    app = _screened(app, [], ("a.txt", PRESSING))
    assert text("screening.no_places") in [item.value for item in app.info]


def test_markup_of_a_mail_is_shown_and_never_made(filled, opened):
    name = "<b onclick=alert(5)>.eml"
    app = _screened(opened(filled, Role.MARKETER, "screening"), ["DE", "US"], (name, HOSTILE))
    raw = " ".join(item.value for item in app.get("html"))
    for made in ("<script", "<img", "<b onclick", "<a "):
        assert made not in raw
    assert "&lt;" in raw


def test_an_operator_sees_why_not_and_a_forged_press_does_nothing(filled, opened):
    app = opened(filled, Role.OPERATOR, "screening")
    button = app.button(key="screen-mails-button")
    assert button.disabled
    button._value = True
    app.run()
    assert not app.exception
    assert not app.get("download_button")
    assert any("role marketer or reviewer" in item.value for item in app.caption)


def test_the_downloads_name_the_upload_and_no_folder_of_this_machine(filled):
    with open_house(load_settings(filled.folder)) as house:
        before = set(Path(gettempdir()).glob("mailwright-*"))
        results = screen_uploads(house, [Sent("../../x/a.eml", HOSTILE)], ["DE"])
        assert set(Path(gettempdir()).glob("mailwright-*")) <= before
    for item in results.downloads.values():
        assert gettempdir().encode() not in item.data
        assert b"a.eml" in item.data
    rows = json.loads(results.downloads["json"].data)
    assert [row["file"] for row in rows] == ["a.eml"]
    assert json.loads(results.downloads["sarif"].data)["version"] == "2.1.0"
    page = results.downloads["html"].data
    assert b"<script" not in page
    assert b"<img" not in page
    assert all(len(words) <= LONGEST for words in results.mails[0].words)


def test_what_is_too_large_or_too_many_is_refused_before_it_is_written(filled, monkeypatch):
    monkeypatch.setattr(screening_files, "MOST_FILES", 2)
    huge = Sent("big.eml", b"x", screening_files.MOST_MB * MEGABYTE + 1)
    with open_house(load_settings(filled.folder)) as house:
        results = screen_uploads(
            house,
            [huge, Sent("a.txt", PRESSING), Sent("late.txt", PRESSING), Sent("b.pdf", b"%PDF")],
            [],
        )
    assert [mail.name for mail in results.mails] == ["a.txt"]
    why = {item.name: item.why for item in results.refused}
    assert "25.0 MB" in why["big.eml"]
    assert why["late.txt"] == text("screening.too_many", most=2)


def test_a_reviewer_sets_a_rule_aside_and_lets_it_hold_again(filled, opened):
    app = opened(filled, Role.REVIEWER, "screening")
    app.button(key="aside-button").click().run()
    assert text("screening.aside_incomplete") in [item.value for item in app.error]
    app.selectbox(key="aside-rule").set_value("de.vat")
    app.text_input(key="aside-reason").set_value("small <b>business</b>")
    app.button(key="aside-button").click().run()
    assert not app.exception
    with open_house(load_settings(filled.folder)) as house:
        assert [entry.rule for entry in set_aside_rules(house)] == ["de.vat"]
    raw = " ".join(item.value for item in app.get("html"))
    assert "small &lt;b&gt;business" in raw
    app.button(key="restore-rule-button").click().run()
    assert not app.exception
    with open_house(load_settings(filled.folder)) as house:
        assert set_aside_rules(house) == ()
    assert text("screening.aside_none") in _html(app)


def test_a_marketer_reads_the_list_and_has_no_form(filled, opened):
    with open_house(load_settings(filled.folder)) as house:
        reviewer = house.user(filled.tokens[Role.REVIEWER])
        until = house.today + timedelta(days=3)
        set_aside(house, reviewer, "de.vat", reason="no number yet", until=until)
    app = _screened(opened(filled, Role.MARKETER, "screening"), ["DE"], ("a.txt", PRESSING))
    assert "no number yet" in _html(app)
    assert not [button for button in app.button if button.key == "aside-button"]
    assert "Set aside by" in _html(app), "the finding is a note that says so"


def test_every_place_has_a_name_and_every_rule_can_be_chosen():
    places = screened_places()
    names = [place_name(place) for place in places]
    assert len(set(names)) == len(names)
    assert {"Germany", "Canada: Quebec", "United Kingdom"} <= set(names)
    assert {"de.*", "de.vat"} <= set(known_rules())
    assert law_of("EU", ["BE", "DE"]) == f"Belgium ({text('part.EU')})"


@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_an_uploaded_name_stays_in_its_folder(name, kind):
    try:
        safe = mail_name(name + kind)
    except BadInput:
        return
    assert Path(safe).name == safe
    assert safe.isprintable()
    assert not safe.startswith(".")


@pytest.mark.parametrize("name", ["x.pdf", "x", ".eml", "x" * 300 + ".eml"])
def test_what_is_no_mail_is_refused(name):
    with pytest.raises(BadInput):
        mail_name(name)
