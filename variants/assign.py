"""Who gets which arm: by a hash, so that asking again gives the same answer."""

from __future__ import annotations

import hashlib

__all__ = ["HOLDOUT", "assign"]

HOLDOUT = -1


def assign(campaign: str, segment: str, contact_id: str, arms: int, holdout: float = 0.0) -> int:
    """The arm of a contact, 0 to `arms` - 1, or `HOLDOUT`.

    Depends on nothing but its arguments: not on the order of contacts nor on who else is
    in the segment. Shares are even up to the evenness of SHA-256.

    Raises:
        ValueError: `arms` is below 1 or `holdout` is not in [0, 1).
    """
    if arms < 1 or not 0 <= holdout < 1:
        raise ValueError(f"{arms} arms with a holdout of {holdout} cannot be assigned")
    digest = hashlib.sha256("\x1f".join((campaign, segment, contact_id)).encode()).digest()
    # Two independent draws out of one digest: who is held out says nothing of the arm.
    if int.from_bytes(digest[:8], "big") / 2**64 < holdout:
        return HOLDOUT
    return int.from_bytes(digest[8:16], "big") % arms
