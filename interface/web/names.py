"""What people call things on the pages: users, languages, laws, variants, drafts."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

from contracts.mail import Variant
from interface.web.texts import term, text
from workflow.campaign import TacticName
from workflow.house import House
from workflow.people import list_users

__all__ = ["draft_name", "law_name", "letter", "people", "sentence", "tactic_line", "user_names"]


def draft_name(segment: str, language: str) -> str:
    return f"{segment} \N{MIDDLE DOT} {term('language', language)}"


def letter(index: int) -> str:
    """A, B, C … in the order of the variants, the control first."""
    return string.ascii_uppercase[index]


def law_name(profile: str) -> str:
    """A legal profile by the country whose law it is."""
    return term("country", profile)


def user_names(house: House) -> Mapping[str, str]:
    return {user.id: user.name for user in list_users(house)}


def people(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Users by name; by id where a user is no longer known."""
    return ", ".join(sorted(names.get(user_id, user_id) for user_id in ids)) or text("app.none")


def sentence(why: str) -> str:
    """A reason that workflow gave, as a sentence of its own."""
    return why[:1].upper() + why[1:] + ("" if why.endswith(".") else ".")


def tactic_line(variant: Variant, tactics: Mapping[str, TacticName]) -> str:
    """The tactics of a variant in one line, as far as it has any."""
    named = [
        f"{term('module', slot)}: {tactics[key].name if key in tactics else key}"
        for slot, key in variant.tactics.items()
    ]
    return "; ".join(named) or text("tactic.no_slots")
