"""Hosts that are made to be taken for another's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from evaluation.providers.domains import organisational_domain

__all__ = ["imitation", "skeleton", "unicode_label"]

_PAIRS = (("rn", "m"), ("vv", "w"))
_PLAIN = re.compile(r"(?:[a-qs-uw-z-]|r(?!n)|v(?!v)){1,63}")  # looks like nothing but itself
_DIGITS = str.maketrans("0135", "oles")


def skeleton(name: str, looks_like: Mapping[int, str]) -> str:
    """What a name looks like: letters of other alphabets as the Latin ones they are taken for,
    digits as letters (after UTS 39 §4)."""
    plain = unicodedata.normalize("NFKD", name.lower()).translate(looks_like)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = plain.translate(_DIGITS)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain


def imitation(
    host: str, shapes: Mapping[str, str], domains: Iterable[str], looks_like: Mapping[int, str]
) -> str:
    """The domain that `host` is made to be taken for, "" where it is taken for none: one that
    looks like it, or one of `domains` that is written before the true owner. `shapes` holds
    domains by the `skeleton` of the name before their first dot."""
    owner = organisational_domain(host)
    label = unicode_label(owner.partition(".")[0])
    if not _PLAIN.fullmatch(label):
        meant = shapes.get(skeleton(label, looks_like), "")
        if meant and meant.partition(".")[0] != label:
            return meant
    before = host[: -len(owner)]
    if "." in before.strip("."):
        for domain in domains:
            if owner != domain and f".{domain}." in f".{before}":
                return domain
    return ""


def unicode_label(name: str) -> str:
    """One part of a host as it is shown (RFC 3492)."""
    if name.startswith("xn--"):
        try:
            return name[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            return name
    return name
