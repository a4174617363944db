from __future__ import annotations

import time
from typing import Any

import pytest
from evaluation_samples import NOW, US_BODY, message, page, sender
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.verdict import Severity
from evaluation import MailView, ScreeningContext, load_packs, screen
from evaluation.look import Look
from evaluation.rulefiles import Signal
from evaluation.spam.signals import SPAM_WARNING, SpamReport, judge_spam

PACKS = load_packs()
LEAD = "<p>Plants in your trade often find a worn bearing only when it is loud.</p>"
RECEIVED = (
    "from mail.plant.example (mail.plant.example [203.0.114.7]) by mx.reader.example with ESMTP "
    "id 4711; Sun, 22 Nov 2026 08:00:05 +0000"
)


def judged(view: MailView, language: str = "en", **context: Any) -> SpamReport:
    return judge_spam(Look(view, ScreeningContext(now=NOW, **context), PACKS, language))


def names(report: SpamReport) -> set[str]:
    """The signs that were seen."""
    return {share.signal.id for share in report.contributions}


def signs(html: str, subject: str = "Worn bearings") -> set[str]:
    return names(judged(MailView.from_html(f"<html lang='en'>{LEAD}{html}</html>", subject)))


@pytest.mark.parametrize(
    ("html", "signal"),
    [
        ('<div style="display:none">cheap offers for everybody today</div>', "spam.hidden_text"),
        ('<a href="https://evil.example.net/x">www.bank.com</a>', "spam.link_mismatch"),
        ('<a href="http://bank.com@evil.net/">Log in</a>', "spam.link_lookalike"),
        ('<a href="http://xn--pple-43d.com/">Log in</a>', "spam.link_lookalike"),
        ('<a href="http://micros0ft.com/">Log in</a>', "spam.link_lookalike"),
        ('<a href="http://arnazon.com/">Log in</a>', "spam.link_lookalike"),
        ('<a href="https://www.paypal.com.secure.example.net/">Log in</a>', "spam.link_lookalike"),
        (
            "<a href='https://\u0440\u0430\u0443\u0440\u0430l.com/'>Log in</a>",
            "spam.link_lookalike",
        ),
        ('<a href="http://192.0.2.7/x">Look</a>', "spam.link_ip"),
        ('<a href="http://3221225985/x">Look</a>', "spam.link_ip"),
        (
            '<a href="http://plant.example/%6c%6f%67%69%6e%6e%6f%77%6c%6f%67">Look</a>',
            "spam.link_escaped",
        ),
        ('<a href="http://xkqzwrtpl.example/">Look</a>', "spam.random_host"),
        ('<a href="https://bit.ly/abc">Look</a>', "spam.shortener"),
        ('<a href="https://bit.ly/abc">Look</a>', "spam.only_shortener"),
        ('<a href="https://plant.example:8443/">Look</a>', "spam.odd_port"),
        ('<a href="https://docs.google.com/forms/x">Unsubscribe</a>', "spam.borrowed_unsubscribe"),
        ("<p>Buy now!!! Really</p>", "spam.exclamation_run"),
        ("<p>V\u200bi\u200bagra</p>", "spam.broken_words"),
        ("<p>P\u0430ypal account</p>", "spam.broken_words"),
        ("<p>Get your F R E E copy</p>", "spam.spaced_words"),
        ("<p>vi<!-- x -->agra and ci<!-- y -->alis</p>", "spam.stuffed_words"),
        ("<p>" + "&#70;&#82;&#69;" * 20 + "</p>", "spam.coded_letters"),
        ("<script>open()</script>", "spam.active_content"),
        ("<form action='x'><input></form>", "spam.asks_in_form"),
        (
            "<link href='https://fonts.googleapis.com/css?family=A' rel='stylesheet'>",
            "spam.remote_fonts",
        ),
        (
            "<img width=1 height=1 src='https://one.example/p'>"
            "<img width=1 height=1 src='https://two.example.net/p'>",
            "spam.foreign_tracker",
        ),
        ("<p>Dear friend,</p>", "spam.en.impersonal"),
        ("<p>100% guaranteed, or your money-back guarantee</p>", "spam.en.money_back"),
        ("<p>Earn up to $5,000 a week from home</p>", "spam.en.big_money"),
        ("<p>Please verify your account within 24 hours</p>", "spam.en.account"),
    ],
)
def test_signals_are_seen(html: str, signal: str) -> None:
    assert signal in signs(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://www.bank.com/login">bank.com</a>',
        '<a href="https://mail.bank.co.uk/">www.bank.co.uk</a>',
        '<a href="https://track.example/?to=https://bank.com/">www.bank.com</a>',
        '<a href="{{ url }}">www.bank.com</a>',
        '<a href="https://plant.example/">Read more</a>',
        '<a href="https://www.amazon.de/">Amazon</a>',
        '<a href="https://www.paypal.com/de/home">PayPal</a>',
        '<a href="https://m\u00fcller-pumpen.de/">M\u00fcller</a>',
        '<a href="https://\u4f8b\u5b50.\u4e2d\u56fd/">\u4f8b</a>',
        '<a href="https://up5.com/">Up</a>',
        "<p>\U0001f469\u200d\U0001f527 at work</p>",
        "<p>Wartungs\u00adintervalle</p>",
        "<p>\u03bcm and k\u03a9 are units, \u0394T a difference</p>",
    ],
)
def test_honest_mails_have_no_such_signal(html: str) -> None:
    assert not {name for name in signs(html) if "link" in name or "broken" in name}


