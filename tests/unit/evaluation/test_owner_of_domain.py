from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.providers.domains import (
    ascii_domain,
    domain_fault,
    is_public_suffix,
    mixes_scripts,
    organisational_domain,
    same_organisation,
)


@pytest.mark.parametrize(
    "host, owner",
    [
        ("example.com", "example.com"),
        ("Mail.Example.COM.", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("news.example.com.au", "example.com.au"),
        ("mail.kobe-firm.city.kobe.jp", "city.kobe.jp"),
        ("a.b.c.mm", "b.c.mm"),
        ("shop.müller.example", "xn--mller-kva.example"),
        ("xn--mller-kva.example", "xn--mller-kva.example"),
        ("www.例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_the_owner_is_who_registered_the_name(host: str, owner: str) -> None:
    assert organisational_domain(host) == owner


@pytest.mark.parametrize(
    "domain, fault",
    [
        ("example.com", ""),
        ("xn--mller-kva.de", ""),
        ("münchen.de", ""),
        ("", "empty"),
        ("localhost", "single"),
        ("co.uk", "suffix"),
        ("github.io", ""),  # a company's own, though others host below it
        ("[192.0.2.1]", "address"),
        ("[IPv6:2001:db8::1]", "address"),
        ("192.0.2.1", "address"),
        ("a..example.com", "label"),
        ("-a.example.com", "label"),
        ("a_b.example.com", "label"),
        (f"{'a' * 64}.com", "label"),
        (".".join(["a" * 60] * 5) + ".com", "long"),
        ("example.123", "label"),
    ],
)
def test_faults_of_a_domain_are_named(domain: str, fault: str) -> None:
    assert domain_fault(domain) == fault


def test_a_public_suffix_is_nobodys_own() -> None:
    assert is_public_suffix("co.uk")
    assert not is_public_suffix("example.co.uk")


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("example.com", "mail.example.com", True),
        ("a.example.com", "B.Example.COM.", True),
        ("example.com", "example.org", False),
        ("one.co.uk", "two.co.uk", False),
        ("co.uk", "one.co.uk", False),
        ("one.github.io", "two.github.io", False),
        ("github.io", "one.github.io", True),
        ("", "example.com", False),
        ("", "", False),
    ],
)
def test_who_belongs_together(one: str, other: str, same: bool) -> None:
    assert same_organisation(one, other) is same
    assert same_organisation(other, one) is same


@pytest.mark.parametrize(
    "domain, mixed",
    [
        ("example.com", False),
        ("пример.рф", False),
        ("ex\u0430mple.com", True),
        ("xn--exmple-4nf.com", True),
        ("xn--mller-kva.de", False),
        ("日本example.jp", False),
    ],
)
def test_a_label_of_two_scripts_that_look_alike_is_seen(domain: str, mixed: bool) -> None:
    assert mixes_scripts(domain) is mixed


@given(st.text(max_size=300))
def test_any_text_has_an_answer_and_the_owner_of_an_owner_is_itself(text: str) -> None:
    owner = organisational_domain(text)
    assert organisational_domain(owner) == owner
    assert isinstance(domain_fault(text), str)
    assert isinstance(mixes_scripts(text), bool)
    assert ascii_domain(ascii_domain(text)) == ascii_domain(text)


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,4}", fullmatch=True))
def test_a_host_below_a_domain_has_its_owner(domain: str) -> None:
    owner = organisational_domain(domain)
    assert domain == owner or domain.endswith(f".{owner}")
    if not is_public_suffix(domain):
        assert organisational_domain(f"mail.{domain}") == owner
