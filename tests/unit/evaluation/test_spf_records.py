from __future__ import annotations

import pytest
from domain_samples import DOMAIN, PACK, checked, rules, sound, with_spf
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Severity, Verdict
from evaluation.providers.domain import check_domain
from evaluation.providers.records.answers import Kind
from evaluation.providers.records.given import GivenRecords
from evaluation.providers.records.spf_terms import is_spf, read_spf


@pytest.mark.parametrize(
    "term",
    [
        "all", "-all", "?all", "a", "+a", "a/24", "a//64", "a/24//64", "a:example.com",
        "a:example.com/24//64", "mx", "mx:example.com", "mx/28", "ptr", "ptr:example.com",
        "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "ip6:2001:db8::1",
        "include:_spf.example.com", "include:example.com.", "exists:%{i}._spf.%{d}",
        "exists:%{ir}.%{v}._spf.%{d2}", "redirect=_spf.example.com", "exp=explain.%{d}",
        "unknown-modifier=what%%ever", "INCLUDE:Example.COM", "include:%{d4}.spf.example.com",
    ],
)  # fmt: skip
def test_terms_of_the_standard_are_read(term: str) -> None:
    assert read_spf(f"v=spf1 {term}").faults == ()


@pytest.mark.parametrize(
    "term",
    [
        "al", "~al", "all:x", "ipv4:192.0.2.1", "ip4:192.0.2.999", "ip4:192.0.2.1/33", "ip4",
        "ip6:192.0.2.1", "ip6:2001:db8::/129", "a/33", "a//129", "a:", "a/", "include", "include:",
        "include:localhost", "include:exa mple.com"[:11], "exists", "include:%{x}.example.com",
        "include:100%.example.com", "redirect=", "192.0.2.1", "mx:example.com:25", "“v=spf1",
        "include;example.com", "-", "+", "include:example.com/24", "ip4:192.0.2.1,192.0.2.2",
    ],
)  # fmt: skip
def test_terms_that_break_the_grammar_are_faults_at_their_place(term: str) -> None:
    record = read_spf(f"v=spf1 a {term} -all")
    assert [record.text[item.span.start : item.span.end] for item in record.faults] == [term]


def test_redirect_may_stand_once() -> None:
    assert read_spf("v=spf1 redirect=a.example redirect=b.example").faults


@pytest.mark.parametrize(
    "record, is_one",
    [
        ("v=spf1", True), ("v=spf1 -all", True), ("V=SPF1 -all", True), ("v=spf10 -all", False),
        ('"v=spf1 -all"', False), (" v=spf1 -all", False), ("spf2.0/pra -all", False),
    ],
)  # fmt: skip
def test_what_is_an_spf_record(record: str, is_one: bool) -> None:
    assert is_spf(record) is is_one


def test_a_sound_record_says_nothing_and_counts() -> None:
    report = checked()
    assert not {rule for rule in rules(report) if rule.startswith("spf")}
    assert report.spf_lookups == 1
    assert report.records[f"SPF {DOMAIN}"] == (sound()[DOMAIN][Kind.TXT][1],)


def test_no_record_blocks() -> None:
    report = with_spf("something else")
    assert "spf_missing" in rules(report)
    assert report.verdict is Verdict.BLOCK
    assert report.spf_lookups is None


def test_a_record_in_quotation_marks_is_none_and_the_reason_is_told() -> None:
    found = rules(with_spf('"v=spf1 -all"'))
    assert "spf_not_one" in found
    assert "spf_missing" not in found


def test_two_records_are_none() -> None:
    report = checked(
        {DOMAIN: {Kind.TXT: ["v=spf1 -all", "v=spf1 a -all"], Kind.MX: ["1 mx.x.example"]}}
    )
    assert "spf_several" in rules(report)


def test_lookups_are_counted_through_what_is_included() -> None:
    inner = "v=spf1 " + " ".join(f"exists:%{{i}}.n{n}.example.org" for n in range(4)) + " -all"
    report = with_spf(
        "v=spf1 include:one.example include:two.example -all", one_example=inner, two_example=inner
    )
    assert report.spf_lookups == 10
    assert "spf_lookups" not in rules(report)
    report = with_spf(
        "v=spf1 a:mx.pegelwerk.example include:one.example include:two.example -all",
        one_example=inner,
        two_example=inner,
    )
    assert report.spf_lookups == 11
    assert "spf_lookups" in rules(report)


def test_a_record_that_is_included_twice_counts_twice() -> None:
    report = with_spf(
        "v=spf1 include:one.example include:two.example -all",
        one_example="v=spf1 include:shared.example -all",
        two_example="v=spf1 include:shared.example -all",
        shared_example="v=spf1 a:mx.pegelwerk.example mx:pegelwerk.example -all",
    )
    assert report.spf_lookups == 8


