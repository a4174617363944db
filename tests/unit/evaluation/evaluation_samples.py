"""Lawful mails, a sender, a brief and a case, all invented, for the tests of this room."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from contracts.brief import Brief, Sender
from contracts.case import Case, Direction, Outcome, Section, SectionKind, Span
from contracts.mail import (
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Module,
    ModuleKind,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

US_BODY = """Hi Dana,

plants in your trade often find a worn bearing only when it gets loud.

A vibration reading shows it weeks earlier, and the repair fits into a planned stop.

Would a short call next week be useful? If not, no reply is needed.

Jo Reed

This email is an advertisement from Harbor Gauge Inc.
You are receiving this email because you agreed to hear from us.
Harbor Gauge Inc., 410 Canal Street, Portland, ME 04101
Privacy policy: https://harborgauge.example/privacy
Unsubscribe: https://harborgauge.example/u/abc123
"""

DE_BODY = """Guten Tag Frau Lindner,

ein verschlissenes Lager fällt in vielen Betrieben erst auf, wenn es laut wird.

Eine Schwingungsmessung zeigt den Verschleiß früher, und die Reparatur passt in den Plan.

Passt Ihnen ein kurzes Gespräch in der nächsten Woche? Wenn nicht, brauchen Sie nicht zu antworten.

Mit freundlichen Grüßen
Jana Reuter

Pegelwerk Messtechnik GmbH
Geschäftsführerin: Dr. Ilse Kranz
Lindenstraße 14, 22113 Hamburg
Telefon +49 40 5550 120, kontakt@pegelwerk.example
Amtsgericht Hamburg, HRB 999998
USt-IdNr.: DE999999998
Sie erhalten diese E-Mail, weil Sie in Informationen von uns eingewilligt haben.
Sie können der Verwendung Ihrer Adresse jederzeit widersprechen.
Datenschutzhinweise: https://pegelwerk.example/datenschutz
Vom Verteiler abmelden: https://pegelwerk.example/u/abc123
"""

CN_BODY = """李经理：

您好！很多工厂的轴承磨损，往往要等到机器发出异响才被发现。

振动监测可以提前数周看到变化，检修便能安排在计划停机时进行。

不知下周是否方便简短沟通？如不需要，无须回复。

梁思敏

本邮件为广告邮件，由澄湖仪表（苏州）有限公司发送。
江苏省苏州市吴中区湖滨路18号
电话：0512-5550-1200，邮箱：service@chenghu.example
您收到此邮件，是因为您曾同意接收我们的信息。
个人信息处理规则（隐私政策）：https://chenghu.example/privacy
如不希望再收到此类邮件，请发邮件至 tuiding@chenghu.example 退订，或访问：https://chenghu.example/u/abc123
"""

_SUBJECTS = {
    "US": "Finding worn bearings earlier",
    "DE": "Verschlissene Lager früher erkennen",
    "CN": "广告 更早发现轴承磨损",
}
_BODIES = {"US": US_BODY, "DE": DE_BODY, "CN": CN_BODY}
_LANGUAGES = {"US": "en", "DE": "de", "CN": "zh-Hans"}


def page(text: str, language: str) -> str:
    """The text as a page with the same words, its addresses as links."""
    blocks = []
    for block in text.strip().split("\n\n"):
        lines = []
        for line in block.split("\n"):
            words = []
            for word in line.split(" "):
                at = word.find("https://")
                if at >= 0:
                    word = f'{word[:at]}<a href="{word[at:]}">{word[at:]}</a>'
                words.append(word)
            lines.append(" ".join(words))
        blocks.append("<p>" + "<br>\n".join(lines) + "</p>")
    return (
        f'<!doctype html><html lang="{language}"><head><title></title></head>'
        f"<body>{''.join(blocks)}</body></html>"
    )


def message(
    country: str = "US",
    *,
    subject: str | None = None,
    text: str | None = None,
    html: str | None = None,
    drop: tuple[str, ...] = (),
    **headers: str,
) -> bytes:
    """A lawful mail to a country as it travels, with what the test changes."""
    body = _BODIES[country] if text is None else text
    mail = EmailMessage()
    given = {
        "From": "Jo Reed <jo@harborgauge.example>",
        "To": "dana@plant.example",
        "Subject": _SUBJECTS[country] if subject is None else subject,
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "Message-ID": "<1@harborgauge.example>",
        "List-Unsubscribe": "<https://harborgauge.example/u/abc123>, <mailto:u@h.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if name not in drop:
            mail[name] = value
    mail.set_content(body)
    mail.add_alternative(html or page(body, _LANGUAGES[country]), subtype="html")
    return mail.as_bytes()


def sender(**changes: Any) -> Sender:
    facts: dict[str, Any] = {
        "legal_name": "Pegelwerk Messtechnik GmbH",
        "from_name": "Jana Reuter",
        "from_address": "jana@pegelwerk.example",
        "signatory": {"name": "Jana Reuter"},
        "postal_address": ("Lindenstraße 14", "22113 Hamburg"),
        "country": "DE",
        "phone": "+49 40 5550 120",
        "email": "kontakt@pegelwerk.example",
        "registration": "Amtsgericht Hamburg, HRB 999998",
        "vat_id": "DE999999998",
        "representative": "Dr. Ilse Kranz",
        "refusal_mailbox": "stopp@pegelwerk.example",
        "privacy_policy": {"de": "https://pegelwerk.example/datenschutz"},
    }
    return Sender(**facts | changes)


def brief(**changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "name": "trial",
        "sender": "pegelwerk",
        "product": {"name": "Pegel One", "description": "wireless monitoring"},
        "offer": {"en": "We measure three machines for 30 days at no charge."},
        "call_to_action": {
            "url": {"en": "https://pegelwerk.example/trial"},
            "label": {"en": ["Ask for a 20-minute call"]},
        },
        "segments": [{"name": "all"}],
    }
    return Brief(**fields | changes)


FELL = "Unplanned downtime fell from 41 to 12 hours a quarter within nine months."
ROSE = "Overall equipment effectiveness rose by 18% in a year."
CASE_TEXT = f"""Fewer stops on a filling line

