"""A domain whose records are all in order, and what tests change about it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence

from evaluation import load_packs
from evaluation.providers.domain import DomainReport, check_domain
from evaluation.providers.records.answers import Kind
from evaluation.providers.records.given import GivenRecords

DOMAIN = "pegelwerk.example"
PACK = load_packs().topics["domain"]

Records = Mapping[str, Mapping[Kind, Sequence[str]]]


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def rsa_key(bits: int, *, bare: bool = False) -> str:
    """A public key in DER and base64 whose modulus has so many bits; it verifies nothing."""
    modulus = ((1 << (bits - 1)) | 1).to_bytes((bits + 7) // 8, "big")
    if modulus[0] & 0x80:
        modulus = b"\0" + modulus
    numbers = der(0x30, der(0x02, modulus) + der(0x02, b"\x01\x00\x01"))
    if bare:
        return base64.b64encode(numbers).decode()
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return base64.b64encode(der(0x30, algorithm + der(0x03, b"\0" + numbers))).decode()


def sound() -> dict[str, dict[Kind, list[str]]]:
    return {
        DOMAIN: {
            Kind.MX: [f"10 mx.{DOMAIN}"],
            Kind.TXT: [
                "site-verification=1",
                "v=spf1 ip4:192.0.2.0/24 include:_spf.post.example -all",
            ],
        },
        f"mx.{DOMAIN}": {Kind.A: ["192.0.2.25"]},
        "_spf.post.example": {Kind.TXT: ["v=spf1 ip4:198.51.100.0/24 ~all"]},
        f"s1._domainkey.{DOMAIN}": {Kind.TXT: [f"v=DKIM1; k=rsa; p={rsa_key(2048)}"]},
        f"_dmarc.{DOMAIN}": {Kind.TXT: [f"v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}"]},
        f"_mta-sts.{DOMAIN}": {Kind.TXT: ["v=STSv1; id=20260101;"]},
        f"_smtp._tls.{DOMAIN}": {Kind.TXT: [f"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"]},
        f"default._bimi.{DOMAIN}": {
            Kind.TXT: [f"v=BIMI1; l=https://{DOMAIN}/l.svg; a=https://{DOMAIN}/l.pem"]
        },
    }


def checked(
    changes: Records | None = None,
    *,
    silent: Collection[str] = (),
    selectors: Sequence[str] = ("s1",),
    domain: str = DOMAIN,
    say: str = "",
) -> DomainReport:
    """The report on the sound domain with these names' records put in the place of its own."""
    records: dict[str, Mapping[Kind, Sequence[str]]] = {**sound(), **(changes or {})}
    return check_domain(domain, GivenRecords(records, silent), PACK, selectors, say)


def with_spf(record: str, **more: str) -> DomainReport:
    """With that SPF record, and those of further names ("_" stands for a dot)."""
    changes: dict[str, Mapping[Kind, Sequence[str]]] = {
        DOMAIN: {Kind.MX: [f"10 mx.{DOMAIN}"], Kind.TXT: [record]}
    }
    changes |= {name.replace("_", "."): {Kind.TXT: [text]} for name, text in more.items()}
    return checked(changes)


def rules(report: DomainReport) -> set[str]:
    return {finding.rule.removeprefix("domain.") for finding in report.findings}
