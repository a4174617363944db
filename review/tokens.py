"""Tokens: who acts, told by something only that person has."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["new_token", "token_hash"]

PREFIX = "mw_"  # lets secret scanners and people recognise one that leaked
_BYTES = 32


def new_token() -> str:
    """A new token of 256 random bits, safe in addresses and shells. Shown once, never stored."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a token: its SHA-256, 64 hex digits. Space around it does not count.

    A slow hash (bcrypt, Argon2) protects passwords because people choose guessable ones.
    Of 2^256 random tokens none can be guessed, however fast a guess is checked; and a
    token is checked with every request, where a slow hash would cost.
    """
    return hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()
