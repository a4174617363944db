"""Files and addresses into the knowledge base, and what is said of them."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from contracts.decision import Role
from contracts.errors import BadInput
from interface.web.knowledge_adding import AddingProgress, safe_name
from interface.web.knowledge_upload import SizeLimits
from interface.web.texts import text
from knowledge_base import SUFFIXES
from workflow.house import open_house
from workflow.knowledge import CasesAdded, list_cases
from workflow.settings import load_settings

STORY = b"Fewer stops at a dairy\n\nThe line stopped twice a week until sensors were fitted.\n"


def _html(app: AppTest) -> str:
    return unescape(" ".join(item.value for item in app.get("html")))


def _sent(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="case-files").set_value(
        [(name, data, "application/octet-stream") for name, data in files]
    )
    app.button(key="upload-button").click().run()
    assert not app.exception
    return app


def test_every_kind_that_is_read_may_be_uploaded(filled, opened):
    uploader = opened(filled, Role.MARKETER, "knowledge").file_uploader(key="case-files")
    assert uploader.accept_multiple_files
    assert {*SUFFIXES, ".yaml"} <= set(uploader.allowed_type)


def test_several_files_and_a_sidecar_and_every_refusal_with_its_place(filled, opened):
    app = _sent(
        opened(filled, Role.MARKETER, "knowledge"),
        ("dairy.txt", STORY),
        ("dairy.txt.yaml", b"industry: food\nsource: told by phone\n"),
        ("broken.jsonl", b'{"id": "a"\n'),
        ("deck.pdf", b"no pdf"),
        ("other.yaml", b"industry: food\n"),
        ("dairy.txt", b"another story of the same name"),
    )
    shown = _html(app)
    assert any("1 added" in item.value for item in app.success)
    assert text("knowledge.refused", count=4) in [item.value for item in app.warning]
    for name in ("broken.jsonl", "deck.pdf", "other.yaml"):
        assert name in shown
    assert text("knowledge.file_sidecar") in shown
    assert text("knowledge.file_twice") in shown
    with open_house(load_settings(filled.folder)) as house:
        case = next(case for case in list_cases(house) if case.id == "dairy")
    assert (case.industry, case.source, case.path) == ("food", "told by phone", "dairy.txt")
    assert "customer" in case.missing
    assert app.selectbox(key="missing-case").value == "dairy"


def test_an_address_of_this_machine_is_refused_and_no_path_is_read(filled, opened):
    app = opened(filled, Role.MARKETER, "knowledge")
    for given_address in ("http://127.0.0.1/story", "/etc/hostname.txt"):
        app.text_input(key="case-address").set_value(given_address)
        app.button(key="address-button").click().run()
        assert not app.exception
        assert text("knowledge.nothing_added") in [item.value for item in app.error]
    assert "https:///etc/hostname.txt" in _html(app)
    app.button(key="address-button").click().run()
    assert text("knowledge.give_address") in [item.value for item in app.error]


def test_an_address_ends_in_the_same_messages(filled, opened, monkeypatch):
    asked = []

    def taken(house: object, paths: list[str], *_: object) -> CasesAdded:
        asked.extend(paths)
        return CasesAdded(1, 0, 0, 3, ())

    monkeypatch.setattr("interface.web.knowledge_adding.add_cases", taken)
    app = opened(filled, Role.MARKETER, "knowledge")
    app.text_input(key="case-address").set_value(" example.com/story ")
    app.button(key="address-button").click().run()
    assert not app.exception
    assert asked == ["https://example.com/story"]
    assert any("1 added" in item.value for item in app.success)


def test_progress_names_each_file_and_counts_passages():
    bar = AddingProgress(["a*b.pdf", "c.md"])
    bar.start("read cases", 2)
    assert bar.words == text("knowledge.reading_file", name=r"a\*b.pdf", number=1, total=2)
    bar.advance()
    assert "c.md" in bar.words
    bar.done()
    assert bar.words == text("knowledge.step_read_cases", number=2, total=2)
    bar.start("embed", 7)
    bar.advance(3)
    assert bar.words == text("knowledge.step_embed", number=3, total=7)
    bar.start("read address", 1)
    assert bar.words == text("knowledge.step_read_address")
    bar.start("embed", None)
    bar.done()
    assert bar.words == text("knowledge.adding")


@pytest.mark.parametrize(
    "server, all_mb, words",
    [
        (5, 5, text("knowledge.upload_limit", all=5)),
        (200, 100, text("knowledge.upload_limits", all=100, html=20, text=5)),
        (10, 10, text("knowledge.upload_limits", all=10, html=10, text=5)),
    ],
)
def test_the_limit_shown_is_the_smaller_of_reader_and_server(server, all_mb, words):
    limits = SizeLimits(server)
    assert limits.all_mb == all_mb
    assert limits.words == words


@given(st.text(max_size=300), st.sampled_from((*SUFFIXES, ".pdf.yaml")))
def test_an_uploaded_name_stays_in_its_folder(name, suffix):
    try:
        safe = safe_name(name + suffix)
    except BadInput:
        return
    assert Path(safe).name == safe
    assert safe.isprintable()
    assert not safe.startswith(".")
    assert safe.lower().endswith(suffix)
    assert len(safe.encode("utf-8")) <= 255


@pytest.mark.parametrize("name", ["x.yaml", ".pdf.yaml", "x.doc", "x" * 300 + ".md"])
def test_what_is_no_case_is_refused(name):
    with pytest.raises(BadInput):
        safe_name(name)


def test_a_name_is_cited_as_it_was():
    assert safe_name("Fall (1), Entwurf & Text.pdf") == "Fall (1), Entwurf & Text.pdf"
    assert safe_name("case.pdf.yaml") == "case.pdf.yaml"
