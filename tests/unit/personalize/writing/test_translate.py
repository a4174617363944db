"""A draft in another language says what the first said, or it is the composer's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_samples import good_answer, said, task, with_part

from contracts.case import Span
from contracts.errors import BadInput
from contracts.mail import BriefCitation, CaseCitation, ClaimKind, ModuleKind, Slot
from evaluation.claims.grounding import check_grounding
from personalize.errors import ModelUnavailable
from personalize.writing.chat_options import ChatOptions
from personalize.writing.claim_marks import marked, unmarked
from personalize.writing.composer import Composer
from personalize.writing.glossary import Glossary, load_glossary
from personalize.writing.model_writer import ModelWriter
from personalize.writing.prompt_files import translation_file
from personalize.writing.translate import translate_draft

MODEL = "openai:test-model"
ORIGIN = f"model:{MODEL}"
GERMAN = {
    "subject-1": "⟦1⟧Ungeplante Stillstände: 27 auf 9 Stunden im Monat⟦/1⟧",
    "subject-2": "Wann meldet sich ein Lager?",
    "opener-1": "wie früh erfährt Ihre Mannschaft, dass ein Lager verschleißt?",
    "preheader": "Was gemessen wurde und wie Sie es an Ihren Maschinen prüfen können.",
    "problem": (
        "Ein verschlissenes Lager wartet selten auf den geplanten Stillstand. "
        "⟦1⟧⟦2⟧Brackwell Stampings⟦/2⟧ arbeitet in zwei Schichten am Tag.⟦/1⟧"
    ),
    "proof": (
        "⟦1⟧⟦2⟧Korvane Pulse⟦/2⟧ misst an 42 Stellen der Linie.⟦/1⟧ "
        "⟦3⟧Die ungeplanten Stillstände sanken von 27 Stunden auf 9 Stunden im Monat.⟦/3⟧"
    ),
}


class Told:
    """Stands in for the chat: answers as told, one answer after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.prompts = []
        self.schemas = []

    def ask(self, prompt, schema, campaign, on_text=None):
        del campaign, on_text
        self.prompts.append("\n".join(text for _, text in prompt.messages))
        self.schemas.append(schema)
        answer = self.answers[min(len(self.prompts), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, str) else parts(answer)

    def keep(self, prompt, schema, answer):
        del prompt, schema, answer


def parts(texts):
    return json.dumps({"parts": [{"id": key, "text": text} for key, text in texts.items()]})


def writer_with(*answers, repairs=0):
    writer = ModelWriter(ChatOptions(MODEL, repairs=repairs))
    writer._chat = Told(*answers)
    return writer


def approved():
    """An English draft of the model's, without the composer's wordings beside it."""
    writer = writer_with(json.dumps(good_answer()))
    draft = writer.write(task())
    kept = [
        item
        for item in draft.alternatives
        if item.slot is Slot.CALL_TO_ACTION or item.module.origin == ORIGIN
    ]
    return replace(draft, alternatives=tuple(kept))


def translated(changes=None, *, base=None, glossary=None, repairs=0, job=None):
    writer = writer_with({**GERMAN, **(changes or {})}, repairs=repairs)
    job = job or task("de")
    return translate_draft(base or approved(), job, writer, glossary), writer._chat


def module(draft, kind):
    return next(item for item in draft.modules if item.kind is kind)


class Evidence:
    def __init__(self, cases):
        self.cases = cases

    def case(self, case_id, text_hash):
        found = self.cases.get(case_id)
        return found if found and found.text_hash == text_hash else None


def findings(draft, job):
    everything = [*draft.modules]
    for item in draft.alternatives:
        everything += [item.module, *([item.preheader] if item.preheader else [])]
    return check_grounding(
        everything, Evidence(job.cases), job.brief, job.sender, job.language, job.today
    )


def test_a_translation_that_holds_is_taken_whole():
    base, job = approved(), task("de")
    draft, chat = translated(base=base)
    assert (draft.language, draft.writer) == ("de", ORIGIN)
    asked = ("subject", "preheader", "opener", "problem", "proof")
    assert {
        m.kind.value: m.origin for m in draft.modules if m.kind.value in asked
    } == dict.fromkeys(asked, ORIGIN)
    assert not any(item.note for item in draft.modules)
    assert draft.sources["prompts/translation"] == translation_file().version
    assert draft.sources["translated/en"] == base.hash
    assert len(chat.prompts) == 1
    assert findings(draft, job) == ()


def test_greeting_offer_request_and_sign_off_are_the_composers_of_that_language():
    draft, _ = translated()
    own = Composer().write(task("de"))
    for kind in (ModuleKind.GREETING, ModuleKind.OFFER, ModuleKind.CALL_TO_ACTION):
        assert module(draft, kind) == module(own, kind)


def test_claims_stand_around_the_words_that_say_the_same_and_cite_what_they_cited():
    base = approved()
    draft, _ = translated(base=base)
    proof = module(draft, ModuleKind.PROOF)
    assert [(c.kind, c.span.of(proof.text)) for c in proof.claims] == [
        (ClaimKind.SITUATION, "Korvane Pulse misst an 42 Stellen der Linie."),
        (ClaimKind.BRIEF, "Korvane Pulse"),
        (
            ClaimKind.RESULT,
            "Die ungeplanten Stillstände sanken von 27 Stunden auf 9 Stunden im Monat.",
        ),
    ]
    before = module(base, ModuleKind.PROOF).claims
    assert [c.citation for c in proof.claims] == [c.citation for c in before]
    assert all(isinstance(c.citation, CaseCitation | BriefCitation) for c in proof.claims)


def test_the_prompt_holds_the_marked_parts_and_the_names():
    _, chat = translated(
        glossary=Glossary(
            ({"en": ("bearing",), "de": ("Lager",)}, {"en": ("axle",), "de": ("Achse",)})
        )
    )
    (prompt,) = chat.prompts
    assert "⟦1⟧⟦2⟧Korvane Pulse⟦/2⟧ sensors were bolted to 42 points on the line.⟦/1⟧" in prompt
    assert '["Korvane Pulse", "Brackwell Stampings"]' in prompt
    assert 'Glossary, as JSON: {"bearing": "Lager"}' in prompt
    assert "From American and international English (en) to German (de)." in prompt
    ids = chat.schemas[0]["properties"]["parts"]["items"]["properties"]["id"]["enum"]
    assert set(ids) == set(GERMAN)


BAD = {
    "a figure changed": (
        "proof",
        GERMAN["proof"].replace("9 Stunden", "8 Stunden"),
        "it lacks 9 hours of the source",
    ),
    "a figure with a slipped point": (
        "proof",
        GERMAN["proof"].replace("42", "4,2"),
        "it lacks 42 of the source",
    ),
    "another unit": (
        "proof",
        GERMAN["proof"].replace("Stunden", "Tage"),
        "it lacks 27 hours of the source",
    ),
    "a figure more": (
        "problem",
        "Ein Lager hält 5000 Stunden. " + GERMAN["problem"],
        "it states 5000 Stunden, which the source does not",
    ),
    "the figures the wrong way round in the marks": (
        "proof",
        "⟦3⟧⟦2⟧Korvane Pulse⟦/2⟧ misst an 42 Stellen der Linie.⟦/3⟧ ⟦1⟧Die ungeplanten Stillstände "
        "sanken von 27 Stunden auf 9 Stunden im Monat.⟦/1⟧",
        "what is marked lacks 42 of the source",
    ),
    "the customer by another name": (
        "problem",
        GERMAN["problem"].replace("Brackwell Stampings", "Brackwell Stanzteile"),
        "it has not the name Brackwell Stampings as often as the source",
    ),
    "the product translated": (
        "proof",
        GERMAN["proof"].replace("Korvane Pulse", "Korvane Puls"),
        "it has not the name Korvane Pulse as often as the source",
    ),
    "a mark lost": ("proof", GERMAN["proof"].replace("⟦/3⟧", ""), "its marks are not those"),
    "a mark doubled": ("proof", GERMAN["proof"] + "⟦3⟧⟦/3⟧", "its marks are not those"),
    "a mark around nothing": (
        "proof",
        GERMAN["proof"].replace("⟦3⟧", "⟦3⟧⟦/3⟧", 1).replace("Monat.⟦/3⟧", "Monat."),
        "its marks are not those",
    ),
    "the name outside its mark": (
        "problem",
        GERMAN["problem"].replace(
            "⟦2⟧Brackwell Stampings⟦/2⟧ arbeitet", "Brackwell Stampings ⟦2⟧arbeitet⟦/2⟧"
        ),
        "a mark of the customer's name is not around it",
    ),
    "the source's language": (
        "preheader",
        "What was measured, and how you could check it on your machines.",
        "it is not in de",
    ),
    "a merge field": ("opener-1", "[[first_name]], wie früh wissen Sie es?", "its merge fields"),
    "a link": ("opener-1", "mehr dazu auf www.evil.example", "it holds a link"),
    "a refusal": ("opener-1", "es tut mir leid, das geht nicht.", "it is a refusal"),
    "nothing": ("preheader", "", "it is empty"),
    "another paragraph": (
        "opener-1",
        "wie früh erfährt Ihre Mannschaft davon?\n\nOder erst nachts?",
        "it has not as many paragraphs",
    ),
    "too long for a preheader": (
        "preheader",
        "Was gemessen wurde, wie lange es dauerte, wer daran beteiligt war und wie Sie es nun "
        "selbst an Ihren eigenen Maschinen prüfen können.",
        "is the most",
    ),
    "a name that nothing mentions": (
        "opener-1",
        "wie früh erfährt Ihre Mannschaft von SKF, dass ein Lager verschleißt?",
        "it names «SKF»",
    ),
}


@pytest.mark.parametrize("part, text, why", BAD.values(), ids=BAD)
def test_what_does_not_say_the_same_is_the_composers_with_the_reason(part, text, why):
    job = task("de")
    draft, _ = translated({part: text}, job=job)
    kind = ModuleKind(part.partition("-")[0])
    got = module(draft, kind)
    assert got.origin != ORIGIN
    assert why in got.note
    assert draft.writer == ORIGIN  # the others hold
    assert findings(draft, job) == ()


def test_what_failed_is_asked_for_once_more():
    writer = writer_with(
        {**GERMAN, "proof": GERMAN["proof"].replace("42", "43")},
        {"proof": GERMAN["proof"]},
        repairs=1,
    )
    draft = translate_draft(approved(), task("de"), writer)
    assert module(draft, ModuleKind.PROOF).origin == ORIGIN
    assert "proof: it lacks 42 of the source" in writer._chat.prompts[1]
    ids = writer._chat.schemas[1]["properties"]["parts"]["items"]["properties"]["id"]["enum"]
    assert ids == ["proof"]


@pytest.mark.parametrize(
    "answer, why",
    [
        (ModelUnavailable("it did not answer within 60 s"), "it did not answer within 60 s"),
        ("Here you are: guten Tag", "its answer was not the JSON asked for"),
    ],
)
def test_no_answer_is_the_composers_draft(answer, why):
    draft = translate_draft(approved(), task("de"), writer_with(answer))
    own = Composer().write(task("de"))
    assert draft.writer == "composer"
    assert [m.text for m in draft.modules] == [m.text for m in own.modules]
    assert module(draft, ModuleKind.PROOF).note == f"the model's proof was replaced: {why}"


def test_a_glossary_is_kept_to():
    terms = Glossary(({"en": ("bearing",), "de": ("Wälzlager", "Lager")},))
    draft, _ = translated(glossary=terms)
    assert module(draft, ModuleKind.PROBLEM).origin == ORIGIN
    strict = Glossary(({"en": ("bearing",), "de": ("Wälzlager",)},))
    draft, _ = translated(glossary=strict)
    note = module(draft, ModuleKind.PROBLEM).note
    assert "it lacks «Wälzlager», the glossary's word" in note
    assert module(draft, ModuleKind.PROOF).origin == ORIGIN  # it has no such term


def test_a_claim_on_the_brief_cites_the_brief_in_the_other_language():
    offer = "We monitor three machines for 30 days at no charge."
    answer = with_part(good_answer(), "preheader", [said(offer, "field-1")])
    base = writer_with(json.dumps(answer)).write(task())
    (claim,) = module(base, ModuleKind.PREHEADER).claims
    assert claim.citation.field == "offer.en"
    base = replace(base, alternatives=approved().alternatives)
    job = task("de")
    draft, _ = translated(
        {"preheader": "⟦1⟧Wir messen an drei Maschinen 30 Tage lang ohne Berechnung.⟦/1⟧"},
        base=base,
        job=job,
    )
    preheader = module(draft, ModuleKind.PREHEADER)
    assert preheader.origin == ORIGIN, preheader.note
    (claim,) = preheader.claims
    assert claim.citation == BriefCitation("offer.de", job.brief.offer["de"])
    assert findings(draft, job) == ()


# --- marks and glossaries ------------------------------------------------------------------


@given(
    text=st.text(alphabet="ab 是.", min_size=1, max_size=30),
    cuts=st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), max_size=5),
)
def test_marks_come_off_as_they_were_put_on(text, cuts):
    spans = []
    for start, length in cuts:
        span = Span(min(start, len(text) - 1), min(start + length, len(text)))
        inner = span.of(text)
        if inner and inner == inner.strip() and span.start < span.end:
            spans.append(span)
    assert unmarked(marked(text, spans), len(spans)) == (text, tuple(spans))


