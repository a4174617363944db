"""How text in several scripts is looked at without moving its characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["any_phrase", "is_cjk", "phrase_pattern", "same_width"]

CJK = "\u3005-\ud7af\uf900-\ufaff"
# Compiled without regard to case these would mean the same and take Python 90 times as long.
LETTER = rf"(?-i:[^\W\d_{CJK}])"  # of a script that puts spaces between words
WORD = rf"(?-i:[^\W_{CJK}])"  # such a letter, or a digit
# Edges of words in such scripts, also next to a script that has none ("提高OEE的"). Two cheap
# conditions rather than one on WORD: they stand in front of thousands of phrases.
START = rf"(?:(?<!\w)|(?<=(?-i:[{CJK}])))"
END = rf"(?:(?!\w)|(?=(?-i:[{CJK}])))"
# Full-width ASCII, the ideographic space and other hyphens, one character for one.
_WIDTH = {0xFF00 + code - 0x20: code for code in range(0x21, 0x7F)} | {
    0x3000: 0x20,
    0x2010: 0x2D,
    0x2011: 0x2D,
}
# Arabic-Indic and Persian digits, and the Arabic signs for percent, decimals and thousands.
_WIDTH |= {first + digit: 0x30 + digit for first in (0x0660, 0x06F0) for digit in range(10)}
_WIDTH |= {0x066A: 0x25, 0x066B: 0x2E, 0x066C: 0x2C}


def same_width(text: str) -> str:
    """`text` with full-width ASCII made half-width, Arabic-Indic digits and signs made those
    of ASCII and hyphens made one, character for character, so that spans of the result are
    spans of `text`."""
    return text.translate(_WIDTH)


def is_cjk(char: str) -> bool:
    """Whether `char` belongs to a script that writes words without spaces."""
    return bool(re.match(rf"[{CJK}]", char))


def any_phrase(phrases: Iterable[str]) -> str:
    """Regular expression (ignore case) for any of the phrases as they stand in running text,
    the longest first; one that matches nothing where there are no phrases.

    Ends that are letters of a spaced script match whole words only; a space or hyphen in a
    phrase may be any spaces or a hyphen; "…" in a phrase is any words up to 200 characters.
    Compare with text of one width (`same_width`).
    """
    groups: dict[tuple[bool, bool], list[str]] = {}
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        edges = bool(re.match(WORD, phrase)), bool(re.search(rf"{WORD}$", phrase))
        groups.setdefault(edges, []).append(_body(phrase))
    parts = []
    # Edges stand once for a whole group: Python compiles each use of them anew. Phrases of
    # mixed script first, as they are longer than the word they begin with.
    for edges in sorted(groups, key=lambda e: (e[0] == e[1], not e[0])):
        joined = "|".join(groups[edges])
        parts.append(f"{START if edges[0] else ''}(?:{joined}){END if edges[1] else ''}")
    return f"(?:{'|'.join(parts)})" if parts else "(?!)"


def phrase_pattern(phrase: str) -> str:
    """Regular expression (ignore case) for one phrase; see `any_phrase`."""
    return any_phrase([phrase])


def _body(phrase: str) -> str:
    pieces = re.split(r"\s*…\s*", phrase.strip())
    return r"\b.{0,200}?\b".join(
        r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", piece) if part)
        for piece in pieces
    )