@pytest.mark.parametrize(
    ("changes", "signal"),
    [
        ({"drop": ("Date",)}, "spam.no_date"),
        ({"Date": "yesterday"}, "spam.no_date"),
        ({"Date": "Sun, 22 Nov 2026 09:00:00 -1700"}, "spam.absurd_zone"),
        ({"Date": "Sun, 22 Nov 2026 17:00:00 +0000", "Received": RECEIVED}, "spam.late_date"),
        ({"Date": "Sun, 15 Nov 2026 09:00:00 +0000", "Received": RECEIVED}, "spam.early_date"),
        ({"drop": ("Message-ID",)}, "spam.no_message_id"),
        ({"Message_ID": "<abc@localmachine>"}, "spam.odd_message_id"),
        (
            {"Message_ID": "<20261122.4711@mx.reader.example>", "Received": RECEIVED},
            "spam.borrowed_message_id",
        ),
        ({"drop": ("To",)}, "spam.no_recipient"),
        ({"To": "Undisclosed recipients:;"}, "spam.unnamed_recipients"),
        (
            {"To": ", ".join(f"a{n}@firm{n}.example" for n in range(9))},
            "spam.many_recipients",
        ),
        ({"drop": ("From",)}, "spam.forged_sender"),
        ({"From": '"service@bank.com" <x@evil.example>'}, "spam.forged_sender"),
        ({"From": "PayPal Service <x@evil.example>"}, "spam.borrowed_name"),
        ({"From": "jo98765@gmail.com"}, "spam.freemail_sender"),
        ({"From": "jo98765@gmail.com"}, "spam.random_sender"),
        ({"From": "jo@gmail.com", "Received": RECEIVED}, "spam.freemail_forged"),
        ({"Reply_To": "me@gmail.com"}, "spam.freemail_reply"),
        ({"subject": "Re: your machine"}, "spam.fake_reply"),
        ({"subject": "WORN BEARINGS AGAIN"}, "spam.shouting_subject"),
        ({"subject": "See www.plant.example"}, "spam.subject_url"),
        ({"subject": "Worn bearings            kqx7731"}, "spam.padded_subject"),
        ({"subject": "nice picture aFTkNqJnKdMf"}, "spam.coded_subject"),
        ({"subject": "bearing " * 40}, "spam.long_subject"),
        ({"subject": ""}, "spam.no_subject"),
        ({"X_Priority": "1 (Highest)"}, "spam.urgent_priority"),
        ({"X_MSMail_Priority": "Normal"}, "spam.false_program"),
        (
            {"html": page("Something entirely different stands here for all readers.", "en")},
            "spam.parts_differ",
        ),
        ({"html": '<html lang="en"><img src="a.png"></html>'}, "spam.image_only"),
    ],
)
def test_signals_of_a_message(changes: dict[str, Any], signal: str) -> None:
    assert signal in names(judged(MailView.from_bytes(message("US", **changes))))


