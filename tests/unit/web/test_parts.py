"""The pure parts of the pages: marked claims, diffs, tables, previews, texts."""

from __future__ import annotations

import ast
import re
from base64 import b64encode
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.case import Span
from contracts.errors import BadInput
from contracts.mail import BriefCitation, CaseCitation, Claim, ClaimKind, Module, ModuleKind
from interface.web.knowledge import safe_name
from interface.web.parts import (
    Markup,
    claim_runs,
    draft_text,
    escape,
    mail_parts,
    plain,
    table,
)
from interface.web.parts.preview import frame
from interface.web.parts.writing import coming_text
from interface.web.texts import load_texts, term, text

WEB = Path(__file__).parents[3] / "interface" / "web"


class _Text(HTMLParser):
    """The text that a browser would show, without the numbers of claims."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""
        self.tags: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self._hidden += tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "sup"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown += data


def _read(markup: str) -> _Text:
    reader = _Text()
    reader.feed(markup)
    reader.close()
    return reader


def _claim(start: int, end: int, quote: str = "", field: str = "offer.en") -> Claim:
    return Claim(Span(start, end), ClaimKind.BRIEF, BriefCitation(field, quote))


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@given(st.text(max_size=40), st.lists(spans, max_size=5))
def test_runs_make_the_text_again_and_know_their_claims(wording, pairs):
    claims = [_claim(*pair) for pair in pairs]
    runs = claim_runs(wording, claims)
    assert "".join(run.text for run in runs) == wording
    place = 0
    for run in runs:
        for offset in range(place, place + len(run.text)):
            covering = {
                number
                for number, claim in enumerate(claims)
                if claim.span.start <= offset < claim.span.end
            }
            assert covering == set(run.claims)
        place += len(run.text)


@given(st.text(max_size=40), st.lists(spans, max_size=5))
def test_each_claim_within_the_text_ends_once(wording, pairs):
    claims = [_claim(*pair) for pair in pairs]
    ends = [number for run in claim_runs(wording, claims) for number in run.ends]
    inside = [n for n, (start, end) in enumerate(pairs) if start < end and start < len(wording)]
    assert sorted(ends) == inside


def test_a_card_marks_the_claim_and_names_its_source():
    wording = "We cut downtime by 31 %. Write to us."
    claim = Claim(
        Span(0, 24),
        ClaimKind.RESULT,
        CaseCitation("bakery", "hash", Span(5, 29), "Downtime fell by 31 percent."),
    )
    module = Module(ModuleKind.PROOF, wording, (claim,), "phrases/en/proof")
    shown = draft_text([module], "en", lambda *_: None)
    assert "<mark>We cut downtime by 31 %.<sup>1</sup></mark> Write to us." in shown
    assert "Downtime fell by 31 percent." in _read(shown).shown
    assert text("claim.case_gone") in shown


def test_a_brief_claim_names_its_field_and_a_note_is_shown():
    module = Module(
        ModuleKind.OFFER, "30 days", (_claim(0, 7, "30 days", "offer.en"),), note="replaced <b>"
    )
    shown = draft_text([module], "en", lambda *_: None)
    assert "offer.en" in shown
    assert "replaced &lt;b&gt;" in shown


@given(st.text(max_size=60))
def test_what_comes_from_outside_never_becomes_a_tag(wording):
    shown = draft_text([Module(ModuleKind.OPENER, wording, note=wording)], "en", lambda *_: None)
    allowed = {"section", "header", "span", "div", "p", "ol"}
    assert set(_read(shown).tags) <= allowed
    assert _read(table(["head"], [[wording]])).tags.count("td") == 1
    assert escape(wording).count("<") == 0


def test_markup_stands_as_it_is():
    assert "<b>x</b>" in table(["head"], [[Markup("<b>x</b>")]])


def test_a_table_says_the_heading_of_each_cell_for_narrow_screens():
    shown = table(["Reason", "Contacts"], [["no <consent>", 3]])
    assert 'data-label="Contacts">3<' in shown
    assert "no &lt;consent&gt;" in shown


@pytest.mark.parametrize(
    "value, shown",
    [
        ("a*b*", r"a\*b\*"),
        (":red[x]", r"\:red\[x\]"),
        ("line\nbreak", "line break"),
        ("# no heading", r"\# no heading"),
        ("3.5 - 4", "3.5 - 4"),
    ],
)
def test_markdown_signs_are_shown_as_they_are(value, shown):
    assert plain(value) == shown


MAIL = b"""From: Korvane <sales@korvane.example>
To: alex.muster@example.com
Subject: =?utf-8?b?WsOkaGxlcg==?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8

