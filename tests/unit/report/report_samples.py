"""A made-up campaign in three languages, as the workflow collects it from the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from contracts.brief import Brief, Sender
from contracts.case import Case, Section, SectionKind, Span
from contracts.decision import DecisionKind, DraftState
from contracts.delivery import EnvelopeState
from contracts.mail import (
    BriefCitation,
    CaseCitation,
    Claim,
    ClaimKind,
    Draft,
    Edition,
    Module,
    ModuleKind,
    Variant,
)
from contracts.verdict import Finding, Place, Screening, Severity, Verdict
from variants import Design
from workflow.results import (
    CampaignView,
    Decided,
    DraftView,
    EditionView,
    FindingSeen,
    MailSeen,
    TacticUsed,
    VariantView,
)
from workflow.summary import BlockReason, ContactCounts, Summary

NOW = datetime(2026, 11, 22, 12, 14, tzinfo=UTC)
QUOTES = {
    "en": "Unplanned downtime on the packing lines fell by 31 % within a year.",
    "de": "Die ungeplanten Stillstände gingen von 41 auf 12 Stunden je Quartal zurück.",
    "zh-Hans": "灌装线的非计划停机时间由每季度41小时降至12小时。",
}
_SECTIONS = {"en": "Results", "de": "Ergebnisse", "zh-Hans": "成效"}
_TEXTS = {
    "en": (
        "Less downtime",
        "Dear reader",
        "A question about your lines.",
        "Three machines, 30 days.",
    ),
    "de": ("Weniger Stillstand", "Guten Tag", "Eine Frage zu Ihren Linien.", "Drei Maschinen."),
    "zh-Hans": ("减少停机", "您好", "想请教一个问题。", "三台设备，30天。"),
}


def a_case(language: str = "de", quote: str = "", **changes: Any) -> Case:
    quote = quote or QUOTES[language]
    head = "# Title\n\n## Before\n\nIt was loud. Nobody knew why.\n\n## After\n\n"
    body = f"First came the sensors. {quote} The cellar was not measured.\n"
    text = head + body
    case = Case(
        id=f"dairy-{language}",
        title=f"A dairy ({language})",
        customer={"": "Dairy"},
        name_public=True,
        industry="food",
        region="europe",
        country="DE",
        language=language,
        roles=(),
        products=(),
        valid_until=None,
        source="Interview, March 2026",
        path="/srv/somewhere/cases/dairy.md",
        text=text,
        text_hash=sha256(text.encode("utf-8", "replace")).hexdigest(),
        sections=(
            Section(
                SectionKind.OUTCOME,
                _SECTIONS.get(language, ""),
                Span(len(head), len(text)),
            ),
        ),
    )
    return replace(case, **changes)


def a_citation(case: Case, quote: str) -> CaseCitation:
    start = case.text.index(quote)
    return CaseCitation(
        case.id, case.text_hash, Span(start, start + len(quote)), quote, case.source
    )


def the_modules(language: str, case: Case, quote: str, opener: str = "") -> tuple[Module, ...]:
    subject, greeting, question, offer = _TEXTS[language]
    proof = f"{quote}\n\n{offer}"
    return (
        Module(ModuleKind.SUBJECT, subject, origin=f"phrases/{language}/subject/1"),
        Module(ModuleKind.PREHEADER, question),
        Module(ModuleKind.GREETING, "[[greeting]]"),
        Module(ModuleKind.OPENER, opener or question),
        Module(
            ModuleKind.PROOF,
            proof,
            claims=(
                Claim(Span(0, len(quote)), ClaimKind.RESULT, a_citation(case, quote)),
                Claim(
                    Span(proof.index(offer), len(proof)),
                    ClaimKind.BRIEF,
                    BriefCitation(f"offer.{language}", offer),
                ),
            ),
            note="The model's wording was replaced: it named a number without a source.",
        ),
        Module(
            ModuleKind.CALL_TO_ACTION,
            question,
            label="See the plan",
            url="https://korvane.example/plan?a=1&b=2",
        ),
        Module(ModuleKind.SIGN_OFF, greeting),
    )


def a_finding(severity: Severity = Severity.WARN, **changes: Any) -> Finding:
    finding = Finding(
        rule="de.postal_address",
        severity=severity,
        jurisdiction="DE",
        place=Place("subject", Span(0, 4)),
        message="The mail shows no street address.",
        source="DDG §5(1) no. 1",
        verified=True,
        remedy="Print street and town in the footer.",
    )
    return replace(finding, **changes)


def an_edition(
    variant: Variant, profile: str = "DE", findings: tuple[Finding, ...] = (), html: str = ""
) -> EditionView:
    subject = variant.module(ModuleKind.SUBJECT).text
    text = "\n\n".join(module.text for module in variant.modules)
    html = html or (
        f'<!doctype html><html lang="{variant.language}"><body style="margin:0;padding:24px;'
        f'font-family:Arial"><h1 style="font-size:20px">{subject}</h1>'
        + "".join(f"<p>{module.text}</p>" for module in variant.modules[3:])
        + '<p><a href="https://korvane.example/plan">See the plan</a></p></body></html>'
    )
    edition = Edition(
        variant_id=variant.id,
        campaign=variant.campaign,
        segment=variant.segment,
        language=variant.language,
        profile=profile,
        subject=subject,
        html=html,
        text=text,
        from_name="Simin Liang",
        from_address="simin@korvane.example",
        reply_to="",
        refusal_mailbox="stop@korvane.example",
        unsubscribe_base="https://unsubscribe.invalid/u/",
        choices={"greeting": {"none": _TEXTS[variant.language][1], "ms": "Dear Ms [[last_name]]"}},
        fields=("last_name",),
        rule_packs={f"phrases/{variant.language}": "3"},
    )
    screening = Screening(
        subject_id=edition.id,
        findings=findings,
        jurisdictions={profile: Verdict.PASS},
        not_judged=("authentication: SPF, DKIM and DMARC show only when the mail is received",),
        spam_score=120,
        packs={f"law/{profile.lower()}": "2026-11-22"},
        at=NOW,
    )
    blocked = screening.verdict is Verdict.BLOCK
    return EditionView(
        edition=edition,
        mail=MailSeen(
            from_line="Simin Liang <simin@korvane.example>",
            from_name="Simin Liang",
            reply_to="",
            subject=subject,
            preheader=variant.module(ModuleKind.PREHEADER).text,
            html=html,
            text=text,
        ),
        screening=screening,
        findings=tuple(FindingSeen(finding, subject[:4]) for finding in findings),
        countries=("DE",) if profile == "DE" else (),
        submitted_seal="" if blocked else "s1_" + "a1" * 32,
        approved_seal="" if blocked else "s1_" + "a1" * 32,
        queued=0 if blocked else 12,
    )


def a_draft(
    segment: str = "food plants",
    language: str = "de",
    case: Case | None = None,
    findings: tuple[Finding, ...] = (),
    html: str = "",
    quote: str = "",
) -> DraftView:
    """Two variants; the second has another opener and was not queued."""
    quote = quote or QUOTES[language]
    case = case or a_case(language, quote)
    modules = the_modules(language, case, quote)
    draft = Draft(
        campaign="spring",
        segment=segment,
        language=language,
        modules=modules,
        alternatives=(),
        case_ids=(case.id,),
        seed=0,
        writer="composer",
        sources={f"phrases/{language}": "3"},
    )
    first, second = (
        Variant(draft.id, "spring", segment, language, chosen, {"opener": tactic})
        for chosen, tactic in (
            (modules, "question"),
            (the_modules(language, case, quote, opener=_TEXTS[language][3]), "purpose"),
        )
    )
    return DraftView(
        draft=draft,
        state=DraftState.APPROVED,
        updated_at=NOW,
        authors=("Mira Sample",),
        recipients=12,
        profiles={"DE": 12},
        design=Design(1, 748, 12, "12 recipients: an experiment needs 748 an arm"),
        variants=(
            VariantView(
                first,
                (TacticUsed("opener", "A question", "It asks for no belief."),),
                (an_edition(first, findings=findings, html=html), an_edition(first, "STRICT")),
                queued=12,
            ),
            VariantView(
                second,
                (TacticUsed("opener", "Purpose first", "Says what the mail holds."),),
                (replace(an_edition(second, findings=findings), queued=0),),
                queued=0,
            ),
        ),
        submitted_by="Mira Sample",
        submitted_at=NOW,
        decision=Decided(
            DecisionKind.APPROVE, "Ruben Sample", NOW, "fine", {"e_1": "s1_" + "a1" * 32}
        ),
    )


def a_view(*drafts: DraftView, cases: tuple[Case, ...] = (), **changes: Any) -> CampaignView:
    """A campaign of these drafts; of the three sample ones where none are given."""
    if not drafts:
        drafts = (
            a_draft(language="de", findings=(a_finding(),)),
            a_draft(language="en"),
            a_draft(
                "bottlers",
                "zh-Hans",
                findings=(a_finding(Severity.BLOCK, rule="cn.label", verified=False),),
            ),
        )
        cases = tuple(a_case(language) for language in QUOTES)
    view = CampaignView(
        name="spring",
        brief=Brief.model_validate(
            {
                "name": "spring",
                "goal": "Agree trial measurements before the end of January.",
                "sender": "korvane",
                "product": {"name": "Pulse", "description": "monitoring"},
                "offer": "Three machines, 30 days.",
                "call_to_action": {"url": "https://korvane.example", "label": {"en": "See"}},
                "segments": [{"name": "food plants"}, {"name": "bottlers"}],
            }
        ),
        sender=Sender.model_validate(
            {
                "sample": True,
                "legal_name": "Korvane Messtechnik GmbH",
                "from_name": "Simin Liang",
                "from_address": "simin@korvane.example",
                "signatory": {"name": "Simin Liang"},
                "postal_address": ["Messlotweg 8", "22113 Hamburg"],
                "country": "DE",
                "refusal_mailbox": "stop@korvane.example",
            }
        ),
        drafted_at=NOW,
        collected_at=NOW,
        summary=a_summary(),
        drafts=drafts,
        cases={(case.id, case.text_hash): case for case in cases},
    )
    return replace(view, **changes)


def a_summary(**changes: Any) -> Summary:
    summary = Summary(
        campaign="spring",
        cases=16,
        passages=143,
        contacts=ContactCounts(on_record=231, taken=214, mended=17, refused=9),
        segments=2,
        drafts=3,
        variants=6,
        editions=9,
        blocked=2,
        waiting=0,
        approved=3,
        sendable=7,
        envelopes=dict.fromkeys(EnvelopeState, 0) | {EnvelopeState.SENT: 24},
        left_out={"no_consent": 31, "unsubscribed": 2},
        blocked_by=(BlockReason("cn.label", "The subject lacks the label.", 2),),
        seconds={"draft": 1.25},
        outputs={"report": "demo/report.html"},
    )
    return replace(summary, **changes)
