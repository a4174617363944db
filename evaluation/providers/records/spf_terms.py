"""An SPF record taken apart by the grammar of RFC 7208 §12."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from contracts.case import Span

__all__ = ["SpfRecord", "SpfTerm", "is_spf", "read_spf"]

_MECHANISM = re.compile(r"([+\-?~])?([A-Za-z][A-Za-z0-9_.-]{0,62})(?:([:/])(.*))?\Z", re.DOTALL)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]{0,62})=(.*)\Z", re.DOTALL)
_MACRO = re.compile(r"%\{[slodiphcrtvSLODIPHCRTV]\d{0,3}[rR]?[.\-+,/_=]{0,7}\}|%[%_\-]|[!-$&-~]")
_CIDR = re.compile(r"(?P<name>.*?)(?:/(?P<four>\d{1,2}))?(?://(?P<six>\d{1,3}))?\Z", re.DOTALL)
_END = re.compile(r"\.(?=[A-Za-z0-9-]*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?\Z")
_MOST = 500  # terms that are read
_NAMED = ("a", "mx", "ptr", "include", "exists")
_MECHANISMS = ("all", "ip4", "ip6", *_NAMED)


@dataclass(frozen=True, slots=True)
class SpfTerm:
    """`name` is that of a mechanism or a modifier in lower case; `target` its domain, "" where
    the record's own is meant; `prefix` the length of an ip4 or ip6 network."""

    name: str
    qualifier: str  # "+", "-", "?" or "~"; "" of a modifier
    target: str
    span: Span
    prefix: int | None = None
    fault: bool = False

    @property
    def has_macro(self) -> bool:
        return "%" in self.target


@dataclass(frozen=True, slots=True)
class SpfRecord:
    text: str
    terms: tuple[SpfTerm, ...]

    @property
    def faults(self) -> tuple[SpfTerm, ...]:
        return tuple(term for term in self.terms if term.fault)

    @property
    def all(self) -> SpfTerm | None:
        return next((term for term in self.terms if term.name == "all" and not term.fault), None)

    @property
    def redirect(self) -> SpfTerm | None:
        """Ignored where the record has "all" (RFC 7208 §6.1)."""
        if self.all:
            return None
        return next(
            (term for term in self.terms if term.name == "redirect" and not term.fault), None
        )

    def reached(self) -> tuple[SpfTerm, ...]:
        """The terms that a check may come to: none after "all" (§5.1), a redirect last (§6.1)."""
        end, redirect = self.all, self.redirect
        before = (
            term
            for term in self.terms
            if not term.fault
            and term.name != "redirect"
            and (end is None or term.span.start <= end.span.start)
        )
        return (*before, *((redirect,) if redirect else ()))


def is_spf(record: str) -> bool:
    """Whether a TXT record is meant for SPF (§4.5)."""
    return re.match(r"v=spf1(?: |\Z)", record, re.IGNORECASE) is not None


def read_spf(text: str) -> SpfRecord:
    """The terms of a record. What breaks the grammar is a term with `fault`."""
    terms: list[SpfTerm] = []
    seen: set[str] = set()
    for match in re.finditer(r"[^ ]+", text[6:]):
        span = Span(match.start() + 6, match.end() + 6)
        term = _term(match.group(), span)
        if term.name in ("redirect", "exp") and not term.qualifier:
            if term.name in seen:  # each at most once (§6)
                term = SpfTerm(term.name, "", term.target, span, fault=True)
            seen.add(term.name)
        terms.append(term)
        if len(terms) >= _MOST:
            break
    return SpfRecord(text, tuple(terms))


def _term(text: str, span: Span) -> SpfTerm:
    modifier = _MODIFIER.match(text)
    if modifier and not text.startswith(("+", "-", "?", "~")):
        name, value = modifier.group(1).lower(), modifier.group(2)
        known = name in ("redirect", "exp")
        sound = _is_domain(value) if known else _is_macro(value)
        return SpfTerm(name, "", value, span, fault=not sound)
    found = _MECHANISM.match(text)
    if not found:
        return SpfTerm(text[:20].lower(), "+", "", span, fault=True)
    qualifier, name = found.group(1) or "+", found.group(2).lower()
    mark, rest = found.group(3) or "", found.group(4) or ""
    if name in ("ip4", "ip6"):
        return _network(name, qualifier, rest if mark == ":" else "", span)
    if name not in _MECHANISMS or (name == "all" and mark):
        return SpfTerm(name, qualifier, "", span, fault=True)
    if name == "all":
        return SpfTerm(name, qualifier, "", span)
    return _named(name, qualifier, mark, rest, span)


def _named(name: str, qualifier: str, mark: str, rest: str, span: Span) -> SpfTerm:
    """a, mx, ptr, include, exists: with a domain, and the first two with lengths of networks."""
    domain, four, six = rest, None, None
    if name in ("a", "mx"):
        cut = _CIDR.match(rest if mark == ":" else f"/{rest}" if mark else "")
        if cut:
            domain, four, six = cut["name"], cut["four"], cut["six"]
    elif mark == "/":
        return SpfTerm(name, qualifier, "", span, fault=True)
    sound = (not domain and mark != ":" and name not in ("include", "exists")) or _is_domain(domain)
    sound = sound and int(four or 0) <= 32 and int(six or 0) <= 128
    return SpfTerm(name, qualifier, domain, span, int(four) if four else None, fault=not sound)


def _network(name: str, qualifier: str, value: str, span: Span) -> SpfTerm:
    network = ipaddress.IPv4Network if name == "ip4" else ipaddress.IPv6Network
    try:
        if not re.fullmatch(r"[0-9A-Fa-f:.]{2,45}(?:/\d{1,3})?", value):
            raise ValueError
        prefix = network(value, strict=False).prefixlen
    except ValueError:
        return SpfTerm(name, qualifier, value, span, fault=True)
    return SpfTerm(name, qualifier, value, span, prefix)


def _is_macro(value: str) -> bool:
    return all(
        _MACRO.fullmatch(piece) for piece in re.findall(r"%\{[^}]{0,40}\}|%.|.", value, re.DOTALL)
    )


def _is_domain(value: str) -> bool:
    """domain-spec: a macro string with a top label, or a macro, at its end."""
    if not value or len(value) > 500 or not _is_macro(value):
        return False
    return value.endswith("}") or bool(_END.search(value[-255:]))
