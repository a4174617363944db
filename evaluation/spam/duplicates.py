"""Which mails are copies of each other, or nearly: what is learnt from one must not be measured
on the other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

__all__ = ["families"]

_WORDS = 5  # in a row that two mails may share
_SKETCH = 48  # rows of a mail by which its like are looked for (the smallest by their hash)
_MOST_LIKE = 20  # mails with the same row that a mail is compared with
_SHARED = 0.5  # of the rows of the shorter mail
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"https?://\S+")


def families(texts: Sequence[str]) -> list[int]:
    """A number for each text, the same for those that are nearly copies, in a chain: half of
    the rows of five words of the shorter one stand in the other too. Likely copies are found by
    their smallest hashes (A. Broder, On the resemblance and containment of documents, 1997)."""
    rows = [_rows(text) for text in texts]
    holders: dict[int, list[int]] = {}
    for number, own in enumerate(rows):
        for row in sorted(own)[:_SKETCH]:
            holders.setdefault(row, []).append(number)
    parents = list(range(len(texts)))
    for like in holders.values():
        for number in like[1:]:
            for other in like[:_MOST_LIKE]:
                one, two = _root(parents, number), _root(parents, other)
                if other < number and one != two and _alike(rows[number], rows[other]):
                    parents[one] = two
    return [_root(parents, number) for number in range(len(texts))]


def _alike(one: set[int], other: set[int]) -> bool:
    return len(one & other) >= _SHARED * min(len(one), len(other))


def _rows(text: str) -> set[int]:
    words = _WORD.findall(_ADDRESS.sub(" ", text.lower()))
    last = max(1, len(words) - _WORDS + 1)
    return {zlib.crc32(" ".join(words[start : start + _WORDS]).encode()) for start in range(last)}


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number
