from __future__ import annotations

import base64

import pytest
from domain_samples import DOMAIN, PACK, checked, der, rsa_key, rules, sound
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import BadInput
from contracts.verdict import Severity, Verdict
from evaluation.providers.domain import check_domain, domain_of
from evaluation.providers.records.answers import Kind
from evaluation.providers.records.dkim import rsa_bits
from evaluation.providers.records.given import GivenRecords
from evaluation.providers.tags import read_tags
from interface.cli.screen_domain import domain_row

RUA = f"rua=mailto:d@{DOMAIN}"
NONE = {"dmarc_none", "bimi_unenforced"}
DMARC = f"_dmarc.{DOMAIN}"
ED25519 = base64.b64encode(b"k" * 32).decode()
KEY = f"s1._domainkey.{DOMAIN}"


def test_a_domain_in_order_passes_with_nothing_to_say() -> None:
    report = checked()
    assert report.findings == ()
    assert report.verdict is Verdict.PASS
    assert report.unanswered == ()
    assert {code for code, _ in report.not_judged} == {"spf_senders", "mta_sts", "sending_server"}


def test_a_domain_that_is_not_there_is_said_once() -> None:
    report = check_domain("nobody.example", GivenRecords({}), PACK)
    assert rules(report) == {"no_name"}
    assert report.verdict is Verdict.BLOCK


def test_bulk_senders_need_all_three() -> None:
    report = check_domain(DOMAIN, GivenRecords({DOMAIN: {Kind.A: ["192.0.2.1"]}}), PACK, ["s1"])
    blocks = {f.rule for f in report.findings if f.severity is Severity.BLOCK}
    assert blocks == {"domain.spf_missing", "domain.dkim_missing", "domain.dmarc_missing"}


def test_without_a_selector_dkim_is_not_judged() -> None:
    report = checked(selectors=())
    assert "dkim" in {code for code, _ in report.not_judged}
    assert report.verdict is Verdict.PASS


class TestMailServers:
    @pytest.mark.parametrize(
        "kinds, rule, severity",
        [
            ({Kind.MX: ["0 ."]}, "null_mx", Severity.BLOCK),
            ({Kind.MX: ["0 .", f"10 mx.{DOMAIN}"]}, "null_mx_among", Severity.WARN),
            ({Kind.A: ["192.0.2.1"]}, "mx_implicit", Severity.WARN),
            ({Kind.AAAA: ["2001:db8::1"]}, "mx_implicit", Severity.WARN),
            ({}, "mx_missing", Severity.BLOCK),
            ({Kind.MX: ["10 192.0.2.1"]}, "mx_address", Severity.WARN),
            ({Kind.MX: [f"10 gone.{DOMAIN}"]}, "mx_lost", Severity.WARN),
        ],
    )
    def test_what_is_wrong_with_them(
        self, kinds: dict[Kind, list[str]], rule: str, severity: Severity
    ) -> None:
        report = checked({DOMAIN: {Kind.TXT: ["v=spf1 -all"], **kinds}})
        assert {(f.rule, f.severity) for f in report.findings} == {(f"domain.{rule}", severity)}

    def test_a_server_that_does_not_answer_is_not_lost(self) -> None:
        report = checked(silent=[f"mx.{DOMAIN}"])
        assert rules(report) == set()
        assert "mx" in {code for code, _ in report.not_judged}
        assert report.unanswered == ()  # it decides nothing


