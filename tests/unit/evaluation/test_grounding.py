"""Planted falsehoods: each is blocked, and the true letter is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evaluation_samples import (
    CASE_TEXT,
    FELL,
    NOW,
    ROSE,
    TODAY,
    Shelf,
    brief,
    case,
    cited,
    claim,
    module,
    page,
    sender,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.brief import Brief
from contracts.case import Case, Span
from contracts.mail import BriefCitation, Claim, ClaimKind, Module, ModuleKind, ModuleLink
from contracts.verdict import Severity
from evaluation import (
    MailView,
    ScreeningContext,
    check_grounding,
    check_unsourced_numbers,
    load_packs,
    screen,
)
from evaluation.claims.sources import field_text

OFFER = "We measure three machines for 30 days at no charge."


def rules(*modules: Module, source: Case | None = None, language: str = "en") -> list[str]:
    shelf = Shelf((source or case(),))
    found = check_grounding(modules, shelf, brief(), sender(), language, TODAY)
    assert all(item.severity is Severity.BLOCK for item in found)
    return [item.rule for item in found]


def result(text: str, quote: str = FELL) -> Module:
    return module(text, claim(text, text, cited(quote)))


TRUE = (
    "At Norling Dairy, unplanned downtime fell from 41 to 12 hours a quarter.",
    "Unplanned downtime: 41 to 12 hours",
    "Unplanned downtime went down to 12 hours, from 41 hours before.",
    FELL,
)


@pytest.mark.parametrize("text", TRUE)
def test_true_statements_pass(text: str) -> None:
    assert rules(result(text)) == []


def test_a_case_is_retold_in_another_language() -> None:
    text = "Die ungeplanten Stillstände sanken von 41 auf 12 Stunden je Quartal."
    assert rules(result(text), language="de") == []
    text = "非计划停机时间由每季度41小时降至12小时。"
    assert rules(result(text), language="zh-Hans") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Unplanned downtime fell from 41 to 9 hours a quarter.", "claims.number_unsupported"),
        ("Unplanned downtime fell by 71%.", "claims.number_unsupported"),
        ("Unplanned downtime fell by 12%.", "claims.number_unsupported"),
        ("Unplanned downtime fell from 41 to 12 minutes.", "claims.number_unsupported"),
        ("Unplanned downtime rose from 41 to 12 hours.", "claims.wrong_direction"),
        ("Unplanned downtime fell from 12 to 41 hours.", "claims.swapped"),
        ("Energy consumption fell from 41 to 12 hours.", "claims.wrong_metric"),
    ],
)
def test_false_statements_are_blocked(text: str, rule: str) -> None:
    assert rule in rules(result(text))


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        (
            "Die ungeplanten Stillstände stiegen von 41 auf 12 Stunden.",
            "de",
            "claims.wrong_direction",
        ),
        ("Die ungeplanten Stillstände sanken von 12 auf 41 Stunden.", "de", "claims.swapped"),
        ("Die ungeplanten Stillstände sanken um 41 %.", "de", "claims.number_unsupported"),
        ("非计划停机时间由41小时上升至12小时。", "zh-Hans", "claims.wrong_direction"),
        ("非计划停机时间由12小时降至41小时。", "zh-Hans", "claims.swapped"),
        ("能耗由41小时降至12小时。", "zh-Hans", "claims.wrong_metric"),
    ],
)
def test_false_statements_in_other_languages(text: str, language: str, rule: str) -> None:
    assert rule in rules(result(text), language=language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Unplanned downtime fell from 41 to 12 hours a quarter.", []),
        ("OEE rose by 18%.", []),
        ("Unplanned downtime fell by 18%.", ["claims.wrong_metric"]),
    ],
)
def test_of_two_results_in_one_sentence_each_keeps_its_figures(text, expected) -> None:
    both = f"{FELL}{CASE_TEXT[CASE_TEXT.index(FELL) + len(FELL) : CASE_TEXT.index(ROSE)]}{ROSE}"
    source = case()
    assert rules(result(text, both), source=source) == expected


@settings(deadline=None, max_examples=50)
@given(value=st.integers(min_value=2, max_value=99999))
def test_no_other_figure_slips_through(value: int) -> None:
    text = f"Unplanned downtime fell to {value} hours."
    assert (rules(result(text)) == []) is (value in (41, 12))


class TestCitations:
    def check(self, *claims: Claim, text: str = FELL, source: Case | None = None) -> list[str]:
        return rules(module(text, *claims), source=source)

    def test_unknown_case(self) -> None:
        assert self.check(claim(FELL, FELL, cited(FELL, case_id="other"))) == ["claims.no_source"]

    def test_another_version(self) -> None:
        assert self.check(claim(FELL, FELL, cited(FELL, text_hash="0" * 64))) == [
            "claims.no_source"
        ]

    def test_quote_at_another_place(self) -> None:
        moved = cited(FELL, span=Span(0, len(FELL)))
        assert self.check(claim(FELL, FELL, moved)) == ["claims.quote_differs"]

    def test_changed_quote(self) -> None:
        forged = cited(FELL, quote=FELL.replace("12", "9"))
        assert self.check(claim(FELL, FELL, forged)) == ["claims.quote_differs"]

    def test_span_outside_the_text(self) -> None:
        far = cited(FELL, span=Span(9000, 9010), quote="")
        assert self.check(claim(FELL, FELL, far)) == ["claims.quote_differs"]

    def test_expired_and_withdrawn_cases(self) -> None:
        told = claim(FELL, FELL, cited(FELL))
        old = case(valid_until=date(2026, 11, 21))
        assert self.check(told, source=old) == ["claims.case_not_usable"]
        assert self.check(told, source=case(withdrawn=True)) == ["claims.case_not_usable"]
        assert self.check(told, source=case(valid_until=TODAY)) == []

    def test_a_result_needs_an_outcome(self) -> None:
        words = "Norling Dairy often found bearing damage late."
        told = claim(words, words, cited(words))
        assert self.check(told, text=words) == ["claims.no_outcome"]
        situation = replace(told, kind=ClaimKind.SITUATION)
        assert self.check(situation, text=words) == []

    def test_an_unsure_outcome_is_none(self) -> None:
        unsure = case(outcomes=tuple(replace(o, sure=False) for o in case().outcomes))
        told = claim(FELL, FELL, cited(FELL))
        assert self.check(told, source=unsure) == ["claims.no_outcome"]

    def test_quotations_are_word_for_word(self) -> None:
        words = "We change a bearing when it suits the plan."
        good = f"“{words}”"
        told = claim(good, good, cited(words), ClaimKind.QUOTATION)
        assert self.check(told, text=good) == []
        bad = "“We always change a bearing on time.”"
        told = claim(bad, bad, cited(words), ClaimKind.QUOTATION)
        assert self.check(told, text=bad) == ["claims.quotation_changed"]

    def test_another_customer(self) -> None:
        text = "Our customer Acme Foods found bearing damage late."
        told = claim(text, "Acme Foods", cited("Norling Dairy"), ClaimKind.CUSTOMER)
        assert self.check(told, text=text) == ["claims.wrong_customer"]
        text = "Our customer Norling Dairy found bearing damage late."
        told = claim(text, "customer Norling Dairy", cited("Norling Dairy"), ClaimKind.CUSTOMER)
        assert self.check(told, text=text) == []

    def test_an_empty_claim(self) -> None:
        hollow = Claim(Span(3, 3), ClaimKind.RESULT, cited(FELL))
        assert "claims.empty_claim" in self.check(hollow, text="Hello there.")


class TestBrief:
    def test_offers_come_from_the_brief(self) -> None:
        told = claim(OFFER, OFFER, BriefCitation("offer.en", OFFER), ClaimKind.BRIEF)
        assert rules(module(OFFER, told, kind=ModuleKind.OFFER)) == []

    def test_more_than_the_brief_offers(self) -> None:
        text = OFFER.replace("30", "90")
        told = claim(text, text, BriefCitation("offer.en", OFFER), ClaimKind.BRIEF)
        assert rules(module(text, told)) == ["claims.number_unsupported"]

    @pytest.mark.parametrize("path", ["offer.xx", "nothing", "offer.en.more", "sender.bank", ""])
    def test_unknown_fields(self, path: str) -> None:
        told = claim(OFFER, OFFER, BriefCitation(path, OFFER), ClaimKind.BRIEF)
        assert rules(module(OFFER, told)) == ["claims.brief_citation"]

    def test_words_that_the_field_does_not_hold(self) -> None:
        text = "We install 90 sensors."
        told = claim(text, text, BriefCitation("offer.en", text), ClaimKind.BRIEF)
        assert rules(module(text, told)) == ["claims.brief_citation"]

    @pytest.mark.parametrize(
        ("path", "quote"),
        [
            ("product.name", "Pegel One"),
            ("sender.phone", "+49 40 5550 120"),
            ("sender.from_name.de", "Jana Reuter"),
            ("call_to_action.label.en", "Ask for a"),
        ],
    )
    def test_fields_are_found(self, path: str, quote: str) -> None:
        told = claim(quote, quote, BriefCitation(path, quote), ClaimKind.BRIEF)
        assert rules(module(quote, told)) == []

    def test_results_do_not_come_from_the_brief(self) -> None:
        told = claim(OFFER, OFFER, BriefCitation("offer.en", OFFER), ClaimKind.RESULT)
        assert rules(module(OFFER, told)) == ["claims.wrong_source"]

    def test_buttons_say_and_open_what_the_brief_says(self) -> None:
        good = Module(
            ModuleKind.CALL_TO_ACTION,
            "Shall we talk?",
            label="Ask for a 20-minute call",
            url="https://pegelwerk.example/trial",
        )
        assert rules(good) == []
        assert rules(replace(good, url="https://elsewhere.example")) == ["claims.button_address"]
        assert rules(replace(good, label="Ask for a 90-minute call")) == [
            "claims.number_unsupported"
        ]


FULL = brief(
    call_to_action={"url": {"": "https://pegelwerk.example/trial?plan=b"}, "label": {"en": "Try"}},
    event={
        "title": {"en": "Bearings in practice"},
        "start": "2027-02-16T14:00:00+01:00",
        "end": "2027-02-16T14:45:00+01:00",
        "zone": "Europe/Berlin",
        "url": {"": "https://pegelwerk.example/webinar"},
        "agenda": {"en": ["Sensors", "Questions"]},
    },
    items=[
        {
            "title": {"en": "Notes"},
            "text": {"en": "We tested 3 sensors."},
            "url": {"en": "https://pegelwerk.example/notes"},
        }
    ],
    steps={"en": ["Attach the sensor.", "Wait 2 days."]},
    deadline="2027-01-29",
    minutes=4,
    ps={"en": "A word more."},
    link_parameters={"utm_source": "mail", "utm_campaign": "bearings 2027"},
)


class TestFieldsOfTheBrief:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("event.title.en", "Bearings in practice"),
            ("event.title.en-GB", "Bearings in practice"),
            ("event.agenda.en", "Sensors\nQuestions"),
            ("event.when.en", "Tuesday, February 16, 2027, 2:00–2:45 PM (Berlin time)"),
            ("event.when.de", "Dienstag, 16. Februar 2027, 14:00 bis 14:45 Uhr (Ortszeit Berlin)"),
            ("items.0.text.en", "We tested 3 sensors."),
            ("steps.en", "Attach the sensor.\nWait 2 days."),
            ("steps.en.1", "Wait 2 days."),
            ("deadline.en", "January 29, 2027"),
            ("deadline.fr", "29 janvier 2027"),
            ("minutes", "4"),
            ("ps.en", "A word more."),
            ("items.1.text.en", None),
            ("items.x.text.en", None),
            ("event.when.xx", None),
            ("event.when", None),
            ("deadline.xx", None),
            ("news.en", None),
        ],
    )
    def test_every_field_is_read_as_the_mail_writes_it(self, path: str, text: str | None) -> None:
        assert field_text(FULL, sender(), path) == text

    def test_a_date_is_the_one_of_the_brief(self) -> None:
        def found(said: str) -> list[str]:
            told = claim(said, said, BriefCitation("deadline.en", said), ClaimKind.BRIEF)
            mail = (module(said, told, kind=ModuleKind.OFFER),)
            results = check_grounding(mail, Shelf(()), FULL, sender(), "en", TODAY)
            return [item.rule for item in results]

        assert found("January 29, 2027") == []
        assert found("January 30, 2027") == ["claims.brief_citation"]


class TestAddresses:
    def found(self, *modules: Module, known: Brief = FULL) -> list[str]:
        results = check_grounding(modules, Shelf(()), known, sender(), "en", TODAY)
        return [item.rule for item in results]

    def button(self, url: str) -> list[str]:
        return self.found(Module(ModuleKind.CALL_TO_ACTION, "Shall we?", label="Try", url=url))

    def link(self, url: str) -> list[str]:
        news = Module(ModuleKind.ITEMS, "Notes", links=(ModuleLink(0, "Read on", url),))
        return self.found(news)

    @pytest.mark.parametrize(
        "query",
        [
            "plan=b",
            "plan=b&utm_source=mail",
            "plan=b&utm_campaign=bearings%202027&utm_source=mail",
            "plan=b&utm_campaign=bearings+2027",
        ],
    )
    def test_link_parameters_may_follow_the_address(self, query: str) -> None:
        assert self.button(f"https://pegelwerk.example/trial?{query}") == []

    @pytest.mark.parametrize(
        "url",
        [
            "https://pegelwerk.example/trial",
            "https://pegelwerk.example/trial?plan=a",
            "https://pegelwerk.example/trial?plan=bc",
            "https://pegelwerk.example/trial?plan=b&utm_source=other",
            "https://pegelwerk.example/trial?plan=b&to=elsewhere",
            "https://pegelwerk.example/trial?utm_source=mail",
            "https://pegelwerk.example/trial?plan=b&utm_source=mail&utm_source=mail",
            "https://pegelwerk.example/trial/x?plan=b",
            "https://pegelwerk.example.net/trial?plan=b&utm_source=mail",
            "http://pegelwerk.example/trial?plan=b&utm_source=mail",
            "https://pegelwerk.example/trial?plan=b#utm_source=mail",
            "https://[",
        ],
    )
    def test_any_other_address_is_blocked(self, url: str) -> None:
        assert self.button(url) == ["claims.button_address"]

    def test_links_open_what_the_event_and_the_items_name(self) -> None:
        assert self.link("https://pegelwerk.example/notes") == []
        assert self.link("https://pegelwerk.example/webinar?utm_source=mail") == []
        assert self.link("https://pegelwerk.example/other") == ["claims.button_address"]
        assert self.link("https://pegelwerk.example/notes?x=1") == ["claims.button_address"]


class TestWithoutAClaim:
    def test_figures(self) -> None:
        assert "claims.number_without_source" in rules(module("Most plants lose 40 hours a year."))

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Downtime doubled elsewhere.", "en"),
            ("Der Energieverbrauch hat sich halbiert.", "de"),
            ("停机时间减半。", "zh-Hans"),
        ],
    )
    def test_results_in_words(self, text: str, language: str) -> None:
        assert "claims.result_without_source" in rules(module(text), language=language)

    def test_a_named_customer_with_a_result(self) -> None:
        text = f"{FELL} Norling Dairy reduced its costs too."
        told = claim(text, FELL, cited(FELL))
        assert rules(module(text, told)) == ["claims.result_without_source"]

    def test_plain_sentences_pass(self) -> None:
        assert rules(module("Would a short call help? A reduced list is fine as well.")) == []

    def test_merge_fields_are_no_figures(self) -> None:
        assert rules(module("Hello [[field_1]] [[last_name]],", kind=ModuleKind.GREETING)) == []


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("Norling Dairy GmbH & Co. KG", "So ging es Norling Dairy.", "de"),
        ("Cawdrey Stampings, Inc.", "As at Cawdrey Stampings.", "en"),
        ("澄岚饮品（常州）有限公司", "正如澄岚饮品的经验。", "zh-Hans"),
    ],
)
def test_shortened_names_give_a_customer_away_too(name: str, text: str, language: str) -> None:
    secret = case(name_public=False, customer={"": name})
    cites = module(FELL, claim(FELL, FELL, cited(FELL)))
    found = rules(cites, module(text), source=secret, language=language)
    assert "claims.customer_not_public" in found


def test_a_customer_who_may_not_be_named() -> None:
    secret = case(name_public=False, extra_names=("Norling",))
    text = "Norling saw this: " + FELL
    told = claim(text, FELL, cited(FELL))
    assert "claims.customer_not_public" in rules(module(text, told), source=secret)
    other = module("NORLING DAIRY LTD is one of them.", kind=ModuleKind.OPENER)
    assert "claims.customer_not_public" in rules(result(FELL), other, source=secret)
    assert rules(result(FELL), source=secret) == []


MODULES = (
    module("Hello [[last_name]],", kind=ModuleKind.GREETING),
    result("Unplanned downtime fell from 41 to 12 hours a quarter."),
    module("Kind regards\nJana Reuter", kind=ModuleKind.SIGN_OFF),
)
BODY = """Hello [[last_name]],

