"""True sentences on results pass in every language, and each kind of falsehood is blocked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluation_samples import TODAY, Shelf, brief, case, claim, module, sender

from contracts.case import Case, Direction, Outcome, Section, SectionKind, Span
from contracts.mail import CaseCitation, ClaimKind, Module, ModuleKind
from contracts.verdict import Severity
from evaluation import MailView, check_grounding, check_unsourced_numbers, load_packs
from evaluation.packs import of_language

LANGUAGES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "grounding_languages.yaml").read_text(encoding="utf-8")
)
REGIONAL = {"en-GB": "en", "es-419": "es", "zh-Hant-HK": "zh-Hant"}

SENTENCES = {
    "downtime": "Unplanned downtime fell from 41 to 12 hours a quarter within nine months.",
    "oee": "Overall equipment effectiveness rose by 18% in a year.",
    "energy": "Energy costs fell by half.",
    "throughput": "Throughput rose from 12,000 to 27,000 units a day.",
}
CUSTOMER = "Norling Dairy"
STRANGER = "Calderra Foods"
TEXT = f"{CUSTOMER} often found bearing damage late.\n\n" + " ".join(SENTENCES.values())


def _span(part: str) -> Span:
    start = TEXT.index(part)
    return Span(start, start + len(part))


def _outcome(key: str, metric: str, direction: Direction, **values: Any) -> Outcome:
    facts: dict[str, Any] = {
        "unit": "",
        "change": None,
        "before": None,
        "after": None,
        "value_unit": "",
        "period": "",
    }
    text = SENTENCES[key]
    return Outcome(
        metric=metric,
        direction=direction,
        span=_span(text),
        text=text,
        sure=True,
        **facts | values,
    )


def _case() -> Case:
    return case(
        text=TEXT,
        text_hash=hashlib.sha256(TEXT.encode()).hexdigest(),
        sections=(Section(SectionKind.OUTCOME, "Results", _span(SENTENCES["downtime"])),),
        outcomes=(
            _outcome(
                "downtime",
                "unplanned_downtime",
                Direction.DOWN,
                before=Decimal(41),
                after=Decimal(12),
                value_unit="hour",
                period="quarter",
            ),
            _outcome("oee", "oee", Direction.UP, unit="percent", change=Decimal(18)),
            _outcome("energy", "energy_cost", Direction.DOWN, unit="percent", change=Decimal(50)),
            _outcome(
                "throughput",
                "throughput",
                Direction.UP,
                before=Decimal(12000),
                after=Decimal(27000),
                value_unit="count",
                period="day",
            ),
        ),
    )


CASE = _case()


def cites(part: str) -> CaseCitation:
    return CaseCitation(CASE.id, CASE.text_hash, _span(part), part)


def rules(language: str, *modules: Module) -> list[str]:
    found = check_grounding(modules, Shelf((CASE,)), brief(), sender(), language, TODAY)
    assert all(item.severity is Severity.BLOCK for item in found)
    return [item.rule.removeprefix("claims.") for item in found]


def told(text: str, key: str) -> Module:
    return module(text, claim(text, text, cites(SENTENCES[key])))


def _each(kind: str) -> Iterator[tuple[str, str]]:
    for language, entry in LANGUAGES.items():
        yield from ((language, text) for text in entry[kind])


def _true() -> Iterator[tuple[str, str, str]]:
    for language, entry in LANGUAGES.items():
        for key, texts in entry["true"].items():
            yield from ((language, key, text) for text in texts)


def _false() -> Iterator[tuple[str, str, str, str]]:
    for language, entry in LANGUAGES.items():
        for key, by_rule in entry["false"].items():
            for rule, texts in by_rule.items():
                yield from ((language, key, rule, text) for text in texts)


def test_every_language_that_mails_are_screened_in_is_tried() -> None:
    packs = load_packs()
    assert set(LANGUAGES) == set(packs.claims) == set(packs.spam) - {""}
    # Of further languages only the law's wording is known: mails are not written in them.
    assert set(packs.signs) - set(LANGUAGES) == {"af", "he", "hi"}
    for entry in LANGUAGES.values():
        sentences = [text for texts in entry["true"].values() for text in texts]
        sentences += [t for by in entry["false"].values() for texts in by.values() for t in texts]
        assert len(sentences) + len(entry["uncited"]) >= 12


@pytest.mark.parametrize(("language", "key", "text"), list(_true()))
def test_a_true_sentence_passes(language: str, key: str, text: str) -> None:
    assert rules(language, told(text, key)) == []


@pytest.mark.parametrize(("language", "key", "rule", "text"), list(_false()))
def test_a_false_sentence_is_blocked(language: str, key: str, rule: str, text: str) -> None:
    assert rule in rules(language, told(text, key))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_is_the_one_of_the_case(language: str) -> None:
    for name, expected in ((CUSTOMER, []), (STRANGER, ["wrong_customer"])):
        text = LANGUAGES[language]["customer"].format(name)
        named = claim(text, name, cites(CUSTOMER), ClaimKind.CUSTOMER)
        assert rules(language, module(text, named)) == expected


@pytest.mark.parametrize(("language", "text"), list(_each("uncited")))
def test_a_result_without_a_source_is_blocked(language: str, text: str) -> None:
    assert "result_without_source" in rules(language, module(text, kind=ModuleKind.OPENER))


@pytest.mark.parametrize(("language", "text"), list(_each("plain")))
def test_questions_and_offers_are_no_results(language: str, text: str) -> None:
    assert rules(language, module(text, kind=ModuleKind.OPENER)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_outside_every_claim_is_blocked(language: str) -> None:
    text = LANGUAGES[language]["outside"]
    assert "number_without_source" in rules(language, module(text, kind=ModuleKind.PROBLEM))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_the_footer_belongs_below_the_letter(language: str) -> None:
    entry = LANGUAGES[language]
    first, last = entry["plain"][:2]
    modules = (
        module(first, kind=ModuleKind.OPENER),
        module(last, kind=ModuleKind.SIGN_OFF),
        module("Lindenstraße 14, 22113 Hamburg", kind=ModuleKind.FOOTER),
    )
    footer = "Lindenstraße 14, 22113 Hamburg"
    outside = entry["outside"]

    def found(body: str) -> list[str]:
        view = MailView.from_parts(subject=first, text=body)
        findings = check_unsourced_numbers(view, modules, sender(), language)
        return [item.place.span.of(body).strip() for item in findings if item.place.span]

    assert found(f"{first}\n\n{last}\n\n--\n{footer}\n") == []
    planted = found(f"{first}\n\n{outside}\n\n{last}\n\n--\n{footer}\n")
    assert len(planted) == 1
    assert "40" in planted[0]


@pytest.mark.parametrize(("tag", "base"), list(REGIONAL.items()))
def test_a_region_is_read_by_the_pack_of_its_language(tag: str, base: str) -> None:
    packs = load_packs()
    for items in (packs.claims, packs.signs, packs.spam, packs.fidelity.scripts):
        assert of_language(items, tag) == items[base]
    for key, by_rule in LANGUAGES[base]["false"].items():
        for rule, texts in by_rule.items():
            for text in texts:
                assert rule in rules(tag, told(text, key))


@pytest.mark.parametrize(
    ("tag", "base"), [("pt", "pt-BR"), ("zh-TW", "zh-Hant"), ("zh", "zh-Hans")]
)
def test_another_tag_of_a_language_finds_its_pack(tag: str, base: str) -> None:
    claims = load_packs().claims
    assert of_language(claims, tag) is claims[base]
    assert of_language(claims, "sv") is None
