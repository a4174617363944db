"""The claims of anybody's mail held against the cases: supported by which sentence of which
case, contradicted, or not found. The mail cites nothing; what could support it is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.case import Span
from contracts.verdict import Finding, Place
from evaluation.claims.checkable import Statement, StatementKind, statements_in
from evaluation.claims.judging import (
    NOT_FOUND,
    SUPPORTED,
    UNKNOWN_NAME,
    judge_statement,
)
from evaluation.claims.search import CaseSearch
from evaluation.claims.wording import TOPIC, Wording, wording_for
from evaluation.packs import RulePacks
from evaluation.view.mailview import MailView, mailboxes

__all__ = [
    "MOST_CLAIMS",
    "CaseSearch",
    "ClaimVerdict",
    "MailClaim",
    "claim_findings",
    "claims_of",
]

MOST_CLAIMS = 100
"""Claims of one mail that are looked at; what follows is not judged."""

_LONE = re.compile("[\ud800-\udfff]")  # half of a character, which no library can write
_LONGEST_BODY = 60_000  # characters of a part that are read
_LONGEST_QUOTE = 240  # characters of a case's sentence that a message repeats


class ClaimVerdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class MailClaim:
    """One claim of a mail. `case`, `span` and `quote` name the sentence of a case that the
    verdict rests on: it supports the claim, or states it otherwise; "" and None where no case
    speaks of it. `rule` is the rule of the topic "claims" that `why` is worded by."""

    text: str
    place: Place
    kind: StatementKind
    verdict: ClaimVerdict
    case: str
    span: Span | None
    quote: str
    why: str
    rule: str


def claims_of(
    view: MailView, language: str, search: CaseSearch, packs: RulePacks, say: str = ""
) -> tuple[MailClaim, ...]:
    """The checkable claims of a mail's visible text, in order of subject, HTML, text; one that
    stands in both bodies counts where it stands first. Empty for a language without word
    lists. `why` is worded in the language `say`."""
    wording = wording_for(packs, language)
    if wording is None:
        return ()
    sender = _sender(view)
    claims: list[MailClaim] = []
    seen: set[str] = set()
    for part, text in (("subject", view.subject), *view.bodies):
        read = _LONE.sub("\ufffd", text[:_LONGEST_BODY])
        named = search.customers(read) if read.strip() else ()
        for statement in statements_in(read, language, wording, named, sender):
            key = "".join(statement.text.split())
            if key in seen:
                continue
            seen.add(key)
            claims.append(_claim(part, statement, language, search, packs, wording, say))
            if len(claims) >= MOST_CLAIMS:
                return tuple(claims)
    return tuple(claims)


def claim_findings(
    claims: Sequence[MailClaim], packs: RulePacks, say: str = ""
) -> Iterator[Finding]:
    """What is wrong with the claims: contradicted ones and those that no case states."""
    pack = packs.topics[TOPIC]
    for claim in claims:
        if claim.verdict is not ClaimVerdict.SUPPORTED:
            yield pack.rule(claim.rule).finding(
                claim.place, say=say, quote=claim.quote, text=_short(claim.text)
            )


def _claim(
    part: str,
    statement: Statement,
    language: str,
    search: CaseSearch,
    packs: RulePacks,
    wording: Wording,
    say: str,
) -> MailClaim:
    judged = judge_statement(statement, language, search, packs, wording)
    quote = ""
    if judged.case is not None and judged.span is not None:
        quote = _short(judged.span.of(judged.case.text))
    place = Place(part, statement.span)
    worded = (
        packs.topics[TOPIC]
        .rule(judged.rule)
        .finding(place, say=say, quote=quote, text=_short(statement.text))
    )
    return MailClaim(
        text=statement.text,
        place=place,
        kind=statement.kind,
        verdict=_verdict(judged.rule),
        case=judged.case.id if judged.case else "",
        span=judged.span,
        quote=quote,
        why=worded.message,
        rule=judged.rule,
    )


def _sender(view: MailView) -> frozenset[str]:
    """The words of the sender's name and domain, in lower case."""
    found = [box for value in view.header_values("from") for box in mailboxes(value)]
    return frozenset(
        word.casefold()
        for box in found
        for word in (*box.name.split(), *box.domain.split("."))
        if len(word) > 1
    )


def _verdict(rule: str) -> ClaimVerdict:
    if rule == SUPPORTED:
        return ClaimVerdict.SUPPORTED
    unknown = rule in (NOT_FOUND, UNKNOWN_NAME)
    return ClaimVerdict.NOT_FOUND if unknown else ClaimVerdict.CONTRADICTED


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[: _LONGEST_QUOTE - 1]}…"
