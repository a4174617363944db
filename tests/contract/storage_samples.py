"""Records to store, small but with every kind of value in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from contracts.audience import Consent, ConsentKind, Contact, Salutation
from contracts.brief import Brief, Sender
from contracts.case import Case, Direction, Outcome, Section, SectionKind, Span
from contracts.decision import Approval, DecisionKind, Submission
from contracts.delivery import Envelope, MergeValues
from contracts.mail import (
    Attachment,
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Draft,
    Edition,
    EmbeddedImage,
    Module,
    ModuleKind,
    Variant,
)
from contracts.verdict import Finding, Place, Screening, Severity, Verdict

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_case(text: str = "Ausschuss um 22 % gesenkt. 不良率下降22%。", **changes: object) -> Case:
    case = Case(
        id="wuxi-die-casting",
        title="Weniger Ausschuss",
        customer={"": "Wuxi Precision", "zh-Hans": "无锡精密"},
        name_public=True,
        industry="automotive",
        region="asia_east",
        country="CN",
        language="de",
        roles=("quality",),
        products=("vision",),
        valid_until=date(2027, 12, 31),
        source="https://example.com/case",
        path="cases/wuxi.md",
        text=text,
        text_hash=sha256(text.encode()).hexdigest(),
        sections=(Section(SectionKind.OUTCOME, "Ergebnis", Span(0, 27)),),
        outcomes=(
            Outcome(
                metric="scrap_rate",
                direction=Direction.DOWN,
                unit="percent",
                change=Decimal("22.50"),
                before=None,
                after=Decimal("0.1"),
                value_unit="percent",
                period="",
                span=Span(0, 27),
                text="Ausschuss um 22 % gesenkt.",
                sure=True,
            ),
        ),
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def a_contact(number: int = 1, **changes: object) -> Contact:
    contact = Contact(
        id=f"c_{number}",
        email=f"Person{number}@example.com",
        first_name="Zoë",
        last_name="Müller-王",
        salutation=Salutation.MS,
        country="DE",
        language="de",
        consent=Consent(ConsentKind.DOUBLE_OPT_IN, date(2026, 1, 2), "fair", "ja"),
    )
    return replace(contact, **changes)  # type: ignore[arg-type]


def a_brief(**changes: object) -> Brief:
    return Brief.model_validate(
        {
            "name": "spring",
            "sender": "acme",
            "product": {"name": "Vision", "description": {"de": "Prüfsystem", "en": "inspection"}},
            "offer": {"de": "Ein Test", "en": "A trial"},
            "call_to_action": {"url": "https://example.com", "label": {"de": ["Ja", "Gern"]}},
            "segments": [{"name": "quality", "where": {"role": ["quality"], "age": {"not": 3}}}],
            "send": {"start": "2026-03-03T09:00:00+01:00"},
            **changes,
        }
    )


def a_sender(**changes: object) -> Sender:
    return Sender.model_validate(
        {
            "legal_name": "Acme GmbH",
            "from_name": {"de": "Acme", "zh-Hans": "艾克米"},
            "from_address": "hello@acme.example",
            "signatory": {"name": "A. Muster"},
            "postal_address": ["Weg 1", "12345 Ort"],
            "country": "DE",
            "refusal_mailbox": "stop@acme.example",
            **changes,
        }
    )


def a_draft(text: str = "Wir senken Ausschuss.", segment: str = "quality") -> Draft:
    case = CaseCitation("wuxi-die-casting", "0" * 64, Span(0, 5), "Wir s", "src")
    return Draft(
        campaign="spring",
        segment=segment,
        language="de",
        modules=(
            Module(ModuleKind.SUBJECT, "Betreff"),
            Module(
                ModuleKind.PROOF,
                text,
                claims=(
                    Claim(Span(0, 3), ClaimKind.RESULT, case),
                    Claim(Span(4, 5), ClaimKind.BRIEF, BriefCitation("offer.de", "Ein Test")),
                ),
            ),
        ),
        alternatives=(),
        case_ids=("wuxi-die-casting",),
        seed=7,
        writer="composer",
        sources={"phrases/de": "1"},
    )


def a_variant(draft: Draft, tactic: str = "question") -> Variant:
    return Variant(
        draft_id=draft.id,
        campaign=draft.campaign,
        segment=draft.segment,
        language=draft.language,
        modules=draft.modules,
        tactics={"subject": tactic},
    )


def an_edition(variant: Variant, profile: str = "DE", **changes: object) -> Edition:
    edition = Edition(
        variant_id=variant.id,
        campaign=variant.campaign,
        segment=variant.segment,
        language=variant.language,
        profile=profile,
        subject="Betreff – „22 %“ \u2028 不良率",
        html="<p>[[greeting]]\u00a0…</p>",
        text="[[greeting]]\r\n\tText\x00",
        from_name="Acme",
        from_address="hello@acme.example",
        reply_to="",
        refusal_mailbox="stop@acme.example",
        unsubscribe_base="https://acme.example/u/",
        choices={"greeting": {"ms": "Sehr geehrte Frau", "mr": "Sehr geehrter Herr"}},
        fields=("last_name",),
        headers={"X-B": "2", "X-A": "1"},
        rule_packs={"DE": "3"},
        images=(
            EmbeddedImage("a@acme.example", "image/png", bytes(range(256))),
            EmbeddedImage("b@acme.example", "image/gif", b""),
        ),
        attachments=(Attachment("fair.ics", "text/calendar", b"\xff\x00"),),
        fallbacks={"last_name": "Sie"},
    )
    return replace(edition, **changes)  # type: ignore[arg-type]


def a_screening(edition: Edition, message: str = "zu laut") -> Screening:
    return Screening(
        subject_id=edition.id,
        findings=(
            Finding(
                rule="spam.caps",
                severity=Severity.WARN,
                jurisdiction="",
                place=Place("subject", Span(0, 7)),
                message=message,
                source="s",
                verified=True,
                remedy="leiser",
            ),
        ),
        jurisdictions={"DE": Verdict.PASS},
        not_judged=("consent",),
        spam_score=120,
        packs={"DE": "3"},
        at=NOW,
        spam_reasons=("caps",),
    )


def a_submission(draft: Draft, seals: dict[str, str], at: datetime = NOW) -> Submission:
    return Submission(
        draft_id=draft.id,
        campaign=draft.campaign,
        segment=draft.segment,
        language=draft.language,
        seals=seals,
        authors=frozenset({"u_writer"}),
        submitted_by="u_writer",
        at=at,
    )


def a_decision(
    draft: Draft, seals: dict[str, str], kind: DecisionKind = DecisionKind.APPROVE
) -> Approval:
    return Approval(draft.id, kind, seals, reviewer="u_reviewer", at=NOW, why="gut")


def an_envelope(number: int = 1, **changes: object) -> Envelope:
    envelope = Envelope(
        id=f"env_{number}",
        key=f"key_{number}",
        campaign="spring",
        contact_id=f"c_{number}",
        edition_id="e_1",
        arm="a",
        address=f"person{number}@example.com",
        merge=MergeValues(choices={"greeting": "ms"}, values={"last_name": "Müller-王"}),
        seal="s1_x",
        due_at=NOW,
    )
    return replace(envelope, **changes)  # type: ignore[arg-type]
