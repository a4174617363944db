"""What can go wrong with words.

MailwrightError
└── BadInput
    ├── UnknownTerm   the taxonomy has no such entry
    └── MissingForm   an entry has no such form in a language
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from contracts.errors import BadInput

__all__ = ["MissingForm", "UnknownTerm"]


class UnknownTerm(BadInput):
    """The taxonomy has no such entry."""

    def __init__(self, kind: str, term_id: str, known: Sequence[str]) -> None:
        near = get_close_matches(term_id, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(known)}"
        super().__init__(f'unknown {kind} "{term_id}"; {hint}')

    @classmethod
    def twice(cls, kind: str, name: str, first: str, second: str) -> BadInput:
        """Two entries of one kind are called the same."""
        return BadInput(
            f'{kind} "{name}" names both {first} and {second}; take it out of one in the data file'
        )


class MissingForm(BadInput):
    """An entry of the taxonomy has no such form in a language."""

    def __init__(self, term_id: str, language: str, form: str) -> None:
        super().__init__(
            f'"{term_id}" has no {form} in language "{language}"; add it to the data file'
        )
