"""Where the links of a mail lead, as far as their addresses tell."""

from __future__ import annotations

import time

import pytest
from evaluation_samples import sender
from fitness_samples import HEAD, look, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Finding, Severity
from evaluation.fitness.addresses import faults, read_address
from evaluation.fitness.links import judge_links


def links(*pairs: tuple[str, str], text: str = "") -> list[Finding]:
    body = "".join(f'<p><a href="{href}">{label}</a></p>' for href, label in pairs)
    return list(judge_links(look(HEAD + body, text)))


@pytest.mark.parametrize(
    ("href", "rule"),
    [
        ("#", "empty"),
        ("", "empty"),
        ("https://", "empty"),
        ("about:blank", "empty"),
        ("#nowhere", "anchor"),
        ("javascript:void(0)", "script"),
        ("java\nscript:alert(1)", "script"),
        ("data:text/html;base64,PHA+", "script"),
        ("file:///C:/offer.pdf", "local"),
        ("C:\\offers\\a.pdf", "local"),
        ("\\\\server\\share\\a.pdf", "local"),
        ("http://localhost:8080/x", "local"),
        ("https://127.0.0.1/x", "local"),
        ("https://10.1.2.3/x", "local"),
        ("https://192.168.0.4/x", "local"),
        ("https://169.254.169.254/x", "local"),
        ("https://[::1]/x", "local"),
        ("https://[fd00::1]/x", "local"),
        ("https://0x7f.1/x", "local"),
        ("https://2130706433/x", "local"),
        ("https://017700000001/x", "local"),
        ("https://intranet/x", "local"),
        ("https://wiki.corp/x", "local"),
        ("https://printer.local/x", "local"),
        ("http://harborgauge.io/x", "insecure"),
        ("https://example.com/x", "sample_host"),
        ("https://shop.test/x", "sample_host"),
        ("https:/harborgauge.io/x", "malformed"),
        ("https//harborgauge.io/x", "malformed"),
        ("htps://harborgauge.io", "malformed"),
        ("https://https://harborgauge.io", "malformed"),
        ("https://harbor gauge.io/x", "malformed"),
        ("https://harborgauge..io/x", "malformed"),
        ("https://-gauge.io/x", "malformed"),
        ("https://[::1/x", "malformed"),
        ("https://harborgauge.io:99x/x", "malformed"),
        ("www.harborgauge.io", "relative"),
        ("harborgauge.io/trial", "relative"),
        ("/trial", "relative"),
        ("trial.html", "relative"),
        ("//harborgauge.io/x", "relative"),
        ("jo@harborgauge.io", "relative"),
        ("https://harborgauge.io/%7B%7Bpath%7D%7D", "placeholder"),
        ("https://harborgauge.io/x?c=%5B%5Bname%5D%5D", "placeholder"),
        ("https://harborgauge.io/x?c=*%7CFNAME%7C*", "placeholder"),
        ("https://harborgauge.io/x?utm_source=", "parameters"),
        ("https://harborgauge.io/x?utm_campaign=INSERT", "parameters"),
        ("https://harborgauge.io/x?utm_source=a&utm_source=b", "parameters"),
        ("https://harborgauge.io/x?a=1?utm_source=b", "parameters"),
        ("https://harborgauge.io/x?a=1&amp;amp;b=2", "parameters"),
        ("mailto:", "mailto"),
        ("mailto:jo", "mailto"),
        ("mailto:jo@h.io?attach=/etc/passwd", "mailto"),
        ("mailto:jo@h.io?subject=a?body=b", "mailto"),
        ("mailto:jo@h.io?subject=a b", "mailto"),
        ("mailto:jo@h.io?subject=a%0D%0ABcc:x@y.io", "mailto"),
        ("mailto:a@h.io,b@h.io,c@h.io,d@h.io,e@h.io,f@h.io", "mailto"),
        ("tel:", "phone"),
        ("tel:call-us", "phone"),
    ],
)
def test_each_fault_of_an_address_is_named(href: str, rule: str) -> None:
    found = links((href, "The measurements"))
    assert rules(found) == [rule]
    assert found[0].severity is not Severity.BLOCK


