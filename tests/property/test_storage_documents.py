"""Every record comes back from its JSON text as it was, with the same hash."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts.audience import Consent, Contact
from contracts.canonical import content_hash
from contracts.case import Case, Outcome, Section, Span
from contracts.delivery import MergeValues
from contracts.mail import (
    Alternative,
    Attachment,
    BriefCitation,
    CaseCitation,
    Claim,
    Draft,
    Edition,
    EmbeddedImage,
    Module,
    Variant,
)
from storage import documents
from storage.addresses import AddressKeys, normal_address

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SMALL = st.integers(-(2**60), 2**60)

st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, SMALL)
st.register_type_strategy(
    Span, st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: Span(min(p), max(p)))
)

DECIMALS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=3)
MAPS = st.dictionaries(TEXT, TEXT, max_size=3)
CITATIONS = st.builds(CaseCitation) | st.builds(BriefCitation)
CLAIMS = st.lists(st.builds(Claim, citation=CITATIONS), max_size=2).map(tuple)
MODULE = st.builds(Module, claims=CLAIMS)
MODULES = st.lists(MODULE, max_size=3).map(tuple)
ALTERNATIVES = st.lists(
    st.builds(Alternative, module=MODULE, preheader=st.none() | MODULE), max_size=2
).map(tuple)
OUTCOME = st.builds(Outcome, change=DECIMALS, before=DECIMALS, after=DECIMALS)


@given(
    st.builds(
        Edition,
        choices=st.dictionaries(TEXT, MAPS, max_size=2),
        headers=MAPS,
        rule_packs=MAPS,
        images=st.lists(st.builds(EmbeddedImage), max_size=2).map(tuple),
        attachments=st.lists(st.builds(Attachment), max_size=2).map(tuple),
        fallbacks=MAPS,
    )
)
def test_editions_keep_their_id(edition: Edition) -> None:
    found = documents.EDITION.load(documents.EDITION.dump(edition))
    assert found == edition
    assert found.id == edition.id


@given(st.builds(Draft, modules=MODULES, alternatives=ALTERNATIVES, sources=MAPS))
def test_drafts_keep_their_hash(draft: Draft) -> None:
    found = documents.DRAFT.load(documents.DRAFT.dump(draft))
    assert found == draft
    assert (found.id, found.hash) == (draft.id, draft.hash)


@given(st.builds(Variant, modules=MODULES, tactics=MAPS))
def test_variants_keep_their_id(variant: Variant) -> None:
    assert documents.VARIANT.load(documents.VARIANT.dump(variant)).id == variant.id


@given(
    st.builds(
        Case,
        customer=MAPS,
        sections=st.lists(st.builds(Section), max_size=2).map(tuple),
        outcomes=st.lists(OUTCOME, max_size=2).map(tuple),
    )
)
def test_cases(case: Case) -> None:
    found = documents.CASE.load(documents.CASE.dump(case))
    assert found == case
    assert content_hash(found) == content_hash(case)


@given(st.builds(Contact, consent=st.builds(Consent)), st.builds(MergeValues))
def test_contacts_and_what_is_merged(contact: Contact, merge: MergeValues) -> None:
    assert documents.CONTACT.load(documents.CONTACT.dump(contact)) == contact
    assert documents.MERGE.load(documents.MERGE.dump(merge)) == merge


LABEL = st.text("abcäßé中文", min_size=1, max_size=6)
ADDRESSES = st.builds("{}@{}.{}".format, LABEL, LABEL, LABEL)


@given(ADDRESSES, st.sampled_from([str.upper, str.title, lambda text: f"  {text}\n"]))
def test_an_address_has_one_form_and_one_key(address: str, writing) -> None:
    normal = normal_address(address)
    assert normal_address(normal) == normal
    keys = AddressKeys(b"0123456789abcdef")
    if "ß" not in address:  # whose capital form is another letter sequence, and other domain
        assert normal_address(writing(address)) == normal
        assert keys.address(writing(address)) == keys.of(address)[0]
    assert keys.domain(address.rpartition("@")[2]) in keys.of(address)
