"""Cells of text as people leave them: spaces, capitals, broken encodings, formulas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["INVISIBLE", "Cell", "clean", "cut", "formula", "is_shouted", "unlike_a_name"]

# Zero-width, byte order and direction marks: nobody sees them, everything trips over them.
# Joiners (200C, 200D) stay out of it: Persian and Indian scripts are written with them.
INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
_JOINERS = re.compile(r"[\u200c\u200d](?![\u0600-\u0dff])|(?<![\u0600-\u0dff])[\u200c\u200d]")
# UTF-8 that was read as Windows-1252: a lead byte's character and a continuation byte's.
_TWICE = re.compile(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_FORMULA = re.compile(r"[=＝]|[+\-@＋－＠](?=.*[(|!\"])|[+\-＋－](?=[\d.,]+([-+*/]|$))")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    mends: tuple[str, ...] = ()  # what was done, without the name of the field


def clean(raw: str) -> Cell:
    """The text of a cell on one line, without what is not text.

    Spaces of every kind are trimmed and run together; control, invisible and direction
    characters go; characters that no font has (private use, lone surrogates) go; text that
    was decoded as Windows-1252 though it was UTF-8 is put right where that loses nothing.
    Letters come in their composed form (NFC). Trimming alone of plain blanks is a mend too.
    """
    if raw.isascii() and raw.isprintable() and raw == raw.strip() and "  " not in raw:
        return Cell(raw)  # nearly every cell
    mends: list[str] = []
    text = raw
    if _TWICE.search(text):
        try:
            text = text.encode("cp1252").decode("utf-8")
            mends.append("letters that were decoded wrongly put right")
        except UnicodeError:
            pass
    spaced = " ".join(text.split())
    if spaced != text:
        mends.append("surplus spaces removed")
    seen = _JOINERS.sub("", spaced.translate(INVISIBLE))
    seen = "".join(c for c in seen if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    if seen != spaced:
        mends.append("control or invisible characters removed")
        seen = " ".join(seen.split())
    return Cell(unicodedata.normalize("NFC", seen), tuple(mends))


def formula(text: str) -> bool:
    """Whether a spreadsheet program would run the cell: it begins with "=", or with +, - or @
    and goes on like an expression."""
    return bool(_FORMULA.match(text))


def unlike_a_name(text: str) -> bool:
    """Whether a name holds what no name has: a link, an address, markup, a merge field."""
    lower = text.casefold()
    return any(
        mark in lower for mark in ("://", "www.", "@", "<", ">", "[[", "]]", "{{", "{%", "\ufffd")
    )


def cut(text: str, limit: int) -> str:
    """The first `limit` characters, never half of a composed one."""
    while limit > 0 and limit < len(text) and unicodedata.combining(text[limit]):
        limit -= 1
    return text[:limit].rstrip()


def is_shouted(text: str) -> bool:
    """Whether a text is in capitals throughout; False for scripts without case."""
    cased = [c for c in text if c.isupper() or c.islower()]
    return len(cased) > 1 and all(c.isupper() for c in cased)
