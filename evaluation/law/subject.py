"""The subject line: its label, and what it must not pretend."""

from __future__ import annotations

import re
from functools import lru_cache

from contracts.case import Span
from contracts.verdict import Place, Severity
from evaluation.law.answers import Answers, Idle, Met, Missed, Unseen
from evaluation.law.packfile import Pretence, ReplySubject, SubjectLabel, UrgentSubject
from evaluation.look import Look
from evaluation.prefilter import sought

__all__ = ["pretence", "reply_subject", "subject_label", "urgent_subject"]

_NO_SUBJECT = "the file has no subject"


def subject_label(check: SubjectLabel, look: Look) -> Answers:
    """The label at the very front of the decoded subject (RFC 2047)."""
    if not look.view.has_subject:
        yield Unseen(_NO_SUBJECT)
        return
    subject = look.view.subject.lstrip(" ")
    gap = len(look.view.subject) - len(subject)
    found = {"label": check.labels[0].strip()}
    for label in check.labels:
        if subject.startswith(label):
            yield Met(Place("subject", Span(gap, gap + len(label))))
            return
    elsewhere = [subject.find(label.strip()) for label in check.labels]
    if any(position > 0 for position in elsewhere):
        start = gap + max(elsewhere)
        yield Missed(Place("subject", Span(start, start + 1)), "elsewhere", found=found)
    else:
        end = min(8, len(look.view.subject))
        yield Missed(Place("subject", Span(0, end)), found=found)


@lru_cache(maxsize=8)
def _reply(words: tuple[str, ...], labels: tuple[str, ...]) -> re.Pattern[str]:
    before = "|".join(re.escape(label.strip()) for label in labels)
    said = "|".join(re.escape(word) for word in words)
    label = rf"(?:\W{{0,2}}(?:{before})\W{{0,3}})?"
    return re.compile(rf"\s*{label}({said})\s*(?:\[\d{{1,3}}\])?\s*[:：]", re.IGNORECASE)


def reply_subject(check: ReplySubject, look: Look) -> Answers:
    """A word for an answer or a forwarded mail in front, behind a label or not."""
    del check
    view = look.view
    if not view.has_subject:
        yield Unseen(_NO_SUBJECT)
        return
    if view.header("In-Reply-To") or view.header("References"):
        yield Met(Place("subject"))
        return
    words = tuple(word for signs in look.packs.signs.values() for word in signs.reply_prefix)
    match = _reply(words, look.packs.labels).match(view.subject)
    if match is None:
        yield Met(Place("subject"))
        return
    known = view.has_headers or look.context.in_campaign
    place = Place("subject", Span(*match.span(1)))
    yield Missed(place, severity=None if known else Severity.WARN)


def urgent_subject(check: UrgentSubject, look: Look) -> Answers:
    del check
    if not look.view.has_subject:
        yield Unseen(_NO_SUBJECT)
        return
    everything = "\n".join([look.view.subject, look.view.body])
    lowered = look.view.subject.lower()
    for signs in look.packs.signs.values():
        for pattern in signs.urgency:
            for match in sought(pattern).finditer(look.view.subject, lowered):
                if look.facts.in_text("dated_fact", everything) is None:
                    place = Place("subject", Span(*match.span()))
                    yield Missed(place, found={"said": match.group()})
                    return
    yield Met(Place("subject"))


def pretence(check: Pretence, look: Look) -> Answers:
    """A subject that passes for an invoice or an authority, or a mail that says it is no
    advertising."""
    del check
    if not look.view.subject and not look.view.bodies:
        yield Idle("there is nothing to read")
        return
    places = [("subject", "pretence"), *((part, "not_advert") for part, _ in look.bodies)]
    for part, sign in places:
        for hit in look.facts.told(sign, part)[:1]:
            yield Missed(Place(part, hit.span), found={"said": hit.match.group()[:60]})
            return
    yield Met(Place("subject"))
