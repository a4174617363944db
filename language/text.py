"""How text in several scripts is looked at without moving its characters."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_cjk", "phrase_pattern", "same_width"]

CJK = "\u3005-\ud7af\uf900-\ufaff"
# Compiled without regard to case these would mean the same and take Python 90 times as long.
LETTER = rf"(?-i:[^\W\d_{CJK}])"  # of a script that puts spaces between words
WORD = rf"(?-i:[^\W_{CJK}])"  # such a letter, or a digit
# Edges of words in such scripts, also next to a script that has none ("提高OEE的"). Two cheap
# conditions rather than one on WORD: they stand in front of thousands of phrases.
START = rf"(?:(?<!\w)|(?<=(?-i:[{CJK}])))"
END = rf"(?:(?!\w)|(?=(?-i:[{CJK}])))"
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
    before = START if re.match(WORD, phrase) else ""
    after = END if re.search(rf"{WORD}$", phrase) else ""
    return before + joined + after
