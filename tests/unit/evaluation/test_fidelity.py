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


LETTERS = {
    "ja": (
        "軸受の摩耗を早く見つける",
        "多くの工場では、軸受の摩耗は異音が出て初めて分かります。振動を測れば、数週間前に変化を捉えられます。\n\n"
        "Pegel Oneについて、一度ご説明の機会をいただけますと幸いです。",
    ),
    "ko": (
        "베어링 마모를 더 일찍 찾는 방법",
        "많은 공장에서 베어링 마모는 소음이 커진 뒤에야 발견됩니다. "
        "진동을 측정하면 몇 주 먼저 알 수 있습니다.\n\n"
        "Pegel One에 대해 잠시 설명드릴 시간을 주시면 감사하겠습니다.",
    ),
    "ar": (
        "اكتشاف تآكل المحامل مبكرًا",
        "في مصانع كثيرة لا يُكتشف تآكل المحامل إلا حين يعلو صوتها. "
        "قياس الاهتزاز يُظهره قبل ذلك بأسابيع.\n\n"
        "يسعدنا أن نشرح لكم Pegel One في مكالمة قصيرة.",
    ),
    "zh-Hant": (
        "更早發現軸承磨損",
        "許多工廠的軸承磨損，往往要等到機器發出異音才會發現。量測振動可以提前數週看出變化。\n\n"
        "不知是否方便為您簡短說明 Pegel One？",
    ),
    "zh-Hans": (
        "更早发现轴承磨损",
        "许多工厂的轴承磨损，往往要等到机器发出异响才会被发现。监测振动可以提前数周看到变化。\n\n"
        "不知是否方便为您简短介绍 Pegel One？",
    ),
}


@pytest.mark.parametrize("language", LETTERS)
def test_scripts_of_their_own_are_read_as_what_they_are(language: str) -> None:
    subject, body = LETTERS[language]
    assert rules(mail(body, language, subject), language) == {}


# Chinese subjects in the other Chinese, and in Japanese, are written in the same characters.
FOREIGN_SUBJECTS = [
    (language, other)
    for language in LETTERS
    for other in LETTERS
    if language != other
    and not (language in ("zh-Hans", "zh-Hant", "ja") and other in ("zh-Hans", "zh-Hant"))
]


@pytest.mark.parametrize(("language", "other"), FOREIGN_SUBJECTS)
def test_a_subject_in_another_script_is_blocked(language: str, other: str) -> None:
    found = rules(mail(LETTERS[language][1], language, LETTERS[other][0]), language)
    assert found["fidelity.subject_language"] is Severity.BLOCK


FOREIGN_SENTENCES = [
    (language, other) for language in LETTERS for other in LETTERS if language != other
]


@pytest.mark.parametrize(("language", "other"), FOREIGN_SENTENCES)
def test_a_sentence_in_another_language_is_blocked(language: str, other: str) -> None:
    subject, body = LETTERS[language]
    sentence = LETTERS[other][1].split("\n\n")[0]
    found = rules(mail(f"{body}\n\n{body}\n\n{sentence}", language, subject), language)
    assert {"fidelity.foreign_sentence", "fidelity.foreign_script"} & set(found)


def test_the_name_of_a_product_may_stand_in_a_subject() -> None:
    for subject, language in (
        ("Pegel Oneのご紹介", "ja"),
        ("Pegel One 소개", "ko"),
        ("設備保全事例", "ja"),
        ("Pegel One 介紹", "zh-Hant"),
    ):
        assert rules(mail(LETTERS[language][1], language, subject), language) == {}


def test_a_sentence_in_another_language_is_told_of_a_lone_mail_too() -> None:
    sentence = "Wir freuen uns sehr darauf, Ihnen das neue Messgerät bald persönlich zu zeigen."
    view = MailView.from_text(f"{US_BODY}\n\n{sentence}")
    for each, told in ((True, {Severity.WARN}), (False, set())):
        context = ScreeningContext(each_sentence=each, now=NOW)
        found = screen(view, context, PACKS, "x").findings
        severities = {f.severity for f in found if f.rule == "fidelity.foreign_sentence"}
        assert severities == told
