"""A lawful mail passes the law of its country; each violation finds its block."""

from __future__ import annotations

import pytest
from evaluation_samples import CN_BODY, DE_BODY, NOW, US_BODY, message, sender

from contracts.verdict import Severity, Verdict
from evaluation import MailView, ScreeningContext, load_packs, screen

PACKS = load_packs()
LANGUAGES = {"US": "en", "DE": "de", "CN": "zh-Hans"}


def blocks(raw: bytes, country: str, **context: object) -> dict[str, str]:
    """Blocking rules and where they were found, each judged by one country."""
    known = ScreeningContext((country,), now=NOW, **context)  # type: ignore[arg-type]
    found = screen(MailView.from_bytes(raw), known, PACKS, "sample.eml")
    return {
        item.rule: item.place.part for item in found.findings if item.severity is Severity.BLOCK
    }


@pytest.mark.parametrize("country", ["US", "DE", "CN"])
def test_lawful_mail_has_no_finding_but_notes(country: str) -> None:
    known = ScreeningContext((country,), now=NOW)
    found = screen(MailView.from_bytes(message(country)), known, PACKS, "sample.eml")
    worse = [item for item in found.findings if item.severity is not Severity.NOTE]
    assert worse == []
    assert found.jurisdictions == {country: Verdict.PASS}
    assert found.verdict is Verdict.PASS


def without(body: str, *words: str) -> str:
    for word in words:
        assert word in body
    lines = [line for line in body.split("\n") if not any(word in line for word in words)]
    return "\n".join(lines)


US_STREET = "410 Canal Street, Portland, ME 04101"


@pytest.mark.parametrize(
    ("country", "rule", "changes"),
    [
        ("US", "us.postal_address", {"text": without(US_BODY, "Canal Street")}),
        ("US", "us.unsubscribe", {"text": without(US_BODY, "Unsubscribe")}),
        ("US", "us.fake_reply", {"subject": "Re: our call"}),
        ("DE", "de.legal_name", {"text": without(DE_BODY, "Messtechnik GmbH")}),
        ("DE", "de.representative", {"text": without(DE_BODY, "Geschäftsführerin")}),
        ("DE", "de.postal_address", {"text": without(DE_BODY, "Lindenstraße")}),
        (
            "DE",
            "de.postal_address",
            {"text": DE_BODY.replace("Lindenstraße 14, 22113", "Postfach 12 34, 22113")},
        ),
        ("DE", "de.contact", {"text": without(DE_BODY, "kontakt@")}),
        ("DE", "de.registration", {"text": without(DE_BODY, "HRB")}),
        ("DE", "de.unsubscribe", {"text": without(DE_BODY, "abmelden")}),
        ("DE", "de.fake_reply", {"subject": "AW: Ihre Anfrage"}),
        ("CN", "cn.subject_label", {"subject": "更早发现轴承磨损"}),
        ("CN", "cn.subject_label", {"subject": "更早发现轴承磨损 广告"}),
        ("CN", "cn.legal_name", {"text": CN_BODY.replace("有限公司", "")}),
        ("CN", "cn.contact", {"text": without(CN_BODY, "电话", "tuiding@")}),
        (
            "CN",
            "cn.refusal_address",
            {"text": CN_BODY.replace("tuiding@chenghu.example", "").replace("service@", "")},
        ),
        ("CN", "cn.unsubscribe", {"text": without(CN_BODY, "退订")}),
        ("CN", "cn.absolute_terms", {"text": CN_BODY.replace("振动监测", "最佳振动监测")}),
        ("CN", "cn.absolute_terms", {"subject": "广告 国家级检测方案"}),
        ("CN", "cn.fake_reply", {"subject": "广告 回复：检修计划"}),
    ],
)
def test_each_violation_is_blocked(country: str, rule: str, changes: dict[str, str]) -> None:
    found = blocks(message(country, **changes), country)  # type: ignore[arg-type]
    assert rule in found
    assert {name for name in found if name.partition(".")[0] in ("us", "de", "cn")} <= {
        rule,
        "cn.unsubscribe",  # shares its address with the refusal mailbox
        "cn.refusal_address",
    }


