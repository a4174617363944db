"""How a contact is greeted: which sentence of the closed set, and what is put into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

from contracts.audience import Contact, Salutation
from contracts.delivery import MergeValues
from language.datafile import DataFile, load_data
from personalize.audience.names import academic_title, is_han

__all__ = ["GREETING_KEYS", "greeting_values"]

GREETING_KEYS = (
    "ms_title",
    "mr_title",
    "ms",
    "mr",
    "title_only",
    "full_name",
    "first_name",
    "none",
)
"""The keys that the `greetings` of a phrase file have a sentence for."""


def greeting_values(contact: Contact, language: str) -> MergeValues:
    """The choice `greeting` and the values that its sentence needs, and no others.

    What is used is only what the record says: without a salutation nobody is Mr or Ms, and
    with nothing known the key is "none". The rules and the customs of each language are in
    data/salutations.yaml; a language without rules is served by the default ones.

    In Chinese a name in Han characters is put whole into `first_name` where nothing but the
    name is known, since its order is not that of the sentence `full_name`; a name in Latin
    letters goes whole before 先生 or 女士, since which part is the surname is not sure there.
    """
    facts = _facts(contact, language)
    rules = _file().languages.get(language, _file().default)
    for rule in rules:
        if all(facts.get(need) for need in rule.needs):
            return MergeValues(
                choices={"greeting": rule.key},
                values={name: _filled(text, facts) for name, text in rule.values.items()},
            )
    return MergeValues(choices={"greeting": "none"})


def _facts(contact: Contact, language: str) -> Mapping[str, str]:
    """What is known, as texts; "" is not known."""
    han = is_han(contact.last_name)
    academic = academic_title(contact.title)
    return {
        "ms": "yes" if contact.salutation is Salutation.MS else "",
        "mr": "yes" if contact.salutation is Salutation.MR else "",
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "academic_title": academic,
        "short_title": _short_title(contact, academic, language),
        "han_name": contact.last_name if han else "",
        "latin_name": "" if han else contact.last_name,
    }


def _short_title(contact: Contact, academic: str, language: str) -> str:
    said = _file().academic.get(language, {}).get(academic, "")
    endings = _file().titles.get(language, {})
    for text in (contact.title, contact.job_title):
        for ending in sorted(endings, key=len, reverse=True):
            if text.endswith(ending):
                return endings[ending]
    return said


def _filled(template: str, facts: Mapping[str, str]) -> str:
    filled = re.sub(r"\{(\w+)\}", lambda match: facts[match[1]], template)
    return " ".join(filled.split())


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    needs: tuple[str, ...]
    values: Mapping[str, str]


class _Salutations(DataFile):
    titles: Mapping[str, Mapping[str, str]]
    academic: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, tuple[_Rule, ...]]
    default: tuple[_Rule, ...]


@cache
def _file() -> _Salutations:
    return load_data("personalize.audience", "salutations.yaml", _Salutations)
