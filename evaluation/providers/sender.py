"""Who a mail says it is from: one mailbox, in a domain that can pass DMARC, under a name that
is a name. That the header is there at all, once, and not forged is told with the signs of spam."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.verdict import Finding, Place
from evaluation.look import Look
from evaluation.providers.authentication import Authentication
from evaluation.providers.domains import domain_fault, mixes_scripts, organisational_domain
from evaluation.rulefiles import TopicPack
from evaluation.view.mailview import Mailbox, mailboxes

__all__ = ["judge_sender"]

_LONGEST = 20_000  # characters of a header that are read
_LOCAL_PART = 64  # octets, RFC 5321 §4.5.3.1.1
_FROM = Place("header:From")
_PLACEHOLDER = re.compile(r"\[\[|\{\{|\*\|")
_COUNTER = re.compile(r"\(\s{0,3}\d{1,3}\s{0,3}\)|\[\s{0,3}\d{1,3}\s{0,3}\]")


def judge_sender(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    values = look.view.header_values("From")
    if values:
        people = mailboxes(values[0][:_LONGEST])
        different = {box.address.lower() for box in people}
        if len(different) > 1:
            yield pack.rule("provider.one_from").finding(
                _FROM, say=look.context.say, count=len(different)
            )
        if people:
            yield from _address(look, people[0], "From", pack)
            yield from _freemail(look, people[0], shown, pack)
            yield from _name(look, people[0], pack)
    for value in look.view.header_values("Reply-To")[:1]:
        for box in mailboxes(value[:_LONGEST])[:5]:
            yield from _address(look, box, "Reply-To", pack)


def _address(look: Look, box: Mailbox, header: str, pack: TopicPack) -> Iterator[Finding]:
    if _PLACEHOLDER.search(box.address):
        return
    say, place = look.context.say, Place(f"header:{header}")
    local, _, domain = box.address.rpartition("@")
    fault = domain_fault(domain)
    rule = "provider.from_domain" if header == "From" else "provider.reply_domain"
    if fault or not local or len(local.encode("utf-8", "replace")) > _LOCAL_PART:
        yield pack.rule(rule).finding(place, say=say, domain=domain[:80] or "-")
    elif mixes_scripts(domain):
        yield pack.rule("provider.mixed_script").finding(place, say=say, domain=domain)
    elif not local.isascii():
        yield pack.rule("provider.local_part").finding(place, say=say)


def _freemail(
    look: Look, box: Mailbox, shown: Authentication, pack: TopicPack
) -> Iterator[Finding]:
    """A campaign is never sent by the free provider itself. A lone file may have been, and one
    that was sent shows by its signature whether it was."""
    domain = box.domain
    if domain not in pack.words("freemail") or shown.discussion:
        return
    if look.context.in_campaign:
        rule = "provider.freemail_from"
    elif shown.sent or look.view.header("Received"):
        return
    else:
        rule = "provider.freemail_from_lone"
    yield pack.rule(rule).finding(_FROM, say=look.context.say, domain=organisational_domain(domain))


def _name(look: Look, box: Mailbox, pack: TopicPack) -> Iterator[Finding]:
    """What Gmail wants out of display names: counters of replies, badges, urgent words."""
    name = box.name[:200]
    found = _COUNTER.search(name)
    sign = found.group() if found else ""
    sign = sign or next((mark for mark in pack.lists["badges"] if mark in name), "")
    if not sign:
        match = pack.any_of("name_words").search(name)
        sign = match.group() if match else ""
    if sign:
        yield pack.rule("provider.display_name").finding(_FROM, say=look.context.say, sign=sign)
