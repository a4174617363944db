from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from evaluation_samples import NOW, message
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.verdict import Finding, Severity
from evaluation import MailView, ScreeningContext, load_packs
from evaluation.look import Look
from evaluation.providers.authentication import read_authentication
from evaluation.providers.mail import provider_report
from evaluation.view.wire import read_wire

PACKS = load_packs()
ANY = {"line_over_78"}  # notes on every mail that a library makes
SIGNED = "v=1; a=rsa-sha256; d={d}; s=s1; h={h}; bh=aaaa; b=bbbb"
ALL = "from:to:subject:date:list-unsubscribe:list-unsubscribe-post"


def signature(domain: str = "harborgauge.example", headers: str = ALL, **tags: str) -> str:
    more = "".join(f"; {name}={value}" for name, value in tags.items())
    return SIGNED.format(d=domain, h=headers) + more


def look(raw: bytes, **context: Any) -> Look:
    return Look(MailView.from_bytes(raw), ScreeningContext(now=NOW, **context), PACKS, "en")


def findings(raw: bytes, **context: Any) -> dict[str, Finding]:
    found = provider_report(look(raw, **context)).findings
    return {item.rule.removeprefix("provider."): item for item in found}


def rules(raw: bytes, **context: Any) -> set[str]:
    return set(findings(raw, **context)) - ANY


def delivered(**headers: str) -> bytes:
    """A mail as a mailbox has it: signed and sent by its own domain, unless a header differs."""
    own = {
        "Return-Path": "<bounce@mail.harborgauge.example>",
        "Received": "from a by b; Mon, 02 Mar 2026 09:00:01 +0000",
        "DKIM-Signature": signature(),
    }
    given = own | {name.replace("_", "-"): value for name, value in headers.items()}
    drop = tuple(name for name, value in given.items() if not value)
    return message("US", drop=drop, **{name.replace("-", "_"): v for name, v in given.items() if v})


def test_a_mail_that_keeps_the_rules_has_nothing_said_of_it() -> None:
    assert rules(delivered()) == set()
    assert rules(message("US")) == set()
    assert rules(message("CN")) == set()


class TestSender:
    @pytest.mark.parametrize(
        "value, rule",
        [
            ("A <a@harborgauge.example>, B <b@harborgauge.example>", "one_from"),
            ("Jo <jo@localhost>", "from_domain"),
            ("Jo <jo@co.uk>", "from_domain"),
            ("Jo <jo@[192.0.2.1]>", "from_domain"),
            ("Jo <jo@harbor_gauge.example>", "from_domain"),
            (f"Jo <{'j' * 65}@harborgauge.example>", "from_domain"),
            ("Jo <jo@xn--exmple-4nf.com>", "mixed_script"),
            ("Re: Jo <jo@harborgauge.example>", "display_name"),
            ("Jo (2) <jo@harborgauge.example>", "display_name"),
            ("Harbor Gauge ✔ <jo@harborgauge.example>", "display_name"),
            ("URGENT Harbor Gauge <jo@harborgauge.example>", "display_name"),
            ("jo@gmail.com <jo@harborgauge.example>", "display_name"),
            ("Jo Reed <jo@gmail.com>", "freemail_from_lone"),
        ],
    )
    def test_what_from_does_wrong(self, value: str, rule: str) -> None:
        assert rules(message("US", From=value)) == {rule}

    @pytest.mark.parametrize(
        "value",
        [
            "jo@harborgauge.example",
            "Jo Reed, Harbor Gauge <jo@harborgauge.example>",
            "Müller & Söhne <info@müller.example>",
            "Ångström Metrics 24/7 <a@harborgauge.co.uk>",
        ],
    )
    def test_what_is_an_honest_sender(self, value: str) -> None:
        assert rules(message("US", From=value)) == set()

    def test_letters_beyond_ascii_before_the_at_are_told(self) -> None:
        raw = message("US").replace(b"<jo@harbor", "<jö@harbor".encode(), 1)
        assert rules(raw) == {"local_part", "raw_header"}

    def test_a_campaign_is_never_sent_by_a_free_provider(self) -> None:
        found = findings(message("US", From="Jo <jo@gmail.com>"), in_campaign=True)
        assert found["freemail_from"].severity is Severity.BLOCK

    def test_what_a_free_provider_sent_itself_is_its_own(self) -> None:
        raw = delivered(
            From="Jo <jo@gmail.com>",
            Return_Path="<jo@gmail.com>",
            DKIM_Signature=signature("gmail.com"),
        )
        assert rules(raw) == set()

    def test_answers_go_to_an_address(self) -> None:
        assert rules(message("US", Reply_To="Jo <jo@nowhere>")) == {"reply_domain"}


