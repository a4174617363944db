"""Segments: rules over contacts, each contact in at most one."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from contracts.audience import ConsentKind, Contact, ContactStatus, Salutation
from contracts.brief import SegmentRule
from language.countries import country_code, language_code, region_of
from language.taxonomy import Kind, fold, load_taxonomy
from personalize.audience.errors import BadSegment

__all__ = ["FIELDS", "SegmentSplit", "check_rules", "segment_of", "split"]

_READ: Mapping[str, Callable[[Contact], str]] = {
    "company": lambda c: fold(c.company),
    "consent": lambda c: c.consent.kind.value,
    "consent_at": lambda c: c.consent.at.isoformat() if c.consent.at else "",
    "country": lambda c: c.country,
    "industry": lambda c: c.industry,
    "job_title": lambda c: fold(c.job_title),
    "language": lambda c: c.language,
    "region": lambda c: region_of(c.country),
    "role": lambda c: c.role,
    "salutation": lambda c: c.salutation.value,
    "source": lambda c: fold(c.source),
    "status": lambda c: c.status.value,
    "title": lambda c: fold(c.title),
}
FIELDS = tuple(sorted(_READ))  # what a rule's `where` may compare

_KINDS: Mapping[str, Kind] = {"industry": "industry", "role": "role", "region": "region"}
_ORDERED: Mapping[str, Callable[[str, str], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}
_COMPARISONS = ("not", "in", *_ORDERED)
_ORDERED_FIELDS = frozenset({"consent_at"})
_Condition = Callable[[Contact], bool]


@dataclass(frozen=True, slots=True)
class SegmentSplit:
    """Every contact is once in `by_segment` or once in `unmatched`, in the given order."""

    by_segment: Mapping[str, tuple[Contact, ...]]  # every rule's name, also where nobody fits
    unmatched: tuple[Contact, ...]


def check_rules(rules: Sequence[SegmentRule]) -> None:
    """Look at rules before there are contacts.

    Raises:
        BadSegment: two rules have one name, or a rule compares a field, a value or in a way
            that is not known; names the nearest that is.
    """
    _compiled(rules)


def segment_of(contact: Contact, rules: Sequence[SegmentRule]) -> SegmentRule | None:
    """The first rule that holds for the contact, None if none does.

    A rule holds if all of its `where` hold: `field: value`, `field: [values]`,
    `field: {not: value or list}`, `{in: list}`, and on consent_at `{gte, gt, lte, lt: day}`.
    Values are compared without case; industries, roles, regions, countries and languages may
    be written as ids, codes or names. "" stands for not known, and `not` is true of it.
    An order comparison is never true of a day that is not known. No `where`: holds for all.

    Raises:
        BadSegment: as `check_rules`.
    """
    for rule, conditions in _compiled(rules):
        if all(condition(contact) for condition in conditions):
            return rule
    return None


def split(contacts: Iterable[Contact], rules: Sequence[SegmentRule]) -> SegmentSplit:
    """All contacts by segment.

    Raises:
        BadSegment: as `check_rules`.
    """
    compiled = _compiled(rules)
    by_segment: dict[str, list[Contact]] = {rule.name: [] for rule in rules}
    unmatched: list[Contact] = []
    for contact in contacts:
        for rule, conditions in compiled:
            if all(condition(contact) for condition in conditions):
                by_segment[rule.name].append(contact)
                break
        else:
            unmatched.append(contact)
    return SegmentSplit(
        {name: tuple(members) for name, members in by_segment.items()}, tuple(unmatched)
    )


def _compiled(rules: Sequence[SegmentRule]) -> list[tuple[SegmentRule, list[_Condition]]]:
    names = [rule.name for rule in rules]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BadSegment(f'two segments are named "{twice}": rename one')
    return [
        (rule, [_condition(rule.name, field, wanted) for field, wanted in rule.where.items()])
        for rule in rules
    ]


def _condition(segment: str, field: str, wanted: Any) -> _Condition:
    read = _READ.get(field)
    if read is None:
        raise BadSegment(f'segment "{segment}": unknown field "{field}"; {_near(field, FIELDS)}')
    if not isinstance(wanted, Mapping):
        return _among(read, _values(segment, field, wanted), among=True)
    if not wanted:
        raise BadSegment(f'segment "{segment}": {field} has no comparison; give a value or a list')
    parts = [_comparison(segment, field, read, str(how), what) for how, what in wanted.items()]
    return lambda contact: all(part(contact) for part in parts)


def _comparison(
    segment: str, field: str, read: Callable[[Contact], str], how: str, what: Any
) -> _Condition:
    if how in ("not", "in"):
        return _among(read, _values(segment, field, what), among=how == "in")
    compare = _ORDERED.get(how)
    if compare is None:
        hint = _near(how, _COMPARISONS)
        raise BadSegment(f'segment "{segment}": unknown comparison "{how}" of {field}; {hint}')
    if field not in _ORDERED_FIELDS:
        ordered = ", ".join(sorted(_ORDERED_FIELDS))
        raise BadSegment(f'segment "{segment}": {field} has no order; {how} works on {ordered}')
    values = _values(segment, field, what)
    if len(values) != 1 or not (day := next(iter(values))):
        raise BadSegment(f'segment "{segment}": {how} of {field} takes one day, such as 2026-03-12')

    def holds(contact: Contact) -> bool:
        value = read(contact)
        return bool(value) and compare(value, day)  # ISO days sort as text

    return holds


def _among(read: Callable[[Contact], str], values: frozenset[str], among: bool) -> _Condition:
    return lambda contact: (read(contact) in values) is among


def _values(segment: str, field: str, wanted: Any) -> frozenset[str]:
    items = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
    return frozenset(_value(segment, field, item) for item in items)


def _value(segment: str, field: str, item: Any) -> str:
    """A value of a rule as `_READ` gives that of a contact."""
    where = f'segment "{segment}": {field}'
    if isinstance(item, bool):
        # YAML reads NO, Norway's code, as false.
        raise BadSegment(f'{where} is true or false; write codes such as "NO" in quotes')
    if isinstance(item, (Mapping, list, tuple, float)):
        raise BadSegment(f"{where} compares with something that is no text; give a text")
    if isinstance(item, datetime):
        item = item.date()
    text = item.isoformat() if isinstance(item, date) else str(item if item is not None else "")
    text = text.strip()
    if not text:
        return ""
    if kind := _KINDS.get(field):
        taxonomy = load_taxonomy()
        return taxonomy.find(kind, text) or _unknown(where, text, taxonomy.ids(kind))
    if field == "country":
        return country_code(text) or _unknown(where, text, ())
    if field == "language":
        return language_code(text) or _unknown(where, text, ())
    if field == "consent_at":
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise BadSegment(f"{where} is no day: write 2026-03-12")
        return text
    if field in ("consent", "status", "salutation"):
        kinds = {"consent": ConsentKind, "status": ContactStatus, "salutation": Salutation}
        known = tuple(kind.value for kind in kinds[field])
        return text.casefold() if text.casefold() in known else _unknown(where, text, known)
    return fold(text)


def _unknown(where: str, text: str, known: Sequence[str]) -> str:
    raise BadSegment(f'{where} is "{text}", which is not known; {_near(text, known)}')


def _near(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.5)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known: {', '.join(known)}" if known else "check the spelling"