def test_nothing_behind_all_counts() -> None:
    assert with_spf("v=spf1 -all include:nobody.example").spf_lookups == 0
    assert "spf_included_missing" not in rules(with_spf("v=spf1 -all redirect=nobody.example"))


def test_redirect_counts_and_ends_the_record() -> None:
    report = with_spf("v=spf1 redirect=one.example", one_example="v=spf1 ip4:192.0.2.1 -all")
    assert report.spf_lookups == 1
    assert "spf_no_end" not in rules(report)
    weak = with_spf("v=spf1 redirect=one.example", one_example="v=spf1 ip4:192.0.2.1 ?all")
    assert "spf_neutral" in rules(weak)


def test_names_that_lead_nowhere_are_counted() -> None:
    nowhere = " ".join(f"a:no{n}.example.org" for n in range(3))
    assert "spf_voids" in rules(with_spf(f"v=spf1 {nowhere} -all"))
    assert "spf_voids" not in rules(with_spf("v=spf1 a:no1.example.org a:no2.example.org -all"))


@pytest.mark.parametrize(
    "record, rule",
    [
        ("v=spf1 +all", "spf_anybody"),
        ("v=spf1 all", "spf_anybody"),
        ("v=spf1 ip4:0.0.0.0/0 -all", "spf_wide"),
        ("v=spf1 ip4:192.0.2.0/4 -all", "spf_wide"),
        ("v=spf1 mx/0 -all", "spf_wide"),
        ("v=spf1 ?all", "spf_neutral"),
        ("v=spf1 redirect=_spf.post.example", ""),
        ("v=spf1 ip4:192.0.2.1", "spf_no_end"),
        ("v=spf1 ptr -all", "spf_ptr"),
        ("v=spf1 ip4:192.0.2.1 ~al", "spf_syntax"),
        ("v=spf1 include:nobody.example -all", "spf_included_missing"),
        (f"v=spf1 include:{DOMAIN} -all", "spf_loop"),
        ("v=spf1 " + " ".join(f"ip4:198.51.100.{n}" for n in range(40)) + " -all", "spf_long"),
    ],
)
def test_what_a_record_does_wrong(record: str, rule: str) -> None:
    found = {item for item in rules(with_spf(record)) if item.startswith("spf")}
    assert found == ({rule} if rule else set())


def test_an_included_record_that_lets_everybody_pass_is_told() -> None:
    report = with_spf("v=spf1 include:one.example -all", one_example="v=spf1 +all")
    assert "spf_anybody" in rules(report)


def test_an_included_domain_with_two_records_fails() -> None:
    report = checked({"_spf.post.example": {Kind.TXT: ["v=spf1 -all", "v=spf1 a -all"]}})
    assert "spf_included_several" in rules(report)


def test_many_mail_servers_fail() -> None:
    servers = {Kind.MX: [f"{n} mx{n}.many.example" for n in range(11)]}
    changes = {"many.example": servers, DOMAIN: {Kind.TXT: ["v=spf1 mx:many.example -all"]}}
    assert "spf_mx_names" in rules(checked(changes))


def test_the_place_is_the_term() -> None:
    report = with_spf("v=spf1 ip4:192.0.2.1 +all")
    finding = next(item for item in report.findings if item.rule == "domain.spf_anybody")
    span = finding.place.span
    assert span is not None
    assert report.records[f"SPF {DOMAIN}"][0][span.start : span.end] == "+all"
    assert finding.severity is Severity.WARN


def test_an_included_record_that_cannot_be_asked_is_not_missing() -> None:
    report = checked(silent=["_spf.post.example"])
    assert "spf_included_missing" not in rules(report)
    assert report.unanswered == ("TXT _spf.post.example",)


def test_records_that_include_one_another_without_end_are_left() -> None:
    """Each of ten names includes all others: some ten thousand millions of ways."""
    names = [f"n{n}.example" for n in range(10)]
    text = "v=spf1 " + " ".join(f"include:{name}" for name in names) + " -all"
    zone = {name: {Kind.TXT: [text]} for name in names}
    resolver = GivenRecords({**sound(), **zone, DOMAIN: {Kind.TXT: [text]}})
    report = check_domain(DOMAIN, resolver, PACK)
    assert {"spf_lookups", "spf_loop"} <= rules(report)
    assert len(resolver.asked) < 300


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_record_is_read(text: str) -> None:
    record = read_spf("v=spf1 " + text)
    for term in record.terms:
        assert 0 < term.span.start < term.span.end <= len(record.text)
    report = with_spf("v=spf1 " + text)
    assert report.spf_lookups is not None