@pytest.mark.parametrize(
    "received, plain, inner",
    [
        ("Es sind ⟦1⟧ 42 Stellen ⟦/1⟧.", "Es sind 42 Stellen.", "42 Stellen"),
        ("Es⟦1⟧ sind 42⟦/1⟧ Stellen.", "Es sind 42 Stellen.", "sind 42"),
        ("⟦1⟧42 ⟦/1⟧Stellen.", "42 Stellen.", "42"),
    ],
)
def test_spaces_inside_a_mark_belong_outside(received, plain, inner):
    text, (span,) = unmarked(received, 1)
    assert (text, span.of(text)) == (plain, inner)


def test_a_glossary_is_a_file_of_terms(tmp_path: Path):
    path = tmp_path / "terms.yaml"
    path.write_text(
        'version: "1"\nsource: Product team\nterms:\n'
        "  - {en: condition monitoring, de: [Zustandsüberwachung], zh-Hans: 状态监测}\n",
        encoding="utf-8",
    )
    terms = load_glossary(path)
    text = "Condition  monitoring for presses"
    assert terms.missing(text, "Das Zustandsüberwachungssystem", "en", "de") == ""
    assert terms.missing(text, "Die Überwachung", "en-GB", "de") == "Zustandsüberwachung"
    assert terms.missing(text, "面向冲压机的状态监测", "en", "zh-Hans") == ""
    assert terms.missing("Air conditioning", "Klimaanlage", "en", "de") == ""
    assert terms.missing(text, "surveillance", "en", "fr") == ""


@pytest.mark.parametrize(
    "text, why",
    [
        ("version: [", "line 1"),
        ('version: "1"\nsource: x\nterms: []\nextra: 1\n', "extra"),
        ('version: "1"\nsource: x\nterms: [{en: []}]\n', "terms.0.en"),
    ],
)
def test_a_glossary_that_does_not_read_says_where(tmp_path: Path, text, why):
    path = tmp_path / "terms.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=why):
        load_glossary(path)
    with pytest.raises(BadInput, match="give another file"):
        load_glossary(tmp_path / "none.yaml")