plain words
--x
Content-Type: text/html; charset=utf-8

<html><head></head><body><script>top.x=1</script>rich words</body></html>
--x--
"""


def test_the_preview_reads_both_bodies_and_the_decoded_subject():
    parts = mail_parts(MAIL)
    assert parts.subject == "Zähler"
    assert parts.text.strip() == "plain words"
    assert "rich words" in parts.html


def test_a_picture_that_the_mail_carries_is_seen_in_the_frame():
    picture = b"\x89PNG bytes"
    mail = EmailMessage(policy=SMTP)
    mail["To"], mail["Subject"] = "alex.muster@example.com", "Picture"
    mail.set_content("plain")
    mail.add_alternative('<p><img src="cid:hero@mail" alt="A pump"></p>', subtype="html")
    related = mail.get_body(("html",))
    related.add_related(picture, "image", "png", cid="<hero@mail>")
    shown = mail_parts(mail.as_bytes()).html
    assert "cid:" not in shown
    assert f"data:image/png;base64,{b64encode(picture).decode()}" in shown


def test_a_merge_field_of_the_brief_is_shown_with_its_fallback():
    wording = 'For {{ company | fallback("your <plant>") }}, [[first_name]].'
    module = Module(ModuleKind.OPENER, wording, origin="brief")
    shown = str(draft_text([module], "en", lambda *_: None))
    assert '<span class="mw-field">company (your &lt;plant&gt;)</span>' in shown
    assert '<span class="mw-field">first_name</span>' in shown
    assert "{{" not in shown


def test_letters_that_are_coming_are_shown_as_text():
    shown = coming_text({"plants <b>": {"opener": "When does a <bearing>", "proof": ""}})
    assert "When does a &lt;bearing&gt;" in shown
    assert "plants &lt;b&gt;" in shown
    assert term("module", "proof") not in shown  # nothing of it has come


def test_a_mail_without_html_has_an_empty_part():
    assert mail_parts(b"Subject: x\n\nwords").html == ""


def test_the_frame_locks_the_mail_in():
    shown = frame(mail_parts(MAIL).html, 390, 'a "title"')
    assert 'sandbox=""' in shown
    assert 'width="390"' in shown
    assert "<script>" not in shown  # only as the escaped text of the inner page
    assert "default-src &#x27;none&#x27;" in shown


@pytest.mark.parametrize(
    "name, safe",
    [
        ("case.md", "case.md"),
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\Users\\me\\Fall 1.jsonl", "Fall 1.jsonl"),
        (".hidden.md", "hidden.md"),
        ("客户.md", "客户.md"),
    ],
)
def test_an_uploaded_name_leads_nowhere(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["case.exe", "", ".md", "md", "case.md/"])
def test_other_files_are_refused(name):
    with pytest.raises(BadInput):
        safe_name(name)


def _keys_used() -> dict[str, str]:
    """Every `text("group.key")` in the pages, with the file it stands in."""
    used: dict[str, str] = {}
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "text" and isinstance(node.args[0], ast.Constant):
                used[str(node.args[0].value)] = path.name
    return used


def test_every_text_that_a_page_asks_for_is_there():
    texts = load_texts().texts
    for key, file in _keys_used().items():
        group, _, name = key.partition(".")
        assert name in texts.get(group, {}), f"{file} asks for {key}"


def test_a_text_that_is_missing_is_an_error_and_a_term_is_not():
    with pytest.raises(KeyError):
        text("campaign.nothing_of_that_name")
    assert term("reason", "brand_new_reason") == "brand new reason"


def test_places_in_texts_are_filled():
    assert "7" in text("campaign.drafted", count=7)
    places = re.compile(r"\{(\w+)\}")
    assert places.search(load_texts().texts["campaign"]["drafted"])
    with pytest.raises(KeyError):
        text("campaign.drafted", other=1)