class TestAlignment:
    def test_a_subdomain_belongs_to_its_organisation(self) -> None:
        assert rules(delivered(DKIM_Signature=signature("mail.harborgauge.example"))) == set()

    def test_neighbours_below_a_public_suffix_do_not_belong_together(self) -> None:
        raw = delivered(
            From="Jo <jo@harbor.co.uk>",
            Return_Path="<b@post.co.uk>",
            DKIM_Signature=signature("post.co.uk"),
        )
        assert findings(raw)["unaligned"].severity is Severity.BLOCK

    def test_one_of_both_is_enough(self) -> None:
        assert rules(delivered(Return_Path="<b@post.example>")) == set()
        assert rules(delivered(DKIM_Signature=signature("post.example"))) == set()

    def test_neither_fails(self) -> None:
        raw = delivered(Return_Path="<b@post.example>", DKIM_Signature=signature("post.example"))
        found = findings(raw)["unaligned"]
        assert "post.example" in found.message
        assert "harborgauge.example" in found.message

    def test_a_mail_that_was_signed_but_not_delivered_may_still_be_aligned(self) -> None:
        raw = message("US", DKIM_Signature=signature("post.example"))
        assert rules(raw) == {"unaligned_signature"}
        raw = message("US", Return_Path="<b@post.example>")
        assert rules(raw) == {"unaligned_return_path"}

    def test_a_receiver_that_passed_it_is_believed(self) -> None:
        raw = delivered(
            Return_Path="<b@post.example>",
            DKIM_Signature=signature("post.example"),
            Authentication_Results="mx.plant.example; dmarc=pass (p=NONE) header.from=x",
        )
        assert rules(raw) == set()

    def test_bulk_mail_is_signed(self) -> None:
        found = findings(delivered(DKIM_Signature=""))
        assert found["unsigned_bulk"].severity is Severity.BLOCK
        found = findings(delivered(DKIM_Signature="", List_Unsubscribe=""))
        assert found["unsigned"].severity is Severity.WARN

    def test_a_bounce_has_no_sender_to_compare(self) -> None:
        assert rules(delivered(Return_Path="<>")) == set()

    def test_a_discussion_list_is_left_alone(self) -> None:
        raw = delivered(
            Return_Path="<list@lists.example>",
            DKIM_Signature=signature("lists.example"),
            List_Post="<mailto:list@lists.example>",
        )
        assert rules(raw) == set()
        assert "alignment" in dict(provider_report(look(raw)).not_judged)


class TestReceiver:
    @pytest.mark.parametrize(
        "results, rule",
        [
            ("mx.a.example; spf=pass; dkim=pass; dmarc=pass", ""),
            ("mx.a.example; spf=fail; dkim=pass; dmarc=pass", "auth_partly"),
            ("mx.a.example; dkim=fail header.d=x; dkim=pass header.d=y; dmarc=pass", ""),
            ("mx.a.example; spf=fail smtp.mailfrom=x; dmarc=fail (p=none)", "dmarc_failed"),
            ("mx.a.example 1; dmarc = fail (p=none; dis=none) header.from=x", "dmarc_failed"),
            ("mx.a.example; spf=pass; dmarc=none header.from=x", "dmarc_none"),
            ("mx.a.example; spf=fail; dkim=fail", "auth_failed"),
            ("mx.a.example; spf=softfail; dkim=pass", ""),
            ("mx.a.example; none", ""),
            ("mx.a.example (dmarc=fail); spf=pass", ""),
            ('mx.a.example; spf=pass reason="a; dmarc=fail"', ""),
            ("mx.a.example; dmarc=temperror", ""),
        ],
    )  # fmt: skip
    def test_what_it_found(self, results: str, rule: str) -> None:
        assert rules(delivered(Authentication_Results=results)) == ({rule} if rule else set())

    def test_only_the_last_receiver_counts(self) -> None:
        raw = b"Authentication-Results: mx.last.example; dmarc=fail\r\n"
        raw += delivered(Authentication_Results="mx.first.example; dmarc=pass")
        found = findings(raw)
        assert "mx.last.example" in found["dmarc_failed"].message


class TestSignature:
    @pytest.mark.parametrize(
        "value, rules_",
        [
            (signature(headers="from:to:subject:date:list-unsubscribe"), {"dkim_unsubscribe"}),
            (signature(headers=ALL.title().replace(":", " : ")), set()),
            (signature(headers=ALL.removeprefix("from:")), {"dkim_from"}),
            (signature(headers="from:list-unsubscribe:list-unsubscribe-post"), {"dkim_headers"}),
            (signature(l="100"), {"dkim_length"}),
            (signature().replace("sha256", "sha1"), {"dkim_sha1"}),
            (signature().replace("bh=aaaa; ", ""), {"dkim_broken"}),
            (signature(d="other.example"), {"dkim_broken"}),
            (signature(i="@other.example"), {"dkim_broken"}),
            (signature(i="jo@mail.harborgauge.example"), set()),
        ],
    )  # fmt: skip
    def test_what_is_wrong_with_it(self, value: str, rules_: set[str]) -> None:
        assert rules(delivered(DKIM_Signature=value)) == rules_

    def test_any_signature_may_cover_the_unsubscribe_headers(self) -> None:
        raw = b"DKIM-Signature: " + signature("post.example").encode() + b"\r\n"
        raw += delivered(DKIM_Signature=signature(headers="from:to:subject:date"))
        assert rules(raw) == set()