def test_words_behind_the_end_of_the_page_are_seen() -> None:
    view = MailView.from_html(f"<html>{LEAD}</html> words that only a filter reads")
    assert "spam.after_end" in names(judged(view))


def test_duplicate_headers_are_seen() -> None:
    raw = b"Subject: one\nSubject: two\n" + message("US", drop=("Subject",))
    assert "spam.duplicate_headers" in names(judged(MailView.from_bytes(raw)))


def test_a_choice_of_forms_without_plain_text_is_seen() -> None:
    raw = (
        b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/alternative; boundary="k"\n\n'
        b"--k\nContent-Type: text/html\n\n<html><body>Hello</body></html>\n--k--\n"
    )
    assert "spam.hollow_alternative" in names(judged(MailView.from_bytes(raw)))
    assert "spam.hollow_alternative" not in names(judged(MailView.from_bytes(message("US"))))


def test_the_from_address_of_a_campaign_is_the_record() -> None:
    view = MailView.from_bytes(message("US"))
    found = judged(view, in_campaign=True, sender=sender())
    assert "spam.forged_sender" in {f.rule for f in found.findings if f.severity is Severity.BLOCK}


def test_words_alone_never_block() -> None:
    text = (
        "Dear friend, you have won the lottery! Act now!!! 100% guaranteed, risk-free, "
        "million dollars, extra cash, viagra, weight loss, this is not spam. "
    ) * 3
    found = judged(MailView.from_text(text))
    assert found.score >= SPAM_WARNING
    assert "spam.score" in {f.rule for f in found.findings}
    assert not [f for f in found.findings if f.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    "changes",
    [
        {"test": "", "phrases": ["act now"]},
        {"honest": True, "quiet": True},
        {"grade": "folklore"},
    ],
)
def test_a_rule_file_cannot_make_words_or_hints_block(changes: dict[str, Any]) -> None:
    deceptive = next(
        item for pack in PACKS.spam.values() for item in pack.signals if item.deceptive
    )
    assert deceptive.severity is Severity.BLOCK
    with pytest.raises(ValidationError, match="only deceptive structure may block"):
        Signal.model_validate(deceptive.model_dump() | changes)


def test_an_honest_mail_is_hardly_spam() -> None:
    assert judged(MailView.from_bytes(message("US"))).score < 100
    assert not judged(MailView.from_bytes(message("DE")), "de").reasons


def test_an_edition_is_not_measured_by_headers_that_it_does_not_have_yet() -> None:
    parts = {"subject": "Worn bearings", "text": US_BODY}
    without = judged(MailView.from_parts(**parts))
    edition = MailView.from_parts(**parts, headers={"From": f"Jo <{sender().from_address}>"})
    before = judged(edition, in_campaign=True, sender=sender())
    assert without.score == before.score


def test_the_reasons_are_words_and_the_heaviest_comes_first() -> None:
    html = "<p>Dear friend, you have won the lottery!</p><a href='http://192.0.2.7/x'>Look</a>"
    report = judged(MailView.from_html(f"<html>{html}</html>", "WIN WIN WIN NOW"))
    raised = [share for share in report.contributions if share.log_odds > 0.1]
    assert len(report.reasons) == len(raised)
    assert all(
        f"({share.signal.id})" in said for said, share in zip(report.reasons, raised, strict=True)
    )
    assert [share.log_odds for share in raised] == sorted(
        (share.log_odds for share in raised), reverse=True
    )


