"""Whether a domain is set up to send bulk mail, as its DNS records tell.

SPF, DKIM and DMARC are what Gmail, Yahoo, Outlook.com and iCloud ask of bulk senders: without
one of them the domain is blocked. What could not be asked is never taken for absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contracts.errors import BadInput
from contracts.verdict import Finding
from evaluation.providers.domains import ascii_domain, domain_fault
from evaluation.providers.records.answers import Resolver
from evaluation.providers.records.dkim import judge_dkim
from evaluation.providers.records.dmarc import judge_dmarc
from evaluation.providers.records.mx import judge_mx
from evaluation.providers.records.report import DomainReport, Reading
from evaluation.providers.records.spf import judge_spf
from evaluation.providers.records.transport import judge_bimi, judge_transport
from evaluation.rulefiles import TopicPack

__all__ = ["DomainReport", "check_domain", "domain_of"]

_SELECTOR = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_-]{1,63})*\Z"
)


def check_domain(
    domain: str,
    resolver: Resolver,
    pack: TopicPack,
    selectors: Sequence[str] = (),
    say: str = "",
) -> DomainReport:
    """Read every record of a domain that sends mail.

    Args:
        domain: the domain of From, or one of its addresses.
        pack: the topic `domain`.
        selectors: of DKIM; they cannot be guessed. Empty: DKIM is not judged.
        say: language in which findings are worded; "" English.

    Raises:
        BadInput: the domain or a selector is none.
    """
    reading = Reading(domain_of(domain), resolver, pack, say)
    wanted = [_selector(item) for item in dict.fromkeys(selectors)]
    lookups = _records(reading, wanted) if judge_mx(reading) else None
    return DomainReport(
        domain=reading.domain,
        findings=tuple(_ordered(reading.findings)),
        not_judged=tuple(dict.fromkeys(reading.not_judged)),
        records=reading.records,
        unanswered=tuple(reading.unanswered),
        spf_lookups=lookups,
        version=pack.version,
    )


def _records(reading: Reading, selectors: Sequence[str]) -> int | None:
    lookups = judge_spf(reading)
    for selector in selectors:
        judge_dkim(reading, selector)
    if not selectors:
        reading.not_judged.append(
            ("dkim", "its selectors cannot be guessed: name those that sign (--selector)")
        )
    policy = judge_dmarc(reading)
    judge_transport(reading)
    judge_bimi(reading, policy)
    reading.not_judged.append(
        ("sending_server", "reverse DNS, TLS and reputation belong to the servers that send")
    )
    return lookups


def domain_of(text: str) -> str:
    """The domain of what a person gives: a domain, an address, a web address. In ASCII.

    Raises:
        BadInput: there is none in it, or nobody's own.
    """
    given = re.sub(r"\Ahttps?://", "", text.strip(), flags=re.IGNORECASE)
    given = given.partition("/")[0].rpartition("@")[2].strip("<> ")
    domain = ascii_domain(given)
    if domain_fault(domain):
        raise BadInput(f"«{text[:80]}» is no domain that sends mail: give one such as example.com")
    return domain


def _selector(text: str) -> str:
    selector = text.strip().strip(".")
    if not _SELECTOR.match(selector) or len(selector) > 200:
        raise BadInput(
            f"«{text[:80]}» is no DKIM selector: give what stands in s= of a signature, as s1"
        )
    return selector.lower()


def _ordered(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The gravest first; of one severity in the order of the checks."""
    yield from sorted(dict.fromkeys(findings), key=lambda finding: finding.severity.rank)