@pytest.mark.parametrize("label", ["广告 ", "广告：", "【广告】", "(AD)", "AD:", "AD "])
def test_accepted_forms_of_the_chinese_label(label: str) -> None:
    assert blocks(message("CN", subject=f"{label}更早发现轴承磨损"), "CN") == {}


@pytest.mark.parametrize("label", ["\u200b广告 ", "[A-D] ", "推广 ", "ADVICE: "])
def test_forms_that_are_no_label(label: str) -> None:
    assert "cn.subject_label" in blocks(message("CN", subject=f"{label}轴承"), "CN")


def test_a_po_box_is_enough_in_the_united_states() -> None:
    text = US_BODY.replace("410 Canal Street", "P.O. Box 120")
    assert blocks(message("US", text=text), "US") == {}


@pytest.mark.parametrize("term", ["最近三年", "最后一批", "最多三台", "最低温度", "第一时间"])
def test_ordinary_words_are_no_superlatives(term: str) -> None:
    text = CN_BODY.replace("很多工厂", f"{term}，很多工厂")
    known = ScreeningContext(("CN",), now=NOW)
    found = screen(MailView.from_bytes(message("CN", text=text)), known, PACKS, "x")
    assert found.jurisdictions["CN"] is Verdict.PASS


@pytest.mark.parametrize("term", ["顶级", "第一品牌", "极品", "最强", "唯一", "首个"])
def test_other_absolute_terms_only_warn(term: str) -> None:
    text = CN_BODY.replace("振动监测", f"{term}的振动监测")
    known = ScreeningContext(("CN",), now=NOW)
    found = screen(MailView.from_bytes(message("CN", text=text)), known, PACKS, "x")
    assert found.jurisdictions["CN"] is Verdict.WARN
    assert "cn.superlatives" in {item.rule for item in found.findings}


def test_pressure_in_the_subject_needs_a_date() -> None:
    known = ScreeningContext(("US",), now=NOW)

    def rules(text: str) -> set[str]:
        view = MailView.from_bytes(message("US", subject="Last chance for a trial", text=text))
        return {item.rule for item in screen(view, known, PACKS, "x").findings}

    assert "us.urgent_subject" in rules(US_BODY)
    assert "us.urgent_subject" not in rules("Places are open until March 3.\n\n" + US_BODY)


def test_an_answer_in_a_thread_may_say_so() -> None:
    raw = message("DE", subject="AW: Ihre Anfrage", In_Reply_To="<0@plant.example>")
    assert "de.fake_reply" not in blocks(raw, "DE")