def test_findings_are_said_in_the_readers_language() -> None:
    view = MailView.from_html("<p>Hello</p><a href='http://192.0.2.7/x'>Look</a>", "Hello")
    chinese = judged(view, say="zh-Hans")
    found = next(item for item in chinese.findings if item.rule == "spam.link_ip")
    assert found.message.startswith("链接直接指向")
    assert all(any("\u4e00" <= char <= "\u9fff" for char in said) for said in chinese.reasons)


def test_a_phrase_is_shown_where_it_stands() -> None:
    text = "Good day.\n\nThis is your  last\nchance to order."
    report = judged(MailView.from_text(text))
    found = next(item for item in report.findings if item.rule == "spam.en.urgency")
    assert found.severity is Severity.NOTE
    assert found.place.span is not None
    assert found.place.span.of(text) == "last\nchance"


def test_words_are_those_of_the_mails_language_or_of_all() -> None:
    view = MailView.from_text("Sie haben gewonnen")
    assert "spam.de.fortune" in names(judged(view, "de"))
    assert "spam.de.fortune" in names(judged(view, ""))
    assert "spam.de.fortune" not in names(judged(view, "fr"))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400), st.text(max_size=2000), st.sampled_from(["", "en", "zh-Hans", "ar"]))
def test_any_text_has_a_score(subject: str, body: str, language: str) -> None:
    for view in (
        MailView.from_parts(subject=subject, text=body, html=f"<p>{body}</p>"),
        MailView.from_bytes(f"Subject: {subject}\n\n{body}".encode("utf-8", "replace")),
    ):
        report = judged(view, language)
        assert 0 <= report.score <= 1000
        for finding in report.findings:
            span = finding.place.span
            assert span is None or 0 <= span.start <= span.end


@pytest.mark.parametrize(
    "piece",
    [
        "! ",
        "F R E E ",
        "a" * 50,
        "<",
        "$1,1",
        "a <!--",
        "www.",
        "\u200ba",
        "x@",
        "re: ",
        "1.1.1",
        " \t",
    ],
)
def test_hostile_repetition_takes_little_time(piece: str) -> None:
    body = piece * (300_000 // len(piece))
    headers = f"Received: from {piece * 400} by x; {piece}\nDate: {piece * 400}\n".replace("\t", "")
    raw = f"From: {piece * 400}\nSubject: {piece * 400}\n{headers}\n{body}".encode()
    views = [MailView.from_bytes(raw), MailView.from_parts(subject=body, html=body, text=body)]
    for view in views:
        assert view.page is not None  # reading it is another room's matter
        assert view.links is not None
        began = time.process_time()
        judged(view, "")
        assert time.process_time() - began < 2.0


@pytest.mark.parametrize("language", sorted(set(PACKS.spam) - {""}))
def test_every_language_knows_money_and_urgency(language: str) -> None:
    themes = {signal.id.rpartition(".")[2] for signal in PACKS.spam[language].signals}
    assert themes & {"money", "big_money"}
    assert "urgency" in themes


def test_every_sign_says_in_chinese_too_what_it_saw() -> None:
    for pack in PACKS.spam.values():
        for signal in pack.signals:
            assert {"", "zh-Hans"} <= set(signal.message)
            assert signal.source


def test_screening_takes_score_and_reasons_over() -> None:
    found = screen(
        MailView.from_text("Dear friend, earn $5,000 a day!!!"),
        ScreeningContext(now=NOW, language="en"),
        PACKS,
        "x",
    )
    assert found.spam_score > 0
    assert any("spam.en.impersonal" in reason for reason in found.spam_reasons)
