"""The checks that law packs ask for, and how their answers become rulings and findings. Which of
them a place wants, with what parameters and how severely, stands in its pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.brief import LocalText, local_text
from contracts.verdict import Finding, Place, Ruled, Ruling, Severity
from evaluation.law import promise, sender, subject, tongue, wayout, wording
from evaluation.law.answers import Answer, Answers, Idle, Met, Missed, Unseen
from evaluation.law.packfile import Check
from evaluation.look import Look

__all__ = ["Judgement", "judge"]

_KINDS: Mapping[str, Callable[[Any, Look], Answers]] = {
    "subject_label": subject.subject_label,
    "wording": wording.wording,
    "legal_name": sender.legal_name,
    "postal_address": sender.postal_address,
    "contact": sender.contact,
    "representative": sender.record,
    "registration": sender.record,
    "vat": sender.record,
    "refusal_address": sender.refusal_address,
    "unsubscribe_link": wayout.unsubscribe_link,
    "unsubscribe_terms": wayout.unsubscribe_terms,
    "one_click": wayout.one_click,
    "reply_subject": subject.reply_subject,
    "urgent_subject": subject.urgent_subject,
    "pretence": subject.pretence,
    "sender_name": promise.sender_name,
    "subject_promise": promise.subject_promise,
    "terms": wording.terms,
    "notice": wording.notice,
    "mail_language": tongue.mail_language,
    "said_in": wording.said_in,
    "tracking": wording.tracking,
    "register": wording.register,
    "replyable": sender.replyable,
    "size": wording.size,
}

_WORD = re.compile(r"[A-Za-zÀ-ɏ]*")
_EVIDENCE = 120  # characters of the mail that a ruling quotes


@dataclass(frozen=True, slots=True)
class Judgement:
    findings: tuple[Finding, ...]
    rulings: tuple[Ruling, ...]


def judge(checks: Iterable[Check], look: Look, jurisdiction: str) -> Judgement:
    """What each check finds, in their order, and a ruling for every one of them."""
    findings: list[Finding] = []
    rulings: list[Ruling] = []
    for check in checks:
        for answer in _answers(check, look):
            finding = (
                _finding(check, answer, look, jurisdiction) if isinstance(answer, Missed) else None
            )
            if finding:
                findings.append(finding)
            rulings.append(_ruling(check, answer, finding, look, jurisdiction))
    return Judgement(tuple(findings), tuple(rulings))


def _answers(check: Check, look: Look) -> Iterator[Answer]:
    when = check.when
    if when.languages and look.language not in when.languages:
        yield Idle("the mail is in another language")
    elif when.first_contact and look.context.first_contact is None:
        yield Unseen("the mail does not show whether it is the first to its recipient")
    elif when.first_contact and not look.context.first_contact:
        yield Idle("it is not the first mail to its recipients")
    elif when.said and not _says(when.said, look):
        yield Idle(f"the mail does not say {wording.sign_name(when.said, look)}")
    elif when.unless_said and _says(when.unless_said, look):
        yield Idle(f"the mail says {wording.sign_name(when.unless_said, look)}")
    else:
        yield from _KINDS[check.kind](check, look)


def _says(sign: str, look: Look) -> bool:
    return any(look.facts.said(sign, part) is not None for part, _ in look.bodies)


def _finding(check: Check, missed: Missed, look: Look, jurisdiction: str) -> Finding:
    texts = look.packs.kinds[check.kind]
    say = look.context.say
    severity = missed.severity or check.severity
    if look.lone and missed.severity is None and check.lone_severity:
        severity = check.lone_severity
    message = _text(check.message or texts.message, say, missed.found)
    if missed.detail:
        message = f"{message} {_text(texts.details[missed.detail], say, missed.found)}"
    return Finding(
        rule=check.id,
        severity=severity,
        jurisdiction=jurisdiction,
        place=missed.place,
        message=message,
        source=check.source,
        verified=check.verified,
        remedy=_text(check.remedy or texts.remedy, say, missed.found),
    )


def _text(texts: LocalText, say: str, found: Mapping[str, str]) -> str:
    return (local_text(texts, say) or texts[""]).format_map(_Known(found))


class _Known(dict[str, str]):
    """A pack's own words may name what only some answers find."""

    def __missing__(self, key: str) -> str:
        return ""


_VERDICTS = {Severity.BLOCK: Ruled.BLOCK, Severity.WARN: Ruled.WARN, Severity.NOTE: Ruled.NOTE}


def _ruling(
    check: Check, answer: Answer, finding: Finding | None, look: Look, jurisdiction: str
) -> Ruling:
    place: Place | None = None
    why = ""
    match answer:
        case Met(place=found):
            verdict, place = Ruled.MET, found
        case Missed(place=found):
            severity = finding.severity if finding else check.severity
            verdict, place = _VERDICTS[severity], found
            why = finding.message if finding else ""
        case Unseen(why=reason):
            verdict, why = Ruled.NOT_JUDGED, reason
        case Idle(why=reason):
            verdict, why = Ruled.DOES_NOT_APPLY, reason
    return Ruling(
        jurisdiction=jurisdiction,
        rule=check.id,
        verdict=verdict,
        place=place,
        evidence=_evidence(place, look),
        why=why,
        source=check.source,
        verified=check.verified,
    )


def _evidence(place: Place | None, look: Look) -> str:
    if place is None:
        return ""
    if place.part.startswith("header:"):
        return look.view.header(place.part.removeprefix("header:"))[:_EVIDENCE]
    if place.span is None:
        return ""
    text = look.facts.text(place.part)
    rest = _WORD.match(text, place.span.end)  # a pattern may end inside a name
    return " ".join(text[place.span.start : rest.end() if rest else None].split())[:_EVIDENCE]
