"""Whether a domain takes answers and bounces (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

import ipaddress

from evaluation.providers.records.answers import Asked, Kind
from evaluation.providers.records.report import Reading

__all__ = ["judge_mx"]

_MOST = 10  # servers whose addresses are asked for


def judge_mx(reading: Reading) -> bool:
    """Findings on the domain's mail servers; False where there is no such domain."""
    domain = reading.domain
    answer = reading.ask(domain, Kind.MX, "mx")
    if answer.state is Asked.UNKNOWN:
        return True
    if answer.state is Asked.NO_NAME:
        reading.find("no_name", "MX", domain)
        return False
    if not answer.records:
        _without(reading)
        return True
    reading.records[f"MX {domain}"] = answer.records
    servers = [record.partition(" ")[2] for record in answer.records]
    if servers == ["."]:
        reading.find("null_mx", "MX", domain)
    elif "." in servers:
        reading.find("null_mx_among", "MX", domain)
    for server in dict.fromkeys(server for server in servers if server != "."):
        if servers.index(server) < _MOST:
            _server(reading, server)
    return True


def _without(reading: Reading) -> None:
    """Without MX the domain's own address takes its mail (RFC 5321 §5.1)."""
    found = [reading.ask(reading.domain, kind, "mx") for kind in (Kind.A, Kind.AAAA)]
    if any(answer.records for answer in found):
        reading.find("mx_implicit", "MX", reading.domain)
    elif all(answer.absent for answer in found):
        reading.find("mx_missing", "MX", reading.domain)


def _server(reading: Reading, server: str) -> None:
    try:
        ipaddress.ip_address(server)
    except ValueError:
        pass
    else:
        reading.find("mx_address", "MX", reading.domain, server=server)
        return
    found = [reading.ask(server, kind, "mx", decides=False) for kind in (Kind.A, Kind.AAAA)]
    if any(answer.canonical for answer in found):
        reading.find("mx_alias", "MX", reading.domain, server=server)
    if all(answer.absent for answer in found):
        reading.find("mx_lost", "MX", reading.domain, server=server)