class TestKeys:
    @pytest.mark.parametrize(
        "record, rule, severity",
        [
            (f"v=DKIM1; k=rsa; p={rsa_key(2048)}", "", None),
            (f"p={rsa_key(4096)}", "", None),
            (f"v=DKIM1; h=sha1:sha256; s=email; t=s; p={rsa_key(2048, bare=True)}", "", None),
            (f"v=DKIM1; p={rsa_key(2048)[:60]} {rsa_key(2048)[60:]}", "", None),
            (f"v=DKIM1; p={rsa_key(1024)}", "dkim_shortish", Severity.NOTE),
            (f"v=DKIM1; p={rsa_key(768)}", "dkim_short", Severity.BLOCK),
            (f"v=DKIM1; p={rsa_key(512, bare=True)}", "dkim_short", Severity.BLOCK),
            ("v=DKIM1; p=", "dkim_revoked", Severity.BLOCK),
            (f"v=DKIM1; t=y:s; p={rsa_key(2048)}", "dkim_testing", Severity.WARN),
            (f"v=DKIM1; h=sha1; p={rsa_key(2048)}", "dkim_hash", Severity.BLOCK),
            (f"v=DKIM1; s=tlsrpt; p={rsa_key(2048)}", "dkim_service", Severity.BLOCK),
            ("v=DKIM1; k=dsa; p=AAAA", "dkim_kind", Severity.BLOCK),
            (f"v=DKIM1; k=ed25519; p={ED25519}", "dkim_ed25519", Severity.WARN),
            ("v=DKIM1; k=ed25519; p=AAAA", "dkim_broken", Severity.BLOCK),
            ("v=DKIM1; p=this is no key", "dkim_broken", Severity.BLOCK),
            ("v=DKIM1; p=AAAA", "dkim_broken", Severity.BLOCK),
            ("v=DKIM1; k=rsa", "dkim_broken", Severity.BLOCK),
            (f"v=DKIM2; p={rsa_key(2048)}", "dkim_broken", Severity.BLOCK),
            (f"k=rsa; v=DKIM1; p={rsa_key(2048)}", "dkim_broken", Severity.BLOCK),
        ],
    )  # fmt: skip
    def test_what_a_key_is_good_for(
        self, record: str, rule: str, severity: Severity | None
    ) -> None:
        report = checked({KEY: {Kind.TXT: [record]}})
        found = {(f.rule, f.severity) for f in report.findings}
        assert found == ({(f"domain.{rule}", severity)} if rule else set())

    def test_two_keys_at_one_selector_block(self) -> None:
        two = [f"v=DKIM1; p={rsa_key(2048)}", f"v=DKIM1; p={rsa_key(4096)}"]
        assert rules(checked({KEY: {Kind.TXT: two}})) == {"dkim_several"}

    def test_every_selector_is_asked(self) -> None:
        report = checked(selectors=["S1", "s2", "a.b"])
        missing = [f.message for f in report.findings if f.rule == "domain.dkim_missing"]
        assert len(missing) == 2

    @pytest.mark.parametrize("selector", ["", "a b", "a;b", "..", "-a", "a/../b", "s1.\n"])
    def test_what_is_no_selector_is_refused(self, selector: str) -> None:
        if selector.strip().strip(".") == "s1":
            selector = "s1\nx"
        with pytest.raises(BadInput):
            checked(selectors=[selector])

    @given(st.integers(9, 5000), st.booleans())
    def test_the_length_is_that_of_the_modulus(self, bits: int, bare: bool) -> None:
        assert rsa_bits(base64.b64decode(rsa_key(bits, bare=bare))) == bits

    @given(st.binary(max_size=300))
    def test_what_is_no_key_has_no_length(self, data: bytes) -> None:
        assert rsa_bits(data) is None or data[:1] == b"\x30"
        assert rsa_bits(der(0x30, data)) is None or data[:1] in (b"\x02", b"\x30")


