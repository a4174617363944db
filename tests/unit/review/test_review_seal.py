"""The seal covers all of an edition, and tokens give nothing away."""

from __future__ import annotations

import dataclasses

import pytest

from contracts.mail import Attachment, Edition, EmbeddedImage
from review import new_token, seal, token_hash, verify

EDITION = Edition(
    variant_id="v_1",
    campaign="spring",
    segment="quality",
    language="de",
    profile="DE",
    subject="Betreff",
    html="<p>[[greeting]]</p>",
    text="[[greeting]]",
    from_name="Acme",
    from_address="hello@acme.example",
    reply_to="reply@acme.example",
    refusal_mailbox="stop@acme.example",
    unsubscribe_base="https://acme.example/u/",
    choices={"greeting": {"ms": "Sehr geehrte Frau", "mr": "Sehr geehrter Herr"}},
    fields=("last_name",),
    headers={"X-A": "1", "X-B": "2"},
    rule_packs={"DE": "3"},
    images=(EmbeddedImage("logo@acme.example", "image/png", b"\x89PNG"),),
    attachments=(Attachment("fair.ics", "text/calendar", b"BEGIN:VCALENDAR"),),
    fallbacks={"last_name": "you"},
)

CHANGED = {
    "choices": {"greeting": {"ms": "Sehr geehrte Frau", "mr": "Hallo"}},
    "fields": ("last_name", "title"),
    "headers": {"X-A": "1"},
    "rule_packs": {"DE": "4"},
    "images": (EmbeddedImage("logo@acme.example", "image/png", b"\x89PNH"),),
    "attachments": (Attachment("fair.ics", "text/calendar", b"BEGIN:VCALENDAS"),),
    "fallbacks": {"last_name": "you all"},
}


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Edition)])
def test_changing_any_field_breaks_the_seal(name: str) -> None:
    changed = dataclasses.replace(
        EDITION, **{name: CHANGED.get(name, str(getattr(EDITION, name)) + " ")}
    )
    assert verify(EDITION, seal(EDITION))
    assert not verify(changed, seal(EDITION))


def test_the_seal_stays_the_same_over_releases() -> None:
    """If this fails, every approval in the world is void: raise FORMAT and say so."""
    assert seal(EDITION) == GOLDEN


def test_a_mail_without_images_keeps_the_seal_that_it_had_before_there_were_any() -> None:
    plain = dataclasses.replace(EDITION, images=(), attachments=(), fallbacks={})
    assert seal(plain) == GOLDEN_PLAIN


def test_the_order_of_headers_does_not_count() -> None:
    turned = dataclasses.replace(EDITION, headers={"X-B": "2", "X-A": "1"})
    assert seal(turned) == seal(EDITION)


@pytest.mark.parametrize("given", ["", "s1_", "ß", "\ud800", "s0_" + "0" * 64])
def test_what_is_no_seal_does_not_verify(given: str) -> None:
    assert not verify(EDITION, given)


def test_a_seal_of_another_format_does_not_verify() -> None:
    assert not verify(EDITION, seal(EDITION).replace("s1_", "s2_"))


def test_tokens_are_new_each_time_and_known_by_their_form() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    for token in tokens:
        assert token.startswith("mw_")
        assert len(token) == 3 + 43  # 32 bytes in URL-safe base64
        assert token_hash(token) != token
        assert token not in token_hash(token)


def test_a_token_read_from_a_file_with_a_line_feed_is_the_same() -> None:
    token = new_token()
    assert token_hash(token + "\n") == token_hash(token)
    assert token_hash(token[:-1]) != token_hash(token)


GOLDEN = "s1_152267cd263b9cba5741dc4606fd898cc554c3dd7f0643ab59ce2825204dda3b"
GOLDEN_PLAIN = "s1_e462218f396d82cff2de9678fa2913e119107cf8b27bbfbfe6726f150f997151"
