"""A sender's domains checked by their DNS records."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation import load_packs
from evaluation.providers.domain import DomainReport, check_domain, domain_of
from evaluation.providers.records.answers import Resolver
from evaluation.providers.records.network import DnsResolver

__all__ = ["check_domains"]


def check_domains(
    domains: Sequence[str],
    selectors: Sequence[str] = (),
    *,
    servers: Sequence[str] = (),
    resolver: Resolver | None = None,
    timeout_s: float = 5.0,
    budget_s: float = 60.0,
    say: str = "",
) -> list[DomainReport]:
    """A report for each domain, in order, each once.

    Args:
        domains: domains, or addresses in them.
        selectors: of DKIM, asked for at every domain.
        servers: IP addresses of name servers; empty: the system's.
        resolver: asked in the place of name servers.
        timeout_s: seconds for one question; `budget_s` for all of a domain.

    Raises:
        BadInput: no domain, or a domain, a selector or a server that is none.
        CouldNotFinish: the system names no name server.
    """
    pack = load_packs().topics["domain"]
    wanted = list(dict.fromkeys(domain_of(domain) for domain in domains))
    return [
        check_domain(
            domain,
            resolver or DnsResolver(servers, timeout_s=timeout_s, budget_s=budget_s),
            pack,
            selectors,
            say,
        )
        for domain in wanted
    ]
