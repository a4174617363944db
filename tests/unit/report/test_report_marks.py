"""Claims in a text, and the context of a quotation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import QUOTES, a_case, a_citation

from contracts.case import SectionKind, Span
from contracts.decision import DraftState
from contracts.delivery import EnvelopeState
from contracts.mail import BriefCitation, CaseCitation, ClaimKind, ModuleKind
from contracts.verdict import Severity, Verdict
from interface.report.marks import MarkedSpan, pieces
from interface.report.sources import CONTEXT, source_text
from interface.report.texts import load_texts

TEXTS = load_texts()


def marked(start, end, number=1):
    return MarkedSpan(Span(start, end), number, f"c{number}", f"n{number}")


@st.composite
def texts_with_claims(draw):
    text = draw(st.text(max_size=60)) + draw(st.sampled_from(["", "[[greeting]]", " [[x]] end"]))
    place = st.integers(0, len(text) + 3)
    spans = draw(st.lists(st.tuples(place, place).map(sorted), max_size=5))
    return text, [marked(start, end, number) for number, (start, end) in enumerate(spans, 1)]


@given(texts_with_claims())
def test_the_pieces_are_the_text_and_every_claim_ends_once(sample):
    text, claims = sample
    made = pieces(text, claims)
    assert "".join(piece.text for piece in made) == text
    for event in ("begins", "ends"):
        numbers = [claim.number for piece in made for claim in getattr(piece, event)]
        assert sorted(numbers) == [claim.number for claim in claims]


@given(texts_with_claims())
def test_a_piece_is_inside_exactly_the_claims_that_cover_it(sample):
    text, claims = sample
    position = 0
    for piece in pieces(text, claims):
        if piece.text:
            here = Span(position, position + len(piece.text))
            inside = {claim.number for claim in claims if claim.span.covers(here)}
            assert {claim.number for claim in piece.inside} == inside
        position += len(piece.text)


def test_inside_overlapping_claims_the_narrowest_leads():
    made = pieces("Dairy saved 30 hours", [marked(0, 20, 1), marked(12, 14, 2)])
    assert [(piece.text, piece.narrowest.number) for piece in made] == [
        ("Dairy saved ", 1),
        ("30", 2),
        (" hours", 1),
    ]


def test_a_merge_field_is_a_piece_of_its_own():
    made = pieces("Hello [[first_name]],", [])
    assert [(piece.text, piece.merge_field) for piece in made] == [
        ("Hello ", False),
        ("[[first_name]]", True),
        (",", False),
    ]


@pytest.mark.parametrize("language", sorted(QUOTES))
def test_a_quotation_stands_in_its_context(language):
    case = a_case(language)
    citation = a_citation(case, QUOTES[language])
    found = source_text(citation, {(case.id, case.text_hash): case}, "en", TEXTS)
    assert found.before + found.quote + found.after in case.text
    assert found.before == "First came the sensors. "
    assert found.after == " The cellar was not measured."
    assert (found.language, found.section, found.warning) == (language, "results", "")


def test_long_context_is_cut_where_a_sentence_ends():
    filler = "Nobody measured anything at all. " * 30
    case = a_case("en", QUOTES["en"])
    text = case.text.replace("First came", filler + "First came").replace("The cellar", filler)
    case = replace(case, text=text, sections=())
    found = source_text(
        a_citation(case, QUOTES["en"]), {(case.id, case.text_hash): case}, "en", TEXTS
    )
    assert found.before.startswith("… Nobody measured")
    assert found.after.endswith("at all. …")
    assert len(found.before) <= CONTEXT + 2
    assert len(found.after) <= CONTEXT + 2


def test_numbers_are_no_ends_of_sentences():
    quote = "Stock fell from 212.000 to 164.000 Euro."
    case = a_case("en", quote)
    long = "It cost 1.000.000 " * 20
    case = replace(case, text=case.text.replace("First came", long), sections=())
    citation = a_citation(case, quote)
    found = source_text(citation, {(case.id, case.text_hash): case}, "en", TEXTS)
    assert not found.before.startswith("… 000")


def test_a_case_that_is_gone_leaves_its_quotation_and_says_so():
    case = a_case()
    found = source_text(a_citation(case, QUOTES["de"]), {}, "de", TEXTS)
    assert found.quote == QUOTES["de"]
    assert "not on record" in found.warning


def test_a_quotation_that_does_not_stand_there_is_not_shown_as_if_it_did():
    case = a_case()
    citation = CaseCitation(case.id, case.text_hash, Span(0, 5), "Something else")
    found = source_text(citation, {(case.id, case.text_hash): case}, "de", TEXTS)
    assert (found.before, found.quote, found.after) == ("", "Something else", "")
    assert "do not stand" in found.warning


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"withdrawn": True}, "withdrawn"), ({"name_public": False}, "may not be named")],
)
def test_what_may_not_be_done_with_a_case_is_said(changes, words):
    case = a_case(**changes)
    citation = a_citation(case, QUOTES["de"])
    assert words in source_text(citation, {(case.id, case.text_hash): case}, "de", TEXTS).warning


def test_only_the_name_of_the_file_is_told():
    for path in ("/home/me/cases/a.md", "C:\\me\\cases\\a.md", "a.md"):
        case = a_case(path=path)
        citation = a_citation(case, QUOTES["de"])
        found = source_text(citation, {(case.id, case.text_hash): case}, "de", TEXTS)
        assert found.file == "a.md"


def test_a_brief_is_quoted_in_the_language_of_the_mail():
    found = source_text(BriefCitation("offer.de", "Drei Maschinen."), {}, "de", TEXTS)
    assert (found.title, found.quote, found.language) == ("offer.de", "Drei Maschinen.", "de")
    assert not found.is_case


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (ModuleKind, TEXTS.modules),
        (ClaimKind, TEXTS.claims),
        (DraftState, TEXTS.states),
        (Verdict, TEXTS.verdicts),
        (Severity, TEXTS.severities),
        (SectionKind, TEXTS.sections),
        (EnvelopeState, TEXTS.envelopes),
    ],
)
def test_every_state_and_kind_has_a_name(kinds, names):
    assert set(names) == {kind.value for kind in kinds}


def test_places_are_named_in_words():
    assert TEXTS.place("module:call_to_action") == "the call to action"
    assert TEXTS.place("header:From") == "the header From"
    assert TEXTS.place("html") == "the HTML part"
    assert TEXTS.place("attachment") == "attachment"