Unplanned downtime fell from 41 to 12 hours a quarter.

Kind regards
Jana Reuter

--
Lindenstraße 14, 22113 Hamburg, Art. 21 GDPR
"""


class TestVisibleBody:
    def found(self, text: str) -> list[str]:
        view = MailView.from_parts(subject="Bearings", html=page(text, "en"), text=text)
        return [f.place.part for f in check_unsourced_numbers(view, MODULES, sender(), "en")]

    def test_what_modules_say_and_what_footers_hold(self) -> None:
        assert self.found(BODY) == []

    def test_a_figure_between_the_modules(self) -> None:
        planted = BODY.replace("Kind regards", "Save 35% now.\n\nKind regards")
        assert self.found(planted) == ["html", "text"]

    def test_a_percentage_below_the_modules(self) -> None:
        assert self.found(BODY + "\nSave 35% now.") == ["html", "text"]

    def test_a_figure_in_the_subject(self) -> None:
        view = MailView.from_parts(subject="35% less downtime", text=BODY)
        assert [f.place.part for f in check_unsourced_numbers(view, MODULES, sender(), "en")] == [
            "subject"
        ]


def test_screening_a_campaign_holds_claims_to_their_sources() -> None:
    context = ScreeningContext(
        ("US",),
        language="en",
        sender=sender(),
        brief=brief(),
        modules=(*MODULES[:1], result("Unplanned downtime fell from 41 to 7 hours."), MODULES[2]),
        evidence=Shelf((case(),)),
        in_campaign=True,
        now=NOW,
    )
    view = MailView.from_parts(subject="Bearings", text=BODY)
    found = {f.rule for f in screen(view, context, load_packs(), "e_1").findings}
    assert {"claims.number_unsupported", "claims.number_not_in_modules"} <= found


def test_samples_are_sound() -> None:
    for outcome in case().outcomes:
        assert outcome.span.of(CASE_TEXT) == outcome.text
    assert rules(result(ROSE, ROSE)) == []
