"""Questions to real name servers, over dnspython."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from contracts.errors import BadInput, CouldNotFinish
from evaluation.providers.records.answers import Answer, Asked, Kind

if TYPE_CHECKING:
    from dns.rdata import Rdata
    from dns.resolver import Resolver as SystemResolver

__all__ = ["DnsResolver"]

_MOST_RECORDS = 200  # of one answer
_LONGEST = 65_535  # characters of one record


class DnsResolver:
    """Asks the system's name servers, or those given. Each question is asked once.

    Args:
        servers: IP addresses; empty: those of the system.
        timeout_s: seconds for one question, all tries together.
        budget_s: seconds for all questions; what comes later is UNKNOWN.

    Raises:
        BadInput: a server is no IP address.
        CouldNotFinish: the system names no server.
    """

    def __init__(
        self,
        servers: Sequence[str] = (),
        *,
        port: int = 53,
        timeout_s: float = 5.0,
        budget_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._resolver = _system(servers, port)
        self._timeout_s = timeout_s
        self._clock = clock
        self._ends = clock() + budget_s
        self._known: dict[tuple[str, Kind], Answer] = {}

    def ask(self, name: str, kind: Kind) -> Answer:
        key = (name.rstrip(".").lower(), kind)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _asked(self, name: str, kind: Kind) -> Answer:
        import dns.exception
        import dns.name
        import dns.resolver

        left = self._ends - self._clock()
        if left <= 0:
            return Answer(Asked.UNKNOWN, why="the time for all questions was used up")
        try:
            absolute = dns.name.from_text(name + ".")
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return Answer(Asked.NO_NAME)  # RFC 7208 §4.3: no such name can be
        try:
            found = self._resolver.resolve(
                absolute,
                kind.value,
                search=False,
                raise_on_no_answer=False,
                lifetime=min(self._timeout_s, left),
            )
        except dns.resolver.NXDOMAIN:
            return Answer(Asked.NO_NAME)
        except dns.exception.Timeout:
            return Answer(Asked.UNKNOWN, why="no name server answered in time")
        except dns.resolver.NoNameservers:
            return Answer(Asked.UNKNOWN, why="no name server could answer")
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Answer(Asked.UNKNOWN, why=f"the question failed ({type(error).__name__})")
        canonical = found.canonical_name.to_text(omit_final_dot=True).lower()
        records = tuple(_text(item, kind) for item in list(found.rrset or ())[:_MOST_RECORDS])
        return Answer(
            Asked.FOUND if records else Asked.EMPTY,
            tuple(sorted(records)),  # servers answer in any order
            "" if canonical == name else canonical,
        )


def _system(servers: Sequence[str], port: int) -> SystemResolver:
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not servers)
        if servers:
            resolver.nameservers = list(servers)
    except dns.resolver.NoResolverConfiguration as error:
        raise CouldNotFinish(
            "this system names no DNS server: give the address of one (--name-server)"
        ) from error
    except ValueError as error:
        raise BadInput("a name server must be given by its IP address, as 192.0.2.53") from error
    resolver.port = port
    return resolver


def _text(record: Rdata, kind: Kind) -> str:
    if kind is Kind.TXT:
        strings: Sequence[bytes] = record.strings  # type: ignore[attr-defined]
        return b"".join(strings).decode("utf-8", "replace")[:_LONGEST]
    if kind is Kind.MX:
        host: str = record.exchange.to_text(omit_final_dot=True)  # type: ignore[attr-defined]
        preference: int = record.preference  # type: ignore[attr-defined]
        return f"{preference} {host.lower() or '.'}"
    return record.to_text()
