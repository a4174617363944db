"""What Gmail, Yahoo, Outlook.com and mail servers in general ask of one mail.

One-click unsubscribing, an answerable sender and the size of the HTML stand in
`rules/everywhere.yaml`; missing and doubled headers are signs of spam. None is told here again.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.verdict import Finding, Place
from evaluation.judged import Judged
from evaluation.look import Look
from evaluation.providers.alignment import judge_alignment
from evaluation.providers.authentication import Authentication, read_authentication
from evaluation.providers.sender import judge_sender
from evaluation.providers.wire import judge_wire
from evaluation.rulefiles import TopicPack

__all__ = ["provider_report"]


def provider_report(look: Look) -> Judged:
    """Findings of the topic `providers`, and what of it this mail does not show."""
    pack = look.packs.topics["providers"]
    shown = read_authentication(look.view)
    return Judged(tuple(_findings(look, shown, pack)), tuple(_not_judged(look, shown)))


def _findings(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    if look.view.has_headers:
        yield from judge_sender(look, shown, pack)
        yield from judge_alignment(look, shown, pack)
    if look.view.wire is not None:
        yield from judge_wire(look.view.wire, pack, look.context.say)
    yield from _size(look, pack)


def _size(look: Look, pack: TopicPack) -> Iterator[Finding]:
    """The message with its files as they travel. Of a mail that is still to be made the files
    are counted as base64, which takes 78 octets for every 57 (RFC 2045 §6.8)."""
    view = look.view
    files = sum((file.size + 56) // 57 * 78 for file in view.attached)
    bodies = len(view.html.encode("utf-8", "replace")) + len(view.text.encode("utf-8", "replace"))
    size = max(view.size_bytes, bodies + files)
    for rule, limit in (("size_total", "message_bytes"), ("size_servers", "server_bytes")):
        if size > pack.limits[limit]:
            yield pack.rule(f"provider.{rule}").finding(
                Place("message"),
                say=look.context.say,
                size=round(size / 1_000_000),
                limit=round(pack.limits[limit] / 1_000_000),
            )
            return


def _not_judged(look: Look, shown: Authentication) -> Iterator[tuple[str, str]]:
    if not look.view.has_headers:
        yield "sender", "without mail headers nothing is seen of the sender's address and domain"
    elif shown.discussion:
        yield "alignment", "a discussion list passed the mail on, which changes what was signed"
    elif not shown.sent:
        yield (
            "alignment",
            "the mail was not sent yet: it shows no envelope sender, no DKIM signature and no "
            "receiver's verdict (`mailwright screen --domain` asks for the domain's records)",
        )
    else:
        if shown.signatures:
            yield "signature", "DKIM signatures were read, not verified"
        if shown.received is None or "dmarc" not in shown.received.results:
            yield "authentication", "SPF, DKIM and DMARC show only when the mail is received"
    if look.view.wire is None:
        yield "lines", "the lines of the message as it travels are not known"
    yield "reputation", "sending server, complaint rate and reputation do not show in a mail"
