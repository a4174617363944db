"""Whether a domain's SPF record can be evaluated, and what it lets through (RFC 7208)."""

from __future__ import annotations

from dataclasses import dataclass, field

from evaluation.providers.domains import ascii_domain
from evaluation.providers.records.answers import Asked, Kind
from evaluation.providers.records.report import Reading
from evaluation.providers.records.spf_terms import SpfRecord, SpfTerm, is_spf, read_spf

__all__ = ["judge_spf"]

_LOOKUPS = 10  # terms that ask DNS, §4.6.4
_VOIDS = 2  # answers without a record, §4.6.4
_MX_NAMES = 10  # §4.6.4
_STOP = 60  # terms after which counting ends: the record is far beyond the limit
_LONG = 450  # octets; longer answers may not fit into UDP, §3.4
_WIDE = {"ip4": 8, "ip6": 20, "a": 8, "mx": 8}  # networks as wide as these are nobody's own
_ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")


@dataclass(slots=True)
class _Walk:
    """What going through a record and all it includes adds up to."""

    lookups: int = 0
    voids: list[str] = field(default_factory=list)
    unseen: bool = False
    done: set[str] = field(default_factory=set)


def judge_spf(reading: Reading) -> int | None:
    """Findings on the record; returns the lookups it may take, None where there is none."""
    domain = reading.domain
    answer = reading.ask(domain, Kind.TXT, "spf")
    if answer.state is Asked.UNKNOWN:
        return None
    records = [record for record in answer.records if is_spf(record)]
    if not records:
        near = next((item for item in answer.records if "spf1" in item.lower()[:40]), "")
        reading.find("spf_not_one" if near else "spf_missing", "TXT", domain)
        return None
    reading.records[f"SPF {domain}"] = tuple(records)
    if len(records) > 1:
        reading.find("spf_several", "TXT", domain, count=len(records))
        return None
    record = read_spf(records[0])
    walk = _Walk()
    _walk(reading, domain, record, (domain,), walk)
    if walk.lookups > _LOOKUPS:
        more = "+" if walk.lookups >= _STOP else ""
        reading.find("spf_lookups", "TXT", domain, count=f"{walk.lookups}{more}")
    if len(walk.voids) > _VOIDS:
        names = ", ".join(dict.fromkeys(walk.voids))[:200]
        reading.find("spf_voids", "TXT", domain, count=len(walk.voids), names=names)
    if len(record.text.encode("utf-8", "replace")) > _LONG:
        reading.find("spf_long", "TXT", domain, size=len(record.text))
    _ending(reading, domain, record)
    if walk.unseen:
        reading.not_judged.append(
            ("spf", "names with macros depend on the mail and were counted, not asked")
        )
    reading.not_judged.append(
        ("spf_senders", "whether the record names the servers that send is not known")
    )
    return walk.lookups


def _ending(reading: Reading, domain: str, record: SpfRecord) -> None:
    """What happens to servers that nothing names (§4.7, §5.1)."""
    end = record.all
    if record.faults:
        return  # nothing of it counts
    if end is None:
        if record.redirect is None:
            reading.find("spf_no_end", "TXT", domain)
    elif end.qualifier == "?":
        reading.find("spf_neutral", "TXT", domain, end.span)


def _walk(
    reading: Reading, domain: str, record: SpfRecord, path: tuple[str, ...], walk: _Walk
) -> None:
    """Go through the terms that a check may come to, in order, and into what they include."""
    for term in record.faults:
        shown = record.text[term.span.start : term.span.end][:60]
        reading.find("spf_syntax", "TXT", domain, term.span, term=shown)
    for term in record.reached():
        _open_to_all(reading, domain, record, term)
        if term.name not in _ASKING:
            continue
        walk.lookups += 1
        if walk.lookups >= _STOP:
            return
        if term.name == "ptr":
            reading.find("spf_ptr", "TXT", domain, term.span)
        elif term.has_macro:
            walk.unseen = True
        elif term.name in ("include", "redirect"):
            _into(reading, domain, term, path, walk)
        else:
            _lookup(reading, domain, term, walk)


def _open_to_all(reading: Reading, domain: str, record: SpfRecord, term: SpfTerm) -> None:
    """Also of an included record: whoever it lets pass has passed (§5.2)."""
    if term.qualifier != "+":
        return
    if term.name == "all":
        reading.find("spf_anybody", "TXT", domain, term.span)
    elif term.prefix is not None and term.prefix < _WIDE.get(term.name, 0):
        network = record.text[term.span.start : term.span.end]
        reading.find("spf_wide", "TXT", domain, term.span, network=network[:60])


def _into(reading: Reading, domain: str, term: SpfTerm, path: tuple[str, ...], walk: _Walk) -> None:
    target = ascii_domain(term.target)
    if target in path:
        reading.find("spf_loop", "TXT", domain, term.span, target=target)
        return
    answer = reading.ask(target, Kind.TXT, "spf")
    if answer.state is Asked.UNKNOWN:
        return
    if answer.absent:
        walk.voids.append(target)
    records = [item for item in answer.records if is_spf(item)]
    if len(records) != 1:
        rule = "spf_included_several" if records else "spf_included_missing"
        reading.find(rule, "TXT", domain, term.span, target=target)
        return
    reading.records.setdefault(f"SPF {target}", tuple(records))
    if term.name == "redirect" and len(path) == 1:
        _ending(reading, target, read_spf(records[0]))
    if target in walk.done:  # said already; its lookups count again
        walk.lookups += _count(reading, read_spf(records[0]), (*path, target), _STOP - walk.lookups)
        return
    walk.done.add(target)
    _walk(reading, target, read_spf(records[0]), (*path, target), walk)


def _count(reading: Reading, record: SpfRecord, path: tuple[str, ...], most: int) -> int:
    """Lookups of a record that was gone through before; every question is answered already."""
    count = 0
    for term in record.reached():
        if term.name not in _ASKING or count >= most:
            continue
        count += 1
        target = ascii_domain(term.target)
        if term.name in ("include", "redirect") and not term.has_macro and target not in path:
            found = [r for r in reading.resolver.ask(target, Kind.TXT).records if is_spf(r)]
            if len(found) == 1:
                count += _count(reading, read_spf(found[0]), (*path, target), most - count)
    return count


def _lookup(reading: Reading, domain: str, term: SpfTerm, walk: _Walk) -> None:
    """a, mx and exists: whether their names are there."""
    target = ascii_domain(term.target) or domain
    if term.name == "mx":
        answers = [reading.ask(target, Kind.MX, "spf", decides=False)]
        if len(answers[0].records) > _MX_NAMES:
            reading.find("spf_mx_names", "TXT", domain, count=len(answers[0].records))
    else:
        answers = [reading.ask(target, Kind.A, "spf", decides=False)]
        if term.name == "a" and answers[0].absent:
            answers.append(reading.ask(target, Kind.AAAA, "spf", decides=False))
    if all(answer.absent for answer in answers):
        walk.voids.append(target)
