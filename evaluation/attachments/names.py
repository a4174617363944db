"""What the name of a file hides: its real type, behind other endings or turned characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NameSigns", "extension", "read_name", "shown"]

_LONGEST = 1_000  # characters of a name that are looked at
# They turn or embed what follows: "cod.‮fdp.exe" shows as "cod.exe.pdf". Marks alone (LRM, RLM),
# which names in Arabic and Hebrew need, turn nothing.
_TURNING = re.compile("[\u202a\u202b\u202d\u202e\u2066\u2067\u2068]")
_UNSEEN = re.compile("[\x00-\x1f\x7f\u00ad\u200b\u2060\ufeff\U000e0000-\U000e007f]")
_PATH = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")
_GAP = re.compile(r"\s{4,}(?=\S)")  # pushes the real ending out of sight


@dataclass(frozen=True, slots=True)
class NameSigns:
    """What a name shows. Endings are in lower case without the dot."""

    extension: str  # the one that decides: what Windows goes by
    before: str  # the ending in front of it, "" where there is none
    turned: bool
    unseen: bool
    path: bool
    gap: bool
    loose_end: bool  # dots or spaces behind the ending, which Windows drops


def read_name(name: str) -> NameSigns:
    short = name[:_LONGEST] if len(name) <= _LONGEST else name[:500] + name[-500:]
    plain = _UNSEEN.sub("", _TURNING.sub("", short))
    base = re.split(r"[/\\]", plain)[-1]
    stripped = base.rstrip(". \t\u00a0\u3000")
    pieces = [piece.strip().lower() for piece in stripped.split(".")]
    return NameSigns(
        extension=pieces[-1] if len(pieces) > 1 else "",
        before=pieces[-2] if len(pieces) > 2 else "",
        turned=bool(_TURNING.search(short)),
        unseen=bool(_UNSEEN.search(short)),
        path=bool(_PATH.search(plain)),
        gap=bool(_GAP.search(stripped)),
        loose_end=bool(stripped) and stripped != base,
    )


def extension(name: str) -> str:
    """The ending that decides what a file is opened with, in lower case without the dot."""
    return read_name(name).extension


def shown(name: str) -> str:
    """The name as it may stand in a message: nothing unseen in it, and not long."""
    plain = "".join(char if char.isprintable() else "\ufffd" for char in name[:200])
    plain = _TURNING.sub("\ufffd", plain)
    return plain if len(plain) <= 80 else f"{plain[:50]}…{plain[-25:]}"
