from __future__ import annotations

import pytest
from evaluation_samples import NOW, US_BODY, message, page, sender
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Screening, Severity
from evaluation import MailView, ScreeningContext, load_packs, screen

PACKS = load_packs()
LEAD = "<p>Plants in your trade often find a worn bearing only when it is loud.</p>"


def screened(view: MailView, **context: object) -> Screening:
    return screen(view, ScreeningContext(now=NOW, **context), PACKS, "x")  # type: ignore[arg-type]


def reasons(html: str, subject: str = "Worn bearings") -> tuple[str, ...]:
    return screened(
        MailView.from_html(f"<html lang='en'>{LEAD}{html}</html>", subject)
    ).spam_reasons


@pytest.mark.parametrize(
    ("html", "signal"),
    [
        ('<div style="display:none">cheap offers for everybody today</div>', "spam.hidden_text"),
        ('<a href="https://evil.example.net/x">www.bank.com</a>', "spam.link_mismatch"),
        ('<a href="http://bank.com@evil.net/">Log in</a>', "spam.link_lookalike"),
        ('<a href="http://xn--pple-43d.com/">Log in</a>', "spam.link_lookalike"),
        ('<a href="http://192.0.2.7/x">Look</a>', "spam.link_ip"),
        ('<a href="https://bit.ly/abc">Look</a>', "spam.shortener"),
        ('<a href="https://plant.example:8443/">Look</a>', "spam.odd_port"),
        ("<p>Buy now!!! Really</p>", "spam.exclamation_run"),
        ("<p>V\u200bi\u200bagra</p>", "spam.broken_words"),
        ("<p>P\u0430ypal account</p>", "spam.broken_words"),
        ("<form action='x'><input></form>", "spam.active_content"),
        (
            "<link href='https://fonts.googleapis.com/css?family=A' rel='stylesheet'>",
            "spam.remote_fonts",
        ),
        ("<p>Dear friend,</p>", "spam.en.impersonal"),
        ("<p>100% guaranteed, or your money-back guarantee</p>", "spam.en.money_back"),
    ],
)
def test_signals_are_seen(html: str, signal: str) -> None:
    assert signal in reasons(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://www.bank.com/login">bank.com</a>',
        '<a href="https://mail.bank.co.uk/">www.bank.co.uk</a>',
        '<a href="https://track.example/?to=https://bank.com/">www.bank.com</a>',
        '<a href="{{ url }}">www.bank.com</a>',
        '<a href="https://plant.example/">Read more</a>',
        "<p>\U0001f469\u200d\U0001f527 at work</p>",
        "<p>Wartungs\u00adintervalle</p>",
    ],
)
def test_honest_mails_have_no_such_signal(html: str) -> None:
    assert not {r for r in reasons(html) if "link" in r or "broken" in r}


@pytest.mark.parametrize(
    ("changes", "signal"),
    [
        ({"drop": ("Date",)}, "spam.no_date"),
        ({"Date": "yesterday"}, "spam.no_date"),
        ({"drop": ("Message-ID",)}, "spam.no_message_id"),
        ({"drop": ("To",)}, "spam.no_recipient"),
        ({"drop": ("From",)}, "spam.forged_sender"),
        ({"From": '"service@bank.com" <x@evil.example>'}, "spam.forged_sender"),
        ({"Reply_To": "me@gmail.com"}, "spam.freemail_reply"),
        ({"subject": "Re: your machine"}, "spam.fake_reply"),
        ({"subject": "WORN BEARINGS AGAIN"}, "spam.shouting_subject"),
        ({"subject": "See www.plant.example"}, "spam.subject_url"),
        ({"subject": ""}, "spam.no_subject"),
        (
            {"html": page("Something entirely different stands here for all readers.", "en")},
            "spam.parts_differ",
        ),
        ({"html": '<html lang="en"><img src="a.png"></html>'}, "spam.image_only"),
    ],
)
def test_signals_of_a_message(changes: dict[str, object], signal: str) -> None:
    view = MailView.from_bytes(message("US", **changes))  # type: ignore[arg-type]
    assert signal in screened(view).spam_reasons


def test_duplicate_headers_are_seen() -> None:
    raw = b"Subject: one\nSubject: two\n" + message("US", drop=("Subject",))
    assert "spam.duplicate_headers" in screened(MailView.from_bytes(raw)).spam_reasons


def test_the_from_address_of_a_campaign_is_the_record() -> None:
    view = MailView.from_bytes(message("US"))
    found = screened(view, in_campaign=True, sender=sender(), language="en")
    assert "spam.forged_sender" in {f.rule for f in found.findings if f.severity is Severity.BLOCK}


def test_words_alone_never_block() -> None:
    text = (
        "Dear friend, you have won the lottery! Act now!!! 100% guaranteed, risk-free, "
        "million dollars, extra cash, viagra, weight loss, this is not spam. "
    ) * 3
    found = screened(MailView.from_text(text))
    assert found.spam_score >= 500
    assert "spam.score" in {f.rule for f in found.findings}
    assert not [f for f in found.findings if f.severity is Severity.BLOCK]


def test_only_deceptive_signals_block() -> None:
    for pack in PACKS.spam.values():
        for signal in pack.signals:
            assert not (signal.deceptive and signal.patterns)


def test_an_honest_mail_scores_nothing() -> None:
    assert screened(MailView.from_bytes(message("US"))).spam_score == 0


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(["free quote", "act now", "!!!", "dear friend", "viagra"]), max_size=8)
)
def test_more_signs_never_score_less(extra: list[str]) -> None:
    plain = screened(MailView.from_text(US_BODY), language="en").spam_score
    more = screened(MailView.from_text(US_BODY + " ".join(extra)), language="en").spam_score
    assert 0 <= plain <= more <= 1000
