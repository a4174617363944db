"""Asking the web for a page without reaching into the house.

A host is resolved once, every address of it must be public, and the connection goes to the very
address that was looked at: a name that answers otherwise the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import idna

__all__ = ["Answer", "Fetch", "NotPublic", "WebFetch"]

_MOST_ADDRESSES = 3  # of one host that are tried
_AGENT = "Mozilla/5.0 (compatible; MailwrightLinkCheck/1.0)"


class NotPublic(Exception):
    """The host of a link has no public address, or has others beside it."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str = ""  # where a redirect leads, as it was sent


class Fetch(Protocol):
    """Asks for one page and follows nothing.

    Raises:
        NotPublic: the host must not be asked.
        httpx.HTTPError, OSError: nobody answered.
    """

    def __call__(self, method: str, url: str) -> Awaitable[Answer]: ...


Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class WebFetch:
    """Requests by httpx, to the address that was looked at. No proxy, cookie or password of the
    surroundings is used, and no body is read.

    Args:
        trusted: addresses that may be asked although they are not public; for tests.
        resolve: finds the addresses of a host and port.
        tls: whose certificates are believed; None: those of the public authorities.
    """

    def __init__(
        self,
        *,
        trusted: frozenset[str] = frozenset(),
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._trusted = trusted
        self._resolve = resolve or _resolved
        self._tls = tls or httpx.create_ssl_context(trust_env=False)

    async def __call__(self, method: str, url: str) -> Answer:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        own_port = {"http": 80, "https": 443}[parts.scheme]
        written = f"[{host}]" if ":" in host else _ascii(host)
        headers = {
            "Host": written if port == own_port else f"{written}:{port}",
            "User-Agent": _AGENT,
            "Accept": "text/html,*/*;q=0.5",
        }
        extensions = {"sni_hostname": written.strip("[]")} if parts.scheme == "https" else {}
        *first, last = await self._public(host, port)
        for address in first:  # of a host with several, one may have no way from here
            try:
                return await self._ask(method, _at(address, port, url), headers, extensions)
            except httpx.ConnectError:
                continue
        return await self._ask(method, _at(last, port, url), headers, extensions)

    async def _ask(
        self, method: str, target: str, headers: Mapping[str, str], extensions: Mapping[str, str]
    ) -> Answer:
        # The caller's limit holds for all of it, so that no single read needs one of its own.
        client = httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=None)  # noqa: S113
        async with (
            client,
            client.stream(
                method,
                target,
                headers=dict(headers),
                extensions=dict(extensions),
                follow_redirects=False,
            ) as answer,
        ):
            return Answer(answer.status_code, answer.headers.get("location", ""))

    async def _public(self, host: str, port: int) -> Sequence[str]:
        found = list(dict.fromkeys(await self._resolve(host, port)))
        if not found:
            raise OSError("the name has no address")
        for address in found:
            if address not in self._trusted and not _is_public(address):
                raise NotPublic(host)
        return found[:_MOST_ADDRESSES]


def _at(address: str, port: int, url: str) -> str:
    """`url` with the address of its host in place of the name, and without a password."""
    name = f"[{address}]" if ":" in address else address
    return urlsplit(url)._replace(netloc=f"{name}:{port}", fragment="").geturl()


def _ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    for inner in (getattr(ip, "ipv4_mapped", None), getattr(ip, "sixtofour", None)):
        if inner is not None and not inner.is_global:
            return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.teredo is not None:
        return False
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF).is_global
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address inside of an IPv6 one


async def _resolved(host: str, port: int) -> Sequence[str]:
    """In a thread of its own that nobody waits for: a resolver has no time limit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str], error: Exception | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found: Sequence[str] = ()
        failed: Exception | None = None
        try:
            entries = socket.getaddrinfo(_ascii(host), port, type=socket.SOCK_STREAM)
            found = [str(entry[4][0]) for entry in entries]
        except (OSError, ValueError) as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            loop.call_soon_threadsafe(settle, found, failed)

    threading.Thread(target=ask, daemon=True).start()
    return await answer
