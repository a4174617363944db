"""Whether the pages that a mail links to can be opened. Asked only where somebody wants it.

Links that may do something (unsubscribe, confirm, delete) are never opened, for a request might
do it.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from contracts.verdict import Finding, Place
from evaluation.fitness.addresses import Address, faults, read_address
from evaluation.fitness.fetching import Fetch, NotPublic, WebFetch
from evaluation.fitness.telling import shortened
from evaluation.look import Look
from evaluation.providers.domains import same_organisation
from evaluation.view.htmlview import Link

__all__ = ["ReachLimits", "check_reachable"]

_ACTS = re.compile(
    r"unsub|opt-?(?:out|in)|abmeld|abbestell|austrag|desabon|desinscri|desuscri|tuiding|退订|退訂"
    r"|list-?manage|preferences?|confirm|verif|activat|approv|accept|declin|delete|remove|cancel"
    r"|logout|signout|subscri|token=|best(?:ae|ä)tig|登出|取消",
    re.IGNORECASE,
)
_HEAD_REFUSED = frozenset({400, 403, 404, 405, 406, 409, 410, 429, 500, 501, 503})
_FAULTY = frozenset({"malformed", "placeholder", "local", "sample_host"})
_UNSURE = frozenset({401, 402, 403, 407, 423, 425, 429, 451, 503, 999})


@dataclass(frozen=True, slots=True)
class ReachLimits:
    redirects: int = 5
    request_s: float = 8.0  # seconds for a link with all its redirects
    total_s: float = 40.0  # seconds for all links
    links: int = 60
    at_once: int = 6


def check_reachable(
    look: Look, fetch: Fetch | None = None, limits: ReachLimits | None = None
) -> tuple[Finding, ...]:
    """Opens the pages that the mail links to, each once: HEAD, then GET where HEAD is refused.

    Links that may do something, that a worker still fills, or whose address is wrong by itself
    are not opened. Not to be called where an event loop runs.
    """
    limits = limits or ReachLimits()
    wanted = list(_wanted(look))
    asked, left = wanted[: limits.links], len(wanted) - limits.links
    outcomes = asyncio.run(_ask_all([a for _, a in asked], fetch or WebFetch(), limits))
    return tuple(_told(look, asked, outcomes, max(0, left)))


def _wanted(look: Look) -> Iterator[tuple[Link, Address]]:
    pack = look.packs.topics["links"]
    everywhere = look.packs.everywhere.unsubscribe_addresses
    listed = "\n".join(look.view.header_values("List-Unsubscribe"))
    seen: set[str] = set()
    for link in look.view.links:
        address = read_address(link.href)
        page = address.href.partition("#")[0]
        if not address.is_web or page in seen or _is_open(look, page):
            continue
        seen.add(page)
        acts = _ACTS.search(page) or page in listed or _acts_by_label(look, link)
        acts = acts or any(re.search(item, page, re.IGNORECASE) for item in everywhere)
        if not acts and _FAULTY.isdisjoint(faults(address, pack, ())):
            yield link, address


def _is_open(look: Look, href: str) -> bool:
    return any(re.search(pattern, href) for pattern in look.packs.fidelity.placeholders)


def _acts_by_label(look: Look, link: Link) -> bool:
    label = link.label[:200]
    return bool(_ACTS.search(label)) or any(
        signs.found("unsubscribe", label) for signs in look.packs.signs.values()
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: int = 0  # 0: nobody answered
    why: str = ""
    end: str = ""  # the address that answered
    not_public: bool = False


async def _ask_all(
    addresses: Sequence[Address], fetch: Fetch, limits: ReachLimits
) -> Mapping[str, _Outcome]:
    gate = asyncio.Semaphore(limits.at_once)
    outcomes: dict[str, _Outcome] = {}

    async def one(href: str) -> None:
        async with gate:
            outcomes[href] = await _ask(href, fetch, limits)

    tasks = [asyncio.create_task(one(address.href)) for address in addresses]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=limits.total_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return outcomes


async def _ask(href: str, fetch: Fetch, limits: ReachLimits) -> _Outcome:
    try:
        async with asyncio.timeout(limits.request_s):
            return await _followed(href, fetch, limits)
    except NotPublic:
        return _Outcome(not_public=True)
    except TimeoutError:
        return _Outcome(why="timeout", end=href)
    except ssl.SSLError:
        return _Outcome(why="TLS")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return _Outcome(why="TLS" if "CERTIFICATE" in str(error) else _named(error))


def _named(error: Exception) -> str:
    if isinstance(error, socket.gaierror) or isinstance(error.__cause__, socket.gaierror):
        return "DNS"
    return "connection"


async def _followed(href: str, fetch: Fetch, limits: ReachLimits) -> _Outcome:
    url = href.partition("#")[0]
    method = "HEAD"
    hops = 0
    while True:
        answer = await fetch(method, url)
        if 300 <= answer.status < 400 and answer.location:
            hops += 1
            if hops > limits.redirects:
                return _Outcome(why=f"> {limits.redirects} redirects", end=url)
            url = urljoin(url, answer.location[:4_000]).partition("#")[0]
            if urlsplit(url).scheme not in ("http", "https"):
                return _Outcome(why=f"→ {urlsplit(url).scheme[:20]}:", end=href)
            method = "HEAD"
        elif method == "HEAD" and answer.status in _HEAD_REFUSED:
            method = "GET"
        else:
            return _Outcome(answer.status, str(answer.status), url)


def _told(
    look: Look, asked: Sequence[tuple[Link, Address]], outcomes: Mapping[str, _Outcome], left: int
) -> Iterator[Finding]:
    pack, say = look.packs.topics["links"], look.context.say
    for link, address in asked:
        place, shown = Place(link.part, link.span), shortened(address.shown)
        outcome = outcomes.get(address.href)
        if outcome is None:
            left += 1
        elif outcome.not_public:
            yield pack.rule("links.not_public").finding(place, say=say, link=shown)
        elif outcome.status in _UNSURE or outcome.why == "timeout":
            yield pack.rule("links.unsure").finding(place, say=say, link=shown, why=outcome.why)
        elif not outcome.status or outcome.status >= 400:
            yield pack.rule("links.dead").finding(place, say=say, link=shown, why=outcome.why)
        else:
            end = read_address(outcome.end)
            if address.scheme == "https" and end.scheme == "http":
                yield pack.rule("links.unencrypted_end").finding(place, say=say, link=shown)
            if not same_organisation(end.host, address.host):
                yield pack.rule("links.goes_elsewhere").finding(
                    place, say=say, link=shown, host=shortened(end.host)
                )
    if left:
        yield pack.rule("links.not_asked").finding(Place("html"), say=say, count=left)