@pytest.mark.parametrize(
    "href",
    [
        "https://harborgauge.io",
        "https://www.harborgauge.io:443/a/b.html?x=1&y=2#part",
        "https://münchen-pumpen.de/straße",
        "https://例子.公司.cn/产品",
        "https://a_b.harborgauge.io/x",
        "HTTPS://Harborgauge.IO/X",
        "https://8.8.8.8/x",
        "https://harborgauge.io/x?utm_source=news&utm_campaign=spring",
        "https://harborgauge.io/go?to=https://other.io/",
        "mailto:jo@harborgauge.io",
        "mailto:jo@harborgauge.io?subject=Trial%20of%20Gauge&body=Dear%20Jo%0D%0A",
        "tel:+49-40-5550-120",
        "sms:+49405550120",
        "https://wa.me/4940555",
        "#top",
        "[[unsubscribe_url]]",  # for fidelity
        "https://harborgauge.io/x?c={{name}}",
    ],
)
def test_a_good_address_is_left_alone(href: str) -> None:
    assert links((href, "The measurements")) == []


def test_a_place_inside_of_the_mail_is_known() -> None:
    html = f'{HEAD}<h2 id="prices">Prices</h2><a href="#prices">To the prices</a>'
    assert list(judge_links(look(html))) == []


def test_a_link_without_any_address_is_told() -> None:
    (finding,) = judge_links(look(f'{HEAD}<a href="">Order now</a>'))
    assert finding.rule == "links.empty"
    assert "«Order now»" in finding.message


def test_one_finding_tells_of_all_links_of_its_kind_without_their_queries() -> None:
    found = links(*((f"http://h.io/{n}?mail=dana@plant.io", f"Page {n}") for n in range(5)))
    assert rules(found) == ["insecure"]
    assert "http://h.io/0, http://h.io/1, http://h.io/2 (+2)" in found[0].message
    assert found[0].place.span is not None


def test_an_invented_sender_may_link_to_nowhere() -> None:
    html = f'{HEAD}<a href="https://pegelwerk.example/x">The measurements</a>'
    assert rules(judge_links(look(html))) == ["sample_host"]
    assert list(judge_links(look(html, sender=sender(sample=True)))) == []


def test_one_label_leads_to_one_page() -> None:
    found = links(
        ("https://h.io/trial?utm_source=a", "Book a trial"),
        ("https://h.io/trial/?utm_source=b", "Book a trial"),
        ("https://h.io/demo", "Book a trial"),
    )
    assert rules(found) == ["same_label"]
    assert "h.io/trial, h.io/demo" in found[0].message
    same = links(("https://h.io/a#x", "Book"), ("https://www.h.io/a#y", "Book"))
    assert same == []


def test_general_labels_are_a_note_and_counted_clicks_are_not_compared() -> None:
    found = links(("https://h.io/a", "Weiterlesen"), ("https://h.io/b", "Weiterlesen »"))
    assert rules(found) == ["same_general_label"]
    assert found[0].severity is Severity.NOTE
    counted = [(f"https://click.h.io/c/a8f3k29dk3l4m5n6o7p{n}", "Book a trial") for n in range(3)]
    assert links(*counted) == []


def test_both_parts_lead_to_the_same_pages() -> None:
    pair = ("https://h.io/trial?utm_medium=html", "Book a trial")
    assert links(pair, text="Book: https://h.io/trial?utm_medium=text\nhttps://h.io") == []
    assert rules(links(pair, text="Nothing to see.")) == ["text_without"]
    assert rules(links(pair, text="Book: https://h.io/demo")) == ["parts_differ"]
    assert rules(links(pair, text="https://h.io/trial and https://other.io/")) == ["parts_differ"]
    assert links(pair) == []


def test_many_pages_bury_the_one_that_matters() -> None:
    found = links(*((f"https://h.io/{n}", f"Page number {n}") for n in range(16)))
    assert rules(found) == ["buried"]


def test_findings_are_worded_in_the_language_that_is_asked_for() -> None:
    (finding,) = judge_links(look(f'{HEAD}<a href="http://h.io/x">Die Messung</a>', say="zh-Hans"))
    assert "未加密" in finding.message


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80) | st.text(alphabet="htps:/.@[]%?#&=0x1a\\ ", max_size=60))
def test_any_text_is_an_address_of_some_kind(href: str) -> None:
    one = look(HEAD)
    pack = one.packs.topics["links"]
    known = {rule.id for rule in pack.rules}
    assert {f"links.{rule}" for rule in faults(read_address(href), pack, ())} <= known


def test_a_mail_with_very_many_links_is_judged_in_time() -> None:
    one = look(text="\n".join(f"http://h{n}.io/{'x' * (n % 50)}" for n in range(100_000)))
    assert len(one.view.links) == 10_000  # and no more are kept
    started = time.perf_counter()
    list(judge_links(one))
    assert time.perf_counter() - started < 3
