"""What a bound leaves out of a mail is said, so that nothing hides behind it."""

from __future__ import annotations

import re

import pytest
from evaluation_samples import NOW, message

from contracts.verdict import Finding, Severity
from evaluation import MailView, ScreeningContext, load_packs, screen
from evaluation.cut_off import judge_cut_off
from evaluation.look import Look

PACKS = load_packs()
HEAD = b"From: a@e.example\nSubject: x\n"
PAGE = HEAD + b"Content-Type: text/html\n\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"


def found(view: MailView, say: str = "") -> list[Finding]:
    return list(judge_cut_off(Look(view, ScreeningContext(now=NOW, say=say), PACKS, "en")))


@pytest.mark.parametrize(
    "raw, said",
    [
        (HEAD + b"\n" + b"a line\n" * 200_000, "text of more than 1,000,000"),
        (PAGE + b"<p>words</p>" * 170_000, "HTML of more than 2,000,000"),
        (PAGE + b"<a href=//e.example>l</a>" * 10_001, "more than 10,000 links"),
        (PAGE + b"<a href=//e.example>l</a>" * 2_001, "links behind the first 2,000"),
        (PAGE + b"<!--" + b" " * 500_000 + b"--><p>x", "elements behind 500,000 characters"),
        (MIXED + b"--b\n\nwords\n" * 1_001, "more than 1,000 parts"),
        (HEAD + b"X-A: " + b"x" * 200_001 + b"\n\nx", "a header of more than 200,000"),
        (HEAD + b"X-A: y\n" * 2_001 + b"\nx", "more headers than are read"),
        (PAGE + b"<p " + b"".join(b"a%d=1 " % at for at in range(300)) + b">x", "attributes"),
    ],
)
def test_what_was_left_out_is_a_warning(raw: bytes, said: str) -> None:
    warned = [item for item in found(MailView.from_bytes(raw)) if item.severity is Severity.WARN]
    assert {item.rule for item in warned} == {"reading.cut_off"}
    assert any(said in item.message for item in warned)


@pytest.mark.parametrize(
    "raw",
    [
        message("US"),
        PAGE + b"<a href=//e.example>l</a>" * 2_000,
        HEAD + b"\n" + b"a line\n" * 4_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nnever closed",
        HEAD + b"Content-Type: text/plain; charset=utf-8\n\n\xff",
    ],
)
def test_what_was_read_whole_is_not_called_cut_off(raw: bytes) -> None:
    assert found(MailView.from_bytes(raw)) == []


def test_a_long_text_is_noted() -> None:
    (note,) = found(MailView.from_text("a line\n" * 5_000))
    assert (note.rule, note.severity) == ("reading.beginning", Severity.NOTE)
    assert "30,000" in note.message
    assert note.place.part == "text"


def test_screening_tells_it() -> None:
    context = ScreeningContext(now=NOW)
    view = MailView.from_bytes(PAGE + b"<a href=//e.example>l</a>" * 2_001)
    rules = {item.rule for item in screen(view, context, PACKS, "x").findings}
    assert "reading.cut_off" in rules


def test_it_is_said_in_both_languages() -> None:
    (note,) = found(MailView.from_text("a line\n" * 5_000), say="zh-Hans")
    assert re.search(r"[\u4e00-\u9fff]", note.message)
    for rule in PACKS.topics["reading"].rules:
        fields = {tag: set(re.findall(r"\{(\w+)\}", text)) for tag, text in rule.message.items()}
        assert fields["zh-Hans"] == fields[""]
