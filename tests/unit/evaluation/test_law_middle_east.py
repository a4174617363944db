"""One lawful mail to each country of the Middle East, and what each law says when something is
wrong with it. All senders are invented."""

from __future__ import annotations

import pytest
from law_samples import severities, takes_address, without

from contracts.verdict import Severity

AE = """مرحباً أستاذة سارة،

كثير من المصانع لا يكتشف تلف المحامل إلا عندما يعلو صوتها. قياس الاهتزاز يظهر التغير قبل أسابيع.

هل يناسبكم اتصال قصير الأسبوع المقبل؟

ليلى حداد

شركة بيغل للقياس ذ.م.م
مكتب 1204، برج الندى، شارع الزيزفون، دبي
هاتف: ‎+971 4 555 0120، بريد: info@pegel.example
تصلكم هذه الرسالة لأنكم وافقتم على تلقي معلوماتنا.
سياسة الخصوصية: https://pegel.example/privacy
إذا كنتم لا ترغبون في تلقي رسائلنا فيمكنكم إلغاء الاشتراك هنا: https://pegel.example/u/abc123
"""

SA = AE.replace(
    "مكتب 1204، برج الندى، شارع الزيزفون، دبي",
    "7425 طريق الزيزفون، حي الندى، الرياض 12214\nالسجل التجاري: 1010999998",
)

IL = """שלום דנה,

מפעלים רבים מגלים שמסב נשחק רק כשהוא מתחיל להרעיש. מדידת רעידות מראה זאת שבועות קודם לכן.

האם נוכח לקבוע שיחה קצרה בשבוע הבא?

נועה ברק

הודעה זו היא דבר פרסומת מאת פגל מדידות בע"מ.
רחוב התרזה 14, חיפה 3303142
טלפון: 04-555-0120, דוא"ל: info@pegel.example
קיבלת הודעה זו מכיוון שהסכמת לקבל מאיתנו מידע.
באפשרותך להודיע בכל עת על סירובך לקבל דברי פרסומת.
מדיניות הפרטיות: https://pegel.example/privacy
להסרה מרשימת התפוצה לחצו כאן: https://pegel.example/u/abc123
"""

MAILS = {
    "AE": ("ar", "كيف تكتشفون تلف المحامل مبكراً", AE),
    "SA": ("ar", "كيف تكتشفون تلف المحامل مبكراً", SA),
    "IL": ("he", "פרסומת איך לגלות שחיקה מוקדם יותר", IL),
}


def found(country: str, subject: str, body: str) -> dict[str, Severity]:
    return severities(country, MAILS[country][0], subject, body)


@pytest.mark.parametrize("country", MAILS)
def test_a_lawful_mail_has_no_finding(country: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, body) == {}


@pytest.mark.parametrize(
    "subject",
    ["איך לגלות שחיקה", "איך לגלות שחיקה (פרסומת)", "פרסומתית: איך לגלות שחיקה", "AD: שחיקה"],
)
def test_israel_wants_its_word_in_front(subject: str) -> None:
    assert found("IL", subject, IL)["il.subject_label"] is Severity.BLOCK


@pytest.mark.parametrize(
    "front", ["(פרסומת) ", "[פרסומת] ", "פרסומת: ", "פרסומת - ", "\u200fפרסומת: "]
)
def test_israel_takes_the_word_bare_or_bracketed(front: str) -> None:
    assert found("IL", front + "איך לגלות שחיקה", IL) == {}


@pytest.mark.parametrize(
    ("country", "words", "rule"),
    [
        ("AE", ("شركة بيغل",), "ae.legal_name"),
        ("AE", ("إلغاء الاشتراك",), "ae.unsubscribe"),
        ("SA", ("شركة بيغل",), "sa.legal_name"),
        ("SA", ("إلغاء الاشتراك",), "sa.unsubscribe"),
        ("IL", ('בע"מ',), "il.legal_name"),
        ("IL", ("להסרה", "סירובך"), "il.unsubscribe"),
        ("IL", ("info@",), "il.refusal_address"),
        ("IL", ("info@",), "il.contact"),
    ],
)
def test_what_is_left_out_blocks(country: str, words: tuple[str, ...], rule: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, without(body, *words))[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("country", "words", "rule"),
    [
        ("SA", ("الخصوصية",), "sa.privacy"),
        ("IL", ("רחוב",), "il.postal_address"),
        ("IL", ("סירובך",), "il.right_to_refuse"),
    ],
)
def test_what_is_left_out_warns(country: str, words: tuple[str, ...], rule: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, without(body, *words))[rule] is Severity.WARN


@pytest.mark.parametrize(
    ("country", "line", "rule"),
    [
        ("AE", "يسري إلغاء الاشتراك خلال 10 أيام عمل.", "ae.unsubscribe_terms"),
        ("SA", "إلغاء الاشتراك يتطلب تسجيل الدخول وكلمة المرور.", "sa.unsubscribe_terms"),
        ("SA", "يسري إلغاء الاشتراك خلال 14 يوماً.", "sa.unsubscribe_time"),
        ("IL", "ההסרה תיכנס לתוקף תוך 14 ימים.", "il.unsubscribe_terms"),
    ],
)
def test_a_refusal_made_hard(country: str, line: str, rule: str) -> None:
    _, subject, body = MAILS[country]
    assert found(country, subject, body + line + "\n")[rule] is Severity.BLOCK


@pytest.mark.parametrize(
    ("country", "subject", "rule"),
    [
        ("AE", "فاتورتكم مستحقة الدفع", "ae.pretence"),
        ("SA", "الفرصة الأخيرة: اليوم فقط", "sa.urgent_subject"),
        ("IL", "פרסומת החשבון שלך נחסם", "il.pretence"),
    ],
)
def test_subjects_that_warn(country: str, subject: str, rule: str) -> None:
    assert found(country, subject, MAILS[country][2])[rule] is Severity.WARN


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("Office 1204, Al Nada Tower, Lime Road, Dubai, UAE", True),
        ("7425 Lime Road, Al Nada District, Riyadh 12214-3100", True),
        ("14 HaTirza St., Haifa 3303142, Israel", True),
        ("התרזה 14, חיפה", True),
        ("رحلة عمل إلى دبي", False),
        ("P.O. Box 12345, Dubai, UAE", False),
        ("ת.ד. 1234, חיפה", False),
        ("ص.ب. 120، دبي", False),
        ("Riyadh 12214", False),
        ("חיפה 3303142", False),
    ],
)
def test_addresses(text: str, complete: bool) -> None:
    assert takes_address(text) is complete
