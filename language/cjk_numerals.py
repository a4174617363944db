"""Numerals written in Han characters, alone ("两千三百") and after digits ("2万5千")."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["HAN_NUMERAL", "han_value"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_BLOCKS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
HAN_NUMERAL = re.compile("[一二两兩三四五六七八九十][零〇一二两兩三四五六七八九十百千万萬亿億]*")


def han_value(text: str) -> Decimal | None:
    """The value of a numeral ("二十", "两千三百", "三万五千"), None if malformed."""
    total = block = digit = 0
    last: str = ""
    for char in text:
        if char in _DIGITS:
            if last in _DIGITS and last not in "零〇" and last:
                return None  # "三四": an estimate, or digits read one by one
            digit = _DIGITS[char]
        elif char in _SCALES:
            block += (digit if last in _DIGITS and last else 1) * _SCALES[char]
            digit = 0
        else:
            total = (total + block + digit) * _BLOCKS[char]
            block = digit = 0
        last = char
    return Decimal(total + block + digit)
