from __future__ import annotations

import pytest
from evaluation_samples import CN_BODY, DE_BODY, NOW, US_BODY, message, page, sender

from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs, screen

PACKS = load_packs()


def rules(view: MailView, language: str, **context: object) -> dict[str, Severity]:
    """Findings of fidelity inside a campaign."""
    known = ScreeningContext(language=language, in_campaign=True, now=NOW, **context)  # type: ignore[arg-type]
    found = screen(view, known, PACKS, "x").findings
    return {f.rule: f.severity for f in found if f.rule.startswith("fidelity.")}


def mail(body: str, language: str, subject: str) -> MailView:
    html = page(body, language)
    return MailView.from_parts(subject=subject, html=html, text=body, headers={"From": "x"})


SUBJECTS = {
    "en": "Finding worn bearings earlier",
    "de": "Lager früher prüfen",
    "zh-Hans": "轴承磨损",
}
BODIES = {"en": US_BODY, "de": DE_BODY, "zh-Hans": CN_BODY}


@pytest.mark.parametrize("language", ["en", "de", "zh-Hans"])
def test_a_mail_in_one_language_has_no_finding(language: str) -> None:
    assert rules(mail(BODIES[language], language, SUBJECTS[language]), language) == {}


@pytest.mark.parametrize(
    ("body", "language"), [("en", "de"), ("de", "en"), ("en", "zh-Hans"), ("zh-Hans", "de")]
)
def test_a_body_in_another_language_is_blocked(body: str, language: str) -> None:
    found = rules(mail(BODIES[body], language, SUBJECTS[language]), language)
    assert found["fidelity.body_language"] is Severity.BLOCK


@pytest.mark.parametrize(
    ("subject", "language"),
    [
        ("Wear of bearings", "zh-Hans"),
        ("轴承磨损", "de"),
        ("广告 Wear of bearings", "zh-Hans"),
        ("How to find worn bearings in your plant earlier", "de"),
    ],
)
def test_a_subject_in_another_language_is_blocked(subject: str, language: str) -> None:
    found = rules(mail(BODIES[language], language, subject), language)
    assert found["fidelity.subject_language"] is Severity.BLOCK


def test_an_english_sentence_in_a_german_mail_is_blocked() -> None:
    line = "If you no longer wish to receive these emails, you can unsubscribe at any time."
    found = rules(mail(DE_BODY + line, "de", SUBJECTS["de"]), "de")
    assert found == {"fidelity.foreign_sentence": Severity.BLOCK}


def test_a_second_language_may_stand_where_it_is_marked() -> None:
    line = "If you no longer wish to receive these emails, you can unsubscribe at any time."
    html = page(DE_BODY, "de").replace("</body>", f'<p lang="en">{line}</p></body>')
    view = MailView.from_parts(
        subject=SUBJECTS["de"], html=html, text=DE_BODY + line, headers={"From": "x"}
    )
    assert rules(view, "de") == {}


def test_a_latin_sentence_in_a_chinese_mail_is_blocked() -> None:
    text = CN_BODY.replace("梁思敏\n", "We look forward to hearing from you soon\n")
    assert "fidelity.foreign_script" in rules(mail(text, "zh-Hans", "轴承"), "zh-Hans")


def test_names_may_keep_their_script() -> None:
    text = CN_BODY.replace("振动监测", "Pegelwerk Pulse Pro 振动监测")
    assert rules(mail(text, "zh-Hans", "轴承"), "zh-Hans") == {}
    chinese = sender(
        legal_name="澄湖仪表（苏州）有限公司", postal_address=("苏州市吴中区湖滨路18号",)
    )
    german = DE_BODY + "\n澄湖仪表（苏州）有限公司, 苏州市吴中区湖滨路18号"
    assert rules(mail(german, "de", SUBJECTS["de"]), "de", sender=chinese) == {}
    assert "fidelity.foreign_script" in rules(mail(german, "de", SUBJECTS["de"]), "de")


def test_the_page_must_say_its_language() -> None:
    wrong = mail(DE_BODY, "en", SUBJECTS["de"])
    assert rules(wrong, "de")["fidelity.page_language"] is Severity.BLOCK
    none = MailView.from_parts(
        subject=SUBJECTS["de"],
        html=page(DE_BODY, "de").replace(' lang="de"', ""),
        text=DE_BODY,
        headers={"From": "x"},
    )
    assert rules(none, "de")["fidelity.page_language"] is Severity.WARN


@pytest.mark.parametrize(
    "leftover",
    [
        "{{first_name}}",
        "[[salary]]",
        "{name}",
        "XXX",
        "Lorem ipsum dolor",
        "${offer}",
        "TODO",
        "<%= x %>",
        "*|FNAME|*",
        "%%name%%",
        "[Name]",
        "{% if x %}",
    ],
)
def test_leftovers_are_blocked(leftover: str) -> None:
    text = US_BODY.replace("Hi Dana", f"Hi {leftover}")
    raw = message("US", text=text, html=page(text.replace("<%", "&lt;%"), "en"))
    known = ScreeningContext(now=NOW)
    found = screen(MailView.from_bytes(raw), known, PACKS, "x").findings
    assert ("fidelity.placeholder", Severity.BLOCK) in {(f.rule, f.severity) for f in found}


@pytest.mark.parametrize("greeting", ["Dear None,", "Dear nan,"])
def test_empty_values_that_became_words_are_blocked(greeting: str) -> None:
    text = US_BODY.replace("Hi Dana,", greeting)
    assert rules(mail(text, "en", SUBJECTS["en"]), "en") == {"fidelity.placeholder": Severity.BLOCK}


def test_known_merge_fields_are_no_leftovers() -> None:
    text = US_BODY.replace("Dana", "[[first_name]]")
    view = mail(text, "en", SUBJECTS["en"])
    assert "fidelity.placeholder" in rules(view, "en")
    assert rules(view, "en", merge_fields=("first_name",)) == {}


def test_a_template_is_only_warned() -> None:
    found = screen(
        MailView.from_html("<p>Hello {{name}}</p>"), ScreeningContext(now=NOW), PACKS, "x"
    ).findings
    assert [f.severity for f in found if f.rule == "fidelity.placeholder"] == [Severity.WARN]


def test_ordinary_words_are_no_leftovers() -> None:
    text = US_BODY.replace("Jo Reed", "None of this is urgent [sic]. Call Nan Reed.")
    assert rules(mail(text, "en", SUBJECTS["en"]), "en") == {}
