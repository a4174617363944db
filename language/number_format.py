"""Numbers as a language writes them."""

from __future__ import annotations

from decimal import Decimal

from language.number_packs import NumberPack, number_pack, pack_language

__all__ = ["format_number"]

_BLOCK_PLACES = 2  # digits after the point that "16.4万" may have


def format_number(value: Decimal, language: str) -> str:
    """`value` (not negative) as the language writes it: "1,250.5", "1.250,5", "16.4万".

    Raises:
        ValueError: `value` is negative or not finite.
    """
    if not value.is_finite() or value < 0:
        raise ValueError("only finite numbers from 0 on can be written")
    pack = number_pack(pack_language(language))
    # In 亿 or 万, 억 or 만, where that is exact and no harder to read.
    for sign, block in pack.written_blocks.items():
        scaled = (value / block).normalize()
        if scaled >= 1 and -int(scaled.as_tuple().exponent) <= _BLOCK_PLACES:
            return _grouped(format(scaled, "f"), pack) + sign
    return _grouped(format(value, "f"), pack)


def _grouped(plain: str, pack: NumberPack) -> str:
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    if not pack.ungrouped and int(whole) >= pack.grouped_from:
        whole = f"{int(whole):,}".replace(",", pack.group)
    return whole + (pack.decimal + fraction if fraction else "")
