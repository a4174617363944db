"""A domain's DMARC policy and where it comes from (RFC 9989, which replaced RFC 7489)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evaluation.providers.domains import ascii_domain, same_organisation
from evaluation.providers.records.report import Reading
from evaluation.providers.tags import TagList, read_tags

__all__ = ["Policy", "judge_dmarc"]

_VERSION = "v=DMARC1"
_WALK = 8  # questions of a tree walk, RFC 9989 §4.10
_POLICIES = ("none", "quarantine", "reject")
_KNOWN = ("v", "p", "sp", "np", "psd", "t", "rua", "ruf", "adkim", "aspf", "fo", "pct", "rf", "ri")
_REMOVED = ("pct", "rf", "ri")
_ADDRESSES = 10  # of rua that are looked at
_MAILTO = re.compile(r"mailto:[^\s@,!]{1,200}@([A-Za-z0-9._-]{1,253})(?:!\d{1,10}[kmgt]?)?\Z", re.I)


@dataclass(frozen=True, slots=True)
class Policy:
    """What receivers are asked to do with mail of the domain that fails."""

    where: str  # the domain whose record it is
    applied: str  # "none", "quarantine" or "reject"; "" where the record is void
    testing: bool = False

    @property
    def enforced(self) -> bool:
        return self.applied in ("quarantine", "reject") and not self.testing


def judge_dmarc(reading: Reading) -> Policy | None:
    """Findings on the record that governs the domain; None where none does or could be asked."""
    found = _discover(reading)
    if found is None:
        return None
    where, record = found
    name = f"_dmarc.{where}"
    reading.records[f"DMARC {where}"] = (record,)
    tags = read_tags(record)
    policy = _policy(reading, where, name, tags)
    _reports(reading, where, name, tags)
    _details(reading, name, tags)
    return policy


def _discover(reading: Reading) -> tuple[str, str] | None:
    """The domain's own record, else that of its organisation, found by walking up the tree
    (RFC 9989 §4.10). A registry's own record (psd=y) governs only what nothing nearer does."""
    above: list[tuple[str, str]] = []
    for number, name in enumerate(_walk(reading.domain)):
        records = reading.with_start(f"_dmarc.{name}", _VERSION, "dmarc")
        if records is None:
            return None
        if len(records) > 1:
            reading.find("dmarc_several", "TXT", f"_dmarc.{name}", count=len(records))
            if number == 0:
                return None
        elif records and number == 0:
            return name, records[0]
        elif records:
            above.append((name, records[0]))
            if read_tags(records[0]).get("psd").lower() in ("y", "n"):
                break
    if not above:
        reading.find("dmarc_missing", "TXT", f"_dmarc.{reading.domain}")
        return None
    return _of_organisation(above)


def _of_organisation(above: list[tuple[str, str]]) -> tuple[str, str]:
    """§4.10.2: the record with psd=n; else, below a registry's, or else at all, the one of the
    fewest labels. Where only the registry has one, that."""
    last = read_tags(above[-1][1]).get("psd").lower()
    if last == "y" and len(above) > 1:
        return above[-2]
    return above[-1]


def _walk(domain: str) -> list[str]:
    labels = domain.split(".")
    names = [domain]
    start = max(1, len(labels) - (_WALK - 1))
    names += [".".join(labels[index:]) for index in range(start, len(labels))]
    return names[:_WALK]


def _policy(reading: Reading, where: str, name: str, tags: TagList) -> Policy:
    wanted = tags.get("p").lower()
    inherited = where != reading.domain
    if wanted not in _POLICIES:
        # Without a valid p= receivers take it as none, older ones only where rua= is there.
        rule = "dmarc_no_policy" if tags.get("rua") else "dmarc_broken"
        reading.find(rule, "TXT", name)
        if rule == "dmarc_broken":
            return Policy(where, "")
        wanted = "none"
    below = tags.get("sp").lower()
    applied = below if inherited and below in _POLICIES else wanted
    if inherited:
        reading.find("dmarc_inherited", "TXT", name, domain=reading.domain, policy=applied)
    testing = tags.get("t").lower() == "y"
    if testing:
        reading.find("dmarc_testing", "TXT", name)
    if applied == "none":
        reading.find("dmarc_none", "TXT", name)
    for tag in ("sp", "np"):
        value = tags.get(tag).lower()
        if value and value not in _POLICIES:
            reading.find("dmarc_value", "TXT", name, tag=f"{tag}={value[:30]}")
        elif value and _POLICIES.index(value) < _POLICIES.index(wanted):
            reading.find("dmarc_weaker_below", "TXT", name, tag=f"{tag}={value}", policy=wanted)
    return Policy(where, applied, testing)


def _reports(reading: Reading, where: str, name: str, tags: TagList) -> None:
    """rua, and whether a foreign receiver of reports agrees to it (RFC 9990 §4)."""
    if not tags.get("rua"):
        reading.find("dmarc_no_reports", "TXT", name)
    for tag in ("rua", "ruf"):
        for address in [item.strip() for item in tags.get(tag).split(",")][:_ADDRESSES]:
            if not address:
                continue
            match = _MAILTO.match(address)
            if not match:
                reading.find("dmarc_address", "TXT", name, tag=tag, address=address[:80])
                continue
            host = ascii_domain(match.group(1))
            if not same_organisation(host, where):
                _agreed(reading, where, host, name)


def _agreed(reading: Reading, where: str, host: str, name: str) -> None:
    question = f"{where}._report._dmarc.{host}"
    records = reading.with_start(question, _VERSION, "dmarc_reports", decides=False)
    if records is not None and not records:
        reading.find("dmarc_not_agreed", "TXT", name, host=host, question=question)


def _details(reading: Reading, name: str, tags: TagList) -> None:
    strict = [tag for tag in ("adkim", "aspf") if tags.get(tag).lower() == "s"]
    if strict:
        reading.find("dmarc_strict", "TXT", name, tags=", ".join(f"{tag}=s" for tag in strict))
    percent = tags.get("pct")
    removed = [f"{tag}={tags.get(tag)[:20]}" for tag in _REMOVED if tag in tags]
    if percent and percent != "100":
        reading.find("dmarc_percent", "TXT", name, percent=percent[:20])
    elif removed:
        reading.find("dmarc_removed", "TXT", name, tags=", ".join(removed))
    unknown = [tag.name for tag in tags.tags if tag.name not in _KNOWN]
    odd = [*unknown, *tags.twice, *tags.broken]
    if odd:
        reading.find("dmarc_odd_tags", "TXT", name, tags=", ".join(odd)[:100])
