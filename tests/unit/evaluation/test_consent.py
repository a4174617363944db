from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.audience import Consent, ConsentKind, Contact, ContactStatus
from evaluation import judge_consent, load_packs

PACKS = load_packs()
PROOF = {"at": date(2025, 3, 1), "source": "trade fair form"}


def contact(country: str, kind: ConsentKind, origin: str = "own form", **proof: object) -> Contact:
    consent = Consent(kind, **proof)  # type: ignore[arg-type]
    return Contact("c_1", "x@plant.example", country=country, source=origin, consent=consent)


@pytest.mark.parametrize(
    ("country", "kind", "proof", "reason"),
    [
        ("DE", ConsentKind.EXPRESS, PROOF, "express"),
        ("DE", ConsentKind.DOUBLE_OPT_IN, {"at": date(2025, 3, 1), "wording": "v2"}, "express"),
        ("DE", ConsentKind.CUSTOMER, {}, "soft_opt_in"),
        ("DE", ConsentKind.EXPRESS, {"source": "form"}, "not_provable"),
        ("DE", ConsentKind.EXPRESS, {"at": date(2025, 3, 1)}, "not_provable"),
        ("DE", ConsentKind.NONE, {}, "no_consent"),
        ("DE", ConsentKind.REFUSED, PROOF, "refused"),
        ("US", ConsentKind.NONE, {}, "opt_out"),
        ("US", ConsentKind.EXPRESS, {}, "express"),
        ("US", ConsentKind.REFUSED, {}, "refused"),
        ("CN", ConsentKind.EXPRESS, PROOF, "express"),
        ("CN", ConsentKind.CUSTOMER, PROOF, "no_consent"),
        ("CN", ConsentKind.NONE, {}, "no_consent"),
        ("", ConsentKind.CUSTOMER, PROOF, "no_consent"),
        ("FR", ConsentKind.EXPRESS, {}, "not_provable"),
        ("FR", ConsentKind.EXPRESS, PROOF, "express"),
    ],
)
def test_each_country_has_its_law(
    country: str, kind: ConsentKind, proof: dict[str, object], reason: str
) -> None:
    verdict = judge_consent(contact(country, kind, **proof), PACKS, "consent")
    assert verdict.reason == reason
    assert verdict.lawful is (reason in ("express", "soft_opt_in", "opt_out"))
    assert verdict.source


@pytest.mark.parametrize(
    "source",
    ["gekaufte Liste", "Purchased list 2024", "purchased contact data", "Adresskauf", "购买的名单"],
)
@pytest.mark.parametrize("country", ["US", "DE", "CN", ""])
def test_bought_lists_are_refused_everywhere(country: str, source: str) -> None:
    person = contact(country, ConsentKind.DOUBLE_OPT_IN, source, **PROOF)
    assert judge_consent(person, PACKS, "consent").reason == "bought_list"


@pytest.mark.parametrize(
    "source", ["price list request", "Einkaufsmesse", "list of visitors", "采购展"]
)
def test_other_sources_are_not_bought(source: str) -> None:
    assert judge_consent(contact("US", ConsentKind.NONE, source), PACKS, "consent").lawful


@settings(deadline=None, max_examples=50)
@given(
    country=st.sampled_from(["US", "DE", "CN", "FR", "", "xx"]),
    kind=st.sampled_from(ConsentKind),
    at=st.none() | st.dates(),
    source=st.sampled_from(["", "form", "gekaufte Liste"]),
    status=st.sampled_from(ContactStatus),
    basis=st.sampled_from(["consent", "customer", "legitimate_interest"]),
)
def test_no_is_never_overruled(
    country: str,
    kind: ConsentKind,
    at: date | None,
    source: str,
    status: ContactStatus,
    basis: str,
) -> None:
    consent = Consent(kind, at, source)
    person = Contact(
        "c", "x@y.example", country=country, source=source, consent=consent, status=status
    )
    verdict = judge_consent(person, PACKS, basis)  # type: ignore[arg-type]
    if kind is ConsentKind.REFUSED or status is ContactStatus.UNSUBSCRIBED or "kauf" in source:
        assert not verdict.lawful
    rule = PACKS.law[verdict.jurisdiction].consent
    if verdict.lawful and kind is ConsentKind.NONE:
        assert rule.model == "opt_out"
        assert not rule.needs_interest or basis == "legitimate_interest"
    elif verdict.lawful and rule.model != "opt_out":
        assert kind in (ConsentKind.EXPRESS, ConsentKind.DOUBLE_OPT_IN, ConsentKind.CUSTOMER)
