"""A message as the bytes that travel: long lines and raw characters, which parsing hides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Wire", "read_wire"]

_AT_ONCE = 65_536  # bytes whose lines are told apart at a time
_SHOULD = 78  # octets of a line (RFC 5322, §2.1.1)
_WORD_LIMIT = 75  # octets of an encoded word (RFC 2047, §2)
_WORD = re.compile(rb"=\?[A-Za-z0-9_.:*-]{1,60}\?[BbQq]\?[!->@-~]{0,998}\?=")


@dataclass(frozen=True, slots=True)
class Wire:
    """Lengths count octets without the line's end, lines from 1."""

    longest: int = 0
    longest_line: int = 0
    over_78: int = 0  # how many lines are longer than a line should be
    raw_headers: tuple[str, ...] = ()  # headers with characters beyond ASCII, but for Subject
    long_words: int = 0  # encoded words of more than 75 octets
    zeros: bool = False  # the message holds a NUL


def read_wire(raw: bytes, head: bytes, raw_headers: Sequence[str]) -> Wire:
    """What the lines of a message are like. Linear in its length, and keeps nothing of it.

    Args:
        head: its headers.
        raw_headers: names of those that are not ASCII.
    """
    longest = at = over = begun = 0
    number = 1
    start, size = 0, len(raw)
    while start < size:
        end = start + _AT_ONCE
        end += raw[end - 1 : end + 1] == b"\r\n"  # a line's end is not cut in two
        lengths = list(map(len, raw[start:end].replace(b"\r\n", b"\n").split(b"\n")))
        lengths[0] += begun
        begun = lengths.pop()
        start = end
        if lengths and (most := max(lengths)) > longest:
            longest, at = most, number + lengths.index(most)
        if lengths and longest > _SHOULD:
            over += sum(length > _SHOULD for length in lengths)
        number += len(lengths)
    begun -= raw.endswith(b"\r")
    if begun > longest:
        longest, at = begun, number
    over += begun > _SHOULD
    long_words = 0
    if b"=?" in head:
        long_words = sum(len(word) > _WORD_LIMIT for word in _WORD.findall(head))
    names = dict.fromkeys(name.title() for name in raw_headers if name.lower() != "subject")
    return Wire(longest, at, over, tuple(names), long_words, b"\0" in raw)
