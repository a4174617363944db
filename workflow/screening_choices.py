"""What a person chooses from before a mail is screened: places that have rules, and rules."""

from __future__ import annotations

from evaluation import load_packs
from evaluation.packs import STRICT
from language import country_code, country_name

__all__ = [
    "ANYWHERE_ELSE",
    "known_rules",
    "pack_of",
    "place_code",
    "place_countries",
    "screened_places",
]

ANYWHERE_ELSE = STRICT
"""Code of the strictest pack, which stands for every country that has no pack of its own."""


def screened_places() -> tuple[str, ...]:
    """Codes of the countries and parts of countries that a pack is for, by their English
    names, a part behind its country; at the end `ANYWHERE_ELSE`."""
    codes = {code for pack in load_packs().law.values() for code in pack.countries}
    named = {code for code in codes if country_code(_country(code)) == _country(code)}
    return (*sorted(named, key=_by_name), ANYWHERE_ELSE)


def place_code(name: str) -> str:
    """The code of a country or of a part of one, as it was written where it is neither."""
    head, dash, part = name.strip().upper().partition("-")
    if dash and country_code(head):
        return f"{country_code(head)}-{part}"
    return country_code(name) or name


def place_countries(code: str) -> tuple[str, ...]:
    """The countries that the pack of this code is for."""
    pack = load_packs().law.get(code)
    return pack.countries if pack else ()


def pack_of(place: str) -> str:
    """The code of the pack that a place is judged by: "EU" for "BE"."""
    return load_packs().pack_for(place).code


def known_rules() -> tuple[str, ...]:
    """Every rule, after the family that it belongs to ("de.*")."""
    rules = load_packs().rule_ids
    families = {f"{rule.partition('.')[0]}.*" for rule in rules if "." in rule}
    return tuple(sorted((*families, *rules)))


def _country(code: str) -> str:
    return code.partition("-")[0]


def _by_name(code: str) -> tuple[str, str]:
    return country_name(_country(code), "en").casefold(), code
