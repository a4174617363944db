"""Numbers and quantities as a language writes them."""

from __future__ import annotations

from decimal import Decimal

from language.number_packs import number_pack, pack_language
from language.taxonomy import load_taxonomy

__all__ = ["format_number", "format_quantity"]

_BLOCKS = {"亿": 100_000_000, "万": 10_000}  # the largest first
_SHORTEST_WAN = 10_000
_BLOCK_PLACES = 2  # digits after the point that "16.4万" may have
_UNGROUPED = frozenset({"zh-Hans", "ja"})


def format_number(value: Decimal, language: str) -> str:
    """`value` (not negative) as the language writes it: "1,250.5", "1.250,5", "16.4万".

    Raises:
        ValueError: `value` is negative or not finite.
    """
    if not value.is_finite() or value < 0:
        raise ValueError("only finite numbers from 0 on can be written")
    resolved = pack_language(language)
    if resolved == "zh-Hans" and value >= _SHORTEST_WAN:
        # From 10 000 on in 亿 or 万, where that is exact and no harder to read.
        for sign, block in _BLOCKS.items():
            scaled = (value / block).normalize()
            if scaled >= 1 and -int(scaled.as_tuple().exponent) <= _BLOCK_PLACES:
                return format(scaled, "f") + sign
    pack = number_pack(resolved)
    whole, _, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0")
    if resolved not in _UNGROUPED and value >= pack.grouped_from:
        whole = f"{int(whole):,}".replace(",", pack.group)
    return whole + (pack.decimal + fraction if fraction else "")


def format_quantity(value: Decimal, unit: str, language: str, form: str = "") -> str:
    """`value` with its unit in the language's typography: "18%", "18 %" (U+00A0), "14小时".

    `unit` "" gives the number alone; `form` names a form of the unit where the sentence
    needs another than one/other ("dat_other").

    Raises:
        UnknownTerm: no such unit.
        MissingForm: the unit has no form in `language`.
        ValueError: `value` is negative or not finite.
    """
    number = format_number(value, language)
    if not unit:
        return number
    entry = load_taxonomy().unit(unit)
    name = form or ("one" if value == 1 else "other")
    word = entry.form(language, name)
    return entry.quantity[language].format(n=number, unit=word)