class TestInsideACampaign:
    """The sender's record decides, and every part has to carry it."""

    def found(self, text: str, **facts: str) -> dict[str, str]:
        raw = message("DE", text=text, From="Jana Reuter <jana@pegelwerk.example>")
        return blocks(raw, "DE", in_campaign=True, language="de", sender=sender(**facts))

    def test_the_record_is_shown(self) -> None:
        assert self.found(DE_BODY) == {}

    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            ("Messtechnik GmbH", "Messung GmbH", "de.legal_name"),
            ("Lindenstraße 14", "Lindenstraße 15", "de.postal_address"),
            ("Ilse Kranz", "Ilse Krantz", "de.representative"),
            ("HRB 999998", "HRB 999997", "de.registration"),
            ("DE999999998", "DE999999997", "de.vat"),
            ("kontakt@pegelwerk", "kontakt@pegelwerke", "de.contact"),
            ("jederzeit widersprechen", "vertrauen", "de.objection"),
            ("Datenschutzhinweise: https://pegelwerk.example/datenschutz", "", "de.privacy"),
        ],
    )
    def test_another_value_is_not_the_record(self, old: str, new: str, rule: str) -> None:
        assert old in DE_BODY
        assert set(self.found(DE_BODY.replace(old, new))) == {rule}

    def test_spaces_and_breaks_do_not_matter(self) -> None:
        assert self.found(DE_BODY.replace("Lindenstraße 14", "Lindenstraße\u00a014")) == {}

    def test_a_missing_entry_blocks_at_home_only(self) -> None:
        assert "de.representative" in self.found(DE_BODY, representative="")
        assert "de.representative" not in self.found(DE_BODY, representative="", country="US")

    def test_an_american_mail_must_say_that_it_is_advertising(self) -> None:
        """Unless its reader agreed to it: 15 USC 7704(a)(5)(B)."""
        silent = US_BODY.replace("is an advertisement from", "was sent by")
        text = silent.replace("you agreed to hear from us", "your address is on our website")
        facts = sender(
            legal_name="Harbor Gauge Inc.",
            from_address="jo@harborgauge.example",
            postal_address=("410 Canal Street", "Portland, ME 04101"),
            country="US",
        )
        context = {"in_campaign": True, "language": "en", "sender": facts}
        assert blocks(message("US"), "US", **context) == {}
        assert set(blocks(message("US", text=text), "US", **context)) == {"us.advert_notice"}
        assert blocks(message("US", text=silent), "US", **context) == {}


class TestOneClick:
    def rules(self, **changes: object) -> dict[str, str]:
        facts = sender(from_address="jo@harborgauge.example", country="US", legal_name="Harbor")
        raw = message("US", **changes)  # type: ignore[arg-type]
        context = {"in_campaign": True, "language": "en", "sender": facts}
        found = blocks(raw, "US", **context)
        return {rule: part for rule, part in found.items() if rule == "provider.one_click"}

    def test_right_headers(self) -> None:
        assert self.rules() == {}

    @pytest.mark.parametrize(
        "changes",
        [
            {"drop": ("List-Unsubscribe",)},
            {"drop": ("List-Unsubscribe-Post",)},
            {"List_Unsubscribe": "<http://harborgauge.example/u/1>"},
            {"List_Unsubscribe": "<mailto:u@harborgauge.example>"},
            {"List_Unsubscribe": "https://harborgauge.example/u/1"},
            {"List_Unsubscribe_Post": "List-Unsubscribe=one-click"},
            {"List_Unsubscribe_Post": "One-Click"},
        ],
    )
    def test_wrong_headers(self, changes: dict[str, object]) -> None:
        assert self.rules(**changes)

    def test_a_lone_file_is_only_warned(self) -> None:
        assert blocks(message("US", drop=("List-Unsubscribe",)), "US") == {}


def test_a_mail_without_any_text_is_not_lawful() -> None:
    raw = message("DE", text="\n", html='<html lang="de"><body><img src="x.png"></body></html>')
    found = blocks(raw, "DE", language="de")
    assert {"de.legal_name", "de.postal_address", "de.unsubscribe"} <= set(found)


def test_hidden_legal_text_does_not_count() -> None:
    hidden = (
        '<html lang="en"><body><p>Worn bearings are found late, and a reading shows them early '
        "enough for a planned stop in the plant.</p>"
        f'<div style="display:none">{US_BODY}</div></body></html>'
    )
    found = blocks(message("US", html=hidden), "US")
    assert {"us.postal_address", "us.unsubscribe", "spam.hidden_text"} <= set(found)


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_every_finding_says_what_to_do(language: str) -> None:
    view = MailView.from_parts(subject="!!!", html="<p>x</p>", headers={"From": "x"})
    known = ScreeningContext(("STRICT",), language=language, in_campaign=True, now=NOW)
    for finding in screen(view, known, PACKS, "x").findings:
        assert finding.remedy
        assert finding.message
        assert finding.source
