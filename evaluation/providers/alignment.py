"""Whether From, envelope sender and signature belong together, as DMARC asks (RFC 9989).

Only a mail that was sent shows it. Whose mail passed through a discussion list is left alone:
the list changed what was signed, and marketing is not sent through one.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.verdict import Finding, Place
from evaluation.look import Look
from evaluation.providers.authentication import Authentication, Signature
from evaluation.providers.domains import ascii_domain
from evaluation.rulefiles import TopicPack

__all__ = ["judge_alignment"]

_SIGNATURE = Place("header:DKIM-Signature")
_RESULTS = Place("header:Authentication-Results")
_UNSUBSCRIBE = ("list-unsubscribe", "list-unsubscribe-post")
_WANTED = ("date", "subject", "to")


def judge_alignment(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    """Findings on a mail that was sent; nothing on one that was not."""
    if shown.discussion or not shown.sent or not shown.author:
        return
    yield from _aligned(look, shown, pack)
    yield from _reported(look, shown, pack)
    for signature in shown.signatures:
        yield from _sound(look, signature, pack)
    yield from _covered(look, shown, pack)


def _aligned(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    passed = shown.received is not None and shown.received.results.get("dmarc") == "pass"
    if shown.aligned_signatures() or shown.aligned_return_path or passed:
        if shown.delivered and not shown.signatures:
            bulk = bool(look.view.header("List-Unsubscribe"))
            rule = "provider.unsigned_bulk" if bulk else "provider.unsigned"
            yield pack.rule(rule).finding(_SIGNATURE, say=look.context.say)
        return
    signed = ", ".join(dict.fromkeys(item.domain for item in shown.signatures)) or "-"
    if shown.delivered and shown.return_path:
        rule, place = "provider.unaligned", Place("header:From")
    elif shown.signatures:
        rule, place = "provider.unaligned_signature", _SIGNATURE
    elif shown.return_path:
        rule, place = "provider.unaligned_return_path", Place("header:Return-Path")
    else:
        return
    yield pack.rule(rule).finding(
        place,
        say=look.context.say,
        author=shown.author,
        signed=signed[:200],
        envelope=shown.return_path or "-",
    )


def _reported(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    """What the receiver found. Of SPF and DKIM alone nothing is said where DMARC passed."""
    if shown.received is None:
        return
    results = shown.received.results
    told = ", ".join(
        f"{name}={results[name]}" for name in ("spf", "dkim", "dmarc") if name in results
    )
    dmarc = results.get("dmarc", "")
    rule = ""
    if dmarc in ("fail", "permerror"):
        rule = "provider.dmarc_failed"
    elif dmarc == "none":
        rule = "provider.dmarc_none"
    elif not dmarc and {results.get("spf"), results.get("dkim")} & {"fail", "permerror"}:
        if "pass" not in (results.get("spf"), results.get("dkim")):
            rule = "provider.auth_failed"
    elif "fail" in (results.get("spf"), results.get("dkim")):
        rule = "provider.auth_partly"
    if rule:
        yield pack.rule(rule).finding(
            _RESULTS, say=look.context.say, server=shown.received.server or "-", results=told
        )


def _sound(look: Look, signature: Signature, pack: TopicPack) -> Iterator[Finding]:
    say = look.context.say
    domain = signature.domain or "-"
    missing = [name for name in ("a", "b", "bh", "d", "h", "s") if not signature.tags.get(name)]
    if missing or signature.tags.twice:
        names = ", ".join((*missing, *signature.tags.twice))[:80]
        yield pack.rule("provider.dkim_broken").finding(
            _SIGNATURE, say=say, domain=domain, tags=names
        )
        return
    if "from" not in signature.signed:
        yield pack.rule("provider.dkim_from").finding(_SIGNATURE, say=say, domain=domain)
    identity = ascii_domain(signature.tags.get("i").rpartition("@")[2])
    if identity and identity != domain and not identity.endswith(f".{domain}"):
        yield pack.rule("provider.dkim_broken").finding(
            _SIGNATURE, say=say, domain=domain, tags="i"
        )
    if signature.algorithm == "rsa-sha1":
        yield pack.rule("provider.dkim_sha1").finding(_SIGNATURE, say=say, domain=domain)
    if "l" in signature.tags:
        yield pack.rule("provider.dkim_length").finding(_SIGNATURE, say=say, domain=domain)


def _covered(look: Look, shown: Authentication, pack: TopicPack) -> Iterator[Finding]:
    """RFC 8058 §4: one valid signature covers both headers. Any domain's will do there."""
    if not shown.signatures:
        return
    say, view = look.context.say, look.view
    if all(view.header(name) for name in _UNSUBSCRIBE) and not any(
        item.signed.issuperset(_UNSUBSCRIBE) for item in shown.signatures
    ):
        yield pack.rule("provider.dkim_unsubscribe").finding(_SIGNATURE, say=say)
    signed = frozenset[str]().union(*(item.signed for item in shown.signatures))
    bare = [name for name in _WANTED if view.header(name) and name not in signed]
    if bare:
        yield pack.rule("provider.dkim_headers").finding(
            _SIGNATURE, say=say, headers=", ".join(name.title() for name in bare)
        )
