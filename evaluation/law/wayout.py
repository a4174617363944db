"""The way out of a mailing: that it is there, said, free, simple, and works in time."""

from __future__ import annotations

import re

from contracts.verdict import Place, Severity
from evaluation.law.answers import Answers, Idle, Met, Missed, Unseen
from evaluation.law.packfile import OneClick, UnsubscribeLink, UnsubscribeTerms
from evaluation.law.refusing import breaches
from evaluation.law.wording import said_answer
from evaluation.look import Look

__all__ = ["one_click", "unsubscribe_link", "unsubscribe_terms"]


def unsubscribe_link(check: UnsubscribeLink, look: Look) -> Answers:
    """Words that say so, with a link or an address at hand; either alone is not enough."""
    del check
    for part, _ in look.bodies:
        spot = look.facts.way_out(part)
        if spot is None:
            said = look.facts.speaks_of("unsubscribe", part)
            severity = None if said or look.speaks_known_language else Severity.WARN
            yield Missed(Place(part), severity=severity)
            continue
        if look.speaks_known_language:
            answer = said_answer("unsubscribe", part, look)
            if isinstance(answer, Missed):
                lone = answer.severity is None and look.lone
                yield Missed(
                    answer.place,
                    answer.detail or "link_without_words",
                    Severity.WARN if lone else answer.severity,
                )
                continue
        yield Met(Place(part, spot))


def unsubscribe_terms(check: UnsubscribeTerms, look: Look) -> Answers:
    """What the mail itself says of refusing; silence is no breach."""
    missed = False
    for part, _ in look.bodies:
        for detail, span in breaches(check, look, part):
            missed = True
            said = " ".join(span.of(look.facts.text(part)).split())[:60]
            yield Missed(Place(part, span), detail, found={"said": said})
    if missed:
        return
    if any(look.facts.way_out(part) is not None for part, _ in look.bodies):
        yield Met()
    else:
        yield Idle("the mail offers no way out whose terms could be judged")


def one_click(check: OneClick, look: Look) -> Answers:
    del check
    view = look.view
    if not view.has_headers:
        yield Unseen("the file has no mail headers")
        return
    place = Place("header:List-Unsubscribe")
    values = view.header_values("List-Unsubscribe")
    if len(values) != 1:
        yield Missed(place, "one_header")
        return
    missed = False
    addresses = re.findall(r"<\s*([^<>]+?)\s*>", values[0])
    if not any(_https(item, look) for item in addresses):
        missed = True
        yield Missed(place, "no_https")
    posts = view.header_values("List-Unsubscribe-Post")
    if len(posts) != 1 or posts[0].strip() != "List-Unsubscribe=One-Click":
        missed = True
        yield Missed(Place("header:List-Unsubscribe-Post"), "post")
    if not missed:
        yield Met(place)


def _https(address: str, look: Look) -> bool:
    field = re.fullmatch(r"\[\[([^\]]+)\]\]", address)
    if field:
        known = look.view.merge_fields | set(look.context.merge_fields)
        return field.group(1) in known and "unsub" in field.group(1).lower()
    return address.lower().startswith("https://")
