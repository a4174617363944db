"""How text in several scripts is looked at without moving its characters."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_cjk", "phrase_pattern", "same_width"]

CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
LETTER = rf"[^\W\d_{CJK}]"  # of a script that puts spaces between words
WORD = rf"[^\W_{CJK}]"  # such a letter, or a digit
# Full-width ASCII and the ideographic space, one character for one.
_WIDTH = {0xFF00 + code - 0x20: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}


def same_width(text: str) -> str:
    """`text` with full-width ASCII made half-width, character for character, so that spans
    of the result are spans of `text`."""
    return text.translate(_WIDTH)


def is_cjk(char: str) -> bool:
    """Whether `char` belongs to a script that writes words without spaces."""
    return bool(re.match(rf"[{CJK}]", char))


@cache
def phrase_pattern(phrase: str) -> str:
    """Regular expression (ignore case) for a phrase as it stands in running text.

    At ends that are letters of a spaced script it matches whole words only; a space in
    it may be any spaces or a hyphen.
    """
    parts = [re.escape(part) for part in re.split(r"[\s-]+", phrase.strip()) if part]
    joined = r"[\s\u00a0\u202f\u2010\u2011-]+".join(parts)
    before = rf"(?<!{WORD})" if re.match(WORD, phrase) else ""
    after = rf"(?!{WORD})" if re.search(rf"{WORD}$", phrase) else ""
    return before + joined + after
