"""The page as a browser parses it: what it shows, and that it reaches for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_samples import NOW, QUOTES, a_case, a_draft, a_finding, a_summary, a_view

from contracts.decision import DecisionKind, DraftState
from contracts.errors import CouldNotFinish
from contracts.mail import ModuleKind
from contracts.verdict import Severity
from interface.report import render_report, write_report

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'></iframe><script>alert(2)</script>",
    "</style></title><svg/onload=alert(3)>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "<!-- --><!doctype html>",
    "\u202e\u2066 <a href='javascript:alert(4)'>",
)


def page(view=None):
    return BeautifulSoup(render_report(view or a_view()), "html.parser")


def skeleton(soup):
    """The elements in order with the names of their attributes, without any text."""
    return [(tag.name, sorted(tag.attrs)) for tag in soup.find_all(True)]


def hostile_view(text):
    """A campaign in which everything that people or machines write is `text`."""
    case = a_case("de", text, title=text, source=text)
    finding = a_finding(message=text, rule=text, source=text, remedy=text, jurisdiction=text)
    draft = a_draft(text, "de", case, (finding,), html=f"<p>{text}</p>", quote=text)
    tactic = draft.variants[0].tactics[0]
    variants = tuple(
        replace(
            variant,
            tactics=(replace(tactic, name=text, why=text),),
            editions=tuple(
                replace(
                    edition,
                    mail=replace(
                        edition.mail, subject=text, preheader=text, from_line=text, text=text
                    ),
                )
                for edition in variant.editions
            ),
        )
        for variant in draft.variants
    )
    draft = replace(draft, variants=variants, authors=(text,), submitted_by=text)
    draft = replace(draft, decision=replace(draft.decision, by=text, why=text))
    view = a_view(draft, cases=(case,))
    brief = view.brief.model_copy(update={"goal": text})
    sender = view.sender.model_copy(update={"legal_name": text})
    return replace(view, name=text, brief=brief, sender=sender)


def test_loads_nothing_from_anywhere():
    soup = page()
    assert not soup.find_all(["link", "img", "object", "embed", "video", "audio", "base"])
    assert all("src" not in tag.attrs for tag in soup.find_all(True))
    assert all(link["href"].startswith("#") for link in soup.find_all("a"))
    assert "url(" not in soup.style.string
    assert "@import" not in soup.style.string


def test_its_policy_allows_its_own_script_and_no_other():
    soup = page()
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(soup.script.string.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'")
    assert f"script-src 'sha256-{digest}'" in policy


def test_a_mail_is_shown_as_it_is_in_a_frame_that_runs_nothing():
    html = '<p title="a&quot;b">Fish &amp; chips</p><script>steal()</script>'
    soup = page(a_view(a_draft(html=html), cases=(a_case(),)))
    frame = soup.find("iframe")
    assert frame["srcdoc"] == html
    assert all(item["sandbox"] == ["allow-same-origin"] for item in soup.find_all("iframe"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(text):
    soup = page(hostile_view(text))
    assert len(soup.find_all("script")) == 1
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert text in soup.blockquote.mark.get_text()
    assert text in soup.find(class_="findings").get_text()
    assert soup.h1.get_text() == text
    assert soup.find("iframe")["srcdoc"] == f"<p>{text}</p>"


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.text(
        st.one_of(
            st.sampled_from("<>&\"'/={}%#-!`\\ \n"), st.characters(exclude_categories=["Cs"])
        ),
        min_size=1,
        max_size=30,
    ).filter(lambda text: text.strip() and "\r" not in text and "[[" not in text)
)
def test_no_text_changes_the_structure_of_the_page(text):
    assert skeleton(page(hostile_view(text))) == skeleton(page(hostile_view("plain")))


def test_every_link_inside_the_page_has_a_target_and_ids_are_unique():
    soup = page()
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in soup.find_all("a")} <= set(ids)


def test_every_claim_leads_to_its_sentence_and_back():
    soup = page()
    claims = soup.select("a.claim")
    german = next(claim for claim in claims if claim.get_text() == QUOTES["de"])
    source = soup.find(id=german["href"][1:])
    assert source.mark.get_text() == QUOTES["de"]
    assert source.blockquote["lang"] == "de"
    assert "A dairy (de)" in source.get_text()
    assert "dairy.md" in source.get_text()
    back = next(link["href"][1:] for link in source.find_all("a"))
    assert soup.find(id=back).find_parent(class_="text").a is german


def test_a_claim_from_the_brief_names_its_field():
    assert "offer.de" in [code.get_text() for code in page().select(".sources .title code")]


def test_folders_of_the_machine_are_not_told():
    assert "/srv/somewhere" not in render_report(a_view())


def test_a_variant_shows_what_differs_and_why_it_was_not_queued():
    soup = page(a_view(a_draft(), cases=(a_case(),)))
    first, second = soup.select(".variant")
    assert "Queued: 12 envelopes" in first.get_text()
    assert "Not queued" in second.get_text()
    assert [dt.get_text() for dt in second.select(".modules dt")] == ["Opener"]
    assert "Purpose first" in second.get_text()
    arms = second.find_parent(class_="variants").find_previous_sibling("p").get_text()
    assert arms == (
        "2 variants were made, 1 of them is queued. 12 recipients: an experiment needs 748 an arm."
    )


def test_no_findings_is_said_and_findings_carry_their_source():
    german = page(a_view(a_draft(findings=(a_finding(),)), cases=(a_case(),)))
    profiles = german.select(".profile")
    assert "Print street and town" in profiles[0].get_text()
    assert "DDG §5(1) no. 1" in profiles[0].get_text()
    assert "verified against the source" in profiles[0].get_text()
    assert "all variants" in profiles[0].get_text()
    assert profiles[1].select_one(".clear").get_text() == "No findings."


def test_a_rule_that_was_not_verified_says_so():
    finding = a_finding(Severity.BLOCK, verified=False)
    text = page(a_view(a_draft(findings=(finding,)), cases=(a_case(),))).get_text()
    assert "not verified" in text
    assert "verified against the source" not in text


def test_what_was_not_screened_is_not_shown_as_passed():
    draft = a_draft()
    variants = tuple(
        replace(
            variant,
            editions=tuple(replace(item, screening=None, findings=()) for item in variant.editions),
        )
        for variant in draft.variants
    )
    soup = page(a_view(replace(draft, variants=variants), cases=(a_case(),)))
    assert not soup.select(".clear")
    assert not soup.select(".badge.pass")
    assert "Not screened: variant A, B." in soup.get_text()


def test_what_is_not_judged_and_the_packs_are_listed():
    soup = page()
    assert "Authentication" in soup.find(id="not-judged").find_parent("section").get_text()
    packs = soup.find(id="packs").find_parent("section").get_text()
    assert "law/de" in packs
    assert "phrases/zh-Hans" in packs


def test_the_approval_names_reviewer_time_and_seals():
    soup = page(a_view(a_draft(), cases=(a_case(),)))
    approval = soup.find("h4", string="Approval").find_next_sibling("p").get_text(" ", strip=True)
    assert "Submitted by Mira Sample" in approval
    assert "Ruben Sample" in approval
    assert "22 November 2026, 12:14 UTC" in approval
    seal = soup.select_one(".seals code[title^=s1_]")
    assert seal["title"] == "s1_" + "a1" * 32
    assert len(seal.get_text()) == 13


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": None, "state": DraftState.SUBMITTED}, "No decision yet."),
        ({"decision": None, "submitted_at": None}, "Not submitted to a reviewer."),
        ({"variants": ()}, "No variants have been made yet."),
    ],
)
def test_what_has_not_happened_yet_is_said(change, words):
    assert words in page(a_view(replace(a_draft(), **change), cases=(a_case(),))).get_text()


def test_a_rejection_shows_its_reason():
    draft = a_draft()
    decision = replace(draft.decision, kind=DecisionKind.REJECT, why="The figure is too old.")
    text = page(a_view(replace(draft, decision=decision), cases=(a_case(),))).get_text(" ")
    assert "Rejected" in text
    assert "The figure is too old." in text


def test_numbers_and_reasons_are_shown():
    text = page().get_text(" ", strip=True)
    for words in ("Rows taken", "214", "143", "They unsubscribed", "The subject lacks the label."):
        assert words in text


def test_rows_of_an_import_are_left_away_where_there_was_none():
    counts = a_summary()
    counts = replace(counts, contacts=replace(counts.contacts, taken=0, mended=0, refused=0))
    assert "Rows taken" not in page(a_view(summary=counts)).get_text()


def test_foreign_text_says_its_language():
    soup = page()
    chinese = soup.find(class_="inbox", lang="zh-Hans")
    assert "减少停机" in chinese.get_text()
    assert all(text["lang"] for text in soup.select(".text"))
    assert all(item["lang"] for item in soup.select("pre"))


def test_headings_leave_out_no_level():
    levels = [int(tag.name[1]) for tag in page().find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_frames_and_tables_have_names():
    soup = page()
    assert all(frame["title"] for frame in soup.find_all("iframe"))
    assert all(table.find(["caption", "thead"]) for table in soup.find_all("table"))


def test_a_campaign_without_drafts_has_a_report():
    view = replace(a_view(), drafts=(), cases={})
    assert "Nothing has been drafted." in page(view).get_text()


def test_the_same_records_give_the_same_page():
    assert render_report(a_view()) == render_report(a_view())


def test_writes_one_file_and_replaces_an_older_one(tmp_path: Path):
    path = tmp_path / "out" / "report.html"
    write_report(a_view(name="first"), path)
    write_report(a_view(name="second"), path)
    assert "<h1>second</h1>" in path.read_text(encoding="utf-8")
    assert [item.name for item in path.parent.iterdir()] == ["report.html"]


def test_text_that_utf8_cannot_hold_stops_nothing(tmp_path: Path):
    write_report(a_view(name="half \ud83d a smiley"), tmp_path / "report.html")
    assert "half ? a smiley" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CouldNotFinish, match="choose another place"):
        write_report(a_view(), tmp_path / "file" / "report.html")


def test_times_are_told_in_utc():
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    soup = page(replace(a_view(), drafted_at=berlin))
    assert soup.time["datetime"] == "2026-11-22T12:14:00+00:00"
    assert soup.time.get_text() == "22 November 2026, 12:14 UTC"


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    lines = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * lines[0] + 0.7152 * lines[1] + 0.0722 * lines[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_colours_can_be_read(theme):
    """4.5 to 1 for text (WCAG 2.2, 1.4.3), light and dark."""
    block = re.findall(r":root \{(.*?)\}", page().style.string, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    pairs = [("ink", "paper"), ("ink", "ground"), ("soft", "paper"), ("soft", "ground")]
    pairs += [("accent", "paper"), ("accent", "ground"), ("mark-ink", "mark"), ("paper", "accent")]
    pairs += [(name, f"{name}-ground") for name in ("good", "warn", "bad", "calm")]
    for text, ground in pairs:
        high, low = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def test_the_button_of_a_mail_shows_where_it_leads():
    soup = page(a_view(a_draft(), cases=(a_case(),)))
    module = a_draft().variants[0].variant.module(ModuleKind.CALL_TO_ACTION)
    assert module.url in soup.select_one(".button").get_text()
