"""A sealed edition and an envelope of it, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from contracts.delivery import Envelope, MergeValues
from contracts.mail import Edition
from delivery import PlannedRecipient, plan_envelopes

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PUBLIC_URL = "https://mail.example.com"
BASE = f"{PUBLIC_URL}/u/"


def edition(**changes: Any) -> Edition:
    parts: dict[str, Any] = {
        "variant_id": "v_1",
        "campaign": "spring",
        "segment": "breweries",
        "language": "de",
        "profile": "DE",
        "subject": "[[company]]: 12 % weniger Wärme",
        "html": '<p>[[greeting]]</p><p><a href="[[unsubscribe_url]]">Abmelden</a></p>',
        "text": "[[greeting]]\n\nAbmelden: [[unsubscribe_url]]\n",
        "from_name": "Müller & Söhne GmbH",
        "from_address": "post@example.com",
        "reply_to": "vertrieb@example.com",
        "refusal_mailbox": "stopp@example.com",
        "unsubscribe_base": BASE,
        "choices": {
            "greeting": {
                "ms": "Sehr geehrte Frau [[last_name]],",
                "unknown": "Guten Tag,",
            }
        },
        "fields": ("company", "last_name"),
    }
    return Edition(**{**parts, **changes})


def values(last_name: str = "Weiß", company: str = "Brauhaus", greeting: str = "ms") -> MergeValues:
    return MergeValues(
        choices={"greeting": greeting}, values={"last_name": last_name, "company": company}
    )


def envelope(
    of: Edition | None = None,
    contact: str = "c_1",
    address: str = "ada@example.net",
    merge: MergeValues | None = None,
) -> Envelope:
    mail = of or edition()
    recipient = PlannedRecipient(
        contact_id=contact,
        address=address,
        edition_id=mail.id,
        seal=seal(mail),
        arm="a",
        merge=merge or values(),
    )
    return plan_envelopes([recipient], mail.campaign, NOON)[0]


def seal(mail: Edition) -> str:
    return f"s_{mail.id}"


def verify(mail: Edition, sealed: str) -> bool:
    return seal(mail) == sealed