class TestSize:
    @dataclass
    class Attached:
        size: int
        name: str = "a.pdf"
        media_type: str = "application/pdf"
        data: bytes = b""
        disposition: str = "attachment"
        content_id: str = ""

    @pytest.mark.parametrize(
        "megabytes, rule",
        [(1, ""), (7, ""), (8, "size_servers"), (18, "size_servers"), (19, "size_total")],
    )
    def test_files_count_as_they_travel(self, megabytes: int, rule: str) -> None:
        """Base64 adds more than a third: 19 MB become 26."""
        view = SimpleNamespace(
            has_headers=False,
            html="<p>a</p>",
            text="a",
            size_bytes=9,
            header=lambda name: "",
            header_values=lambda name: (),
            attached=(self.Attached(megabytes * 1_000_000),),
            wire=None,
        )
        mail = Look(cast(MailView, view), ScreeningContext(now=NOW), PACKS, "en")
        found = {item.rule.removeprefix("provider.") for item in provider_report(mail).findings}
        assert found == ({rule} if rule else set())


class TestWire:
    OF_THE_WIRE = ANY | {"line_length", "raw_header", "long_word", "zero_octet"}

    def test_lines_are_measured_without_their_ends(self) -> None:
        raw = b"a: b\r\n\r\n" + b"x" * 998 + b"\r\n" + b"y" * 78 + b"\n"
        wire = read_wire(raw, b"", ())
        assert (wire.longest, wire.longest_line, wire.over_78) == (998, 3, 1)

    @pytest.mark.parametrize(
        "raw, rule",
        [
            (b"Subject: a\r\n\r\nshort\r\n", ""),
            (b"\r\n" + b"x" * 999, "line_length"),
            (b"\r\n" + b"x" * 998, "line_over_78"),
            (b"From: J\xc3\xb6 <a@b.example>\r\n\r\n", "raw_header"),
            (b"From: J\r\n \xc3\xb6 <a@b.example>\r\n\r\n", "raw_header"),
            (b"Subject: \xc3\xb6\r\n\r\n", ""),  # told with the signs of spam
            (b"A: b\r\n\r\n\xc3\xb6", ""),
            (b"A: =?utf-8?B?" + b"a" * 80 + b"?=\r\n\r\n", "long_word"),
            (b"A: b\r\n\r\na\0b", "zero_octet"),
        ],
    )
    def test_what_the_octets_show(self, raw: bytes, rule: str) -> None:
        found = set(findings(raw)) & self.OF_THE_WIRE
        found -= ANY if rule == "long_word" else set()
        assert found == ({rule} if rule else set())

    def test_lines_of_a_message_are_not_called_unseen(self) -> None:
        assert "lines" not in dict(provider_report(look(message("US"))).not_judged)

    @given(
        st.lists(st.one_of(st.binary(max_size=100), st.integers(70, 90).map(lambda n: b"x" * n)))
    )
    def test_any_octets_are_read(self, lines: list[bytes]) -> None:
        raw = b"\r\n".join(lines)
        wire = read_wire(raw, b"", ())
        lengths = [len(line.removesuffix(b"\r")) for line in raw.split(b"\n")]
        over = [length for length in lengths if length > 78]
        assert (wire.longest, wire.over_78) == (max(lengths), len(over))
        assert not wire.longest or lengths[wire.longest_line - 1] == wire.longest

    @pytest.mark.parametrize("begin", range(97, 100))
    def test_a_line_that_ends_where_two_pieces_meet_is_not_longer(self, begin: int) -> None:
        lines = b"x" * 98 + b"\r\n"
        raw = b"y" * (65_536 % 100 + begin - 100) + b"\r\n" + lines * 700
        assert read_wire(raw, b"", ()).longest == 98

    def test_hostile_lengths_take_no_time(self) -> None:
        for raw in (b"=?" * 2_000_000, b"\n" * 2_000_000, b"A: " + b"=?a?q?" * 400_000):
            read_wire(raw, raw, ())


def test_what_is_not_seen_is_said() -> None:
    page = Look(MailView.from_html("<p>Hello</p>"), ScreeningContext(now=NOW), PACKS, "en")
    assert {"sender", "reputation"} <= set(dict(provider_report(page).not_judged))
    unsent = dict(provider_report(look(message("US"))).not_judged)
    assert "not sent yet" in unsent["alignment"]
    sent = dict(provider_report(look(delivered())).not_judged)
    assert {"signature", "authentication"} <= set(sent)
    assert "alignment" not in sent


_HEADERS = st.sampled_from(
    ["From", "Return-Path", "DKIM-Signature", "Authentication-Results", "Reply-To", "Received"]
)
_VALUES = st.text(alphabet='ab=;:@<>().," \t\u202e\u00e9v1dh*l', max_size=120)


@settings(max_examples=150)
@given(st.lists(st.tuples(_HEADERS, _VALUES), max_size=6))
def test_any_headers_are_judged(headers: list[tuple[str, str]]) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\nbody"
    mail = look(raw.encode())
    assert all(item.message for item in provider_report(mail).findings)
    read_authentication(mail.view)
