"""One segment, two cases and an answer that holds, for the tests of the model writer."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from contracts.brief import Brief, Sender
from contracts.case import Case, Direction, Outcome, Passage, Section, SectionKind, Span
from personalize.writing.task import WritingTask

TODAY = date(2026, 12, 1)
KINDS = (SectionKind.CHALLENGE, SectionKind.SOLUTION, SectionKind.OUTCOME, SectionKind.QUOTE)

PRESS = (
    "Brackwell Stampings runs four transfer lines in Ohio, two shifts a day.",
    "Pulse sensors were bolted to 42 points on the transfer line, including the main drive.",
    "Unplanned downtime on the line fell from 27 to 9 hours a month within twelve months.\n"
    "The scrap rate on the line fell from 2.9% to 1.8% within twelve months.\n"
    "Throughput may have grown by 70% in spring.",
    "“We ordered the bearing in May.” — Renate Kowalski, Manager, rk@brackwell.example",
)
HOSPITAL = (
    "Carrowmore Regional Hospital depends on 48 air-handling units in 17 plant rooms.",
    "Sensors were attached to the fans of all 48 units, as Mr. Declan Moyle of Carrowmore asked.",
    "Emergency call-outs of the estates team fell from 22 to 8 a quarter within one year.",
    "“I can now tell the theatre manager.” — Fiona Garvey, Head of Estates",
)


def outcome(text, sentence, metric, unit, before, after, *, sure=True, period=""):
    start = text.index(sentence)
    return Outcome(
        metric=metric,
        direction=Direction.DOWN,
        unit=unit,
        change=None,
        before=Decimal(before),
        after=Decimal(after),
        value_unit=unit,
        period=period,
        span=Span(start, start + len(sentence)),
        text=sentence,
        sure=sure,
    )


def case(case_id, parts, customer, *, public=True, industry="automotive", stated=()):
    text = "\n\n".join(parts)
    sections = tuple(
        Section(kind, kind.value, Span(text.index(part), text.index(part) + len(part)))
        for kind, part in zip(KINDS, parts, strict=True)
    )
    return Case(
        id=case_id,
        title=f"{customer} in short",
        customer={"": customer},
        name_public=public,
        industry=industry,
        region="north-america",
        country="US",
        language="en",
        roles=("maintenance",),
        products=("Korvane Pulse",),
        valid_until=None,
        source="Invented for tests",
        path=f"{case_id}.md",
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        sections=sections,
        outcomes=tuple(outcome(text, *args, **more) for args, more in stated),
    )


def press_case(parts=PRESS):
    lines = parts[2].split("\n")
    return case(
        "press",
        parts,
        "Brackwell Stampings, Inc.",
        stated=(
            ((lines[0], "unplanned_downtime", "hour", "27", "9"), {"period": "month"}),
            ((lines[1], "scrap_rate", "percent", "2.9", "1.8"), {}),
            ((lines[2], "throughput", "percent", "0", "70"), {"sure": False}),
        ),
    )


def hospital_case():
    return case(
        "hospital",
        HOSPITAL,
        "Carrowmore Regional Hospital",
        public=False,
        industry="healthcare",
        stated=(((HOSPITAL[2], "call_outs", "count", "22", "8"), {"period": "quarter"}),),
    )


def passages(*cases):
    return tuple(
        Passage(
            id=f"{item.id}-{number}",
            case_id=item.id,
            title=item.title,
            kind=section.kind,
            text=section.span.of(item.text),
            language=item.language,
            span=section.span,
            text_hash=item.text_hash,
            source=item.source,
            score=0.5,
        )
        for item in cases
        for number, section in enumerate(item.sections)
    )


def brief():
    return Brief.model_validate(
        {
            "name": "spring",
            "sender": "korvane",
            "product": {
                "name": "Korvane Pulse",
                "description": {
                    "en": "condition monitoring for existing machines",
                    "de": "Zustandsüberwachung für bestehende Maschinen",
                    "zh-Hans": "面向现有设备的状态监测系统",
                },
            },
            "offer": {
                "en": "You choose three machines, and we monitor them for 30 days at no charge.",
                "de": "Sie wählen drei Maschinen aus, und wir messen dort 30 Tage ohne Berechnung.",
                "zh-Hans": "由您选定三台设备，我司进行为期30天的试测，不收取费用。",
            },
            "call_to_action": {
                "url": "https://korvane.example/trial",
                "label": {"en": "See the plan", "de": "Messplan ansehen", "zh-Hans": "查看方案"},
            },
            "segments": [{"name": "suppliers", "where": {"industry": "automotive"}}],
            # Without a solution: the composer's proof tells the case whole.
            "layout": [
                "greeting",
                "opener",
                "problem",
                "proof",
                "offer",
                "call_to_action",
                "sign_off",
            ],
        }
    )


def sender():
    return Sender.model_validate(
        {
            "legal_name": "Korvane Messtechnik GmbH",
            "from_name": "Simin Liang, Korvane",
            "from_address": "simin.liang@korvane.example",
            "signatory": {"name": "Simin Liang"},
            "postal_address": ["Messlotweg 8", "22113 Hamburg"],
            "country": "DE",
            "phone": "+49 40 66969 240",
            "refusal_mailbox": "stop@korvane.example",
        }
    )


def task(language="en", cases=None, **changes):
    cases = cases or (press_case(), hospital_case())
    made = WritingTask(
        brief=brief(),
        sender=sender(),
        segment="suppliers",
        language=language,
        industry="automotive",
        role="maintenance",
        passages=passages(*cases),
        cases={item.id: item for item in cases},
        today=TODAY,
    )
    return replace(made, **changes)


def said(text, *cites):
    return {"text": text, "cites": list(cites)}


def wording(slot, tactic, *sentences):
    return {"slot": slot, "tactic": tactic, "sentences": list(sentences)}


def part(kind, *sentences):
    return {"kind": kind, "sentences": list(sentences)}


def with_part(answer, kind, sentences):
    """The answer with another module of this kind."""
    others = [item for item in answer["modules"] if item["kind"] != kind]
    return {**answer, "modules": [*others, part(kind, *sentences)]}


def with_wordings(answer, slot, wordings):
    """The answer with other wordings for a slot."""
    others = [item for item in answer["wordings"] if item["slot"] != slot]
    return {**answer, "wordings": [*others, *wordings]}


def good_answer():
    """In English, about the press: passage-1 to -4 are its four sections, in order."""
    return {
        "wordings": [
            wording(
                "subject", "result", said("Unplanned downtime: 27 to 9 hours a month", "passage-3")
            ),
            wording("subject", "question", said("When does a bearing start to talk?")),
            wording(
                "opener",
                "question",
                said("How early do your people know that a bearing is wearing?"),
            ),
        ],
        "modules": [
            part(
                "preheader",
                said("What was measured, and how you could check it on your machines."),
            ),
            part(
                "problem",
                said("A worn bearing rarely waits for the planned stop."),
                said("Brackwell Stampings runs two shifts a day.", "passage-1"),
            ),
            part(
                "proof",
                said("Korvane Pulse sensors were bolted to 42 points on the line.", "passage-2"),
                said("Unplanned downtime fell from 27 hours to 9 hours a month.", "passage-3"),
            ),
        ],
    }
