"""Every kind of mail in every style and language, and what a segment's facts change in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from writing_samples import BRIEF, make_case, make_task

from contracts.brief import Brief
from contracts.mail import BriefCitation, Draft, Module, ModuleKind
from personalize import Composer, language_book, languages
from personalize.writing.composer import body_length
from personalize.writing.presets import presets

STYLES = ("formal", "friendly", "direct", "expert")
write = Composer().write


def brief_for(language: str, mail: str, tone: str) -> Brief:
    """A brief that has every text that any kind of mail asks for, in one language."""
    data: dict[str, Any] = BRIEF.model_dump(mode="json", exclude={"offer"})
    texts = {
        "offer": {language: "OFFER."},
        "news": {language: "NEWS."},
        "deadline": "2027-03-31",
        "minutes": 5,
        "steps": {language: ["STEP ONE", "STEP TWO"]},
        "items": [
            {
                "title": {language: "ITEM"},
                "text": {language: "LINE."},
                "url": "https://probe.example/i",
            }
        ],
        "event": {
            "title": {language: "TITLE"},
            "start": "2027-02-16T14:00:00+01:00",
            "end": "2027-02-16T14:45:00+01:00",
            "zone": "Europe/Berlin",
            "agenda": {language: ["POINT"]},
        },
    }
    needs = presets()[mail].needs
    data |= {name: value for name, value in texts.items() if name in needs}
    data |= {
        "mail": mail,
        "tone": tone,
        "product": {"name": "Probe One", "description": {language: "DESCRIPTION"}},
        "call_to_action": {
            "url": "https://probe.example/x",
            "label": {language: ["LABEL"]},
            "ask": {language: ["REQUEST."]},
        },
    }
    return Brief.model_validate(data)


def everything(draft: Draft) -> list[Module]:
    return [*draft.modules, *(item.module for item in draft.alternatives)]


@pytest.mark.parametrize("mail", sorted(presets()))
@pytest.mark.parametrize("language", languages())
def test_every_kind_of_mail_is_written_in_every_style(language: str, mail: str) -> None:
    book = language_book(language)
    for ordinal, style in enumerate(STYLES):
        brief = brief_for(language, mail, style)
        task = make_task(
            language, make_case("de"), brief=brief, ordinal=ordinal, role="maintenance"
        )
        draft = write(task)
        assert (draft.preset, draft.style) == (mail, style)
        for module in everything(draft):
            assert not re.search(r"[{}]|None|undefined", module.text), module.text
            assert "  " not in module.text
            for claim in module.claims:
                if isinstance(claim.citation, BriefCitation):
                    assert claim.span.of(module.text)
        for item in draft.alternatives:
            if item.module.kind is ModuleKind.SUBJECT:
                assert len(item.module.text) <= book.limits.subject
                assert item.preheader is not None
                assert len(item.preheader.text) <= book.limits.preheader
        assert body_length(draft, book) <= book.limits.body_max


@pytest.mark.parametrize("touch", ["trade_fair", "webinar", "download", "call", "quotation"])
def test_the_opener_speaks_of_what_there_was_last(touch: str) -> None:
    plain = write(make_task("en", make_case("en")))
    after = write(make_task("en", make_case("en"), touch=touch))
    (opener,) = (m for m in after.modules if m.kind is ModuleKind.OPENER)
    (usual,) = (m for m in plain.modules if m.kind is ModuleKind.OPENER)
    assert opener.origin != usual.origin
    pattern = opener.origin.rsplit("/", 1)[-1]
    found = {
        p.id: p.touch for p in language_book("en").patterns("openers", "case_story") if p.touch
    }
    assert touch in found[pattern]


def test_a_customer_is_not_written_to_like_a_stranger() -> None:
    openers = {
        stage: [
            module.origin
            for module in everything(write(make_task("en", make_case("en"), stage=stage)))
            if module.kind is ModuleKind.OPENER
        ]
        for stage in ("customer", "former", "lead")
    }
    assert len({tuple(item) for item in openers.values()}) == 3


def test_a_problem_decides_the_angle() -> None:
    texts = {
        problem: "".join(
            m.text for m in write(make_task("en", make_case("en"), problem=problem)).modules
        )
        for problem in ("", "energy-costs")
    }
    assert texts[""] != texts["energy-costs"]


def test_styles_read_differently() -> None:
    case = make_case("en")
    letters = {
        write(make_task("en", case, brief=brief_for("en", "first_contact", style))).modules
        for style in STYLES
    }
    assert len(letters) == len(STYLES)


def test_a_letter_that_would_be_too_long_tells_less_of_the_case() -> None:
    case = make_case("en")
    short = write(make_task("en", case, brief=brief_for("en", "case_story", "expert")))
    brief = brief_for("en", "case_story", "expert")
    long = brief.model_copy(update={"offer": {"en": "We measure and report. " * 20}})
    cut = write(make_task("en", case, brief=long))
    kinds = [module.kind for module in cut.modules]
    assert ModuleKind.SOLUTION in [module.kind for module in short.modules]
    assert ModuleKind.SOLUTION not in kinds
    assert ModuleKind.PROOF in kinds


def test_a_case_without_a_result_is_told_once() -> None:
    case = make_case("en")
    unsure = replace(case, outcomes=tuple(replace(item, sure=False) for item in case.outcomes))
    draft = write(make_task("en", unsure, brief=brief_for("en", "case_story", "expert")))
    assert ModuleKind.SOLUTION not in [module.kind for module in draft.modules]
    text = "\n".join(module.text for module in draft.modules)
    assert text.count("Probe One sensors were fitted to every pump.") == 1


def test_a_regional_letter_tells_a_case_of_its_language_in_its_own_words() -> None:
    draft = write(
        make_task("en-GB", make_case("en"), brief=brief_for("en-GB", "case_story", "formal"))
    )
    text = "\n".join(module.text for module in draft.modules)
    assert "Unplanned downtime fell from 41 to 12 hours a quarter." in text


def test_modules_are_for_whom_the_layout_says() -> None:
    brief = brief_for("en", "case_story", "expert").model_dump(mode="json")
    brief["layout"] = [
        {"module": "greeting"},
        {"module": "opener"},
        {"module": "proof"},
        {"module": "ps", "optional": True, "when": {"stage": ["customer"]}},
        {"module": "call_to_action"},
        {"module": "sign_off"},
    ]
    own = Brief.model_validate(brief)
    kinds = {
        stage: [
            m.kind for m in write(make_task("en", make_case("en"), brief=own, stage=stage)).modules
        ]
        for stage in ("lead", "customer")
    }
    assert ModuleKind.PS in kinds["customer"]
    assert ModuleKind.PS not in kinds["lead"]
    assert ModuleKind.OFFER not in kinds["lead"]


def test_the_readers_industry_is_not_the_cases() -> None:
    """A bank that is told of a dairy is not addressed as a dairy, and the dairy is no bank."""
    names = {key: dict(value) for key, value in language_book("en").terms.industries.items()}
    dairy, bank = set(names["food"].values()), set(names["finance"].values())

    def said(industry: str) -> set[str]:
        seen = set()
        for ordinal in range(12):
            task = make_task("en", make_case("en"), industry=industry, ordinal=ordinal)
            for module in everything(write(task)):
                if module.kind in (ModuleKind.OPENER, ModuleKind.SUBJECT) and not module.claims:
                    seen |= {word for word in dairy | bank if word in module.text}
        return seen

    assert not said("finance")
    assert said("food")
    assert said("food") <= dairy


def test_the_readers_day_is_told_where_it_leads_to_the_case() -> None:
    """A day at a bank does not lead to how bearings wear, unless that is the segment's problem."""
    scenes = language_book("en").scenes.industries["finance"]

    def told(**facts: str) -> bool:
        text = "".join(
            module.text
            for ordinal in range(6)
            for module in everything(
                write(
                    make_task("en", make_case("en"), industry="finance", ordinal=ordinal, **facts)
                )
            )
        )
        return any(scene in text for scene in scenes)

    assert not told()
    assert told(problem="unplanned-downtime")
