"""Signs of spam in where links lead, and in what a mail loads."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from contracts.verdict import Place
from evaluation.providers.domains import mixes_scripts, organisational_domain
from evaluation.rulefiles import Signal
from evaluation.spam.lookalikes import imitation, unicode_label
from evaluation.spam.reading import Hit, Reading, Target

__all__ = ["LINK_TESTS"]

_DOMAIN = re.compile(
    r"(?:(https?)://|www\.)?((?:[\w-]{1,63}\.){1,8}(?:com|net|org|de|cn|io|eu|co|uk|info|biz|at|ch|"
    r"fr|it|es|nl|pl|jp|kr|ai|app|dev|us|ca|au))(?:[/:?#]\S*)?",
    re.IGNORECASE,
)
_NUMBER_HOST = re.compile(r"0x[0-9a-f]+|\d{8,10}")
_ESCAPED_LETTER = re.compile(r"%(?:[46][1-9a-f]|[57][0-9a]|3[0-9])", re.IGNORECASE)
_MUTE = re.compile(r"[bcdfghjklmnpqrstvwxz]{7,}")
_PURE_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_LONGEST_SINGLE = 2_000  # characters of a body that may be but one address
_HOST = re.compile(r"(?:https?:)?//([\w.-]{1,253})", re.IGNORECASE)
_MOST_REMOTE = 500


def _place(target: Target) -> Place:
    return Place(target.link.part, target.link.span)


def _link_mismatch(reading: Reading, signal: Signal) -> Hit | None:
    """A label that is an address of another owner than the link's. A counter of clicks in the
    sender's own domain, or one that names the address it goes on to, deceives nobody."""
    del signal
    own = organisational_domain(reading.sender.domain) if reading.sender else ""
    for target in reading.targets:
        shown = target.link.label.strip()
        label = _DOMAIN.fullmatch(shown) if len(shown) < 500 else None
        if label is None or "@" in shown:
            continue
        named = organisational_domain(label.group(2))
        goes_on = named in f"{target.url.path}?{target.url.query}".lower()
        if target.owner not in (named, own) and not goes_on:
            return Hit(_place(target), f"({label.group(2)} / {target.host})")
    return None


