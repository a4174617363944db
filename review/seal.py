"""The seal: one hash over everything in an edition that could alter a mail."""

from __future__ import annotations

import hmac

from contracts.canonical import content_hash
from contracts.mail import Edition

__all__ = ["seal", "verify"]

FORMAT = 1  # raised when the meaning of a seal changes; seals of another format do not verify


def seal(edition: Edition) -> str:
    """The seal of an edition: `s1_` and 64 hex digits, the same wherever it is computed.

    Covers every field, image bytes included. It is a hash and no signature: that nobody
    wrote another seal beside the edition is for the audit chain and the database to say.
    """
    return f"s{FORMAT}_" + content_hash({"format": FORMAT, "edition": edition})


def verify(edition: Edition, given: str) -> bool:
    """Whether `given` is the seal of this very edition; takes as long for any wrong one."""
    return hmac.compare_digest(seal(edition).encode(), given.encode("utf-8", "replace"))
