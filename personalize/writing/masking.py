"""Whom cases could give away: their persons, and customers who may not be named.

Persons are known from the attribution of the case's quotations and from titles before or
after a name. Both are taken out of what a model sees, and looked for in what it writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.case import Case, SectionKind, Span
from language.identity import gives_away
from language.names import find_names, name_forms, person_forms
from personalize.writing.prompt_files import Checks

__all__ = ["Mask", "mask_for"]

PERSON = "[person]"
CUSTOMER = "[customer]"
ADDRESS = "[address]"

_CLOSING = "”“\"»」』’'"
_STOP = ",，、;；(（\n"


@dataclass(frozen=True, slots=True)
class Mask:
    """What is to be taken out of the cases' texts, and looked for in an answer."""

    persons: tuple[str, ...]  # whole names and family names, the longest first
    customers: tuple[str, ...]  # forms of names that may not be said, the longest first
    patterns: tuple[str, ...]  # regular expressions of titles with a name
    addresses: tuple[str, ...]  # regular expressions of links and mail addresses
    secret: tuple[Case, ...] = ()  # cases of which nothing may tell whose they are

    def cover(self, text: str) -> str:
        """`text` with persons, such customers and addresses replaced by what they are."""
        for pattern in self.addresses:
            text = re.sub(rf"\S*(?:{pattern})\S*", ADDRESS, text, flags=re.IGNORECASE)
        for pattern in self.patterns:
            text = re.sub(pattern, PERSON, text)
        text = _replaced(text, find_names(text, self.persons), PERSON)
        for case in self.secret:
            text = _replaced(text, gives_away(case, text), CUSTOMER)
        return _replaced(text, find_names(text, self.customers), CUSTOMER)

    def names_person(self, text: str) -> bool:
        """Whether `text` names a person of the cases, or anyone with a title."""
        return bool(find_names(text, self.persons)) or any(
            re.search(pattern, text) for pattern in self.patterns
        )

    def names_customer(self, text: str) -> bool:
        """Whether `text` names a customer who may not be named, or tells who it is."""
        return bool(find_names(text, self.customers)) or any(
            gives_away(case, text) for case in self.secret
        )


def mask_for(told: Sequence[tuple[Case, str]], others: Iterable[Case], checks: Checks) -> Mask:
    """What to hide where the `told` cases are used, each with what its customer may be called
    ("" for not at all), of them and of the `others` that could come up: none of those may be
    named."""
    ids = {case.id for case, _ in told}
    strangers = [case for case in others if case.id not in ids]
    forms = [form for case in strangers for full in case.names() for form in name_forms(full)]
    allowed: set[str] = set()
    persons: list[str] = []
    for case, name in told:
        own = [form for full in case.names() for form in name_forms(full)]
        if name:
            allowed |= {*own, *name_forms(name)}
        else:
            forms += own
        persons += [form for person in _speakers(case, checks) for form in person_forms(person)]
    everyone = {case.id: case for case in (*strangers, *(case for case, _ in told))}
    return Mask(
        persons=_longest_first(persons),
        customers=_longest_first(form for form in forms if form not in allowed),
        patterns=tuple(p for group in checks.honorifics.values() for p in group),
        addresses=tuple(checks.links),
        secret=tuple(case for case in everyone.values() if not case.name_public),
    )


def _replaced(text: str, spans: Sequence[Span], by: str) -> str:
    for span in reversed(spans):
        text = text[: span.start] + by + text[span.end :]
    return text


def _speakers(case: Case, checks: Checks) -> list[str]:
    """Names between the mark of an attribution and the first comma after it."""
    marks = "|".join(re.escape(mark) for mark in checks.attribution)
    after_quote = re.compile(rf"[{re.escape(_CLOSING)}]\s*(?:{marks})\s*([^{_STOP}]{{2,60}})")
    own_line = re.compile(rf"^\s*>?\s*(?:{marks})\s*([^{_STOP}]{{2,60}})", re.MULTILINE)
    found: list[str] = []
    for section in case.sections:
        if section.kind is SectionKind.QUOTE:
            body = section.span.of(case.text)
            for pattern in (after_quote, own_line):
                found += [match.group(1).strip(" .*_") for match in pattern.finditer(body)]
    return [name for name in dict.fromkeys(found) if len(name) > 1]


def _longest_first(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(forms), key=lambda form: (-len(form), form)))