Challenge. Norling Dairy often found bearing damage late.

Results. {FELL} {ROSE}

"We change a bearing when it suits the plan." - plant manager
"""


def _span(text: str) -> Span:
    start = CASE_TEXT.index(text)
    return Span(start, start + len(text))


def case(**changes: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "norling",
        "title": "Fewer stops",
        "customer": {"": "Norling Dairy Ltd"},
        "name_public": True,
        "industry": "food",
        "region": "europe",
        "country": "GB",
        "language": "en",
        "roles": (),
        "products": ("Pegel One",),
        "valid_until": date(2027, 1, 31),
        "source": "invented",
        "path": "norling.md",
        "text": CASE_TEXT,
        "text_hash": hashlib.sha256(CASE_TEXT.encode()).hexdigest(),
        "sections": (Section(SectionKind.OUTCOME, "Results", _span(FELL)),),
        "outcomes": (
            Outcome(
                metric="unplanned_downtime",
                direction=Direction.DOWN,
                unit="",
                change=None,
                before=Decimal(41),
                after=Decimal(12),
                value_unit="hour",
                period="quarter",
                span=_span(FELL),
                text=FELL,
                sure=True,
            ),
            Outcome(
                metric="oee",
                direction=Direction.UP,
                unit="percent",
                change=Decimal(18),
                before=None,
                after=None,
                value_unit="",
                period="",
                span=_span(ROSE),
                text=ROSE,
                sure=True,
            ),
        ),
    }
    return Case(**fields | changes)


@dataclass(frozen=True)
class Shelf:
    """Evidence over a few cases."""

    cases: tuple[Case, ...]

    def case(self, case_id: str, text_hash: str) -> Case | None:
        for item in self.cases:
            if item.id == case_id and item.text_hash == text_hash:
                return item
        return None


def cited(words: str, /, **changes: Any) -> CaseCitation:
    fields: dict[str, Any] = {
        "case_id": "norling",
        "text_hash": hashlib.sha256(CASE_TEXT.encode()).hexdigest(),
        "span": _span(words),
        "quote": words,
    }
    return CaseCitation(**fields | changes)


def module(text: str, *claims: Claim, kind: ModuleKind = ModuleKind.PROOF) -> Module:
    return Module(kind, text, claims)


def claim(
    text: str,
    part: str,
    citation: CaseCitation | BriefCitation,
    kind: ClaimKind = ClaimKind.RESULT,
) -> Claim:
    start = text.index(part)
    return Claim(Span(start, start + len(part)), kind, citation)
