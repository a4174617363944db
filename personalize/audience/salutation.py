"""How a contact is greeted: which sentence of the closed set, and what is put into it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from contracts.audience import Contact, Salutation
from contracts.delivery import MergeValues
from personalize.audience.names import academic_title, is_han, is_hangul
from personalize.writing.book import language_book, languages
from personalize.writing.language_files import Greetings, SampleReader

__all__ = ["greeting_values", "sample_reader"]

_NOBODY = MergeValues(choices={"greeting": "none"})


def greeting_values(contact: Contact, language: str) -> MergeValues:
    """The choice `greeting` and the values that its sentence needs, and no others.

    What is used is only what the record says: without a salutation nobody is Mr or Ms, and
    with nothing known the key is "none". The rules and the customs of each language are in
    languages/<tag>/greetings.yaml; in a language that the product does not write nobody is
    greeted by name.
    """
    if language not in languages():
        return _NOBODY
    greetings = language_book(language).greeting_rules
    facts = _facts(contact, greetings)
    for rule in greetings.rules:
        if all(facts.get(need) for need in rule.needs):
            return MergeValues(
                choices={"greeting": rule.key},
                values={name: _filled(text, facts) for name, text in rule.values.items()},
            )
    return _NOBODY


def sample_reader(language: str) -> Contact:
    """Nobody's data: an invented recipient who reads `language`, to look at a mail with."""
    known = language in languages()
    sample = language_book(language).greeting_rules.sample if known else SampleReader()
    return Contact(
        id="c_" + "0" * 32,
        email="alex.muster@example.com",
        first_name=sample.first_name,
        last_name=sample.last_name,
        salutation=sample.salutation,
        title=sample.title,
        job_title=sample.job_title,
        company=sample.company,
        language=language,
    )


def _facts(contact: Contact, greetings: Greetings) -> Mapping[str, str]:
    """What is known, as texts; "" is not known."""
    han = is_han(contact.last_name)
    academic = academic_title(contact.title)
    return {
        "ms": "yes" if contact.salutation is Salutation.MS else "",
        "mr": "yes" if contact.salutation is Salutation.MR else "",
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "academic_title": greetings.academic.get(academic, academic),
        "short_title": _short_title(contact, academic, greetings),
        "han_name": contact.last_name if han else "",
        "hangul_name": contact.last_name if is_hangul(contact.last_name) else "",
        "latin_name": "" if han else contact.last_name,
    }


def _short_title(contact: Contact, academic: str, greetings: Greetings) -> str:
    endings = greetings.titles
    for text in (contact.title, contact.job_title):
        for ending in sorted(endings, key=len, reverse=True):
            if text.endswith(ending):
                return endings[ending]
    return greetings.academic.get(academic, "")


def _filled(template: str, facts: Mapping[str, str]) -> str:
    filled = re.sub(r"\{(\w+)\}", lambda match: facts[match[1]], template)
    return " ".join(filled.split())
