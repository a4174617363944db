"""Whether the key of a DKIM selector can verify what is signed with it (RFC 6376 §3.6.1)."""

from __future__ import annotations

import base64
import binascii
import re

from evaluation.providers.records.answers import Asked, Kind
from evaluation.providers.records.report import Reading
from evaluation.providers.tags import TagList, read_tags

__all__ = ["judge_dkim", "rsa_bits"]

_SHORTEST = 1_024  # bits; Gmail and Yahoo take no shorter key, RFC 8301 §3.2 neither
_ADVISED = 2_048
_ED25519 = 32  # octets of a key, RFC 8463 §4


def judge_dkim(reading: Reading, selector: str) -> None:
    name = f"{selector}._domainkey.{reading.domain}"
    answer = reading.ask(name, Kind.TXT, "dkim")
    if answer.state is Asked.UNKNOWN:
        return
    if not answer.records:
        reading.find("dkim_missing", "TXT", name, selector=selector)
        return
    reading.records[f"DKIM {selector}"] = answer.records
    if len(answer.records) > 1:
        reading.find("dkim_several", "TXT", name, selector=selector, count=len(answer.records))
        return
    tags = read_tags(answer.records[0])
    first = tags.tags[0].name if tags.tags else ""
    if ("v" in tags and (first != "v" or tags.get("v") != "DKIM1")) or "p" not in tags:
        reading.find("dkim_broken", "TXT", name, selector=selector)
        return
    _key(reading, name, selector, tags)
    _flags(reading, name, selector, tags)


def _key(reading: Reading, name: str, selector: str, tags: TagList) -> None:
    text = re.sub(r"\s+", "", tags.get("p"))
    tag = tags.tag("p")
    span = tag.span if tag else None
    if not text:
        reading.find("dkim_revoked", "TXT", name, span, selector=selector)
        return
    kind = tags.get("k", "rsa").lower()
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        reading.find("dkim_broken", "TXT", name, span, selector=selector)
        return
    if kind == "ed25519":
        rule = "dkim_ed25519" if len(key) == _ED25519 else "dkim_broken"
        reading.find(rule, "TXT", name, span, selector=selector)
    elif kind != "rsa":
        reading.find("dkim_kind", "TXT", name, selector=selector, kind=kind[:20])
    else:
        bits = rsa_bits(key)
        if bits is None:
            reading.find("dkim_broken", "TXT", name, span, selector=selector)
        elif bits < _SHORTEST:
            reading.find("dkim_short", "TXT", name, span, selector=selector, bits=bits)
        elif bits < _ADVISED:
            reading.find("dkim_shortish", "TXT", name, span, selector=selector, bits=bits)


def _flags(reading: Reading, name: str, selector: str, tags: TagList) -> None:
    flags = _items(tags.get("t"))
    if "y" in flags:
        tag = tags.tag("t")
        reading.find("dkim_testing", "TXT", name, tag.span if tag else None, selector=selector)
    if "h" in tags and "sha256" not in _items(tags.get("h")):
        reading.find("dkim_hash", "TXT", name, selector=selector)
    if "s" in tags and not {"*", "email"} & _items(tags.get("s")):
        reading.find("dkim_service", "TXT", name, selector=selector)


def _items(value: str) -> frozenset[str]:
    return frozenset(item.strip().lower() for item in value.split(":"))


def rsa_bits(key: bytes) -> int | None:
    """The length of an RSA key: a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), or the bare key of
    RFC 8017 A.1.1, which many publish. None where it is neither."""
    outer = _inside(key, 0x30)
    if outer is None:
        return None
    if outer[:1] == b"\x02":
        return _length(outer)
    algorithm = _next(outer, 0x30)
    if algorithm is None:
        return None
    bits = _inside(algorithm[1], 0x03)
    inner = _inside(bits[1:], 0x30) if bits else None
    return _length(inner) if inner else None


def _length(numbers: bytes) -> int | None:
    """Of a modulus and an exponent, the bits of the first."""
    modulus = _next(numbers, 0x02)
    if modulus is None or _next(modulus[1], 0x02) is None:
        return None
    return int.from_bytes(modulus[0], "big").bit_length() or None


def _inside(data: bytes, tag: int) -> bytes | None:
    found = _next(data, tag)
    return found[0] if found else None


def _next(data: bytes, tag: int) -> tuple[bytes, bytes] | None:
    """The contents of the first DER element, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        return None
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or len(data) < 2 + count:
            return None
        length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if start + length > len(data):
        return None
    return data[start : start + length], data[start + length :]
