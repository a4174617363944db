"""What the screening page calls places: countries, parts of them, packs, parts of a mail."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.verdict import Place
from interface.web.texts import term, text
from language import country_name
from workflow.screening_choices import ANYWHERE_ELSE, pack_of, place_countries

__all__ = ["law_of", "part_name", "place_name"]


def place_name(code: str) -> str:
    """A country by its English name, a part behind its country: "Canada: Quebec"."""
    if code == ANYWHERE_ELSE:
        return text("screening.anywhere_else")
    head, dash, _ = code.partition("-")
    country = country_name(head, "en") or head
    return f"{country}: {term('part', code)}" if dash else country


def law_of(pack: str, chosen: Sequence[str] = ()) -> str:
    """A pack by the places it judges: the country whose law it is, else those that were
    chosen, with the name of the common rules."""
    if not pack:
        return text("findings.everywhere")
    meant = [place for place in chosen if place != pack and pack_of(place) == pack]
    if len(place_countries(pack)) > 1 and meant:
        return f"{', '.join(place_name(place) for place in meant)} ({_own_name(pack)})"
    return _own_name(pack)


def part_name(place: Place) -> str:
    """Where in a mail: "Header From", "HTML, characters 12 to 40"."""
    kind, colon, name = place.part.partition(":")
    part = f"{term('mail_part', kind)} {name}" if colon else term("mail_part", place.part)
    if place.span is None:
        return part
    return text("screening.at", part=part, start=place.span.start, end=place.span.end)


def _own_name(pack: str) -> str:
    if pack in ("EU", "UK"):
        return term("part", pack)
    return place_name(pack)