class TestPolicy:
    @pytest.mark.parametrize(
        "record, expected",
        [
            (f"p=reject; {RUA}", set()),
            (f"{RUA}; p=quarantine", set()),
            (f"p=none; {RUA}", NONE),
            ("p=reject", {"dmarc_no_reports"}),
            (f"p=rejected; {RUA}", {"dmarc_no_policy", *NONE}),
            (f"{RUA}", {"dmarc_no_policy", *NONE}),
            ("sp=none", {"dmarc_broken", "dmarc_no_reports", "bimi_unenforced"}),
            (f"p=reject; sp=none; {RUA}", {"dmarc_weaker_below"}),
            (f"p=reject; np=quarantine; {RUA}", {"dmarc_weaker_below"}),
            (f"p=reject; sp=all; {RUA}", {"dmarc_value"}),
            (f"p=none; sp=reject; {RUA}", NONE),
            ("p=reject; rua=d@pegelwerk.example", {"dmarc_address"}),
            ("p=reject; rua=mailto:a@x.pegelwerk.example!10m, mailto:b@pegelwerk.example", set()),
            ("p=reject; rua=mailto:d@reports.example", {"dmarc_not_agreed"}),
            (f"p=reject; adkim=s; {RUA}", {"dmarc_strict"}),
            (f"p=reject; pct=50; {RUA}", {"dmarc_percent"}),
            (f"p=reject; pct=100; ri=3600; {RUA}", {"dmarc_removed"}),
            (f"p=reject; t=y; {RUA}", {"dmarc_testing", "bimi_unenforced"}),
            (f"p=reject; policy=reject; {RUA}", {"dmarc_odd_tags"}),
            (f"p=reject; p=none; {RUA}", {"dmarc_odd_tags"}),
        ],
    )  # fmt: skip
    def test_what_a_record_says(self, record: str, expected: set[str]) -> None:
        assert rules(checked({DMARC: {Kind.TXT: [f"v=DMARC1; {record}"]}})) == expected

    def test_none_is_enough_for_the_providers(self) -> None:
        record = f"v=DMARC1; p=none; rua=mailto:d@{DOMAIN}"
        report = checked({DMARC: {Kind.TXT: [record]}})
        assert report.verdict is not Verdict.BLOCK

    def test_two_records_are_none(self) -> None:
        report = checked({DMARC: {Kind.TXT: ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}})
        assert "dmarc_several" in rules(report)

    @pytest.mark.parametrize(
        "record", ["v=DMARC2; p=none", "p=none; v=DMARC1", "DMARC1 p=none", ""]
    )
    def test_what_is_no_record_is_missing(self, record: str) -> None:
        assert "dmarc_missing" in rules(checked({DMARC: {Kind.TXT: [record]}}))

    def test_a_foreign_mailbox_that_agreed_gets_reports(self) -> None:
        record = "v=DMARC1; p=reject; rua=mailto:d@reports.example"
        agreed = {f"{DOMAIN}._report._dmarc.reports.example": {Kind.TXT: ["v=DMARC1"]}}
        assert rules(checked({DMARC: {Kind.TXT: [record]}, **agreed})) == set()

    def test_a_subdomain_takes_the_policy_of_its_organisation(self) -> None:
        news = f"news.{DOMAIN}"
        zone = {
            news: {Kind.TXT: ["v=spf1 -all"], Kind.A: ["192.0.2.1"], Kind.MX: [f"1 mx.{DOMAIN}"]}
        }
        record = f"v=DMARC1; p=reject; sp=none; rua=mailto:d@{DOMAIN}"
        report = checked({**zone, DMARC: {Kind.TXT: [record]}}, domain=news, selectors=())
        inherited = next(f for f in report.findings if f.rule == "domain.dmarc_inherited")
        assert "none" in inherited.message
        assert "dmarc_none" in rules(report)
        assert "dmarc_missing" not in rules(report)

    def test_the_walk_asks_eight_names_at_most(self) -> None:
        deep = ".".join(f"l{n}" for n in range(20)) + "." + DOMAIN
        resolver = GivenRecords({**sound(), deep: {Kind.MX: ["0 ."]}})
        check_domain(deep, resolver, PACK)
        asked = [name for name, _ in resolver.asked if name.startswith("_dmarc.")]
        assert asked[0] == f"_dmarc.{deep}"
        assert f"_dmarc.{DOMAIN}" in asked
        assert len(asked) <= 8

    def test_a_registrys_record_governs_only_where_nothing_nearer_does(self) -> None:
        registry = {
            "_dmarc.example": {Kind.TXT: ["v=DMARC1; p=reject; psd=y; rua=mailto:d@nic.example"]}
        }
        news = f"news.{DOMAIN}"
        zone = {news: {Kind.TXT: ["v=spf1 -all"], Kind.MX: [f"1 mx.{DOMAIN}"]}}
        report = checked({**zone, **registry}, domain=news, selectors=())
        assert f"DMARC {DOMAIN}" in report.records
        without = {name: kinds for name, kinds in sound().items() if name != DMARC}
        alone = check_domain(news, GivenRecords({**without, **zone, **registry}), PACK)
        assert "DMARC example" in alone.records


