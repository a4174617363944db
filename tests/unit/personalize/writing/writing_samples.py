"""Cases, a brief and a sender made by hand, for tests of the writing room."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from contracts.brief import Brief, Sender
from contracts.case import Case, Direction, Outcome, Passage, Section, SectionKind, Span
from contracts.mail import LegalProfile
from personalize import WritingTask

TODAY = date(2026, 11, 22)

SENDER = Sender.model_validate(
    {
        "id": "acme",
        "legal_name": "Probe Messtechnik GmbH",
        "from_name": {"en": "Ada Probe", "de": "Ada Probe", "zh-Hans": "普罗贝"},
        "from_address": "ada@probe.example",
        "reply_to": "ada@probe.example",
        "signatory": {"name": "Ada Probe", "title": {"de": "Ingenieurin"}},
        "postal_address": ["Probeweg 1", "20095 Hamburg"],
        "country": "DE",
        "phone": "+49 40 66969 100",
        "email": "info@probe.example",
        "website": "https://probe.example",
        "registration": "Amtsgericht Hamburg, HRB 999998",
        "vat_id": "DE999999998",
        "representative": "Ida Muster",
        "refusal_mailbox": "stop@probe.example",
        "privacy_policy": {
            "en": "https://probe.example/en/privacy",
            "de": "https://probe.example/de/datenschutz",
            "zh-Hans": "https://probe.example/zh/privacy",
        },
    }
)

BRIEF = Brief.model_validate(
    {
        "name": "probe",
        "goal": "Trial measurements",
        "sender": "acme",
        "languages": {"fallback": "en"},
        "product": {
            "name": "Probe One",
            "description": {
                "en": "condition monitoring",
                "de": "Zustandsüberwachung",
                "zh-Hans": "状态监测系统",
            },
        },
        "offer": {
            "en": "We measure for 30 days at no charge.",
            "de": "Wir messen 30 Tage ohne Berechnung.",
            "zh-Hans": "我司免费试测30天。",
        },
        "call_to_action": {
            "url": {
                "en": "https://probe.example/en",
                "de": "https://probe.example/de",
                "zh-Hans": "https://probe.example/zh",
            },
            "label": {
                "en": ["See the plan", "Ask for a call"],
                "de": ["Plan ansehen", "Gespräch anfragen"],
                "zh-Hans": ["查看方案", "预约电话"],
            },
            "ask": {
                "en": ["It takes five minutes.", "A short no is fine."],
                "de": ["Das dauert fünf Minuten.", "Ein Nein ist in Ordnung."],
                "zh-Hans": ["阅读约需五分钟。", "如无需要，不必回复。"],
            },
        },
        "segments": [{"name": "food plants", "where": {"industry": "food"}}],
        "experiment": {"slots": ["subject", "opener", "call_to_action"], "max_variants": 4},
    }
)

_BODY = {
    "en": (
        "Breakdowns at Testfield Dairy came at night.",
        "Probe One sensors were fitted to every pump.",
        "Unplanned downtime fell from 41 to 12 hours a quarter.",
        "The second plant is not included.",
    ),
    "de": (
        "Bei der Testfelder Molkerei fielen Pumpen nachts aus.",
        "Sensoren von Probe One sitzen an jeder Pumpe.",
        "Die ungeplanten Stillstände sanken von 41 auf 12 Stunden je Quartal.",
        "Das zweite Werk ist nicht einbezogen.",
    ),
    "zh-Hans": (
        "试田乳业的水泵常在夜间停机。",
        "每台水泵都装了Probe One传感器。",
        "非计划停机时间由每季度41小时降至12小时。",
        "二号厂未计入。",
    ),
}
NAMES = {
    "en": "Testfield Dairy, Inc.",
    "de": "Testfelder Molkerei GmbH",
    "zh-Hans": "试田乳业有限公司",
}


def make_case(language: str = "en", *, public: bool = True, **changes: object) -> Case:
    """A case of a food producer with one sure result."""
    challenge, solution, outcome, caveat = _BODY[language]
    text = "\n\n".join(
        ["# A case", "## A", challenge, "## B", solution, "## C", f"- {outcome}", caveat]
    )

    def span(part: str) -> Span:
        return Span(text.index(part), text.index(part) + len(part))

    end = span(caveat).end
    values: dict[str, object] = {
        "id": f"testfield-{language.lower()}",
        "title": "A case",
        "customer": {"": NAMES[language]},
        "name_public": public,
        "industry": "food",
        "region": "europe",
        "country": "DE",
        "language": language,
        "roles": (),
        "products": ("Probe One",),
        "valid_until": None,
        "source": "made for a test",
        "path": "case.md",
        "text": text,
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
        "sections": (
            Section(SectionKind.CHALLENGE, "A", span(challenge)),
            Section(SectionKind.SOLUTION, "B", span(solution)),
            Section(SectionKind.OUTCOME, "C", Span(span(outcome).start - 2, end)),
        ),
        "outcomes": (
            Outcome(
                metric="unplanned_downtime",
                direction=Direction.DOWN,
                unit="hour",
                change=None,
                before=Decimal(41),
                after=Decimal(12),
                value_unit="hour",
                period="quarter",
                span=span(outcome),
                text=outcome,
                sure=True,
            ),
        ),
        "extra_names": ("试田乳业",)
        if language == "zh-Hans"
        else (NAMES[language].rsplit(" ", 1)[0].rstrip(","),),
    }
    return Case(**{**values, **changes})  # type: ignore[arg-type]


def make_task(language: str, *cases: Case, **changes: object) -> WritingTask:
    passages = tuple(
        Passage(
            f"p{n}", c.id, c.title, SectionKind.OUTCOME, "", c.language, Span(0, 0), c.text_hash, ""
        )
        for n, c in enumerate(cases)
    )
    values: dict[str, object] = {
        "brief": BRIEF,
        "sender": SENDER,
        "segment": "food plants",
        "language": language,
        "industry": "food",
        "role": "",
        "passages": passages,
        "cases": {case.id: case for case in cases},
        "today": TODAY,
    }
    return WritingTask(**{**values, **changes})  # type: ignore[arg-type]


PROFILE = LegalProfile(
    code="DE",
    countries=("DE",),
    subject_label={},
    footer=("identity", "postal_address", "contact", "reason", "privacy", "unsubscribe"),
    jurisdictions=("DE",),
)
LABELLED = LegalProfile("CN", ("CN",), {"": "广告 "}, ("identity", "unsubscribe"), ("CN",))
