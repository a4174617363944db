"""One address of a link, taken apart, and what is wrong with it by itself."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from evaluation.rulefiles import TopicPack

__all__ = ["Address", "faults", "mailto_faults", "read_address"]

_LONGEST = 4_000  # characters of an address that are looked at
_LONGEST_HOST = 253  # RFC 1035, 2.3.4
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_WEB = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)
_NEARLY_WEB = re.compile(
    r"(?:h{1,2}t{1,3}p{1,2}s{0,2}|ttps?|hptts?|thtps?|hhtps?|htpps?)[:;]?/{0,3}\w", re.IGNORECASE
)
_HOST = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")  # of a label; IDN as written counts as well
_MAILBOX = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,250}")
_DOMAIN = re.compile(r"(?:www\.|(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?:[/?#]|$))", re.IGNORECASE)
_UNWRITTEN = re.compile(r"[\s<>\"\\]")
_PARTS_OF_IP = re.compile(r"0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10}")
_IP_ENDS = re.compile(r"(?:^|\.)(?:0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10})$")
_SCRIPTS = frozenset({"javascript", "vbscript", "livescript", "data", "blob"})
_FILES = frozenset({"file", "smb", "nfs", "res", "view-source", "chrome", "about"})
_KNOWN = frozenset(
    {"http", "https", "mailto", "tel", "sms", "cid", "mid", "whatsapp", "weixin", "geo", "ftp"}
    | {"skype", "callto", "facetime", "webcal", "market", "itms-apps", "line", "tg", "msteams"}
)


@dataclass(frozen=True, slots=True)
class Address:
    """`host` is in lower case; all parts are "" where an address does not have them."""

    href: str
    scheme: str = ""
    host: str = ""
    path: str = ""
    query: str = ""
    fragment: str = ""

    @property
    def is_web(self) -> bool:
        return self.scheme in ("http", "https")

    @property
    def shown(self) -> str:
        """What may be told of it: no query, which may name the recipient."""
        return self.href.partition("?")[0] if self.scheme != "data" else "data:…"

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The parameters as written, names in lower case; at most two hundred."""
        for item in self.query.split("&", 200)[:200]:
            name, _, value = item.partition("=")
            if name:
                yield name.strip().lower(), unquote(value)


def read_address(href: str) -> Address:
    """Never fails: what cannot be taken apart has an address and nothing else."""
    href = href.strip()[:_LONGEST]
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port  # is read only here, and may be no number
    except ValueError:
        scheme = _SCHEME.match(href)
        return Address(href, scheme[1].lower() if scheme else "")
    return Address(href, parts.scheme.lower(), host, parts.path, parts.query, parts.fragment)


def faults(address: Address, pack: TopicPack, anchors: Collection[str]) -> Iterator[str]:
    """Rules of the pack that the address breaks by itself, without their topic.

    Args:
        anchors: names of places that the mail has.
    """
    href, scheme = address.href, address.scheme
    low = re.sub(r"[\x00-\x20]+", "", href[:60]).lower()
    if low in ("", "#", "#!", "about:blank", "http://", "https://", "/"):
        yield "empty"
    elif href.startswith("#"):
        if address.fragment not in anchors and unquote(address.fragment) not in anchors:
            yield "anchor"
    elif low.partition(":")[0] in _SCRIPTS and ":" in low:
        yield "script"
    elif scheme in _FILES or re.match(r"\\\\|[A-Za-z]:[\\/]", href):
        yield "local"
    elif address.is_web:
        yield from _web_faults(address, pack)
    elif scheme == "tel":
        if len(re.sub(r"\D", "", href)) < 3 or re.search(r"[A-Za-z]{3}", unquote(address.path)):
            yield "phone"
    elif scheme in _KNOWN:
        return
    elif _NEARLY_WEB.match(href):
        yield "malformed"
    elif not scheme or _MAILBOX.fullmatch(href) or _DOMAIN.match(href):
        yield "relative"
    elif re.search(r"\s", href):
        yield "malformed"


def _web_faults(address: Address, pack: TopicPack) -> Iterator[str]:
    match = _WEB.match(address.href)
    if not match or len(address.host) > _LONGEST_HOST or _UNWRITTEN.search(address.href):
        yield "malformed"
        return
    if address.host in ("http", "https"):  # https://https://host
        yield "malformed"
        return
    lists = pack.lists
    fault = _host_fault(address.host, lists["local_endings"], lists["sample_hosts"])
    if fault:
        yield fault
    elif address.scheme == "http":
        yield "insecure"
    if fault != "malformed" and ("%" in address.href or "*|" in address.href):
        low = address.href.lower()
        if any(part in low for part in lists["unfilled_parts"]):
            yield "placeholder"


@lru_cache(maxsize=4096)
def _host_fault(host: str, local: tuple[str, ...], sample: tuple[str, ...]) -> str:
    """A mail links to few hosts, and mails of one sender to the same."""
    if not _is_host(host):
        return "malformed"
    ip = _ip(host)
    if (ip is not None and not ip.is_global) or (
        ip is None and ("." not in host or _ends(host, local))
    ):
        return "local"
    return "sample_host" if _ends(host, sample) else ""


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is by itself; also as browsers read it, 0x7f.1 or 2130706433."""
    if ":" not in host and not _IP_ENDS.search(host):
        return None
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        parts = host.split(".")
    if len(parts) > 4 or not all(_PARTS_OF_IP.fullmatch(part) for part in parts):
        return None
    numbers = [
        int(p, 16) if p[:2].lower() == "0x" else int(p, 8 if _octal(p) else 10) for p in parts
    ]
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(parts)):
        return None
    value = sum(number << (8 * (3 - place)) for place, number in enumerate(first)) + last
    return ipaddress.IPv4Address(value)


def _octal(part: str) -> bool:
    return len(part) > 1 and part[0] == "0" and not set(part) & {"8", "9"}


def _is_host(host: str) -> bool:
    if _ip(host) is not None:
        return True
    labels = host.split(".")
    if not all(_HOST.fullmatch(label.replace("_", "-")) for label in labels):
        return False
    return len(labels) == 1 or not labels[-1].isdigit()


def _ends(host: str, endings: Collection[str]) -> bool:
    return any(host == ending or host.endswith(f".{ending}") for ending in endings)


def mailto_faults(address: Address, pack: TopicPack) -> Iterator[str]:
    """What is odd about a mail link (RFC 6068), in a few words."""
    recipients = [item for item in unquote(address.path).split(",") if item.strip()]
    fields = list(address.pairs())
    named = [value for name, value in fields if name in ("to", "cc", "bcc")]
    everyone = [*recipients, *(item for value in named for item in value.split(",")[:50])]
    if not everyone:
        yield "no address"
    for item in everyone[:50]:
        if not _MAILBOX.fullmatch(item.strip()) or ".." in item:
            yield f"«{item.strip()[:40]}»"
    if len(everyone) > pack.limits["recipients"]:
        yield f"{len(everyone)} recipients"
    if re.search(r"\s", address.href):
        yield "spaces"
    if "?" in address.query:
        yield "?…?"
    for name, value in fields:
        if name not in pack.lists["mailto_fields"]:
            yield f"{name[:30]}="
        elif name != "body" and re.search(r"[\r\n]", value):
            yield f"{name}: line break"