class TestTransport:
    @pytest.mark.parametrize(
        "name, record, expected",
        [
            ("_mta-sts", "v=STSv1;", {"sts_broken"}),
            ("_mta-sts", "v=STSv1; id=20-26", {"sts_broken"}),
            ("_smtp._tls", "v=TLSRPTv1; rua=tls@pegelwerk.example", {"tlsrpt_broken"}),
            ("_smtp._tls", "v=TLSRPTv1; rua=https://pegelwerk.example/tls", set()),
            ("_smtp._tls", "v=TLSRPTv1", {"tlsrpt_broken"}),
            ("_smtp._tls", "nothing", {"tlsrpt_missing_sts"}),
            ("_mta-sts", "nothing", {"sts_missing"}),
            ("default._bimi", "v=BIMI1; l=http://x.example/l.svg", {"bimi_broken"}),
            ("default._bimi", "v=BIMI1; l=https://x.example/l.svg", {"bimi_unproven"}),
            ("default._bimi", "v=BIMI1; l=; a=;", set()),
            ("default._bimi", "nothing", {"bimi_missing"}),
        ],
    )
    def test_what_these_records_say(self, name: str, record: str, expected: set[str]) -> None:
        report = checked({f"{name}.{DOMAIN}": {Kind.TXT: [record]}})
        assert rules(report) == expected
        assert report.verdict is not Verdict.BLOCK  # none is asked of a sender


class TestWhatCannotBeAsked:
    @pytest.mark.parametrize(
        "silent, topic, absent",
        [
            (DOMAIN, "spf", "spf_missing"),
            (DOMAIN, "mx", "mx_missing"),
            (KEY, "dkim", "dkim_missing"),
            (DMARC, "dmarc", "dmarc_missing"),
        ],
    )
    def test_is_not_absent(self, silent: str, topic: str, absent: str) -> None:
        report = checked(silent=[silent])
        assert absent not in rules(report)
        assert topic in {code for code, _ in report.not_judged}
        assert any(silent in question for question in report.unanswered)
        assert domain_row(report)["verdict"] is None  # silence is no pass

    def test_what_only_informs_does_not_decide(self) -> None:
        report = checked(
            silent=[f"_mta-sts.{DOMAIN}", f"_smtp._tls.{DOMAIN}", f"default._bimi.{DOMAIN}"]
        )
        assert report.unanswered == ()
        assert {"mta_sts", "tls_reports", "bimi"} <= {code for code, _ in report.not_judged}


@pytest.mark.parametrize(
    "text, domain",
    [
        ("Example.COM", "example.com"),
        (" jo@Example.com ", "example.com"),
        ("https://example.com/page?a=b@c", "example.com"),
        ("<jo@example.com>", "example.com"),
        ("müller.example", "xn--mller-kva.example"),
    ],
)
def test_a_domain_is_found_in_what_people_type(text: str, domain: str) -> None:
    assert domain_of(text) == domain


@pytest.mark.parametrize(
    "text", ["", "localhost", "co.uk", "192.0.2.1", "a b.example", "exa_mple.com", "@"]
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        domain_of(text)


def test_findings_are_said_in_chinese_where_asked() -> None:
    report = checked({DMARC: {Kind.TXT: [""]}}, say="zh-Hans")
    assert all(any("\u4e00" <= char <= "\u9fff" for char in f.message) for f in report.findings)


@settings(max_examples=100)
@given(st.lists(st.text(max_size=80), max_size=3), st.sampled_from(sorted(sound())))
def test_any_records_are_judged(texts: list[str], name: str) -> None:
    hostile = ["v=DMARC1; " + text for text in texts] + ["v=spf1 " + text for text in texts]
    for records in (texts, hostile, [f"v=DKIM1; p={text}" for text in texts[:1]]):
        kinds = {Kind.TXT: records, Kind.MX: [f"1 {text}" for text in texts]}
        report = checked({name: kinds})
        assert all(finding.message for finding in report.findings)


@given(st.text(alphabet="ab=; \t", max_size=60))
def test_a_tag_lies_where_its_span_says(text: str) -> None:
    for tag in read_tags(text).tags:
        part = text[tag.span.start : tag.span.end]
        assert part.partition("=")[0].strip() == tag.name
        assert part.partition("=")[2].strip() == tag.value