def _link_lookalike(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    known, seen = reading.known, set[str]()
    for target in reading.targets:
        before, at, _ = target.url.netloc.rpartition("@")
        if at and "." in before:
            return Hit(_place(target), "(another host stands before the @)")
        if target.host in seen:
            continue
        seen.add(target.host)
        if any(map(_mixed, target.host.split("."))):
            return Hit(_place(target), f"({target.host})")
        meant = imitation(target.host, known.shapes, known.common.imitated, known.looks_like)
        if meant:
            return Hit(_place(target), f"({target.host} / {meant})")
    return None


def _link_ip(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    for target in reading.targets:
        if _NUMBER_HOST.fullmatch(target.host) or _is_address(target.host):
            return Hit(_place(target), f"({target.host})")
    return None


def _link_escaped(reading: Reading, signal: Signal) -> Hit | None:
    """Letters of an address that are written as codes, though they need none."""
    for target in reading.targets:
        codes = sum(1 for _ in _ESCAPED_LETTER.finditer(target.link.href[:2000]))
        if "%" in target.url.netloc or codes > signal.threshold:
            return Hit(_place(target), f"({target.host})")
    return None


def _odd_port(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    for target in reading.targets:
        try:
            port = target.url.port
        except ValueError:
            port = -1
        if port not in (None, 80, 443):
            return Hit(_place(target))
    return None


def _random_host(reading: Reading, signal: Signal) -> Hit | None:
    """A registered name that cannot be spoken, or that is half digits."""
    del signal
    for target in reading.targets:
        name = target.owner.partition(".")[0]
        digits = sum(char.isdigit() for char in name)
        if _is_address(target.host) or name.startswith("xn--"):
            continue
        if _MUTE.search(name) or (digits >= 4 and digits * 2 >= len(name)):
            return Hit(_place(target), f"({target.host})")
    return None


def _shortener(reading: Reading, signal: Signal) -> Hit | None:
    del signal
    for target in reading.targets:
        if target.host.removeprefix("www.") in reading.known.shorteners:
            return Hit(_place(target), f"({target.host})")
    return None


def _only_shortener(reading: Reading, signal: Signal) -> Hit | None:
    """Every link goes through a shortener: nobody sees where the mail leads."""
    del signal
    hosts = {target.host.removeprefix("www.") for target in reading.targets}
    if hosts and hosts <= reading.known.shorteners:
        return Hit(_place(reading.targets[0]), f"({', '.join(sorted(hosts))})")
    return None


def _single_uri(reading: Reading, signal: Signal) -> Hit | None:
    """A body that is hardly more than an address."""
    if len(reading.body) > _LONGEST_SINGLE:
        return None
    words = len(_PURE_LINK.sub(" ", reading.body).split())
    if reading.targets and words <= signal.threshold and not reading.view.images:
        return Hit(_place(reading.targets[0]), f"({words} words)")
    return None


def _many_links(reading: Reading, signal: Signal) -> Hit | None:
    count = len(reading.view.page.links)
    return Hit(Place("html"), f"({count})") if count > signal.threshold else None


def _own_links(reading: Reading, signal: Signal) -> Hit | None:
    """Links lead to the domain that the mail is sent from: whoever sends it stands by it."""
    del signal
    sender = reading.sender
    if not (reading.has_headers and sender and reading.targets):
        return None
    own = organisational_domain(sender.domain)
    count = sum(target.owner == own for target in reading.targets)
    if not count or sender.domain in reading.known.common.freemail:
        return None
    return Hit(Place("header:From"), f"({own})", max(0.5, count / len(reading.targets)))


def _borrowed_unsubscribe(reading: Reading, signal: Signal) -> Hit | None:
    """Unsubscribing by a form that somebody else hosts."""
    del signal
    for target in reading.targets:
        if target.host not in reading.known.forms:
            continue
        signs = reading.look.packs.signs_in(reading.look.language)
        if any(item.found("unsubscribe", target.link.label[:200]) for item in signs):
            return Hit(_place(target), f"({target.host})")
    return None


def _foreign_tracker(reading: Reading, signal: Signal) -> Hit | None:
    """Counting pixels of several houses that the mail has nothing else to do with. `threshold`
    is how many may be there."""
    own = organisational_domain(reading.sender.domain) if reading.sender else ""
    linked = {target.owner for target in reading.targets}
    foreign = set(map(organisational_domain, _pixels(reading))) - linked - {own}
    if len(foreign) <= signal.threshold:
        return None
    return Hit(Place("html"), f"({', '.join(sorted(foreign)[:3])})")


def _pixels(reading: Reading) -> Iterator[str]:
    """The hosts of what tells them that the mail is opened."""
    for item in reading.view.page.remote[:_MOST_REMOTE]:
        if item.pixel or any(known in item.url for known in reading.known.trackers):
            match = _HOST.match(item.url)
            if match:
                yield match.group(1).lower()


def _mixed(label: str) -> bool:
    """Whether a part of a host has letters of two alphabets that look alike. A name that
    cannot be decoded leads nowhere and deceives nobody."""
    if label.isascii() and not label.startswith("xn--"):
        return False
    shown = unicode_label(label)
    return not shown.startswith("xn--") and mixes_scripts(shown)


def _is_address(host: str) -> bool:
    if not host[-1:].isdigit() and ":" not in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


LINK_TESTS: Mapping[str, Callable[[Reading, Signal], Hit | None]] = {
    "borrowed_unsubscribe": _borrowed_unsubscribe,
    "foreign_tracker": _foreign_tracker,
    "link_escaped": _link_escaped,
    "link_ip": _link_ip,
    "link_lookalike": _link_lookalike,
    "link_mismatch": _link_mismatch,
    "many_links": _many_links,
    "odd_port": _odd_port,
    "only_shortener": _only_shortener,
    "own_links": _own_links,
    "random_host": _random_host,
    "shortener": _shortener,
    "single_uri": _single_uri,
}
