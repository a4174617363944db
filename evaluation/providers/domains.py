"""Who a domain belongs to, by the list of public suffixes, and whether mail can come from it.

The list comes with the package `publicsuffixlist`; nothing is asked over the network.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = [
    "ascii_domain",
    "domain_fault",
    "is_public_suffix",
    "mixes_scripts",
    "organisational_domain",
    "same_organisation",
]

_LONGEST = 253  # octets of a name, RFC 1035 §2.3.4 without the root
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")  # RFC 1123 §2.1


@lru_cache(maxsize=4096)
def organisational_domain(host: str) -> str:
    """The part of a host name that somebody registers, in lower case and ASCII
    ("mail.example.co.uk" -> "example.co.uk").

    A public suffix itself, an IP address and what is no name come back as they are.
    """
    name = ascii_domain(host)
    if not name or len(name) > _LONGEST or _is_address(name) or name.startswith("."):
        return name
    return _suffixes().privatesuffix(name) or name


def same_organisation(one: str, other: str) -> bool:
    """Whether two domains are aligned (relaxed, RFC 9989 §4.4.1), as far as the list can tell.

    Whoever runs hosting below a domain of theirs ("github.io", some universities) has it on the
    list as a suffix: neighbours below it are strangers, but it and what is below it are not.
    """
    first, second = organisational_domain(one), organisational_domain(other)
    if not first or not second:
        return False
    if first == second:
        return True
    longer, shorter = sorted((ascii_domain(one), ascii_domain(other)), key=len, reverse=True)
    return longer.endswith(f".{shorter}") and not is_public_suffix(shorter)


@lru_cache(maxsize=4096)
def ascii_domain(host: str) -> str:
    """A host name as DNS knows it: lower case, no root dot, other scripts as xn--. What cannot
    be written so comes back in lower case."""
    name = host.strip().rstrip(".").lower()
    if name.isascii() or len(name) > _LONGEST:
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError, ValueError):
        return name


def domain_fault(domain: str) -> str:
    """Why no mail of a company can come from `domain`: "empty", "long", "label", "address",
    "single" (no dot) or "suffix" (nobody's own); "" where nothing is wrong with the name."""
    name = ascii_domain(domain)
    if not name:
        return "empty"
    if _is_address(name.strip("[]").removeprefix("ipv6:")):
        return "address"
    if len(name) > _LONGEST:
        return "long"
    labels = name.split(".")
    if not all(_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        return "label"
    if len(labels) == 1:
        return "single"
    return "suffix" if is_public_suffix(name) else ""


def is_public_suffix(domain: str) -> bool:
    """Whether a registry lets names be registered directly below `domain` ("co.uk")."""
    name = ascii_domain(domain)
    return bool(name) and len(name) <= _LONGEST and _registries().privatesuffix(name) is None


def mixes_scripts(domain: str) -> bool:
    """Whether one label mixes Latin with letters of a script that has look-alikes of them
    (UTS 39, §5.2), as no honest name does."""
    for label in domain[:_LONGEST].lower().split("."):
        if label.startswith("xn--"):
            try:
                label = idna.decode(label)
            except (idna.IDNAError, UnicodeError, ValueError):
                return True  # no registry takes a name that is no IDN
        scripts = {_script(char) for char in label if char.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
            return True
    return False


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    # Loaded where it is used: reading the list takes some 40 ms.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _registries() -> PublicSuffixList:
    """Without the suffixes that companies and universities added for what they host."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)
